//! Moving running dossiers to another version of their procedure or process.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::No;
use app::forms::Typed;
use app::no::Fault;
use app::repin::{self, Batch, Chosen, Line, Ordered, Outcome};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, stamp};
use crate::error::{Answer, Problem};
use crate::extract::Once;
use crate::pages::repin::{chosen, plan};
use crate::session::Staff;
use crate::state::Web;

/// Which dossiers are moved, and where to. Fields left empty choose all; versions to come that are
/// left empty are those in force.
#[derive(Debug, Default, Clone, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct PlanBody {
    /// Code of the procedure.
    procedure: String,
    /// Identifier of the receiving or deciding unit.
    unit: String,
    /// Version of the procedure that they keep now.
    procedure_version: String,
    /// Version of the process that they keep now.
    process_version: String,
    /// The step that they are at, counted from 1.
    step: String,
    /// Version of the procedure to come.
    to_procedure: String,
    /// Version of the process to come.
    to_process: String,
}

impl PlanBody {
    fn plan(self) -> Answer<repin::Plan> {
        let fields = [
            ("procedure", self.procedure),
            ("unit", self.unit),
            ("procedure_version", self.procedure_version),
            ("process_version", self.process_version),
            ("step", self.step),
            ("to_procedure", self.to_procedure),
            ("to_process", self.to_process),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.replace('\0', "")));
        let read = plan(&Typed::new(fields.into()));
        Ok(read.map_err(No::Invalid)?)
    }
}

/// An order to move.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct RepinBody {
    /// Which, and where to.
    plan: PlanBody,
    /// Identifiers of dossiers, each of which the plan chooses and the rules let move.
    dossiers: Vec<String>,
    /// `true`, and no identifiers, for all that the plan chooses and the rules let move.
    all: bool,
    /// Why.
    reason: String,
}

/// Why a batch is taken back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct UndoBody {
    /// Why.
    reason: String,
}

/// What would become of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Previewed {
    /// Identifier.
    dossier: String,
    /// Its number.
    code: Option<String>,
    /// Versions of procedure and process that it keeps now.
    from: [u32; 2],
    /// Name of the step that it is at.
    at_step: String,
    /// Index of the step it would go on at.
    step: Option<usize>,
    /// Name of that step, where it is another than now.
    step_name: Option<String>,
    /// Names of the steps of the new process, where they are others than now.
    steps: Option<Vec<String>>,
    /// The time that is promised now.
    due_now: Option<String>,
    /// The time that would be promised; never later than now.
    due: Option<String>,
    /// The limit of the new version: `5wd`, `20d`, `16h`; none when it publishes none.
    limit: Option<String>,
    /// What becomes of that limit: `same`; `shorter`: it is promised; `longer`: what was promised
    /// stays; `over`: it would be over already, and what was promised stays.
    new_limit: Option<&'static str>,
    /// When the step's own time would end.
    step_due: Option<String>,
    /// Numbers of components that the new version lists besides.
    added: Vec<u16>,
    /// Numbers of components that it lists no more.
    dropped: Vec<u16>,
    /// Id of the rule that forbids the move.
    rule: Option<&'static str>,
}

/// What a plan would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewBody {
    /// Versions of procedure and process to come.
    to: [u32; 2],
    items: Vec<Previewed>,
    /// Whether there are more than fit one batch.
    more: bool,
}

/// The name of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RepinOrdered {
    batch: String,
}

/// A dossier of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RepinItem {
    /// Identifier.
    dossier: String,
    /// Its number.
    code: Option<String>,
    /// `waiting`, `moved`, `refused`, `failed` or `cancelled`.
    state: &'static str,
    /// When it moved.
    at: Option<String>,
    /// Id of the rule that keeps it where it is.
    rule: Option<String>,
    /// Name of the refusal under that rule.
    refusal: Option<String>,
}

/// A batch as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RepinBatch {
    batch: String,
    /// Code of the procedure.
    procedure: String,
    /// Versions to come; none when it takes another batch back.
    to: Option<[u32; 2]>,
    /// The batch that it takes back.
    undoes: Option<String>,
    /// The batch that takes it back.
    undone_by: Option<String>,
    /// Dossiers that moved.
    moved: usize,
    /// Dossiers that the worker has not come to.
    waiting: usize,
    items: Vec<RepinItem>,
}

impl From<Line> for Previewed {
    fn from(line: Line) -> Self {
        let change = line.change.as_ref();
        let preview = change.ok();
        let new = preview.map(|preview| &preview.new);
        let numbers = |of: fn(&domain::dossier::Preview) -> &Vec<u16>| {
            change
                .map(|preview| of(preview).clone())
                .unwrap_or_default()
        };
        Self {
            dossier: line.dossier.to_string(),
            code: line.code.as_ref().map(ToString::to_string),
            from: line.from.into(),
            at_step: line.step,
            step: new.map(|new| new.step),
            step_name: preview.and_then(|preview| Some(preview.step.as_ref()?.1.clone())),
            steps: preview.and_then(|preview| Some(preview.steps.as_ref()?.1.clone())),
            due_now: preview.and_then(|preview| preview.due).map(stamp),
            due: new.and_then(|new| new.promise.due).map(stamp),
            limit: preview
                .and_then(|preview| preview.offered)
                .map(|limit| limit.to_string()),
            new_limit: preview.map(|preview| preview.new_limit.as_str()),
            step_due: new.map(|new| stamp(new.step_due)),
            added: numbers(|preview| &preview.added),
            dropped: numbers(|preview| &preview.dropped),
            rule: change.err().map(|refusal| refusal.rule().id()),
        }
    }
}

impl From<Batch> for RepinBatch {
    fn from(batch: Batch) -> Self {
        let (moved, waiting) = (batch.moved(), batch.waiting());
        let item = |one: Ordered| {
            let (state, at, why) = match one.outcome {
                Outcome::Waiting => ("waiting", None, None),
                Outcome::Moved { at } => ("moved", Some(stamp(at)), None),
                Outcome::Refused { rule, why } => ("refused", None, Some((rule, why))),
                Outcome::Failed => ("failed", None, None),
                Outcome::Cancelled => ("cancelled", None, None),
            };
            let (rule, refusal) = why.unzip();
            RepinItem {
                dossier: one.id.to_string(),
                code: one.code.as_ref().map(ToString::to_string),
                state,
                at,
                rule,
                refusal,
            }
        };
        Self {
            batch: batch.id,
            procedure: batch.procedure,
            to: batch.to.map(Into::into),
            undoes: batch.undoes,
            undone_by: batch.undone_by,
            moved,
            waiting,
            items: batch.dossiers.into_iter().map(item).collect(),
        }
    }
}

/// What a plan would change in each dossier; changes nothing.
#[utoipa::path(get, path = "/api/v1/repins", tag = "repins", security(("session" = [])),
    params(PlanBody),
    responses((status = 200, body = PreviewBody, description = "The dry run"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither controller nor director"),
        (status = 422, body = Problem, description = "No such procedure or version")))]
pub(crate) async fn preview(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<PlanBody>,
) -> Answer<Json<PreviewBody>> {
    if !repin::moves(&staff.actor) {
        return Err(app::no::Denied::Seen.into());
    }
    let found = repin::preview(&web.app, &staff.actor, &asked.plan()?).await?;
    Ok(Json(PreviewBody {
        to: found.to.into(),
        more: found.more,
        items: found.lines.into_iter().map(Previewed::from).collect(),
    }))
}

/// Orders the moves as a batch. The same one-time key orders once.
#[utoipa::path(post, path = "/api/v1/repins", tag = "repins", request_body = RepinBody,
    security(("session" = [])),
    params(("X-CSRF-Token" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = RepinOrdered, description = "Ordered; the worker moves them"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither controller nor director"),
        (status = 422, body = Problem, description = "No reason, no such version, no dossier, or one that does not move")))]
pub(crate) async fn order(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Body(asked): Body<RepinBody>,
) -> Answer<(StatusCode, Json<RepinOrdered>)> {
    if !repin::moves(&staff.actor) {
        return Err(app::no::Denied::Seen.into());
    }
    let plan = asked.plan.plan()?;
    let named = asked.dossiers.iter().map(String::as_str);
    let named = chosen(named).map_err(|fault| No::Invalid(vec![fault]))?;
    let dossiers = match (asked.all, named.as_slice()) {
        (true, []) => Chosen::All,
        (false, [_, ..]) => Chosen::These(&named),
        (true, _) | (false, []) => {
            let fault = Fault::new("dossiers", "fault.repin_unsaid");
            return Err(No::Invalid(vec![fault]).into());
        }
    };
    let why = (asked.reason.as_str(), &key);
    let batch = repin::order(&web.app, &staff.actor, (&plan, dossiers), why).await?;
    Ok((StatusCode::ACCEPTED, Json(RepinOrdered { batch })))
}

/// How far a batch is.
#[utoipa::path(get, path = "/api/v1/repins/{batch}", tag = "repins", security(("session" = [])),
    params(("batch" = String, Path)),
    responses((status = 200, body = RepinBatch, description = "The batch"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither controller nor director"),
        (status = 404, body = Problem, description = "No such batch, or another's")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(batch): Path<String>,
) -> Answer<Json<RepinBatch>> {
    let found = repin::batch(&web.app, &staff.actor, &batch).await?;
    Ok(Json(found.into()))
}

/// Orders that everything that a batch moved is moved back; once.
#[utoipa::path(post, path = "/api/v1/repins/{batch}/undo", tag = "repins", request_body = UndoBody,
    security(("session" = [])),
    params(("batch" = String, Path), ("X-CSRF-Token" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = RepinOrdered, description = "Ordered"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither controller nor director"),
        (status = 404, body = Problem, description = "No such batch, or another's"),
        (status = 422, body = Problem, description = "No reason, nothing moved, dossiers still wait, or were moved again since")))]
pub(crate) async fn undo(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Path(batch): Path<String>,
    Body(asked): Body<UndoBody>,
) -> Answer<(StatusCode, Json<RepinOrdered>)> {
    let why = (asked.reason.as_str(), &key);
    let batch = repin::undo(&web.app, &staff.actor, &batch, why).await?;
    Ok((StatusCode::ACCEPTED, Json(RepinOrdered { batch })))
}

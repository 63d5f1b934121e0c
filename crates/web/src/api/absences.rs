//! Absences: who is away, who stands in, and what waits to be handed out.

use app::absence::{self, OpenWork};
use app::forms::Typed;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::DelegationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;

/// An absence from a post, and who stands in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delegated {
    /// Its identifier.
    id: String,
    /// Identifier of the absent person.
    from: String,
    /// Name of the absent person.
    from_name: String,
    /// Identifier of the delegate; none where nobody stands in.
    to: Option<String>,
    /// Name of the delegate; empty where nobody stands in.
    to_name: String,
    /// Identifier of the post's unit.
    unit: String,
    /// Role of the post.
    role: String,
    /// First day.
    first: String,
    /// Last day.
    last: String,
    /// Whether authority to sign goes with it.
    signing: bool,
    /// `to_come`, `runs`, `over` or `ended`.
    stage: &'static str,
}

/// A dossier that lies with somebody who is away.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lying {
    /// Identifier of the dossier.
    dossier: String,
    /// Its number, once received.
    code: Option<String>,
    /// Title of the procedure.
    procedure: String,
    /// Name of the step.
    step: String,
    /// Identifier of the absent person.
    holder: String,
    /// Her name.
    holder_name: String,
    /// Last day of her absence.
    away_until: String,
    /// The date published to the applicant.
    due: Option<String>,
    /// Whether the person may give it to somebody else.
    may_assign: bool,
}

/// The absences that the person may see, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delegations {
    items: Vec<Delegated>,
    /// Work of staff whom the person leads, who are away with nobody in their place.
    open: Vec<Lying>,
}

/// An absence to record.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Delegating {
    /// Identifier of the absent person.
    from: String,
    /// Identifier of the post's unit.
    unit: String,
    /// Role of the post.
    role: String,
    /// Identifier of the delegate; `-` where nobody stands in.
    to: String,
    /// First day, `2026-11-23`.
    first: String,
    /// Last day.
    last: String,
    /// Whether authority to sign goes with it.
    signing: bool,
}

/// What was given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DelegationGiven {
    /// Its identifier.
    id: String,
}

/// One's own absences, and those of the staff whom one leads.
#[utoipa::path(get, path = "/api/v1/absences", tag = "absences", security(("session" = [])),
    responses((status = 200, body = Delegations, description = "The list"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No post that is stood in for")))]
pub(crate) async fn list(State(web): State<Web>, staff: Staff) -> Answer<Json<Delegations>> {
    let found = absence::absence_page(&web.app, &staff.actor).await?;
    let open = found.open.iter().flat_map(lying);
    let open = open.collect();
    let item = found.lines.into_iter().map(|line| {
        let one = line.given.delegation;
        Delegated {
            id: line.given.id.to_string(),
            from: one.from.to_string(),
            from_name: line.given.from_name,
            to: one.to.map(String::from),
            to_name: line.given.to_name,
            unit: one.unit.to_string(),
            role: one.role.as_str().to_owned(),
            first: one.first.to_string(),
            last: one.last.to_string(),
            signing: one.signing,
            stage: line.stage.as_str(),
        }
    });
    Ok(Json(Delegations {
        items: item.collect(),
        open,
    }))
}

fn lying(of: &OpenWork) -> impl Iterator<Item = Lying> {
    of.rows.iter().map(|row| Lying {
        dossier: row.dossier.clone(),
        code: row.code.clone(),
        procedure: row.procedure_name.clone(),
        step: row.step_name.clone(),
        holder: of.staff.to_string(),
        holder_name: of.name.clone(),
        away_until: of.last.to_string(),
        due: row.due().map(stamp),
        may_assign: of.may_assign,
    })
}

/// Gives a delegation, or records an absence in which nobody stands in.
#[utoipa::path(post, path = "/api/v1/absences", tag = "absences", request_body = Delegating,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 201, body = DelegationGiven, description = "Given"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "A post of others"),
        (status = 422, body = Problem, description = "Not lawful, or not understood: each fault at its field, with its rule")))]
pub(crate) async fn give(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<Delegating>,
) -> Answer<(StatusCode, Json<DelegationGiven>)> {
    let post = format!("{}/{}/{}", asked.from, asked.unit, asked.role);
    let signing = if asked.signing { "1" } else { "" };
    let fields = [
        ("post", post.as_str()),
        ("to", &asked.to),
        ("first", &asked.first),
        ("last", &asked.last),
        ("signing", signing),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.replace('\0', "")));
    let id = absence::give(&web.app, &staff.actor, &Typed::new(fields.into())).await?;
    let given = DelegationGiven { id: id.to_string() };
    Ok((StatusCode::CREATED, Json(given)))
}

/// Ends a delegation now; ending it twice is no fault.
#[utoipa::path(delete, path = "/api/v1/absences/{delegation}", tag = "absences",
    security(("session" = [])),
    params(("delegation" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Ended"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such delegation, or one of others")))]
pub(crate) async fn end(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    let id = DelegationId::parse(&id).map_err(|_| Trouble::Missing)?;
    absence::end(&web.app, &staff.actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

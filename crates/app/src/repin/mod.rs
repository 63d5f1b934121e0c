//! Moving running dossiers to another version of their procedure or internal process: chosen by a
//! filter, previewed one by one, moved as a job through the outbox, and moved back.
//!
//! A batch stands in the audit log alone, under its own name: who ordered it and for which dossiers,
//! and a line for each dossier that moved, written in the transaction that moved it.

mod batch;
mod job;
mod log;

use std::sync::Arc;

use domain::dossier::{CommandKind, Dossier, Preview, Refusal, Repinning};
use domain::ids::{DossierCode, DossierId, ProcedureCode, StaffId, UnitId};
use domain::office::Role;
use domain::procedure::Procedure;
use domain::process::Process;
use store::Loaded;
use store::views::DossierRow;

use crate::access::{Actor, Resource, may_act};
use crate::facts::World;
use crate::jobs::SYSTEM;
use crate::no::{Denied, Fault, No};
use crate::state::App;

pub use batch::{Chosen, order, undo};
pub(crate) use job::{REPIN, repin};
pub use log::{Batch, Ordered, Outcome, Short, batch, batches};

/// Dossiers of one preview and of one batch.
pub const MOST: usize = 1_000;
/// Rows read together.
const PAGE: u32 = 200;

/// Which dossiers are moved, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Of this procedure.
    pub procedure: ProcedureCode,
    /// Received or decided there.
    pub unit: Option<UnitId>,
    /// Under this version of the procedure.
    pub procedure_version: Option<u32>,
    /// Under this version of the process.
    pub process_version: Option<u32>,
    /// At the step of this index.
    pub step: Option<usize>,
    /// The version of the procedure to come; the one in force when it is left open.
    pub to_procedure: Option<u32>,
    /// The version of the process to come; likewise.
    pub to_process: Option<u32>,
}

/// A dossier that the plan chooses.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which.
    pub dossier: DossierId,
    /// Its number.
    pub code: Option<DossierCode>,
    /// Versions of procedure and process that it keeps now.
    pub from: (u32, u32),
    /// The step it is at.
    pub step: String,
    /// The version of the procedure that it is moved to, for the names of components.
    pub procedure: Arc<Procedure>,
    /// The one that it keeps now.
    pub before: Arc<Procedure>,
    /// What would change, or the rule that forbids it.
    pub change: Result<Preview, Refusal>,
}

/// What a plan would do: a dry run.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// The versions to come.
    pub to: (u32, u32),
    /// Dossiers that it chooses.
    pub lines: Vec<Line>,
    /// Whether there are more than fit one batch.
    pub more: bool,
}

/// Whether the actor moves dossiers between versions at all.
pub fn moves(actor: &Actor) -> bool {
    actor.is(Role::ProvinceController) || actor.is(Role::CentreDirector)
}

fn may_move(actor: &Actor) -> Result<(), No> {
    if moves(actor) {
        Ok(())
    } else {
        Err(Denied::Seen.into())
    }
}

/// What the plan would change in each dossier; changes nothing.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] when a version does not exist; [`No::Broken`].
pub async fn preview(app: &App, actor: &Actor, plan: &Plan) -> Result<Previewed, No> {
    may_move(actor)?;
    previewed(app, Some(actor), plan).await
}

/// The same for whoever runs the program, in every unit: a dry run on the command line.
///
/// # Errors
/// As [`preview`].
pub async fn rehearse(app: &App, plan: &Plan) -> Result<Previewed, No> {
    previewed(app, None, plan).await
}

async fn previewed(app: &App, actor: Option<&Actor>, plan: &Plan) -> Result<Previewed, No> {
    let goal = goal(app, plan).await?;
    let (mut lines, mut after, mut more) = (Vec::new(), String::new(), false);
    loop {
        let views = app.store().views();
        let rows = views.running(&plan.procedure, &after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.id);
        for row in rows.iter().filter(|row| plan.chooses(row, &goal)) {
            let Some(line) = line(app, actor, &goal, row).await? else {
                continue;
            };
            more = lines.len() == MOST;
            if more {
                break;
            }
            lines.push(line);
        }
        if more {
            break;
        }
    }
    Ok(Previewed {
        to: (goal.procedure.version, goal.process.version),
        lines,
        more,
    })
}

/// The versions to come.
struct Goal {
    procedure: Arc<Procedure>,
    process: Arc<Process>,
}

async fn goal(app: &App, plan: &Plan) -> Result<Goal, No> {
    let (code, store) = (&plan.procedure, app.store());
    let unknown = |field| No::Invalid(vec![Fault::new(field, "fault.repin_version")]);
    let today = app.clock().now().date();
    let in_force = store.versions_in_force(code, today).await?;
    let procedure = plan.to_procedure.or(in_force.map(|both| both.0));
    let process = plan.to_process.or(in_force.map(|both| both.1));
    let procedure = procedure.ok_or_else(|| unknown("procedure"))?;
    let process = process.ok_or_else(|| unknown("procedure"))?;
    if store.procedure(code, procedure).await?.is_none() {
        return Err(unknown("to_procedure"));
    }
    if store.process(code, process).await?.is_none() {
        return Err(unknown("to_process"));
    }
    Ok(Goal {
        procedure: app.procedure(code, procedure).await?,
        process: app.process(code, process).await?,
    })
}

impl Plan {
    fn chooses(&self, row: &DossierRow, goal: &Goal) -> bool {
        let is =
            |asked: Option<u32>, there: i64| asked.is_none_or(|asked| i64::from(asked) == there);
        let unit = self.unit.as_ref().map(UnitId::as_str);
        let near = unit.is_none_or(|unit| row.receiving == unit || row.competent == unit);
        let step = self.step.and_then(|step| i64::try_from(step).ok());
        let arrived = row.procedure_version == i64::from(goal.procedure.version)
            && row.process_version == i64::from(goal.process.version);
        near && !arrived
            && is(self.procedure_version, row.procedure_version)
            && is(self.process_version, row.process_version)
            && step.is_none_or(|step| row.step == Some(step))
    }
}

/// The dossier as the plan would move it; none where the actor may not.
async fn line(
    app: &App,
    actor: Option<&Actor>,
    goal: &Goal,
    row: &DossierRow,
) -> Result<Option<Line>, No> {
    let dossier = DossierId::parse(&row.id).map_err(|fault| No::Broken(Box::new(fault)))?;
    let loaded = app.store().load(&dossier).await?;
    let now = kept(app, &loaded).await?;
    let resource = Resource::of(&loaded.dossier, &now.process).ok_or(Denied::Unseen)?;
    let resource = resource.passed_on(app);
    let may = |actor| may_act(actor, CommandKind::Repin, &resource).is_ok();
    if !actor.is_none_or(may) {
        return Ok(None);
    }
    let asked = Repinning {
        procedure_version: goal.procedure.version,
        process_version: goal.process.version,
        step: step_of(&loaded.dossier, (&now.process, &goal.process)),
        undoes: None,
        reason: None,
    };
    let nobody = || StaffId::parse(SYSTEM).expect("the program's name is an identifier");
    let by = actor.map_or_else(nobody, |actor| actor.staff.clone());
    let world = world(app, &loaded, (by, goal))?;
    let change = world.preview(&loaded.dossier, &asked, (&now.procedure, &now.process));
    Ok(Some(Line {
        code: loaded
            .dossier
            .record()
            .and_then(|record| record.code.clone()),
        from: (now.procedure.version, now.process.version),
        step: row.step_name.clone(),
        procedure: Arc::clone(&goal.procedure),
        before: now.procedure,
        change,
        dossier,
    }))
}

/// The versions that the dossier keeps now.
async fn kept(app: &App, loaded: &Loaded) -> Result<Goal, No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    Ok(Goal {
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process: app.process(&filed.procedure, filed.process_version).await?,
    })
}

/// Where the dossier goes on: at the step of the same name, else at the first of the same product,
/// else at the same place.
fn step_of(dossier: &Dossier, (from, to): (&Process, &Process)) -> usize {
    let at = dossier.at_step().map_or(0, |at| at.index);
    let Some(now) = from.step(at) else { return at };
    let same = to.steps.iter().position(|step| step.name == now.name);
    let alike = || to.steps.iter().position(|step| step.product == now.product);
    same.or_else(alike).unwrap_or(at)
}

/// The world of a move: its versions are those to come.
fn world(app: &App, loaded: &Loaded, (by, goal): (StaffId, &Goal)) -> Result<World, No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let last = loaded.events.last().map(|recorded| recorded.event.at());
    let now = app.clock().now();
    Ok(World {
        now: last.map_or(now, |last| last.max(now)),
        by,
        for_whom: None,
        procedure: Arc::clone(&goal.procedure),
        process: Arc::clone(&goal.process),
        settings: app.settings(),
        receiving: app.answering(&filed.receiving),
        competent: app.answering(&filed.competent),
        listed: false,
    })
}

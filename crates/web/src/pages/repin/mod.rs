//! Moving running dossiers to another version of their procedure or process: the plan with its
//! preview, and a batch with its progress and its way back.

#[cfg(test)]
mod samples;
mod view;

use app::forms::Typed;
use app::no::{Fault, No};
use app::repin::{self, Chosen, Plan};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use domain::ids::{DossierId, ProcedureCode, UnitId};

use self::view::{BatchPage, PlanPage};
use super::common::{page, unprocessable};
use super::dossier::once_key;
use crate::error::{Answer, FaultLine, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;

/// The routes of these pages.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/chuyen-quy-trinh", get(show).post(order))
        .route("/chuyen-quy-trinh/{batch}", get(follow))
        .route("/chuyen-quy-trinh/{batch}/hoan-tac", post(undo))
}

/// The plan that the fields name, or what could not be understood.
pub(crate) fn plan(typed: &Typed) -> Result<Plan, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut number = |name: &'static str| {
        let text = typed.get(name);
        let read = text.parse::<u32>().ok();
        if read.is_none() && !text.is_empty() {
            faults.push(Fault::new(name, "fault.repin_version"));
        }
        read
    };
    let (procedure_version, process_version) =
        (number("procedure_version"), number("process_version"));
    let (to_procedure, to_process) = (number("to_procedure"), number("to_process"));
    let step = number("step");
    let unit = typed.get("unit");
    let known = UnitId::parse(unit).ok();
    if known.is_none() && !unit.is_empty() {
        faults.push(Fault::new("unit", "fault.agency_unknown"));
    }
    let Ok(procedure) = ProcedureCode::parse(typed.get("procedure")) else {
        faults.push(Fault::new("procedure", "fault.procedure_unknown"));
        return Err(faults);
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Plan {
        procedure,
        unit: known,
        procedure_version,
        process_version,
        // People count steps from one.
        step: step.and_then(|step| usize::try_from(step).ok()?.checked_sub(1)),
        to_procedure,
        to_process,
    })
}

async fn plan_page(
    web: &Web,
    staff: &Staff,
    (typed, mut faults): (&Typed, Vec<FaultLine>),
) -> Answer<PlanPage> {
    let w = staff.words();
    let mut found = None;
    if typed.get("procedure").is_empty() {
        // Nothing was asked for yet.
    } else {
        let previewed = match plan(typed) {
            Ok(plan) => repin::preview(&web.app, &staff.actor, &plan).await,
            Err(faults) => Err(No::Invalid(faults)),
        };
        match previewed {
            Ok(previewed) => found = Some(previewed),
            Err(No::Invalid(wrong)) if faults.is_empty() => faults = fault_lines(w, &wrong),
            Err(No::Invalid(_)) => {}
            Err(no) => return Err(no.into()),
        }
    }
    let batches = repin::batches(&web.app, &staff.actor).await?;
    let frame = Frame::desk(web, staff, Place::Repins).await?;
    let key = web.app.ids().token();
    Ok(PlanPage::new(
        frame,
        (typed, faults),
        (found, &batches),
        key,
    ))
}

/// `GET /chuyen-quy-trinh`: the plan, and once a procedure is named what it would change.
async fn show(
    State(web): State<Web>,
    staff: Staff,
    Query(fields): Query<Vec<(String, String)>>,
) -> Answer {
    page(&plan_page(&web, &staff, (&Typed::new(fields), Vec::new())).await?)
}

/// The dossiers that are named, or the first name that is none.
pub(crate) fn chosen<'a>(named: impl Iterator<Item = &'a str>) -> Result<Vec<DossierId>, Fault> {
    let read = named.map(|id| {
        let bad = |_| Fault::new("dossier", "fault.repin_dossier").with("dossier", &id);
        DossierId::parse(id).map_err(bad)
    });
    read.collect()
}

/// `POST /chuyen-quy-trinh`: orders the moves.
async fn order(State(web): State<Web>, posted: Posted) -> Answer {
    let typed = &posted.typed;
    let key = once_key(typed)?;
    let ticked = chosen(typed.all("ho-so")).map_err(|fault| vec![fault]);
    let ordered = match plan(typed).and_then(|plan| Ok((plan, ticked?))) {
        Ok((_, ticked)) if ticked.is_empty() => {
            Err(No::Invalid(vec![Fault::new("dossier", "fault.repin_none")]))
        }
        Ok((plan, ticked)) => {
            let why = (typed.get("reason"), &key);
            let chosen = (&plan, Chosen::These(&ticked));
            repin::order(&web.app, &posted.staff.actor, chosen, why).await
        }
        Err(faults) => Err(No::Invalid(faults)),
    };
    match ordered {
        Ok(batch) => Ok(Redirect::to(&format!("/chuyen-quy-trinh/{batch}")).into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            unprocessable(&plan_page(&web, &posted.staff, (typed, faults)).await?)
        }
        Err(no) => Err(no.into()),
    }
}

async fn batch_page(
    web: &Web,
    staff: &Staff,
    batch: &str,
    (typed, faults): (&Typed, Vec<FaultLine>),
) -> Answer<BatchPage> {
    let found = repin::batch(&web.app, &staff.actor, batch).await?;
    let frame = Frame::desk(web, staff, Place::Repins).await?;
    let key = web.app.ids().token();
    Ok(BatchPage::new(frame, &found, (typed, faults), key))
}

/// `GET /chuyen-quy-trinh/{batch}`: how far it is.
async fn follow(State(web): State<Web>, staff: Staff, Path(batch): Path<String>) -> Answer {
    let blank = (&Typed::default(), Vec::new());
    page(&batch_page(&web, &staff, &batch, blank).await?)
}

/// `POST /chuyen-quy-trinh/{batch}/hoan-tac`: moves everything back.
async fn undo(State(web): State<Web>, Path(batch): Path<String>, posted: Posted) -> Answer {
    let why = (posted.typed.get("reason"), &once_key(&posted.typed)?);
    match repin::undo(&web.app, &posted.staff.actor, &batch, why).await {
        Ok(back) => Ok(Redirect::to(&format!("/chuyen-quy-trinh/{back}")).into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            let typed = (&posted.typed, faults);
            unprocessable(&batch_page(&web, &posted.staff, &batch, typed).await?)
        }
        Err(no) => Err(no.into()),
    }
}

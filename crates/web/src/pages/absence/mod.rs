//! Absence and delegation: who is away, who stands in, from when to when.

mod page;
#[cfg(test)]
mod samples;

use app::absence;
use app::forms::Typed;
use app::no::No;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use domain::ids::DelegationId;
use serde::Deserialize;

use self::page::AbsencePage;
use super::common::{page, unprocessable};
use crate::error::{Answer, FaultLine, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;

/// The routes of these pages.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/vang-mat", get(show).post(act))
}

/// What can be done on the page: the value of `action`, and the key of what is said afterwards.
const ACTIONS: [(&str, &str); 2] = [
    ("uy-quyen", "absence.done.given"),
    ("ket-thuc", "absence.done.ended"),
];

/// What was done just before.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    da: String,
}

async fn load(web: &Web, staff: &Staff, given: (&Typed, Vec<FaultLine>)) -> Answer<AbsencePage> {
    let found = absence::absence_page(&web.app, &staff.actor).await?;
    let frame = Frame::desk(web, staff, Place::Elsewhere).await?;
    let unit_name = |unit: &domain::ids::UnitId| web.app.unit_name(unit);
    Ok(AbsencePage::new(frame, &found, given, unit_name))
}

/// `GET /vang-mat`.
async fn show(State(web): State<Web>, staff: Staff, Query(done): Query<Done>) -> Answer {
    let shown = load(&web, &staff, (&Typed::default(), Vec::new())).await?;
    let known = ACTIONS.iter().find(|(action, _)| *action == done.da);
    let done = known.map_or("", |(_, key)| key);
    page(&AbsencePage { done, ..shown })
}

/// `POST /vang-mat`.
async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let (app, actor, typed) = (&web.app, &posted.staff.actor, &posted.typed);
    let action = typed.get("action");
    let done = match action {
        "uy-quyen" => absence::give(app, actor, typed).await.map(drop),
        "ket-thuc" => {
            let id = DelegationId::parse(typed.get("id")).map_err(|_| Trouble::Missing)?;
            absence::end(app, actor, &id).await
        }
        _ => return Err(Trouble::Missing),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/vang-mat?da={action}")).into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            unprocessable(&load(&web, &posted.staff, (typed, faults)).await?)
        }
        Err(no) => Err(no.into()),
    }
}

//! Results that were issued and have no sealed document: worked off one by one.

use app::held::{self, SealOrder, UnsealedKey, UnsealedPage, seal_anew, unsealed_count};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use domain::ids::UnitId;
use serde::Deserialize;

use crate::api::unit_of;
use crate::error::{Answer, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::stopped::{StopView, stopped};
use crate::pages::{page, unprocessable};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;
use app::No;

use super::dossier_id;

const PATH: &str = "/ket-qua-chua-ky-so";

/// Whose list, and where to go on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The unit; the first of the person's when it is empty.
    dv: String,
    /// The place after which the page begins.
    sau: String,
    /// What came of an order a moment ago.
    da: String,
}

/// An agency of the person's, with its figure.
#[derive(Debug, Clone)]
pub(super) struct UnitLine {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) results: i64,
    pub(super) here: bool,
}

/// A result.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) dossier: String,
    pub(super) code: String,
    pub(super) procedure: String,
    pub(super) number: String,
    pub(super) issued: String,
    pub(super) agency: String,
    /// Whether somebody signed it, its paper was digitised, or nothing of it is signed.
    pub(super) state: String,
    pub(super) may_seal: bool,
    pub(super) may_digitise: bool,
}

#[derive(Template)]
#[template(path = "held/unsealed.html")]
pub(super) struct UnsealedShown {
    pub(super) frame: Frame,
    pub(super) w: Words,
    pub(super) total: i64,
    pub(super) units: Vec<UnitLine>,
    pub(super) lines: Vec<Line>,
    /// Whether it is a list, and not the figures of the province alone.
    pub(super) listed: bool,
    pub(super) next: String,
    /// Key of what came of an order; empty without one.
    pub(super) ordered: &'static str,
    /// Why nothing was ordered.
    pub(super) fault: String,
    /// Keys of seals that have stopped.
    pub(super) stops: Vec<StopView>,
}

impl UnsealedShown {
    pub(super) fn of(frame: Frame, found: &UnsealedPage, unit: &dyn Fn(&UnitId) -> String) -> Self {
        let w = frame.w;
        let href = |unit: &UnitId| format!("{PATH}?dv={unit}");
        let figures = found.units.iter().map(|one| UnitLine {
            href: href(&one.agency),
            name: unit(&one.agency),
            results: one.results,
            here: found.unit.as_ref() == Some(&one.agency),
        });
        let lines = found.rows.iter().map(|row| Line {
            dossier: row.dossier.to_string(),
            code: row.code.clone(),
            procedure: row.procedure.clone(),
            number: row.number.clone(),
            issued: w.moment(&row.issued),
            agency: unit(&row.agency),
            state: w.of("unsealed.state", row.state()),
            may_seal: row.may_seal && row.state() != "unsigned",
            may_digitise: row.may_seal && row.state() == "unsigned",
        });
        let next = found.next.as_ref().zip(found.unit.as_ref());
        Self {
            total: found.units.iter().map(|one| one.results).sum(),
            units: figures.collect(),
            lines: lines.collect(),
            listed: found.unit.is_some(),
            next: next.map_or_else(String::new, |(key, at)| format!("{}&sau={key}", href(at))),
            ordered: "",
            fault: String::new(),
            stops: Vec::new(),
            frame,
            w,
        }
    }
}

async fn shown(web: &Web, staff: &Staff, asked: &Asked) -> Answer<UnsealedShown> {
    let (unit, after): (_, Option<UnsealedKey>) = (unit_of(&asked.dv)?, asked.sau.parse().ok());
    let found = held::unsealed(&web.app, &staff.actor, (unit.as_ref(), after.as_ref())).await?;
    let frame = Frame::desk(web, staff, Place::Alerts).await?;
    let named = |unit: &UnitId| web.app.unit_name(unit);
    Ok(UnsealedShown {
        stops: stopped(web, staff).await?,
        ..UnsealedShown::of(frame, &found, &named)
    })
}

/// `GET /ket-qua-chua-ky-so`.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    let list = shown(&web, &staff, &asked).await?;
    page(&UnsealedShown {
        ordered: ordered(&asked.da),
        ..list
    })
}

/// How the address says what came of an order.
fn sign(order: SealOrder) -> &'static str {
    match order {
        SealOrder::Given => "1",
        SealOrder::Needless => "2",
    }
}

/// The catalogue's key of that.
fn ordered(sign: &str) -> &'static str {
    match sign {
        "" => "",
        "2" => "unsealed.needless",
        "3" => "seal.stop.ordered",
        _ => "unsealed.ordered",
    }
}

/// `POST /ket-qua-chua-ky-so/{id}`: has the document made under the seal of who asks.
pub(super) async fn post(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let dossier = dossier_id(&id)?;
    match seal_anew(&web.app, &posted.staff.actor, &dossier).await {
        Ok(order) => Ok(Redirect::to(&format!("{PATH}?da={}", sign(order))).into_response()),
        Err(No::Invalid(faults)) => {
            let list = shown(&web, &posted.staff, &Asked::default()).await?;
            let lines = fault_lines(posted.staff.words(), &faults);
            let said: Vec<String> = lines.into_iter().map(|line| line.message).collect();
            unprocessable(&UnsealedShown {
                fault: said.join(" "),
                ..list
            })
        }
        Err(no) => Err(Trouble::from(no)),
    }
}

/// The figure as the alerts say it; empty where every result has its seal.
pub(in crate::pages) async fn told(web: &Web, staff: &Staff) -> Answer<String> {
    let count = unsealed_count(&web.app, &staff.actor).await?;
    let w = staff.words();
    Ok(match count {
        0 => String::new(),
        _ => w.fill("unsealed.told", "n", count),
    })
}

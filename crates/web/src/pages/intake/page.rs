//! The page of an intake.

use app::access::Desk;
use app::forms::Typed;
use app::intake::{
    DraftLine, IntakeDraft, Preview, drafts, helper_name, load_draft, offered, open_draft,
    open_draft_at, preview,
};
use app::no::{Denied, Fault};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use domain::ids::UnitId;
use serde::Deserialize;

use crate::error::{Answer, RefusalPanel};
use crate::layout::{Frame, Place};
use crate::pages::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::drafts::draft_id;
use super::field::Choice;
use super::procedures::{agency_offers, offers};
use super::reuse::{Offering, show};
use super::view::{Held, IntakeView, Making, numbers};

#[derive(Template)]
#[template(path = "intake/page.html")]
pub(crate) struct IntakePage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) v: IntakeView,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    nhap: String,
    #[serde(default)]
    o: String,
    /// Numbers of components whose scans did not stay: `1-3`.
    #[serde(default)]
    quet: String,
    #[serde(default)]
    dv: String,
    #[serde(default, rename = "da-chuyen")]
    handed: String,
}

/// `GET /tiep-nhan`: an empty intake, at the centre that `dv` names where a person works at several;
/// or the one named. An empty one is named at once, so that
/// reloading, signing in again or changing the language comes back to the same.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    if asked.nhap.is_empty() {
        let draft = if asked.dv.is_empty() {
            open_draft(&web.app, &staff.actor).await?
        } else {
            let unit = UnitId::parse(&asked.dv).map_err(|_| Denied::Seen)?;
            open_draft_at(&web.app, &staff.actor, &unit).await?
        };
        let handed = if asked.handed.is_empty() {
            ""
        } else {
            "&da-chuyen=1"
        };
        let address = format!("/tiep-nhan?nhap={}{handed}", draft.id);
        return Ok(Redirect::to(&address).into_response());
    }
    let draft = load_draft(&web.app, &staff.actor, &draft_id(&asked.nhap)?).await?;
    let typed = draft.typed.clone();
    let again = asked.quet.split('-').filter_map(|n| n.parse().ok());
    let wrong = Wrong {
        again: again.collect(),
        ..Wrong::default()
    };
    let mut shown = redrawn(&web, &staff, (&draft, &typed), wrong).await?;
    shown.v.handed = !asked.handed.is_empty();
    if let Some(focus) = FOCUS.into_iter().find(|focus| *focus == asked.o) {
        shown.v.focus = focus;
    }
    page(&shown)
}

/// Places where an address may put the cursor.
const FOCUS: [&str; 7] = [
    "card",
    "procedure",
    "competent",
    "papers",
    "pages1",
    "receive",
    "reason",
];

/// What was wrong with a form that came back.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) faults: Vec<Fault>,
    pub(super) refusal: Option<RefusalPanel>,
    /// Components whose scans must be chosen again.
    pub(super) again: Vec<u16>,
}

/// The page of a draft as it was typed, with what is wrong.
pub(super) async fn redrawn(
    web: &Web,
    staff: &Staff,
    (draft, typed): (&IntakeDraft, &Typed),
    wrong: Wrong,
) -> Answer<IntakePage> {
    let found = preview(&web.app, &staff.actor, (&draft.unit, typed)).await?;
    let making = Making {
        w: staff.words(),
        now: web.app.clock().now(),
        draft,
        typed,
        faults: &wrong.faults,
        preview: found.as_ref(),
        decides: found
            .as_ref()
            .and_then(|p| p.competent.as_ref())
            .map(|unit| web.app.unit_name(unit))
            .unwrap_or_default(),
        desk: staff.actor.desk_at(&draft.unit).unwrap_or(Desk::Counter),
    };
    let mut view = IntakeView::of(&making);
    view.key = web.app.ids().token();
    view.centre = web.app.unit_name(&draft.unit);
    view.centres = centres(web, staff, draft);
    view.refusal = wrong.refusal;
    if !wrong.again.is_empty() {
        let again = numbers(&wrong.again);
        view.rechoose = staff.words().fill("intake.rechoose", "n", again);
    }
    view.held = held(web, staff, draft).await?;
    view.held_title = staff.words().fill("intake.held", "n", view.held.len());
    if found.is_none() && !typed.get("procedure").is_empty() {
        view.offers = offers(web, staff, typed.get("procedure")).await?;
    }
    if let (Some(found), Some(agency)) = (&found, &mut view.agency)
        && found.competent.is_none()
        && !agency.value.is_empty()
    {
        agency.offers = agency_offers(web, staff, &agency.procedure, &agency.value).await?;
    }
    if let Some(found) = &found {
        stored(web, staff, (&making, &mut view), found).await?;
    }
    if let Some(name) = helper_name(&web.app, draft).await? {
        view.helped = staff.words().fill("intake.helped", "who", name);
    }
    let frame = Frame::desk(web, staff, Place::Intake).await?;
    Ok(IntakePage {
        w: staff.words(),
        frame,
        v: view,
    })
}

/// Documents in the owner's store that may stand in for papers.
async fn stored(
    web: &Web,
    staff: &Staff,
    (making, view): (&Making<'_>, &mut IntakeView),
    found: &Preview,
) -> Answer<()> {
    let at = (&making.draft.unit, making.draft.id.as_str(), making.typed);
    let offers = offered(&web.app, &staff.actor, at, found).await?;
    let offering = Offering {
        w: staff.words(),
        typed: making.typed,
        offers: &offers,
        unit: &|unit| web.app.unit_name(unit),
    };
    show(view, &offering);
    Ok(())
}

/// Other centres where the person fills in intakes.
fn centres(web: &Web, staff: &Staff, draft: &IntakeDraft) -> Vec<Choice> {
    let others = staff.actor.desks().into_iter();
    let others = others.filter(|unit| *unit != draft.unit && web.app.unit(unit).is_some());
    let choice = |unit: UnitId| Choice {
        label: web.app.unit_name(&unit),
        value: unit.to_string(),
        on: false,
    };
    others.map(choice).collect()
}

/// Other intakes of the unit in which something was typed.
async fn held(web: &Web, staff: &Staff, current: &IntakeDraft) -> Answer<Vec<Held>> {
    let w = staff.words();
    let others = drafts(&web.app, &staff.actor, &current.unit).await?;
    let line = |draft: DraftLine| Held {
        detail: w.moment(&draft.saved),
        id: draft.id.to_string(),
        name: match draft.name.as_str() {
            "" => w.t("intake.held_nameless").to_owned(),
            _ => draft.name,
        },
    };
    let others = others.into_iter().filter(|draft| draft.id != current.id);
    Ok(others.map(line).collect())
}

//! The page of an intake.

use app::access::Desk;
use app::forms::Typed;
use app::intake::{IntakeDraft, drafts, helper_name, load_draft, open_draft, preview};
use app::no::Fault;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use serde::Deserialize;

use crate::error::{Answer, RefusalPanel};
use crate::layout::{Frame, Place};
use crate::pages::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::drafts::draft_id;
use super::procedures::{agency_offers, offers};
use super::view::{Held, IntakeView, Making};

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
    #[serde(default, rename = "da-chuyen")]
    handed: String,
}

/// `GET /tiep-nhan`: an empty intake, or the one named. An empty one is named at once, so that
/// reloading, signing in again or changing the language comes back to the same.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    if asked.nhap.is_empty() {
        let draft = open_draft(&web.app, &staff.actor).await?;
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
    let mut shown = drawn(&web, &staff, &draft, &typed).await?;
    shown.v.handed = !asked.handed.is_empty();
    if let Some(focus) = FOCUS.into_iter().find(|focus| *focus == asked.o) {
        shown.v.focus = focus;
    }
    page(&shown)
}

/// Places where an address may put the cursor.
const FOCUS: [&str; 6] = [
    "card",
    "procedure",
    "competent",
    "papers",
    "receive",
    "reason",
];

/// What was wrong with a form that came back.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) faults: Vec<Fault>,
    pub(super) refusal: Option<RefusalPanel>,
}

/// The page without anything wrong.
async fn drawn(web: &Web, staff: &Staff, draft: &IntakeDraft, typed: &Typed) -> Answer<IntakePage> {
    redrawn(web, staff, (draft, typed), Wrong::default()).await
}

/// The page of a draft as it was typed, with what is wrong.
pub(super) async fn redrawn(
    web: &Web,
    staff: &Staff,
    (draft, typed): (&IntakeDraft, &Typed),
    wrong: Wrong,
) -> Answer<IntakePage> {
    let found = preview(&web.app, &staff.actor, typed).await?;
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
        desk: staff.actor.desk().map_or(Desk::Counter, |(_, desk)| desk),
    };
    let mut view = IntakeView::of(&making);
    view.key = web.app.ids().token();
    view.refusal = wrong.refusal;
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

/// Other intakes of the unit in which something was typed.
async fn held(web: &Web, staff: &Staff, current: &IntakeDraft) -> Answer<Vec<Held>> {
    let w = staff.words();
    let others = drafts(&web.app, &staff.actor).await?.into_iter();
    let typed_in = |draft: &IntakeDraft| {
        let typed = &draft.typed;
        !typed.get("name").is_empty() || !typed.get("procedure").is_empty()
    };
    let line = |draft: IntakeDraft| Held {
        name: match draft.typed.get("name") {
            "" => w.t("intake.held_nameless").to_owned(),
            name => name.to_owned(),
        },
        detail: w.moment(&draft.saved),
        id: draft.id.to_string(),
    };
    let others = others.filter(|draft| draft.id != current.id && typed_in(draft));
    Ok(others.map(line).collect())
}

//! The store of a dossier's owner.

use app::held::{Held, HeldPage, Standing, held_page};
use askama::Template;
use axum::extract::{Path, State};
use domain::ids::UnitId;

use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::pages::dossier::scans::address;
use crate::pages::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::dossier_id;

/// A document of the store.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) day: String,
    pub(super) agency: String,
    /// Class of the mark that says where it stands.
    pub(super) class: &'static str,
    pub(super) standing: String,
    /// For which paper of the dossier it is used; empty where it is not.
    pub(super) used: String,
    /// Where it is read then.
    pub(super) url: String,
}

#[derive(Template)]
#[template(path = "held/dossier.html")]
pub(super) struct HeldShown {
    pub(super) frame: Frame,
    pub(super) w: Words,
    pub(super) dossier: String,
    pub(super) lines: Vec<Line>,
}

impl HeldShown {
    pub(super) fn of(frame: Frame, found: &HeldPage, unit: &dyn Fn(&UnitId) -> String) -> Self {
        let w = frame.w;
        let line = |(one, used): &(Held, Option<u16>)| Line {
            name: one.name().to_owned(),
            number: one.number.clone(),
            day: w.date(one.issued.date()),
            agency: unit(&one.agency),
            class: class(one.standing),
            standing: w.of("held.standing", one.standing.as_str()),
            used: used.map_or_else(String::new, |n| w.fill("held.used", "n", n)),
            url: used.map_or_else(String::new, |n| address(&found.dossier, n)),
        };
        Self {
            dossier: found.dossier.to_string(),
            lines: found.documents.iter().map(line).collect(),
            frame,
            w,
        }
    }
}

/// `GET /ho-so/{id}/kho`. Every reading is logged.
pub(super) async fn get(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Answer {
    let found = held_page(&web.app, &staff.actor, &dossier_id(&id)?).await?;
    let frame = Frame::desk(&web, &staff, Place::Elsewhere).await?;
    page(&HeldShown::of(frame, &found, &|unit| {
        web.app.unit_name(unit)
    }))
}

/// The class of the mark of a document.
fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Valid => "state-reuse",
        Standing::Withdrawn | Standing::Replaced | Standing::Amended | Standing::Unsealed => {
            "state-missing"
        }
    }
}

//! The store of a dossier's owner.

use app::held::{Held, HeldPage, Listed, Standing, held_page};
use app::words;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::UnitId;
use domain::reuse::Validness;
use jiff::civil::Date;
use serde::Deserialize;

use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::pages::dossier::scans::address;
use crate::pages::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::dossier_id;

/// An attachment of a document.
#[derive(Debug, Clone)]
pub(super) struct AttachmentLine {
    pub(super) name: String,
    /// Where it is read; empty where the document is not read either.
    pub(super) url: String,
}

/// A document of the store.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) attachments: Vec<AttachmentLine>,
    pub(super) number: String,
    pub(super) day: String,
    pub(super) agency: String,
    /// Until when it is valid.
    pub(super) validity: String,
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
    /// Where the next page is; empty on the last.
    pub(super) next: String,
}

impl HeldShown {
    pub(super) fn of(frame: Frame, found: &HeldPage, unit: &dyn Fn(&UnitId) -> String) -> Self {
        let w = frame.w;
        let line = |listed: &Listed| {
            let (one, used) = (&listed.document, listed.used);
            let url = used.map_or_else(String::new, |n| address(&found.dossier, n));
            Line {
                name: one.name().to_owned(),
                attachments: attachments(w, listed, &url),
                number: one.number.clone(),
                day: w.date(one.issued.date()),
                agency: unit(&one.agency),
                validity: words::validity(w.0, one.validity),
                class: class(one, found.today),
                standing: w.of("held.standing", standing(one, found.today)),
                used: used.map_or_else(String::new, |n| w.fill("held.used", "n", n)),
                url,
            }
        };
        Self {
            next: found.next.as_ref().map_or_else(String::new, |key| {
                format!("/ho-so/{}/kho?sau={key}", found.dossier)
            }),
            dossier: found.dossier.to_string(),
            lines: found.documents.iter().map(line).collect(),
            frame,
            w,
        }
    }
}

/// The attachments of a document that is read at `url`.
fn attachments(w: Words, listed: &Listed, url: &str) -> Vec<AttachmentLine> {
    let line = |(number, title): (usize, &String)| {
        let number = number.to_string();
        AttachmentLine {
            name: w.fills("dossier.attachment", &[("n", &number), ("title", title)]),
            url: if url.is_empty() {
                String::new()
            } else {
                format!("{url}/phu-luc/{number}")
            },
        }
    };
    (1..).zip(&listed.attachments).map(line).collect()
}

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The place after which the page begins.
    sau: String,
}

/// `GET /ho-so/{id}/kho`. Every reading is logged.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let after = asked.sau.parse().ok();
    let found = held_page(&web.app, &staff.actor, &dossier_id(&id)?, after.as_ref()).await?;
    let frame = Frame::desk(&web, &staff, Place::Elsewhere).await?;
    page(&HeldShown::of(frame, &found, &|unit| {
        web.app.unit_name(unit)
    }))
}

/// Where a document stands on `today`, by the name of the words.
fn standing(one: &Held, today: Date) -> &'static str {
    match one.validness(today) {
        Some(Validness::Expired { .. }) => "expired",
        // That it is valid would be more than is known.
        Some(Validness::NotStated) if one.standing == Standing::Valid => "stands",
        Some(Validness::Valid | Validness::NotStated) | None => one.standing.as_str(),
    }
}

/// The class of the mark of a document.
fn class(one: &Held, today: Date) -> &'static str {
    if matches!(standing(one, today), "valid" | "stands") {
        "state-reuse"
    } else {
        "state-missing"
    }
}

//! Scans of components: where forms take them, and where they are read.

use app::processing::{DossierPage, attachment_of_reused, component_scan};
use axum::extract::{Path, Query, State};
use domain::dossier::{Dossier, HandedAs};
use domain::ids::DossierId;
use domain::procedure::Component;
use serde::Deserialize;

use crate::error::{Answer, Trouble};
use crate::pages::intake::field::{Fields, at};
use crate::pages::{document, foreign};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::dossier_id;

/// Places for scans in a form.
#[derive(Debug, Clone)]
pub(crate) struct Scans {
    /// What is wrong with what was sent.
    pub(crate) error: String,
    pub(crate) rows: Vec<ScanRow>,
}

/// A component that may be scanned.
#[derive(Debug, Clone)]
pub(crate) struct ScanRow {
    /// Its number.
    pub(crate) number: u16,
    /// Its number and name.
    pub(crate) label: String,
    /// How it is there.
    pub(crate) state: String,
}

impl ScanRow {
    pub(crate) fn of(w: Words, component: &Component, handed: Option<&HandedAs>) -> Self {
        Self {
            number: component.number,
            label: format!("{}. {}", component.number, component.name),
            state: handed.map(|handed| state(w, handed)).unwrap_or_default(),
        }
    }
}

/// How a component is there, in words.
pub(super) fn state(w: Words, handed: &HandedAs) -> String {
    let key = match handed {
        HandedAs::Seen => "component.handed_seen",
        HandedAs::Paper => "component.handed_paper",
        HandedAs::Scanned { pages, paper, .. } => {
            let key = if *paper {
                "component.scanned"
            } else {
                "component.scanned_alone"
            };
            return w.fill(key, "n", pages);
        }
        HandedAs::Attached { .. } => "component.handed_attached",
        HandedAs::Reused { .. } => "component.handed_reused",
        HandedAs::Read { .. } => "component.handed_read",
    };
    w.t(key).to_owned()
}

/// What may be scanned now.
pub(super) fn of_dossier(fields: &Fields<'_>, page: &DossierPage) -> Scans {
    let filed = &page.record().filed;
    let case = page.procedure.case(filed.case);
    let may: Vec<u16> = case
        .into_iter()
        .flat_map(|case| filed.to_scan(case))
        .map(|component| component.number)
        .collect();
    of(fields, page, &may)
}

/// Scans of what was asked for.
pub(super) fn of_supply(fields: &Fields<'_>, page: &DossierPage) -> Scans {
    let asked = match &page.dossier {
        Dossier::Incomplete(_, request) | Dossier::Paused(_, _, request) => {
            request.components.as_slice()
        }
        _ => &[],
    };
    of(fields, page, asked)
}

fn of(fields: &Fields<'_>, page: &DossierPage, may: &[u16]) -> Scans {
    let listed = page.components().into_iter();
    let listed = listed.filter(|(component, _)| may.contains(&component.number));
    let row = |(component, handed)| ScanRow::of(fields.w, component, handed);
    Scans {
        error: at(fields.mistakes, "scan"),
        rows: listed.map(row).collect(),
    }
}

/// Where the newest scan of a component is read.
pub(crate) fn address(id: &DossierId, component: u16) -> String {
    format!("/ho-so/{id}/ban-quet/{component}")
}

/// Which scan of a component is wanted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The version of the dossier with which it came; the newest without.
    lan: Option<u32>,
}

/// `GET /ho-so/{id}/ban-quet/{component}`: the newest scan of a component, or that of `lan`.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path((id, component)): Path<(String, u16)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = dossier_id(&id)?;
    let which = (component, asked.lan);
    let content = component_scan(&web.app, &staff.actor, &id, which).await?;
    let name = format!("giay-to-{component}");
    Ok(foreign(&name, content.ok_or(Trouble::Missing)?))
}

/// `GET /ho-so/{id}/ban-quet/{component}/phu-luc/{number}`: an attachment of the document of the owner's
/// store that the dossier uses for a component.
pub(super) async fn attachment(
    State(web): State<Web>,
    staff: Staff,
    Path((id, component, number)): Path<(String, u16, usize)>,
) -> Answer {
    let id = dossier_id(&id)?;
    let which = (component, number);
    let content = attachment_of_reused(&web.app, &staff.actor, &id, which).await?;
    let name = format!("giay-to-{component}-phu-luc-{number}.pdf");
    Ok(document(&name, content.ok_or(Trouble::Missing)?))
}

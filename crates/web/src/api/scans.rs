//! Scans of components: as bodies carry them, and as they are read.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use std::collections::BTreeMap;

use app::processing::{attachment_of_reused, component_scan};
use axum::extract::{Path, Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::dossier::{Filed, Handed, HandedAs};
use domain::ids::DossierId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Answer, Problem, Trouble};
use crate::extract::Upload;
use crate::pages::{document, foreign};
use crate::session::Staff;
use crate::state::Web;

/// Files in base64 by the numbers of their components.
pub(super) type ScanMap = BTreeMap<String, String>;

/// A scan of a component.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScanItem {
    /// Number of the component.
    component: u16,
    /// Pages.
    pages: u16,
    /// Whether the paper is there too.
    paper: bool,
}

/// Scans that count now.
pub(super) fn scan_items(filed: &Filed) -> Vec<ScanItem> {
    let scan = |one: &Handed| match &one.handed {
        HandedAs::Scanned { pages, paper, .. } => Some(ScanItem {
            component: one.component,
            pages: *pages,
            paper: *paper,
        }),
        _ => None,
    };
    filed.handed.iter().filter_map(scan).collect()
}

/// A file of a body.
pub(super) fn upload(field: String, content: &str) -> Answer<Upload> {
    let content = STANDARD.decode(content).map_err(|_| Trouble::Unreadable)?;
    Ok(Upload { field, content })
}

/// The scans as the form would have sent them.
pub(super) fn uploads(scans: &ScanMap) -> Answer<Vec<Upload>> {
    let scan = |(number, content): (&String, &String)| upload(format!("s{number}"), content);
    scans.iter().map(scan).collect()
}

/// Which scan of a component is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Which {
    /// The version of the dossier with which it came, as its story says; the newest without.
    version: Option<u32>,
}

/// Reads the scan of a component: a PDF or a picture. Every reading is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/scans/{component}", tag = "dossiers",
    security(("session" = [])),
    params(("dossier" = String, Path), ("component" = u16, Path), Which),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The scan; it may be a picture"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see, or no scan")))]
pub(crate) async fn read(
    State(web): State<Web>,
    staff: Staff,
    Path((dossier, component)): Path<(String, u16)>,
    Query(which): Query<Which>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let which = (component, which.version);
    let content = component_scan(&web.app, &staff.actor, &dossier, which).await?;
    let name = format!("giay-to-{component}");
    Ok(foreign(&name, content.ok_or(Trouble::Missing)?))
}

/// Reads an attachment, by its number from 1, of the document of the owner's store that the dossier uses for
/// a component. Every reading is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/scans/{component}/attachments/{number}",
    tag = "dossiers", security(("session" = [])),
    params(("dossier" = String, Path), ("component" = u16, Path), ("number" = usize, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The attachment"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see, or no such attachment")))]
pub(crate) async fn attachment(
    State(web): State<Web>,
    staff: Staff,
    Path((dossier, component, number)): Path<(String, u16, usize)>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let which = (component, number);
    let content = attachment_of_reused(&web.app, &staff.actor, &dossier, which).await?;
    let name = format!("giay-to-{component}-phu-luc-{number}.pdf");
    Ok(document(&name, content.ok_or(Trouble::Missing)?))
}

//! An agent of the post scans the papers of a dossier that she filed and has not handed over.

use app::no::{Fault, No, Refused};
use app::processing::{Act, Order, ScanPage, act, scan_page};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use domain::dossier::HandedAs;
use domain::ids::DossierId;

use crate::error::{Answer, FaultLine, RefusalPanel, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::dossier::once_key;
use crate::pages::dossier::scans::{ScanRow, Scans, address};
use crate::pages::intake::field::at;
use crate::pages::{page, unprocessable};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub(super) struct ScanView {
    pub(super) id: String,
    pub(super) version: u32,
    /// The one-time key.
    pub(super) key: String,
    /// Title of the procedure.
    pub(super) procedure: String,
    /// What may be scanned; none where nothing is to be digitised.
    pub(super) scans: Option<Scans>,
    /// Scans that are there: what they are of, and where they are read.
    pub(super) there: Vec<(String, String)>,
    pub(super) faults: Vec<FaultLine>,
    pub(super) faults_title: String,
    pub(super) refusal: Option<RefusalPanel>,
    /// Whether files that came must be chosen again.
    pub(super) rechoose: bool,
}

#[derive(Template)]
#[template(path = "agent/scan.html")]
pub(super) struct ScanShown {
    pub(super) frame: Frame,
    pub(super) w: Words,
    pub(super) v: ScanView,
}

impl ScanView {
    pub(super) fn of(w: Words, found: &ScanPage, (key, faults): (String, &[Fault])) -> Self {
        let faults = fault_lines(w, faults);
        let row = |(component, handed): &(_, HandedAs)| ScanRow::of(w, component, Some(handed));
        let rows: Vec<ScanRow> = found.papers.iter().map(row).collect();
        let there = found.papers.iter().filter_map(|(component, handed)| {
            let label = format!("{}. {}", component.number, component.name);
            let url = address(&found.dossier, component.number);
            matches!(handed, HandedAs::Scanned { .. }).then_some((label, url))
        });
        Self {
            id: found.dossier.to_string(),
            version: found.version,
            key,
            procedure: found.procedure.name.clone(),
            scans: (!rows.is_empty()).then(|| Scans {
                error: at(&faults, "scan"),
                rows,
            }),
            there: there.collect(),
            faults_title: w.fill("form.faults", "n", faults.len()),
            faults,
            refusal: None,
            rechoose: false,
        }
    }
}

async fn shown(
    web: &Web,
    staff: &Staff,
    (id, faults): (&DossierId, &[Fault]),
) -> Answer<ScanShown> {
    let found = scan_page(&web.app, &staff.actor, id).await?;
    let w = staff.words();
    Ok(ScanShown {
        frame: Frame::desk(web, staff, Place::Submissions).await?,
        w,
        v: ScanView::of(w, &found, (web.app.ids().token(), faults)),
    })
}

fn dossier(text: &str) -> Answer<DossierId> {
    DossierId::parse(text).map_err(|_| Trouble::Missing)
}

/// `GET /da-nop/{dossier}/quet`.
pub(super) async fn get(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Answer {
    page(&shown(&web, &staff, (&dossier(&id)?, &[])).await?)
}

/// `POST /da-nop/{dossier}/quet`.
pub(super) async fn post(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = dossier(&id)?;
    let version = posted.typed.get("version").parse();
    let input = Act {
        dossier: id.clone(),
        version: version.map_err(|_| Trouble::Unreadable)?,
        key: once_key(&posted.typed)?,
        order: Order::Scan {
            scans: posted.scans(),
        },
    };
    let (refused, faults): (Option<Refused>, Vec<Fault>) =
        match act(&web.app, &posted.staff.actor, input).await {
            Ok(_) => return Ok(Redirect::to(&format!("/da-nop/{id}/quet")).into_response()),
            Err(No::Refused(refusal)) => (Some(refusal), Vec::new()),
            Err(No::Invalid(faults)) => (None, faults),
            Err(no) => return Err(no.into()),
        };
    let mut again = shown(&web, &posted.staff, (&id, &faults)).await?;
    let today = web.app.clock().now().date();
    again.v.refusal = refused.map(|refusal| RefusalPanel::of(again.w, &refusal, today));
    again.v.rechoose = !posted.uploads.is_empty();
    unprocessable(&again)
}

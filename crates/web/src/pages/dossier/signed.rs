//! Signatures of a dossier's files, in words beside each, and checked again on demand.

use app::processing::{DossierPage, OnFile, document};
use app::verification::{Verdict, check_again, said};
use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::dossier::HandedAs;
use domain::ids::FileHash;

use crate::error::Answer;
use crate::extract::Posted;
use crate::state::Web;
use crate::words::Words;

use super::dossier_id;

/// What is known of the signatures of a file.
pub(super) fn known(w: Words, page: &DossierPage, file: Option<&FileHash>) -> Vec<String> {
    let found = file.and_then(|file| page.signatures.get(file));
    found.map_or_else(Vec::new, |found| said(w.0, &found.verdict))
}

/// Of the scan of a component.
pub(super) fn of_component(w: Words, page: &DossierPage, handed: Option<&HandedAs>) -> Vec<String> {
    let file = match handed {
        Some(
            HandedAs::Scanned { file, .. }
            | HandedAs::Attached { file }
            | HandedAs::Reused { file, .. },
        ) => Some(file),
        _ => None,
    };
    let found = file.and_then(|file| page.signatures.get(file));
    // Most scans are of paper: that nobody signed them digitally is nothing to say.
    match found {
        Some(found) if !found.verdict.is_unsigned() => known(w, page, file),
        _ => Vec::new(),
    }
}

/// Of what an act put on file.
pub(super) fn on_file(w: Words, page: &DossierPage, what: OnFile) -> Vec<String> {
    let mut story = page.story.iter();
    known(w, page, story.find_map(|told| what.of(&told.event)))
}

/// Of the result.
pub(super) fn of_result(w: Words, page: &DossierPage) -> Vec<String> {
    known(w, page, document(&page.dossier).map(|file| &file.hash))
}

/// Whether a file of the dossier is signed, so that it can be checked again.
pub(super) fn any(page: &DossierPage) -> bool {
    let mut found = page.signatures.values();
    let signed = found.any(|found| Verdict::is_signed(&found.verdict));
    signed || page.dossier.issued().is_some()
}

/// `POST /ho-so/{id}/kiem-tra-chu-ky`: asks the authorities anew.
pub(super) async fn again(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer<Redirect> {
    let id = dossier_id(&id)?;
    check_again(&web.app, &posted.staff.actor, &id).await?;
    Ok(Redirect::to(&format!("/ho-so/{id}#files")))
}

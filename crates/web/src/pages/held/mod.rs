//! What the store of a dossier's owner holds, and results that have no seal yet.

mod of_dossier;
#[cfg(test)]
mod samples;
mod unsealed;

use axum::Router;
use axum::routing::{get, post};
use domain::ids::DossierId;

use crate::error::{Answer, Trouble};
use crate::state::Web;

pub(super) use unsealed::told;

/// The routes of these pages.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ho-so/{id}/kho", get(of_dossier::get))
        .route("/ket-qua-chua-ky-so", get(unsealed::get))
        .route("/ket-qua-chua-ky-so/{id}", post(unsealed::post))
}

fn dossier_id(text: &str) -> Answer<DossierId> {
    DossierId::parse(text).map_err(|_| Trouble::Missing)
}

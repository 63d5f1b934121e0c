//! The counter: a form that is saved while it is typed, and ends in a reception, a request for a
//! supplement, or a refusal to receive.

mod actions;
mod agency;
mod certified;
mod chosen;
pub(crate) mod drafts;
mod ending;
pub(crate) mod field;
mod page;
mod procedures;
mod reuse;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod samples_reuse;
pub(crate) mod view;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::extract::SCANS_BYTES;
use crate::state::Web;

/// Routes of the counter.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(
            "/tiep-nhan",
            get(page::get)
                .post(actions::post)
                .layer(DefaultBodyLimit::max(SCANS_BYTES)),
        )
        .route("/tiep-nhan/nhap/{id}", post(drafts::save))
        .route("/tiep-nhan/nhap/{id}/bo", post(drafts::remove))
        .route("/thu-tuc.json", get(procedures::get))
        .route("/co-quan.json", get(procedures::agencies))
}

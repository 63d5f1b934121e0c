//! One dossier: what it is, why its date, what can be done with it, and what happened.

mod act;
mod acts;
mod attach;
mod beside;
mod copies;
mod course;
pub(crate) mod desk;
mod draft;
mod files;
pub(crate) mod form;
mod given_back;
mod orders;
mod page;
pub(crate) mod promise;
mod remote;
mod returning;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_attachments;
#[cfg(test)]
mod samples_copies;
#[cfg(test)]
mod samples_course;
#[cfg(test)]
mod samples_desk;
#[cfg(test)]
mod samples_ends;
#[cfg(test)]
mod samples_returning;
#[cfg(test)]
mod samples_scans;
#[cfg(test)]
mod samples_signed;
#[cfg(test)]
mod samples_tasks;
#[cfg(test)]
mod samples_validity;
pub(crate) mod scans;
pub(crate) mod sign;
mod signed;
mod steps;
mod story;
mod supplement;
mod task_form;
mod task_view;
mod validity;
mod view;

pub(crate) use act::order;
pub(crate) use supplement::Wrong;
pub(crate) use view::Fact;

use app::OnceKey;
use app::forms::Typed;
use app::no::Denied;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::ids::DossierId;

use crate::error::{Answer, Trouble};
use crate::extract::SCANS_BYTES;
use crate::state::Web;

/// Routes of a dossier.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/ho-so/{id}", get(page::get))
        .route("/ho-so/{id}/ket-qua", get(page::result))
        .route("/ho-so/{id}/ket-qua/trang-thai", get(page::result_state))
        .route("/ho-so/{id}/van-ban-ky", get(sign::get))
        .route("/ho-so/{id}/kiem-tra-chu-ky", post(signed::again))
        .route("/ho-so/{id}/don-rut", get(page::withdrawal))
        .route("/ho-so/{id}/phu-luc/{number}", get(attach::get))
        .route("/ho-so/{id}/giay-to/{document}", get(page::on_file))
        .route("/ho-so/{id}/ban-quet/{component}", get(scans::get))
        .route(
            "/ho-so/{id}/ban-quet/{component}/phu-luc/{number}",
            get(scans::attachment),
        )
        .route(
            "/ho-so/{id}/{command}",
            get(act::get)
                .post(act::post)
                .layer(DefaultBodyLimit::max(SCANS_BYTES)),
        )
        .route("/ho-so/{id}/y-kien/{task}", get(page::answer))
        .route("/ho-so/{id}/{command}/nhap", post(draft::save))
}

/// The one-time key of a form: sent twice, it has its effect once.
pub(crate) fn once_key(typed: &Typed) -> Answer<OnceKey> {
    OnceKey::parse(typed.get("_khoa")).map_err(|_| Trouble::Unreadable)
}

/// The dossier of an address; a malformed one does not exist.
fn dossier_id(text: &str) -> Answer<DossierId> {
    DossierId::parse(text).map_err(|_| Denied::Unseen.into())
}

//! Slips as PDF, shown by the browser's own viewer, and the page to wait on while one is made.

use app::jobs::{slip_content, wait_for_slip};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::ids::DossierId;
use domain::slip::Form;
use serde::Serialize;

use super::common::page;
use crate::error::{Answer, Trouble};
use crate::headers::DOCUMENT_POLICY;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ho-so/{id}/phieu/{form}", get(show))
        .route("/ho-so/{id}/phieu/{form}/trang-thai", get(state))
}

#[derive(Template)]
#[template(path = "pages/slip_wait.html")]
pub(crate) struct WaitPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) dossier: String,
    pub(crate) form: &'static str,
}

/// Whether a slip is made, as the page's script asks.
#[derive(Debug, Serialize)]
struct Ready {
    ready: bool,
    url: String,
}

/// `GET /ho-so/{id}/phieu/01`: the PDF, or the page to wait on. Every print is logged.
async fn show(State(web): State<Web>, staff: Staff, path: Path<(String, String)>) -> Answer {
    let (dossier, form) = asked(&path)?;
    if let Some(pdf) = slip_content(&web.app, &staff.actor, &dossier, form).await? {
        return Ok(document(&format!("mau-{}.pdf", form.number()), pdf));
    }
    let frame = Frame::desk(&web, &staff, Place::Elsewhere).await?;
    let dossier = dossier.to_string();
    let waiting = WaitPage {
        w: frame.w,
        frame,
        dossier,
        form: form.number(),
    };
    Ok((StatusCode::ACCEPTED, page(&waiting)?).into_response())
}

/// `GET /ho-so/{id}/phieu/01/trang-thai`.
async fn state(
    State(web): State<Web>,
    staff: Staff,
    path: Path<(String, String)>,
) -> Answer<Json<Ready>> {
    let (dossier, form) = asked(&path)?;
    let made = wait_for_slip(&web.app, &staff.actor, &dossier, form).await?;
    let url = format!("/ho-so/{dossier}/phieu/{}", form.number());
    Ok(Json(Ready {
        ready: made.is_some(),
        url,
    }))
}

fn asked(path: &(String, String)) -> Answer<(DossierId, Form)> {
    let dossier = DossierId::parse(&path.0).map_err(|_| Trouble::Missing)?;
    let form = Form::parse(&path.1).ok_or(Trouble::Missing)?;
    Ok((dossier, form))
}

/// A PDF for the browser's viewer, under a name it is saved by.
pub(crate) fn document(name: &str, pdf: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (CONTENT_SECURITY_POLICY, DOCUMENT_POLICY.to_owned()),
    ];
    (headers, pdf).into_response()
}

//! Slips as PDF, shown by the browser's own viewer, and the page to wait on while one is made.

use app::jobs::{log_slip_print, slip_content, wait_for_slip};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::ids::DossierId;
use domain::slip::Form;
use serde::Serialize;

use super::common::page;
use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::headers::{DOCUMENT_POLICY, FOREIGN_POLICY};
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ho-so/{id}/phieu/{form}", get(show))
        .route("/ho-so/{id}/phieu/{form}/in", post(print))
        .route("/ho-so/{id}/phieu/{form}/trang-thai", get(state))
}

#[derive(Template)]
#[template(path = "pages/slip_wait.html")]
pub(crate) struct WaitPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) dossier: String,
    /// Where the paper will be.
    pub(crate) url: String,
    /// What the page says: `web.slip` or `web.result`.
    pub(crate) words: &'static str,
}

/// The page to wait on while a paper of a dossier is made.
pub(crate) async fn waiting(
    web: &Web,
    staff: &Staff,
    (dossier, url): (&DossierId, String),
    words: &'static str,
) -> Answer {
    let frame = Frame::desk(web, staff, Place::Elsewhere).await?;
    let waiting = WaitPage {
        w: frame.w,
        frame,
        dossier: dossier.to_string(),
        url,
        words,
    };
    Ok((StatusCode::ACCEPTED, page(&waiting)?).into_response())
}

/// Whether a paper is made, as the page's script asks.
#[derive(Debug, Serialize)]
pub(crate) struct Ready {
    pub(crate) ready: bool,
    pub(crate) url: String,
}

/// `GET /ho-so/{id}/phieu/01`: the PDF, or the page to wait on. Every reading is logged; asking for
/// the head alone reads nothing.
async fn show(
    State(web): State<Web>,
    staff: Staff,
    method: Method,
    path: Path<(String, String)>,
) -> Answer {
    let (dossier, form) = asked(&path)?;
    let pdf = if method == Method::HEAD {
        let made = wait_for_slip(&web.app, &staff.actor, &dossier, form).await?;
        made.map(|_| Vec::new())
    } else {
        slip_content(&web.app, &staff.actor, &dossier, form).await?
    };
    if let Some(pdf) = pdf {
        return Ok(document(&name(form), pdf));
    }
    let url = format!("/ho-so/{dossier}/phieu/{}", form.number());
    waiting(&web, &staff, (&dossier, url), "web.slip").await
}

/// `POST /ho-so/{id}/phieu/01/in`: counts a print, and leads to what is printed.
async fn print(
    State(web): State<Web>,
    path: Path<(String, String)>,
    posted: Posted,
) -> Answer<Redirect> {
    let (dossier, form) = asked(&path)?;
    log_slip_print(&web.app, &posted.staff.actor, &dossier, form).await?;
    let slip = format!("/ho-so/{dossier}/phieu/{}", form.number());
    Ok(Redirect::to(&slip))
}

/// The name that a slip is saved by.
fn name(form: Form) -> String {
    format!("mau-{}.pdf", form.number())
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

/// A file that somebody outside wrote: shown, and never run.
pub(crate) fn foreign(name: &str, content: Vec<u8>) -> Response {
    let (kind, end) = match content.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => ("image/png", "png"),
        [0xff, 0xd8, 0xff, ..] => ("image/jpeg", "jpg"),
        [b'%', b'P', b'D', b'F', b'-', ..] => ("application/pdf", "pdf"),
        _ => ("application/octet-stream", "bin"),
    };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.{end}\""),
        ),
        (CONTENT_SECURITY_POLICY, FOREIGN_POLICY.to_owned()),
    ];
    (headers, content).into_response()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_outside_wrote_is_shown_and_never_run() {
        let kind =
            |content: &[u8]| foreign("don-rut", content.to_vec()).headers()[CONTENT_TYPE].clone();
        assert_eq!(kind(b"%PDF-1.7"), "application/pdf");
        assert_eq!(kind(b"\x89PNG\r\n"), "image/png");
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), "image/jpeg");
        assert_eq!(kind(b"<script>"), "application/octet-stream");
        let shown = foreign("don-rut", b"%PDF-1.7".to_vec());
        assert_eq!(
            shown.headers()[CONTENT_DISPOSITION],
            "inline; filename=\"don-rut.pdf\""
        );
        assert_eq!(shown.headers()[CONTENT_SECURITY_POLICY], FOREIGN_POLICY);
    }
}

//! A batch that is signed with the token at the desk: the page's script goes from one document to the
//! next, and asks what came of each.

use app::signing::local::{self, Attempt, Next};
use axum::extract::{Path, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;

use super::local::{FUNCTION, addresses, known};
use crate::error::Answer;
use crate::extract::Posted;
use crate::headers;
use crate::session::Staff;
use crate::state::Web;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ky-so/{batch}/{place}/ky-tai-cho", post(begin))
        .route("/ky-so/{batch}/{place}/ky-tai-cho/{attempt}", get(came))
}

/// What the page's script tells the program, or that there is nothing to tell.
#[derive(Debug, Default, Serialize)]
struct Begun {
    /// Whether the document is signed already.
    signed: bool,
    function: &'static str,
    file: String,
    upload: String,
    done: String,
}

/// `POST /ky-so/{batch}/{place}/ky-tai-cho`: gives out a document of the batch that was read.
async fn begin(
    State(web): State<Web>,
    Path((id, place)): Path<(String, i64)>,
    posted: Posted,
) -> Answer<Json<Begun>> {
    let staff = &posted.staff;
    let at = (id.as_str(), place);
    let next = local::begin_item(&web.app, &staff.actor, &staff.token, at).await?;
    let Next::Given(given) = next else {
        return Ok(Json(Begun {
            signed: true,
            ..Begun::default()
        }));
    };
    let (file, upload) = addresses(&given);
    Ok(Json(Begun {
        signed: false,
        function: FUNCTION,
        file,
        upload,
        done: format!("/ky-so/{id}/{place}/ky-tai-cho/{}", given.attempt),
    }))
}

/// What came of a document.
#[derive(Debug, Serialize)]
struct Came {
    /// `waiting`, `over`, `approved` or `refused`.
    state: &'static str,
    /// Why it was not taken, in words.
    words: String,
}

/// `GET /ky-so/{batch}/{place}/ky-tai-cho/{attempt}`: what came of an attempt; asked again it is the
/// same.
async fn came(
    State(web): State<Web>,
    staff: Staff,
    Path((id, place, attempt)): Path<(String, i64, String)>,
) -> Answer<Json<Came>> {
    let at = (id.as_str(), place);
    let found = local::attempt_at(&web.app, &staff.actor, at, &attempt).await?;
    let words = match &found {
        Attempt::Refused { reason } => known(staff.words(), reason),
        _ => String::new(),
    };
    Ok(Json(Came {
        state: found.as_str(),
        words,
    }))
}

/// Lets the page of a batch speak to the program on the person's machine, where its key is there.
pub(super) fn reaching(web: &Web, at_desk: bool, mut response: Response) -> Response {
    if at_desk {
        let policy = headers::reaching(web.config.local_token);
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

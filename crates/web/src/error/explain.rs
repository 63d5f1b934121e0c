//! Turns troubles into what the asker can read: a page in the frame at hand, or a problem.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::MatchedPath;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::layout::Frame;
use crate::pages::dossier::Fact;
use crate::session::{
    CSRF_HEADER, Staff, Visitor, held_cookie, is_safe, keep_held, language, return_address,
    sign_in_address, wants_json,
};
use crate::state::Web;
use crate::throttle;
use crate::words::Words;

use super::Trouble;
use super::kept::{Kept, KeptPage, action};
use super::said::{Problem, Said};

/// A trouble on its way out through [`explain`], which knows how the answer is read.
#[derive(Clone)]
pub(super) struct Carried(pub(super) Arc<Trouble>);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) said: Said,
}

#[derive(Template)]
#[template(path = "conflict.html")]
pub(crate) struct ConflictPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) said: Said,
    pub(crate) back: String,
    /// What was typed and not recorded.
    pub(crate) typed: Vec<Fact>,
}

/// Turns troubles, and refusals of the router itself, into what the asker can read.
pub(crate) async fn explain(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let carried = response.extensions().get::<Carried>().cloned();
    let trouble = match carried {
        Some(Carried(trouble)) => trouble,
        None if is_bare(&response) => Arc::new(Trouble::of_status(response.status())),
        None => return response,
    };
    let route = asked.extensions.get::<MatchedPath>();
    trouble.log(route.map_or("-", MatchedPath::as_str));
    let kept = response.extensions().get::<Kept>().cloned();
    let mut response = present(&web, &asked, (&trouble, kept)).await;
    if let Some(seconds) = retry_after(&web, response.status()) {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// Seconds after which to try again what broke or took too long: by then a database has restarted.
const MENDED: u16 = 30;

/// Seconds after which the same may be asked again.
fn retry_after(web: &Web, status: StatusCode) -> Option<u16> {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Some(throttle::wait(web.app.clock().now()).into()),
        StatusCode::SERVICE_UNAVAILABLE => Some(MENDED),
        _ => None,
    }
}

/// An error of the router or an extractor: a status with a plain line, or with nothing.
fn is_bare(response: &Response) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    failed && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

async fn present(web: &Web, asked: &Parts, (trouble, kept): (&Trouble, Option<Kept>)) -> Response {
    let staff = Staff::of(asked, web).await.ok();
    let w = match &staff {
        Some(staff) => staff.words(),
        None => Words(language(&asked.headers, asked.uri.query())),
    };
    let json = wants_json(&asked.headers, asked.uri.path());
    if matches!(trouble, Trouble::SignIn) && !json && kept.is_none() {
        return to_sign_in(asked);
    }
    let said = Said::of(trouble, w, web.app.clock().now().date());
    let staff = staff.as_ref();
    if json {
        as_json(said, trouble, staff)
    } else {
        as_page(web, asked, (said, kept), staff)
    }
}

fn as_json(said: Said, trouble: &Trouble, staff: Option<&Staff>) -> Response {
    let mut response = (said.status, Json(Problem::from(said))).into_response();
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    // After a new sign-in in another tab the page's secret is old: its script may take the new one,
    // which no other site can read.
    if let (Trouble::Forged, Some(staff)) = (trouble, staff)
        && let Ok(csrf) = HeaderValue::from_str(&staff.csrf)
    {
        response.headers_mut().insert(CSRF_HEADER, csrf);
    }
    response
}

fn as_page(
    web: &Web,
    asked: &Parts,
    (said, kept): (Said, Option<Kept>),
    staff: Option<&Staff>,
) -> Response {
    let frame = match staff {
        Some(staff) => Frame::quiet(web, staff),
        None => Frame::public(&Visitor {
            w: Words(language(&asked.headers, asked.uri.query())),
            here: asked.uri.path().to_owned(),
        }),
    };
    let (w, status) = (frame.w, said.status);
    if let Some(kept) = kept {
        return as_kept(web, asked, (frame, said, kept), staff.is_some());
    }
    let page = if status == StatusCode::CONFLICT {
        let back = page_of(asked.uri.path());
        ConflictPage {
            frame,
            w,
            said,
            back,
            typed: Vec::new(),
        }
        .render()
    } else {
        ErrorPage { frame, w, said }.render()
    };
    written(status, page)
}

fn written(status: StatusCode, page: askama::Result<String>) -> Response {
    match page {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(%error, "An error page could not be written");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The page that gives a form back. Who has to sign in first gets a cookie with it, so that the form
/// needs no secret of a session that is not there yet.
fn as_kept(
    web: &Web,
    asked: &Parts,
    (frame, said, kept): (Frame, Said, Kept),
    signed_in: bool,
) -> Response {
    let status = said.status;
    let (mut held, mut sign_in) = (String::new(), String::new());
    if !signed_in {
        let known = held_cookie(&asked.headers, web.config);
        held = known.unwrap_or_else(|| web.app.ids().token());
        sign_in = sign_in_address(&page_of(asked.uri.path()));
    }
    let kept = KeptPage {
        w: frame.w,
        frame,
        said,
        action: action(asked),
        fields: kept.fields,
        files: kept.files,
        held: held.clone(),
        sign_in,
    };
    let mut response = written(status, kept.render());
    if !held.is_empty() {
        let cookie = keep_held(&held, web.config);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The page that a form was on: `/ho-so/{id}` of `/ho-so/{id}/viec/forward`.
fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .take(2)
        .collect();
    format!("/{}", parts.join("/"))
}

/// To the sign-in page, and back to what was asked for; a form that was sent cannot be asked again.
fn to_sign_in(asked: &Parts) -> Response {
    let back = if is_safe(&asked.method) {
        return_address(&asked.uri)
    } else {
        page_of(asked.uri.path())
    };
    (StatusCode::SEE_OTHER, [(LOCATION, sign_in_address(&back))]).into_response()
}

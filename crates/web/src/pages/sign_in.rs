//! Signing in and out, the language, and where a day begins.

use app::people::{self, Credentials, NotSignedIn, Opened};
use app::words::Language;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::common::page;
use crate::error::{Answer, FaultLine, Trouble, not_signed_in};
use crate::extract::{Address, Guest, Posted};
use crate::layout::{Frame, first_page};
use crate::session::{
    Staff, Visitor, form_cookie, keep_form, keep_session, local, sign_in_address,
};
use crate::state::Web;
use crate::throttle::Purpose;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(start))
        .route("/dang-nhap", get(show).post(enter))
        .route("/dang-xuat", post(leave))
        .route("/ngon-ngu", post(language))
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
pub(crate) struct SignInPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) csrf: String,
    pub(crate) next: String,
    pub(crate) login: String,
    pub(crate) fault: String,
    pub(crate) code_needed: bool,
}

impl SignInPage {
    /// What is wrong, at the field where one begins to mend it.
    fn faults(&self) -> Vec<FaultLine> {
        let field = if self.code_needed { "code" } else { "login" };
        FaultLine::one(field, &self.fault)
    }
}

#[derive(Debug, Deserialize)]
struct Next {
    #[serde(default)]
    tiep: String,
}

/// `GET /`: to the first page of the person's roles.
async fn start(staff: Staff) -> Redirect {
    Redirect::to(first_page(&staff.actor))
}

/// `GET /dang-nhap`.
async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Answer {
    let known = form_cookie(&headers, web.config);
    let csrf = known.unwrap_or_else(|| web.app.ids().token());
    let cookie = keep_form(&csrf, web.config);
    let next = local(&next.tiep);
    let form = SignInPage {
        w: visitor.w,
        frame: frame(visitor.w, next),
        csrf,
        next: next.to_owned(),
        login: String::new(),
        fault: String::new(),
        code_needed: false,
    };
    let mut response = page(&form)?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// The frame of the form: in the other language it leads on to the same page.
fn frame(w: Words, next: &str) -> Frame {
    let here = sign_in_address(next);
    Frame::public(&Visitor { w, here })
}

/// `POST /dang-nhap`.
async fn enter(
    State(web): State<Web>,
    Address(address): Address,
    headers: HeaderMap,
    guest: Guest,
) -> Answer {
    if !web
        .throttle
        .allows(Purpose::SignIn, address, web.app.clock().now())
    {
        return Err(Trouble::TooMany);
    }
    let given = Credentials {
        login: guest.typed.get("login").to_lowercase(),
        password: password(&guest),
        code: guest.typed.get("code").to_owned(),
        language: guest.visitor.w.0,
    };
    match people::sign_in(&web.app, given).await {
        Ok(opened) => Ok(welcome(&web, &opened, guest.typed.get("next"))),
        Err(NotSignedIn::Broken(no)) => Err(Trouble::No(no)),
        Err(why) => again(
            &guest,
            form_cookie(&headers, web.config).unwrap_or_default(),
            &why,
        ),
    }
}

fn welcome(web: &Web, opened: &Opened, next: &str) -> Response {
    let cookie = keep_session(&opened.token, web.config);
    ([(SET_COOKIE, cookie)], Redirect::to(local(next))).into_response()
}

/// The form once more, with what is wrong; nothing typed is lost but the secrets.
fn again(guest: &Guest, csrf: String, why: &NotSignedIn) -> Answer {
    let w = guest.visitor.w;
    // Being asked for a code is the next step, not a mistake.
    let asked = matches!(why, NotSignedIn::CodeNeeded);
    let fault = if asked {
        String::new()
    } else {
        not_signed_in(w, why)
    };
    let next = local(guest.typed.get("next"));
    let form = SignInPage {
        frame: frame(w, next),
        w,
        csrf,
        next: next.to_owned(),
        login: guest.typed.get("login").to_owned(),
        fault,
        code_needed: asked || !guest.typed.get("code").is_empty(),
    };
    let mut response = page(&form)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// `POST /dang-xuat`.
async fn leave(State(web): State<Web>, posted: Posted) -> Answer {
    people::sign_out(&web.app, &posted.staff.token).await?;
    let cookie = keep_session("", web.config);
    // A counter is shared: what this person typed does not stay in the browser.
    let clear = HeaderValue::from_static("\"storage\"");
    let headers = [
        (SET_COOKIE, cookie),
        (HeaderName::from_static("clear-site-data"), clear),
    ];
    Ok((headers, Redirect::to("/dang-nhap")).into_response())
}

/// `POST /ngon-ngu`: the language of the session, and back.
async fn language(State(web): State<Web>, posted: Posted) -> Answer {
    let chosen = Language::parse(posted.typed.get("ngon-ngu"));
    people::set_language(&web.app, &posted.staff.token, chosen).await?;
    Ok(Redirect::to(local(posted.typed.get("ve"))).into_response())
}

/// The password as typed: blanks at its ends belong to it.
fn password(guest: &Guest) -> String {
    let mut fields = guest.typed.iter();
    fields
        .find(|(name, _)| *name == "password")
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default()
}

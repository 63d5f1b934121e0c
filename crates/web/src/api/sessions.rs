//! Opening and closing sessions.

use app::people::{self, Credentials, NotSignedIn};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use crate::error::{Answer, Problem, Trouble};
use crate::extract::Address;
use crate::session::{Staff, Visitor, keep_session};
use crate::state::Web;
use crate::throttle::Purpose;

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SignIn {
    /// Name of the account.
    login: String,
    /// Password.
    password: String,
    /// One-time code, where the account has one.
    #[serde(default)]
    code: String,
}

/// An open session; its secret is in the cookie.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Opened {
    /// To be sent as `X-CSRF-Token` with every request that changes something.
    csrf: String,
}

/// Opens a session.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", request_body = SignIn,
    responses((status = 201, body = Opened, description = "Opened; the cookie is set"),
        (status = 401, body = Problem, description = "Not signed in, and why"),
        (status = 429, body = Problem, description = "Too often; Retry-After says how many seconds to wait")))]
pub(crate) async fn open(
    State(web): State<Web>,
    Address(address): Address,
    visitor: Visitor,
    Body(given): Body<SignIn>,
) -> Answer {
    if !web
        .throttle
        .allows(Purpose::SignIn, address, web.app.clock().now())
    {
        return Err(Trouble::TooMany);
    }
    let given = Credentials {
        login: given.login.trim().to_lowercase(),
        password: given.password,
        code: given.code,
        language: visitor.w.0,
    };
    match people::sign_in(&web.app, given).await {
        Ok(opened) => {
            let cookie = keep_session(&opened.token, web.config);
            let body = Json(Opened { csrf: opened.csrf });
            Ok((StatusCode::CREATED, [(SET_COOKIE, cookie)], body).into_response())
        }
        Err(NotSignedIn::Broken(no)) => Err(no.into()),
        Err(why) => Err(Trouble::Unknown(why)),
    }
}

/// Closes the session.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "sessions", security(("session" = [])),
    params(("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Closed"), (status = 401, body = Problem, description = "No session")))]
pub(crate) async fn close(State(web): State<Web>, staff: Staff) -> Answer {
    people::sign_out(&web.app, &staff.token).await?;
    let cookie = [(SET_COOKIE, keep_session("", web.config))];
    let response: Response = (StatusCode::NO_CONTENT, cookie).into_response();
    Ok(response)
}

//! What was typed into a form that could not be taken: the answer gives it back, to be sent again.

use askama::Template;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::layout::Frame;
use crate::session::{CSRF_FIELD, HELD_FIELD, header, is_safe, wants_json};
use crate::words::Words;

use super::explain::Carried;
use super::{Said, Trouble};

/// Bytes of a form that is given back.
const MOST: usize = 1024 * 1024;
/// Forms with nothing to give back: entering and leaving, and the language.
const NOT_WORTH: [&str; 3] = ["/dang-nhap", "/dang-xuat", "/ngon-ngu"];

/// The fields of a form that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept(pub(super) Vec<(String, String)>);

/// The page that gives them back.
#[derive(Template)]
#[template(path = "kept.html")]
pub(crate) struct KeptPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) said: Said,
    /// Where the form goes.
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
    /// The secret of the cookie that goes out with it, by which the form is taken after signing in;
    /// empty for who is signed in.
    pub(crate) held: String,
    /// Where to sign in, in another tab; empty for who is signed in.
    pub(crate) sign_in: String,
}

/// Holds the fields of a form until its answer is known. A form that came from another site is not
/// given back: one press would send here what somebody else wrote.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    if !is_worth_keeping(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else {
        return Trouble::Unreadable.into_response();
    };
    let request = Request::from_parts(parts, Body::from(body.clone()));
    let mut response = next.run(request).await;
    let lost = response
        .extensions()
        .get::<Carried>()
        .is_some_and(|carried| matches!(*carried.0, Trouble::SignIn | Trouble::Forged));
    if let Some(kept) = lost.then(|| fields(&body)).flatten() {
        response.extensions_mut().insert(kept);
    }
    response
}

fn is_worth_keeping(request: &Request) -> bool {
    let (headers, path) = (request.headers(), request.uri().path());
    let length: Option<usize> = header(headers, CONTENT_LENGTH.as_str()).parse().ok();
    let from = header(headers, "sec-fetch-site");
    !is_safe(request.method())
        && !wants_json(headers, path)
        && header(headers, CONTENT_TYPE.as_str()).starts_with("application/x-www-form-urlencoded")
        && length.is_some_and(|length| length <= MOST)
        && matches!(from, "" | "same-origin")
        && !NOT_WORTH.contains(&path)
}

/// All but secrets, in their order.
fn fields(body: &Bytes) -> Option<Kept> {
    let fields: Vec<(String, String)> = serde_html_form::from_bytes(body).ok()?;
    let is_secret =
        |name: &str| [CSRF_FIELD, HELD_FIELD].contains(&name) || name.contains("password");
    let plain = fields.into_iter().filter(|(name, _)| !is_secret(name));
    let plain = plain.map(|(name, value)| (name, value.replace('\0', "")));
    Some(Kept(plain.collect()))
}

/// Where a form was sent, to be sent there again.
pub(super) fn action(asked: &Parts) -> String {
    let address = asked.uri.path_and_query().map_or("/", |path| path.as_str());
    crate::session::local(address).to_owned()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    fn form(path: &str) -> axum::http::request::Builder {
        let kind = "application/x-www-form-urlencoded";
        Request::post(path)
            .header(CONTENT_TYPE, kind)
            .header(CONTENT_LENGTH, "20")
    }

    async fn sent(request: Request) -> Option<Kept> {
        let site = Router::new()
            .fallback(post(async || Trouble::SignIn))
            .layer(from_fn(keep));
        let response = site.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        response.extensions().get::<Kept>().cloned()
    }

    #[tokio::test]
    async fn a_form_that_was_not_taken_keeps_all_but_its_secrets() {
        let body = "reason=Thi%E1%BA%BFu%0D%0Atrang&ask=1&ask=2&_csrf=s&_giu=h&password=p&_khoa=k";
        let request = form("/ho-so/01a/ask_supplement").body(body.into()).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let kept = vec![
            pair("reason", "Thiếu\r\ntrang"),
            pair("ask", "1"),
            pair("ask", "2"),
            pair("_khoa", "k"),
        ];
        assert_eq!(sent(request).await, Some(Kept(kept)));
    }

    #[tokio::test]
    async fn what_another_site_wrote_is_not_given_back() {
        let body = || Body::from("reason=x");
        let from = |site: &str| form("/ho-so/01a/decline").header("sec-fetch-site", site);
        assert!(
            sent(from("same-origin").body(body()).unwrap())
                .await
                .is_some()
        );
        assert!(
            sent(from("cross-site").body(body()).unwrap())
                .await
                .is_none()
        );
        assert!(
            sent(from("same-site").body(body()).unwrap())
                .await
                .is_none()
        );
        let script = form("/tiep-nhan").header("accept", "application/json");
        assert!(sent(script.body(body()).unwrap()).await.is_none());
        assert!(
            sent(form("/dang-xuat").body(body()).unwrap())
                .await
                .is_none()
        );
    }
}

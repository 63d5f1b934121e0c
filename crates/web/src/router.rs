//! Every route on one screen, and the layers round them.

use std::any::Any;
use std::time::Duration;

use app::{App, No};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span};

use crate::error::{Trouble, explain};
use crate::session::{header, remember_language};
use crate::state::{Web, WebConfig};
use crate::{api, assets, headers, pages};

/// Bytes of a form.
const FORM_BYTES: usize = 1024 * 1024;
/// Seconds after which an answer comes too late.
const PATIENCE: Duration = Duration::from_secs(30);
const REQUEST_ID: &str = "x-request-id";

/// The whole site.
pub fn router(app: App, config: WebConfig) -> Router {
    let web = Web::new(app, config);
    let answered = DefaultOnResponse::new().level(Level::INFO);
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route(&format!("{}{{*file}}", assets::ROOT), get(assets::get))
        .merge(pages::routes())
        .merge(api::routes())
        .fallback(async || Trouble::Missing)
        .method_not_allowed_fallback(async || Trouble::Method)
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(from_fn_with_state(web.clone(), remember_language))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            PATIENCE,
        ))
        .layer(CatchPanicLayer::custom(of_panic))
        .layer(from_fn_with_state(web.clone(), explain))
        .layer(from_fn_with_state(config, headers::secure))
        .layer(CompressionLayer::new().compress_when(compressed()))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(answered),
        )
        .layer(PropagateRequestIdLayer::new(HeaderName::from_static(
            REQUEST_ID,
        )))
        .layer(SetRequestIdLayer::new(
            HeaderName::from_static(REQUEST_ID),
            MakeRequestUuid,
        ))
        .with_state(web)
}

/// What is compressed: no page. A page repeats what was asked beside the secret of its forms;
/// compressed, its length would tell the one by guesses at the other.
fn compressed() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::const_new("text/html"))
}

/// What a panic comes to: an answer, like everything that breaks.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over by value"
)]
fn of_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let what = format!("a panic: {}", text.unwrap_or("without words"));
    Trouble::No(No::Broken(what.into())).into_response()
}

/// A request in the log: its route, never its path or query, which may name somebody.
fn span(request: &Request) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    let id = header(request.headers(), REQUEST_ID);
    tracing::info_span!("request", method = %request.method(), route, id)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
    use tower::ServiceExt as _;

    use super::*;

    fn asked(path: &str) -> Request {
        let request = Request::get(path).header(ACCEPT_ENCODING, "gzip");
        request.body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn assets_are_compressed_and_pages_are_not() {
        let long = "x".repeat(4_000);
        let site = Router::new()
            .fallback(async move |uri: axum::http::Uri| {
                ([(CONTENT_TYPE, format!("text{}", uri.path()))], long)
            })
            .layer(CompressionLayer::new().compress_when(compressed()));
        let css = site.clone().oneshot(asked("/css")).await.unwrap();
        assert_eq!(css.headers()[CONTENT_ENCODING], "gzip");
        let html = site.oneshot(asked("/html")).await.unwrap();
        assert!(!html.headers().contains_key(CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn a_panic_is_answered() {
        let site: Router = Router::new()
            .fallback(async || -> &'static str { panic!("a bug") })
            .layer(CatchPanicLayer::custom(of_panic));
        let response = site.oneshot(asked("/")).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}

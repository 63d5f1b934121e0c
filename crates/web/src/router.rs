//! Every route on one screen, and the layers round them.

use std::time::Duration;

use app::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
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
        .layer(from_fn_with_state(web.clone(), explain))
        .layer(from_fn(headers::secure))
        .layer(CompressionLayer::new())
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

/// A request in the log: its route, never its path or query, which may name somebody.
fn span(request: &Request) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    let id = header(request.headers(), REQUEST_ID);
    tracing::info_span!("request", method = %request.method(), route, id)
}

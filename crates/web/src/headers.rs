//! What every response tells the browser about trust.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, HeaderName, STRICT_TRANSPORT_SECURITY};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::{LocalToken, WebConfig};

/// Nothing but our own files; nothing inline; framed by ourselves alone, for slips.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; \
    frame-ancestors 'self'; base-uri 'none'";

/// The usual policy, and one program on the reader's own machine that the page's script may speak to.
pub(crate) fn reaching(service: LocalToken) -> HeaderValue {
    let reach = format!("connect-src 'self' {service}");
    let policy = POLICY.replace("connect-src 'self'", &reach);
    HeaderValue::from_str(&policy).expect("a scheme, an address and a port are plain")
}

/// The policy of a document that the browser's own viewer shows: it is framed by us alone, and
/// the viewer brings its own parts.
pub(crate) const DOCUMENT_POLICY: &str = "frame-ancestors 'self'; base-uri 'none'";

/// The policy of a file that somebody outside wrote: it runs nothing and asks for nothing. The styles
/// are those of the browser's own frame round a picture.
pub(crate) const FOREIGN_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

const FIXED: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    ("x-frame-options", "SAMEORIGIN"),
];

/// Adds what the handler has not set itself.
pub(crate) async fn secure(
    State(config): State<WebConfig>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        let name = HeaderName::from_static(name);
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    // Without TLS browsers ignore it; with it, a year of no other way in.
    if config.secure_cookies {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use tower::ServiceExt as _;

    use super::*;

    async fn told(secure_cookies: bool) -> Response {
        let config = WebConfig {
            secure_cookies,
            ..WebConfig::default()
        };
        let site = Router::new()
            .fallback(async || "ok")
            .layer(from_fn_with_state(config, secure));
        site.oneshot(Request::new(Body::empty())).await.unwrap()
    }

    #[tokio::test]
    async fn tls_is_the_only_way_in_where_there_is_tls() {
        let strict = told(true).await;
        assert_eq!(
            strict.headers()[STRICT_TRANSPORT_SECURITY],
            "max-age=31536000"
        );
        assert_eq!(strict.headers()["x-content-type-options"], "nosniff");
        assert_eq!(strict.headers()[CACHE_CONTROL], "no-store");
        let plain = told(false).await;
        assert!(!plain.headers().contains_key(STRICT_TRANSPORT_SECURITY));
    }
}

//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::error::Trouble;
use crate::state::Web;

/// The address of the one who asks, where it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(pub(crate) Option<IpAddr>);

impl FromRequestParts<Web> for Address {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let direct = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        Ok(Self(if web.config.behind_proxy {
            told(&parts.headers).or(direct)
        } else {
            direct
        }))
    }
}

/// The address that our own proxy wrote: the last entry of the last line. The rest, lines before it
/// included, is whatever the client sent.
fn told(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?;
    line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_what_our_proxy_wrote_last_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(told(&headers), None);
        let line = |text| HeaderValue::from_static(text);
        headers.append("x-forwarded-for", line("10.9.9.9, 10.8.8.8"));
        assert_eq!(told(&headers), Some(IpAddr::from([10, 8, 8, 8])));
        headers.append("x-forwarded-for", line("203.0.113.7"));
        assert_eq!(told(&headers), Some(IpAddr::from([203, 0, 113, 7])));
        headers.append("x-forwarded-for", line("unknown"));
        assert_eq!(told(&headers), None, "no earlier line stands in");
    }
}

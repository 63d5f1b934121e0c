//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::error::Trouble;
use crate::session::header;
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
        // Only the last entry was written by our own proxy; the rest is whatever the client sent.
        let told = header(&parts.headers, "x-forwarded-for").rsplit(',').next();
        let told = told.and_then(|text| text.trim().parse().ok());
        Ok(Self(if web.config.behind_proxy {
            told.or(direct)
        } else {
            direct
        }))
    }
}

//! The one-time key of a program's request.

use app::OnceKey;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Trouble;
use crate::session::header;
use crate::state::Web;

/// The header `Idempotency-Key`: sent twice, a request has its effect once.
#[derive(Debug)]
pub(crate) struct Once(pub(crate) OnceKey);

impl FromRequestParts<Web> for Once {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Trouble> {
        let key = OnceKey::parse(header(&parts.headers, "idempotency-key"));
        key.map(Self).map_err(|_| Trouble::Keyless)
    }
}

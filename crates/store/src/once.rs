//! One-time keys of requests.

use domain::ids::{DossierCode, DossierId};

use crate::append::Appended;
use crate::backend::on;
use crate::store::{Store, StoreError};

/// The one-time key of a form or request: what was answered once is answered the same again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey(String);

/// The text is no one-time key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a one-time key has 8 to 100 letters, digits, `-`, `_`, `.` or `:`")]
pub struct BadOnceKey;

impl OnceKey {
    /// Reads a key: 8 to 100 letters, digits, `-`, `_`, `.` or `:`.
    pub fn parse(text: &str) -> Result<Self, BadOnceKey> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
        if (8..=100).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadOnceKey)
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<OnceKey> for String {
    fn from(key: OnceKey) -> Self {
        key.0
    }
}

const ONCE: &str = "SELECT e.stream, e.once_last, d.code FROM event e \
     JOIN dossier d ON d.id = e.stream WHERE e.once_key = $1";

impl Store {
    /// What the request with this key did, when it was carried out before.
    pub async fn answered(&self, key: &OnceKey) -> Result<Option<Appended>, StoreError> {
        let found: Option<(String, i64, Option<String>)> = on!(&self.reads, pool => {
            sqlx::query_as(ONCE).bind(key.as_str()).fetch_optional(pool).await
        })?;
        let Some((stream, last, code)) = found else {
            return Ok(None);
        };
        let bad = |why: String| StoreError::inconsistent("event", &stream, why);
        Ok(Some(Appended {
            dossier: DossierId::parse(&stream).map_err(|why| bad(why.to_string()))?,
            version: u32::try_from(last).map_err(|why| bad(why.to_string()))?,
            code: code
                .map(|code| DossierCode::parse(&code).map_err(|why| bad(why.to_string())))
                .transpose()?,
        }))
    }
}

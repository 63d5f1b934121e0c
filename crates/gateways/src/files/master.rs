//! Who wraps the data keys: the master keys of the ring, or a token.

use std::sync::Arc;

use app::keys::{KeyId, Keyring, Wrapped};

use super::{FilesError, TokenKeys, blocking};

/// The master keys of files.
#[derive(Clone)]
pub(super) enum Masters {
    /// Those of the key file.
    Ring(Keyring),
    /// Those on a token; the ring's open what was wrapped before there was one.
    Token(Arc<TokenKeys>, Keyring),
}

impl Masters {
    /// Which master key wraps now.
    pub(super) fn newest(&self) -> KeyId {
        match self {
            Self::Ring(keys) => keys.newest(),
            Self::Token(token, _) => token.newest(),
        }
    }

    pub(super) async fn wrap(&self, name: &[u8], key: &[u8; 32]) -> Result<Wrapped, FilesError> {
        match self {
            Self::Ring(keys) => Ok(keys.wrap(name, key)),
            Self::Token(token, _) => {
                let (token, name, key) = (Arc::clone(token), name.to_vec(), *key);
                blocking(move || token.wrap(&name, &key)).await
            }
        }
    }

    pub(super) async fn unwrap(
        &self,
        name: &[u8],
        wrapped: &Wrapped,
    ) -> Result<[u8; 32], FilesError> {
        match self {
            Self::Token(token, _) if token.holds(wrapped.by) => {
                let (token, name, wrapped) = (Arc::clone(token), name.to_vec(), wrapped.clone());
                blocking(move || token.unwrap(&name, &wrapped)).await
            }
            Self::Ring(keys) | Self::Token(_, keys) => Ok(keys.unwrap_key(name, wrapped)?),
        }
    }
}

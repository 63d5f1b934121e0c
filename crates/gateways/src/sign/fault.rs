//! What can go wrong with a signature.

use std::error::Error;

use jiff::Timestamp;

/// What another library or a few words say.
pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum SignFault {
    /// The PDF is none, or is of a kind that is not signed.
    #[error("the document cannot take a signature: {0}")]
    Document(String),
    /// A field is missing, taken, or of another kind.
    #[error("field `{name}` {why}")]
    Field {
        /// The field's whole name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A certificate cannot be read or does not serve.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
    /// A certificate was revoked before it signed.
    #[error("a certificate is revoked since {0}")]
    Revoked(Timestamp),
    /// The visible part cannot be drawn.
    #[error("the appearance cannot be drawn: {0}")]
    Appearance(String),
    /// The signature was made by another key, or over something else.
    #[error("the signature is not by the key of its certificate")]
    Mismatch,
    /// More signature came than place was left.
    #[error("a signature of {needed} bytes does not fit into {room}")]
    Room {
        /// Bytes that came.
        needed: usize,
        /// Bytes left for them.
        room: usize,
    },
    /// The key did not sign.
    #[error("the key did not sign")]
    Key(#[from] KeyFault),
    /// A service did not answer as it should; it may do so later.
    #[error("the service gave no answer for now: {0}")]
    Later(String),
    /// A service said no; asking again will not help.
    #[error("the service refuses: {0}")]
    Refused(String),
}

impl SignFault {
    /// Whether the same call may succeed later without anybody changing anything.
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Self::Later(_) | Self::Key(KeyFault::Busy | KeyFault::Paused)
        )
    }

    pub(super) fn document(why: impl Into<Cause>) -> Self {
        Self::Document(why.into().to_string())
    }

    pub(super) fn certificate(why: impl Into<Cause>) -> Self {
        Self::Certificate(why.into().to_string())
    }

    pub(super) fn appearance(why: impl Into<Cause>) -> Self {
        Self::Appearance(why.into().to_string())
    }
}

/// Why a key did not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The PIN is wrong.
    #[error("the PIN is wrong")]
    Pin,
    /// Too many wrong PINs; the token must be released by its issuer.
    #[error("the PIN is locked")]
    PinLocked,
    /// The next wrong PIN would lock the token: nobody tries one here.
    #[error("one more wrong PIN would lock the token")]
    LastTry,
    /// The token counts a wrong PIN, and nobody knows whether this one is right.
    #[error("a wrong PIN was entered since the token was last unlocked")]
    WrongBefore,
    /// Another program has the token unlocked, or as many sessions on it as it has.
    #[error("the token is in use")]
    Busy,
    /// Too many wrong PINs came while it was unlocked: for a while nobody joins.
    #[error("too many wrong PINs came while the token was unlocked")]
    Paused,
    /// No token of that label is there.
    #[error("the token is absent")]
    NoToken,
    /// The token has no such key.
    #[error("the token has no such key")]
    NoKey,
    /// The file is no private key that we use.
    #[error("the private key cannot be used")]
    Unusable,
    /// The device or its driver failed.
    #[error("the token failed: {0}")]
    Device(String),
}

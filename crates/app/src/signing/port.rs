//! What puts signatures on documents. Which tokens, services and authorities there are is known
//! elsewhere.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::certificate::{KeyAt, Keys};
use jiff::civil::DateTime;

use crate::certificates::Signer;

use super::proof::Proofs;
use super::remote::RemoteKeys;

/// What unlocks a key. Never kept, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// The PIN as it was typed.
    pub fn new(typed: &str) -> Self {
        Self(typed.trim().to_owned())
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was typed, for the key alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

/// Whose signature it is, and what it adds to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningAct {
    /// A person signs, first of all (NĐ 30/2020/NĐ-CP Điều 13).
    Person {
        /// Her name.
        name: String,
    },
    /// The agency seals what the person signed, with its number and its day.
    Seal {
        /// The agency's name.
        agency: String,
        /// The number.
        number: String,
        /// The symbol after it.
        symbol: String,
        /// The day in words, `ngày 23 tháng 11 năm 2026`.
        day: String,
    },
}

/// One signature to be put on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// The document, PDF.
    pub document: Vec<u8>,
    /// Whose signature.
    pub act: SigningAct,
    /// When, local time of Viet Nam.
    pub at: DateTime,
}

/// Why a document was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The PIN is wrong.
    #[error("the PIN is wrong")]
    WrongPin,
    /// The key is locked after too many wrong PINs.
    #[error("the key is locked")]
    Locked,
    /// The key is not where the register says.
    #[error("there is no such key: {0}")]
    NoKey(String),
    /// The key is one that another way of signing uses.
    #[error("the key does not sign here")]
    OtherWay,
    /// The document cannot be signed.
    #[error("the document cannot be signed: {0}")]
    Document(String),
    /// What was signed elsewhere is not what was given, or not signed as it should be.
    #[error("the document that came back is not to be taken: {0}")]
    NotWhole(String),
    /// The token, the service or the time-stamp authority does not answer.
    #[error("signing is not possible now: {0}")]
    Unavailable(String),
}

/// A key that is open, for any number of signatures.
#[async_trait]
pub trait Hand: Send + Sync {
    /// Signs; what was in the document stays byte for byte, and the signature with what it adds
    /// comes after it.
    async fn sign(&self, what: ToSign) -> Result<Vec<u8>, SignError>;
}

/// Signs documents.
#[async_trait]
pub trait Signatures: Proofs {
    /// With which keys is signed here.
    fn keys(&self) -> Keys;

    /// A document made elsewhere with places for number, day and signatures.
    /// [`SignError::Document`] when it can have none: it is signed already, broken or dangerous.
    async fn ready(&self, document: Vec<u8>) -> Result<Vec<u8>, SignError>;

    /// Opens the key of a person.
    async fn unlock(&self, signer: &Signer, pin: &Pin) -> Result<Arc<dyn Hand>, SignError>;

    /// A document that was signed elsewhere, as it is to be kept: the given one byte for byte with
    /// one revision after it, which holds nothing but a good signature of the signer's certificate.
    /// It gets its time stamp when it came without one.
    /// [`SignError::NotWhole`] when it is anything else.
    async fn signed_elsewhere(
        &self,
        given: ToSign,
        found: Vec<u8>,
        signer: &Signer,
    ) -> Result<Vec<u8>, SignError>;

    /// Services that keep keys of people; none where none is configured.
    fn remote(&self) -> Option<&dyn RemoteKeys> {
        None
    }

    /// Whether an agency can seal with a key where this one lies, with nobody there.
    fn seals(&self, key: &KeyAt) -> bool {
        matches!(key, KeyAt::Token { .. } | KeyAt::Soft)
    }

    /// Opens the key of an agency, with what the configuration says.
    async fn seal(&self, signer: &Signer) -> Result<Arc<dyn Hand>, SignError>;
}

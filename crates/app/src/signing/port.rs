//! What puts signatures on documents. Which tokens, services and authorities there are is known
//! elsewhere.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::certificate::{KeyAt, Keys};
use domain::ids::FileHash;
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

/// Whether a PIN that nobody types was right before, or a person has it tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// So it is.
    Yes,
    /// It may be wrong.
    No,
}

/// Whose signature it is, and what it adds to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningAct {
    /// A person signs, first of all (NĐ 30/2020/NĐ-CP Điều 13).
    Person {
        /// Her name.
        name: String,
        /// The attachments in files of their own, which her signature names by their hashes.
        attachments: Vec<FileHash>,
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
    /// The agency seals the electronic copy of an original on paper (Điều 25, Phụ lục I phần II).
    Copy {
        /// The form of the copy, `SAO Y`.
        form: String,
        /// The agency's name.
        agency: String,
    },
    /// The agency seals an attachment in a file of its own (NĐ 30/2020/NĐ-CP, Phụ lục I).
    Attachment {
        /// The agency's name.
        agency: String,
        /// To which document it belongs, in words.
        belongs: String,
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
    /// The next wrong PIN would lock the key: none is tried here.
    #[error("one more wrong PIN would lock the key")]
    LastTry,
    /// The key counts a wrong PIN, and nobody knows whether this one is right.
    #[error("a wrong PIN was entered since the key was last unlocked")]
    WrongBefore,
    /// The configuration names no PIN of the key, or names it where others could read it.
    #[error("no PIN is configured: {0}")]
    NoPin(String),
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
    NotWhole(NotWhole),
    /// Another has the key open now, and it takes no second one.
    #[error("the key is in use")]
    Busy,
    /// Too many wrong PINs came while the key was open; it takes none for a while.
    #[error("too many wrong PINs came while the key was open")]
    Paused,
    /// The time-stamp authority does not answer; the key may be as good as ever.
    #[error("there is no time stamp: {0}")]
    NoStamp(String),
    /// The token or the service does not answer.
    #[error("signing is not possible now: {0}")]
    Unavailable(String),
}

/// Why a document that was signed elsewhere is not to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotWhole {
    /// It does not begin with what was given to be signed.
    #[error("other bytes")]
    OtherBytes,
    /// Much more was added than a signature takes.
    #[error("more was added than a signature takes")]
    TooLong,
    /// It cannot be read safely.
    #[error("unreadable")]
    Unreadable,
    /// Its signature is not in the place of the person.
    #[error("the signature is not in the place of the person")]
    OtherPlace,
    /// Not one signature more, or more than a signature.
    #[error("more or less than one signature was added")]
    NotOneSignature,
    /// Another certificate signed.
    #[error("another certificate signed")]
    OtherCertificate,
    /// The signature is wrong, weak, or does not cover the document.
    #[error("the signature is not sound")]
    Unsound,
    /// Its time stamp is broken, or of nobody who is trusted.
    #[error("the time stamp of the signature is not trusted")]
    Stamp,
    /// The signature leaves no way for number, day and seal.
    #[error("the signature forbids others after it")]
    Closed,
}

impl NotWhole {
    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::OtherBytes => "fault.document_not_whole",
            Self::TooLong => "fault.signed_long",
            Self::Unreadable => "fault.signed_unreadable",
            Self::OtherPlace => "fault.signed_place",
            Self::NotOneSignature => "fault.signed_more",
            Self::OtherCertificate => "fault.signed_certificate",
            Self::Unsound => "fault.signed_unsound",
            Self::Stamp => "fault.signed_stamp",
            Self::Closed => "fault.signed_closed",
        }
    }
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

    /// Whether a document from outside can be sealed as an attachment.
    /// [`SignError::Document`] when it cannot: it is signed already, broken or dangerous.
    async fn attachable(&self, document: Vec<u8>) -> Result<(), SignError>;

    /// Whether number, day and the agency's signature still have their places on a signed document.
    /// [`SignError::Document`] when they have not.
    async fn sealable(&self, document: Vec<u8>) -> Result<(), SignError>;

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

    /// What unlocks the key of an agency, as the configuration says at this moment.
    /// [`SignError::NoPin`] when it says nothing of it.
    async fn seal_pin(&self, key: &KeyAt) -> Result<Pin, SignError>;

    /// Opens the key of an agency. A PIN that nobody is sure of is not tried on a token that counts a
    /// wrong one: [`SignError::WrongBefore`].
    async fn seal(&self, signer: &Signer, pin: (&Pin, Sure)) -> Result<Arc<dyn Hand>, SignError>;
}

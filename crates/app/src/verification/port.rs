//! What validation says in our own words, and who is asked for it.

use async_trait::async_trait;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::ports::PortError;

/// What is known of the signatures of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Key of the words about the whole file: the gravest of its signatures, that there is none, or
    /// why it cannot be read.
    pub key: String,
    /// Signatures and time stamps, in the order in which they were made.
    pub signatures: Vec<Signature>,
}

/// One signature or time stamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// What it is for.
    pub kind: SignatureKind,
    /// Whose certificate it is, by its common name; empty when it cannot be read.
    pub who: String,
    /// SHA-256 of its certificate, hexadecimal digits; empty when it cannot be read.
    #[serde(default)]
    pub fingerprint: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// The root to which the certificate leads, `national`, `government` or `other`; empty where it
    /// leads to none that is trusted.
    pub root: String,
    /// When: as a time stamp proves, else as the signer says. Time of Viet Nam.
    pub at: Option<DateTime>,
    /// Whether a trusted time stamp proves the time.
    pub proven: bool,
    /// Key of the words about it.
    pub key: String,
    /// Key of the words about the file since.
    pub since: String,
}

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// A person or agency signs.
    Signature,
    /// An authority proves when everything before it was there.
    TimeStamp,
}

/// Key of the words about a file of which everything was asked and nothing speaks against it.
pub(crate) const VALID: &str = "signature.valid";
/// Key of the words about a file without signatures.
pub(super) const NONE: &str = "signature.none";
/// Key of the words about a file that was changed after it was signed.
pub(super) const ALTERED: &str = "signature.since.altered";

impl Verdict {
    /// Whether anybody signed.
    pub fn is_signed(&self) -> bool {
        !self.signatures.is_empty()
    }

    /// Whether it was read and nobody signed.
    pub fn is_unsigned(&self) -> bool {
        self.key == NONE
    }

    /// Whether nothing speaks against any signature; that nobody could be asked about revocation is
    /// said and does not speak against it.
    pub fn is_sound(&self) -> bool {
        self.is_signed() && [VALID, "signature.revocation-unknown"].contains(&&*self.key)
    }

    /// Whether the file was changed after one of its signatures in a way that it does not permit.
    pub fn is_altered(&self) -> bool {
        self.signatures.iter().any(|one| one.since == ALTERED)
    }
}

/// For whom is validated, and whom validation may ask about revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Nobody: what the file brings must do.
    Nobody,
    /// Nobody, for a visitor: what strangers hand in makes us call no one and holds up nobody who works.
    Visitor,
    /// The authorities that the certificates name.
    Authorities,
}

/// Why a PDF from outside is not taken: the key of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

/// Reads and validates PDF documents from outside.
#[async_trait]
pub trait Validator: Send + Sync {
    /// How many pages it has, if it may be taken.
    async fn open(&self, document: Vec<u8>) -> Result<Result<u16, Refusal>, PortError>;

    /// What its signatures are worth at that time.
    async fn validate(
        &self,
        document: Vec<u8>,
        at: DateTime,
        ask: Ask,
    ) -> Result<Verdict, PortError>;
}

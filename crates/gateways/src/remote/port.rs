//! What every service of remote signing can be asked, in words that name none of them.

use std::fmt;
use std::time::Duration;

use app::ports::PortError;
use async_trait::async_trait;
use ring::digest::{SHA256, digest};

use super::secret::Secret;
use crate::sign::Algorithm;

/// Whose key.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// How the service knows her: a personal or tax number, or a user name.
    pub user: String,
    /// Which of her keys.
    pub credential: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// How the owner of a key approves its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// On her phone, while the request waits.
    Phone,
    /// With a PIN that she types here.
    Pin,
    /// With a PIN and with a code that is sent to her.
    PinAndCode,
}

/// Her approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// Given on her phone.
    OnPhone,
    /// What she typed. It is used once and kept nowhere.
    Typed {
        /// Unlocks the key.
        pin: Secret,
        /// The code that she was sent.
        code: Option<Secret>,
    },
}

/// A key at a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteCertificate {
    /// How the service names the key.
    pub credential: String,
    /// Serial number of the certificate as the service writes it.
    pub serial: String,
    /// Certificates in DER: the key's own first.
    pub chain: Vec<Vec<u8>>,
    /// How the key signs.
    pub algorithm: Algorithm,
    /// Object identifiers by which the service names what the key can do; empty when it names none.
    pub methods: Vec<String>,
    /// Whether the service says that key and certificate are in use.
    pub valid: bool,
    /// How many documents one approval may be for.
    pub most: usize,
    /// How its use is approved.
    pub asks: Asks,
}

/// What one signature is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the person reads on her phone.
    pub name: String,
    /// The signed attributes in DER, whose digest the service is given.
    pub attributes: Vec<u8>,
}

impl Named {
    /// SHA-256 of the attributes.
    pub fn digest(&self) -> [u8; 32] {
        let hash = digest(&SHA256, &self.attributes);
        hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

/// Documents that are to be signed with one approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose key.
    pub who: Identity,
    /// The key, as [`RemoteSigning::certificates`] told it.
    pub certificate: RemoteCertificate,
    /// The documents, in the order in which signatures come back.
    pub documents: Vec<Named>,
    /// What we call the request: the same when it is sent again, so that it is taken once.
    pub reference: String,
    /// What the person reads above the documents.
    pub title: String,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Raw signatures, checked, in the order of the documents.
    Signed(Vec<Vec<u8>>),
    /// It waits for the person under this name.
    Waiting(String),
}

/// How far a request is that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The person has not decided.
    Pending,
    /// Raw signatures, checked, in the order of the documents.
    Signed(Vec<Vec<u8>>),
    /// She said no; the reason is a key of the message catalogue.
    Rejected {
        /// Why.
        reason: String,
    },
    /// She did not decide in time.
    Expired,
}

/// How often and how many times a request that waits is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polling {
    /// The time between.
    pub every: Duration,
    /// How many times; then it counts as expired.
    pub times: u32,
}

/// A service that keeps people's keys. Reasons of its errors are keys of the message catalogue.
#[async_trait]
pub trait RemoteSigning: Send + Sync {
    /// How its waiting requests are asked for.
    fn polling(&self) -> Polling;

    /// Whether its keys are used with what is typed, and not on a phone.
    fn is_typed(&self) -> bool {
        false
    }

    /// The keys of a person. [`PortError::Fail`] when the service does not know her.
    async fn certificates(&self, user: &str) -> Result<Vec<RemoteCertificate>, PortError>;

    /// Has the code sent to the owner of a key that asks for one; nothing where none does.
    async fn send_code(&self, _who: &Identity) -> Result<(), PortError> {
        Ok(())
    }

    /// Asks for signatures. After [`PortError::Retry`] the same request may be sent again with the same
    /// reference. A service that knows references takes it once; where none is known, a person may be
    /// asked on her phone twice for the same signatures. Nothing is ever taken without her approval.
    async fn begin(&self, request: &Request, approval: &Approval) -> Result<Begun, PortError>;

    /// Asks how far a request is that waits under that name.
    async fn poll(&self, request: &Request, waiting: &str) -> Result<Progress, PortError>;
}

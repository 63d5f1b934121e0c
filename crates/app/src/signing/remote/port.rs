//! Keys that stay with a service, each use of which their owner approves. Which services there are, and
//! how they speak, is known elsewhere. Reasons of errors are keys of messages.

use async_trait::async_trait;
use jiff::SignedDuration;

use crate::certificates::Signer;
use crate::ports::PortError;
use crate::signing::{Pin, SignError, ToSign};

/// How the owner of a key approves its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// On her phone, while the request waits.
    Phone,
    /// With a PIN that she types here.
    Pin,
    /// With a PIN, and with a code that is sent to her.
    PinAndCode,
}

impl Asks {
    /// Its name in forms and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Pin => "pin",
            Self::PinAndCode => "code",
        }
    }
}

/// What a service asks for the use of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How its owner approves.
    pub asks: Asks,
    /// How many documents one approval may be for.
    pub most: usize,
    /// The time between two questions for a request that waits.
    pub every: SignedDuration,
    /// How many questions; then it counts as expired.
    pub times: u32,
    /// How long one answer may take.
    pub patience: SignedDuration,
    /// Whether it is given whole documents, and not what their signatures sign.
    pub whole: bool,
}

/// The owner's approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// She gives it on her phone.
    OnPhone,
    /// What she typed. It is used once and kept nowhere.
    Typed {
        /// Unlocks the key.
        pin: Pin,
        /// The code that she was sent.
        code: Option<Pin>,
    },
}

/// A document that waits for its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidOut {
    /// The document without its signature.
    pub unfinished: Vec<u8>,
    /// What the key signs; empty where the service takes the whole document.
    pub asked: Vec<u8>,
}

/// A document of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFor {
    /// What the person reads on her phone.
    pub name: String,
    /// What the key signs.
    pub asked: Vec<u8>,
    /// The whole document, where the service takes it; otherwise empty.
    pub whole: Vec<u8>,
}

/// A request for signatures with one approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What we call it: the same when it is sent again.
    pub reference: String,
    /// What the person reads above the documents.
    pub title: String,
    /// The documents, in the order in which their pieces come back.
    pub documents: Vec<AskedFor>,
}

/// What a service answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It waits for the person, under this name.
    Waiting(String),
    /// She has not decided.
    Pending,
    /// A piece for each document: its signature, or the signed document.
    Signed(Vec<Vec<u8>>),
    /// She said no; why, by the key of a message.
    Rejected(String),
    /// She did not decide in time.
    Expired,
}

/// Asks services for signatures.
#[async_trait]
pub trait RemoteKeys: Send + Sync {
    /// What the service asks for this key.
    async fn terms(&self, signer: &Signer) -> Result<Terms, PortError>;

    /// Has the code sent to the owner, where one is asked for.
    async fn send_code(&self, signer: &Signer) -> Result<(), PortError>;

    /// The document with a place for its signature.
    async fn lay_out(&self, signer: &Signer, what: ToSign) -> Result<LaidOut, SignError>;

    /// Asks for signatures. After [`PortError::Retry`] it may be asked again with the same reference.
    async fn begin(&self, signer: &Signer, ask: Ask, given: Given) -> Result<Reply, PortError>;

    /// Asks how far a request is that waits under that name.
    async fn poll(&self, signer: &Signer, ask: Ask, waiting: &str) -> Result<Reply, PortError>;

    /// The signed document: what was laid out with the piece that came for it.
    async fn finish(
        &self,
        signer: &Signer,
        unfinished: Vec<u8>,
        piece: Vec<u8>,
    ) -> Result<Vec<u8>, SignError>;
}

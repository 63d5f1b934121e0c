//! The small traits that the outside must implement. This module must not know who does.

use std::fmt;

use async_trait::async_trait;
use domain::ids::FileHash;
use domain::notice::{Approved, Channel};
use domain::slip::Slip;
use jiff::civil::DateTime;

/// Why the outside did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// It may work later: the disk was full, a service did not answer.
    #[error("{0}")]
    Retry(String),
    /// It will never work with the same input.
    #[error("{0}")]
    Fail(String),
    /// The file was removed under a retention rule; a record stays.
    #[error("the file was removed on {at} under the rule: {rule}")]
    Deleted {
        /// When.
        at: DateTime,
        /// The rule with its citation.
        rule: String,
    },
}

/// Lays slips out on paper.
#[async_trait]
pub trait Slips: Send + Sync {
    /// The slip as PDF. Equal slips give equal bytes, so that issuing one twice stores one file.
    async fn render(&self, slip: Slip) -> Result<Vec<u8>, PortError>;

    /// Papers one after the other as one PDF, each page at its own size: for a printer, not for
    /// keeping.
    async fn join(&self, papers: Vec<Vec<u8>>) -> Result<Vec<u8>, PortError>;

    /// A document as it is printed, what its signatures and fields show included, and the form of a
    /// copy after it: for a printer, to be signed and stamped by hand.
    async fn copy(&self, document: Vec<u8>, form: Vec<u8>) -> Result<Vec<u8>, PortError>;

    /// How many pages a PDF has that somebody outside made. [`PortError::Fail`] when it cannot be
    /// read: broken, or under a password.
    async fn pages(&self, document: Vec<u8>) -> Result<u16, PortError>;

    /// A small picture of a signature drawn on a screen, opened and drawn anew as a PNG in black and
    /// white: the same lines give the same bytes. [`PortError::Fail`] when it is none, too large, or
    /// has no line.
    async fn drawing(&self, picture: Vec<u8>) -> Result<Vec<u8>, PortError>;
}

/// Keeps files by the hash of their content.
#[async_trait]
pub trait Files: Send + Sync {
    /// The hash under which the content would be stored: what is about it can be judged first.
    fn name(&self, content: &[u8]) -> FileHash;

    /// The hashes of what the content is up to each of these ends, which ascend and lie within it. Who
    /// hashes large files reads them once for all.
    fn names(&self, content: &[u8], ends: &[usize]) -> Vec<FileHash> {
        let part = |end: &usize| self.name(content.get(..*end).unwrap_or(content));
        ends.iter().map(part).collect()
    }

    /// Stores the content and says its hash and size in bytes; storing it again changes nothing.
    /// When this returns, the content survives a power failure.
    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError>;

    /// The content with that hash; an altered file is an error, never an answer.
    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError>;
}

/// A stored object, named by a keyed hash of its file's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub object: String,
    /// Its size as stored, in bytes.
    pub bytes: u64,
    /// When it was written last.
    pub at: DateTime,
}

/// In which condition an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of it opens.
    Whole {
        /// Hash of its content.
        file: FileHash,
        /// Size of its content in bytes.
        bytes: u64,
    },
    /// It is not there.
    Missing,
    /// It is not what was stored under its name.
    Altered,
}

/// Looks after stored files: for the operator's commands.
#[async_trait]
pub trait FileKeeping: Files {
    /// The name of the object that keeps the file.
    fn object(&self, file: &FileHash) -> String;

    /// Reads an object to its end.
    async fn condition(&self, object: &str) -> Result<Condition, PortError>;

    /// What is known of an object without reading it; none when it is not there.
    async fn kept(&self, object: &str) -> Result<Option<Kept>, PortError>;

    /// The objects whose names begin with this byte, by name: every 256th part of them all.
    async fn shard(&self, shard: u8) -> Result<Vec<Kept>, PortError>;

    /// Beginnings of objects whose names begin with this byte, left by uploads that never ended. A
    /// bucket shows none: its own rule clears them away.
    async fn unfinished(&self, shard: u8) -> Result<Vec<Kept>, PortError>;

    /// Removes such a beginning; removing it again changes nothing.
    async fn remove_unfinished(&self, name: &str) -> Result<(), PortError>;

    /// Removes an object; removing it again changes nothing.
    async fn remove(&self, object: &str) -> Result<(), PortError>;

    /// Puts the object's data key under the newest master key in one step; false when it is.
    async fn rewrap(&self, object: &str) -> Result<bool, PortError>;
}

/// A notice on its way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What servers and providers know it by: the same when it is sent again.
    pub code: String,
    /// The address: a mailbox, a telephone number. Never logged.
    pub to: String,
    /// Subject of a mail, or number of a text that the provider approved.
    pub subject: String,
    /// Text; for an approved text, one `parameter=value` a line.
    pub body: String,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// Takes notices to people on one channel.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Which channel.
    fn channel(&self) -> Channel;

    /// Hands the notice over and says what the other side calls it. [`PortError::Fail`] when it is
    /// refused for good; the reason is the other side's answer.
    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError>;

    /// What the other side says of a text that it approves beforehand, by its number; none where texts
    /// are free. [`PortError::Fail`] when it knows no such text.
    async fn approved(&self, _text: &str) -> Result<Option<Approved>, PortError> {
        Ok(None)
    }
}

/// What a certificate of a digital signature says.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The certificate itself, DER.
    pub content: Vec<u8>,
    /// Name of its subject.
    pub name: String,
    /// Its subject, part by part: `CN`, `O`, `UID`. May name an identity number.
    pub subject: Vec<(String, String)>,
    /// Name of its issuer.
    pub issuer: String,
    /// Serial number, hexadecimal digits.
    pub serial: String,
    /// SHA-256 of it, hexadecimal digits.
    pub fingerprint: String,
    /// Algorithm and size of the key: `RSA 2048`.
    pub algorithm: String,
    /// First moment of validity, time of Viet Nam.
    pub valid_from: DateTime,
    /// Last moment of validity, time of Viet Nam.
    pub valid_to: DateTime,
    /// Whether documents may be signed with its key.
    pub signs: bool,
    /// Whether it is that of an authority, which issues others.
    pub authority: bool,
}

impl fmt::Debug for CertificateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateFacts")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

/// A certificate on a token at the server, beside the key of the same identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnToken {
    /// Label of the token.
    pub token: String,
    /// Identifier of the key, hexadecimal digits.
    pub key: String,
    /// What the certificate says.
    pub facts: CertificateFacts,
}

/// Reads certificates of digital signatures.
#[async_trait]
pub trait Certificates: Send + Sync {
    /// The certificates in a file, PEM, DER or PKCS#7, in their order. [`PortError::Fail`] when it is
    /// none of them.
    fn read(&self, file: &[u8]) -> Result<Vec<CertificateFacts>, PortError>;

    /// The certificates on the tokens at the server; none where no token is configured.
    async fn on_token(&self) -> Result<Vec<OnToken>, PortError>;
}

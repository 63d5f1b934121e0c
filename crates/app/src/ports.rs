//! The small traits that the outside must implement. This module must not know who does.

use std::fmt;

use async_trait::async_trait;
use domain::ids::FileHash;
use domain::notice::{Approved, Channel};
use domain::slip::Slip;

/// Why the outside did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// It may work later: the disk was full, a service did not answer.
    #[error("{0}")]
    Retry(String),
    /// It will never work with the same input.
    #[error("{0}")]
    Fail(String),
}

/// Lays slips out on paper.
#[async_trait]
pub trait Slips: Send + Sync {
    /// The slip as PDF. Equal slips give equal bytes, so that issuing one twice stores one file.
    async fn render(&self, slip: Slip) -> Result<Vec<u8>, PortError>;

    /// Papers one after the other as one PDF, each page at its own size: for a printer, not for
    /// keeping.
    async fn join(&self, papers: Vec<Vec<u8>>) -> Result<Vec<u8>, PortError>;
}

/// Keeps files by the hash of their content.
#[async_trait]
pub trait Files: Send + Sync {
    /// The hash under which the content would be stored: what is about it can be judged first.
    fn name(&self, content: &[u8]) -> FileHash;

    /// Stores the content and says its hash and size in bytes; storing it again changes nothing.
    /// When this returns, the content survives a power failure.
    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError>;

    /// The content with that hash; an altered file is an error, never an answer.
    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError>;
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

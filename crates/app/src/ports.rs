//! The small traits that the outside must implement. This module must not know who does.

use async_trait::async_trait;
use domain::ids::FileHash;
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
}

/// Keeps files by the hash of their content.
#[async_trait]
pub trait Files: Send + Sync {
    /// Stores the content and says its hash and size in bytes; storing it again changes nothing.
    /// When this returns, the content survives a power failure.
    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError>;

    /// The content with that hash; an altered file is an error, never an answer.
    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError>;
}

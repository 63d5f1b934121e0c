//! What can go wrong with stored files.

use app::keys::KeyError;
use app::ports::PortError;
use domain::ids::FileHash;

/// Why a file was not stored or not read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// It is larger than the store accepts.
    #[error("a file of {size} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The largest size accepted, in bytes.
        limit: u64,
    },
    /// There is no file of that hash.
    #[error("no file {0} in the store")]
    Missing(FileHash),
    /// What is stored under that hash is not what was put there.
    #[error("file {0} was altered in the store")]
    Altered(FileHash),
    /// What stands under that name in the store was altered.
    #[error("object {0} was altered in the store")]
    Object(String),
    /// A master key is missing, or the token that holds it said no.
    #[error("the key of a file cannot be used: {0}")]
    Key(#[from] KeyError),
    /// The token with the master key failed.
    #[error("the token with the master key failed: {0}")]
    Token(String),
    /// The environment describes a bucket or a token in part.
    #[error("{0}")]
    Setting(String),
    /// The disk or the store of objects failed.
    #[error("cannot {deed}: {cause}")]
    Store {
        /// What was attempted.
        deed: &'static str,
        /// Why it failed.
        #[source]
        cause: object_store::Error,
    },
}

impl FilesError {
    pub(super) fn store(deed: &'static str, cause: object_store::Error) -> Self {
        Self::Store { deed, cause }
    }
}

/// As the rest of the product hears it: what may pass, and what does not.
pub(super) fn told(error: &FilesError) -> PortError {
    match error {
        FilesError::Store { .. } | FilesError::Token(_) => PortError::Retry(error.to_string()),
        FilesError::TooLarge { .. }
        | FilesError::Missing(_)
        | FilesError::Altered(_)
        | FilesError::Object(_)
        | FilesError::Setting(_)
        | FilesError::Key(_) => PortError::Fail(error.to_string()),
    }
}

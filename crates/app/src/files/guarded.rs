//! The store of files as the rest of the product sees it: it knows what was removed, and never takes a
//! file for stored that is being removed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::ids::FileHash;
use store::{Store, StoreError};

use crate::ports::{Files, PortError};

/// A store of files with the records of removals beside it.
pub(crate) struct Guarded {
    pub(crate) files: Arc<dyn Files>,
    pub(crate) store: Store,
}

const LOOKS: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(200);

#[async_trait]
impl Files for Guarded {
    fn name(&self, content: &[u8]) -> FileHash {
        self.files.name(content)
    }

    /// Whoever removes a file first says so in the database and then looks whether it was written
    /// anew; who stores one writes it anew and then looks whether a removal began or ended meanwhile.
    /// Removals are counted: the clocks of the two machines may differ.
    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError> {
        let hash = self.files.name(&content);
        let removals = async || self.store.file_removals(&hash).await.map_err(broken);
        let before = removals().await?;
        let again = content.clone();
        let stored = self.files.put(content).await?;
        for _ in 0..LOOKS {
            let after = removals().await?;
            if after.under_way {
                tokio::time::sleep(BETWEEN).await;
            } else if after == before {
                return Ok(stored);
            } else {
                // One that was taken back changed nothing: to write anew does no harm.
                return self.files.put(again).await;
            }
        }
        Err(PortError::Retry(format!(
            "file {} is being removed",
            stored.0
        )))
    }

    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError> {
        let failed = match self.files.get(hash).await {
            Err(failed @ PortError::Fail(_)) => failed,
            other => return other,
        };
        let removal = self.store.file_deletion(hash).await.map_err(broken)?;
        match removal.and_then(|removal| Some((removal.deleted_at?, removal.rule))) {
            Some((at, rule)) => Err(PortError::Deleted { at, rule }),
            None => Err(failed),
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "causes are handed over by map_err"
)]
fn broken(cause: StoreError) -> PortError {
    PortError::Retry(cause.to_string())
}

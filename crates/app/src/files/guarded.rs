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

    fn names(&self, content: &[u8], ends: &[usize]) -> Vec<FileHash> {
        self.files.names(content, ends)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use jiff::ToSpan as _;
    use jiff::civil::{DateTime, date};
    use store::{AuditLine, Database, FileDeletion};

    use super::*;

    /// A store of one file, which a command removes while somebody stores it: after the look that finds
    /// it there, and before the answer.
    struct Removing {
        store: Store,
        /// What the clock of the machine says where the command runs.
        there: Mutex<DateTime>,
        objects: Mutex<BTreeSet<FileHash>>,
        removes: Mutex<bool>,
    }

    impl Removing {
        async fn removed(&self, file: &FileHash) {
            let now = {
                let mut there = self.there.lock().unwrap();
                *there = there.saturating_add(1.millisecond());
                *there
            };
            let deletion = FileDeletion {
                file: file.clone(),
                object: "ab".repeat(32),
                bytes: 5,
                kind: "unreferenced".to_owned(),
                rule: "QĐ 1, 60d".to_owned(),
                decided_by: "operator".to_owned(),
                decided_at: now,
                deleted_at: None,
            };
            let line = AuditLine {
                actor: "operator".to_owned(),
                action: "file.deleted".to_owned(),
                subject: file.to_string(),
                purpose: String::new(),
                detail: String::new(),
            };
            let begun = self.store.begin_file_deletion(deletion.clone());
            begun.await.unwrap();
            self.objects.lock().unwrap().remove(file);
            let ended = self.store.finish_file_deletion(&deletion, now, line);
            ended.await.unwrap();
        }
    }

    #[async_trait]
    impl Files for Removing {
        fn name(&self, _: &[u8]) -> FileHash {
            FileHash::parse(&"7e".repeat(32)).unwrap()
        }

        async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError> {
            let file = self.name(&content);
            self.objects.lock().unwrap().insert(file.clone());
            if std::mem::take(&mut *self.removes.lock().unwrap()) {
                self.removed(&file).await;
            }
            Ok((file, content.len() as u64))
        }

        async fn get(&self, file: &FileHash) -> Result<Vec<u8>, PortError> {
            if self.objects.lock().unwrap().contains(file) {
                return Ok(b"hello".to_vec());
            }
            Err(PortError::Fail("missing".to_owned()))
        }
    }

    #[tokio::test]
    async fn a_file_that_is_removed_while_it_is_stored_is_stored_whatever_the_clocks_say() {
        let here = date(2026, 11, 22).at(10, 0, 0, 0);
        for apart in [-90.days(), -1.second(), 0.seconds(), 1.second(), 90.days()] {
            let store = Store::open(&Database::SqliteMemory).await.unwrap();
            store.migrate().await.unwrap();
            let files = Arc::new(Removing {
                store: store.clone(),
                there: Mutex::new(here.saturating_add(apart)),
                objects: Mutex::default(),
                removes: Mutex::new(false),
            });
            let guarded = Guarded {
                files: Arc::clone(&files) as Arc<dyn Files>,
                store,
            };
            // One removal was before all this, by another clock.
            let (file, _) = guarded.put(b"hello".to_vec()).await.unwrap();
            files.removed(&file).await;
            let gone = guarded.get(&file).await;
            assert!(matches!(gone, Err(PortError::Deleted { .. })), "{gone:?}");
            let earlier = Removing {
                store: files.store.clone(),
                there: Mutex::new(here.saturating_add(30.days())),
                objects: Mutex::default(),
                removes: Mutex::default(),
            };
            earlier.removed(&file).await;
            *files.removes.lock().unwrap() = true;
            guarded.put(b"hello".to_vec()).await.unwrap();
            assert_eq!(guarded.get(&file).await.unwrap(), b"hello", "{apart}");
        }
    }
}

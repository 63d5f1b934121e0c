//! Looking after stored files: whether they are all there and whole, under which key they are, and
//! which are no longer kept.

mod check;
mod expire;
mod guarded;
mod rotate;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::ToSpan as _;
use store::Store;
use tokio::task::JoinHandle;

pub use check::{FilesReport, check};
pub use expire::{Expired, Expiring, How, expire};
pub(crate) use guarded::Guarded;
pub use rotate::{Rotated, is_rotated, rotate};

use crate::clock::Ids;
use crate::keys::Keyring;
use crate::no::No;
use crate::ports::FileKeeping;

/// What the operator's commands on files work with.
#[derive(Clone)]
pub struct Keeping {
    /// The database.
    pub store: Store,
    /// The files.
    pub files: Arc<dyn FileKeeping>,
    /// The master keys.
    pub keys: Keyring,
}

/// How many objects are asked for at once.
const AT_ONCE: usize = 8;

/// The turn of one command to rewrite or remove files. It is renewed while the command lives and ends
/// by itself when it dies.
struct Turn {
    store: Store,
    holder: String,
    lost: Arc<AtomicBool>,
    keeper: JoinHandle<()>,
}

/// How long a turn lasts that is not renewed, in seconds.
const TURN: i64 = 10;
/// How long a command waits for its turn: longer than that of one that died.
const PATIENCE: u32 = 15;

impl Turn {
    async fn take(keeping: &Keeping) -> Result<Self, No> {
        let store = keeping.store.clone();
        let holder = Ids::default().token();
        let mut waited = 0;
        while !renewed(&store, &holder).await? {
            if waited == PATIENCE {
                let why = "another command rewrites or removes files now";
                return Err(No::Broken(why.into()));
            }
            waited += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let lost = Arc::new(AtomicBool::new(false));
        let keeper = tokio::spawn({
            let (store, holder, lost) = (store.clone(), holder.clone(), Arc::clone(&lost));
            async move {
                loop {
                    tokio::time::sleep(Duration::from_secs(3)).await;
                    if let Ok(false) = renewed(&store, &holder).await {
                        lost.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
        Ok(Self {
            store,
            holder,
            lost,
            keeper,
        })
    }

    /// Insists that nobody else has taken the turn.
    fn insist(&self) -> Result<(), No> {
        if self.lost.load(Ordering::Relaxed) {
            return Err(No::Broken("another command has taken the turn".into()));
        }
        Ok(())
    }

    async fn end(self) -> Result<(), No> {
        self.keeper.abort();
        Ok(self.store.end_files_turn(&self.holder).await?)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// Machines whose clocks differ go by that of the database.
async fn renewed(store: &Store, holder: &str) -> Result<bool, No> {
    let now = store.clock().await?;
    let until = now.saturating_add(TURN.seconds());
    Ok(store.take_files_turn(holder, (now, until)).await?)
}

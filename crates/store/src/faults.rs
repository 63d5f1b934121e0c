//! Named points of the write path at which a test can break the program. Release builds have none.
//!
//! `MOTCUA_FAULT=before_commit:3` kills the process with SIGKILL when the point is reached for the
//! third time. Within a test process, [`arm`] makes a point fail once instead.

/// Every point, in the order of one write.
pub const POINTS: [&str; 5] = [
    "before_begin",
    "after_rows",
    "before_commit",
    "after_commit",
    "between_claim_and_finish",
];

#[cfg(debug_assertions)]
pub use armed::{Damage, arm, damage, hold, reach, spoil, spoil_states};

/// Does nothing: a release build has no failure points.
#[cfg(not(debug_assertions))]
#[expect(
    clippy::unused_async,
    reason = "the debug build's version waits for the kill"
)]
pub async fn reach(_point: &'static str) -> Result<(), crate::StoreError> {
    Ok(())
}

#[cfg(debug_assertions)]
mod armed {
    use std::cell::{Cell, RefCell};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, LazyLock};

    use tokio::sync::Notify;

    use crate::backend::on;
    use crate::{Store, StoreError};

    /// The point and the visit at which to die, from the environment.
    static DEADLY: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        let text = std::env::var("MOTCUA_FAULT").ok()?;
        let (point, nth) = text.split_once(':').unwrap_or((&text, "1"));
        Some((point.to_owned(), nth.parse().ok()?))
    });
    static VISITS: AtomicU32 = AtomicU32::new(0);

    thread_local! {
        static ARMED: Cell<Option<&'static str>> = const { Cell::new(None) };
        static HELD: RefCell<Option<(&'static str, Arc<Notify>)>> = const { RefCell::new(None) };
    }

    /// Makes the next visit of `point` on this thread wait until it is notified.
    pub fn hold(point: &'static str) -> Arc<Notify> {
        let gate = Arc::new(Notify::new());
        HELD.set(Some((point, Arc::clone(&gate))));
        gate
    }

    /// Makes the next visit of `point` on this thread fail with [`StoreError::Fault`]. Tests run on
    /// one thread each, so that one test's fault does not hit its neighbour.
    pub fn arm(point: &'static str) {
        ARMED.set(Some(point));
    }

    /// Marks a point that has been reached.
    pub async fn reach(point: &'static str) -> Result<(), StoreError> {
        if let Some((deadly, nth)) = &*DEADLY
            && deadly == point
            && VISITS.fetch_add(1, Ordering::SeqCst) + 1 == *nth
        {
            die().await;
        }
        let held = HELD.with_borrow_mut(|held| held.take_if(|(at, _)| *at == point));
        if let Some((_, gate)) = held {
            gate.notified().await;
        }
        if ARMED.get() == Some(point) {
            ARMED.set(None);
            return Err(StoreError::Fault(point));
        }
        Ok(())
    }

    /// Says of every dossier row that it was returned, as a hand in the database would.
    pub async fn spoil_states(store: &Store) -> Result<u64, StoreError> {
        spoil(store, "UPDATE dossier SET state = 'returned'").await
    }

    /// What tests do to the database behind the store's back.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Damage {
        /// The dossier of the task that is due first cannot be read any more.
        FirstTask,
        /// The dossier with the last number cannot be read any more.
        LastNumbered,
        /// It can be read again.
        Readable,
        /// Every message waits no longer.
        MessagesAtOnce,
        /// A move that was ordered is refused, and the worker dies before it says so.
        MoveRefused,
        /// That refusal is told once.
        MoveTold,
    }

    /// Does that damage; says how many rows it touched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn damage(store: &Store, damage: Damage) -> Result<u64, StoreError> {
        let sql = match damage {
            Damage::FirstTask => {
                "UPDATE event SET kind = 'unknown' WHERE stream = \
                 (SELECT dossier FROM task_item ORDER BY due_at, dossier, number LIMIT 1)"
            }
            Damage::LastNumbered => {
                "UPDATE event SET kind = 'x' || kind \
                 WHERE stream = (SELECT id FROM dossier ORDER BY code DESC LIMIT 1)"
            }
            Damage::Readable => "UPDATE event SET kind = substr(kind, 2) WHERE kind LIKE 'x%'",
            Damage::MessagesAtOnce => "UPDATE outbox SET available_at = 0",
            Damage::MoveRefused => {
                "INSERT INTO audit (at, actor, action, subject, purpose, detail) \
                 SELECT at, actor, 'repin.refused', subject, 'QT-01 x', \
                 (SELECT id FROM dossier) FROM audit WHERE action = 'repin.ordered'"
            }
            Damage::MoveTold => {
                "INSERT INTO audit (at, actor, action, subject, purpose, detail) \
                 SELECT at, actor, 'repin.told', subject || '/' || (SELECT id FROM dossier), '', '' \
                 FROM audit WHERE action = 'repin.ordered'"
            }
        };
        spoil(store, sql).await
    }

    /// Changes the database behind the store's back, as a thief or a bad disk would.
    pub async fn spoil(store: &Store, sql: &'static str) -> Result<u64, StoreError> {
        store
            .write(move |tx| {
                Box::pin(async move {
                    let done = on!(tx, c => {
                        let done = sqlx::query(sql).execute(&mut **c).await;
                        done.map(|done| done.rows_affected())
                    })?;
                    Ok(done)
                })
            })
            .await
    }

    /// Kills this process as a power cut would: no destructor runs, nothing is flushed.
    async fn die() {
        let id = std::process::id().to_string();
        drop(
            std::process::Command::new("kill")
                .args(["-9", &id])
                .status(),
        );
        std::future::pending::<()>().await;
    }
}

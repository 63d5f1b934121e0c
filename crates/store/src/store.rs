//! The store itself: opening, preparing, and where reads and writes go.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::error::DatabaseError;

use crate::backend::{self, Database, Engine, Pools, Tx, on};
use crate::dialect;
use crate::write::Writer;

/// Why the machine, and not the law, said no.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database failed or could not be reached.
    #[error("the database did not do what it was asked")]
    Database(#[source] Arc<sqlx::Error>),
    /// The database could not be brought to this program's form.
    #[error("the database could not be migrated")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
    /// A row does not say what this program wrote there.
    #[error("row {row} of table {table} cannot be read: {why}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// Which row.
        row: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file could not be read or written.
    #[error("the file {file} cannot be used: {why}")]
    File {
        /// Which file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// The operation does not exist on this engine.
    #[error("{0}")]
    Unsupported(&'static str),
    /// Another row has the key already.
    #[error("another row has the key already")]
    Clash,
    /// The writer has ended.
    #[error("the store is closed")]
    Closed,
    /// A write panicked and was undone.
    #[error("a write panicked and was undone")]
    Panicked,
    /// A test broke the program here on purpose.
    #[error("armed fault at {0}")]
    Fault(&'static str),
}

impl From<sqlx::Error> for StoreError {
    fn from(cause: sqlx::Error) -> Self {
        Self::Database(Arc::new(cause))
    }
}

impl StoreError {
    /// A row that does not say what this program wrote there.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "causes are handed over by map_err"
    )]
    pub(crate) fn inconsistent(table: &'static str, row: &str, why: impl ToString) -> Self {
        Self::Inconsistent {
            table,
            row: row.to_owned(),
            why: why.to_string(),
        }
    }

    /// Whether another row already has the key.
    pub(crate) fn is_clash(&self) -> bool {
        match self {
            Self::Database(cause) => cause
                .as_database_error()
                .is_some_and(DatabaseError::is_unique_violation),
            Self::Clash => true,
            _ => false,
        }
    }

    /// Whether PostgreSQL undid the write because of another one, with which it would have waited
    /// for ever or disagreed: run again, it succeeds.
    pub(crate) fn is_undone(&self) -> bool {
        let Self::Database(cause) = self else {
            return false;
        };
        let code = cause.as_database_error().and_then(DatabaseError::code);
        code.is_some_and(|code| UNDONE.contains(&&*code))
    }
}

/// `serialization_failure` and `deadlock_detected`.
const UNDONE: [&str; 2] = ["40001", "40P01"];

/// An answer of "no" behind which the database may stand.
pub(crate) trait Failure: From<StoreError> {
    /// What the database said.
    fn of_store(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn of_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// Why a database cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum NotPrepared {
    /// Nothing was ever migrated.
    #[error("the database is empty: run `motcua migrate` first")]
    Empty,
    /// Migrations are missing.
    #[error("the database is at migration {at}, this program needs {need}: run `motcua migrate`")]
    Older {
        /// What is applied.
        at: i64,
        /// What the program needs.
        need: i64,
    },
    /// What a migration changed was not filled from the log to its end.
    #[error("a migration was cut off before its end: run `motcua migrate` again")]
    Unfilled,
    /// A newer program has migrated it.
    #[error("the database is at migration {at}, this program knows only {need}: use a newer one")]
    Newer {
        /// What is applied.
        at: i64,
        /// What the program knows.
        need: i64,
    },
    /// A released migration was changed, or another program's migrations were applied.
    #[error("migration {0} of the database is not this program's")]
    Foreign(i64),
    /// The database could not be asked.
    #[error(transparent)]
    Broken(#[from] StoreError),
}

/// One database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) reads: Pools,
    writes: Pools,
    writer: Writer,
}

/// How often a write is run again that PostgreSQL undid.
const RUNS_AGAIN: u32 = 4;
/// How long it waits before, longer each time: the write that went on has then ended.
const PAUSE: Duration = Duration::from_millis(20);

/// Rows of transactions that this server has not begun come from another one.
const FORGET_FOREIGN_TRANSACTIONS: &str = "UPDATE event SET xact = 0 \
     WHERE xact >= (pg_snapshot_xmax(pg_current_snapshot())::text::bigint)";
const APPLIED: &str =
    "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";

impl Store {
    /// Opens the database without looking into it.
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        let opened = backend::open(database).await?;
        let writer = Writer::start(opened.writes.clone());
        Ok(Self {
            reads: opened.reads,
            writes: opened.writes,
            writer,
        })
    }

    /// Brings the database to this program's form; does nothing when it is there already. It must
    /// be run after a PostgreSQL dump was restored: transactions of the old server mean nothing on
    /// the new one, and positions in the log that were read before the restore are void.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let migrator = dialect::migrator(&self.writes);
        let done = on!(&self.writes, pool => migrator.run(pool).await);
        done.map_err(|cause| StoreError::Migration(Arc::new(cause)))?;
        if let Engine::Postgres(pool) = &self.writes {
            sqlx::query(FORGET_FOREIGN_TRANSACTIONS)
                .execute(pool)
                .await?;
        }
        self.fill().await
    }

    /// Whether the database has exactly this program's form.
    pub async fn prepared(&self) -> Result<(), NotPrepared> {
        let has = dialect::HAS_MIGRATIONS.on(&self.reads);
        let has: (i64,) = on!(&self.reads, pool => sqlx::query_as(has).fetch_one(pool).await)
            .map_err(StoreError::from)?;
        if has.0 == 0 {
            return Err(NotPrepared::Empty);
        }
        let applied: Vec<(i64, Vec<u8>)> =
            on!(&self.reads, pool => sqlx::query_as(APPLIED).fetch_all(pool).await)
                .map_err(StoreError::from)?;
        let migrator = dialect::migrator(&self.reads);
        let need = migrator.iter().map(|step| step.version).max().unwrap_or(0);
        let at = applied.last().map_or(0, |(version, _)| *version);
        if at > need {
            return Err(NotPrepared::Newer { at, need });
        }
        let differs = |(version, checksum): &(i64, Vec<u8>)| {
            migrator
                .iter()
                .all(|s| s.version != *version || *s.checksum != **checksum)
        };
        if let Some((version, _)) = applied.iter().find(|row| differs(row)) {
            return Err(NotPrepared::Foreign(*version));
        }
        if applied.len() < migrator.iter().count() {
            return Err(NotPrepared::Older { at, need });
        }
        if self.is_filled().await? {
            Ok(())
        } else {
            Err(NotPrepared::Unfilled)
        }
    }

    /// Closes the connections, once running work has ended. Clones of this store are closed with it.
    pub async fn close(&self) {
        on!(&self.reads, pool => pool.close().await);
        on!(&self.writes, pool => pool.close().await);
    }

    /// The one way to change the database: runs `work` in one transaction, committed when it is
    /// `Ok` and undone otherwise. `|tx| Box::pin(async move { … })`; the work owns what it needs
    /// and waits for nothing but the database.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        self.writer.write(work).await
    }

    /// Like [`Self::write`], for work that locks rows which others lock in another order: run again,
    /// a few times, when PostgreSQL undid it.
    pub(crate) async fn write_again_when_undone<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    {
        let work = Arc::new(work);
        let mut again = 1..=RUNS_AGAIN;
        loop {
            let work = Arc::clone(&work);
            let done = self.write(move |tx| work(tx)).await;
            let cause = done.as_ref().err().and_then(Failure::of_store);
            match cause.filter(|cause| cause.is_undone()) {
                Some(cause) if !again.is_empty() => {
                    tracing::warn!(%cause, "A write was undone by the server and is run again");
                    tokio::time::sleep(PAUSE * again.next().unwrap_or(RUNS_AGAIN)).await;
                }
                _ => return done,
            }
        }
    }
}

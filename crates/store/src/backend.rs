//! The two engines as one closed enum. Everything above writes one body for both.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};

use crate::StoreError;

/// Something that exists once per engine.
#[derive(Debug, Clone)]
pub(crate) enum Engine<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// A write transaction that is open.
pub(crate) type Tx = Engine<PoolConnection<Sqlite>, Transaction<'static, Postgres>>;

/// Pools to read from.
pub(crate) type Pools = Engine<SqlitePool, PgPool>;

/// Expands one body for both engines: `on!(pools, c => query.fetch_all(c).await)` when reading,
/// `on!(tx, c => query.execute(&mut **c).await)` in a write.
macro_rules! on {
    ($engine:expr, $c:ident => $body:expr) => {
        match $engine {
            $crate::backend::Engine::Sqlite($c) => $body,
            $crate::backend::Engine::Postgres($c) => $body,
        }
    };
}

/// Declares a struct whose fields are the columns of a query, readable from both engines.
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field_vis:vis $field:ident: $type:ty,)+
    }) => {
        $(#[$doc])*
        $vis struct $name { $($(#[$field_doc])* $field_vis $field: $type,)+ }
        $crate::backend::row!(@from $name, sqlx::sqlite::SqliteRow, $($field)+);
        $crate::backend::row!(@from $name, sqlx::postgres::PgRow, $($field)+);
    };
    (@from $name:ident, $row:ty, $($field:ident)+) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                use sqlx::Row as _;
                Ok(Self { $($field: row.try_get(stringify!($field))?,)+ })
            }
        }
    };
}

pub(crate) use {on, row};

/// Connections that only read, on SQLite.
const SQLITE_READERS: u32 = 4;
/// Connections on PostgreSQL: enough for group commit on two cores, few enough for its memory.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Distinct statements are few; all of them stay prepared.
const PREPARED_STATEMENTS: usize = 256;

/// Which database to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file; it is created when it does not exist.
    SqliteFile(PathBuf),
    /// A SQLite database that lives as long as its [`crate::Store`], for tests.
    SqliteMemory,
    /// A PostgreSQL server, as an address `postgres://user@host/name`.
    Postgres(String),
}

/// The text names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no database: write sqlite:FILE or postgres://user@host/name")]
pub struct BadDatabase(String);

impl Database {
    /// Reads `sqlite:FILE`, `sqlite::memory:` or `postgres://…`.
    pub fn parse(text: &str) -> Result<Self, BadDatabase> {
        match text.split_once(':') {
            Some(("sqlite", ":memory:")) => Ok(Self::SqliteMemory),
            Some(("sqlite", file)) if !file.trim_start_matches('/').is_empty() => Ok(
                Self::SqliteFile(file.strip_prefix("//").unwrap_or(file).into()),
            ),
            Some(("postgres" | "postgresql", _)) if PgConnectOptions::from_str(text).is_ok() => {
                Ok(Self::Postgres(text.to_owned()))
            }
            _ => Err(BadDatabase(text.chars().take(20).collect())),
        }
    }
}

impl FromStr for Database {
    type Err = BadDatabase;
    fn from_str(text: &str) -> Result<Self, BadDatabase> {
        Self::parse(text)
    }
}

/// What a store holds open: where to read, and on SQLite the one connection that writes.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) reads: Pools,
    pub(crate) writes: Pools,
}

pub(crate) async fn open(database: &Database) -> Result<Opened, StoreError> {
    match database {
        Database::SqliteFile(file) => open_file(file).await,
        Database::SqliteMemory => {
            let options = sqlite_options().in_memory(true);
            let pool = lasting().max_connections(1).connect_with(options).await?;
            Ok(Opened {
                reads: Engine::Sqlite(pool.clone()),
                writes: Engine::Sqlite(pool),
            })
        }
        Database::Postgres(url) => {
            // Every statement is a literal of this crate and is executed by the thousand; planned
            // anew each time, that of a move costs more to plan than to carry out.
            let options = PgConnectOptions::from_str(url)?
                .application_name("motcua")
                .options([("plan_cache_mode", "force_generic_plan")])
                .statement_cache_capacity(PREPARED_STATEMENTS);
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRES_CONNECTIONS)
                .test_before_acquire(false)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await?;
            Ok(Opened {
                reads: Engine::Postgres(pool.clone()),
                writes: Engine::Postgres(pool),
            })
        }
    }
}

async fn open_file(file: &Path) -> Result<Opened, StoreError> {
    let options = sqlite_options()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let writes = lasting().max_connections(1).connect_with(options).await?;
    let options = sqlite_options().filename(file).read_only(true);
    let reads = lasting()
        .max_connections(SQLITE_READERS)
        .connect_with(options)
        .await?;
    Ok(Opened {
        reads: Engine::Sqlite(reads),
        writes: Engine::Sqlite(writes),
    })
}

fn sqlite_options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        .statement_cache_capacity(PREPARED_STATEMENTS)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
}

/// SQLite connections are never closed for being old or idle: a memory database would vanish.
fn lasting() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_by_one_text() {
        assert_eq!(
            Database::parse("sqlite::memory:"),
            Ok(Database::SqliteMemory)
        );
        assert_eq!(
            Database::parse("sqlite:data/motcua.db"),
            Ok(Database::SqliteFile("data/motcua.db".into()))
        );
        assert_eq!(
            Database::parse("sqlite:///var/lib/motcua.db"),
            Ok(Database::SqliteFile("/var/lib/motcua.db".into()))
        );
        let server = "postgres://motcua@localhost/motcua";
        assert_eq!(
            Database::parse(server),
            Ok(Database::Postgres(server.to_owned()))
        );
        for bad in [
            "",
            "sqlite",
            "sqlite:",
            "sqlite://",
            "mysql://x",
            "motcua.db",
        ] {
            assert!(Database::parse(bad).is_err(), "{bad}");
        }
    }
}

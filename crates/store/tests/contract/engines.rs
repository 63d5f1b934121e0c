//! A fresh database of each kind.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{Database, Store};

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    SqliteMemory,
    SqliteFile,
    Postgres,
}

/// A migrated database and how to be rid of it.
pub(crate) struct Bench {
    pub(crate) store: Store,
    /// The database's name, as a command line would give it.
    pub(crate) address: String,
    folder: Option<PathBuf>,
    schema: Option<(String, String)>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn fresh_name() -> String {
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    format!("motcua_contract_{}_{count}", std::process::id())
}

/// A folder of its own for a test.
pub(crate) fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(fresh_name());
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) async fn open(kind: Kind) -> Option<Bench> {
    let bench = unprepared(kind).await?;
    bench.store.migrate().await.unwrap();
    Some(bench)
}

async fn unprepared(kind: Kind) -> Option<Bench> {
    let (mut files, mut schema) = (None, None);
    let database = match kind {
        Kind::SqliteMemory => Database::SqliteMemory,
        Kind::SqliteFile => {
            let file = files.insert(folder()).join("motcua.db");
            Database::SqliteFile(file)
        }
        Kind::Postgres => {
            let (url, name) = schema.insert((postgres()?, fresh_name()));
            run(url, format!("CREATE SCHEMA {name}")).await;
            let join = if url.contains('?') { '&' } else { '?' };
            Database::Postgres(format!("{url}{join}options=-csearch_path%3D{name}"))
        }
    };
    let store = Store::open(&database).await.unwrap();
    let address = match database {
        Database::SqliteMemory => "sqlite::memory:".to_owned(),
        Database::SqliteFile(file) => format!("sqlite:{}", file.display()),
        Database::Postgres(url) => url,
    };
    Some(Bench {
        store,
        address,
        folder: files,
        schema,
    })
}

fn postgres() -> Option<String> {
    let url = std::env::var("MOTCUA_TEST_POSTGRES").ok();
    if url.is_none() {
        assert!(
            std::env::var("CI").is_err(),
            "MOTCUA_TEST_POSTGRES is not set"
        );
        eprintln!("skipped: MOTCUA_TEST_POSTGRES is not set");
    }
    url
}

async fn run(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

impl Bench {
    /// Removes the database; one whose test failed stays to be looked at.
    pub(crate) async fn clear(self) {
        self.store.close().await;
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(folder).unwrap();
        }
        if let Some((url, name)) = self.schema {
            run(&url, format!("DROP SCHEMA {name} CASCADE")).await;
        }
    }
}

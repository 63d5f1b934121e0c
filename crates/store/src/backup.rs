//! Backup and restore of a SQLite database. PostgreSQL has its own tools for that.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::backend::{Database, Engine};
use crate::store::{Store, StoreError};

impl Store {
    /// Writes a copy of the database as of now into a new file, while others read and write, and
    /// verifies it.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let Engine::Sqlite(pool) = &self.reads else {
            return Err(StoreError::Unsupported("back PostgreSQL up with pg_dump"));
        };
        if file.exists() {
            return Err(unusable(file, "it exists already"));
        }
        let name = file
            .to_str()
            .ok_or_else(|| unusable(file, "its name is not Unicode"))?;
        sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(pool)
            .await?;
        durable(file)?;
        intact(file).await
    }
}

/// Puts a verified copy of a backup in the place of `target`, which must not exist yet.
pub async fn restore(backup: &Path, target: &Path) -> Result<(), StoreError> {
    if target.exists() {
        return Err(unusable(target, "it exists already; move it away first"));
    }
    // SQLite would lay what these hold over the restored database.
    for suffix in ["-wal", "-shm", "-journal"] {
        let mut left = target.as_os_str().to_owned();
        left.push(suffix);
        let left = Path::new(&left);
        if left.exists() {
            let why = "it belongs to the database that was here before; move it away first";
            return Err(unusable(left, why));
        }
    }
    intact(backup).await?;
    let copy = target.with_extension("restoring");
    std::fs::copy(backup, &copy).map_err(|cause| unusable(&copy, cause))?;
    durable(&copy)?;
    let store = Store::open(&Database::SqliteFile(copy.clone())).await?;
    let prepared = store
        .prepared()
        .await
        .map_err(|cause| unusable(backup, cause));
    store.close().await;
    prepared?;
    std::fs::rename(&copy, target).map_err(|cause| unusable(target, cause))?;
    durable(target)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "causes are handed over by map_err"
)]
fn unusable(file: &Path, why: impl ToString) -> StoreError {
    StoreError::File {
        file: file.display().to_string(),
        why: why.to_string(),
    }
}

/// A file that was written is there after a power cut only once it and its folder are synchronised.
fn durable(file: &Path) -> Result<(), StoreError> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    for path in [file, folder] {
        let opened = std::fs::File::open(path).map_err(|cause| unusable(path, cause))?;
        opened.sync_all().map_err(|cause| unusable(path, cause))?;
    }
    Ok(())
}

/// Whether the file is a SQLite database without a fault.
async fn intact(file: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let opened = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await;
    let pool = opened.map_err(|cause| unusable(file, cause))?;
    let found = sqlx::query_as("PRAGMA integrity_check")
        .fetch_one(&pool)
        .await;
    pool.close().await;
    match found {
        Ok((said,)) => {
            let said: String = said;
            if said == "ok" {
                Ok(())
            } else {
                Err(unusable(file, said))
            }
        }
        Err(cause) => Err(unusable(file, cause)),
    }
}

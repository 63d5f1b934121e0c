//! The memory of imports: which file, when, and what the report said.

use jiff::civil::DateTime;

use crate::backend::on;
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// One import of a file, with its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    /// Given by the caller, unique.
    pub id: String,
    /// When.
    pub at: DateTime,
    /// SHA-256 of the file, hexadecimal.
    pub file_hash: String,
    /// The report.
    pub report: serde_json::Value,
}

impl Store {
    /// Records an import.
    pub async fn save_import(&self, run: ImportRun) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(SAVE)
                    .bind(run.id)
                    .bind(to_millis(run.at))
                    .bind(run.file_hash)
                    .bind(run.report.to_string())
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// The newest imports, newest first.
    pub async fn imports(&self, limit: u32) -> Result<Vec<ImportRun>, StoreError> {
        let found: Vec<(String, i64, String, String)> = on!(&self.reads, pool => sqlx::query_as(NEWEST)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await)?;
        found
            .into_iter()
            .map(|(id, at, file_hash, report)| {
                let report = rows::json("import_run.report", &id, &report)?;
                Ok(ImportRun {
                    id,
                    at: from_millis(at),
                    file_hash,
                    report,
                })
            })
            .collect()
    }
}

const SAVE: &str = "INSERT INTO import_run (id, at, file_hash, report) VALUES ($1, $2, $3, $4)";
const NEWEST: &str =
    "SELECT id, at, file_hash, report FROM import_run ORDER BY at DESC, id DESC LIMIT $1";

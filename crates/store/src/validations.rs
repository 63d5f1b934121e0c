//! What was found of the signatures of files, sealed by the caller: signers have names.

use domain::ids::FileHash;
use jiff::civil::DateTime;

use crate::backend::on;
use crate::rows::{self, KEYS};
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// What was found of a file's signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// Hash of the file's content.
    pub file: FileHash,
    /// The verdict, encrypted by the caller.
    pub sealed: Vec<u8>,
    /// When it was found.
    pub at: DateTime,
}

type Row = (String, Vec<u8>, i64);

// Whoever looked last knows the most, whoever wrote last.
const KEEP: &str = "
    INSERT INTO validation (file, sealed, at) VALUES ($1, $2, $3)
    ON CONFLICT (file) DO UPDATE SET sealed = excluded.sealed, at = excluded.at
    WHERE validation.at <= excluded.at";
const BY_FILES: &str = "
    SELECT file, sealed, at FROM validation
    WHERE file IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

impl Store {
    /// Keeps what was found of a file, in place of what was found earlier.
    pub async fn keep_validation(&self, found: Validation) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(KEEP)
                    .bind(found.file.as_str())
                    .bind(found.sealed)
                    .bind(to_millis(found.at))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// What was found of these files; files of which nothing was found are left out.
    pub async fn validations(&self, files: &[FileHash]) -> Result<Vec<Validation>, StoreError> {
        let mut files: Vec<&str> = files.iter().map(FileHash::as_str).collect();
        files.sort_unstable();
        files.dedup();
        let mut all = Vec::with_capacity(files.len());
        for keys in files.chunks(KEYS) {
            let found: Vec<Row> = on!(&self.reads, pool => {
                let mut query = sqlx::query_as(BY_FILES);
                for slot in 0..KEYS {
                    query = query.bind(keys.get(slot).copied());
                }
                query.fetch_all(pool).await
            })?;
            for row in found {
                all.push(validation(row)?);
            }
        }
        Ok(all)
    }
}

fn validation((file, sealed, at): Row) -> Result<Validation, StoreError> {
    Ok(Validation {
        file: rows::typed("validation.file", &file)?,
        sealed,
        at: from_millis(at),
    })
}

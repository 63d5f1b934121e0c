//! Columns that callers have sealed, read and written again when master keys change. What is in them
//! this crate does not know.

use crate::backend::on;
use crate::{Store, StoreError};

/// A column of sealed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedColumn {
    /// What is known of a person.
    Party,
    /// Free texts of dossiers.
    Text,
    /// The second factor of an account.
    Totp,
    /// What a clerk types at reception.
    Draft,
    /// What a list shows of it.
    DraftLabel,
    /// What somebody types for an act.
    ActDraft,
    /// A certificate.
    Certificate,
    /// What was found of a file's signatures.
    Validation,
}

/// A row with sealed data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// Its key; keys of several columns stand one after the other with a colon between.
    pub key: String,
    /// What is sealed.
    pub sealed: Vec<u8>,
}

impl SealedColumn {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Party,
        Self::Text,
        Self::Totp,
        Self::Draft,
        Self::DraftLabel,
        Self::ActDraft,
        Self::Certificate,
        Self::Validation,
    ];

    /// Table and column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Party => "party.sealed",
            Self::Text => "dossier_text.sealed",
            Self::Totp => "account.totp_sealed",
            Self::Draft => "draft.sealed",
            Self::DraftLabel => "draft.label",
            Self::ActDraft => "act_draft.sealed",
            Self::Certificate => "certificate.sealed",
            Self::Validation => "validation.sealed",
        }
    }

    /// Rows after a key.
    fn page(self) -> &'static str {
        match self {
            Self::Party => {
                "SELECT id, sealed FROM party WHERE id > $1 AND erased = 0 ORDER BY id LIMIT $2"
            }
            Self::Text => "SELECT id, sealed FROM dossier_text WHERE id > $1 ORDER BY id LIMIT $2",
            Self::Totp => {
                "SELECT login, totp_sealed FROM account \
                 WHERE login > $1 AND totp_sealed IS NOT NULL ORDER BY login LIMIT $2"
            }
            Self::Draft => "SELECT id, sealed FROM draft WHERE id > $1 ORDER BY id LIMIT $2",
            Self::DraftLabel => "SELECT id, label FROM draft WHERE id > $1 ORDER BY id LIMIT $2",
            Self::ActDraft => {
                "SELECT dossier || ':' || command || ':' || staff AS key, sealed FROM act_draft \
                 WHERE dossier || ':' || command || ':' || staff > $1 ORDER BY key LIMIT $2"
            }
            Self::Certificate => {
                "SELECT id, sealed FROM certificate WHERE id > $1 ORDER BY id LIMIT $2"
            }
            Self::Validation => {
                "SELECT file, sealed FROM validation WHERE file > $1 ORDER BY file LIMIT $2"
            }
        }
    }

    /// Replaces what is sealed, unless it changed meanwhile.
    fn replace(self) -> &'static str {
        match self {
            Self::Party => "UPDATE party SET sealed = $2 WHERE id = $1 AND sealed = $3",
            Self::Text => "UPDATE dossier_text SET sealed = $2 WHERE id = $1 AND sealed = $3",
            Self::Totp => {
                "UPDATE account SET totp_sealed = $2 WHERE login = $1 AND totp_sealed = $3"
            }
            Self::Draft => "UPDATE draft SET sealed = $2 WHERE id = $1 AND sealed = $3",
            Self::DraftLabel => "UPDATE draft SET label = $2 WHERE id = $1 AND label = $3",
            Self::ActDraft => {
                "UPDATE act_draft SET sealed = $2 \
                 WHERE dossier || ':' || command || ':' || staff = $1 AND sealed = $3"
            }
            Self::Certificate => "UPDATE certificate SET sealed = $2 WHERE id = $1 AND sealed = $3",
            Self::Validation => "UPDATE validation SET sealed = $2 WHERE file = $1 AND sealed = $3",
        }
    }
}

impl Store {
    /// Rows of a column after a key, by key.
    pub async fn sealed_rows(
        &self,
        column: SealedColumn,
        after: &str,
        most: u32,
    ) -> Result<Vec<SealedRow>, StoreError> {
        let found: Vec<(String, Vec<u8>)> = on!(&self.reads, pool => sqlx::query_as(column.page())
            .bind(after)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?;
        let row = |(key, sealed)| SealedRow { key, sealed };
        Ok(found.into_iter().map(row).collect())
    }

    /// Replaces what is sealed in rows, each unless it changed meanwhile: pairs of the row that was
    /// read and what it holds from now on. Says how many were replaced.
    pub async fn replace_sealed(
        &self,
        column: SealedColumn,
        rows: Vec<(SealedRow, Vec<u8>)>,
    ) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut replaced = 0_u64;
                for (row, anew) in rows {
                    let done = on!(&mut *tx, c => sqlx::query(column.replace())
                        .bind(row.key)
                        .bind(anew)
                        .bind(row.sealed)
                        .execute(&mut **c)
                        .await
                        .map(|done| done.rows_affected()))?;
                    replaced = replaced.saturating_add(done);
                }
                Ok(replaced)
            })
        })
        .await
    }
}

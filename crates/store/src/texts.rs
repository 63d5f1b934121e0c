//! Free texts of dossiers (reasons, notes) that may name persons, so they are kept apart from
//! events and sealed by the caller.

use domain::ids::{DossierId, TextId};
use jiff::civil::DateTime;

use crate::backend::{Tx, on};
use crate::rows::{self, Cell, KEYS};
use crate::time::{from_millis, to_millis};
use crate::together::Together;
use crate::{Store, StoreError};

/// A text, as it is written and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// Which; events refer to it.
    pub id: TextId,
    /// Of which dossier.
    pub dossier: DossierId,
    /// The words, encrypted by the caller.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: DateTime,
}

/// Writes texts with a write. A text is written once: the same id again is an error.
pub(crate) fn add(together: &mut Together, texts: &[NewText]) {
    together.add_rows(HEAD, texts.iter().cloned().map(cells).collect());
}

/// Writes texts many at a time within a transaction that is open.
pub(crate) async fn insert_all(tx: &mut Tx, texts: Vec<NewText>) -> Result<(), StoreError> {
    let cells = texts.into_iter().map(cells).collect();
    rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
}

fn cells(text: NewText) -> Vec<Cell> {
    vec![
        Cell::Text(text.id.into()),
        Cell::Text(text.dossier.into()),
        Cell::Bytes(text.sealed),
        Cell::Number(to_millis(text.created_at)),
    ]
}

impl Store {
    /// Texts by id, in the order of their ids; unknown ids are left out.
    pub async fn texts(&self, ids: &[TextId]) -> Result<Vec<NewText>, StoreError> {
        let mut ids: Vec<&str> = ids.iter().map(TextId::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut texts = Vec::with_capacity(ids.len());
        for keys in ids.chunks(KEYS) {
            let mut found: Vec<Row> = on!(&self.reads, pool => {
                let mut query = sqlx::query_as(BY_IDS);
                for slot in 0..KEYS {
                    query = query.bind(keys.get(slot).copied());
                }
                query.fetch_all(pool).await
            })?;
            found.sort_by(|a, b| a.0.cmp(&b.0));
            for row in found {
                texts.push(text(row)?);
            }
        }
        Ok(texts)
    }
}

type Row = (String, String, Vec<u8>, i64);

const HEAD: &str = "INSERT INTO dossier_text (id, dossier, sealed, created_at) ";
const BY_IDS: &str = "
    SELECT id, dossier, sealed, created_at FROM dossier_text
    WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

fn text((id, dossier, sealed, created_at): Row) -> Result<NewText, StoreError> {
    Ok(NewText {
        id: rows::typed("dossier_text.id", &id)?,
        dossier: rows::typed("dossier_text.dossier", &dossier)?,
        sealed,
        created_at: from_millis(created_at),
    })
}

//! What clerks have typed and not yet filed. A draft is saved over and over, by whoever saw it last;
//! it goes with the append that files it.

mod act;

pub use act::{ActDraft, ActDraftKey};

use domain::ids::{DraftId, StaffId, UnitId};
use jiff::civil::DateTime;

use crate::backend::{Tx, on};
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// A draft to save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// Which; given by the caller.
    pub id: DraftId,
    /// Who types.
    pub staff: StaffId,
    /// For which centre.
    pub unit: UnitId,
    /// What was typed, encrypted by the caller.
    pub sealed: Vec<u8>,
    /// What a list shows of it, encrypted by the caller.
    pub label: Vec<u8>,
    /// The version that was being edited; 0 for a new draft.
    pub seen: u32,
    /// When.
    pub at: DateTime,
}

/// A draft in a list: everything but what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Which.
    pub id: DraftId,
    /// Who typed last.
    pub staff: StaffId,
    /// For which centre.
    pub unit: UnitId,
    /// How often it was saved.
    pub version: u32,
    /// When it was saved last.
    pub updated_at: DateTime,
    /// What a list shows of it, as the caller sealed it.
    pub label: Vec<u8>,
}

/// A whole draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeDraft {
    /// Whose, where, when.
    pub line: DraftLine,
    /// What was typed, as the caller sealed it.
    pub sealed: Vec<u8>,
}

/// What saving did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftSaved {
    /// It is there, under this version.
    Saved(u32),
    /// Somebody saved meanwhile, and nothing was written: this is what is there.
    Stale(Box<IntakeDraft>),
    /// It was filed or thrown away meanwhile, and nothing was written.
    Gone,
}

impl Store {
    /// Saves a draft unless another version than the one seen is there.
    pub async fn save_draft(&self, draft: NewDraft) -> Result<DraftSaved, StoreError> {
        self.write(move |tx| Box::pin(async move { save(tx, draft).await }))
            .await
    }

    /// A draft with what was typed.
    pub async fn draft(&self, id: &DraftId) -> Result<Option<IntakeDraft>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(id.as_str())
            .fetch_optional(pool)
            .await)?;
        found.map(draft).transpose()
    }

    /// The newest `limit` drafts of a centre into which something was typed, the newest first; with
    /// `staff`, those that this person typed last.
    pub async fn drafts_of_unit(
        &self,
        unit: &UnitId,
        staff: Option<&StaffId>,
        limit: u32,
    ) -> Result<Vec<DraftLine>, StoreError> {
        let found: Vec<LineRow> = on!(&self.reads, pool => sqlx::query_as(OF_UNIT)
            .bind(unit.as_str())
            .bind(i64::from(limit))
            .bind(staff.map(StaffId::as_str))
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(line).collect()
    }

    /// Throws a draft away; false when it was not there.
    pub async fn remove_draft(&self, id: DraftId) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let removed = on!(tx, c => sqlx::query(REMOVE)
                    .bind(id.as_str())
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(removed > 0)
            })
        })
        .await
    }

    /// Forgets drafts that nobody came back to: those saved last before `kept`, and those before
    /// `typed` into which nothing was ever typed. Returns how many.
    pub async fn purge_drafts(&self, kept: DateTime, typed: DateTime) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let intakes = on!(&mut *tx, c => sqlx::query(PURGE)
                    .bind(to_millis(kept))
                    .bind(to_millis(typed))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(intakes.saturating_add(act::purge(tx, kept).await?))
            })
        })
        .await
    }
}

type LineRow = (String, String, String, i64, i64, Vec<u8>);
type Row = (String, String, String, i64, i64, Vec<u8>, Vec<u8>);

const ONE: &str =
    "SELECT id, staff, unit, version, updated_at, label, sealed FROM draft WHERE id = $1";
/// The first version is the empty form.
const OF_UNIT: &str = "
    SELECT id, staff, unit, version, updated_at, label FROM draft
    WHERE unit = $1 AND version > 1 AND staff = COALESCE($3, staff)
    ORDER BY updated_at DESC, id LIMIT $2";
const INSERT: &str = "
    INSERT INTO draft (id, staff, unit, sealed, version, updated_at, label)
    VALUES ($1, $2, $3, $4, $5 + 1, $6, $7)
    ON CONFLICT (id) DO NOTHING";
const UPDATE: &str = "
    UPDATE draft SET staff = $2, unit = $3, sealed = $4, version = version + 1, updated_at = $6,
        label = $7
    WHERE id = $1 AND version = $5";
const PURGE: &str = "DELETE FROM draft WHERE updated_at < $1 OR (version = 1 AND updated_at < $2)";
const REMOVE: &str = "DELETE FROM draft WHERE id = $1";

async fn save(tx: &mut Tx, new: NewDraft) -> Result<DraftSaved, StoreError> {
    let statement = if new.seen == 0 { INSERT } else { UPDATE };
    let written = on!(&mut *tx, c => sqlx::query(statement)
        .bind(new.id.as_str())
        .bind(new.staff.as_str())
        .bind(new.unit.as_str())
        .bind(new.sealed)
        .bind(i64::from(new.seen))
        .bind(to_millis(new.at))
        .bind(new.label)
        .execute(&mut **c)
        .await
        .map(|done| done.rows_affected()))?;
    if written > 0 {
        return Ok(DraftSaved::Saved(new.seen + 1));
    }
    let found: Option<Row> = on!(tx, c => sqlx::query_as(ONE)
        .bind(new.id.as_str())
        .fetch_optional(&mut **c)
        .await)?;
    Ok(match found {
        Some(row) => DraftSaved::Stale(Box::new(draft(row)?)),
        None => DraftSaved::Gone,
    })
}

fn draft(row: Row) -> Result<IntakeDraft, StoreError> {
    let (id, staff, unit, version, updated_at, label, sealed) = row;
    Ok(IntakeDraft {
        line: line((id, staff, unit, version, updated_at, label))?,
        sealed,
    })
}

fn line(row: LineRow) -> Result<DraftLine, StoreError> {
    let (id, staff, unit, version, updated_at, label) = row;
    Ok(DraftLine {
        staff: rows::typed("draft.staff", &staff)?,
        unit: rows::typed("draft.unit", &unit)?,
        version: rows::number("draft.version", &id, version)?,
        updated_at: from_millis(updated_at),
        label,
        id: rows::typed("draft.id", &id)?,
    })
}

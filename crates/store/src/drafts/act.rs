//! What somebody has typed for an act on a dossier and not yet done: one draft a person, dossier and
//! command, gone when the act is done or the dossier has moved on without it for too long.

use domain::dossier::CommandKind;
use domain::ids::{DossierId, StaffId};
use jiff::civil::DateTime;

use crate::backend::{Tx, on};
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// Whose words, for which act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActDraftKey {
    /// On which dossier.
    pub dossier: DossierId,
    /// Which act.
    pub command: CommandKind,
    /// Who types.
    pub staff: StaffId,
}

/// What was typed, as the caller sealed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActDraft {
    /// The words.
    pub sealed: Vec<u8>,
    /// When they were saved last.
    pub updated_at: DateTime,
}

impl Store {
    /// Saves the words over those saved before, while the dossier is at `version`: what was typed
    /// for an act that is done by now comes too late. False when it did.
    pub async fn save_act_draft(
        &self,
        key: ActDraftKey,
        version: u32,
        draft: ActDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let written = on!(tx, c => sqlx::query(SAVE)
                    .bind(key.dossier.as_str())
                    .bind(key.command.as_str())
                    .bind(key.staff.as_str())
                    .bind(draft.sealed)
                    .bind(to_millis(draft.updated_at))
                    .bind(i64::from(version))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(written > 0)
            })
        })
        .await
    }

    /// The words that were saved.
    pub async fn act_draft(&self, key: &ActDraftKey) -> Result<Option<ActDraft>, StoreError> {
        let found: Option<(Vec<u8>, i64)> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(key.dossier.as_str())
            .bind(key.command.as_str())
            .bind(key.staff.as_str())
            .fetch_optional(pool)
            .await)?;
        Ok(found.map(|(sealed, updated_at)| ActDraft {
            sealed,
            updated_at: from_millis(updated_at),
        }))
    }

    /// Throws the words away; false when there were none.
    pub async fn remove_act_draft(&self, key: ActDraftKey) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let removed = on!(tx, c => sqlx::query(REMOVE)
                    .bind(key.dossier.as_str())
                    .bind(key.command.as_str())
                    .bind(key.staff.as_str())
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(removed > 0)
            })
        })
        .await
    }
}

/// Forgets what was saved last before `kept`; returns how many.
pub(super) async fn purge(tx: &mut Tx, kept: DateTime) -> Result<u64, StoreError> {
    Ok(on!(tx, c => sqlx::query(PURGE)
        .bind(to_millis(kept))
        .execute(&mut **c)
        .await
        .map(|done| done.rows_affected()))?)
}

const SAVE: &str = "
    INSERT INTO act_draft (dossier, command, staff, sealed, updated_at)
    SELECT $1, $2, $3, $4, $5 WHERE EXISTS
        (SELECT 1 FROM dossier WHERE id = $1 AND version = $6)
    ON CONFLICT (dossier, command, staff) DO UPDATE
        SET sealed = excluded.sealed, updated_at = excluded.updated_at";
const ONE: &str = "
    SELECT sealed, updated_at FROM act_draft WHERE dossier = $1 AND command = $2 AND staff = $3";
const REMOVE: &str = "DELETE FROM act_draft WHERE dossier = $1 AND command = $2 AND staff = $3";
const PURGE: &str = "DELETE FROM act_draft WHERE updated_at < $1";

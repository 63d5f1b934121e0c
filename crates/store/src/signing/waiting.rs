//! What waits for the signature of a post.
//!
//! This module must not know which steps are signed.

use domain::ids::{StaffId, UnitId};
use domain::office::Role;

use crate::backend::{on, row};
use crate::{Store, StoreError};

row! {
    /// A dossier that waits at a step of a role that signs. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ToSignRow {
        /// Which.
        pub dossier: String,
        /// Its number.
        pub code: Option<String>,
        /// The procedure.
        pub procedure_code: String,
        /// The version of the procedure that the dossier keeps.
        pub procedure_version: i64,
        /// The version of the process that the dossier keeps.
        pub process_version: i64,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of the owner.
        pub owner_name: String,
        /// Index of the step.
        pub step: Option<i64>,
        /// To whom the step was given.
        pub holder: Option<String>,
        /// The time published to the applicant.
        pub due_at: Option<i64>,
        /// By which the list is ordered, before the dossier's identifier.
        pub rank: i64,
    }
}

impl Store {
    /// Dossiers at a step of `role` at `unit` whose clock runs, the most urgent first, but for those
    /// that lie in an open batch of `staff`. `after` is the last one of the page before.
    pub async fn to_sign(
        &self,
        (unit, role): (&UnitId, Role),
        staff: &StaffId,
        (after, most): (Option<&ToSignRow>, u32),
    ) -> Result<Vec<ToSignRow>, StoreError> {
        let (rank, dossier) = after.map_or((i64::MIN, ""), |row| (row.rank, row.dossier.as_str()));
        Ok(on!(&self.reads, pool => sqlx::query_as(TO_SIGN)
            .bind(unit.as_str())
            .bind(role.as_str())
            .bind(staff.as_str())
            .bind(i64::from(most))
            .bind(rank)
            .bind(dossier)
            .fetch_all(pool)
            .await)?)
    }
}

const TO_SIGN: &str = "
    SELECT w.dossier, d.code, d.procedure_code, d.procedure_version, d.process_version,
        d.procedure_name, d.owner_name, w.step, w.holder, d.due_at, w.due_at AS rank
    FROM work_item w JOIN dossier d ON d.id = w.dossier
    WHERE w.unit = $1 AND w.role = $2 AND w.clock = 0 AND w.state = 'processing'
        AND (w.due_at, w.dossier) > ($5, $6)
        AND NOT EXISTS (
            SELECT 1 FROM signing_item i JOIN signing_batch b ON b.id = i.batch
            WHERE i.dossier = w.dossier AND i.state IN ('waiting', 'failed') AND b.staff = $3)
    ORDER BY w.due_at, w.dossier LIMIT $4";

//! Looks into people's stores of documents: each is noted once for its intake, with its line in the log.

use domain::ids::{PartyId, StaffId};
use jiff::ToSpan as _;
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::store::{Store, StoreError};
use crate::time::to_millis;

/// A look into somebody's store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLook {
    /// For which intake: its draft, or the unit where there is none.
    pub intake: String,
    /// Whose store.
    pub owner: PartyId,
    /// Who looks.
    pub staff: StaffId,
    /// When.
    pub at: DateTime,
}

const KNOWN: &str =
    "SELECT COUNT(*) FROM store_look WHERE intake = $1 AND owner = $2 AND staff = $3";
const COUNT: &str = "SELECT COUNT(*) FROM store_look WHERE staff = $1 AND looked_at > $2";
const NOTE: &str = "INSERT INTO store_look (intake, owner, staff, looked_at) \
     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const FORGET: &str = "DELETE FROM store_look WHERE staff = $1 AND looked_at < $2";

/// How many days a look is known: a later one for the same intake is noted anew.
const DAYS: i64 = 30;

impl Store {
    /// Whether this look was noted already.
    pub async fn look_noted(&self, look: &StoreLook) -> Result<bool, StoreError> {
        let (found,): (i64,) = on!(&self.reads, pool => sqlx::query_as(KNOWN)
            .bind(&look.intake)
            .bind(look.owner.as_str())
            .bind(look.staff.as_str())
            .fetch_one(pool)
            .await)?;
        Ok(found > 0)
    }

    /// How many looks of `staff` were noted after `since`.
    pub async fn looks(&self, staff: &StaffId, since: DateTime) -> Result<u32, StoreError> {
        let (found,): (i64,) = on!(&self.reads, pool => sqlx::query_as(COUNT)
            .bind(staff.as_str())
            .bind(to_millis(since))
            .fetch_one(pool)
            .await)?;
        Ok(u32::try_from(found).unwrap_or(u32::MAX))
    }

    /// Notes a look with its line in the log; says whether it is new. One that was noted writes nothing.
    pub async fn note_look(&self, look: StoreLook, line: AuditLine) -> Result<bool, StoreError> {
        let old = look.at.saturating_sub(DAYS.days());
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(FORGET)
                    .bind(look.staff.as_str())
                    .bind(to_millis(old))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                let noted = on!(&mut *tx, c => sqlx::query(NOTE)
                    .bind(look.intake)
                    .bind(look.owner.as_str())
                    .bind(look.staff.as_str())
                    .bind(to_millis(look.at))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if noted > 0 {
                    audit::insert(tx, look.at, &[line]).await?;
                }
                Ok(noted > 0)
            })
        })
        .await
    }
}

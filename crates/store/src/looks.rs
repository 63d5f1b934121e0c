//! Looks into people's stores of documents: each is noted once for its intake, with its line in the log.

use domain::ids::{PartyId, StaffId};
use jiff::ToSpan as _;
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::rows::{Cell, write_row};
use crate::store::{Store, StoreError};
use crate::time::to_millis;

/// A look into somebody's store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLook {
    /// For which intake: its draft, or the one-time key of its form where there is none.
    pub intake: String,
    /// Whose store.
    pub owner: PartyId,
    /// Who looks.
    pub staff: StaffId,
    /// When.
    pub at: DateTime,
}

/// What became of a look that is to be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is noted now.
    New,
    /// It was noted before, for the same intake.
    Before,
    /// Nothing was written: whoever looks has looked into too many stores.
    TooMany,
}

const KNOWN: &str =
    "SELECT COUNT(*) FROM store_look WHERE intake = $1 AND owner = $2 AND staff = $3";
const COUNT: &str = "SELECT COUNT(*) FROM store_look WHERE staff = $1 AND looked_at > $2";
/// Looks of one person are noted one after the other, so that each is counted with those before it.
const ONE_BY_ONE: &str = "UPDATE staff SET name = name WHERE id = $1";
const NOTE: &str = "INSERT INTO store_look (intake, owner, staff, looked_at) \
     SELECT $1, $2, $3, $4 WHERE \
         (SELECT COUNT(*) FROM store_look WHERE staff = $3 AND looked_at > $5) < $6 \
     ON CONFLICT DO NOTHING";
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

    /// Notes a look with its line in the log, unless so many of the same person's were noted since then.
    /// Only a new one writes anything.
    pub async fn note_look(
        &self,
        look: StoreLook,
        (since, most): (DateTime, u32),
        line: AuditLine,
    ) -> Result<Noted, StoreError> {
        self.write(move |tx| Box::pin(async move { note(tx, look, (since, most), line).await }))
            .await
    }
}

async fn note(
    tx: &mut Tx,
    look: StoreLook,
    (since, most): (DateTime, u32),
    line: AuditLine,
) -> Result<Noted, StoreError> {
    let staff = || Cell::Text(look.staff.to_string());
    let old = to_millis(look.at.saturating_sub(DAYS.days()));
    write_row(tx, ONE_BY_ONE, vec![staff()]).await?;
    write_row(tx, FORGET, vec![staff(), Cell::Number(old)]).await?;
    let (known,): (i64,) = on!(&mut *tx, c => sqlx::query_as(KNOWN)
        .bind(&look.intake)
        .bind(look.owner.as_str())
        .bind(look.staff.as_str())
        .fetch_one(&mut **c)
        .await)?;
    if known > 0 {
        return Ok(Noted::Before);
    }
    let cells = vec![
        Cell::Text(look.intake.clone()),
        Cell::Text(look.owner.to_string()),
        staff(),
        Cell::Number(to_millis(look.at)),
        Cell::Number(to_millis(since)),
        Cell::Number(i64::from(most)),
    ];
    if write_row(tx, NOTE, cells).await? == 0 {
        return Ok(Noted::TooMany);
    }
    audit::insert(tx, look.at, &[line]).await?;
    Ok(Noted::New)
}

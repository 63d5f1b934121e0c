//! The close of a book: ordered at a moment, carried out volume by volume, and done with the last one.

use domain::dossier::File;
use domain::ids::{DossierId, FileHash, StaffId, UnitId};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::outbox::{self, NewMessage};
use crate::rows::{self, Cell};
use crate::time::to_millis;
use crate::{Store, StoreError};

const ORDER: &str = "INSERT INTO register_close (unit, year, entries, closed_at, closed_by) \
     SELECT $1, $2, COUNT(*), $3, $4 FROM register_entry WHERE unit = $1 AND year = $2 \
     ON CONFLICT (unit, year) DO NOTHING";
const KEEP: &str = "INSERT INTO register_volume (unit, year, volume, file, bytes) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit, year, volume) DO NOTHING";
const FINISH: &str = "UPDATE register_close SET finished_at = $3 \
     WHERE unit = $1 AND year = $2 AND finished_at IS NULL";
const KEPT: &str = "SELECT file FROM register_volume WHERE unit = $1 AND year = $2 AND volume = $3";

/// The key of a book.
fn book((unit, year): &(UnitId, i16)) -> Vec<Cell> {
    vec![Cell::Text(unit.to_string()), Cell::Number(i64::from(*year))]
}

impl Store {
    /// Orders that a centre's book of a year is closed as it is at that moment, by a message of one
    /// of its dossiers; false when that was ordered before.
    pub async fn order_close(
        &self,
        of: (UnitId, i16),
        (staff, at): (StaffId, DateTime),
        first: (DossierId, NewMessage),
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut cells = book(&of);
                cells.push(Cell::Number(to_millis(at)));
                cells.push(Cell::Text(staff.to_string()));
                if rows::write_row(tx, ORDER, cells).await? == 0 {
                    return Ok(false);
                }
                outbox::insert(tx, at, &first).await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Keeps the print of a volume of a book whose close was ordered, and in the same write sends
    /// the message for the next one; without a next one the book is closed. False when the volume
    /// was kept before: then nothing is written.
    pub async fn keep_volume(
        &self,
        (of, volume): ((UnitId, i16), u32),
        file: File,
        at: DateTime,
        next: Result<(DossierId, NewMessage), AuditLine>,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut cells = book(&of);
                cells.push(Cell::Number(i64::from(volume)));
                cells.push(Cell::Text(file.hash.to_string()));
                cells.push(Cell::Number(i64::try_from(file.bytes).unwrap_or(i64::MAX)));
                if rows::write_row(tx, KEEP, cells).await? == 0 {
                    return Ok(false);
                }
                match next {
                    Ok(next) => outbox::insert(tx, at, &next).await?,
                    Err(audit) => {
                        let mut cells = book(&of);
                        cells.push(Cell::Number(to_millis(at)));
                        rows::write_row(tx, FINISH, cells).await?;
                        audit::insert(tx, at, &[audit]).await?;
                    }
                }
                Ok(true)
            })
        })
        .await
    }

    /// The print of a volume that was kept; none of an open book, and of what is still to be kept.
    pub async fn kept_volume(
        &self,
        unit: &UnitId,
        (year, volume): (i16, u32),
    ) -> Result<Option<FileHash>, StoreError> {
        let found: Option<(String,)> = on!(&self.reads, pool => sqlx::query_as(KEPT)
            .bind(unit.as_str())
            .bind(i64::from(year))
            .bind(i64::from(volume))
            .fetch_optional(pool)
            .await)?;
        let file = |(file,): (String,)| rows::typed("register_volume.file", &file);
        found.map(file).transpose()
    }
}

//! The close of a book: ordered at a moment, carried out volume by volume, and done with the last one.

use domain::dossier::File;
use domain::ids::{DossierId, FileHash, StaffId, UnitId};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::outbox::{self, NewMessage};
use crate::rows::{self, Cell};
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

use super::Book;

const ORDER: &str = "INSERT INTO register_close (unit, year, entries, closed_at, closed_by) \
     SELECT $1, $2, COALESCE(MAX(number), 0), $3, $4 FROM register_entry WHERE unit = $1 AND year = $2 \
     ON CONFLICT (unit, year) DO NOTHING";
const KEEP: &str = "INSERT INTO register_volume (unit, year, volume, file, bytes) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit, year, volume) DO NOTHING";
/// Held first, so that of two volumes kept at once the later one sees the other.
const HOLD: &str = "UPDATE register_close SET entries = entries WHERE unit = $1 AND year = $2";
const FINISH: &str = "UPDATE register_close SET finished_at = $3 \
     WHERE unit = $1 AND year = $2 AND finished_at IS NULL AND entries <= $4 * \
     (SELECT COUNT(*) FROM register_volume v WHERE v.unit = $1 AND v.year = $2)";
const STICK: &str = "INSERT INTO register_stuck (unit, year, volume, number, dossier, why, since) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (unit, year, volume) DO NOTHING";
const STILL_STUCK: &str = "UPDATE register_stuck SET number = $4, dossier = $5, why = $6 \
     WHERE unit = $1 AND year = $2 AND volume = $3";
const LOOSE: &str = "DELETE FROM register_stuck WHERE unit = $1 AND year = $2 AND volume = $3";
const STUCK: &str = "SELECT volume, number, dossier, why, since FROM register_stuck \
     WHERE unit = $1 AND year = $2 ORDER BY volume";
const KEPT: &str = "SELECT file FROM register_volume WHERE unit = $1 AND year = $2 AND volume = $3";

/// The key of a book.
fn book((unit, year): &(UnitId, i16)) -> Vec<Cell> {
    vec![Cell::Text(unit.to_string()), Cell::Number(i64::from(*year))]
}

fn of_volume(of: &(UnitId, i16), volume: u32) -> Vec<Cell> {
    let mut cells = book(of);
    cells.push(Cell::Number(i64::from(volume)));
    cells
}

/// A volume that could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Which volume.
    pub volume: u32,
    /// The number of the entry that cannot be drawn; 0 where it is none of them.
    pub number: u32,
    /// Its dossier; empty where it is none.
    pub dossier: String,
    /// What stands in the way, for the operator.
    pub why: String,
    /// Since when.
    pub since: DateTime,
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

    /// Keeps the print of a volume of a book whose close was ordered, and in the same write sends the
    /// message for the next one, unless that was sent when this one was stuck; the book is closed, and
    /// that is audited, when every volume is kept. False when the volume was kept before: then nothing
    /// is written.
    pub async fn keep_volume(
        &self,
        (of, volume): ((UnitId, i16), u32),
        file: File,
        at: DateTime,
        (next, closed): (Option<(DossierId, NewMessage)>, AuditLine),
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                rows::write_row(tx, HOLD, book(&of)).await?;
                let mut cells = of_volume(&of, volume);
                cells.push(Cell::Text(file.hash.to_string()));
                cells.push(Cell::Number(i64::try_from(file.bytes).unwrap_or(i64::MAX)));
                if rows::write_row(tx, KEEP, cells).await? == 0 {
                    return Ok(false);
                }
                let was_stuck = rows::write_row(tx, LOOSE, of_volume(&of, volume)).await? > 0;
                if let Some(next) = next.filter(|_| !was_stuck) {
                    outbox::insert(tx, at, &next).await?;
                }
                let mut cells = book(&of);
                cells.push(Cell::Number(to_millis(at)));
                cells.push(Cell::Number(i64::from(Book::VOLUME)));
                if rows::write_row(tx, FINISH, cells).await? > 0 {
                    audit::insert(tx, at, &[closed]).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Notes that a volume could not be drawn, and why; the first time the message for the next one is
    /// sent, which waits for this one no longer.
    pub async fn stick_volume(
        &self,
        (of, stuck): ((UnitId, i16), Stuck),
        next: Option<(DossierId, NewMessage)>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let what = || {
                    let mut cells = of_volume(&of, stuck.volume);
                    cells.push(Cell::Number(i64::from(stuck.number)));
                    cells.push(Cell::Text(stuck.dossier.clone()));
                    cells.push(Cell::Text(stuck.why.clone()));
                    cells
                };
                let mut cells = what();
                cells.push(Cell::Number(to_millis(stuck.since)));
                if rows::write_row(tx, STICK, cells).await? == 0 {
                    rows::write_row(tx, STILL_STUCK, what()).await?;
                } else if let Some(next) = next {
                    outbox::insert(tx, stuck.since, &next).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Volumes of a book that could not be drawn yet.
    pub async fn stuck_volumes(&self, unit: &UnitId, year: i16) -> Result<Vec<Stuck>, StoreError> {
        let found: Vec<(i64, i64, String, String, i64)> = on!(&self.reads, pool => sqlx::query_as(STUCK)
                .bind(unit.as_str())
                .bind(i64::from(year))
                .fetch_all(pool)
                .await)?;
        let stuck = |(volume, number, dossier, why, since)| {
            Ok(Stuck {
                volume: rows::number("register_stuck.volume", unit.as_str(), volume)?,
                number: rows::number("register_stuck.number", unit.as_str(), number)?,
                dossier,
                why,
                since: from_millis(since),
            })
        };
        found.into_iter().map(stuck).collect()
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

//! Checks of the register: every dossier received stands in one book, no number is missing, and of a
//! closed book every volume is kept. Whether the files of the volumes are there is checked with those
//! of all files.

use super::{Difference, Report};
use crate::backend::on;
use crate::register::Book;
use crate::store::{Store, StoreError};

const GAPS: &str = "SELECT unit, year, COUNT(*), MAX(number) FROM register_entry \
     GROUP BY unit, year HAVING COUNT(*) <> MAX(number)";
const MISSING: &str = "SELECT d.id FROM dossier d LEFT JOIN register_entry e ON e.dossier = d.id \
     WHERE d.received_at IS NOT NULL AND (e.dossier IS NULL OR e.unit <> d.receiving) ORDER BY d.id";
const UNKNOWN: &str = "SELECT e.dossier FROM register_entry e \
     LEFT JOIN dossier d ON d.id = e.dossier \
     WHERE d.received_at IS NULL ORDER BY e.dossier";

/// Books whose close was ordered, with their entries now and what volumes are kept.
const CLOSED: &str = "SELECT c.unit, c.year, c.entries, c.finished_at, \
     (SELECT COUNT(*) FROM register_entry e WHERE e.unit = c.unit AND e.year = c.year), \
     (SELECT COUNT(*) FROM register_volume v WHERE v.unit = c.unit AND v.year = c.year), \
     (SELECT MAX(volume) FROM register_volume v WHERE v.unit = c.unit AND v.year = c.year) \
     FROM register_close c ORDER BY c.unit, c.year";
const LOOSE: &str = "SELECT v.unit, v.year, v.volume FROM register_volume v \
     LEFT JOIN register_close c ON c.unit = v.unit AND c.year = v.year \
     WHERE c.unit IS NULL ORDER BY v.unit, v.year, v.volume";

/// Volumes that cannot be drawn: their books are never closed until somebody mends what they list.
const STUCK: &str = "SELECT unit, year, volume, number, dossier, why FROM register_stuck \
     ORDER BY unit, year, volume";

type StuckRow = (String, i64, i64, i64, String, String);
type ClosedRow = (String, i64, i64, Option<i64>, i64, i64, Option<i64>);

impl Store {
    pub(super) async fn check_books(&self, report: &mut Report) -> Result<(), StoreError> {
        let gaps: Vec<(String, i64, i64, i64)> =
            on!(&self.reads, pool => sqlx::query_as(GAPS).fetch_all(pool).await)?;
        for (unit, year, entries, last) in gaps {
            let pair = (format!("{last} entries"), entries);
            let row = format!("{unit}/{year}");
            let differs = Difference::new("register_entry", &row, "number", pair);
            report.differences.push(differs);
        }
        let sides = [
            (MISSING, ("an entry at its centre", "none")),
            (UNKNOWN, ("no entry", "one")),
        ];
        for (sql, pair) in sides {
            let found: Vec<(String,)> =
                on!(&self.reads, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
            for (dossier,) in found {
                let differs = Difference::new("register_entry", &dossier, "row", pair);
                report.differences.push(differs);
            }
        }
        self.check_volumes(report).await
    }

    async fn check_volumes(&self, report: &mut Report) -> Result<(), StoreError> {
        let closed: Vec<ClosedRow> =
            on!(&self.reads, pool => sqlx::query_as(CLOSED).fetch_all(pool).await)?;
        for (unit, year, closing, finished, entries, kept, last) in closed {
            let row = format!("{unit}/{year}");
            let mut differ = |table, column, pair: (i64, i64)| {
                if pair.0 != pair.1 {
                    let differs = Difference::new(table, &row, column, pair);
                    report.differences.push(differs);
                }
            };
            differ("register_close", "entries", (entries, closing));
            // While the book is being closed its volumes come one after the other.
            let whole = u32::try_from(closing).unwrap_or(u32::MAX);
            let whole = i64::from(whole.div_ceil(Book::VOLUME));
            let due = finished.map_or(kept, |_| whole);
            differ("register_volume", "volumes", (due, kept));
            differ("register_volume", "volume", (kept, last.unwrap_or(0)));
        }
        let stuck: Vec<StuckRow> =
            on!(&self.reads, pool => sqlx::query_as(STUCK).fetch_all(pool).await)?;
        for (unit, year, volume, number, dossier, why) in stuck {
            let row = format!("{unit}/{year}/{volume}");
            let pair = ("drawn", format!("entry {number}, dossier {dossier}: {why}"));
            let differs = Difference::new("register_stuck", &row, "volume", pair);
            report.differences.push(differs);
        }
        let loose: Vec<(String, i64, i64)> =
            on!(&self.reads, pool => sqlx::query_as(LOOSE).fetch_all(pool).await)?;
        for (unit, year, volume) in loose {
            let row = format!("{unit}/{year}/{volume}");
            let pair = ("a book whose close was ordered", "none");
            let differs = Difference::new("register_volume", &row, "row", pair);
            report.differences.push(differs);
        }
        Ok(())
    }
}

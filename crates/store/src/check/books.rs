//! Checks of the register: every dossier received stands in one book, and no number is missing.

use super::{Difference, Report};
use crate::backend::on;
use crate::store::{Store, StoreError};

const GAPS: &str = "SELECT unit, year, COUNT(*), MAX(number) FROM register_entry \
     GROUP BY unit, year HAVING COUNT(*) <> MAX(number)";
const MISSING: &str = "SELECT d.id FROM dossier d LEFT JOIN register_entry e ON e.dossier = d.id \
     WHERE d.received_at IS NOT NULL AND (e.dossier IS NULL OR e.unit <> d.receiving) ORDER BY d.id";
const UNKNOWN: &str = "SELECT e.dossier FROM register_entry e \
     LEFT JOIN dossier d ON d.id = e.dossier \
     WHERE d.received_at IS NULL ORDER BY e.dossier";

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
        Ok(())
    }
}

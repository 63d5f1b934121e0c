//! The register of each centre (sổ theo dõi, Mẫu 07): one book a year, numbered from 1 without gaps.
//! A number is drawn in the write that receives the dossier, so it is never missing and never
//! given twice.

mod close;

pub use close::Stuck;

use std::collections::BTreeMap;

use domain::dossier::Dossier;
use domain::ids::{DossierId, StaffId, UnitId};
use domain::text::fold;
use jiff::civil::DateTime;

use crate::backend::{Tx, on, row};
use crate::numbers;
use crate::rows::{self, Cell};
use crate::time::{from_millis, to_millis};
use crate::together::Together;
use crate::{Store, StoreError};

/// A dossier that was just received, as its book gets it.
pub(crate) struct Line {
    unit: String,
    year: i64,
    dossier: String,
}

impl Line {
    /// The line of a dossier that the change received; none when it was received before, or is not.
    pub(crate) fn of(before: &Dossier, after: &Dossier, id: &DossierId) -> Option<Self> {
        let received = |dossier: &Dossier| dossier.record().and_then(|record| record.received_at);
        let at = received(after).filter(|_| received(before).is_none())?;
        let unit = &after.record()?.filed.receiving;
        Some(Self {
            unit: unit.to_string(),
            year: i64::from(at.year()),
            dossier: id.to_string(),
        })
    }

    /// Adds it with the next number. Receptions of a centre wait for each other, because each
    /// draws the number of its dossier first.
    pub(crate) fn add(self, together: &mut Together) {
        let cells = vec![
            Cell::Text(self.unit),
            Cell::Number(self.year),
            Cell::Text(self.dossier),
        ];
        together.add(NEXT, cells);
    }
}

/// Inserts the lines of many new dossiers in their order. Bulk writers of one book wait for each
/// other; they take their books in one order, so that none waits in a circle.
pub(crate) async fn insert_all(tx: &mut Tx, lines: Vec<Line>) -> Result<(), StoreError> {
    let book = |line: &Line| ((line.unit.clone(), line.year), 0);
    let mut last: BTreeMap<(String, i64), i64> = lines.iter().map(book).collect();
    for ((unit, year), number) in &mut last {
        numbers::hold(tx, &format!("register/{unit}/{year}")).await?;
        (*number,) = on!(&mut *tx, c => sqlx::query_as(LAST)
            .bind(unit.as_str())
            .bind(*year)
            .fetch_one(&mut **c)
            .await)?;
    }
    let cells = lines.into_iter().map(|line| {
        let number = last.entry((line.unit.clone(), line.year)).or_default();
        *number = number.saturating_add(1);
        vec![
            Cell::Text(line.unit),
            Cell::Number(line.year),
            Cell::Number(*number),
            Cell::Text(line.dossier),
        ]
    });
    let cells = cells.collect();
    rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
}

row! {
    /// An entry of a book. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Entry {
        /// Its number in the book.
        pub number: i64,
        /// The dossier.
        pub dossier: String,
        /// Its number.
        pub code: Option<String>,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of the owner.
        pub owner_name: String,
        /// The agency that decides.
        pub competent: String,
        /// Name of the state.
        pub state: String,
        /// When it was received.
        pub received_at: Option<i64>,
        /// The promised time.
        pub due_at: Option<i64>,
        /// When the result was issued.
        pub settled_at: Option<i64>,
        /// When it was closed.
        pub closed_at: Option<i64>,
    }
}

/// A centre's book of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The year.
    pub year: i16,
    /// Entries so far, or when its close was ordered.
    pub entries: u32,
    /// When and by whom its close was ordered, from which moment on it says what was so then; none
    /// while it is open.
    pub ordered: Option<(DateTime, StaffId)>,
    /// Volumes that are printed and kept.
    pub kept: u32,
    /// Whether it is closed: every volume is kept.
    pub is_closed: bool,
}

impl Book {
    /// Entries of one volume.
    pub const VOLUME: u32 = 100;

    /// How many volumes it has.
    pub fn volumes(&self) -> u32 {
        self.entries.div_ceil(Self::VOLUME)
    }

    /// When and by whom it was closed; none while it is open or being closed.
    pub fn closed(&self) -> Option<&(DateTime, StaffId)> {
        self.ordered.as_ref().filter(|_| self.is_closed)
    }

    /// Whether its close was ordered and volumes are still to be kept.
    pub fn is_closing(&self) -> bool {
        self.ordered.is_some() && !self.is_closed
    }
}

/// Which entries of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookAsked {
    /// Those with numbers from the first to the last.
    Between(u32, u32),
    /// Those of a number in the book, the last digits of a dossier's number, or the beginning of
    /// an owner's name; a hundred at most.
    Like(String),
    /// Those received from the first moment on, before the last one.
    Received((DateTime, DateTime)),
}

const HEAD: &str = "INSERT INTO register_entry (unit, year, number, dossier) ";
const NEXT: &str = "INSERT INTO register_entry (unit, year, number, dossier) \
     SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3 FROM register_entry \
     WHERE unit = $1 AND year = $2";
const LAST: &str =
    "SELECT COALESCE(MAX(number), 0) FROM register_entry WHERE unit = $1 AND year = $2";
/// The years of a centre one after the other and the last number of each, without reading the entries:
/// numbers have no gaps. Of a book whose close was ordered the entries of that moment count.
const BOOKS: &str = "WITH RECURSIVE book (year) AS ( \
     SELECT MAX(year) FROM register_entry WHERE unit = $1 \
     UNION ALL \
     SELECT (SELECT MAX(e.year) FROM register_entry e WHERE e.unit = $1 AND e.year < book.year) \
     FROM book WHERE book.year IS NOT NULL) \
     SELECT book.year, COALESCE(c.entries, \
     (SELECT MAX(e.number) FROM register_entry e WHERE e.unit = $1 AND e.year = book.year)), \
     c.closed_at, c.closed_by, \
     (SELECT COUNT(*) FROM register_volume v WHERE v.unit = $1 AND v.year = book.year), \
     c.finished_at FROM book \
     LEFT JOIN register_close c ON c.unit = $1 AND c.year = book.year \
     WHERE book.year IS NOT NULL ORDER BY book.year DESC";

macro_rules! entries {
    ($where:literal) => {
        concat!(
            "SELECT e.number, e.dossier, d.code, d.procedure_name, d.owner_name, d.competent, \
             d.state, d.received_at, d.due_at, d.settled_at, d.closed_at \
             FROM register_entry e JOIN dossier d ON d.id = e.dossier \
             WHERE e.unit = $1 AND e.year = $2 AND ",
            $where
        )
    };
}
const BETWEEN: &str = entries!("e.number BETWEEN $3 AND $4 ORDER BY e.number");
const RECEIVED: &str =
    entries!("d.received_at >= $3 AND d.received_at < $4 ORDER BY e.number LIMIT 500");
const LIKE: &str = entries!(
    "(e.number = $3 OR d.code_order = $4 OR (d.owner_folded >= $5 AND d.owner_folded < $6)) \
     ORDER BY e.number LIMIT 100"
);
const OF_DOSSIER: &str = "SELECT year, number FROM register_entry WHERE dossier = $1";

type BookRow = (i64, i64, Option<i64>, Option<String>, i64, Option<i64>);

impl Store {
    /// The books of a centre, the newest first.
    pub async fn books(&self, unit: &UnitId) -> Result<Vec<Book>, StoreError> {
        let found: Vec<BookRow> = on!(&self.reads, pool => sqlx::query_as(BOOKS)
            .bind(unit.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(|row| book(unit, row)).collect()
    }

    /// Entries of a centre's book, by number.
    pub async fn entries(
        &self,
        unit: &UnitId,
        year: i16,
        asked: &BookAsked,
    ) -> Result<Vec<Entry>, StoreError> {
        let year = i64::from(year);
        let found = match asked {
            BookAsked::Between(first, last) => on!(&self.reads, pool => sqlx::query_as(BETWEEN)
                .bind(unit.as_str())
                .bind(year)
                .bind(i64::from(*first))
                .bind(i64::from(*last))
                .fetch_all(pool)
                .await)?,
            BookAsked::Received((from, to)) => on!(&self.reads, pool => sqlx::query_as(RECEIVED)
                    .bind(unit.as_str())
                    .bind(year)
                    .bind(to_millis(*from))
                    .bind(to_millis(*to))
                    .fetch_all(pool)
                    .await)?,
            BookAsked::Like(text) => {
                let name = fold(text);
                let order = text.rsplit('-').next().unwrap_or_default();
                on!(&self.reads, pool => sqlx::query_as(LIKE)
                    .bind(unit.as_str())
                    .bind(year)
                    .bind(text.parse::<i64>().unwrap_or(0))
                    .bind(order)
                    .bind(name.as_str())
                    .bind(format!("{name}\u{10FFFF}"))
                    .fetch_all(pool)
                    .await)?
            }
        };
        Ok(found)
    }

    /// Year and number of a dossier in the book of its centre.
    pub async fn entry_of(&self, dossier: &DossierId) -> Result<Option<(i16, u32)>, StoreError> {
        let found: Option<(i64, i64)> = on!(&self.reads, pool => sqlx::query_as(OF_DOSSIER)
            .bind(dossier.as_str())
            .fetch_optional(pool)
            .await)?;
        let read = |(year, number)| {
            let number = rows::number("register_entry.number", dossier.as_str(), number)?;
            Ok((read_year(dossier.as_str(), year)?, number))
        };
        found.map(read).transpose()
    }
}

fn read_year(row: &str, year: i64) -> Result<i16, StoreError> {
    i16::try_from(year).map_err(|why| StoreError::inconsistent("register_entry.year", row, why))
}

fn book(
    unit: &UnitId,
    (year, entries, at, by, kept, finished): BookRow,
) -> Result<Book, StoreError> {
    let by = rows::maybe("register_close.closed_by", by.as_deref())?;
    Ok(Book {
        year: read_year(unit.as_str(), year)?,
        entries: rows::number("register_entry", unit.as_str(), entries)?,
        ordered: at.map(from_millis).zip(by),
        kept: rows::number("register_volume", unit.as_str(), kept)?,
        is_closed: finished.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::views::search::plan;

    /// A centre has tens of thousands of entries a year, and its books are read with every page.
    #[tokio::test]
    async fn books_are_read_without_their_entries() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let steps = plan(&store, BOOKS).await;
        let scans = steps.iter().filter(|step| step.starts_with("SCAN"));
        let of_entries = scans.filter(|step| *step != "SCAN book");
        assert_eq!(of_entries.count(), 0, "{steps:?}");
    }
}

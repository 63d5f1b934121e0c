//! Replays the whole log and names every stored thing that does not follow from it.

mod books;
mod course;
mod fill;
mod rebuild;
mod registers;
mod replay;
mod rows;
mod slips;
mod tasks;

use std::fmt;

use crate::store::{Store, StoreError};

/// One thing that is not as the log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which table.
    pub table: &'static str,
    /// In which row.
    pub row: String,
    /// In which column, or what about the row.
    pub column: &'static str,
    /// What follows from the log.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

impl Difference {
    pub(crate) fn new(
        table: &'static str,
        row: &str,
        column: &'static str,
        (expected, found): (impl ToString, impl ToString),
    ) -> Self {
        let (expected, found) = (expected.to_string(), found.to_string());
        Self {
            table,
            row: row.to_owned(),
            column,
            expected,
            found,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            row,
            column,
            expected,
            found,
        } = self;
        write!(
            f,
            "{table} {row}, {column}: expected {expected}, found {found}"
        )
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Dossiers replayed.
    pub dossiers: u64,
    /// Events replayed.
    pub events: u64,
    /// Audit blocks verified.
    pub blocks: u64,
    /// Everything that is wrong.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Store {
    /// Compares everything derived with the log, verifies the hash chains of dossiers and of the
    /// audit log, the slips, the registers of numbers and the outbox. May run while the system works: what
    /// seems to differ is read again before it is reported.
    pub async fn check(&self) -> Result<Report, StoreError> {
        let mut report = Report::default();
        // Whoever checks holds little of it on her own stack.
        let results = Box::pin(self.check_dossiers(&mut report)).await?;
        self.check_blocks(&mut report).await?;
        self.check_numbers(&mut report, &results).await?;
        self.check_results(&mut report, &results).await?;
        self.check_books(&mut report).await?;
        self.check_outbox(&mut report).await?;
        Ok(report)
    }
}

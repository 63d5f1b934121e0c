//! The figures of an import, to be read by a person or by a machine.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::national::{Outcome, Record};
use super::reason::{Cause, Reason};

/// How often a cause was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Records that have it.
    pub records: usize,
    /// Places in those records.
    pub places: usize,
}

/// A record that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantinedRecord {
    /// Its line in the file.
    pub line: usize,
    /// Its code as written.
    pub code: String,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The figures of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records in the file.
    pub records: usize,
    /// Taken as they stand.
    pub accepted: usize,
    /// Taken with warnings.
    pub warned: usize,
    /// Not taken.
    pub quarantined: usize,
    /// Procedures published for the first time.
    pub new: usize,
    /// Procedures of which a new version is published.
    pub changed: usize,
    /// Procedures that stay as they are.
    pub unchanged: usize,
    /// Published procedures the file does not have.
    pub gone: usize,
    /// How often each cause was met.
    pub reasons: BTreeMap<Cause, Tally>,
    /// The records that were not taken, in the order of the file.
    pub quarantine: Vec<QuarantinedRecord>,
}

impl Report {
    /// Counts outcomes and causes; what an import changes is counted by the plan.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut report = Self::default();
        for record in records {
            report.records = report.records.saturating_add(1);
            let count = match record.outcome {
                Outcome::Accepted(_) => &mut report.accepted,
                Outcome::AcceptedWithWarnings(..) => &mut report.warned,
                Outcome::Quarantined(_) => &mut report.quarantined,
            };
            *count = count.saturating_add(1);
            for reason in record.outcome.reasons() {
                let tally = report.reasons.entry(reason.cause).or_default();
                tally.records = tally.records.saturating_add(1);
                let places = usize::try_from(reason.places).unwrap_or(usize::MAX);
                tally.places = tally.places.saturating_add(places);
            }
        }
        report
    }

    /// The report as an aligned table. `title` gives the words of a message key: `import.report.*`
    /// for the figures, `import.<cause>` and `import.effect.<effect>` for the causes.
    pub fn table(&self, title: impl Fn(&str) -> String) -> String {
        let mut rows: Vec<[String; 4]> = Vec::new();
        for (key, figure) in self.figures() {
            let words = title(&format!("import.report.{key}"));
            rows.push([words, figure.to_string(), String::new(), String::new()]);
        }
        if !self.reasons.is_empty() {
            let head = ["cause", "in_records", "in_places", "done"];
            rows.push(head.map(|key| title(&format!("import.report.{key}"))));
        }
        for (cause, tally) in &self.reasons {
            rows.push([
                title(&format!("import.{}", cause.key())),
                tally.records.to_string(),
                tally.places.to_string(),
                title(&format!("import.effect.{}", cause.effect().as_str())),
            ]);
        }
        aligned(&rows)
    }

    /// The figures in reading order, with their keys.
    pub fn figures(&self) -> [(&'static str, usize); 8] {
        [
            ("records", self.records),
            ("accepted", self.accepted),
            ("warned", self.warned),
            ("quarantined", self.quarantined),
            ("new", self.new),
            ("changed", self.changed),
            ("unchanged", self.unchanged),
            ("gone", self.gone),
        ]
    }
}

impl fmt::Display for Report {
    /// The table with bare keys for titles, as logs want it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
        f.write_str(&self.table(bare))
    }
}

/// Columns of equal width, numbers to the right. Vietnamese letters are one column each because
/// texts are in NFC.
fn aligned(rows: &[[String; 4]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let mut out = String::new();
    for [words, records, places, done] in rows {
        let line = format!("{words:<first$}  {records:>second$}  {places:>third$}  {done}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

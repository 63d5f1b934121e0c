//! How long stored files are kept that no dossier needs. What is in no row here is kept for ever.

use std::sync::LazyLock;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

/// A kind of file that may be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Nothing refers to it: left by what was begun and never filed.
    Unreferenced,
    /// A draft of a result that another draft replaced, of a dossier that is closed.
    ReplacedDraft,
    /// No file at all: the beginning of one that was never stored whole.
    Unfinished,
}

impl FileKind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Unreferenced, Self::ReplacedDraft, Self::Unfinished];

    /// Its name in the data and in records of removals.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreferenced => "unreferenced",
            Self::ReplacedDraft => "replaced_draft",
            Self::Unfinished => "unfinished",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A retention rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// For which kind of file.
    pub kind: FileKind,
    /// Calendar days from the day that counts: when the file was stored, or when its dossier was closed.
    pub days: u16,
    /// Where it is laid down.
    pub citation: String,
    /// First day.
    pub valid_from: Date,
    /// Whether the citation was checked against the text.
    pub verified: bool,
}

static SHIPPED: LazyLock<Vec<Retention>> = LazyLock::new(|| {
    let lines = include_str!("../data/retention.csv").lines();
    let lines = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    let read = |line| row(line).expect("data/retention.csv is read by a test");
    lines.map(read).collect()
});

impl Retention {
    /// Every rule that ships with the product.
    pub fn shipped() -> &'static [Self] {
        &SHIPPED
    }

    /// The rule for a kind of file that holds on `day`; none before the first: then nothing is removed.
    pub fn of(kind: FileKind, day: Date) -> Option<&'static Self> {
        let rules = Self::shipped().iter();
        let holds = rules.filter(|rule| rule.kind == kind && rule.valid_from <= day);
        holds.max_by_key(|rule| rule.valid_from)
    }

    /// Whether a file whose days are counted from `from` may be removed at `now`.
    pub fn is_over(&self, from: DateTime, now: DateTime) -> bool {
        from.saturating_add(i64::from(self.days).days()) <= now
    }

    /// The rule in a line, for the record that stays: `QĐ 12/2026/QĐ-UBND, 60d`.
    pub fn line(&self) -> String {
        format!("{}, {}d", self.citation, self.days)
    }
}

fn row(line: &str) -> Option<Retention> {
    let cells: Vec<&str> = line.split(';').map(str::trim).collect();
    let [kind, days, from, citation, valid_from, state] = cells.as_slice() else {
        return None;
    };
    let kind = FileKind::parse(kind)?;
    let counted = match kind {
        FileKind::Unreferenced | FileKind::Unfinished => "stored",
        FileKind::ReplacedDraft => "closed",
    };
    let whole = *from == counted && !citation.is_empty();
    whole.then_some(Retention {
        kind,
        days: days.parse().ok().filter(|days| *days > 0)?,
        citation: (*citation).to_owned(),
        valid_from: valid_from.parse().ok()?,
        verified: match *state {
            "verified" => true,
            "unverified" => false,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_kind_has_its_rule_with_a_citation() {
        for kind in FileKind::ALL {
            let rule = Retention::of(kind, date(2026, 11, 23)).unwrap();
            // What somebody may still need is kept longer than clerks' drafts live.
            let least = if kind == FileKind::Unfinished { 1 } else { 30 };
            assert!(!rule.citation.is_empty() && rule.days > least, "{rule:?}");
            assert_eq!(Retention::of(kind, date(2018, 6, 20)), None);
        }
    }

    #[test]
    fn a_file_is_kept_to_the_end_of_its_days() {
        let rule = Retention::of(FileKind::Unreferenced, date(2026, 11, 23)).unwrap();
        let from = date(2026, 9, 1).at(10, 0, 0, 0);
        assert!(!rule.is_over(from, date(2026, 10, 31).at(9, 59, 59, 0)));
        assert!(rule.is_over(from, date(2026, 10, 31).at(10, 0, 0, 0)));
    }

    #[test]
    fn a_row_that_is_not_whole_is_refused() {
        let good = "unreferenced;60;stored;QĐ 1;2018-06-21;unverified";
        assert!(row(good).is_some());
        for (from, to) in [
            ("unreferenced", "everything"),
            ("60", "0"),
            ("60", "two"),
            ("stored", "closed"),
            ("QĐ 1", ""),
            ("2018-06-21", "soon"),
            ("unverified", "perhaps"),
            (";stored", ""),
        ] {
            assert_eq!(row(&good.replacen(from, to, 1)), None, "{to}");
        }
    }
}

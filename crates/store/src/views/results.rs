//! Results that were issued: what the store of a person or organisation holds, with what became of it,
//! and what has no sealed document yet.

use domain::dossier::{CorrectionKind, Dossier, Outcome, Record};
use domain::ids::{DossierId, FileHash, UnitId};
use domain::procedure::Validity;
use jiff::civil::{Date, DateTime};

use super::Views;
use crate::backend::{on, row};
use crate::rows::{self, Cell};
use crate::store::StoreError;
use crate::time::{from_millis, to_millis};
use crate::together::Together;

use super::lists::Key;

/// Where an issued result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has no sealed document yet.
    Unsealed,
    /// It holds.
    Valid,
    /// It was withdrawn.
    Withdrawn,
    /// Another took its place.
    Replaced,
    /// It holds together with what amended it, never alone.
    Amended,
}

impl Standing {
    /// The name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsealed => "unsealed",
            Self::Valid => "valid",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Amended => "amended",
        }
    }

    /// What the state of a dossier says; nothing for what no store holds: a refusal that is sealed,
    /// and the paper that withdraws another.
    fn of(record: &Record, issued: &domain::dossier::Issued) -> Option<Self> {
        if issued.official.is_none() {
            return unsealed(record, issued);
        }
        let corrects = record.filed.corrects.as_ref();
        let withdraws = corrects.is_some_and(|one| one.kind == CorrectionKind::Withdraw);
        if issued.outcome == Outcome::Refused || withdraws {
            return None;
        }
        let gone = record.course.superseded().map(|gone| gone.kind);
        Some(match gone {
            Some(CorrectionKind::Withdraw) => Self::Withdrawn,
            Some(CorrectionKind::Replace) => Self::Replaced,
            Some(CorrectionKind::Amend) | None if record.course.amended().is_some() => {
                Self::Amended
            }
            Some(CorrectionKind::Amend) | None => Self::Valid,
        })
    }
}

/// Where a result stands that has no sealed document. What was withdrawn or replaced waits for none: what
/// took its place does.
fn unsealed(record: &Record, issued: &domain::dossier::Issued) -> Option<Standing> {
    let granted = issued.outcome == Outcome::Granted;
    match record.course.superseded().map(|gone| gone.kind) {
        Some(CorrectionKind::Withdraw) => granted.then_some(Standing::Withdrawn),
        Some(CorrectionKind::Replace) => granted.then_some(Standing::Replaced),
        Some(CorrectionKind::Amend) | None => Some(Standing::Unsealed),
    }
}

row! {
    /// An issued result. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ResultRow {
        /// The dossier whose result it is.
        pub dossier: String,
        /// Whose it is.
        pub owner: String,
        /// The centre that received.
        pub receiving: String,
        /// The agency that issued it.
        pub competent: String,
        /// The procedure.
        pub procedure_code: String,
        /// The version that the dossier keeps.
        pub procedure_version: i64,
        /// Number and symbol.
        pub number: String,
        issued_at: i64,
        state: String,
        /// The dossier that withdrew, replaced or amended it.
        pub superseded_by: Option<String>,
        signed: i64,
        digitised: i64,
        official_file: Option<String>,
        valid_until: Option<String>,
    }
}

impl ResultRow {
    pub(crate) fn of(id: &DossierId, dossier: &Dossier) -> Option<Self> {
        let (record, issued) = (dossier.record()?, dossier.issued()?);
        let gone = record.course.superseded().or(record.course.amended());
        Some(Self {
            dossier: id.to_string(),
            owner: record.filed.owner.to_string(),
            receiving: record.filed.receiving.to_string(),
            competent: record.filed.competent.to_string(),
            procedure_code: record.filed.procedure.to_string(),
            procedure_version: i64::from(record.filed.procedure_version),
            number: issued.number.clone(),
            issued_at: to_millis(issued.at),
            state: Standing::of(record, issued)?.as_str().to_owned(),
            superseded_by: gone.map(|gone| gone.by.to_string()),
            signed: i64::from(record.course.signed),
            digitised: i64::from(record.course.digitised.is_some()),
            official_file: issued.official.as_ref().map(|file| file.hash.to_string()),
            valid_until: issued
                .validity
                .map(|validity| validity.last().unwrap_or(Date::MAX).to_string()),
        })
    }

    /// Whether a person signed what was issued.
    pub fn is_signed(&self) -> bool {
        self.signed == 1
    }

    /// Whether the original on paper was scanned and compared: the file is, or will be, a copy of it.
    pub fn is_digitised(&self) -> bool {
        self.digitised == 1
    }

    /// The sealed document; none until it is made.
    pub fn file(&self) -> Result<Option<FileHash>, StoreError> {
        rows::maybe(
            "result_document.official_file",
            self.official_file.as_deref(),
        )
    }

    /// How long it is valid; none where nothing says so.
    pub fn validity(&self) -> Result<Option<Validity>, StoreError> {
        let last = rows::maybe("result_document.valid_until", self.valid_until.as_deref())?;
        Ok(last.map(|last| match last {
            Date::MAX => Validity::Unlimited,
            last => Validity::Until(last),
        }))
    }

    /// When it was issued.
    pub fn issued(&self) -> DateTime {
        from_millis(self.issued_at)
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match self.state.as_str() {
            "valid" => Standing::Valid,
            "withdrawn" => Standing::Withdrawn,
            "replaced" => Standing::Replaced,
            "amended" => Standing::Amended,
            _ => Standing::Unsealed,
        }
    }

    /// Where the next page of a list begins after this row.
    pub fn key(&self) -> Key {
        Key {
            due_at: self.issued_at,
            dossier: self.dossier.clone(),
        }
    }

    pub(super) fn update(old: Option<Self>, new: Option<Self>, together: &mut Together) {
        match (old, new) {
            (old, new) if old == new => {}
            (None, new) => together.add_rows(HEAD, new.into_iter().map(Self::cells).collect()),
            (Some(old), None) => together.add(DELETE, vec![Cell::Text(old.dossier)]),
            (Some(_), Some(new)) => together.add(UPDATE, new.cells()),
        }
    }

    pub(crate) fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Text(self.owner),
            Cell::Text(self.receiving),
            Cell::Text(self.competent),
            Cell::Text(self.procedure_code),
            Cell::Number(self.procedure_version),
            Cell::Text(self.number),
            Cell::Number(self.issued_at),
            Cell::Text(self.state),
            Cell::MaybeText(self.superseded_by),
            Cell::Number(self.signed),
            Cell::Number(self.digitised),
            Cell::MaybeText(self.official_file),
            Cell::MaybeText(self.valid_until),
        ]
    }
}

row! {
    /// How many results of an agency have no sealed document.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UnsealedCount {
        /// The agency.
        pub competent: String,
        /// How many.
        pub results: i64,
    }
}

macro_rules! results {
    ($rest:literal) => {
        concat!(
            "SELECT r.dossier, r.owner, r.receiving, r.competent, r.procedure_code, \
             r.procedure_version, r.number, r.issued_at, r.state, r.superseded_by, r.signed, \
             r.digitised, r.official_file, r.valid_until \
             FROM result_document r ",
            $rest
        )
    };
}
pub(super) use results;

pub(crate) const HEAD: &str = "INSERT INTO result_document (dossier, owner, receiving, competent, \
     procedure_code, procedure_version, number, issued_at, state, superseded_by, signed, digitised, \
     official_file, valid_until) ";
pub(crate) const CLEAR: &str = "DELETE FROM result_document WHERE dossier > $1 AND dossier <= $2";
const DELETE: &str = "DELETE FROM result_document WHERE dossier = $1";
const UPDATE: &str = "UPDATE result_document SET owner = $2, receiving = $3, competent = $4, \
     procedure_code = $5, procedure_version = $6, number = $7, issued_at = $8, state = $9, \
     superseded_by = $10, signed = $11, digitised = $12, official_file = $13, \
     valid_until = $14 WHERE dossier = $1";
pub(crate) const RESULTS: &str = results!("WHERE r.dossier > $1 AND r.dossier <= $2");
pub(crate) const RESULT_OF: &str = results!("WHERE r.dossier = $1");
// Two indexes are read, one by the agency that issued and one by the centre that returns.
const UNSEALED: &str = concat!(
    "SELECT * FROM (SELECT * FROM (",
    results!(
        "WHERE r.state = 'unsealed' AND r.issued_at < $1 AND r.competent = $2 \
         AND (r.issued_at, r.dossier) > ($3, $4) ORDER BY r.issued_at, r.dossier LIMIT $5"
    ),
    ") issued UNION ALL SELECT * FROM (",
    results!(
        "WHERE r.state = 'unsealed' AND r.issued_at < $1 AND r.receiving = $2 \
         AND r.competent <> $2 AND (r.issued_at, r.dossier) > ($3, $4) \
         ORDER BY r.issued_at, r.dossier LIMIT $5"
    ),
    ") returned) listed ORDER BY issued_at, dossier LIMIT $5"
);
const COUNT_OF: &str = "SELECT (SELECT COUNT(*) FROM result_document \
         WHERE state = 'unsealed' AND issued_at < $1 AND competent = $2) \
     + (SELECT COUNT(*) FROM result_document \
         WHERE state = 'unsealed' AND issued_at < $1 AND receiving = $2 AND competent <> $2)";
const COUNT_UNSEALED: &str = "SELECT competent, COUNT(*) AS results FROM result_document \
     WHERE state = 'unsealed' AND issued_at < $1 GROUP BY competent ORDER BY competent";

impl Views<'_> {
    /// The result of a dossier, as far as it is a document or waits for its seal.
    pub async fn result_row(&self, dossier: &DossierId) -> Result<Option<ResultRow>, StoreError> {
        Ok(on!(self.pools, pool => sqlx::query_as(RESULT_OF)
            .bind(dossier.as_str())
            .fetch_optional(pool)
            .await)?)
    }

    /// Results that `unit` issued or returns, issued before `before` and not sealed, oldest first.
    pub async fn unsealed(
        &self,
        (unit, before): (&UnitId, DateTime),
        after: Option<&Key>,
        most: u32,
    ) -> Result<Vec<ResultRow>, StoreError> {
        let (issued, dossier) = super::course::place(after);
        Ok(on!(self.pools, pool => sqlx::query_as(UNSEALED)
            .bind(to_millis(before))
            .bind(unit.as_str())
            .bind(issued)
            .bind(dossier)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }

    /// How many [`Views::unsealed`] has for `unit`.
    pub async fn unsealed_of(
        &self,
        (unit, before): (&UnitId, DateTime),
    ) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(self.pools, pool => sqlx::query_as(COUNT_OF)
            .bind(to_millis(before))
            .bind(unit.as_str())
            .fetch_one(pool)
            .await)?;
        Ok(count)
    }

    /// How many there are of each agency that has any.
    pub async fn unsealed_counts(
        &self,
        before: DateTime,
    ) -> Result<Vec<UnsealedCount>, StoreError> {
        Ok(on!(self.pools, pool => sqlx::query_as(COUNT_UNSEALED)
            .bind(to_millis(before))
            .fetch_all(pool)
            .await)?)
    }
}

//! What follows from a dossier beside its steps: a drafted request that waits for its review, lookups
//! in databases that failed, a request that waits for its answer, its result as a document.

use domain::dossier::Dossier;
use domain::ids::{DossierId, StaffId, UnitId};

use super::Views;
use super::answers::{AnswerRow, HEAD as ANSWER_HEAD};
use super::issued::{CLEAR as CLEAR_NUMBER, HEAD as NUMBER_HEAD, NumberRow};
use super::lists::Key;
use super::lookups::{HEAD as LOOKUP_HEAD, LookupRow};
use super::results::{HEAD as RESULT_HEAD, ResultRow};
use super::tasks::TaskRow;
use super::work::{WorkRow, columns};
use crate::backend::{Tx, on, row};
use crate::load::Loaded;
use crate::rows::{self, Cell};
use crate::store::StoreError;
use crate::time::to_millis;
use crate::together::Together;

row! {
    /// A draft of a request that waits for its review.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct RequestRow {
        pub(crate) dossier: String,
        receiving: String,
        competent: String,
        drafted_by: String,
        drafted_at: i64,
        approved: i64,
    }
}

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT dossier, receiving, competent, drafted_by, drafted_at, approved \
             FROM request_item ",
            $rest
        )
    };
}
const REQUEST_HEAD: &str =
    "INSERT INTO request_item (dossier, receiving, competent, drafted_by, drafted_at, approved) ";
const DELETE_REQUEST: &str = "DELETE FROM request_item WHERE dossier = $1";
const UPDATE_REQUEST: &str = "UPDATE request_item SET receiving = $2, competent = $3, \
     drafted_by = $4, drafted_at = $5, approved = $6 WHERE dossier = $1";
pub(crate) const CLEAR: [&str; 5] = [
    "DELETE FROM request_item WHERE dossier > $1 AND dossier <= $2",
    "DELETE FROM lookup_item WHERE dossier > $1 AND dossier <= $2",
    "DELETE FROM answer_item WHERE dossier > $1 AND dossier <= $2",
    super::results::CLEAR,
    CLEAR_NUMBER,
];
/// A number that was given twice is named by a check; what is made anew shows the first.
pub(crate) const FIRST_STAYS: &str = " ON CONFLICT DO NOTHING";
pub(crate) const REQUESTS: &str = requests!("WHERE dossier > $1 AND dossier <= $2");
pub(crate) const REQUEST_OF: &str = requests!("WHERE dossier = $1");
// Whoever drafted a request neither approves nor sends it.
macro_rules! reviewed {
    () => {
        "((receiving = $1 AND approved = 1 AND $3 = 1) \
         OR (competent = $1 AND approved = 0 AND $4 = 1)) AND drafted_by <> $2"
    };
}
const REVIEWS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM work_item WHERE dossier IN (SELECT dossier FROM request_item WHERE ",
    reviewed!(),
    ") AND (due_at, dossier) > ($5, $6) ORDER BY due_at, dossier LIMIT $7"
);
const COUNT_REVIEWS: &str = concat!("SELECT COUNT(*) FROM request_item WHERE ", reviewed!());

/// The rows of a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Course {
    pub(crate) request: Option<RequestRow>,
    pub(crate) lookups: Vec<LookupRow>,
    pub(crate) answer: Option<AnswerRow>,
    pub(crate) result: Option<ResultRow>,
    pub(crate) number: Option<NumberRow>,
}

impl Course {
    /// The rows that follow from a dossier; its lookups from the events that are loaded.
    pub(crate) fn of(loaded: &Loaded) -> Self {
        Self {
            request: RequestRow::of(&loaded.id, &loaded.dossier),
            lookups: LookupRow::all_of(loaded),
            answer: AnswerRow::of(&loaded.id, &loaded.dossier),
            result: ResultRow::of(&loaded.id, &loaded.dossier),
            number: NumberRow::of(&loaded.id, &loaded.dossier),
        }
    }

    /// Brings the rows, and those of its tasks, from the state that was seen to the state now; `after`
    /// holds the new events alone, which only add lookups.
    pub(crate) fn update(before: &Dossier, after: &Loaded, together: &mut Together) {
        let tasks = |dossier| TaskRow::all_of(&after.id, dossier);
        TaskRow::update(&tasks(before), tasks(&after.dossier), together);
        let new = Self::of(after);
        RequestRow::update(RequestRow::of(&after.id, before), new.request, together);
        AnswerRow::update(AnswerRow::of(&after.id, before), new.answer, together);
        ResultRow::update(ResultRow::of(&after.id, before), new.result, together);
        NumberRow::update(NumberRow::of(&after.id, before), new.number, together);
        let lookups = new.lookups.into_iter().map(LookupRow::cells);
        together.add_rows(LOOKUP_HEAD, lookups.collect());
    }

    /// Inserts the rows of many dossiers; `twice` ends the statement of the numbers of results.
    pub(crate) async fn insert_all(
        tx: &mut Tx,
        all: Vec<Self>,
        twice: &'static str,
    ) -> Result<(), StoreError> {
        let (mut requests, mut lookups) = (Vec::new(), Vec::new());
        let (mut answers, mut results, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for one in all {
            numbers.extend(one.number.map(NumberRow::cells));
            results.extend(one.result.map(ResultRow::cells));
            answers.extend(one.answer.map(AnswerRow::cells));
            requests.extend(one.request.map(RequestRow::cells));
            lookups.extend(one.lookups.into_iter().map(LookupRow::cells));
        }
        rows::insert_rows(tx, REQUEST_HEAD, "", requests).await?;
        rows::insert_rows(tx, ANSWER_HEAD, "", answers).await?;
        rows::insert_rows(tx, RESULT_HEAD, "", results).await?;
        rows::insert_rows(tx, NUMBER_HEAD, twice, numbers).await?;
        rows::insert_rows(tx, LOOKUP_HEAD, "", lookups)
            .await
            .map(drop)
    }
}

impl RequestRow {
    fn of(id: &DossierId, dossier: &Dossier) -> Option<Self> {
        let Dossier::Processing(record, _) = dossier else {
            return None;
        };
        let draft = record.course.asking.as_ref()?;
        Some(Self {
            dossier: id.to_string(),
            receiving: record.filed.receiving.to_string(),
            competent: record.filed.competent.to_string(),
            drafted_by: draft.by.to_string(),
            drafted_at: to_millis(draft.at),
            approved: i64::from(draft.approved.is_some()),
        })
    }

    /// Everything of a move is one statement, which cannot delete a row and insert it again.
    fn update(old: Option<Self>, new: Option<Self>, together: &mut Together) {
        match (old, new) {
            (old, new) if old == new => {}
            (None, new) => {
                together.add_rows(REQUEST_HEAD, new.into_iter().map(Self::cells).collect());
            }
            (Some(old), None) => together.add(DELETE_REQUEST, vec![Cell::Text(old.dossier)]),
            (Some(_), Some(new)) => together.add(UPDATE_REQUEST, new.cells()),
        }
    }

    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Text(self.receiving),
            Cell::Text(self.competent),
            Cell::Text(self.drafted_by),
            Cell::Number(self.drafted_at),
            Cell::Number(self.approved),
        ]
    }
}

/// Who reviews drafted requests at a unit, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewing {
    /// The unit.
    pub unit: UnitId,
    /// Who; never for drafts of her own.
    pub reviewer: StaffId,
    /// Whether she sends, from the centre, what is approved.
    pub sends: bool,
    /// Whether she approves, leading the agency that decides, what was drafted.
    pub approves: bool,
}

impl Views<'_> {
    /// The dossiers whose drafted request waits for this reviewer, the most urgent first.
    pub async fn reviews(
        &self,
        reviewing: &Reviewing,
        after: Option<&Key>,
        limit: u32,
    ) -> Result<Vec<WorkRow>, StoreError> {
        let (due_at, dossier) = place(after);
        Ok(on!(self.pools, pool => {
            sqlx::query_as(REVIEWS)
                .bind(reviewing.unit.as_str())
                .bind(reviewing.reviewer.as_str())
                .bind(i64::from(reviewing.sends))
                .bind(i64::from(reviewing.approves))
                .bind(due_at)
                .bind(dossier)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })?)
    }

    /// How many there are.
    pub async fn review_count(&self, reviewing: &Reviewing) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(self.pools, pool => {
            sqlx::query_as(COUNT_REVIEWS)
                .bind(reviewing.unit.as_str())
                .bind(reviewing.reviewer.as_str())
                .bind(i64::from(reviewing.sends))
                .bind(i64::from(reviewing.approves))
                .fetch_one(pool)
                .await
        })?;
        Ok(count)
    }
}

/// Where a page begins.
pub(super) fn place(after: Option<&Key>) -> (i64, String) {
    after.map_or((i64::MIN, String::new()), |key| {
        (key.due_at, key.dossier.clone())
    })
}

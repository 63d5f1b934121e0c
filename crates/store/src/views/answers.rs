//! Requests to supplement that were sent and wait for the applicant's answer.

use domain::dossier::Dossier;
use domain::ids::{DossierId, UnitId};
use jiff::civil::DateTime;

use super::Views;
use super::course::place;
use super::lists::Key;
use super::work::{WorkRow, columns};
use crate::backend::{on, row};
use crate::rows::Cell;
use crate::store::StoreError;
use crate::time::to_millis;
use crate::together::Together;

row! {
    /// A request that waits for its answer.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct AnswerRow {
        pub(crate) dossier: String,
        receiving: String,
        competent: String,
        answer_by: i64,
    }
}

macro_rules! answers {
    ($rest:literal) => {
        concat!(
            "SELECT dossier, receiving, competent, answer_by FROM answer_item ",
            $rest
        )
    };
}
macro_rules! silent {
    () => {
        "(receiving = $1 OR competent = $1) AND answer_by < $2"
    };
}
pub(super) const HEAD: &str = "INSERT INTO answer_item (dossier, receiving, competent, answer_by) ";
const DELETE: &str = "DELETE FROM answer_item WHERE dossier = $1";
const UPDATE: &str = "UPDATE answer_item SET receiving = $2, competent = $3, answer_by = $4 \
     WHERE dossier = $1";
pub(crate) const ANSWERS: &str = answers!("WHERE dossier > $1 AND dossier <= $2");
pub(crate) const ANSWER_OF: &str = answers!("WHERE dossier = $1");
const SILENT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM work_item WHERE dossier IN (SELECT dossier FROM answer_item WHERE ",
    silent!(),
    ") AND (due_at, dossier) > ($3, $4) ORDER BY due_at, dossier LIMIT $5"
);
const COUNT_SILENT: &str = concat!("SELECT COUNT(*) FROM answer_item WHERE ", silent!());

impl AnswerRow {
    pub(super) fn of(id: &DossierId, dossier: &Dossier) -> Option<Self> {
        let (Dossier::Incomplete(record, request) | Dossier::Paused(record, _, request)) = dossier
        else {
            return None;
        };
        Some(Self {
            dossier: id.to_string(),
            receiving: record.filed.receiving.to_string(),
            competent: record.filed.competent.to_string(),
            answer_by: to_millis(request.answer_by),
        })
    }

    pub(super) fn update(old: Option<Self>, new: Option<Self>, together: &mut Together) {
        match (old, new) {
            (old, new) if old == new => {}
            (None, new) => together.add_rows(HEAD, new.into_iter().map(Self::cells).collect()),
            (Some(old), None) => together.add(DELETE, vec![Cell::Text(old.dossier)]),
            (Some(_), Some(new)) => together.add(UPDATE, new.cells()),
        }
    }

    pub(super) fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Text(self.receiving),
            Cell::Text(self.competent),
            Cell::Number(self.answer_by),
        ]
    }
}

impl Views<'_> {
    /// The dossiers that `unit` received or decides whose applicant did not answer in time, as of
    /// `now`.
    pub async fn unanswered(
        &self,
        (unit, now): (&UnitId, DateTime),
        after: Option<&Key>,
        limit: u32,
    ) -> Result<Vec<WorkRow>, StoreError> {
        let (due_at, dossier) = place(after);
        Ok(on!(self.pools, pool => {
            sqlx::query_as(SILENT)
                .bind(unit.as_str())
                .bind(to_millis(now))
                .bind(due_at)
                .bind(dossier)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })?)
    }

    /// How many there are.
    pub async fn unanswered_count(&self, unit: &UnitId, now: DateTime) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(self.pools, pool => {
            sqlx::query_as(COUNT_SILENT)
                .bind(unit.as_str())
                .bind(to_millis(now))
                .fetch_one(pool)
                .await
        })?;
        Ok(count)
    }
}

//! Compares drafted requests, failed lookups, awaited answers and results with those that follow from the log.

use std::collections::BTreeMap;

use super::Difference;
use crate::backend::on;
use crate::store::{Store, StoreError};
use crate::views::ResultRow;
use crate::views::answers::{ANSWER_OF, ANSWERS, AnswerRow};
use crate::views::course::{Course, REQUEST_OF, REQUESTS, RequestRow};
use crate::views::issued::{NUMBER_OF, NUMBERS, NumberRow};
use crate::views::lookups::{LOOKUPS, LOOKUPS_OF, LookupRow};
use crate::views::results::{RESULT_OF, RESULTS};

/// Rows as they are, by dossier.
pub(super) type Courses = BTreeMap<String, Course>;

impl Store {
    pub(super) async fn courses_between(
        &self,
        (after, to): (&str, &str),
    ) -> Result<Courses, StoreError> {
        let requests: Vec<RequestRow> = on!(&self.reads, pool => {
            sqlx::query_as(REQUESTS).bind(after).bind(to).fetch_all(pool).await
        })?;
        let lookups: Vec<LookupRow> = on!(&self.reads, pool => {
            sqlx::query_as(LOOKUPS).bind(after).bind(to).fetch_all(pool).await
        })?;
        let answers: Vec<AnswerRow> = on!(&self.reads, pool => {
            sqlx::query_as(ANSWERS).bind(after).bind(to).fetch_all(pool).await
        })?;
        let results: Vec<ResultRow> = on!(&self.reads, pool => {
            sqlx::query_as(RESULTS).bind(after).bind(to).fetch_all(pool).await
        })?;
        let numbers: Vec<NumberRow> = on!(&self.reads, pool => {
            sqlx::query_as(NUMBERS).bind(after).bind(to).fetch_all(pool).await
        })?;
        Ok(by_dossier((requests, lookups), (answers, results, numbers)))
    }

    pub(super) async fn course_of(&self, id: &str) -> Result<Courses, StoreError> {
        let requests: Vec<RequestRow> = on!(&self.reads, pool => {
            sqlx::query_as(REQUEST_OF).bind(id).fetch_all(pool).await
        })?;
        let lookups: Vec<LookupRow> = on!(&self.reads, pool => {
            sqlx::query_as(LOOKUPS_OF).bind(id).fetch_all(pool).await
        })?;
        let answers: Vec<AnswerRow> = on!(&self.reads, pool => {
            sqlx::query_as(ANSWER_OF).bind(id).fetch_all(pool).await
        })?;
        let results: Vec<ResultRow> = on!(&self.reads, pool => {
            sqlx::query_as(RESULT_OF).bind(id).fetch_all(pool).await
        })?;
        let numbers: Vec<NumberRow> = on!(&self.reads, pool => {
            sqlx::query_as(NUMBER_OF).bind(id).fetch_all(pool).await
        })?;
        Ok(by_dossier((requests, lookups), (answers, results, numbers)))
    }
}

fn by_dossier(
    (requests, lookups): (Vec<RequestRow>, Vec<LookupRow>),
    (answers, results, numbers): (Vec<AnswerRow>, Vec<ResultRow>, Vec<NumberRow>),
) -> Courses {
    let mut all = Courses::new();
    for row in numbers {
        let course = all.entry(row.dossier.clone()).or_default();
        course.number = Some(row);
    }
    for row in results {
        let course = all.entry(row.dossier.clone()).or_default();
        course.result = Some(row);
    }
    for row in answers {
        let course = all.entry(row.dossier.clone()).or_default();
        course.answer = Some(row);
    }
    for row in requests {
        let course = all.entry(row.dossier.clone()).or_default();
        course.request = Some(row);
    }
    for row in lookups {
        let course = all.entry(row.dossier.clone()).or_default();
        course.lookups.push(row);
    }
    all
}

/// The tables in which a dossier's rows differ.
pub(super) fn course_differences(id: &str, expected: &Course, stored: &Course) -> Vec<Difference> {
    let mut found = Vec::new();
    if expected.request != stored.request {
        let pair = (
            format!("{:?}", expected.request),
            format!("{:?}", stored.request),
        );
        found.push(Difference::new("request_item", id, "row", pair));
    }
    if expected.lookups != stored.lookups {
        let pair = (
            format!("{:?}", expected.lookups),
            format!("{:?}", stored.lookups),
        );
        found.push(Difference::new("lookup_item", id, "rows", pair));
    }
    if expected.answer != stored.answer {
        let pair = (
            format!("{:?}", expected.answer),
            format!("{:?}", stored.answer),
        );
        found.push(Difference::new("answer_item", id, "row", pair));
    }
    if expected.result != stored.result {
        let pair = (
            format!("{:?}", expected.result),
            format!("{:?}", stored.result),
        );
        found.push(Difference::new("result_document", id, "row", pair));
    }
    if expected.number != stored.number {
        let pair = (
            format!("{:?}", expected.number),
            format!("{:?}", stored.number),
        );
        found.push(Difference::new("result_number", id, "row", pair));
    }
    found
}

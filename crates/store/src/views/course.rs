//! What follows from a dossier beside its steps: a drafted request that waits for its review, and
//! lookups in databases that failed.

use domain::dossier::{Dossier, Event, Lookup};
use domain::ids::{DossierId, StaffId, UnitId};
use jiff::civil::Date;

use super::Views;
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
    }
}

row! {
    /// A lookup that failed or gave wrong data.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct LookupRow {
        pub(crate) dossier: String,
        version: i64,
        number: i64,
        month: i64,
        unit: String,
        source: String,
        found: String,
    }
}

row! {
    /// How often lookups in a database failed for dossiers of a centre in a month.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct LookupCount {
        /// Year and month, as 202611.
        pub month: i64,
        /// The centre that received.
        pub unit: String,
        /// Name of the database.
        pub source: String,
        /// How many did not answer or did not know the person.
        pub failed: i64,
        /// How many gave wrong data.
        pub wrong: i64,
    }
}

macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT dossier, receiving, competent, drafted_by, drafted_at FROM request_item ",
            $rest
        )
    };
}
macro_rules! lookups {
    ($rest:literal) => {
        concat!(
            "SELECT dossier, version, number, month, unit, source, found FROM lookup_item ",
            $rest,
            " ORDER BY dossier, version, number"
        )
    };
}
const REQUEST_HEAD: &str =
    "INSERT INTO request_item (dossier, receiving, competent, drafted_by, drafted_at) ";
const LOOKUP_HEAD: &str =
    "INSERT INTO lookup_item (dossier, version, number, month, unit, source, found) ";
const DELETE_REQUEST: &str = "DELETE FROM request_item WHERE dossier = $1";
pub(crate) const CLEAR: [&str; 2] = [
    "DELETE FROM request_item WHERE dossier > $1 AND dossier <= $2",
    "DELETE FROM lookup_item WHERE dossier > $1 AND dossier <= $2",
];
pub(crate) const REQUESTS: &str = requests!("WHERE dossier > $1 AND dossier <= $2");
pub(crate) const REQUEST_OF: &str = requests!("WHERE dossier = $1");
pub(crate) const LOOKUPS: &str = lookups!("WHERE dossier > $1 AND dossier <= $2");
pub(crate) const LOOKUPS_OF: &str = lookups!("WHERE dossier = $1");
// Whoever drafted a request does not review it.
const REVIEWS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM work_item WHERE dossier IN (SELECT dossier FROM request_item \
     WHERE (receiving = $1 OR competent = $1) AND drafted_by <> $2 \
     ORDER BY drafted_at, dossier LIMIT $3) ORDER BY due_at, dossier"
);
const COUNT_REVIEWS: &str = "SELECT COUNT(*) FROM request_item \
     WHERE (receiving = $1 OR competent = $1) AND drafted_by <> $2";
// `$3` is a unit, or empty for every one.
const COUNT_LOOKUPS: &str = "SELECT month, unit, source, \
     CAST(SUM(CASE WHEN found = 'failed' THEN 1 ELSE 0 END) AS BIGINT) AS failed, \
     CAST(SUM(CASE WHEN found = 'wrong' THEN 1 ELSE 0 END) AS BIGINT) AS wrong \
     FROM lookup_item WHERE month >= $1 AND month <= $2 AND ($3 = '' OR unit = $3) \
     GROUP BY month, unit, source ORDER BY month DESC, unit, source";

/// The rows of a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Course {
    pub(crate) request: Option<RequestRow>,
    pub(crate) lookups: Vec<LookupRow>,
}

impl Course {
    /// The rows that follow from a dossier; its lookups from the events that are loaded.
    pub(crate) fn of(loaded: &Loaded) -> Self {
        Self {
            request: RequestRow::of(&loaded.id, &loaded.dossier),
            lookups: LookupRow::all_of(loaded),
        }
    }

    /// Brings the rows, and those of its tasks, from the state that was seen to the state now; `after`
    /// holds the new events alone, which only add lookups.
    pub(crate) fn update(before: &Dossier, after: &Loaded, together: &mut Together) {
        let tasks = |dossier| TaskRow::all_of(&after.id, dossier);
        TaskRow::update(&tasks(before), tasks(&after.dossier), together);
        let old = RequestRow::of(&after.id, before);
        let new = Self::of(after);
        if old != new.request {
            if old.is_some() {
                together.add(DELETE_REQUEST, vec![Cell::Text(after.id.to_string())]);
            }
            let rows = new.request.into_iter().map(RequestRow::cells);
            together.add_rows(REQUEST_HEAD, rows.collect());
        }
        let lookups = new.lookups.into_iter().map(LookupRow::cells);
        together.add_rows(LOOKUP_HEAD, lookups.collect());
    }

    /// Inserts the rows of many dossiers.
    pub(crate) async fn insert_all(tx: &mut Tx, all: Vec<Self>) -> Result<(), StoreError> {
        let (mut requests, mut lookups) = (Vec::new(), Vec::new());
        for one in all {
            requests.extend(one.request.map(RequestRow::cells));
            lookups.extend(one.lookups.into_iter().map(LookupRow::cells));
        }
        rows::insert_rows(tx, REQUEST_HEAD, "", requests).await?;
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
        })
    }

    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Text(self.receiving),
            Cell::Text(self.competent),
            Cell::Text(self.drafted_by),
            Cell::Number(self.drafted_at),
        ]
    }
}

impl LookupRow {
    fn all_of(loaded: &Loaded) -> Vec<Self> {
        let Some(record) = loaded.dossier.record() else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        for recorded in &loaded.events {
            let lookups = match &recorded.event {
                Event::Submitted { filed, .. } => filed.lookups.as_slice(),
                Event::LookupRecorded { lookup, .. } => std::slice::from_ref(lookup),
                _ => continue,
            };
            let failed = |one: &(usize, &Lookup)| one.1.found.opens_the_paper();
            let row = |(number, lookup): (usize, &Lookup)| Self {
                dossier: loaded.id.to_string(),
                version: i64::from(recorded.version),
                number: i64::try_from(number).unwrap_or(i64::MAX),
                month: month(recorded.event.at().date()),
                unit: record.filed.receiving.to_string(),
                source: lookup.database.as_str().to_owned(),
                found: lookup.found.as_str().to_owned(),
            };
            rows.extend(lookups.iter().enumerate().filter(failed).map(row));
        }
        rows
    }

    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Number(self.version),
            Cell::Number(self.number),
            Cell::Number(self.month),
            Cell::Text(self.unit),
            Cell::Text(self.source),
            Cell::Text(self.found),
        ]
    }
}

/// Year and month, as 202611.
fn month(day: Date) -> i64 {
    i64::from(day.year()) * 100 + i64::from(day.month())
}

impl Views<'_> {
    /// The dossiers whose drafted request waits for a review at `unit`, the centre or the agency
    /// that decides, by somebody else than who drafted it; the oldest drafts, the most urgent first.
    pub async fn reviews(
        &self,
        unit: &UnitId,
        reviewer: &StaffId,
        limit: u32,
    ) -> Result<Vec<WorkRow>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(REVIEWS)
                .bind(unit.as_str())
                .bind(reviewer.as_str())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })?)
    }

    /// How many there are.
    pub async fn review_count(&self, unit: &UnitId, reviewer: &StaffId) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(self.pools, pool => {
            sqlx::query_as(COUNT_REVIEWS)
                .bind(unit.as_str())
                .bind(reviewer.as_str())
                .fetch_one(pool)
                .await
        })?;
        Ok(count)
    }

    /// Lookups that failed in the months of these days, latest month first; of one centre, or of
    /// all. What it reads grows with those months alone.
    pub async fn failed_lookups(
        &self,
        (first, last): (Date, Date),
        unit: Option<&UnitId>,
    ) -> Result<Vec<LookupCount>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(COUNT_LOOKUPS)
                .bind(month(first))
                .bind(month(last))
                .bind(unit.map_or("", UnitId::as_str))
                .fetch_all(pool)
                .await
        })?)
    }
}

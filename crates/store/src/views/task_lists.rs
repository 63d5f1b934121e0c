//! Lists of tasks of other agencies: pages, counts, and what time ends.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use domain::deadline::UrgencyBounds;
use domain::ids::{DossierId, UnitId};
use jiff::civil::DateTime;

use super::Views;
use super::lists::BadKey;
use super::work::NEVER;
use crate::backend::{on, row};
use crate::rows;
use crate::store::StoreError;
use crate::time::{from_millis, to_millis};

row! {
    /// A task in a list, with what the list shows of its dossier. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct TaskLine {
        /// Which dossier.
        pub dossier: String,
        /// Its number in the dossier.
        pub number: i64,
        /// The agency that has it.
        pub agency: String,
        /// The agency that asks.
        pub sender: String,
        /// What is asked for: `opinion` or `work`.
        pub kind: String,
        /// Where it stands: `open`, `accepted` or `answered`.
        pub state: String,
        /// Whether silence is consent: 1 or 0.
        pub consents: i64,
        /// Who accepted or answered it.
        pub holder: Option<String>,
        /// When its turn came.
        pub opened_at: i64,
        /// When its own clock ends.
        pub due_at: i64,
        /// When it was answered.
        pub ended_at: Option<i64>,
        /// The dossier's number.
        pub code: Option<String>,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of the owner.
        pub owner_name: String,
    }
}

impl TaskLine {
    /// When its own clock ends.
    pub fn due(&self) -> Option<DateTime> {
        (self.due_at != NEVER).then(|| from_millis(self.due_at))
    }

    /// When its turn came.
    pub fn opened(&self) -> DateTime {
        from_millis(self.opened_at)
    }

    /// When it was answered.
    pub fn ended(&self) -> Option<DateTime> {
        self.ended_at.map(from_millis)
    }

    /// Where the next page of a list begins after this row.
    pub fn key(&self) -> TaskKey {
        TaskKey {
            due_at: self.due_at,
            dossier: self.dossier.clone(),
            number: self.number,
        }
    }
}

/// Place in a list of tasks, for the next page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskKey {
    due_at: i64,
    dossier: String,
    number: i64,
}

impl TaskKey {
    /// The task itself: of which dossier, and which of its tasks.
    pub fn task(&self) -> Result<(DossierId, u16), StoreError> {
        let dossier = rows::typed("task_item.dossier", &self.dossier)?;
        let number = u16::try_from(self.number)
            .map_err(|cause| StoreError::inconsistent("task_item", &self.dossier, cause))?;
        Ok((dossier, number))
    }
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.due_at, self.number, self.dossier)
    }
}

impl FromStr for TaskKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadKey);
        let due_at = part()?.parse().map_err(|_| BadKey)?;
        let number = part()?.parse().map_err(|_| BadKey)?;
        let dossier = part()?.to_owned();
        Ok(Self {
            due_at,
            dossier,
            number,
        })
    }
}

/// Whose tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskScope {
    /// What an agency was asked for and has not answered.
    Asked(UnitId),
    /// What an agency asked others for and has not acknowledged.
    Sent(UnitId),
    /// What is unanswered in dossiers that a centre received.
    Received(UnitId),
}

/// Which part of a list of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFilter {
    /// Whose.
    pub scope: TaskScope,
    /// Only what is due in this range.
    pub due: Option<Range<DateTime>>,
    /// Only what comes after this row.
    pub after: Option<TaskKey>,
    /// How many rows at most.
    pub limit: u32,
}

row! {
    /// How many tasks there are; late to far count unanswered ones alone.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct TaskCounts {
        /// Everything.
        pub open: i64,
        /// Due before now.
        pub late: i64,
        /// Due today.
        pub today: i64,
        /// Due by the end of the next working day.
        pub soon: i64,
        /// Due later.
        pub far: i64,
        /// Answered, to be acknowledged.
        pub answered: i64,
    }
}

row! {
    /// How many tasks of an agency are late.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct LateTasks {
        /// Identifier of the agency.
        pub unit: String,
        /// How many.
        pub late: i64,
    }
}

macro_rules! page {
    ($scope:literal) => {
        concat!(
            "SELECT t.dossier, t.number, t.agency, t.sender, t.kind, t.state, t.consents, t.holder, \
             t.opened_at, t.due_at, t.ended_at, d.code, d.procedure_name, d.owner_name \
             FROM task_item t JOIN dossier d ON d.id = t.dossier WHERE ",
            $scope,
            " AND t.due_at >= $2 AND t.due_at <= $3 \
             AND (t.due_at, t.dossier, t.number) > ($4, $5, $6) \
             AND ($8 = 0 OR t.ended_at IS NULL) \
             ORDER BY t.due_at, t.dossier, t.number LIMIT $7"
        )
    };
}
macro_rules! counts {
    ($scope:literal) => {
        concat!(
            "SELECT COUNT(*) AS open, \
             CAST(COALESCE(SUM(CASE WHEN t.ended_at IS NULL AND t.due_at < $2 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late, \
             CAST(COALESCE(SUM(CASE WHEN t.ended_at IS NULL AND t.due_at >= $2 AND t.due_at < $3 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS today, \
             CAST(COALESCE(SUM(CASE WHEN t.ended_at IS NULL AND t.due_at >= $3 AND t.due_at < $4 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS soon, \
             CAST(COALESCE(SUM(CASE WHEN t.ended_at IS NULL AND t.due_at >= $4 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS far, \
             CAST(COALESCE(SUM(CASE WHEN t.ended_at IS NOT NULL THEN 1 ELSE 0 END), 0) \
                 AS BIGINT) AS answered FROM task_item t WHERE ",
            $scope
        )
    };
}

const PAGE_ASKED: &str = page!("t.agency = $1 AND t.ended_at IS NULL");
const PAGE_SENT: &str = page!("t.sender = $1");
const PAGE_RECEIVED: &str = page!("t.receiving = $1 AND t.ended_at IS NULL");
const COUNTS_ASKED: &str = counts!("t.agency = $1 AND t.ended_at IS NULL");
const COUNTS_SENT: &str = counts!("t.sender = $1");
const COUNTS_RECEIVED: &str = counts!("t.receiving = $1 AND t.ended_at IS NULL");
const LATE: &str = "SELECT agency AS unit, COUNT(*) AS late FROM task_item \
     WHERE ended_at IS NULL AND due_at < $1 GROUP BY agency ORDER BY agency";
const ENDED: &str = "SELECT due_at, dossier, number FROM task_item \
     WHERE ended_at IS NULL AND ends = 1 AND due_at < $1 \
     AND (due_at, dossier, number) > ($2, $3, $4) \
     ORDER BY due_at, dossier, number LIMIT $5";

impl Views<'_> {
    /// A page of a list of tasks: what is due first comes first.
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskLine>, StoreError> {
        let (sql, unit) = match &filter.scope {
            TaskScope::Asked(unit) => (PAGE_ASKED, unit),
            TaskScope::Sent(unit) => (PAGE_SENT, unit),
            TaskScope::Received(unit) => (PAGE_RECEIVED, unit),
        };
        let (from, to) = match &filter.due {
            Some(due) => (to_millis(due.start), to_millis(due.end).saturating_sub(1)),
            None => (i64::MIN, i64::MAX),
        };
        let first = TaskKey {
            due_at: i64::MIN,
            dossier: String::new(),
            number: 0,
        };
        let after = filter.after.as_ref().unwrap_or(&first);
        Ok(on!(self.pools, pool => {
            sqlx::query_as(sql)
                .bind(unit.as_str())
                .bind(from)
                .bind(to)
                .bind(after.due_at)
                .bind(&after.dossier)
                .bind(after.number)
                .bind(i64::from(filter.limit))
                .bind(i64::from(filter.due.is_some()))
                .fetch_all(pool)
                .await
        })?)
    }

    /// How many tasks a scope has, by how soon they are due, in one look-up.
    pub async fn task_counts(
        &self,
        scope: &TaskScope,
        bounds: &UrgencyBounds,
    ) -> Result<TaskCounts, StoreError> {
        let (sql, unit) = match scope {
            TaskScope::Asked(unit) => (COUNTS_ASKED, unit),
            TaskScope::Sent(unit) => (COUNTS_SENT, unit),
            TaskScope::Received(unit) => (COUNTS_RECEIVED, unit),
        };
        Ok(on!(self.pools, pool => {
            sqlx::query_as(sql)
                .bind(unit.as_str())
                .bind(to_millis(bounds.late_before))
                .bind(to_millis(bounds.today_until))
                .bind(to_millis(bounds.soon_until))
                .fetch_one(pool)
                .await
        })?)
    }

    /// How many unanswered tasks were due before `now`, by agency.
    pub async fn late_tasks(&self, now: DateTime) -> Result<Vec<LateTasks>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(LATE).bind(to_millis(now)).fetch_all(pool).await
        })?)
    }

    /// Tasks whose time was over before `now`, where that ends them or gives the next agency its turn,
    /// the oldest first, up to `most` after `after`.
    pub async fn ended_tasks(
        &self,
        now: DateTime,
        after: &TaskKey,
        most: u32,
    ) -> Result<Vec<TaskKey>, StoreError> {
        let found: Vec<(i64, String, i64)> = on!(self.pools, pool => {
            sqlx::query_as(ENDED)
                .bind(to_millis(now))
                .bind(after.due_at)
                .bind(&after.dossier)
                .bind(after.number)
                .bind(i64::from(most))
                .fetch_all(pool)
                .await
        })?;
        let key = |(due_at, dossier, number)| TaskKey {
            due_at,
            dossier,
            number,
        };
        Ok(found.into_iter().map(key).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_of_tasks_is_read_as_it_is_written() {
        let key = TaskKey {
            due_at: 1_763_000_000_000,
            dossier: "d-1.x".to_owned(),
            number: 2,
        };
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in ["", "1", "1.2", "x.2.d"] {
            assert_eq!(bad.parse::<TaskKey>(), Err(BadKey), "{bad}");
        }
    }
}

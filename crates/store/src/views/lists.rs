//! The work lists of a unit and of a person: pages and counts.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use domain::deadline::UrgencyBounds;
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;

use super::Views;
use super::work::{NEVER, WorkClock, WorkRow, columns};
use crate::backend::{on, row};
use crate::store::StoreError;
use crate::time::to_millis;

/// Whose work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything at a unit.
    Unit(UnitId),
    /// What these roles do at a unit.
    UnitRoles(UnitId, Vec<Role>),
    /// What these roles do at a unit, without what was given to somebody else.
    Mine {
        /// The unit.
        unit: UnitId,
        /// The roles that the person holds there.
        roles: Vec<Role>,
        /// The person, and everybody stood in for.
        staff: Vec<StaffId>,
    },
    /// What was given to a person.
    Holder(StaffId),
}

/// Place in a work list, for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub(super) due_at: i64,
    pub(super) dossier: String,
}

impl WorkRow {
    /// Where the next page of a list begins after this row.
    pub fn key(&self) -> Key {
        Key {
            due_at: self.due_at,
            dossier: self.dossier.clone(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.due_at, self.dossier)
    }
}

/// The text is no place in a work list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a work list")]
pub struct BadKey;

impl FromStr for Key {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (due, dossier) = text.split_once('.').ok_or(BadKey)?;
        let due_at = due.parse().map_err(|_| BadKey)?;
        Ok(Self {
            due_at,
            dossier: dossier.to_owned(),
        })
    }
}

/// Which part of a work list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Whose work.
    pub scope: Scope,
    /// Only what is due in this range; what has no limit is in no range.
    pub due: Option<Range<DateTime>>,
    /// Only what has this clock.
    pub clock: Option<WorkClock>,
    /// Only what comes after this row.
    pub after: Option<Key>,
    /// How many rows at most.
    pub limit: u32,
}

impl Filter {
    /// The first page of 50 of everything in the scope.
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            due: None,
            clock: None,
            after: None,
            limit: 50,
        }
    }
}

row! {
    /// How much work there is; late to far count running clocks alone.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Counts {
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
        /// Running without a limit.
        pub no_limit: i64,
        /// The clock stands still.
        pub paused: i64,
        /// Settled, to be returned.
        pub done: i64,
    }
}

impl Counts {
    /// Work whose clock runs.
    pub fn running(&self) -> i64 {
        let settled = self.paused.saturating_add(self.done);
        self.open.saturating_sub(settled)
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.open = self.open.saturating_add(more.open);
        self.late = self.late.saturating_add(more.late);
        self.today = self.today.saturating_add(more.today);
        self.soon = self.soon.saturating_add(more.soon);
        self.far = self.far.saturating_add(more.far);
        self.no_limit = self.no_limit.saturating_add(more.no_limit);
        self.paused = self.paused.saturating_add(more.paused);
        self.done = self.done.saturating_add(more.done);
    }
}

macro_rules! page {
    ($scope:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM work_item WHERE ",
            $scope,
            " AND due_at >= $3 AND due_at <= $4 AND (due_at, dossier) > ($5, $6) \
             AND clock >= $7 AND clock <= $8 ORDER BY due_at, dossier LIMIT $9"
        )
    };
}
macro_rules! counts {
    ($scope:literal) => {
        concat!(
            "SELECT COUNT(*) AS open, \
             CAST(COALESCE(SUM(CASE WHEN clock = 0 AND due_at < $3 THEN 1 ELSE 0 END), 0) \
                 AS BIGINT) AS late, \
             CAST(COALESCE(SUM(CASE WHEN clock = 0 AND due_at >= $3 AND due_at < $4 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS today, \
             CAST(COALESCE(SUM(CASE WHEN clock = 0 AND due_at >= $4 AND due_at < $5 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS soon, \
             CAST(COALESCE(SUM(CASE WHEN clock = 0 AND due_at >= $5 AND due_at < $6 \
                 THEN 1 ELSE 0 END), 0) AS BIGINT) AS far, \
             CAST(COALESCE(SUM(CASE WHEN clock = 0 AND due_at = $6 THEN 1 ELSE 0 END), 0) \
                 AS BIGINT) AS no_limit, \
             CAST(COALESCE(SUM(CASE WHEN clock = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS paused, \
             CAST(COALESCE(SUM(CASE WHEN clock = 2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS done \
             FROM work_item WHERE ",
            $scope
        )
    };
}

// `$2` lists roles between commas; without roles it is empty and every role passes.
// `$10` or `$7` lists between commas who sees what was given to nobody or to them; empty sees
// everybody's. Identifiers of staff have no wildcards.
const PAGE_OF_UNIT: &str = page!(
    "unit = $1 AND ($2 = '' OR $2 LIKE '%,' || role || ',%') \
     AND ($10 = '' OR holder IS NULL OR $10 LIKE '%,' || holder || ',%')"
);
const PAGE_OF_HOLDER: &str = page!("holder = $1 AND $2 = '' AND $10 = ''");
const COUNTS_OF_UNIT: &str = counts!(
    "unit = $1 AND ($2 = '' OR $2 LIKE '%,' || role || ',%') \
     AND ($7 = '' OR holder IS NULL OR $7 LIKE '%,' || holder || ',%')"
);
const COUNTS_OF_HOLDER: &str = counts!("holder = $1 AND $2 = '' AND $7 = ''");

impl Scope {
    /// The unit or person, the roles between commas, and who sees others' work not.
    fn bound(&self) -> (&str, String, String) {
        let listed = |roles: &[Role]| {
            let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            format!(",{},", names.join(","))
        };
        let staffed = |staff: &[StaffId]| {
            let names: Vec<&str> = staff.iter().map(StaffId::as_str).collect();
            format!(",{},", names.join(","))
        };
        let all = String::new();
        match self {
            Self::Unit(unit) => (unit.as_str(), String::new(), all),
            Self::Holder(staff) => (staff.as_str(), String::new(), all),
            Self::UnitRoles(unit, roles) => (unit.as_str(), listed(roles), all),
            Self::Mine { unit, roles, staff } => (unit.as_str(), listed(roles), staffed(staff)),
        }
    }
}

impl Views<'_> {
    /// A page of a work list: what is due first comes first, what has no limit last.
    pub async fn work(&self, filter: &Filter) -> Result<Vec<WorkRow>, StoreError> {
        let sql = match filter.scope {
            Scope::Unit(_) | Scope::UnitRoles(..) | Scope::Mine { .. } => PAGE_OF_UNIT,
            Scope::Holder(_) => PAGE_OF_HOLDER,
        };
        let (who, roles, viewer) = filter.scope.bound();
        let (from, to) = match &filter.due {
            Some(due) => (to_millis(due.start), to_millis(due.end).saturating_sub(1)),
            None => (i64::MIN, i64::MAX),
        };
        let after = filter
            .after
            .as_ref()
            .map_or((i64::MIN, ""), |k| (k.due_at, &k.dossier));
        let clocks = filter
            .clock
            .map_or((0, 2), |clock| (clock as i64, clock as i64));
        Ok(on!(self.pools, pool => {
            sqlx::query_as(sql)
                .bind(who)
                .bind(roles)
                .bind(from)
                .bind(to)
                .bind(after.0)
                .bind(after.1)
                .bind(clocks.0)
                .bind(clocks.1)
                .bind(i64::from(filter.limit))
                .bind(viewer)
                .fetch_all(pool)
                .await
        })?)
    }

    /// How much work a scope has, by how soon it is due, in one look-up.
    pub async fn work_counts(
        &self,
        scope: &Scope,
        bounds: &UrgencyBounds,
    ) -> Result<Counts, StoreError> {
        let sql = match scope {
            Scope::Unit(_) | Scope::UnitRoles(..) | Scope::Mine { .. } => COUNTS_OF_UNIT,
            Scope::Holder(_) => COUNTS_OF_HOLDER,
        };
        let (who, roles, viewer) = scope.bound();
        Ok(on!(self.pools, pool => {
            sqlx::query_as(sql)
                .bind(who)
                .bind(roles)
                .bind(to_millis(bounds.late_before))
                .bind(to_millis(bounds.today_until))
                .bind(to_millis(bounds.soon_until))
                .bind(NEVER)
                .bind(viewer)
                .fetch_one(pool)
                .await
        })?)
    }
}

//! One row for each dossier that somebody has to work on: the lists of a unit and of a person.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use domain::deadline::UrgencyBounds;
use domain::dossier::{Dossier, Event, StateKind};
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use domain::process::{Place, Process};
use jiff::civil::DateTime;

use super::dossier::DossierRow;
use super::{Views, compared};
use crate::backend::{Tx, on, row};
use crate::load::{Loaded, Recorded};
use crate::store::StoreError;
use crate::time::to_millis;

/// Stands for "never": what has no limit comes last in every list.
const NEVER: i64 = i64::MAX;

/// What the clock of a work item does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkClock {
    /// It runs.
    Running = 0,
    /// It stands still: the applicant has to do something.
    Paused = 1,
    /// The result is issued and waits to be returned.
    Done = 2,
}

row! {
    /// A dossier in a work list. Times are epoch milliseconds; `i64::MAX` where there is no limit.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct WorkRow {
        /// Which dossier.
        pub dossier: String,
        /// Where it is worked on.
        pub unit: String,
        /// By which role.
        pub role: String,
        /// By whom, once it was given to somebody.
        pub holder: Option<String>,
        /// A [`WorkClock`] as a number.
        pub clock: i64,
        /// Name of the dossier's state.
        pub state: String,
        /// Index of the step; none before reception.
        pub step: Option<i64>,
        /// Name of the step.
        pub step_name: String,
        /// Its English name.
        pub step_name_en: String,
        /// The time promised to the applicant.
        pub due_at: i64,
        /// When the step's own clock ends.
        pub step_due_at: i64,
        /// The dossier's number.
        pub code: Option<String>,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of the owner.
        pub owner_name: String,
        /// How it came in.
        pub channel: String,
        /// When it was received, or filed when it is not received yet.
        pub came_at: i64,
        /// The kind of the last event: tells a dossier that was sent back from a new one.
        pub note: String,
    }
}

compared!(WorkRow: unit role holder clock state step step_name step_name_en due_at step_due_at code
    procedure_name owner_name channel came_at note);

macro_rules! columns {
    () => {
        "dossier, unit, role, holder, clock, state, step, step_name, step_name_en, due_at, \
         step_due_at, code, procedure_name, owner_name, channel, came_at, note"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO work_item (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
);
const UPDATE: &str = "UPDATE work_item SET unit = $2, role = $3, holder = $4, clock = $5, \
     state = $6, step = $7, step_name = $8, step_name_en = $9, due_at = $10, step_due_at = $11, \
     code = $12, came_at = $13, note = COALESCE($14, note) WHERE dossier = $1";
const DELETE: &str = "DELETE FROM work_item WHERE dossier = $1";
pub(crate) const BY_DOSSIER: &str =
    concat!("SELECT ", columns!(), " FROM work_item WHERE dossier = $1");
pub(crate) const RANGE: &str =
    concat!("SELECT ", columns!(), " FROM work_item WHERE dossier > $1 AND dossier <= $2");

impl WorkRow {
    /// The work that a dossier is now; none when it is absent or closed. `row` is the dossier's.
    pub(crate) fn of(
        loaded: &Loaded,
        process: &Process,
        row: &DossierRow,
    ) -> Option<Self> {
        let clock = match &loaded.dossier {
            Dossier::Absent
            | Dossier::Declined(_)
            | Dossier::Withdrawn(_)
            | Dossier::Stopped(_)
            | Dossier::Returned(..) => return None,
            Dossier::Submitted(_) | Dossier::Received(..) | Dossier::Processing(..) => {
                WorkClock::Running
            }
            Dossier::Incomplete(..) | Dossier::Paused(..) | Dossier::Obliged(..) => {
                WorkClock::Paused
            }
            Dossier::Settled(..) => WorkClock::Done,
        };
        let at = loaded.dossier.at_step();
        // Before reception the dossier waits at the process's first step.
        let step = process.step(at.map_or(0, |at| at.index))?;
        let unit = match (at, step.place) {
            (Some(_), Place::Competent) => &row.competent,
            (None, _) | (Some(_), Place::Centre) => &row.receiving,
        };
        let role = if at.is_some() { step.role } else { Role::ReceptionClerk };
        Some(Self {
            dossier: row.id.clone(),
            unit: unit.clone(),
            role: role.as_str().to_owned(),
            holder: at.and_then(|at| at.holder.as_ref()).map(|who| who.as_str().to_owned()),
            clock: clock as i64,
            state: row.state.clone(),
            step: row.step,
            step_name: step.name.clone(),
            step_name_en: step.name_en.clone(),
            due_at: row.due_at.filter(|_| clock != WorkClock::Done).unwrap_or(NEVER),
            step_due_at: at.map_or(NEVER, |at| to_millis(at.due)),
            code: row.code.clone(),
            procedure_name: row.procedure_name.clone(),
            owner_name: row.owner_name.clone(),
            channel: row.channel.clone(),
            came_at: row.received_at.unwrap_or(row.submitted_at),
            note: note(&loaded.events),
        })
    }

    /// The due time, when there is one.
    pub fn due(&self) -> Option<DateTime> {
        (self.due_at != NEVER).then(|| crate::time::from_millis(self.due_at))
    }

    /// When the step's own clock ends, when it runs.
    pub fn step_due(&self) -> Option<DateTime> {
        (self.step_due_at != NEVER).then(|| crate::time::from_millis(self.step_due_at))
    }

    /// Where the next page of a list begins after this row.
    pub fn key(&self) -> Key {
        Key { due_at: self.due_at, dossier: self.dossier.clone() }
    }

    /// What the clock does.
    pub fn clock(&self) -> WorkClock {
        match self.clock {
            1 => WorkClock::Paused,
            2 => WorkClock::Done,
            _ => WorkClock::Running,
        }
    }

    /// Name of the dossier's state, typed.
    pub fn state(&self) -> Option<StateKind> {
        StateKind::parse(&self.state)
    }

    pub(crate) async fn insert(self, tx: &mut Tx) -> Result<(), StoreError> {
        on!(tx, c => {
            sqlx::query(INSERT)
                .bind(self.dossier)
                .bind(self.unit)
                .bind(self.role)
                .bind(self.holder)
                .bind(self.clock)
                .bind(self.state)
                .bind(self.step)
                .bind(self.step_name)
                .bind(self.step_name_en)
                .bind(self.due_at)
                .bind(self.step_due_at)
                .bind(self.code)
                .bind(self.procedure_name)
                .bind(self.owner_name)
                .bind(self.channel)
                .bind(self.came_at)
                .bind(self.note)
                .execute(&mut **c)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    pub(crate) async fn update(self, tx: &mut Tx) -> Result<(), StoreError> {
        on!(tx, c => {
            sqlx::query(UPDATE)
                .bind(self.dossier)
                .bind(self.unit)
                .bind(self.role)
                .bind(self.holder)
                .bind(self.clock)
                .bind(self.state)
                .bind(self.step)
                .bind(self.step_name)
                .bind(self.step_name_en)
                .bind(self.due_at)
                .bind(self.step_due_at)
                .bind(self.code)
                .bind(self.came_at)
                .bind(Some(self.note).filter(|note| !note.is_empty()))
                .execute(&mut **c)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}

/// The kind of the last event that was more than paper; empty when there is none among `events`.
fn note(events: &[Recorded]) -> String {
    let done = events.iter().rev().map(|recorded| &recorded.event);
    done.filter(|event| !matches!(event, Event::SlipIssued { .. }))
        .map(|event| event.kind().to_owned())
        .next()
        .unwrap_or_default()
}

/// Takes a closed dossier from the work lists.
pub(crate) async fn delete(tx: &mut Tx, dossier: &str) -> Result<(), StoreError> {
    on!(tx, c => sqlx::query(DELETE).bind(dossier).execute(&mut **c).await.map(drop))?;
    Ok(())
}

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
        /// The person.
        staff: StaffId,
    },
    /// What was given to a person.
    Holder(StaffId),
}

/// Place in a work list, for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    due_at: i64,
    dossier: String,
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
        Ok(Self { due_at, dossier: dossier.to_owned() })
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
        Self { scope, due: None, clock: None, after: None, limit: 50 }
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
// `$10` or `$7` names who sees what was given to nobody or to her; empty sees everybody's.
const PAGE_OF_UNIT: &str = page!(
    "unit = $1 AND ($2 = '' OR $2 LIKE '%,' || role || ',%') \
     AND ($10 = '' OR holder IS NULL OR holder = $10)"
);
const PAGE_OF_HOLDER: &str = page!("holder = $1 AND $2 = '' AND $10 = ''");
const COUNTS_OF_UNIT: &str = counts!(
    "unit = $1 AND ($2 = '' OR $2 LIKE '%,' || role || ',%') \
     AND ($7 = '' OR holder IS NULL OR holder = $7)"
);
const COUNTS_OF_HOLDER: &str = counts!("holder = $1 AND $2 = '' AND $7 = ''");

impl Scope {
    /// The unit or person, the roles between commas, and who sees others' work not.
    fn bound(&self) -> (&str, String, &str) {
        let listed = |roles: &[Role]| {
            let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            format!(",{},", names.join(","))
        };
        match self {
            Self::Unit(unit) => (unit.as_str(), String::new(), ""),
            Self::Holder(staff) => (staff.as_str(), String::new(), ""),
            Self::UnitRoles(unit, roles) => (unit.as_str(), listed(roles), ""),
            Self::Mine { unit, roles, staff } => (unit.as_str(), listed(roles), staff.as_str()),
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
        let after = filter.after.as_ref().map_or((i64::MIN, ""), |k| (k.due_at, &k.dossier));
        let clocks = filter.clock.map_or((0, 2), |clock| (clock as i64, clock as i64));
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

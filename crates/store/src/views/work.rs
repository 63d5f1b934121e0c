//! One row for each dossier that somebody has to work on.

use domain::dossier::{Dossier, StateKind};
use domain::office::Role;
use domain::process::{Place, Process};
use jiff::civil::DateTime;

use super::compared;
use super::dossier::DossierRow;
use crate::backend::{Tx, row};
use crate::load::{Loaded, Recorded};
use crate::rows::{self, Cell};
use crate::store::StoreError;
use crate::time::{from_millis, to_millis};
use crate::together::Together;

/// Stands for "never": what has no limit comes last in every list.
pub(super) const NEVER: i64 = i64::MAX;

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
        /// The time published to the applicant.
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
        /// Until when what is signed is to be issued; none while nothing is signed, or once it is issued.
        pub issue_by: Option<i64>,
        /// When it is looked at next for being late; below zero at once.
        pub(crate) look_at: i64,
    }
}

compared!(WorkRow: unit role holder clock state step step_name step_name_en due_at step_due_at code
    procedure_name owner_name channel came_at note issue_by);

macro_rules! columns {
    () => {
        "dossier, unit, role, holder, clock, state, step, step_name, step_name_en, due_at, \
         step_due_at, code, procedure_name, owner_name, channel, came_at, note, issue_by, look_at"
    };
}
pub(super) use columns;

const HEAD: &str = concat!("INSERT INTO work_item (", columns!(), ") ");
const UPDATE: &str = "UPDATE work_item SET unit = $2, role = $3, holder = $4, clock = $5, \
     state = $6, step = $7, step_name = $8, step_name_en = $9, due_at = $10, step_due_at = $11, \
     code = $12, came_at = $13, note = COALESCE($14, note), look_at = $15, \
     procedure_name = COALESCE(NULLIF($16, ''), procedure_name), issue_by = $17 \
     WHERE dossier = $1";
const DELETE: &str = "DELETE FROM work_item WHERE dossier = $1";
pub(crate) const BY_DOSSIER: &str =
    concat!("SELECT ", columns!(), " FROM work_item WHERE dossier = $1");
pub(crate) const RANGE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM work_item WHERE dossier > $1 AND dossier <= $2"
);

impl WorkRow {
    /// The work that a dossier is now; none when it is absent or closed. `row` is the dossier's.
    pub(crate) fn of(loaded: &Loaded, process: &Process, row: &DossierRow) -> Option<Self> {
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
            // What was withdrawn or replaced is not handed out: nobody waits to return it.
            Dossier::Settled(record, ..) if record.course.superseded().is_some() => return None,
            Dossier::Settled(..) => WorkClock::Done,
        };
        let at = loaded.dossier.at_step();
        // Before reception the dossier waits at the process's first step.
        let step = process.step(at.map_or(0, |at| at.index))?;
        let unit = match (at, step.place) {
            (Some(_), Place::Competent) => &row.competent,
            (None, _) | (Some(_), Place::Centre) => &row.receiving,
        };
        let answer_by = answer_by(&loaded.dossier);
        let role = at.map_or(Role::ReceptionClerk, |_| step.role);
        Some(Self {
            dossier: row.id.clone(),
            unit: unit.clone(),
            role: role.as_str().to_owned(),
            holder: at
                .and_then(|at| at.holder.as_ref())
                .map(|who| who.as_str().to_owned()),
            clock: clock as i64,
            state: row.state.clone(),
            step: row.step,
            step_name: step.name.clone(),
            step_name_en: step.name_en.clone(),
            due_at: row
                .due_at
                .or(answer_by)
                .filter(|_| clock != WorkClock::Done)
                .unwrap_or(NEVER),
            step_due_at: at
                .map(|at| to_millis(at.due))
                .or(answer_by)
                .unwrap_or(NEVER),
            code: row.code.clone(),
            procedure_name: row.procedure_name.clone(),
            owner_name: row.owner_name.clone(),
            channel: row.channel.clone(),
            came_at: row.received_at.unwrap_or(row.submitted_at),
            note: note(&loaded.events),
            issue_by: issue_by(&loaded.dossier),
            look_at: look_at(&loaded.dossier, row.version),
        })
    }

    /// The due time, when there is one.
    pub fn due(&self) -> Option<DateTime> {
        (self.due_at != NEVER).then(|| from_millis(self.due_at))
    }

    /// When the step's own clock ends, when it runs.
    pub fn step_due(&self) -> Option<DateTime> {
        (self.step_due_at != NEVER).then(|| from_millis(self.step_due_at))
    }

    /// Until when what is signed is to be issued, while it waits for that.
    pub fn issue_by(&self) -> Option<DateTime> {
        self.issue_by.map(from_millis)
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

    pub(crate) fn insert(self, together: &mut Together) {
        together.add_rows(HEAD, vec![self.cells()]);
    }

    /// Inserts rows many at a time.
    pub(crate) async fn insert_all(tx: &mut Tx, rows: Vec<Self>) -> Result<(), StoreError> {
        let cells = rows.into_iter().map(Self::cells).collect();
        rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
    }

    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Text(self.unit),
            Cell::Text(self.role),
            Cell::MaybeText(self.holder),
            Cell::Number(self.clock),
            Cell::Text(self.state),
            Cell::MaybeNumber(self.step),
            Cell::Text(self.step_name),
            Cell::Text(self.step_name_en),
            Cell::Number(self.due_at),
            Cell::Number(self.step_due_at),
            Cell::MaybeText(self.code),
            Cell::Text(self.procedure_name),
            Cell::Text(self.owner_name),
            Cell::Text(self.channel),
            Cell::Number(self.came_at),
            Cell::Text(self.note),
            Cell::MaybeNumber(self.issue_by),
            Cell::Number(self.look_at),
        ]
    }

    pub(crate) fn update(self, together: &mut Together) {
        let cells = vec![
            Cell::Text(self.dossier),
            Cell::Text(self.unit),
            Cell::Text(self.role),
            Cell::MaybeText(self.holder),
            Cell::Number(self.clock),
            Cell::Text(self.state),
            Cell::MaybeNumber(self.step),
            Cell::Text(self.step_name),
            Cell::Text(self.step_name_en),
            Cell::Number(self.due_at),
            Cell::Number(self.step_due_at),
            Cell::MaybeText(self.code),
            Cell::Number(self.came_at),
            Cell::MaybeText(Some(self.note).filter(|note| !note.is_empty())),
            Cell::Number(self.look_at),
            Cell::Text(self.procedure_name),
            Cell::MaybeNumber(self.issue_by),
        ];
        together.add(UPDATE, cells);
    }
}

/// After a move a running clock is looked at at once, the applicant's time to answer among them. Each
/// version has a number of its own, so that a look never passes for one of an earlier version.
fn look_at(dossier: &Dossier, version: i64) -> i64 {
    match dossier {
        Dossier::Submitted(_)
        | Dossier::Received(..)
        | Dossier::Processing(..)
        | Dossier::Incomplete(..)
        | Dossier::Paused(..) => version.saturating_neg(),
        Dossier::Absent
        | Dossier::Declined(_)
        | Dossier::Obliged(..)
        | Dossier::Withdrawn(_)
        | Dossier::Stopped(_)
        | Dossier::Settled(..)
        | Dossier::Returned(..) => NEVER,
    }
}

/// The kind of the last event that was more than paper; empty when there is none among `events`.
fn note(events: &[Recorded]) -> String {
    let done = events.iter().rev().map(|recorded| &recorded.event);
    done.filter(|event| !event.is_paper())
        .map(|event| event.kind().to_owned())
        .next()
        .unwrap_or_default()
}

/// What was filed from afar waits for the centre's answer, which has a time of its own.
fn answer_by(dossier: &Dossier) -> Option<i64> {
    match dossier {
        Dossier::Submitted(record) => record.answer_by.map(to_millis),
        _ => None,
    }
}

/// What is signed waits to be issued until the law's last day for that.
fn issue_by(dossier: &Dossier) -> Option<i64> {
    let Dossier::Processing(_, at) = dossier else {
        return None;
    };
    at.signed.as_ref()?.issue_by.map(to_millis)
}

/// Takes a closed dossier from the work lists.
pub(crate) fn delete(dossier: String, together: &mut Together) {
    together.add(DELETE, vec![Cell::Text(dossier)]);
}

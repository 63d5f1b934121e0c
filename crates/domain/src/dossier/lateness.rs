//! How much of its time a dossier or a step has used, how urgent that is, and whom it concerns.
//! All is counted in working time; nothing here blocks anything.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::Uncovered;
use crate::deadline::{Clock, Pause, PauseMode, working_minutes_between};
use crate::parameters::{Dates, Key, Parameters};

use super::result::Issued;
use super::state::{AtStep, Dossier, Record};

/// Time used and time left, in working minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Used so far.
    pub used: u32,
    /// Left; nothing once it is late.
    pub left: u32,
    /// Past the end.
    pub over: u32,
}

impl Used {
    /// What ran from `since` to `at` of a time that ends at `due`. Waits that do not count are left
    /// out, those too that began once the time was over.
    fn running(
        (since, due): (DateTime, DateTime),
        pauses: &[Pause],
        at: DateTime,
        clock: &Clock<'_>,
    ) -> Counted {
        let mut counted = Self::between(since, due, at, clock)?;
        for pause in pauses {
            if pause.mode != PauseMode::Exclude {
                continue;
            }
            let to = pause.to.map_or(at, |to| to.min(at));
            let stood = |from: DateTime| working_minutes_between(pause.from.max(from), to, clock);
            counted.used = counted.used.saturating_sub(stood(since)?);
            counted.over = counted.over.saturating_sub(stood(due)?);
        }
        Ok(counted)
    }

    pub(super) fn between(
        since: DateTime,
        due: DateTime,
        at: DateTime,
        clock: &Clock<'_>,
    ) -> Counted {
        Ok(Self {
            used: working_minutes_between(since, at, clock)?,
            left: working_minutes_between(at, due, clock)?,
            over: working_minutes_between(due, at, clock)?,
        })
    }

    /// The share used, in hundredths; above 100 only when late.
    pub fn share(self) -> u32 {
        let whole = self
            .used
            .saturating_sub(self.over)
            .saturating_add(self.left);
        let used = self.used.saturating_sub(self.over);
        let part = |minutes: u32| minutes.saturating_mul(100) / whole.max(1);
        if self.over > 0 {
            part(self.over).saturating_add(100).max(101)
        } else if self.left == 0 {
            100
        } else {
            part(used).min(99)
        }
    }
}

type Counted = Result<Used, Uncovered>;

/// How urgently a dossier or a step asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Not at all.
    None,
    /// Most of the time is used.
    First,
    /// Nearly all of it.
    Second,
    /// It is late.
    Overdue,
}

/// Up to whom the line of posts is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// Nobody yet.
    Nobody,
    /// The holder of the step.
    Holder,
    /// The leader of the agency.
    Leader,
    /// The head of the centre that received.
    Centre,
    /// The controller of the province.
    Province,
}

impl Warning {
    /// The warning's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::First => "first",
            Self::Second => "second",
            Self::Overdue => "overdue",
        }
    }

    /// The warning of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::None, Self::First, Self::Second, Self::Overdue]
            .into_iter()
            .find(|warning| warning.as_str() == name)
    }

    /// How urgent it is to have used so much.
    pub fn of(used: Used, parameters: &Parameters, dates: Dates) -> Self {
        let share = used.share();
        if used.over > 0 {
            Self::Overdue
        } else if share >= parameters.number(Key::WarningSecond, dates) {
            Self::Second
        } else if share >= parameters.number(Key::WarningFirst, dates) {
            Self::First
        } else {
            Self::None
        }
    }
}

impl Escalation {
    /// The posts of the line, from the holder up.
    pub const LINE: [Self; 4] = [Self::Holder, Self::Leader, Self::Centre, Self::Province];

    /// The level's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Holder => "holder",
            Self::Leader => "leader",
            Self::Centre => "centre",
            Self::Province => "province",
        }
    }

    /// Whom it concerns that so much was used.
    pub fn of(used: Used, parameters: &Parameters, dates: Dates) -> Self {
        let share = used.share();
        let reached = |key| share >= parameters.number(key, dates);
        let over = parameters.limit(Key::EscalationProvince, dates);
        if used.over > 0 && used.over >= over.least_working_minutes() {
            Self::Province
        } else if reached(Key::EscalationCentre) {
            Self::Centre
        } else if reached(Key::EscalationLeader) {
            Self::Leader
        } else if reached(Key::EscalationHolder) {
            Self::Holder
        } else {
            Self::Nobody
        }
    }
}

impl Dossier {
    /// The time that the dossier has used of what was published to the applicant, at `now`; none
    /// while nothing was promised, and none any more once it is settled. While the clock stands, as when it stopped.
    ///
    /// # Errors
    /// [`Uncovered`] when the calendar does not reach that far.
    pub fn time_used(&self, now: DateTime, clock: &Clock<'_>) -> Result<Option<Used>, Uncovered> {
        self.used_until(Record::published_due, now, clock)
    }

    /// The same of the time that the law gives, where a green lane published an earlier date; none
    /// where both are one.
    ///
    /// # Errors
    /// [`Uncovered`] when the calendar does not reach that far.
    pub fn legal_time_used(
        &self,
        now: DateTime,
        clock: &Clock<'_>,
    ) -> Result<Option<Used>, Uncovered> {
        let beside = |record: &Record| {
            record
                .due
                .filter(|due| record.published_due() != Some(*due))
        };
        self.used_until(beside, now, clock)
    }

    fn used_until(
        &self,
        end: impl Fn(&Record) -> Option<DateTime>,
        now: DateTime,
        clock: &Clock<'_>,
    ) -> Result<Option<Used>, Uncovered> {
        let (record, at) = match self {
            Self::Received(record, _) | Self::Processing(record, _) => (record, now),
            Self::Paused(record, ..) | Self::Obliged(record, _) => (record, stood_at(record, now)),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => return Ok(None),
        };
        let (Some(began), Some(due)) = (record.clock_began(), end(record)) else {
            return Ok(None);
        };
        Used::running((began, due), &record.pauses, at, clock).map(Some)
    }
}

impl AtStep {
    /// The time that the step has used of its own; `pauses` are those of its dossier.
    ///
    /// # Errors
    /// [`Uncovered`] when the calendar does not reach that far.
    pub fn time_used(
        &self,
        pauses: &[Pause],
        now: DateTime,
        clock: &Clock<'_>,
    ) -> Result<Used, Uncovered> {
        let ends = (self.clock_began(pauses), self.due);
        Used::running(ends, pauses, now, clock)
    }

    /// When the clock of the step began: with the step, or after a wait that restarts it.
    pub(super) fn clock_began(&self, pauses: &[Pause]) -> DateTime {
        restarted(pauses).map_or(self.since, |at| at.max(self.since))
    }
}

impl Issued {
    /// Whether it was issued after the last day for that: number and day were given later, or the
    /// agency sealed it later, which makes it a document (NĐ 30/2020/NĐ-CP Điều 5, Điều 18).
    pub fn is_late(&self) -> bool {
        let done = self.sealed.map_or(self.at, |sealed| sealed.max(self.at));
        self.issue_by.is_some_and(|by| by.date() < done.date())
    }
}

impl Record {
    /// When the clock of the dossier last began from its start; none before reception.
    pub(super) fn clock_began(&self) -> Option<DateTime> {
        let received = self.received_at?;
        Some(restarted(&self.pauses).unwrap_or(received))
    }
}

/// When the last wait ended that lets the clock begin from its start.
fn restarted(pauses: &[Pause]) -> Option<DateTime> {
    let mut ended = pauses.iter().rev();
    ended.find_map(|pause| pause.to.filter(|_| pause.mode == PauseMode::Restart))
}

fn stood_at(record: &Record, now: DateTime) -> DateTime {
    let open = record.pauses.last().filter(|pause| pause.to.is_none());
    open.map_or(now, |pause| pause.from)
}

use jiff::civil::{Date, DateTime, Time};
use serde::Serialize;

use super::clock::ClosedWhen;
use super::limit::Limit;
use super::pause::PauseMode;
use crate::calendar::Name;

/// How a due time came about: the answer to "why this date?".
///
/// It holds data only. Words are made from the message catalogue by [`LineKind::key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// The limit that was counted.
    pub limit: Limit,
    /// The version of the calendar that was used.
    pub calendar: String,
    /// What happened and what was counted, in order of time; the last line is the result.
    pub lines: Vec<Line>,
    pub(super) days: Vec<DayCell>,
}

/// One line of a derivation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// When it happened, or the first day it speaks of.
    pub at: When,
    /// What happened.
    pub what: LineKind,
    /// Why it counts so.
    pub basis: Basis,
}

/// A whole day, or a moment of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum When {
    /// A whole day.
    Day(Date),
    /// A moment, to the minute.
    Moment(DateTime),
}

/// The ground of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The key of the message that cites the rule.
    Rule(&'static str),
    /// The instrument that the calendar itself names, as it stands there.
    Announcement(String),
}

/// How much has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tally {
    /// Days, in halves: 5 is two and a half days.
    HalfDays(u32),
    /// Working minutes.
    Minutes(u32),
    /// Nothing is counted: a same-day limit has an end but no count.
    Nothing,
}

/// From when a limit is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StartRule {
    /// From the next day; the day of reception is not counted.
    NextDay,
    /// From the moment itself (hours and same-day).
    Moment,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LineKind {
    /// The dossier came in.
    Received {
        /// From when the limit is counted.
        start: StartRule,
    },
    /// It came outside opening hours and counts as received at the next opening.
    MovedToOpening {
        /// The opening.
        to: DateTime,
        /// Why the moment itself did not count.
        why: ClosedWhen,
    },
    /// Days off that are not weekends of their own.
    DaysOff {
        /// The last of them.
        until: Date,
        /// Their name.
        name: Name,
    },
    /// A Saturday or Sunday that is worked.
    MadeUp {
        /// Its name.
        name: Name,
    },
    /// A run of counted days, weekends inside it left out for working days.
    Counted {
        /// The last day of the run.
        until: Date,
        /// What is counted when the run begins, its first day included.
        first: Tally,
        /// What is counted when the run ends.
        last: Tally,
        /// What there is to count.
        of: Tally,
    },
    /// Months lead to the same day of a later month, or to its last day.
    CountedMonths {
        /// How many months.
        months: u32,
        /// Where they lead.
        to: Date,
    },
    /// A same-day limit that ends the same day.
    SameDay {
        /// The cut-off that was not reached.
        cutoff: Time,
    },
    /// A same-day limit that ends the next working day.
    AfterCutoff {
        /// The cut-off that had passed.
        cutoff: Time,
    },
    /// The clock stopped.
    PausedFrom {
        /// What the pause does to the limit.
        mode: PauseMode,
    },
    /// The clock stopped after the due time had passed; only a restart can change what is due.
    PausedLate {
        /// What was due.
        due: DateTime,
        /// What the pause does to the limit.
        mode: PauseMode,
    },
    /// What had been counted became void.
    VoidedDays {
        /// How much.
        counted: Tally,
    },
    /// The clock ran again and the pause was added to the due time.
    Resumed {
        /// Calendar days (as halves) for limits in days or months, otherwise working minutes.
        added: Tally,
    },
    /// The clock ran again from the beginning.
    RestartedFrom {
        /// From when the limit is counted.
        start: StartRule,
    },
    /// The limit ended on a day off.
    RolledForward {
        /// That day.
        from: Date,
    },
    /// The clock stands still: what would be due had it run again at once.
    Waiting {
        /// That due time.
        due: DateTime,
    },
    /// The result.
    Due {
        /// Everything that was counted.
        counted: Tally,
    },
}

/// One day in the strip of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayCell {
    /// The day.
    pub date: Date,
    /// What it is to the count.
    pub role: Role,
}

/// What a day is to the count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Something was received: the dossier, or what was missing.
    Start,
    /// A day off; weekends have no name.
    Off(Option<Name>),
    /// Counted, and how much is counted by its end.
    Counted(Tally),
    /// Counted once, then void.
    Void(Tally),
    /// The clock stood still.
    Paused,
    /// The promise; how much is counted by then. Wins over `Start` on the same day.
    Due(Tally),
    /// Neither counted nor off, such as the day of a reception moved to an opening.
    Plain,
}

impl Derivation {
    /// Every day from the first reception to the due day; while the clock stands still, to the day
    /// it stopped. Folding long strips is the page's affair.
    pub fn strip(&self) -> &[DayCell] {
        &self.days
    }
}

impl When {
    /// The day, or the day of the moment.
    pub fn date(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Moment(at) => at.date(),
        }
    }
}

impl LineKind {
    /// The key of the message that names what happened. The same key with `.how` explains how it
    /// is counted. Fields of the variant are the arguments, by their names.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Received {
                start: StartRule::NextDay,
            } => "deadline.received",
            Self::Received {
                start: StartRule::Moment,
            } => "deadline.received-moment",
            Self::MovedToOpening {
                why: ClosedWhen::DayOff,
                ..
            } => "deadline.moved-day-off",
            Self::MovedToOpening {
                why: ClosedWhen::Lunch,
                ..
            } => "deadline.moved-lunch",
            Self::MovedToOpening {
                why: ClosedWhen::AfterClosing,
                ..
            } => "deadline.moved-evening",
            Self::MovedToOpening {
                why: ClosedWhen::BeforeOpening,
                ..
            } => "deadline.moved-morning",
            Self::DaysOff { .. } => "deadline.days-off",
            Self::MadeUp { .. } => "deadline.made-up",
            Self::Counted {
                of: Tally::Minutes(_),
                ..
            } => "deadline.counted-hours",
            Self::Counted { .. } => "deadline.counted-days",
            Self::CountedMonths { .. } => "deadline.counted-months",
            Self::SameDay { .. } => "deadline.same-day",
            Self::AfterCutoff { .. } => "deadline.after-cutoff",
            Self::PausedFrom {
                mode: PauseMode::Exclude,
            } => "deadline.paused-exclude",
            Self::PausedFrom {
                mode: PauseMode::Restart,
            } => "deadline.paused-restart",
            Self::PausedLate {
                mode: PauseMode::Exclude,
                ..
            } => "deadline.paused-late",
            Self::PausedLate {
                mode: PauseMode::Restart,
                ..
            } => "deadline.paused-late-restart",
            Self::VoidedDays { .. } => "deadline.voided",
            Self::Resumed { .. } => "deadline.resumed",
            Self::RestartedFrom { .. } => "deadline.restarted",
            Self::RolledForward { .. } => "deadline.rolled",
            Self::Waiting { .. } => "deadline.waiting",
            Self::Due { .. } => "deadline.due",
        }
    }
}

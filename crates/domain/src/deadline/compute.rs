use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan};
use serde::Serialize;
use thiserror::Error;

use super::clock::{Clock, whole_minute, working_minutes_between};
use super::derivation::{Derivation, LineKind, StartRule, Tally};
use super::limit::{BadLimit, HalfDays, Limit};
use super::lines::Book;
use super::pause::{self, BadPause, Pause, PauseMode};
use super::strip::{self, End, Segment};
use crate::calendar::Uncovered;

/// When a result is due, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The moment up to which the result is in time. While the clock stands still: what it would
    /// be had the clock run again at the moment it stopped.
    pub due: DateTime,
    /// Whether the clock runs.
    pub state: DeadlineState,
    /// Each step of the count.
    pub derivation: Derivation,
}

/// Whether the clock of a deadline runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineState {
    /// It runs.
    Running,
    /// It stands still.
    Paused {
        /// Since when.
        since: DateTime,
    },
}

/// Why no due time can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DeadlineError {
    /// The calendar does not reach far enough.
    #[error(transparent)]
    Uncovered(#[from] Uncovered),
    /// The limit is out of bounds.
    #[error(transparent)]
    Limit(#[from] BadLimit),
    /// The pauses are impossible.
    #[error(transparent)]
    Pause(#[from] BadPause),
}

/// The due time of what was received at `received`.
///
/// Seconds are dropped. A pause under [`PauseMode::Exclude`] moves a limit of working time by
/// exactly the working minutes between stop and resumption, and a limit of calendar days or months
/// by the calendar days between their dates; it has no effect when it begins at or after the due
/// time, for an expired clock cannot be stopped. Under [`PauseMode::Restart`] the due time is that
/// of a dossier received at the resumption.
pub fn due(
    received: DateTime,
    limit: Limit,
    pauses: &[Pause],
    rules: &Clock<'_>,
) -> Result<Deadline, DeadlineError> {
    let limit = limit.checked()?;
    pause::check(received, pauses)?;
    let mut book = Book::default();
    let mut run = Run::begin(whole_minute(received), limit, rules)?;
    book.received(&run.segment, rules)?;
    let mut state = DeadlineState::Running;
    for pause in pauses {
        run = run.pause(pause, &mut book)?;
        if pause.to.is_none() {
            state = DeadlineState::Paused { since: pause.from };
        }
    }
    let due = run.if_resumed.unwrap_or(run.segment.due);
    book.close(run.segment, due);
    let days = strip::paint(&book.segments, rules)?;
    let lines = book.into_lines(&days, rules);
    let calendar = rules.calendar.version().to_owned();
    Ok(Deadline {
        due,
        state,
        derivation: Derivation {
            limit,
            calendar,
            lines,
            days,
        },
    })
}

/// A count in progress: the segment since the reception or the last restart.
struct Run<'r> {
    segment: Segment,
    /// What would be due had an open restart pause ended as it began.
    if_resumed: Option<DateTime>,
    rules: &'r Clock<'r>,
}

impl<'r> Run<'r> {
    fn begin(received: DateTime, limit: Limit, rules: &'r Clock<'r>) -> Result<Self, Uncovered> {
        let start = rules.opening(received)?;
        let (nominal, due) = first_due(start, limit, rules)?;
        let segment = Segment {
            received,
            start,
            limit,
            nominal,
            due,
            excluded: Vec::new(),
            end: End::Due,
        };
        Ok(Self {
            segment,
            if_resumed: None,
            rules,
        })
    }

    fn pause(mut self, pause: &Pause, book: &mut Book) -> Result<Self, Uncovered> {
        let from = whole_minute(pause.from);
        let to = pause.to.map(whole_minute);
        let (due, mode) = (self.segment.due, pause.mode);
        let late = from >= due;
        let stopped = if late {
            LineKind::PausedLate { due, mode }
        } else {
            LineKind::PausedFrom { mode }
        };
        book.event(from, stopped, rule_of(mode));
        match (mode, to) {
            (PauseMode::Exclude, _) if late => Ok(self),
            (PauseMode::Exclude, Some(to)) => self.exclude(from, to, book),
            (PauseMode::Exclude, None) => {
                self.segment.end = End::Standing(from);
                Ok(self)
            }
            (PauseMode::Restart, Some(to)) => self.restart(from, to, book),
            (PauseMode::Restart, None) => {
                let next = Self::begin(from, self.segment.limit, self.rules)?;
                self.segment.end = End::Standing(from);
                self.if_resumed = Some(next.segment.due);
                Ok(self)
            }
        }
    }

    fn restart(mut self, from: DateTime, to: DateTime, book: &mut Book) -> Result<Self, Uncovered> {
        let rules = self.rules;
        let next = Self::begin(to, self.segment.limit, rules)?;
        self.segment.end = End::Void(from);
        book.voided(from, self.segment, rules)?;
        let restarted = LineKind::RestartedFrom {
            start: next.segment.start_rule(),
        };
        book.event(to, restarted, rule_of(PauseMode::Restart));
        book.begun(&next.segment, rules)?;
        Ok(next)
    }

    fn exclude(mut self, from: DateTime, to: DateTime, book: &mut Book) -> Result<Self, Uncovered> {
        let added = match self.segment.limit {
            Limit::Hours(_) | Limit::WorkingDays(_) | Limit::SameDay => {
                let minutes = working_minutes_between(from, to, self.rules)?;
                self.segment.due = self.rules.advance(self.segment.due, minutes)?;
                Tally::Minutes(minutes)
            }
            Limit::Days(_) | Limit::Months(_) => Tally::HalfDays(2 * self.exclude_days(from, to)?),
        };
        self.segment.excluded.push((from, to));
        book.event(to, LineKind::Resumed { added }, rule_of(PauseMode::Exclude));
        Ok(self)
    }

    /// Moves a limit of calendar days or months; a clock that had not expired when it stopped is
    /// never found expired when it runs again.
    fn exclude_days(&mut self, from: DateTime, to: DateTime) -> Result<u32, Uncovered> {
        let segment = &mut self.segment;
        let days = from.date().duration_until(to.date()).as_hours() / 24;
        let moved = add(segment.nominal, days.days())?.max(self.rules.opening(to)?.date());
        (segment.nominal, segment.due) = rolled(moved, self.rules)?;
        Ok(u32::try_from(days).expect("a checked pause does not end before it begins"))
    }
}

/// The end that the limit itself names, and the due time after rolling forward.
fn first_due(
    start: DateTime,
    limit: Limit,
    rules: &Clock<'_>,
) -> Result<(Date, DateTime), Uncovered> {
    let (calendar, hours, day) = (rules.calendar, rules.hours, start.date());
    let due = match limit {
        Limit::Hours(hours) => rules.advance(start, hours * 60)?,
        Limit::WorkingDays(half_days) => {
            let last = calendar.working_day_after(day, half_days.count().div_ceil(2))?;
            last.to_datetime(if ends_at_noon(half_days) {
                hours.noon_close()
            } else {
                hours.close()
            })
        }
        Limit::SameDay if start.time() < rules.same_day_cutoff => day.to_datetime(hours.close()),
        Limit::SameDay => calendar.next_working_day(day)?.to_datetime(hours.close()),
        Limit::Days(n) => return rolled(add(day, i64::from(n).days())?, rules),
        Limit::Months(n) => return rolled(add(day, i64::from(n).months())?, rules),
    };
    Ok((due.date(), due))
}

fn ends_at_noon(half_days: HalfDays) -> bool {
    !half_days.count().is_multiple_of(2)
}

fn rolled(nominal: Date, rules: &Clock<'_>) -> Result<(Date, DateTime), Uncovered> {
    let day = rules.calendar.working_day_on_or_after(nominal)?;
    Ok((nominal, day.to_datetime(rules.hours.close())))
}

/// Past the last date there is, the year after the last is what is missing.
fn add(date: Date, span: Span) -> Result<Date, Uncovered> {
    date.checked_add(span)
        .map_err(|_| Uncovered { year: 10_000 })
}

fn rule_of(mode: PauseMode) -> &'static str {
    match mode {
        PauseMode::Exclude => "deadline.basis.exclude",
        PauseMode::Restart => "deadline.basis.restart",
    }
}

impl Segment {
    /// Days and months are counted from the next day, hours and same-day from the moment.
    pub(super) fn start_rule(&self) -> StartRule {
        match self.limit {
            Limit::WorkingDays(_) | Limit::Days(_) | Limit::Months(_) => StartRule::NextDay,
            Limit::Hours(_) | Limit::SameDay => StartRule::Moment,
        }
    }
}

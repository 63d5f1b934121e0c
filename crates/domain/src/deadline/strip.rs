use jiff::civil::{Date, DateTime};

use super::clock::Clock;
use super::derivation::{DayCell, Role, StartRule, Tally};
use super::limit::Limit;
use crate::calendar::{Uncovered, tomorrow};

/// One count of the full limit, from a reception or a restart to its end.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// When something was really received.
    pub(super) received: DateTime,
    /// The working moment it counts from.
    pub(super) start: DateTime,
    pub(super) limit: Limit,
    /// The day the limit itself ends on, before rolling forward.
    pub(super) nominal: Date,
    pub(super) due: DateTime,
    /// Pauses that do not count.
    pub(super) excluded: Vec<(DateTime, DateTime)>,
    pub(super) end: End,
}

/// How a count ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It reaches its due time.
    Due,
    /// It became void at this stop, and another count follows.
    Void(DateTime),
    /// The clock stopped here and stands.
    Standing(DateTime),
}

/// Every day of the counts, each once; where one count follows another, the later one's reception
/// goes before the earlier one's last day.
pub(super) fn paint(segments: &[Segment], rules: &Clock<'_>) -> Result<Vec<DayCell>, Uncovered> {
    let mut cells: Vec<DayCell> = Vec::new();
    for segment in segments {
        let first = segment.received.date();
        cells.retain(|cell| cell.date < first);
        if let Some(last) = cells.last() {
            let mut day = tomorrow(last.date)?;
            while day < first {
                cells.push(DayCell {
                    date: day,
                    role: day_off(day, rules)?.unwrap_or(Role::Paused),
                });
                day = tomorrow(day)?;
            }
        }
        segment_cells(segment, rules, &mut cells)?;
    }
    Ok(cells)
}

fn segment_cells(
    segment: &Segment,
    rules: &Clock<'_>,
    cells: &mut Vec<DayCell>,
) -> Result<(), Uncovered> {
    let last = segment.last_day();
    let mut counter = Counter::new(segment, rules);
    let mut date = segment.received.date();
    loop {
        let role = counter.day(date)?;
        cells.push(DayCell { date, role });
        if date >= last {
            return Ok(());
        }
        date = tomorrow(date)?;
    }
}

/// How much of the limit a count had reached when it ended.
pub(super) fn counted_in(segment: &Segment, rules: &Clock<'_>) -> Result<Tally, Uncovered> {
    let mut counter = Counter::new(segment, rules);
    let mut date = segment.received.date();
    loop {
        counter.day(date)?;
        if date >= segment.last_day() {
            return Ok(counter.tally());
        }
        date = tomorrow(date)?;
    }
}

fn day_off(date: Date, rules: &Clock<'_>) -> Result<Option<Role>, Uncovered> {
    if rules.calendar.is_working_day(date)? {
        return Ok(None);
    }
    Ok(Some(Role::Off(
        rules.calendar.special_day(date).map(|day| day.name.clone()),
    )))
}

/// Walks the days of one segment in order and says what each is.
struct Counter<'a> {
    segment: &'a Segment,
    rules: &'a Clock<'a>,
    /// Working minutes counted so far; below zero while a pause on the day of reception, which is
    /// not counted itself, is being added.
    minutes: i64,
    /// Calendar days counted so far.
    days: u32,
}

impl<'a> Counter<'a> {
    fn new(segment: &'a Segment, rules: &'a Clock<'a>) -> Self {
        Self {
            segment,
            rules,
            minutes: 0,
            days: 0,
        }
    }

    fn day(&mut self, date: Date) -> Result<Role, Uncovered> {
        let segment = self.segment;
        let counted = if segment.in_calendar_days() {
            self.calendar_day(date)?
        } else {
            self.working_day(date)?
        };
        if matches!(segment.end, End::Due) && date == segment.due.date() {
            return Ok(Role::Due(segment.tally_of_limit()));
        }
        if date == segment.received.date() {
            return Ok(Role::Start);
        }
        Ok(match (counted, segment.end) {
            (Role::Counted(tally), End::Void(_)) => Role::Void(tally),
            (Role::Counted(_) | Role::Plain, End::Standing(from)) if date == from.date() => {
                Role::Paused
            }
            (role, _) => role,
        })
    }

    fn calendar_day(&mut self, date: Date) -> Result<Role, Uncovered> {
        let segment = self.segment;
        let outside = date <= segment.start.date() || date > segment.nominal;
        let rolls = date == segment.nominal && !self.rules.calendar.is_working_day(date)?;
        if outside || rolls {
            return Ok(day_off(date, self.rules)?.unwrap_or(Role::Plain));
        }
        if segment
            .excluded
            .iter()
            .any(|(from, to)| from.date() < date && date <= to.date())
        {
            return Ok(Role::Paused);
        }
        // An end that a long pause carried to an opening has days before it that count no more.
        if self.tally() == segment.tally_of_limit() {
            return Ok(day_off(date, self.rules)?.unwrap_or(Role::Plain));
        }
        self.days += 1;
        Ok(Role::Counted(self.tally()))
    }

    fn working_day(&mut self, date: Date) -> Result<Role, Uncovered> {
        let segment = self.segment;
        let (midnight, end) = (
            date.to_datetime(jiff::civil::Time::midnight()),
            segment.stop(),
        );
        let paused = self.paused_on(date)?;
        let first_counted = match segment.start_rule() {
            StartRule::NextDay if date <= segment.start.date() => end,
            StartRule::NextDay => midnight,
            StartRule::Moment => midnight.max(segment.start),
        };
        let worked =
            i64::from(self.rules.minutes_on(date, first_counted, end)?) - i64::from(paused);
        let before = self.tally();
        self.minutes += worked;
        if let Some(off) = day_off(date, self.rules)? {
            return Ok(off);
        }
        let after = self.tally();
        Ok(match after {
            Tally::HalfDays(_) | Tally::Minutes(_) if after != before => Role::Counted(after),
            Tally::HalfDays(_) | Tally::Minutes(_) | Tally::Nothing if paused > 0 => Role::Paused,
            Tally::HalfDays(_) | Tally::Minutes(_) | Tally::Nothing => Role::Plain,
        })
    }

    /// Full days and hours reached so far.
    fn tally(&self) -> Tally {
        let minutes = u32::try_from(self.minutes.max(0)).unwrap_or(u32::MAX);
        match self.segment.limit {
            Limit::WorkingDays(_) => {
                Tally::HalfDays(2 * (minutes / self.rules.hours.minutes_per_day()))
            }
            Limit::Hours(_) => Tally::Minutes(minutes),
            Limit::Days(_) | Limit::Months(_) => Tally::HalfDays(2 * self.days),
            Limit::SameDay => Tally::Nothing,
        }
    }

    fn paused_on(&self, date: Date) -> Result<u32, Uncovered> {
        let mut paused = 0;
        for (from, to) in &self.segment.excluded {
            paused += self.rules.minutes_on(date, *from, *to)?;
        }
        Ok(paused)
    }
}

impl Segment {
    /// What the whole limit counts.
    pub(super) fn tally_of_limit(&self) -> Tally {
        match self.limit {
            Limit::Hours(hours) => Tally::Minutes(hours * 60),
            Limit::WorkingDays(half_days) => Tally::HalfDays(half_days.count()),
            Limit::Days(days) => Tally::HalfDays(2 * days),
            Limit::Months(_) | Limit::SameDay => Tally::Nothing,
        }
    }

    pub(super) fn in_calendar_days(&self) -> bool {
        matches!(self.limit, Limit::Days(_) | Limit::Months(_))
    }

    fn last_day(&self) -> Date {
        match self.end {
            End::Due => self.due.date(),
            End::Void(from) | End::Standing(from) => from.date(),
        }
    }

    /// The moment after which nothing is counted. A day on which a count of days became void was
    /// still a counted day, so it is taken whole.
    fn stop(&self) -> DateTime {
        match (self.end, self.start_rule()) {
            (End::Void(from), StartRule::Moment) | (End::Standing(from), _) => from.min(self.due),
            (End::Void(from), StartRule::NextDay) if from < self.due => {
                from.date().to_datetime(jiff::civil::Time::MAX)
            }
            (End::Due | End::Void(_), _) => self.due,
        }
    }
}

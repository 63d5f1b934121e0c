use jiff::civil::{Date, DateTime, Time};
use serde::Serialize;

use super::hours::OpeningHours;
use super::limit::Limit;
use crate::calendar::{Calendar, Uncovered, tomorrow};

/// What a limit is counted with: days, hours of the day, and the same-day cut-off.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    /// Which days are worked.
    pub calendar: &'a Calendar,
    /// Which minutes of a working day are worked.
    pub hours: &'a OpeningHours,
    /// From this time on a same-day result is due the next working day; 15:00 by law.
    pub same_day_cutoff: Time,
}

/// Why a moment is not a working moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedWhen {
    /// A working day, before it opens.
    BeforeOpening,
    /// A working day, during lunch.
    Lunch,
    /// A working day, at or after its close.
    AfterClosing,
    /// Not a working day.
    DayOff,
}

/// Working minutes from `from` to `to` by the calendar and the hours; zero when `to` is not later.
pub fn working_minutes_between(
    from: DateTime,
    to: DateTime,
    clock: &Clock<'_>,
) -> Result<u32, Uncovered> {
    let mut total = 0;
    let mut day = from.date();
    while day <= to.date() && from < to {
        total += clock.minutes_on(day, from, to)?;
        if day == to.date() {
            break;
        }
        day = tomorrow(day)?;
    }
    Ok(total)
}

/// The moment when `minutes` of working time have passed since `from`: the clock of a step.
///
/// # Errors
/// [`Uncovered`] when the calendar does not reach that far.
pub fn after_working_minutes(
    from: DateTime,
    minutes: u32,
    clock: &Clock<'_>,
) -> Result<DateTime, Uncovered> {
    clock.advance(whole_minute(clock.opening(from)?), minutes)
}

/// Until when what was received at `at` is handed over to the agency that decides: within the same
/// working day, and within the next one when it came from `cutoff` on (NĐ 118/2025/NĐ-CP Điều 18).
///
/// # Errors
/// [`Uncovered`] when the calendar does not reach that far.
pub fn hand_over_by(at: DateTime, cutoff: Time, clock: &Clock<'_>) -> Result<DateTime, Uncovered> {
    let opening = clock.opening(at)?;
    let day = opening.date();
    let last = if opening.time() < cutoff {
        day
    } else {
        clock.calendar.next_working_day(day)?
    };
    Ok(last.to_datetime(clock.hours.close()))
}

/// Until when what was signed on `day` is issued: the same day, at the latest the next working day (NĐ
/// 30/2020/NĐ-CP Điều 18 khoản 1).
///
/// # Errors
/// [`Uncovered`] when the calendar does not reach that far.
pub fn issue_by(day: Date, clock: &Clock<'_>) -> Result<DateTime, Uncovered> {
    let last = clock.calendar.next_working_day(day)?;
    Ok(last.to_datetime(clock.hours.close()))
}

/// The last moment that lies `limit` before `due`: working days and calendar days keep the time of
/// the day, hours are counted in working time.
///
/// # Errors
/// [`Uncovered`] when the calendar does not reach that far back.
pub fn time_before(due: DateTime, limit: Limit, clock: &Clock<'_>) -> Result<DateTime, Uncovered> {
    let (calendar, mut day) = (clock.calendar, due.date());
    match limit {
        Limit::Hours(hours) => return minutes_before(due, hours.saturating_mul(60), clock),
        Limit::WorkingDays(half_days) => {
            for _ in 0..half_days.count().div_ceil(2) {
                day = yesterday(day)?;
                while !calendar.is_working_day(day)? {
                    day = yesterday(day)?;
                }
            }
        }
        Limit::Days(_) | Limit::Months(_) | Limit::SameDay => {
            let days = match limit {
                Limit::Months(months) => months.saturating_mul(30),
                Limit::Days(days) => days,
                Limit::Hours(_) | Limit::WorkingDays(_) | Limit::SameDay => 0,
            };
            for _ in 0..days {
                day = yesterday(day)?;
            }
        }
    }
    Ok(day.to_datetime(due.time()))
}

fn minutes_before(due: DateTime, minutes: u32, clock: &Clock<'_>) -> Result<DateTime, Uncovered> {
    let (mut day, mut left) = (due.date(), minutes);
    let mut worked = clock.minutes_on(day, day.to_datetime(Time::midnight()), due)?;
    while left > worked {
        left -= worked;
        day = yesterday(day)?;
        let ends = tomorrow(day)?.to_datetime(Time::midnight());
        worked = clock.minutes_on(day, day.to_datetime(Time::midnight()), ends)?;
    }
    Ok(day.to_datetime(clock.hours.after_minutes(worked - left)))
}

fn yesterday(date: Date) -> Result<Date, Uncovered> {
    date.yesterday().map_err(|_| Uncovered {
        year: date.year().saturating_sub(1),
    })
}

impl Clock<'_> {
    /// `at` itself when it is a working moment, otherwise the next opening.
    pub fn opening(&self, at: DateTime) -> Result<DateTime, Uncovered> {
        let today = at.date();
        if self.calendar.is_working_day(today)?
            && let Some(time) = self.hours.open_at_or_after(at.time())
        {
            return Ok(if time > at.time() {
                today.to_datetime(time)
            } else {
                at
            });
        }
        Ok(self
            .calendar
            .next_working_day(today)?
            .to_datetime(self.hours.open()))
    }

    /// Why `at` is outside working time; `None` when it is inside.
    pub(super) fn closed_when(&self, at: DateTime) -> Result<Option<ClosedWhen>, Uncovered> {
        if !self.calendar.is_working_day(at.date())? {
            return Ok(Some(ClosedWhen::DayOff));
        }
        Ok(match self.hours.open_at_or_after(at.time()) {
            None => Some(ClosedWhen::AfterClosing),
            Some(time) if time <= at.time() => None,
            Some(time) if time == self.hours.open() => Some(ClosedWhen::BeforeOpening),
            Some(_) => Some(ClosedWhen::Lunch),
        })
    }

    /// The moment when `minutes` of working time have passed since `from`; where a stretch ends,
    /// its end and not the start of the next.
    pub(super) fn advance(&self, from: DateTime, minutes: u32) -> Result<DateTime, Uncovered> {
        if minutes == 0 {
            return Ok(from);
        }
        let mut day = self.calendar.working_day_on_or_after(from.date())?;
        let mut passed = if day == from.date() {
            self.hours.minutes_before(from.time())
        } else {
            0
        };
        let mut left = minutes;
        loop {
            let rest = self.hours.minutes_per_day() - passed;
            if left <= rest {
                return Ok(day.to_datetime(self.hours.after_minutes(passed + left)));
            }
            left -= rest;
            passed = 0;
            day = self.calendar.next_working_day(day)?;
        }
    }

    /// Working minutes of one day that lie between `from` and `to`.
    pub(super) fn minutes_on(
        &self,
        day: Date,
        from: DateTime,
        to: DateTime,
    ) -> Result<u32, Uncovered> {
        if !self.calendar.is_working_day(day)? {
            return Ok(0);
        }
        let before = |at: DateTime| match at.date().cmp(&day) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => self.hours.minutes_before(at.time()),
            std::cmp::Ordering::Greater => self.hours.minutes_per_day(),
        };
        Ok(before(to).saturating_sub(before(from)))
    }
}

/// The same moment without its seconds: the clocks of the counter count whole minutes.
pub(super) fn whole_minute(at: DateTime) -> DateTime {
    let time = at.time();
    let minute = Time::new(time.hour(), time.minute(), 0, 0).expect("parts of a valid time");
    at.date().to_datetime(minute)
}

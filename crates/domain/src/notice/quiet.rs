//! When a notice may be sent, and when it is tried again.

use jiff::ToSpan;
use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

/// Hours of the night in which nobody is disturbed; notices wait until they end. Legally required
/// ones wait too: no limit of the law ends at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When they begin.
    pub from: Time,
    /// When they end; before they begin when they go over midnight, equal when there are none.
    pub to: Time,
}

impl Default for QuietHours {
    /// 21:00 to 07:00.
    fn default() -> Self {
        Self {
            from: Time::constant(21, 0, 0, 0),
            to: Time::constant(7, 0, 0, 0),
        }
    }
}

/// Hours in which notices are always sent: those of offices.
const DAY: (Time, Time) = (Time::constant(8, 0, 0, 0), Time::constant(17, 0, 0, 0));

/// The longest quiet hours, in minutes: a notice that the law wants is never half a day late.
const MOST_QUIET: i64 = 12 * 60;

/// Why hours cannot be quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHours {
    /// More than twelve hours.
    TooLong,
    /// They touch the hours of offices, 08:00 to 17:00.
    ByDay,
}

impl QuietHours {
    /// The hours, unless they would keep notices back that the law wants.
    ///
    /// # Errors
    /// [`BadHours`].
    pub fn checked(self) -> Result<Self, BadHours> {
        let (begins, ends) = DAY;
        let by_day = match self.from.cmp(&self.to) {
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Less => self.from < ends && self.to > begins,
            std::cmp::Ordering::Greater => self.from < ends || self.to > begins,
        };
        if by_day {
            return Err(BadHours::ByDay);
        }
        let minutes = self.from.duration_until(self.to).as_mins();
        let minutes = minutes.rem_euclid(24 * 60);
        if minutes > MOST_QUIET {
            return Err(BadHours::TooLong);
        }
        Ok(self)
    }

    /// The first moment from `at` on that is not quiet.
    pub fn after(&self, at: DateTime) -> DateTime {
        let time = at.time();
        let evening = time >= self.from;
        let morning = time < self.to;
        let over_midnight = self.from > self.to;
        let quiet = if over_midnight {
            evening || morning
        } else {
            evening && morning
        };
        if !quiet {
            return at;
        }
        let day = if over_midnight && evening {
            at.date().saturating_add(1.day())
        } else {
            at.date()
        };
        day.to_datetime(self.to)
    }
}

/// How often a notice is tried before it is given up: for most of a day.
pub const MOST_ATTEMPTS: u32 = 12;

/// The longest pause between two attempts, in minutes.
const LONGEST: i64 = 360;

/// Minutes to wait after that many attempts: 1, 2, 4 and so on, six hours at most.
pub fn pause(attempts: u32) -> i64 {
    2_i64
        .saturating_pow(attempts.saturating_sub(1).min(16))
        .min(LONGEST)
}

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The largest count of any unit; far beyond any published limit, far below any overflow.
const MOST: u32 = 4000;

/// How long a procedure may take, as published; exact, without fractions of a minute.
///
/// Written `16h`, `5wd`, `2.5wd`, `20d`, `2mo`, `sameday`; that is also its serialised form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Limit {
    /// Working hours, counted inside opening hours from the moment of reception.
    Hours(u32),
    /// Working days, counted in halves; the day of reception is not counted.
    WorkingDays(HalfDays),
    /// Calendar days; the day of reception is not counted.
    Days(u32),
    /// Months, to the same day of the month.
    Months(u32),
    /// The same day, or the next working day after the cut-off.
    SameDay,
}

/// A positive number of half working days, such as 5 for "2.5 ngày làm việc".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfDays(u32);

/// Why a text or a number is no time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadLimit {
    /// The text has none of the known units.
    #[error("write a limit as 16h, 5wd, 2.5wd, 20d, 2mo or sameday")]
    Unit,
    /// What stands before the unit is not a number, or not one of whole or half working days.
    #[error("the number before the unit must be whole; only working days may end in .5")]
    Number,
    /// The number is zero or above the bound of 4000.
    #[error("a limit must be more than 0 and at most {MOST}")]
    Range,
}

impl HalfDays {
    /// So many halves: `halves(5)` is two and a half days.
    pub fn halves(halves: u32) -> Result<Self, BadLimit> {
        if (1..=2 * MOST).contains(&halves) {
            Ok(Self(halves))
        } else {
            Err(BadLimit::Range)
        }
    }

    /// So many whole working days.
    pub fn days(days: u32) -> Result<Self, BadLimit> {
        days.checked_mul(2)
            .ok_or(BadLimit::Range)
            .and_then(Self::halves)
    }

    /// The number of halves.
    pub fn count(self) -> u32 {
        self.0
    }
}

impl Limit {
    /// So many whole working days; out of bounds the nearest bound.
    pub fn working_days(days: u32) -> Self {
        Self::WorkingDays(HalfDays(days.saturating_mul(2).clamp(1, 2 * MOST)))
    }

    /// The shortest working time in minutes that the limit can mean, eight hours a day: what the
    /// steps of an internal process may take together (TT 01/2018/TT-VPCP Điều 8).
    pub fn least_working_minutes(self) -> u32 {
        match self {
            Self::Hours(hours) => hours.saturating_mul(60),
            Self::WorkingDays(days) => days.0.saturating_mul(240),
            // Whole weeks have five working days; of the days left over two may be a weekend.
            Self::Days(days) => {
                let working = (days / 7 * 5).saturating_add((days % 7).saturating_sub(2));
                working.saturating_mul(480).max(240)
            }
            Self::Months(months) => months.saturating_mul(20 * 480),
            Self::SameDay => 480,
        }
    }

    /// The same limit when its number is within bounds: not zero, at most 4000.
    pub fn checked(self) -> Result<Self, BadLimit> {
        match self {
            Self::Hours(n) | Self::Days(n) | Self::Months(n) if n == 0 || n > MOST => {
                Err(BadLimit::Range)
            }
            Self::Hours(_)
            | Self::Days(_)
            | Self::Months(_)
            | Self::WorkingDays(_)
            | Self::SameDay => Ok(self),
        }
    }
}

impl fmt::Display for HalfDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.0.is_multiple_of(2) { "" } else { ".5" };
        write!(f, "{}{half}", self.0 / 2)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(n) => write!(f, "{n}h"),
            Self::WorkingDays(n) => write!(f, "{n}wd"),
            Self::Days(n) => write!(f, "{n}d"),
            Self::Months(n) => write!(f, "{n}mo"),
            Self::SameDay => f.write_str("sameday"),
        }
    }
}

impl FromStr for Limit {
    type Err = BadLimit;

    fn from_str(text: &str) -> Result<Self, BadLimit> {
        let text = text.trim();
        if text == "sameday" {
            return Ok(Self::SameDay);
        }
        let unit_at = text
            .find(|c: char| c.is_ascii_alphabetic())
            .ok_or(BadLimit::Unit)?;
        let (number, unit) = text.split_at(unit_at);
        let limit = match unit {
            "h" => Self::Hours(whole(number)?),
            "wd" => Self::WorkingDays(half_days(number)?),
            "d" => Self::Days(whole(number)?),
            "mo" => Self::Months(whole(number)?),
            _ => return Err(BadLimit::Unit),
        };
        limit.checked()
    }
}

impl TryFrom<String> for Limit {
    type Error = BadLimit;

    fn try_from(text: String) -> Result<Self, BadLimit> {
        text.parse()
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

fn half_days(number: &str) -> Result<HalfDays, BadLimit> {
    let (days, half) = match number.strip_suffix(".5") {
        Some(days) => (days, 1),
        None => (number, 0),
    };
    let halves = whole(days)?
        .checked_mul(2)
        .and_then(|halves| halves.checked_add(half));
    HalfDays::halves(halves.ok_or(BadLimit::Range)?)
}

fn whole(number: &str) -> Result<u32, BadLimit> {
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadLimit::Number);
    }
    number.parse().map_err(|_| BadLimit::Range)
}

//! Values of parameters, and what they are counted in.

use std::fmt;

use jiff::civil::Time;

use crate::deadline::Limit;

/// What the values of a key are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A limit: hours, days, months.
    Limit,
    /// Hundredths.
    Percent,
    /// A number of times.
    Count,
    /// A time of the day.
    Time,
}

/// A value of a parameter, written `3wd`, `70%`, `1`, `15:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A limit.
    Limit(Limit),
    /// Hundredths.
    Percent(u32),
    /// A number of times.
    Count(u32),
    /// A time of the day.
    Time(Time),
}

impl Value {
    pub(super) fn parse(text: &str, unit: Unit) -> Option<Self> {
        let number = |text: &str| text.parse::<u32>().ok();
        match unit {
            Unit::Limit => text.parse().ok().map(Self::Limit),
            Unit::Percent => number(text.strip_suffix('%')?).map(Self::Percent),
            Unit::Count => number(text).map(Self::Count),
            Unit::Time => text.parse().ok().map(Self::Time),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(limit) => write!(f, "{limit}"),
            Self::Percent(share) => write!(f, "{share}%"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Time(time) => write!(f, "{}", time.strftime("%H:%M")),
        }
    }
}

//! The times of the day at which staff are told what is late.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

/// Key of the times at which staff are told what is late.
pub(crate) const DIGESTS: &str = "office.digests";

/// Times of the day, in their order: `07:30,13:30`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DigestHours(Vec<Time>);

/// What is no list of times in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write times in their order, as 07:30,13:30")]
pub struct BadDigestHours;

impl Default for DigestHours {
    /// At the start of each half of a working day.
    fn default() -> Self {
        Self(vec![
            Time::constant(7, 30, 0, 0),
            Time::constant(13, 30, 0, 0),
        ])
    }
}

impl DigestHours {
    /// The last of them on the day of `now` that is not after it.
    pub fn last_before(&self, now: DateTime) -> Option<DateTime> {
        let passed = self.0.iter().rfind(|time| **time <= now.time())?;
        Some(now.date().to_datetime(*passed))
    }
}

impl FromStr for DigestHours {
    type Err = BadDigestHours;

    fn from_str(text: &str) -> Result<Self, BadDigestHours> {
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| BadDigestHours);
        let times = text.split(',').map(time).collect::<Result<Vec<_>, _>>()?;
        if times.is_sorted_by(|a, b| a < b) {
            Ok(Self(times))
        } else {
            Err(BadDigestHours)
        }
    }
}

impl fmt::Display for DigestHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = self.0.iter().map(|time| time.strftime("%H:%M").to_string());
        f.write_str(&times.collect::<Vec<_>>().join(","))
    }
}

impl TryFrom<String> for DigestHours {
    type Error = BadDigestHours;

    fn try_from(text: String) -> Result<Self, BadDigestHours> {
        text.parse()
    }
}

impl From<DigestHours> for String {
    fn from(hours: DigestHours) -> Self {
        hours.to_string()
    }
}

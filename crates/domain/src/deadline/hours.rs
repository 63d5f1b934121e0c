use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// When a centre is open on a working day: one stretch, or a morning and an afternoon.
///
/// Written `07:00-11:30,13:30-17:00`, which is the default and also the serialised form. An opening
/// minute belongs to the stretch, a closing minute does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpeningHours {
    morning: Stretch,
    afternoon: Option<Stretch>,
}

/// Minutes since midnight, `open` before `close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    open: u32,
    close: u32,
}

/// Why opening hours were not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadHours {
    /// The text is not of the known form.
    #[error("write opening hours as 07:00-11:30,13:30-17:00 or 07:00-15:00")]
    Form,
    /// A stretch closes before it opens, or the afternoon opens before the morning closes.
    #[error("each stretch must close after it opens, and the afternoon start after the morning")]
    Order,
}

impl Default for OpeningHours {
    fn default() -> Self {
        Self {
            morning: Stretch {
                open: 7 * 60,
                close: 11 * 60 + 30,
            },
            afternoon: Some(Stretch {
                open: 13 * 60 + 30,
                close: 17 * 60,
            }),
        }
    }
}

impl OpeningHours {
    /// Opening hours of one or two stretches of (open, close), in order; seconds are dropped.
    pub fn parse_stretches(stretches: &[(Time, Time)]) -> Result<Self, BadHours> {
        let stretch =
            |(open, close): (Time, Time)| Stretch::checked(minute_of(open), minute_of(close));
        match *stretches {
            [day] => Ok(Self {
                morning: stretch(day)?,
                afternoon: None,
            }),
            [first, second] => {
                let (morning, afternoon) = (stretch(first)?, stretch(second)?);
                if afternoon.open <= morning.close {
                    return Err(BadHours::Order);
                }
                Ok(Self {
                    morning,
                    afternoon: Some(afternoon),
                })
            }
            _ => Err(BadHours::Form),
        }
    }

    /// Working minutes of one full working day; 480 by default.
    pub fn minutes_per_day(&self) -> u32 {
        self.stretches().map(Stretch::length).sum()
    }

    /// The first minute of the day.
    pub fn open(&self) -> Time {
        time_of(self.morning.open)
    }

    /// Where a half day ends: the close of the morning, or the middle of a day without a lunch.
    pub fn noon_close(&self) -> Time {
        match self.afternoon {
            Some(_) => time_of(self.morning.close),
            None => time_of(self.morning.open + self.morning.length() / 2),
        }
    }

    /// The end of the day.
    pub fn close(&self) -> Time {
        time_of(self.last().close)
    }

    /// Working minutes of the day that have passed when it is `at`.
    pub(super) fn minutes_before(&self, at: Time) -> u32 {
        let minute = minute_of(at);
        self.stretches()
            .map(|s| minute.clamp(s.open, s.close) - s.open)
            .sum()
    }

    /// The moment when `minutes` of the day have been worked: the end of a stretch rather than the
    /// start of the next, and never past the close.
    pub(super) fn after_minutes(&self, minutes: u32) -> Time {
        let morning = self.morning.length();
        match self.afternoon {
            Some(afternoon) if minutes > morning => {
                time_of((afternoon.open + (minutes - morning)).min(afternoon.close))
            }
            _ => time_of((self.morning.open + minutes).min(self.morning.close)),
        }
    }

    /// The first open minute of the day at or after `at`.
    pub(super) fn open_at_or_after(&self, at: Time) -> Option<Time> {
        let minute = minute_of(at);
        self.stretches()
            .find(|s| minute < s.close)
            .map(|s| time_of(minute.max(s.open)))
    }

    fn last(&self) -> Stretch {
        self.afternoon.unwrap_or(self.morning)
    }

    fn stretches(&self) -> impl Iterator<Item = Stretch> {
        std::iter::once(self.morning).chain(self.afternoon)
    }
}

impl Stretch {
    fn checked(open: u32, close: u32) -> Result<Self, BadHours> {
        // Two minutes at least, so that half a day is never empty.
        if open + 2 <= close {
            Ok(Self { open, close })
        } else {
            Err(BadHours::Order)
        }
    }

    fn length(self) -> u32 {
        self.close - self.open
    }
}

impl fmt::Display for OpeningHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Stretch { open, close }) in self.stretches().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (from, to) = ((open / 60, open % 60), (close / 60, close % 60));
            write!(
                f,
                "{comma}{:02}:{:02}-{:02}:{:02}",
                from.0, from.1, to.0, to.1
            )?;
        }
        Ok(())
    }
}

impl FromStr for OpeningHours {
    type Err = BadHours;

    fn from_str(text: &str) -> Result<Self, BadHours> {
        let stretches: Option<Vec<(Time, Time)>> = text
            .split(',')
            .map(|stretch| {
                let (open, close) = stretch.trim().split_once('-')?;
                Some((open.trim().parse().ok()?, close.trim().parse().ok()?))
            })
            .collect();
        Self::parse_stretches(&stretches.ok_or(BadHours::Form)?)
    }
}

impl TryFrom<String> for OpeningHours {
    type Error = BadHours;

    fn try_from(text: String) -> Result<Self, BadHours> {
        text.parse()
    }
}

impl From<OpeningHours> for String {
    fn from(hours: OpeningHours) -> Self {
        hours.to_string()
    }
}

fn minute_of(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

fn time_of(minute: u32) -> Time {
    let part = |n: u32| i8::try_from(n).expect("below 60");
    Time::new(part(minute / 60), part(minute % 60), 0, 0).expect("a minute of the day")
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::parse::{self, BadCalendar};

/// A name in the two languages of the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Vietnamese, as the announcement has it.
    pub vi: String,
    /// English.
    pub en: String,
}

/// What a listed day is, whatever its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Nobody works: a holiday, a swapped day, a closure.
    Off,
    /// A working day, such as a make-up Saturday.
    Work,
}

/// A day that is not simply its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// Off or working.
    pub kind: DayKind,
    /// Why, in words for the citizen.
    pub name: Name,
    /// The instrument or announcement that says so.
    pub source: String,
}

/// The year of a day is not in the calendar, so nobody can say whether it is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the working calendar does not cover the year {year}")]
pub struct Uncovered {
    /// The first year that was needed and is missing.
    pub year: i16,
}

/// A published version of the working calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub(super) version: String,
    pub(super) years: BTreeSet<i16>,
    pub(super) days: BTreeMap<Date, SpecialDay>,
}

/// The form that [`Calendar::parse`] reads.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{},version,–,–,–", self.version)?;
        for year in &self.years {
            writeln!(f, "{year},year,–,–,–")?;
        }
        for (date, day) in &self.days {
            let kind = match day.kind {
                DayKind::Off => "off",
                DayKind::Work => "work",
            };
            let Name { vi, en } = &day.name;
            writeln!(f, "{date},{kind},{vi},{en},{}", day.source)?;
        }
        Ok(())
    }
}

impl Calendar {
    /// The national calendar that ships with the product: 2025, 2026 and 2027.
    ///
    /// # Panics
    /// Never in a released build: the file is part of the binary and parsed in a test.
    pub fn national() -> Self {
        Self::parse(include_str!("../../data/calendar.csv"))
            .expect("the shipped calendar is parsed in a test")
    }

    /// Reads lines of `key,kind,name_vi,name_en,source`; empty lines and `#` lines are skipped.
    ///
    /// `kind` is `version` (once; the key is its label), `year` (the key is a year covered), `off`
    /// or `work` (the key is a date in a covered year).
    pub fn parse(text: &str) -> Result<Self, BadCalendar> {
        parse::calendar(text)
    }

    /// The same calendar with a province's own days laid over it: closures and local working days.
    ///
    /// An override replaces a national line of the same date. `label` names the overrides and
    /// becomes part of the version.
    pub fn with_overrides(
        mut self,
        label: &str,
        overrides: impl IntoIterator<Item = (Date, SpecialDay)>,
    ) -> Result<Self, Uncovered> {
        for (date, day) in overrides {
            self.cover(date)?;
            self.days.insert(date, day);
        }
        self.version = format!("{}+{label}", self.version);
        Ok(self)
    }

    /// Reads a province's own days: one `version` line with their label, then `off` and `work` lines
    /// as in [`Calendar::parse`].
    pub fn parse_overrides(text: &str) -> Result<(String, Vec<(Date, SpecialDay)>), BadCalendar> {
        parse::overrides(text)
    }

    /// The label of this version, as printed beside a derivation.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the days off of `year` are known.
    pub fn covers(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// The entry for a date that is not simply its weekday.
    pub fn special_day(&self, date: Date) -> Option<&SpecialDay> {
        self.days.get(&date)
    }

    /// Whether offices work on `date`: Monday to Friday, unless the table says otherwise.
    pub fn is_working_day(&self, date: Date) -> Result<bool, Uncovered> {
        self.cover(date)?;
        Ok(match self.days.get(&date).map(|day| day.kind) {
            Some(DayKind::Off) => false,
            Some(DayKind::Work) => true,
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        })
    }

    /// `date` itself when it is worked, otherwise the next day that is (Civil Code 148.5).
    pub fn working_day_on_or_after(&self, date: Date) -> Result<Date, Uncovered> {
        let mut day = date;
        while !self.is_working_day(day)? {
            day = tomorrow(day)?;
        }
        Ok(day)
    }

    /// The first working day strictly after `date`.
    pub fn next_working_day(&self, date: Date) -> Result<Date, Uncovered> {
        self.working_day_on_or_after(tomorrow(date)?)
    }

    /// The `n`-th working day strictly after `date`; `date` itself when `n` is zero.
    pub fn working_day_after(&self, date: Date, n: u32) -> Result<Date, Uncovered> {
        (0..n).try_fold(date, |day, _| self.next_working_day(day))
    }

    /// How many working days lie after `from`, up to and including `until`; zero when `until` is
    /// not later.
    pub fn working_days_between(&self, from: Date, until: Date) -> Result<u32, Uncovered> {
        let mut days = 0;
        let mut day = from;
        while day < until {
            day = tomorrow(day)?;
            days += u32::from(self.is_working_day(day)?);
        }
        Ok(days)
    }

    fn cover(&self, date: Date) -> Result<(), Uncovered> {
        let year = date.year();
        if self.covers(year) {
            Ok(())
        } else {
            Err(Uncovered { year })
        }
    }
}

/// The next date; past the last date there is, the year after it is what is missing.
pub(crate) fn tomorrow(date: Date) -> Result<Date, Uncovered> {
    date.tomorrow().map_err(|_| Uncovered {
        year: date.year().saturating_add(1),
    })
}

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use thiserror::Error;

use super::table::{Calendar, DayKind, Name, SpecialDay};

/// Why a calendar file was not accepted. Lines count from one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadCalendar {
    /// A line has not exactly five fields, or one of them is empty.
    #[error("line {line}: expected five fields key,kind,name_vi,name_en,source, none empty")]
    Fields {
        /// Line number.
        line: usize,
    },
    /// The second field is none of the known kinds.
    #[error("line {line}: `{kind}` is not one of version, year, off, work")]
    Kind {
        /// Line number.
        line: usize,
        /// What stands there.
        kind: String,
    },
    /// The first field is not the date or year that the kind asks for.
    #[error("line {line}: `{key}` is not a {expected}")]
    Key {
        /// Line number.
        line: usize,
        /// What stands there.
        key: String,
        /// `date as 2026-11-24` or `year`.
        expected: &'static str,
    },
    /// The version, a year or a date is given a second time.
    #[error("line {line}: `{key}` is given twice")]
    Twice {
        /// Line number.
        line: usize,
        /// What stands there.
        key: String,
    },
    /// A day lies in a year that no `year` line covers.
    #[error("{date} lies in a year that no `year` line covers")]
    OutsideYears {
        /// The day.
        date: Date,
    },
    /// There is no `version` line.
    #[error("there is no `version` line")]
    NoVersion,
}

#[derive(Default)]
struct Draft {
    version: Option<String>,
    years: BTreeSet<i16>,
    days: BTreeMap<Date, SpecialDay>,
}

pub(super) fn calendar(text: &str) -> Result<Calendar, BadCalendar> {
    let Draft {
        version,
        years,
        days,
    } = draft(text)?;
    if let Some(date) = days.keys().find(|date| !years.contains(&date.year())) {
        return Err(BadCalendar::OutsideYears { date: *date });
    }
    Ok(Calendar {
        version: version.ok_or(BadCalendar::NoVersion)?,
        years,
        days,
    })
}

pub(super) fn overrides(text: &str) -> Result<(String, Vec<(Date, SpecialDay)>), BadCalendar> {
    let Draft { version, days, .. } = draft(text)?;
    Ok((
        version.ok_or(BadCalendar::NoVersion)?,
        days.into_iter().collect(),
    ))
}

fn draft(text: &str) -> Result<Draft, BadCalendar> {
    let mut draft = Draft::default();
    let lines = text.trim_start_matches('\u{feff}').lines();
    for (index, line) in lines.enumerate() {
        let line_text = line.trim();
        if !line_text.is_empty() && !line_text.starts_with('#') {
            draft.read(index + 1, line_text)?;
        }
    }
    Ok(draft)
}

impl Draft {
    fn read(&mut self, line: usize, text: &str) -> Result<(), BadCalendar> {
        let fields: Vec<&str> = text.split(',').map(str::trim).collect();
        let [key, kind, vi, en, source] = fields.as_slice() else {
            return Err(BadCalendar::Fields { line });
        };
        if fields.iter().any(|field| field.is_empty()) {
            return Err(BadCalendar::Fields { line });
        }
        let day = |kind| SpecialDay {
            kind,
            name: Name {
                vi: (*vi).to_owned(),
                en: (*en).to_owned(),
            },
            source: (*source).to_owned(),
        };
        let fresh = match *kind {
            "version" => self.version.replace((*key).to_owned()).is_none(),
            "year" => self.years.insert(year(line, key)?),
            "off" => self
                .days
                .insert(date(line, key)?, day(DayKind::Off))
                .is_none(),
            "work" => self
                .days
                .insert(date(line, key)?, day(DayKind::Work))
                .is_none(),
            other => {
                return Err(BadCalendar::Kind {
                    line,
                    kind: other.to_owned(),
                });
            }
        };
        if fresh {
            Ok(())
        } else {
            Err(BadCalendar::Twice {
                line,
                key: (*key).to_owned(),
            })
        }
    }
}

fn date(line: usize, key: &str) -> Result<Date, BadCalendar> {
    let expected = "date as 2026-11-24";
    key.parse().map_err(|_| BadCalendar::Key {
        line,
        key: key.to_owned(),
        expected,
    })
}

fn year(line: usize, key: &str) -> Result<i16, BadCalendar> {
    let bad = || BadCalendar::Key {
        line,
        key: key.to_owned(),
        expected: "year",
    };
    let year = key.parse::<i16>().map_err(|_| bad())?;
    if (1..=9999).contains(&year) {
        Ok(year)
    } else {
        Err(bad())
    }
}

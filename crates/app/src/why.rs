//! "Why this date?" in words: the lines of a derivation, for screens, slips and the command line.

use domain::calendar::Name;
use domain::deadline::{Basis, Derivation, Line, LineKind, Tally, When};
use jiff::civil::Time;

use crate::words::{Language, fill, short_date, short_moment, t, tally};

/// One line of a derivation in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// When, as lists write it: `24/11` or `12/11 09:15`.
    pub when: String,
    /// What happened.
    pub what: String,
    /// How it is counted.
    pub how: String,
    /// Why it counts so.
    pub basis: String,
}

/// The lines of a derivation, the result last.
pub fn why(language: Language, derivation: &Derivation) -> Vec<Why> {
    derivation
        .lines
        .iter()
        .map(|line| worded(language, line))
        .collect()
}

fn worded(language: Language, line: &Line) -> Why {
    let key = line.what.key();
    let values = values(language, &line.what);
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Why {
        when: match line.at {
            When::Day(day) => short_date(day),
            When::Moment(at) => short_moment(at),
        },
        what: fill(language, key, &values),
        how: fill(language, &format!("{key}.how"), &values),
        basis: match &line.basis {
            Basis::Rule(key) => t(language, key).to_owned(),
            Basis::Announcement(words) => words.clone(),
        },
    }
}

fn values(language: Language, line: &LineKind) -> Vec<(&'static str, String)> {
    match line {
        LineKind::MovedToOpening { to, .. } => vec![("to", short_moment(*to))],
        LineKind::DaysOff { until, name } => {
            vec![
                ("until", short_date(*until)),
                ("name", named(language, name)),
            ]
        }
        LineKind::MadeUp { name } => vec![("name", named(language, name))],
        LineKind::Counted {
            until,
            first,
            last,
            of,
        } => vec![
            ("until", short_date(*until)),
            ("first", bare(language, *first)),
            ("last", bare(language, *last)),
            ("of", with_unit(language, *of)),
        ],
        LineKind::CountedMonths { months, to } => {
            vec![("months", months.to_string()), ("to", short_date(*to))]
        }
        LineKind::SameDay { cutoff } | LineKind::AfterCutoff { cutoff } => {
            vec![("cutoff", clock_time(*cutoff))]
        }
        LineKind::PausedLate { due, .. } | LineKind::Waiting { due } => {
            vec![("due", short_moment(*due))]
        }
        LineKind::VoidedDays { counted } | LineKind::Due { counted } => {
            vec![("counted", with_unit(language, *counted))]
        }
        LineKind::Resumed { added } => vec![("added", with_unit(language, *added))],
        LineKind::RolledForward { from } => vec![("from", short_date(*from))],
        LineKind::Received { .. }
        | LineKind::PausedFrom { .. }
        | LineKind::RestartedFrom { .. } => Vec::new(),
    }
}

fn named(language: Language, name: &Name) -> String {
    match language {
        Language::Vi => name.vi.clone(),
        Language::En => name.en.clone(),
    }
}

fn clock_time(at: Time) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A number without its unit: `3`, `2,5`, `4`, `4:30`.
fn bare(language: Language, counted: Tally) -> String {
    match counted {
        Tally::Minutes(minutes) if minutes.is_multiple_of(60) => (minutes / 60).to_string(),
        Tally::Minutes(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        Tally::HalfDays(_) | Tally::Nothing => tally(language, counted),
    }
}

fn with_unit(language: Language, counted: Tally) -> String {
    match counted {
        Tally::HalfDays(_) => fill(
            language,
            "deadline.tally.days",
            &[("n", &tally(language, counted))],
        ),
        Tally::Minutes(minutes) => {
            let (hours, rest) = ((minutes / 60).to_string(), (minutes % 60).to_string());
            let key = match (minutes / 60, minutes % 60) {
                (0, _) => "deadline.tally.minutes",
                (_, 0) => "deadline.tally.hours",
                (_, _) => "deadline.tally.hours-minutes",
            };
            fill(language, key, &[("hours", &hours), ("minutes", &rest)])
        }
        Tally::Nothing => t(language, "deadline.tally.nothing").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Settings;
    use domain::deadline::{Limit, Pause, PauseMode, due};
    use jiff::civil::date;

    #[test]
    fn every_line_is_worded_and_no_place_stays_open() {
        let settings = Settings::default();
        let received = date(2026, 11, 12).at(9, 15, 0, 0);
        let pause = Pause {
            from: date(2026, 11, 16).at(16, 5, 0, 0),
            to: Some(date(2026, 11, 18).at(14, 20, 0, 0)),
            mode: PauseMode::Restart,
        };
        let limits = ["5wd", "2.5wd", "20h", "20d", "1mo", "sameday"];
        for limit in limits.map(|text| text.parse::<Limit>().unwrap()) {
            let found = due(received, limit, &[pause], &settings.clock()).unwrap();
            for language in [Language::Vi, Language::En] {
                for line in why(language, &found.derivation) {
                    let text = format!("{line:?}");
                    assert!(
                        !text.contains("deadline.") && !text.contains(['[', ']']),
                        "{text}"
                    );
                    assert!(
                        !line.what.contains('{') && !line.how.contains('{'),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_holiday_of_november_is_named_with_its_instrument() {
        let settings = Settings::default();
        let received = date(2026, 11, 23).at(9, 0, 0, 0);
        let found = due(received, Limit::working_days(3), &[], &settings.clock()).unwrap();
        let lines = why(Language::Vi, &found.derivation);
        let holiday = lines.iter().find(|line| line.when == "24/11").unwrap();
        assert_eq!(holiday.what, "Ngày Văn hóa Việt Nam");
        assert_eq!(lines.last().unwrap().how, "Hết 3 ngày");
    }
}

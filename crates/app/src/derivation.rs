//! A derivation in words: each line of "why this date?", the same on pages and command line.

use domain::deadline::{Basis, Derivation, Line, LineKind, Tally, When};
use jiff::civil::Time;

use crate::words::{self, Language, fill, t};

/// One line as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When: `12/11, 09:15` or `24/11`.
    pub when: String,
    /// What happened.
    pub what: String,
    /// How it is counted.
    pub how: String,
    /// On what ground.
    pub basis: String,
}

/// The lines of a derivation in words, in order; the last is the result.
pub fn told(language: Language, derivation: &Derivation) -> Vec<Told> {
    derivation
        .lines
        .iter()
        .map(|line| told_line(language, line))
        .collect()
}

fn told_line(language: Language, line: &Line) -> Told {
    let values = values(language, &line.what);
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let key = line.what.key();
    Told {
        when: match line.at {
            When::Day(day) => words::short_date(day),
            When::Moment(at) => format!("{}, {}", words::short_date(at.date()), words::time(at)),
        },
        what: fill(language, key, &values),
        how: fill(language, &format!("{key}.how"), &values),
        basis: match &line.basis {
            Basis::Rule(key) => t(language, key).to_owned(),
            Basis::Announcement(text) => text.clone(),
        },
    }
}

fn values(language: Language, what: &LineKind) -> Vec<(&'static str, String)> {
    let counted = |tally: &Tally| tally_words(language, *tally);
    let named = |name: &domain::calendar::Name| match language {
        Language::Vi => name.vi.clone(),
        Language::En => name.en.clone(),
    };
    match what {
        LineKind::Received { .. }
        | LineKind::PausedFrom { .. }
        | LineKind::RestartedFrom { .. } => Vec::new(),
        LineKind::MovedToOpening { to, .. } => vec![("to", words::short_moment(*to))],
        LineKind::DaysOff { until, name } => {
            vec![("until", words::short_date(*until)), ("name", named(name))]
        }
        LineKind::MadeUp { name } => vec![("name", named(name))],
        LineKind::Counted {
            until,
            first,
            last,
            of,
        } => vec![
            ("until", words::short_date(*until)),
            ("first", bare(language, *first)),
            ("last", last_of(language, *last)),
            ("of", counted(of)),
        ],
        LineKind::CountedMonths { months, to } => {
            vec![
                ("months", months.to_string()),
                ("to", words::short_date(*to)),
            ]
        }
        LineKind::SameDay { cutoff } | LineKind::AfterCutoff { cutoff } => {
            vec![("cutoff", clock(*cutoff))]
        }
        LineKind::PausedLate { due, .. } | LineKind::Waiting { due } => {
            vec![("due", words::short_moment(*due))]
        }
        LineKind::VoidedDays { counted: tally } | LineKind::Due { counted: tally } => {
            vec![("counted", counted(tally))]
        }
        LineKind::Resumed { added } => vec![("added", counted(added))],
        LineKind::RolledForward { from } => vec![("from", words::short_date(*from))],
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A count of days without its unit; a count of hours with it.
fn last_of(language: Language, tally: Tally) -> String {
    match tally {
        Tally::HalfDays(_) => bare(language, tally),
        Tally::Minutes(_) | Tally::Nothing => tally_words(language, tally),
    }
}

fn bare(language: Language, tally: Tally) -> String {
    words::tally(language, tally)
}

fn tally_words(language: Language, tally: Tally) -> String {
    match tally {
        Tally::HalfDays(_) => fill(
            language,
            "deadline.tally.days",
            &[("n", &words::tally(language, tally))],
        ),
        Tally::Minutes(minutes) => {
            let (hours, rest) = ((minutes / 60).to_string(), (minutes % 60).to_string());
            let key = match (minutes / 60, minutes % 60) {
                (_, 0) => "deadline.tally.hours",
                (0, _) => "deadline.tally.minutes",
                _ => "deadline.tally.hours-minutes",
            };
            fill(language, key, &[("hours", &hours), ("minutes", &rest)])
        }
        Tally::Nothing => t(language, "deadline.tally.nothing").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::deadline::due;

    use super::*;
    use crate::facts::Settings;

    #[test]
    fn every_line_is_told_with_its_values_filled_in() {
        let settings = Settings::default();
        let received = jiff::civil::date(2026, 11, 23).at(17, 30, 0, 0);
        for limit in ["1wd", "2.5wd", "12h", "15d", "2mo", "sameday"] {
            let found = due(received, limit.parse().unwrap(), &[], &settings.clock()).unwrap();
            for language in [Language::Vi, Language::En] {
                for line in told(language, &found.derivation) {
                    let text = format!("{} {} {} {}", line.when, line.what, line.how, line.basis);
                    assert!(!text.contains('{') && !text.contains("deadline."), "{text}");
                }
            }
        }
    }
}

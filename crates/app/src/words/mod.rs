//! The message catalogue: every word a person reads, Vietnamese first, English second.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::deadline::{Limit, Tally};
use domain::dossier::Refund;
use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

mod refusal;
mod validity;

pub use refusal::{RefusalWords, refusal};
pub use validity::{term, validity, validness};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The language's code, as in `lang="vi"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language of that code; Vietnamese when unknown.
    pub fn parse(code: &str) -> Self {
        if code == "en" { Self::En } else { Self::Vi }
    }
}

#[derive(Debug, Deserialize)]
struct Entry {
    vi: String,
    en: String,
}

static CATALOGUE: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../messages.toml")).expect("messages.toml is read by a test")
});

/// The words of `key`; the key itself when the catalogue lacks it, which a test forbids.
pub fn t(language: Language, key: &str) -> &str {
    match (CATALOGUE.get(key), language) {
        (Some(entry), Language::Vi) => &entry.vi,
        (Some(entry), Language::En) => &entry.en,
        (None, _) => key,
    }
}

/// The words of `key` with `{name}` replaced by the values given.
pub fn fill(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let mut text = t(language, key).to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// Whether the catalogue has the key.
pub fn has(key: &str) -> bool {
    CATALOGUE.contains_key(key)
}

/// `23/11/2026`.
pub fn date(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// `23/11`.
pub fn short_date(day: Date) -> String {
    format!("{:02}/{:02}", day.day(), day.month())
}

/// `10:42`.
pub fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `23/11 17:00`.
pub fn short_moment(at: DateTime) -> String {
    format!("{} {}", short_date(at.date()), time(at))
}

/// `trả lại 100.000 đ, không hoàn 50.000 đ`.
pub fn refund(language: Language, refund: Refund) -> String {
    let (back, kept) = (refund.back.written(), refund.kept.written());
    let key = match (refund.back.0 > 0, refund.kept.0 > 0) {
        (true, true) => "stop.refund_part",
        (true, false) => "stop.refund",
        (false, _) => "stop.no_refund",
    };
    fill(language, key, &[("back", &back), ("kept", &kept)])
}

/// `Thứ Sáu 27/11/2026`, as a promise is written.
pub fn long_date(language: Language, day: Date) -> String {
    format!("{} {}", t(language, weekday_key(day, "long")), date(day))
}

/// `Thứ Sáu 27/11/2026, 17:00`.
pub fn promise(language: Language, at: DateTime) -> String {
    format!("{}, {}", long_date(language, at.date()), time(at))
}

/// `T6`.
pub fn short_weekday(language: Language, day: Date) -> &'static str {
    t(language, weekday_key(day, "short"))
}

fn weekday_key(day: Date, form: &str) -> &'static str {
    let long = form == "long";
    match day.weekday() {
        Weekday::Monday if long => "weekday.long.1",
        Weekday::Tuesday if long => "weekday.long.2",
        Weekday::Wednesday if long => "weekday.long.3",
        Weekday::Thursday if long => "weekday.long.4",
        Weekday::Friday if long => "weekday.long.5",
        Weekday::Saturday if long => "weekday.long.6",
        Weekday::Sunday if long => "weekday.long.7",
        Weekday::Monday => "weekday.short.1",
        Weekday::Tuesday => "weekday.short.2",
        Weekday::Wednesday => "weekday.short.3",
        Weekday::Thursday => "weekday.short.4",
        Weekday::Friday => "weekday.short.5",
        Weekday::Saturday => "weekday.short.6",
        Weekday::Sunday => "weekday.short.7",
    }
}

/// A number of half days: `2,5` in Vietnamese, `2.5` in English.
fn halves(language: Language, halves: u32) -> String {
    let point = if language == Language::Vi { ',' } else { '.' };
    let half = if halves.is_multiple_of(2) {
        String::new()
    } else {
        format!("{point}5")
    };
    format!("{}{half}", halves / 2)
}

/// A limit in words: `2,5 ngày làm việc`.
pub fn limit(language: Language, limit: Limit) -> String {
    let (key, count) = match limit {
        Limit::Hours(hours) => ("limit.hours", hours.to_string()),
        Limit::WorkingDays(days) => ("limit.working_days", halves(language, days.count())),
        Limit::Days(days) => ("limit.days", days.to_string()),
        Limit::Months(months) => ("limit.months", months.to_string()),
        Limit::SameDay => ("limit.same_day", String::new()),
    };
    fill(language, key, &[("n", &count)])
}

/// What is counted by the end of a day of the strip: `3`, `2,5`, `4 giờ`.
pub fn tally(language: Language, tally: Tally) -> String {
    match tally {
        Tally::HalfDays(count) => halves(language, count),
        Tally::Minutes(minutes) if minutes.is_multiple_of(60) => {
            fill(language, "day.hours", &[("n", &(minutes / 60).to_string())])
        }
        Tally::Minutes(minutes) => {
            let text = format!("{}:{:02}", minutes / 60, minutes % 60);
            fill(language, "day.hours", &[("n", &text)])
        }
        Tally::Nothing => String::new(),
    }
}

/// The foot of the promised day: `3 · trả`, or `trả` when nothing is counted.
pub fn day_due(language: Language, counted: Tally) -> String {
    let due = t(language, "day.due");
    match tally(language, counted) {
        count if count.is_empty() => due.to_owned(),
        count => format!("{count} · {due}"),
    }
}

#[cfg(test)]
mod tests {
    use domain::dossier::Refusal;

    use super::*;

    #[test]
    fn every_message_has_both_languages_and_the_same_places() {
        let places = |text: &str| {
            let mut found: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            found.sort();
            found
        };
        for (key, entry) in CATALOGUE.iter() {
            assert!(
                !entry.vi.is_empty() && !entry.en.is_empty(),
                "{key} lacks a language"
            );
            assert_eq!(
                places(&entry.vi),
                places(&entry.en),
                "{key} has other places in English"
            );
        }
    }

    #[test]
    fn a_refusal_is_worded_with_its_rule() {
        let at = jiff::civil::date(2026, 11, 16).at(16, 5, 0, 0);
        let today = jiff::civil::date(2026, 11, 22);
        let words = refusal(Language::Vi, &Refusal::AlreadyAsked { at }.into(), today);
        assert_eq!(words.title, "Không yêu cầu bổ sung lần hai được");
        assert!(words.why.contains("16/11"));
        assert_eq!(
            (words.rule, words.citation.as_str()),
            ("BS-01", "NĐ 118/2025/NĐ-CP, Điều 17")
        );
    }

    #[test]
    fn a_promise_is_written_with_its_weekday() {
        let at = jiff::civil::date(2026, 11, 27).at(17, 0, 0, 0);
        assert_eq!(promise(Language::Vi, at), "Thứ Sáu 27/11/2026, 17:00");
        assert_eq!(promise(Language::En, at), "Friday 27/11/2026, 17:00");
        assert_eq!(short_weekday(Language::Vi, at.date()), "T6");
    }
}

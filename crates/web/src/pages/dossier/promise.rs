//! A promised date as pages draw it: the date, the strip of days, and the lines that explain it.

use app::derivation::{Told, told};
use app::words::{self, Language, t};
use domain::deadline::{DayCell, Deadline, DeadlineState, Role};
use jiff::civil::Date;

/// Cells that fit beside a form, and across the page of a dossier.
pub(crate) const NARROW: usize = 7;
pub(crate) const WIDE: usize = 21;

/// A promise with its explanation.
#[derive(Debug, Clone)]
pub(crate) struct Promise {
    /// `Thứ Sáu 27/11/2026`.
    pub(crate) date: String,
    /// `17:00`.
    pub(crate) time: String,
    /// `3 ngày làm việc`.
    pub(crate) limit: String,
    /// Whether the clock stands still, so that the date is what it would be.
    pub(crate) paused: bool,
    /// The strip, folded to fit.
    pub(crate) days: Vec<Day>,
    /// Why.
    pub(crate) lines: Vec<Told>,
}

/// A cell of the strip.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    /// Classes of the cell.
    pub(crate) class: &'static str,
    /// Weekday, or "today".
    pub(crate) head: String,
    /// Day of the month, or how many days are folded.
    pub(crate) number: String,
    /// What the day is to the count.
    pub(crate) foot: String,
    /// What a screen reader says instead of a folded cell's figures.
    pub(crate) spoken: String,
}

impl Promise {
    /// Words a deadline; the strip gets at most `most` cells.
    pub(crate) fn of(language: Language, deadline: &Deadline, today: Date, most: usize) -> Self {
        Self {
            date: words::long_date(language, deadline.due.date()),
            time: words::time(deadline.due),
            limit: words::limit(language, deadline.derivation.limit),
            paused: deadline.state != DeadlineState::Running,
            days: strip(language, deadline.derivation.strip(), today, most),
            lines: told(language, &deadline.derivation),
        }
    }
}

/// The strip: whole when it fits, otherwise with its middle folded into one cell.
fn strip(language: Language, cells: &[DayCell], today: Date, most: usize) -> Vec<Day> {
    let draw = |(index, cell): (usize, &DayCell)| day(language, cell, (index, today));
    if cells.len() <= most {
        return cells.iter().enumerate().map(draw).collect();
    }
    let head = (most - 1) / 2;
    let tail = cells.len() - (most - 1 - head);
    let middle = cells.get(head..tail).unwrap_or_default();
    let mut days: Vec<Day> = cells.iter().enumerate().take(head).map(draw).collect();
    days.push(folded(language, middle));
    days.extend(cells.iter().enumerate().skip(tail).map(draw));
    days
}

fn folded(language: Language, middle: &[DayCell]) -> Day {
    let counted = middle
        .iter()
        .filter(|cell| matches!(cell.role, Role::Counted(_)))
        .count();
    let (key, number) = if counted == 0 {
        ("strip.folded", middle.len())
    } else {
        ("strip.folded_counted", counted)
    };
    let number = number.to_string();
    Day {
        class: if counted == 0 {
            "day day-pause"
        } else {
            "day day-count"
        },
        head: "···".to_owned(),
        foot: t(language, "strip.days").to_owned(),
        spoken: words::fill(language, key, &[("n", &number)]),
        number,
    }
}

fn day(language: Language, cell: &DayCell, (index, today): (usize, Date)) -> Day {
    let is_today = cell.date == today && !matches!(cell.role, Role::Start | Role::Due(_));
    let head = if is_today {
        t(language, "day.today")
    } else {
        words::short_weekday(language, cell.date)
    };
    Day {
        class: class(&cell.role, is_today),
        head: head.to_owned(),
        number: cell.date.day().to_string(),
        foot: foot(language, &cell.role, index),
        spoken: String::new(),
    }
}

fn class(role: &Role, today: bool) -> &'static str {
    match (role, today) {
        (Role::Start, _) => "day day-start",
        (Role::Off(_), false) => "day day-off",
        (Role::Off(_), true) => "day day-off day-today",
        (Role::Counted(_), false) => "day day-count",
        (Role::Counted(_), true) => "day day-count day-today",
        (Role::Void(_), false) => "day day-void",
        (Role::Void(_), true) => "day day-void day-today",
        (Role::Paused, false) => "day day-pause",
        (Role::Paused, true) => "day day-pause day-today",
        (Role::Due(_), _) => "day day-due",
        (Role::Plain, false) => "day",
        (Role::Plain, true) => "day day-today",
    }
}

fn foot(language: Language, role: &Role, index: usize) -> String {
    match role {
        Role::Start if index == 0 => t(language, "day.start").to_owned(),
        Role::Start => t(language, "strip.complete").to_owned(),
        Role::Off(Some(_)) => t(language, "day.holiday").to_owned(),
        Role::Off(None) => t(language, "day.off").to_owned(),
        Role::Counted(tally) | Role::Void(tally) => words::tally(language, *tally),
        Role::Paused => t(language, "day.paused").to_owned(),
        Role::Due(tally) => words::day_due(language, *tally),
        Role::Plain => String::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use app::facts::Settings;
    use domain::deadline::{Limit, due};
    use jiff::civil::{DateTime, date};

    /// A promise counted over the holiday of November 2026.
    pub(crate) fn promise(received: DateTime, limit: &str, most: usize) -> Promise {
        let limit: Limit = limit.parse().unwrap();
        let found = due(received, limit, &[], &Settings::default().clock()).unwrap();
        Promise::of(Language::Vi, &found, received.date(), most)
    }

    #[test]
    fn the_strip_shows_each_day_and_the_promise_at_its_end() {
        let drawn = promise(date(2026, 11, 23).at(9, 0, 0, 0), "3wd", NARROW);
        let feet: Vec<&str> = drawn.days.iter().map(|day| day.foot.as_str()).collect();
        assert_eq!(feet, ["nhận", "nghỉ lễ", "1", "2", "3 · trả"]);
        assert_eq!(drawn.date, "Thứ Sáu 27/11/2026");
    }

    #[test]
    fn a_long_strip_folds_its_middle_and_says_how_much() {
        let drawn = promise(date(2026, 11, 23).at(9, 0, 0, 0), "30wd", NARROW);
        assert_eq!(drawn.days.len(), NARROW);
        assert_eq!(drawn.days[3].head, "···");
        assert!(drawn.days[3].spoken.contains("ngày được đếm"));
        assert!(drawn.days[6].class.contains("day-due"));
    }
}

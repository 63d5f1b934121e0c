//! A deadline as pages show it: the mark, the strip of days, the lines of "why this date?".

use std::sync::Arc;

use app::App;
use app::facts::Settings;
use app::words;
use domain::deadline::{DayCell, Role, Urgency, UrgencyBounds, urgency_bounds};
use jiff::civil::{Date, DateTime};

use crate::words::Words;

/// The mark of a due time: a class for its shape, words for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// `due-late` and so on.
    pub(crate) class: String,
    /// `Quá 2 ngày`.
    pub(crate) words: String,
}

impl Mark {
    fn new(urgency: Urgency, words: String) -> Self {
        Self {
            class: format!("due-{}", urgency.key()),
            words,
        }
    }
}

/// Marks due times of one page, all seen at one moment.
pub(crate) struct Marker {
    w: Words,
    settings: Arc<Settings>,
    now: DateTime,
    bounds: Option<UrgencyBounds>,
}

impl Marker {
    /// Marks as seen at `now`.
    pub(crate) fn new(app: &App, w: Words, now: DateTime) -> Self {
        let settings = app.settings();
        let bounds = urgency_bounds(now, &settings.calendar).ok();
        Self {
            w,
            settings,
            now,
            bounds,
        }
    }

    /// A clock that stands still.
    pub(crate) fn paused(&self) -> Mark {
        Mark::new(Urgency::Paused, self.w.of("urgency", "paused"))
    }

    /// Settled; nothing is due any more.
    pub(crate) fn done(&self) -> Mark {
        Mark::new(Urgency::Done, self.w.of("urgency", "done"))
    }

    /// A running clock; without a published limit nothing is due.
    pub(crate) fn running(&self, due: Option<DateTime>) -> Mark {
        let Some(due) = due else {
            return Mark::new(Urgency::Far, self.w.t("web.due.no_limit").to_owned());
        };
        let urgency = self
            .bounds
            .map_or(Urgency::Far, |bounds| bounds.classify(due));
        Mark::new(urgency, self.left(urgency, due))
    }

    fn left(&self, urgency: Urgency, due: DateTime) -> String {
        let (from, until) = match urgency {
            Urgency::Late => (due.date(), self.now.date()),
            _ => (self.now.date(), due.date()),
        };
        let days = self
            .settings
            .calendar
            .working_days_between(from, until)
            .unwrap_or(0);
        match urgency {
            Urgency::Late if days == 0 => self.w.t("web.due.late_today").to_owned(),
            urgency => self
                .w
                .fill(&format!("urgency.{}", urgency.key()), "n", days),
        }
    }
}

/// A cell of the strip of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayView {
    /// Its classes.
    pub(crate) class: String,
    /// `T2`, or `nay` today.
    pub(crate) top: String,
    /// Day of the month; `…` for a fold.
    pub(crate) number: String,
    /// What the day is to the count.
    pub(crate) foot: String,
}

/// Cells that a strip may have before its middle is folded: three weeks.
const MOST_CELLS: usize = 21;
/// Cells that stay at each end of a folded strip.
const KEPT: usize = 7;

/// The strip of days. A long one is folded in the middle, never shrunk.
pub(crate) fn strip(w: Words, cells: &[DayCell], today: Date) -> Vec<DayView> {
    if cells.len() <= MOST_CELLS {
        return cells.iter().map(|cell| day(w, cell, today)).collect();
    }
    let until = cells.len().saturating_sub(KEPT);
    let (head, tail) = (cells.get(..KEPT), cells.get(until..));
    let folded = cells.get(KEPT..until).unwrap_or_default();
    let counted = folded
        .iter()
        .filter(|cell| matches!(cell.role, Role::Counted(_)))
        .count();
    let fold = DayView {
        class: "day day-fold".to_owned(),
        top: w.t("web.days.and").to_owned(),
        number: "…".to_owned(),
        foot: w.fill("web.days.folded", "n", counted),
    };
    let view = |cell| day(w, cell, today);
    let mut days: Vec<DayView> = head.unwrap_or_default().iter().map(view).collect();
    days.push(fold);
    days.extend(tail.unwrap_or_default().iter().map(view));
    days
}

fn day(w: Words, cell: &DayCell, today: Date) -> DayView {
    let is_today = cell.date == today;
    let (class, foot) = match &cell.role {
        Role::Start => ("day-start", w.t("day.start").to_owned()),
        Role::Off(None) => ("day-off", w.t("day.off").to_owned()),
        Role::Off(Some(_)) => ("day-off", w.t("day.holiday").to_owned()),
        Role::Counted(tally) => ("day-count", words::tally(w.0, *tally)),
        Role::Void(tally) => ("day-void", words::tally(w.0, *tally)),
        Role::Paused => ("day-pause", w.t("day.paused").to_owned()),
        Role::Due(tally) => ("day-due", words::day_due(w.0, *tally)),
        Role::Plain => ("", String::new()),
    };
    let weekday = words::short_weekday(w.0, cell.date).to_owned();
    DayView {
        class: format!("day {class}{}", if is_today { " day-today" } else { "" }),
        top: if is_today {
            w.t("day.today").to_owned()
        } else {
            weekday
        },
        number: cell.date.day().to_string(),
        foot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::words::Language;
    use domain::deadline::{Limit, due};
    use jiff::civil::date;

    fn cells(limit: Limit) -> Vec<DayCell> {
        let received = date(2026, 11, 23).at(9, 0, 0, 0);
        let found = due(received, limit, &[], &Settings::default().clock()).unwrap();
        found.derivation.strip().to_vec()
    }

    #[test]
    fn a_strip_names_today_the_holiday_and_the_promise() {
        let today = date(2026, 11, 23);
        let days = strip(Words(Language::Vi), &cells(Limit::working_days(3)), today);
        let seen: Vec<(&str, &str)> = days
            .iter()
            .map(|day| (day.top.as_str(), day.foot.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("nay", "nhận"),
                ("T3", "nghỉ lễ"),
                ("T4", "1"),
                ("T5", "2"),
                ("T6", "3 · trả")
            ]
        );
        assert_eq!(days[1].class, "day day-off");
    }

    #[test]
    fn a_long_strip_is_folded_and_says_how_much() {
        let days = strip(
            Words(Language::Vi),
            &cells(Limit::working_days(30)),
            date(2026, 11, 23),
        );
        assert_eq!(days.len(), KEPT * 2 + 1);
        assert!(
            days[KEPT].foot.contains("ngày làm việc"),
            "{:?}",
            days[KEPT]
        );
    }
}

//! A deadline as lists mark it.

use std::sync::Arc;

use app::App;
use app::facts::Settings;
use domain::deadline::{Urgency, UrgencyBounds, urgency_bounds};
use jiff::civil::DateTime;

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
        Self::with(app.settings(), w, now)
    }

    /// Marks by the calendar that ships with the product.
    #[cfg(test)]
    pub(crate) fn standing(w: Words, now: DateTime) -> Self {
        Self::with(Arc::default(), w, now)
    }

    fn with(settings: Arc<Settings>, w: Words, now: DateTime) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;
    use app::words::Language;
    use jiff::civil::date;

    #[test]
    fn marks_count_working_days_and_say_it_in_words() {
        let now = date(2026, 11, 23).at(10, 0, 0, 0);
        let marker = Marker::with(Arc::default(), Words(Language::Vi), now);
        let said = |day, hour| {
            marker
                .running(Some(date(2026, 11, day).at(hour, 0, 0, 0)))
                .words
        };
        assert_eq!(said(19, 17), "Quá 2 ngày");
        assert_eq!(said(23, 9), "Quá hạn hôm nay");
        assert_eq!(said(23, 17), "Hôm nay");
        // The 24th is a holiday.
        assert_eq!(said(25, 17), "Còn 1 ngày");
        assert_eq!(said(27, 17), "Còn 3 ngày");
        assert_eq!(marker.running(None).class, "due-far");
        assert_eq!(marker.paused().class, "due-paused");
    }
}

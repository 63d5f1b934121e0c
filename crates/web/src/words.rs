//! The message catalogue as templates use it: one value that knows the language.

use app::no::Refused;
use app::words::{self, Language};
use domain::money::Dong;
use jiff::civil::{Date, DateTime};

use crate::assets;
use crate::html::Html;

/// Words in the language of the reader. Every page has one, called `w`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    /// The words of `key`.
    pub(crate) fn t(self, key: &str) -> &str {
        words::t(self.0, key)
    }

    /// The words of `prefix.name`: `state` and `received` give `state.received`.
    pub(crate) fn of(self, prefix: &str, name: &str) -> String {
        words::t(self.0, &format!("{prefix}.{name}")).to_owned()
    }

    /// The words of `key` with its one place `{name}` filled.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "templates hand over texts and counts alike"
    )]
    pub(crate) fn fill(self, key: &str, name: &str, value: impl ToString) -> String {
        words::fill(self.0, key, &[(name, &value.to_string())])
    }

    /// The words of `key` with its places filled.
    pub(crate) fn fills(self, key: &str, values: &[(&str, &str)]) -> String {
        words::fill(self.0, key, values)
    }

    /// The attribute of Vietnamese names on an English page, ` lang="vi"`: procedures, units and
    /// instruments have no other name, and a reader aloud must know.
    pub(crate) fn vi(self) -> Html {
        Html::lang(self.0)
    }

    /// `vi` or `en`.
    pub(crate) fn code(self) -> &'static str {
        self.0.code()
    }

    /// The language that the switch leads to.
    pub(crate) fn other(self) -> &'static str {
        match self.0 {
            Language::Vi => "en",
            Language::En => "vi",
        }
    }

    /// `Thứ Sáu 27/11/2026`.
    pub(crate) fn long_date(self, day: impl Day) -> String {
        words::long_date(self.0, day.day())
    }

    /// `Thứ Sáu 27/11/2026, 17:00`.
    pub(crate) fn promise(self, at: &DateTime) -> String {
        words::promise(self.0, *at)
    }

    /// A refusal in words, as read on `today`.
    pub(crate) fn refusal(self, refused: &Refused, today: Date) -> words::RefusalWords {
        words::refusal(self.0, refused, today)
    }
}

/// What both languages write alike; methods all the same, because templates have `w` at hand.
#[expect(
    clippy::unused_self,
    reason = "templates call everything on the one value they have"
)]
impl Words {
    /// `23/11/2026`.
    pub(crate) fn date(self, day: impl Day) -> String {
        words::date(day.day())
    }

    /// `23/11`.
    pub(crate) fn short_date(self, day: impl Day) -> String {
        words::short_date(day.day())
    }

    /// `10:42`.
    pub(crate) fn time(self, at: &DateTime) -> String {
        words::time(*at)
    }

    /// `23/11 17:00`.
    pub(crate) fn moment(self, at: &DateTime) -> String {
        words::short_moment(*at)
    }

    /// `15.000 đ`.
    pub(crate) fn money(self, amount: Dong) -> String {
        amount.written()
    }

    /// A drawing, always beside a word.
    pub(crate) fn icon(self, name: &str) -> Html {
        Html::icon(name)
    }

    /// A dossier's number, its last digits strong.
    pub(crate) fn number(self, code: &str) -> Html {
        Html::code(code)
    }

    /// The address of an asset.
    pub(crate) fn asset(self, name: &str) -> &'static str {
        assets::address(name)
    }
}

/// A day, or the day of a moment, by value or reference: what templates have at hand.
pub(crate) trait Day {
    /// The day.
    fn day(&self) -> Date;
}

impl Day for Date {
    fn day(&self) -> Date {
        *self
    }
}

impl Day for DateTime {
    fn day(&self) -> Date {
        self.date()
    }
}

impl<T: Day> Day for &T {
    fn day(&self) -> Date {
        (*self).day()
    }
}

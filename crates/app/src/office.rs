//! What a province decides for itself: opening hours, the parameters of rules, and when staff are
//! told what is late, each from a day on.
//!
//! A value begins on a day still to come and is never changed once that day is here: whatever was
//! promised on a day stays explained by the hours that held on it.

mod digests;
mod succession;
pub(crate) mod units;

use std::fmt;

use domain::deadline::OpeningHours;
use domain::parameters::BadParameter;
use jiff::civil::{Date, DateTime, Time};
use store::{AuditLine, Setting, Store};

use crate::facts::{RULE, Settings};
use crate::no::No;

pub(crate) use digests::DIGESTS;
pub use digests::{BadDigestHours, DigestHours};
pub use succession::{Ended, Ending, NotEnded, end_unit};

/// Key of the opening hours.
pub(crate) const HOURS: &str = "office.hours";

/// A value that a province sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    /// When its counters are open.
    Hours(OpeningHours),
    /// A parameter of a rule by its key's name, and its value as written: `3wd`, `70%`, `15:30`.
    Parameter(String, String),
    /// When staff are told what is late.
    Digests(DigestHours),
}

impl NewValue {
    /// The setting's key, which the audit log names.
    pub fn key(&self) -> String {
        match self {
            Self::Hours(_) => HOURS.to_owned(),
            Self::Parameter(key, _) => format!("{RULE}{key}"),
            Self::Digests(_) => DIGESTS.to_owned(),
        }
    }

    fn written(&self) -> Result<serde_json::Value, serde_json::Error> {
        match self {
            Self::Hours(hours) => serde_json::to_value(hours),
            Self::Parameter(_, value) => serde_json::to_value(value),
            Self::Digests(hours) => serde_json::to_value(hours),
        }
    }
}

impl fmt::Display for NewValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(hours) => write!(f, "{hours}"),
            Self::Parameter(_, value) => f.write_str(value),
            Self::Digests(hours) => write!(f, "{hours}"),
        }
    }
}

/// Why a value was not set.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// It would begin on a day that is here or past.
    #[error(
        "the first day must come after today, {0}: what was promised until then stays as it was"
    )]
    NotToCome(Date),
    /// It names no instrument.
    #[error("name the decision it rests on")]
    NoBasis,
    /// No parameter has that name, or the value is none of its unit.
    #[error(transparent)]
    Parameter(#[from] BadParameter),
    /// The cut-off would lie outside the opening hours.
    #[error("on {day} the counters are open {hours}, and the cut-off {cutoff} is not within")]
    CutoffOutside {
        /// The first such day.
        day: Date,
        /// The hours that hold then.
        hours: OpeningHours,
        /// The cut-off that holds then.
        cutoff: Time,
    },
    /// The machine is broken.
    #[error(transparent)]
    Broken(#[from] No),
}

/// Sets a value from `from` on, on the ground of `basis`. One that was set for the same day and
/// has not begun yet is replaced. The audit line names `by`.
///
/// # Errors
/// [`NotSet`]; nothing is written then.
pub async fn set(
    store: &Store,
    (value, from): (NewValue, Date),
    basis: &str,
    now: DateTime,
    by: &str,
) -> Result<(), NotSet> {
    let today = now.date();
    if from <= today {
        return Err(NotSet::NotToCome(today));
    }
    let basis = basis.trim();
    if basis.is_empty() {
        return Err(NotSet::NoBasis);
    }
    let settings = Settings::read(store, today).await?;
    if let Some((day, hours, cutoff)) = settings.with(&value, from)?.cutoff_outside(from) {
        return Err(NotSet::CutoffOutside { day, hours, cutoff });
    }
    let line = AuditLine {
        actor: by.to_owned(),
        action: "setting.saved".to_owned(),
        subject: value.key(),
        purpose: basis.to_owned(),
        detail: format!("{value} from {from}"),
    };
    let setting = Setting {
        key: value.key(),
        value: value
            .written()
            .map_err(|fault| No::Broken(Box::new(fault)))?,
        basis: basis.to_owned(),
        valid_from: from,
        updated_at: now,
    };
    let saved = store.save_setting(setting, line).await;
    Ok(saved.map_err(No::from)?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::people::testing::{audited, empty};

    fn cutoff(text: &str) -> NewValue {
        NewValue::Parameter("same_day.cutoff".to_owned(), text.to_owned())
    }

    fn hours(text: &str) -> NewValue {
        NewValue::Hours(text.parse().unwrap())
    }

    #[tokio::test]
    async fn new_hours_hold_from_their_day_and_explain_nothing_before() {
        let (app, clock) = empty().await;
        let from = date(2026, 12, 1);
        let now = app.clock().now();
        let set = set(app.store(), (hours("08:00-16:00"), from), "QĐ 7", now, "op");
        set.await.unwrap();
        app.reload().await.unwrap();
        let open = |app: &crate::App| app.settings().clock().hours.to_string();
        assert_eq!(open(&app), "07:00-11:30,13:30-17:00");
        clock.set(from.at(8, 0, 0, 0));
        assert_eq!(open(&app), "08:00-16:00");
        let settings = app.settings();
        let before = settings.clock_of(settings.calendar.version(), date(2026, 11, 30));
        assert_eq!(before.hours.to_string(), "07:00-11:30,13:30-17:00");
        assert_eq!(audited(&app, HOURS).await, ["setting.saved"]);
    }

    #[tokio::test]
    async fn hours_of_digests_hold_from_their_day() {
        let (app, clock) = empty().await;
        let from = date(2026, 12, 1);
        let now = app.clock().now();
        let hours = NewValue::Digests("08:00,10:30,15:00".parse().unwrap());
        set(app.store(), (hours, from), "QĐ 7", now, "op")
            .await
            .unwrap();
        app.reload().await.unwrap();
        let told = |app: &crate::App| app.settings().digests().to_string();
        assert_eq!(told(&app), "07:30,13:30");
        clock.set(from.at(11, 0, 0, 0));
        assert_eq!(told(&app), "08:00,10:30,15:00");
        let last = app.settings().digests().last_before(app.clock().now());
        assert_eq!(last, Some(from.at(10, 30, 0, 0)));
        for bad in ["", "7h30", "13:30,07:30", "08:00,08:00"] {
            assert_eq!(bad.parse::<DigestHours>(), Err(BadDigestHours), "{bad}");
        }
    }

    #[tokio::test]
    async fn what_has_begun_or_has_no_basis_is_not_set() {
        let (app, _) = empty().await;
        let now = app.clock().now();
        let try_set = async |value: NewValue, from: Date, basis: &str| {
            set(app.store(), (value, from), basis, now, "op").await
        };
        let today = try_set(hours("08:00-16:00"), now.date(), "QĐ 7").await;
        assert!(matches!(today, Err(NotSet::NotToCome(_))), "{today:?}");
        let later = date(2026, 12, 1);
        let bare = try_set(hours("08:00-16:00"), later, " ").await;
        assert!(matches!(bare, Err(NotSet::NoBasis)), "{bare:?}");
        let early = try_set(hours("07:00-11:30"), later, "QĐ 7").await;
        assert!(
            matches!(early, Err(NotSet::CutoffOutside { .. })),
            "{early:?}"
        );
        for (key, value) in [("same_day.cutoff", "soon"), ("tea.time", "15:00")] {
            let value = NewValue::Parameter(key.to_owned(), value.to_owned());
            let unknown = try_set(value, later, "QĐ 7").await;
            assert!(matches!(unknown, Err(NotSet::Parameter(_))), "{unknown:?}");
        }
        assert!(app.store().settings().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn the_clock_counts_by_the_cutoff_among_the_parameters() {
        let (app, clock) = empty().await;
        let (now, from) = (app.clock().now(), date(2026, 12, 1));
        let set = set(app.store(), (cutoff("16:00"), from), "QĐ 7", now, "op");
        set.await.unwrap();
        app.reload().await.unwrap();
        let holds = |app: &crate::App| app.settings().clock().same_day_cutoff.to_string();
        assert_eq!(holds(&app), "15:00:00");
        clock.set(from.at(8, 0, 0, 0));
        assert_eq!(holds(&app), "16:00:00");
        let audited = audited(&app, "rule.same_day.cutoff").await;
        assert_eq!(audited, ["setting.saved"]);
    }

    #[tokio::test]
    async fn a_later_cutoff_is_checked_against_hours_that_would_hold_then() {
        let (app, _) = empty().await;
        let now = app.clock().now();
        let later = (cutoff("16:30"), date(2026, 12, 10));
        set(app.store(), later, "QĐ 8", now, "op").await.unwrap();
        let short = (hours("07:00-16:00"), date(2026, 12, 1));
        let refused = set(app.store(), short, "QĐ 9", now, "op").await;
        let Err(NotSet::CutoffOutside { day, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(day, date(2026, 12, 10));
    }
}

//! What a province decides for itself: opening hours and the same-day cut-off, each from a day on.
//!
//! A value begins on a day still to come and is never changed once that day is here: whatever was
//! promised on a day stays explained by the hours that held on it.

use std::fmt;

use domain::deadline::OpeningHours;
use jiff::civil::{Date, DateTime, Time};
use store::{AuditLine, Setting, Store};

use crate::facts::Settings;
use crate::no::No;

/// Key of the opening hours.
pub(crate) const HOURS: &str = "office.hours";
/// Key of the time from which on a same-day result is due the next working day.
pub(crate) const CUTOFF: &str = "office.same_day_cutoff";

/// A value that a province sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeTime {
    /// When its counters are open.
    Hours(OpeningHours),
    /// From when on a same-day result is due the next working day.
    SameDayCutoff(Time),
}

impl OfficeTime {
    /// The setting's key, which the audit log names.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Hours(_) => HOURS,
            Self::SameDayCutoff(_) => CUTOFF,
        }
    }
}

impl fmt::Display for OfficeTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(hours) => write!(f, "{hours}"),
            Self::SameDayCutoff(time) => write!(f, "{}", time.strftime("%H:%M")),
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
    (value, from): (OfficeTime, Date),
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
    if let Some((day, hours, cutoff)) = settings.with(&value, from).cutoff_outside(from) {
        return Err(NotSet::CutoffOutside { day, hours, cutoff });
    }
    let written = match &value {
        OfficeTime::Hours(hours) => serde_json::to_value(hours),
        OfficeTime::SameDayCutoff(time) => serde_json::to_value(time),
    };
    let line = AuditLine {
        actor: by.to_owned(),
        action: "setting.saved".to_owned(),
        subject: value.key().to_owned(),
        purpose: basis.to_owned(),
        detail: format!("{value} from {from}"),
    };
    let setting = Setting {
        key: value.key().to_owned(),
        value: written.map_err(|fault| No::Broken(Box::new(fault)))?,
        basis: basis.to_owned(),
        valid_from: from,
        updated_at: now,
    };
    let saved = store.save_setting(setting, line).await;
    Ok(saved.map_err(No::from)?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::people::testing::{audited, empty};

    fn hours(text: &str) -> OfficeTime {
        OfficeTime::Hours(text.parse().unwrap())
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
    async fn what_has_begun_or_has_no_basis_is_not_set() {
        let (app, _) = empty().await;
        let now = app.clock().now();
        let try_set = async |value: OfficeTime, from: Date, basis: &str| {
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
        assert!(app.store().settings().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_later_cutoff_is_checked_against_hours_that_would_hold_then() {
        let (app, _) = empty().await;
        let now = app.clock().now();
        let cutoff = OfficeTime::SameDayCutoff(time(16, 30, 0, 0));
        let later = (cutoff, date(2026, 12, 10));
        set(app.store(), later, "QĐ 8", now, "op").await.unwrap();
        let short = (hours("07:00-16:00"), date(2026, 12, 1));
        let refused = set(app.store(), short, "QĐ 9", now, "op").await;
        let Err(NotSet::CutoffOutside { day, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(day, date(2026, 12, 10));
    }
}

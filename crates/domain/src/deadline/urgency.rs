use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Uncovered, tomorrow};

/// How a deadline stands, as work lists mark it.
///
/// [`urgency`] tells the four that depend on the time. `Paused` and `Done` follow from the dossier
/// itself and go before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Two working days or more are left.
    Far,
    /// Due the next working day, or on a day off before it; the apology is prepared now.
    Soon,
    /// Due later today.
    Today,
    /// The due time has passed.
    Late,
    /// The clock stands still.
    Paused,
    /// Settled; nothing is due any more.
    Done,
}

/// The moments that divide due times into late, today, soon and far; each bound is exclusive
/// above, so that a list is a range: late is `due < late_before`, today `late_before <= due <
/// today_until`, soon `today_until <= due < soon_until`, far the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrgencyBounds {
    /// Now: what was due before it is late.
    pub late_before: DateTime,
    /// The midnight that ends today.
    pub today_until: DateTime,
    /// The midnight that ends the next working day.
    pub soon_until: DateTime,
}

/// How far off `due` is at `now`.
pub fn urgency(due: DateTime, now: DateTime, calendar: &Calendar) -> Result<Urgency, Uncovered> {
    Ok(urgency_bounds(now, calendar)?.classify(due))
}

/// The bounds that classify due times at `now`; asked once a list.
pub fn urgency_bounds(now: DateTime, calendar: &Calendar) -> Result<UrgencyBounds, Uncovered> {
    let midnight = jiff::civil::Time::midnight();
    let next = calendar.next_working_day(now.date())?;
    Ok(UrgencyBounds {
        late_before: now,
        today_until: tomorrow(now.date())?.to_datetime(midnight),
        soon_until: tomorrow(next)?.to_datetime(midnight),
    })
}

impl UrgencyBounds {
    /// Late, today, soon or far.
    pub fn classify(&self, due: DateTime) -> Urgency {
        if due < self.late_before {
            Urgency::Late
        } else if due < self.today_until {
            Urgency::Today
        } else if due < self.soon_until {
            Urgency::Soon
        } else {
            Urgency::Far
        }
    }
}

impl Urgency {
    /// The stable name, also the message key after `urgency.` and the class after `due-`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Far => "far",
            Self::Soon => "soon",
            Self::Today => "today",
            Self::Late => "late",
            Self::Paused => "paused",
            Self::Done => "done",
        }
    }
}

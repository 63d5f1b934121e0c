//! Whether what was signed is issued in time: the same day, at the latest the next working day (NĐ
//! 30/2020/NĐ-CP Điều 18).

use domain::calendar::Calendar;
use domain::dossier::{Dossier, Event, Signature};
use domain::ids::StaffId;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use store::Loaded;

/// How the time for issuing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuing {
    /// When it was signed.
    pub signed: DateTime,
    /// By whom.
    pub by: StaffId,
    /// Until when it is to be issued.
    pub until: DateTime,
    /// Days off between the day of signing and the last day.
    pub off: Vec<Date>,
    /// When number and day were given; none while it waits for them.
    pub issued: Option<DateTime>,
    /// When the agency sealed it; none until then.
    pub sealed: Option<DateTime>,
    /// Whether the last day was over when it was issued, or is over now.
    pub late: bool,
}

impl Issuing {
    /// Of a dossier whose result is signed; none before, and none where no calendar was published.
    pub(super) fn of(loaded: &Loaded, calendar: &Calendar, now: DateTime) -> Option<Self> {
        let signed = signature(loaded)?;
        let until = signed.issue_by?;
        let issued = loaded.dossier.issued();
        let sealed = issued.and_then(|issued| issued.sealed);
        let waits = now.date() > until.date();
        Some(Self {
            signed: signed.at,
            by: signed.by.clone(),
            until,
            off: between(signed.at.date(), until.date(), calendar),
            issued: issued.map(|issued| issued.at),
            sealed,
            late: match (issued, sealed) {
                (Some(issued), Some(_)) => issued.is_late(),
                (Some(issued), None) => waits || issued.is_late(),
                (None, _) => waits,
            },
        })
    }
}

/// The signature under the document that waits to be issued, or that was issued.
fn signature(loaded: &Loaded) -> Option<&Signature> {
    if let Dossier::Processing(_, at) = &loaded.dossier {
        return at.signed.as_ref();
    }
    loaded.dossier.issued()?.issue_by?;
    let mut events = loaded.events.iter().rev();
    events.find_map(|recorded| match &recorded.event {
        Event::ResultSigned(signature) => Some(signature),
        _ => None,
    })
}

fn between(signed: Date, last: Date, calendar: &Calendar) -> Vec<Date> {
    let mut day = signed.saturating_add(1.day());
    let mut off = Vec::new();
    while day < last {
        if calendar.is_working_day(day) == Ok(false) {
            off.push(day);
        }
        day = day.saturating_add(1.day());
    }
    off
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_off_before_the_last_day_are_named() {
        let calendar = Calendar::national();
        let off = |from, to| between(date(2026, 11, from), date(2026, 11, to), &calendar);
        assert_eq!(off(16, 17), []);
        assert_eq!(off(23, 25), [date(2026, 11, 24)]);
        assert_eq!(off(27, 30), [date(2026, 11, 28), date(2026, 11, 29)]);
    }
}

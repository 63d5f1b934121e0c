//! The words and small parts of slips.

use domain::deadline::{DayCell, Limit, PauseMode, Role as DayRole, Tally};
use domain::dossier::{Delivery, Payment, Record};
use domain::money::Dong;
use domain::party::{Party, mask};
use domain::slip::{Contact, FeeTerms, Punctuality, StripCell, StripRole};
use jiff::civil::DateTime;

use crate::words::{self, Language};

const VI: Language = Language::Vi;

pub(super) fn contact(party: &Party) -> Contact {
    Contact {
        name: party.name.clone(),
        address: Some(party.address.clone()).filter(|address| !address.is_empty()),
        phone: party.phone.clone(),
        email: party.email.clone(),
        identity: party.number.as_deref().map(mask),
    }
}

pub(super) fn fee_terms(payment: Payment, fee: Dong) -> FeeTerms {
    match payment {
        Payment::Before => FeeTerms::Before(fee),
        Payment::After => FeeTerms::After(Some(fee)),
        Payment::Free => FeeTerms::Free,
    }
}

pub(super) fn delivery_words(delivery: Delivery, centre: &str) -> String {
    match delivery {
        Delivery::Centre => centre.to_owned(),
        Delivery::Post => words::t(VI, "delivery.post").to_owned(),
        Delivery::Electronic => words::t(VI, "delivery.electronic").to_owned(),
    }
}

pub(super) fn mode_key(mode: PauseMode) -> &'static str {
    match mode {
        PauseMode::Restart => "slip.clock_restart",
        PauseMode::Exclude => "slip.clock_exclude",
    }
}

pub(super) fn punctual(at: DateTime, due: DateTime) -> Punctuality {
    match at.date().cmp(&due.date()) {
        std::cmp::Ordering::Less => Punctuality::Early,
        std::cmp::Ordering::Equal if at <= due => Punctuality::OnTime,
        std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Punctuality::Late,
    }
}

pub(super) fn no_limit() -> String {
    words::t(VI, "limit.none").to_owned()
}

/// The limit of the law, and the shorter one of a green lane beside it.
pub(super) fn limit_of(record: &Record) -> String {
    let legal = record.limit.map_or_else(no_limit, limit_words);
    let lane = record.course.lane.as_ref();
    match lane.filter(|_| record.published_due() != record.due) {
        Some(lane) => {
            let values = [
                ("legal", legal.as_str()),
                ("lane", &limit_words(lane.limit)),
            ];
            words::fill(VI, "slip.limit_hastened", &values)
        }
        None => legal,
    }
}

/// A limit in words: `2,5 ngày làm việc`.
pub(super) fn limit_words(limit: Limit) -> String {
    words::limit(VI, limit)
}

pub(super) fn cell(cell: &DayCell) -> StripCell {
    let (label, role) = match &cell.role {
        DayRole::Start => (words::t(VI, "day.start").to_owned(), StripRole::Start),
        DayRole::Off(name) => {
            let key = if name.is_some() {
                "day.holiday"
            } else {
                "day.off"
            };
            (words::t(VI, key).to_owned(), StripRole::Off)
        }
        DayRole::Counted(tally) => (tally_words(*tally), StripRole::Counted),
        DayRole::Void(tally) => (tally_words(*tally), StripRole::Void),
        DayRole::Paused => (words::t(VI, "day.paused").to_owned(), StripRole::Paused),
        DayRole::Due(tally) => (words::day_due(VI, *tally), StripRole::Due),
        DayRole::Plain => (String::new(), StripRole::Plain),
    };
    StripCell::new(cell.date, label, role)
}

fn tally_words(tally: Tally) -> String {
    words::tally(VI, tally)
}

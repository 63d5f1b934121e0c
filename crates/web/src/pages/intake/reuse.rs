//! Documents of the owner's store on the form: each beside the paper for which it stands in.

use app::access::Desk;
use app::forms::Typed;
use app::held::Held;
use app::intake::{CONSENT, consented, reuse_value};
use domain::ids::UnitId;

use crate::words::Words;

use super::field::at;
use super::view::IntakeView;

/// The applicant's word.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    /// Whether it is given.
    pub(crate) on: bool,
    /// What is wrong with it.
    pub(crate) error: String,
    /// What it is asked for.
    pub(crate) hint: String,
}

/// A document that may be used in place of a paper.
#[derive(Debug, Clone)]
pub(crate) struct Reuse {
    pub(crate) id: String,
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) on: bool,
}

/// What is shown of an offer.
pub(super) struct Offering<'a> {
    pub(super) w: Words,
    pub(super) typed: &'a Typed,
    pub(super) desk: Desk,
    /// Documents by the numbers of the components.
    pub(super) offers: &'a [(u16, Held)],
    pub(super) unit: &'a dyn Fn(&UnitId) -> String,
}

/// Puts the documents beside the papers, and the question above them.
pub(super) fn show(view: &mut IntakeView, offering: &Offering<'_>) {
    let (w, typed) = (offering.w, offering.typed);
    let Some(chosen) = &mut view.chosen else {
        return;
    };
    for row in &mut chosen.components {
        let own = offering.offers.iter().filter(|(n, _)| *n == row.number);
        let reuse = own.enumerate().map(|(place, (number, one))| {
            let value = reuse_value(&one.dossier);
            Reuse {
                id: format!("c{number}-kho{place}"),
                on: typed.get(&format!("c{number}")) == value,
                label: label(w, one, offering.unit),
                value,
            }
        });
        row.reuse = reuse.collect();
    }
    let on = consented(typed);
    let none = offering.offers.is_empty();
    if none && !on && offering.desk == Desk::Counter {
        return;
    }
    let hint = match (none, on) {
        (false, _) => "intake.reuse_hint",
        (true, true) => "intake.reuse_none",
        (true, false) => "intake.reuse_ask",
    };
    view.consent = Some(Consent {
        on,
        error: at(&view.faults, CONSENT),
        hint: w.t(hint).to_owned(),
    });
}

fn label(w: Words, one: &Held, unit: &dyn Fn(&UnitId) -> String) -> String {
    let (day, agency) = (w.date(one.issued.date()), unit(&one.agency));
    w.fills(
        "intake.reuse",
        &[
            ("name", one.name()),
            ("number", &one.number),
            ("day", &day),
            ("unit", &agency),
        ],
    )
}

//! Documents of the owner's store on the form: each beside the paper for which it stands in, once the
//! applicant agreed; what is valid no more is shown and not offered.

use app::forms::Typed;
use app::held::Held;
use app::intake::{CONSENT, Offered, REUSE_NUMBER, consented, reuse_value};
use app::words::validness;
use domain::ids::UnitId;

use crate::error::fault_lines;
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
    /// The number of a document that is looked for, where there are more than are listed.
    pub(crate) number: Option<String>,
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
    pub(super) offers: &'a Offered,
    pub(super) unit: &'a dyn Fn(&UnitId) -> String,
}

/// Puts the documents beside the papers, and the question above them.
pub(super) fn show(view: &mut IntakeView, offering: &Offering<'_>) {
    let (typed, documents) = (offering.typed, &offering.offers.documents);
    let Some(chosen) = &mut view.chosen else {
        return;
    };
    for row in &mut chosen.components {
        let own = documents.valid.iter().filter(|(n, _)| *n == row.number);
        let reuse = own.enumerate().map(|(place, (number, one))| {
            let value = reuse_value(&one.dossier);
            Reuse {
                id: format!("c{number}-kho{place}"),
                on: typed.get(&format!("c{number}")) == value,
                label: label(offering, "intake.reuse", one),
                value,
            }
        });
        row.reuse = reuse.collect();
        let expired = documents.expired.iter();
        let expired = expired.filter(|(n, _)| *n == row.number);
        let expired = expired.map(|(_, one)| label(offering, "intake.reuse_expired", one));
        row.expired = expired.collect();
    }
    let papers = chosen.components.iter().any(|row| row.held.is_empty());
    if papers && names_an_owner(typed) {
        view.consent = Some(consent(offering, at(&view.faults, CONSENT)));
    }
}

/// The question whether the person agrees, with what came of it.
fn consent(offering: &Offering<'_>, error: String) -> Consent {
    let (w, typed) = (offering.w, offering.typed);
    let documents = &offering.offers.documents;
    let on = consented(typed);
    // That nothing was found is said of a store into which somebody looked.
    let hint = match (documents.valid.is_empty(), offering.offers.looked) {
        (false, _) => "intake.reuse_hint",
        (true, true) => "intake.reuse_none",
        (true, false) => "intake.reuse_ask",
    };
    let refused = offering.offers.refused.as_ref();
    let refused = refused.map(std::slice::from_ref);
    let refused = refused.and_then(|fault| fault_lines(w, fault).pop());
    let refused = refused.map(|line| line.message);
    let number = typed.get(REUSE_NUMBER);
    let many = !documents.more.is_empty() || !number.is_empty();
    Consent {
        on,
        error: refused.unwrap_or(error),
        hint: w.t(hint).to_owned(),
        number: many.then(|| number.to_owned()),
    }
}

/// Whether the form names somebody whose store can be asked.
fn names_an_owner(typed: &Typed) -> bool {
    let own = matches!(typed.get("mandate"), "" | "own");
    let fields = if own {
        ["number", "name"]
    } else {
        ["owner_number", "owner_name"]
    };
    fields
        .iter()
        .all(|field| !typed.get(field).trim().is_empty())
}

fn label(offering: &Offering<'_>, key: &str, one: &Held) -> String {
    let w = offering.w;
    let (day, agency) = (w.date(one.issued.date()), (offering.unit)(&one.agency));
    w.fills(
        key,
        &[
            ("name", one.name()),
            ("number", &one.number),
            ("day", &day),
            ("unit", &agency),
            (
                "validity",
                &validness(w.0, one.validity, offering.offers.today),
            ),
        ],
    )
}

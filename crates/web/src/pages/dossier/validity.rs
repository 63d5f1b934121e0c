//! How long a result is valid: on the form of its draft, and once it is issued.

use app::processing::DossierPage;
use app::words;
use domain::dossier::Outcome;
use domain::procedure::Term;

use crate::pages::intake::field::Fields;
use crate::words::Words;

use super::form::{Part, text};

/// What the form of a draft says and asks of it; nothing where the law of the result says nothing.
pub(super) fn parts(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let Some(rule) = page.procedure.validity() else {
        return Vec::new();
    };
    let w = fields.w;
    if rule.own_day {
        let note = w.fill("act.last_day_note", "basis", &rule.basis);
        return vec![
            text(fields, ("last_day", "act.last_day", "1")),
            Part::Note(note),
        ];
    }
    let term = rule.months.map_or(Term::Unlimited, Term::Months);
    let values = [
        ("term", words::term(w.0, term)),
        ("basis", rule.basis.clone()),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    vec![Part::Note(w.fills("act.validity_note", &values))]
}

/// The last day with which the form begins: the latest that may be; empty where there is none.
pub(super) fn prefilled(page: &DossierPage) -> String {
    let own = page.procedure.validity().filter(|rule| rule.own_day);
    let most = own.and_then(|rule| rule.most(page.now.date()));
    most.map(words::date).unwrap_or_default()
}

/// How long the result is valid: until when or since when not, once it is issued; as its draft says
/// before. Empty for a refusal, and for a draft of which nothing says so.
pub(super) fn said(w: Words, page: &DossierPage) -> String {
    if let Some(issued) = page.dossier.issued() {
        let granted = issued.outcome == Outcome::Granted;
        let said = || words::validness(w.0, issued.validity, page.now.date());
        return granted.then(said).unwrap_or_default();
    }
    let step = page.dossier.at_step();
    let draft = step.and_then(|at| at.draft.as_ref());
    let term = draft.and_then(|draft| draft.validity);
    term.map(|term| words::term(w.0, term)).unwrap_or_default()
}

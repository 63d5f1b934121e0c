//! The forms of a request to supplement: at the counter, drafted, approved, sent, and what came.

use app::intake::{asked, handed_of, wrongs as typed_wrongs};
use app::processing::DossierPage;
use domain::dossier::{Dossier, Handed};
use domain::procedure::Component;

use crate::pages::intake::field::Fields;

use super::beside::basis_part;
use super::course::waiting;
use super::form::{Part, Ticks, numbered, text};

/// What is wrong in a component that is there.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    /// Number of the component.
    pub(crate) number: u16,
    /// Its number and name.
    pub(crate) label: String,
    /// What was typed.
    pub(crate) value: String,
}

/// The draft of a request.
pub(super) fn request(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let mut parts = at_counter(fields, page);
    parts.extend(basis_part(fields, page));
    parts
}

/// A request at the counter, which the clerk sends at once.
pub(super) fn at_counter(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let mut parts: Vec<Part> = ask(fields, page).into_iter().collect();
    parts.extend(wrongs(fields, page));
    parts.push(text(fields, ("reason", "act.ask_reason", "4")));
    parts
}

/// What another drafted, to be read and approved as it is.
pub(super) fn approval(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    vec![
        Part::Note(fields.w.t("act.approve_supplement").to_owned()),
        Part::Compare(waiting(fields.w, page)),
    ]
}

/// What another drafted and the leader approved, to be read and sent as it is.
pub(super) fn review(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    vec![
        Part::Note(fields.w.t("act.send_supplement").to_owned()),
        Part::Compare(waiting(fields.w, page)),
    ]
}

/// Components that may be asked for: all that are not there and that no database holds; what must be
/// there is ticked. Of what is there only what is wrong is asked for.
fn ask(fields: &Fields<'_>, page: &DossierPage) -> Option<Part> {
    let typed = asked(fields.typed);
    let filed = &page.record().filed;
    let components = page.components().into_iter();
    let may = components.filter(|(component, _)| {
        let held = filed.held(component).is_some();
        !held && !filed.has(component)
    });
    let choice = |(component, _): (&Component, Option<_>)| {
        let on = typed.is_empty() && component.mandatory;
        numbered(component, on || typed.contains(&component.number))
    };
    let choices: Vec<_> = may.map(choice).collect();
    (!choices.is_empty()).then(|| {
        Part::Ticks(Ticks {
            legend: fields.w.t("act.ask_for").to_owned(),
            name: "ask",
            own_names: false,
            choices,
        })
    })
}

/// Components that are there, each with room for what is wrong.
fn wrongs(fields: &Fields<'_>, page: &DossierPage) -> Option<Part> {
    let typed = typed_wrongs(fields.typed);
    let filed = &page.record().filed;
    let there = page.components().into_iter().filter_map(|(component, _)| {
        let number = component.number;
        let asked = filed.has(component) && filed.held(component).is_none();
        let value = typed.iter().find(|(at, _)| *at == number);
        asked.then(|| Wrong {
            number,
            label: format!("{number}. {}", component.name),
            value: value.map(|(_, words)| words.clone()).unwrap_or_default(),
        })
    });
    let there: Vec<Wrong> = there.collect();
    (!there.is_empty()).then_some(Part::Wrong(there))
}

/// What was asked for, to be ticked as it comes.
pub(super) fn supply(fields: &Fields<'_>, page: &DossierPage) -> Part {
    let request = match &page.dossier {
        Dossier::Incomplete(_, request) | Dossier::Paused(_, _, request) => Some(request),
        _ => None,
    };
    let wanted = request
        .map(|request| request.components.clone())
        .unwrap_or_default();
    let ticked: Vec<Handed> = handed_of(fields.typed);
    let components = page
        .components()
        .into_iter()
        .map(|(component, _)| component);
    let asked = components.filter(|component| wanted.contains(&component.number));
    let is_ticked = |number| ticked.iter().any(|handed| handed.component == number);
    Part::Ticks(Ticks {
        legend: fields.w.t("act.supply_legend").to_owned(),
        name: "c",
        own_names: true,
        choices: asked.map(|c| numbered(c, is_ticked(c.number))).collect(),
    })
}

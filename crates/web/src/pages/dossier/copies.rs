//! Forms of copies: on paper from the electronic result, electronic from the result on paper.

use app::no::Fault;
use app::processing::{DossierPage, Order};
use domain::dossier::CommandKind;
use domain::ids::StaffId;

use crate::extract::Posted;
use crate::pages::intake::field::{Choice, Field, Fields};

use super::form::{Part, Ticks, text};
use super::view::Fact;

/// The order that a form gives, or what could not be understood.
pub(super) fn order(command: CommandKind, posted: &Posted) -> Result<Order, Vec<Fault>> {
    let typed = &posted.typed;
    match command {
        CommandKind::CopyResult => Ok(Order::CopyResult {
            // What is no number is no number of copies either.
            copies: typed.get("copies").trim().parse().unwrap_or(0),
            asked: typed.get("asked").to_owned(),
        }),
        CommandKind::DigitiseResult => Ok(Order::DigitiseResult {
            document: posted.file("document").to_vec(),
            compared: typed.get("compared") == "yes",
            decided_by: decider(typed.get("decided_by"))?,
        }),
        _ => Err(vec![Fault::new("command", "fault.command")]),
    }
}

fn decider(typed: &str) -> Result<Option<StaffId>, Vec<Fault>> {
    if typed.is_empty() {
        return Ok(None);
    }
    let unknown = |_| vec![Fault::new("decided_by", "fault.copy_decider")];
    StaffId::parse(typed).map(Some).map_err(unknown)
}

/// How many copies, and for whom.
pub(super) fn on_paper(fields: &Fields<'_>) -> Vec<Part> {
    let copies = fields.text("copies", "act.copies");
    let one = if copies.value.is_empty() {
        "1".to_owned()
    } else {
        copies.value.clone()
    };
    vec![
        Part::Note(fields.w.t("act.copy_note").to_owned()),
        Part::Text(Field {
            class: "1",
            value: one,
            ..copies
        }),
        text(fields, ("asked", "act.copy_asked", "2")),
    ]
}

/// The scan, that it was compared, and who decided.
pub(super) fn from_paper(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let w = fields.w;
    let issued = page.dossier.issued();
    let number = issued.map(|issued| issued.number.clone());
    let day = issued.map(|issued| w.date(issued.at.date()));
    let known = [
        Fact::of(w, "act.digitise_number", number.unwrap_or_default()),
        Fact::of(w, "act.digitise_issued", day.unwrap_or_default()),
    ];
    let compared = Choice {
        value: "yes".to_owned(),
        label: w.t("act.digitise_compared").to_owned(),
        on: fields.typed.get("compared") == "yes",
    };
    let alone = page.deciders.len() == 1;
    let chosen = fields.typed.get("decided_by");
    let deciders = page.deciders.iter().map(|one| Choice {
        value: one.staff.to_string(),
        label: one.name.clone(),
        on: alone || chosen == one.staff.as_str(),
    });
    vec![
        Part::Note(w.t("act.digitise_note").to_owned()),
        Part::Compare(known.into_iter().flatten().collect()),
        Part::Pdf(fields.text("document", "act.digitise_document")),
        Part::Ticks(Ticks {
            legend: w.t("act.digitise_compare").to_owned(),
            name: "compared",
            own_names: false,
            choices: vec![compared],
        }),
        Part::Choose(Ticks {
            legend: w.t("act.digitise_decider").to_owned(),
            name: "decided_by",
            own_names: false,
            choices: deciders.collect(),
        }),
    ]
}

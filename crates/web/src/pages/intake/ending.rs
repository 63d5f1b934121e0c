//! The part of the form that ends an intake without receiving: what is asked for, and why.

use app::forms::Typed;
use app::intake::{ComponentRow, Preview, asked, wrongs};

use crate::pages::dossier::Wrong;
use crate::words::Words;

use super::field::Choice;

/// The open part.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    /// Its name in the form: `bo-sung` or `tu-choi`.
    pub(crate) name: &'static str,
    /// Its title.
    pub(crate) title: String,
    /// The slip that comes of it.
    pub(crate) form: String,
    /// Components that may be asked for.
    pub(crate) asks: Vec<Choice>,
    /// Components that are there, each with room for what is wrong.
    pub(crate) wrongs: Vec<Wrong>,
    /// What stands above the reason.
    pub(crate) reason: String,
    /// The words on its button.
    pub(crate) button: String,
    /// The action that ends the intake.
    pub(crate) action: &'static str,
}

/// The open part, as the form says.
pub(crate) fn ending(w: Words, typed: &Typed, preview: Option<&Preview>) -> Option<Asking> {
    match typed.get("ending") {
        "bo-sung" => Some(Asking {
            name: "bo-sung",
            title: w.t("intake.ask").to_owned(),
            form: w.t("slip.02").to_owned(),
            asks: preview
                .map(|preview| asks(typed, preview))
                .unwrap_or_default(),
            wrongs: preview
                .map(|preview| there(typed, preview))
                .unwrap_or_default(),
            reason: w.t("intake.ask_reason").to_owned(),
            button: w.t("intake.ask_do").to_owned(),
            action: "bo-sung",
        }),
        "tu-choi" => Some(Asking {
            name: "tu-choi",
            title: w.t("command.decline").to_owned(),
            form: w.t("slip.03").to_owned(),
            asks: Vec::new(),
            wrongs: Vec::new(),
            reason: w.t("intake.decline_reason").to_owned(),
            button: w.t("intake.decline_do").to_owned(),
            action: "tu-choi",
        }),
        _ => None,
    }
}

/// Components that are not there and that no database holds. Before anything was ticked, what is
/// missing is.
fn asks(typed: &Typed, preview: &Preview) -> Vec<Choice> {
    let asked = asked(typed);
    let missing = preview.missing();
    let ticked = if asked.is_empty() { &missing } else { &asked };
    let absent = |row: &&ComponentRow| row.held().is_none() && row.ticked.is_empty();
    let may = preview.components.iter().filter(absent);
    let ask = |row: &ComponentRow| Choice {
        value: row.component.number.to_string(),
        label: format!("{}. {}", row.component.number, row.component.name),
        on: ticked.contains(&row.component.number),
    };
    may.map(ask).collect()
}

/// Components that are there: they are asked for again only with what is wrong.
fn there(typed: &Typed, preview: &Preview) -> Vec<Wrong> {
    let typed = wrongs(typed);
    let there = |row: &&ComponentRow| row.held().is_none() && !row.ticked.is_empty();
    let wrong = |row: &ComponentRow| {
        let number = row.component.number;
        let said = typed.iter().find(|(of, _)| *of == number);
        Wrong {
            number,
            label: format!("{number}. {}", row.component.name),
            value: said.map(|(_, words)| words.clone()).unwrap_or_default(),
        }
    };
    preview.components.iter().filter(there).map(wrong).collect()
}

//! The chosen procedure: its cases, its components and their states, its charge.

use app::intake::{ComponentRow, Preview};
use domain::dossier::LookupOutcome;
use domain::procedure::{Case, Channel, Component};

use crate::words::Words;

use super::field::Choice;
use super::reuse::Reuse;

/// The chosen procedure and case.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// Its code.
    pub(crate) code: String,
    /// Who decides.
    pub(crate) decides: String,
    /// What comes of it.
    pub(crate) result: String,
    /// Cases to choose from.
    pub(crate) cases: Vec<Choice>,
    /// The chosen one.
    pub(crate) case: u16,
    /// Its components.
    pub(crate) components: Vec<Row>,
    /// How much is there.
    pub(crate) tally: String,
    /// The charge.
    pub(crate) fee: String,
    /// What the catalogue says beside it.
    pub(crate) notes: Vec<String>,
}

/// A component as a row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) number: u16,
    pub(crate) name: String,
    pub(crate) mandatory: bool,
    pub(crate) must: String,
    /// Which database holds it; empty when the paper is asked for.
    pub(crate) held: String,
    /// What came of the lookup there, to be said when it failed; empty when no database holds it.
    pub(crate) lookups: Vec<State>,
    /// What is said about it.
    pub(crate) lookup_note: String,
    /// Whether a scan of it may be taken.
    pub(crate) scan: bool,
    /// Whether it failed, so that the paper is asked for.
    pub(crate) open: bool,
    pub(crate) options: Vec<State>,
    /// Documents of the owner's store that stand in for it.
    pub(crate) reuse: Vec<Reuse>,
    /// Those that would, and are valid no more.
    pub(crate) expired: Vec<String>,
}

/// A state that a component may be in.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) id: &'static str,
    pub(crate) value: &'static str,
    pub(crate) label: String,
    pub(crate) on: bool,
}

/// What the form shows of a preview.
pub(super) fn chosen(w: Words, preview: &Preview, decides: &str) -> Chosen {
    let procedure = &preview.procedure;
    let missing = preview.missing();
    let asked = preview.components.iter().filter(|row| row.held().is_none());
    let there = asked
        .clone()
        .filter(|row| !row.ticked.is_empty())
        .count()
        .to_string();
    let all = asked.count().to_string();
    let key = if missing.is_empty() {
        "intake.tally_complete"
    } else {
        "intake.tally_missing"
    };
    let missing = missing.len().to_string();
    let values = [
        ("there", there.as_str()),
        ("all", all.as_str()),
        ("missing", missing.as_str()),
    ];
    let channel = procedure.offer(Channel::Direct);
    let notes = channel
        .map(|offer| offer.fees.as_slice())
        .unwrap_or_default();
    Chosen {
        code: procedure.code.to_string(),
        decides: if decides.is_empty() {
            String::new()
        } else {
            w.fill("intake.decides", "unit", decides)
        },
        result: procedure
            .results
            .first()
            .map_or_else(String::new, |result| {
                w.fill("intake.result", "name", &result.name)
            }),
        cases: cases(preview),
        case: preview.case,
        components: preview
            .components
            .iter()
            .map(|row| component(w, row))
            .collect(),
        tally: w.fills(key, &values),
        fee: w.money(preview.fee),
        notes: notes
            .iter()
            .map(|line| line.note.clone())
            .filter(|note| !note.is_empty())
            .collect(),
    }
}

fn cases(preview: &Preview) -> Vec<Choice> {
    let case = |case: &Case| Choice {
        value: case.number.to_string(),
        label: case.name.clone(),
        on: case.number == preview.case,
    };
    preview.procedure.cases.iter().map(case).collect()
}

fn component(w: Words, row: &ComponentRow) -> Row {
    let component = &row.component;
    let empty = if component.mandatory {
        "component.missing"
    } else {
        "component.not_here"
    };
    let states = [
        ("no", "", empty),
        ("paper", "paper", "component.handed_paper"),
        ("seen", "seen", "component.handed_seen"),
    ];
    let states = states.map(|(id, value, key)| State {
        id,
        value,
        label: w.t(key).to_owned(),
        on: row.ticked == value || (id == "paper" && row.ticked == "on"),
    });
    Row {
        number: component.number,
        name: component.name.clone(),
        mandatory: component.mandatory,
        must: must(w, component),
        held: component.held_by.map_or_else(String::new, |database| {
            w.fill(
                "component.held",
                "database",
                w.of("database", database.as_str()),
            )
        }),
        lookups: lookups(w, row),
        lookup_note: row.lookup_note.clone(),
        scan: row.held().is_none() && row.component.is_digitised(),
        open: row.component.held_by.is_some() && row.held().is_none(),
        options: states.into(),
        reuse: Vec::new(),
        expired: Vec::new(),
    }
}

/// What may be said about the lookup of what a database holds.
fn lookups(w: Words, row: &ComponentRow) -> Vec<State> {
    if row.component.held_by.is_none() {
        return Vec::new();
    }
    let said = row.lookup.map_or("", LookupOutcome::as_str);
    let states = [
        ("read", "", "component.lookup_given"),
        ("failed", "failed", "component.lookup_no"),
        ("wrong", "wrong", "component.lookup_wrong"),
    ];
    let state = states.map(|(id, value, key)| State {
        id,
        value,
        label: w.t(key).to_owned(),
        on: said == value,
    });
    state.into()
}

/// What is to be handed in: `1 bản chính`, `1 bản chính, 2 bản sao`, `Xuất trình`.
fn must(w: Words, component: &Component) -> String {
    if component.held_by.is_some() {
        return w.t("component.not_asked").to_owned();
    }
    let originals =
        (component.originals > 0).then(|| w.fill("component.originals", "n", component.originals));
    let copies = (component.copies > 0).then(|| w.fill("component.copies", "n", component.copies));
    match (originals, copies) {
        (Some(originals), Some(copies)) => format!("{originals}, {copies}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => w.t("component.shown").to_owned(),
    }
}

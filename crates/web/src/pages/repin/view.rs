//! The pages of moves as their templates show them.

use app::forms::Typed;
use app::repin::{Batch, Line, Ordered, Outcome, Previewed, Short};
use app::words;
use askama::Template;
use domain::dossier::{NewLimit, Preview};
use domain::ids::{DossierCode, DossierId};
use domain::procedure::Procedure;
use jiff::civil::DateTime;

use crate::error::FaultLine;
use crate::layout::Frame;
use crate::pages::input::Input;
use crate::words::Words;

/// A dossier and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) from: String,
    pub(crate) step: String,
    /// What would change, a line each.
    pub(crate) changes: Vec<String>,
    /// Id of the rule that forbids the move; empty where none does.
    pub(crate) rule: String,
}

#[derive(Template)]
#[template(path = "repin/plan.html")]
pub(crate) struct PlanPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) inputs: Vec<Input>,
    pub(crate) reason: Input,
    /// Fields of the plan, to go with the order.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// Whether a preview was asked for.
    pub(crate) asked: bool,
    pub(crate) to: String,
    /// Name of the procedure; empty while nothing was found.
    pub(crate) name: String,
    pub(crate) more: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) batches: Vec<(String, String)>,
    /// What is wrong with the dossiers chosen; empty where nothing is.
    pub(crate) wrong: String,
    pub(crate) faults: Vec<FaultLine>,
    pub(crate) key: String,
}

const FIELDS: [(&str, &str); 7] = [
    ("procedure", "repin.procedure"),
    ("unit", "repin.unit"),
    ("procedure_version", "repin.procedure_version"),
    ("process_version", "repin.process_version"),
    ("step", "repin.step"),
    ("to_procedure", "repin.to_procedure"),
    ("to_process", "repin.to_process"),
];

impl PlanPage {
    /// The plan with what it would do.
    pub(crate) fn new(
        frame: Frame,
        (typed, faults): (&Typed, Vec<FaultLine>),
        (found, batches): (Option<Previewed>, &[Short]),
        key: String,
    ) -> Self {
        let w = frame.w;
        let input = |(name, label)| Input {
            optional: name != "procedure",
            ..Input::text(name, label).filled(typed, &faults)
        };
        let to = found.as_ref().map(|found| versions(w, found.to));
        let lines = found.iter().flat_map(|found| &found.lines);
        let name = lines.clone().next().map(|line| &line.procedure.name);
        Self {
            inputs: FIELDS.into_iter().map(input).collect(),
            reason: Input::text("reason", "repin.reason").filled(typed, &faults),
            fields: fields(typed),
            asked: found.is_some(),
            to: to.unwrap_or_default(),
            name: name.cloned().unwrap_or_default(),
            more: found.as_ref().is_some_and(|found| found.more),
            rows: lines.map(|line| row(w, line)).collect(),
            batches: batches
                .iter()
                .map(|one| (one.id.clone(), said(w, one)))
                .collect(),
            wrong: wrong(&faults, "dossier"),
            faults,
            key,
            w,
            frame,
        }
    }
}

/// What is said of the part of that name.
fn wrong(faults: &[FaultLine], part: &str) -> String {
    let found = faults.iter().find(|fault| fault.field == part);
    found.map_or_else(String::new, |fault| fault.message.clone())
}

/// `2.000815, lần chuyển lúc 22/11 20:07`.
fn said(w: Words, batch: &Short) -> String {
    let at = w.moment(&batch.at);
    w.fills(
        "repin.batch_of",
        &[("procedure", &batch.procedure), ("at", &at)],
    )
}

/// What was typed of the plan, to go with the order.
fn fields(typed: &Typed) -> Vec<(&'static str, String)> {
    FIELDS
        .into_iter()
        .map(|(name, _)| (name, typed.get(name).to_owned()))
        .collect()
}

/// `thủ tục 2, quy trình 3`.
fn versions(w: Words, (procedure, process): (u32, u32)) -> String {
    let (procedure, process) = (procedure.to_string(), process.to_string());
    let values = [("procedure", procedure.as_str()), ("process", &process)];
    w.fills("repin.versions", &values)
}

fn row(w: Words, line: &Line) -> Row {
    let changes = match &line.change {
        Ok(preview) => changes(w, preview, (&line.before, &line.procedure)),
        Err(refusal) => vec![
            w.refusal(&refusal.clone().into(), jiff::civil::Date::MAX)
                .title,
        ],
    };
    let rule = line.change.as_ref().err();
    Row {
        id: line.dossier.to_string(),
        code: code_of(&line.dossier, line.code.as_ref()),
        from: versions(w, line.from),
        step: line.step.clone(),
        changes,
        rule: rule.map_or_else(String::new, |refusal| refusal.rule().id().to_owned()),
    }
}

/// What would change in a dossier: its step, the steps, the promise, the components.
pub(crate) fn changes(
    w: Words,
    preview: &Preview,
    (before, after): (&Procedure, &Procedure),
) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((now, then)) = &preview.step {
        lines.push(w.fills("repin.step_moves", &[("now", now), ("then", then)]));
    }
    if let Some((_, steps)) = &preview.steps {
        lines.push(w.fill("repin.steps", "steps", steps.join(" → ")));
    }
    lines.extend(limit_line(w, preview));
    if preview.step_due != Some(preview.new.step_due) {
        lines.push(w.fill("repin.step_due", "due", w.moment(&preview.new.step_due)));
    }
    let named = |procedure: &Procedure, numbers: &[u16]| {
        let all = procedure.cases.iter().flat_map(|case| &case.components);
        let find = |number: &u16| all.clone().find(|c| c.number == *number);
        let names = numbers.iter().filter_map(find).map(|c| c.name.clone());
        names.collect::<Vec<_>>().join("; ")
    };
    if !preview.added.is_empty() {
        lines.push(w.fill("repin.added", "names", named(after, &preview.added)));
    }
    if !preview.dropped.is_empty() {
        lines.push(w.fill("repin.dropped", "names", named(before, &preview.dropped)));
    }
    if lines.is_empty() {
        lines.push(w.t("repin.version_alone").to_owned());
    }
    lines
}

/// What becomes of the limit of the new version; nothing where it is the one promised.
fn limit_line(w: Words, preview: &Preview) -> Option<String> {
    let key = match preview.new_limit {
        NewLimit::Same => return None,
        NewLimit::Shorter => "repin.limit.shorter",
        NewLimit::Longer if preview.offered.is_none() => "repin.limit.none",
        NewLimit::Longer => "repin.limit.longer",
        NewLimit::Over => "repin.limit.over",
    };
    let date = |due: Option<DateTime>| {
        due.map_or_else(|| w.t("repin.no_due").to_owned(), |due| w.promise(&due))
    };
    let offered = preview.offered.map(|limit| words::limit(w.0, limit));
    let offered = offered.unwrap_or_default();
    let (due, before) = (date(preview.new.promise.due), date(preview.due));
    let values = [
        ("offered", offered.as_str()),
        ("due", &due),
        ("before", &before),
    ];
    Some(w.fills(key, &values))
}

/// A dossier of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) state: String,
    /// Id of the rule that keeps it where it is.
    pub(crate) rule: String,
}

#[derive(Template)]
#[template(path = "repin/batch.html")]
pub(crate) struct BatchPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) id: String,
    pub(crate) procedure: String,
    pub(crate) what: String,
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) progress: String,
    pub(crate) waiting: bool,
    pub(crate) undoes: String,
    pub(crate) undone_by: String,
    pub(crate) may_undo: bool,
    /// Why it is not undone; empty where nobody asked or nothing is in the way.
    pub(crate) wrong: String,
    pub(crate) reason: Input,
    pub(crate) rows: Vec<Moved>,
    pub(crate) faults: Vec<FaultLine>,
    pub(crate) key: String,
}

impl BatchPage {
    /// The batch as it stands.
    pub(crate) fn new(
        frame: Frame,
        found: &Batch,
        (typed, faults): (&Typed, Vec<FaultLine>),
        key: String,
    ) -> Self {
        let w = frame.w;
        let (moved, waiting) = (found.moved(), found.waiting());
        let counts = [moved.to_string(), found.dossiers.len().to_string()];
        let [done, all] = &counts;
        let what = match found.to {
            Some(to) => w.fill("repin.to", "versions", versions(w, to)),
            None => w.t("repin.back").to_owned(),
        };
        Self {
            id: found.id.clone(),
            procedure: found.procedure.clone(),
            what,
            by: found.by.clone(),
            at: w.moment(&found.at),
            progress: w.fills("repin.progress", &[("done", done), ("all", all)]),
            waiting: waiting > 0,
            undoes: found.undoes.clone().unwrap_or_default(),
            undone_by: found.undone_by.clone().unwrap_or_default(),
            may_undo: found.may_undo(),
            reason: Input::text("reason", "repin.reason").filled(typed, &faults),
            rows: found.dossiers.iter().map(|one| moved_row(w, one)).collect(),
            wrong: wrong(&faults, "batch"),
            faults,
            key,
            w,
            frame,
        }
    }
}

fn moved_row(w: Words, one: &Ordered) -> Moved {
    let (state, rule) = match &one.outcome {
        Outcome::Waiting => (w.t("repin.waiting").to_owned(), String::new()),
        Outcome::Moved { at } => (w.fill("repin.moved", "at", w.moment(at)), String::new()),
        Outcome::Refused { rule, why } => (refused(w, why), rule.clone()),
        Outcome::Failed => (w.t("repin.failed").to_owned(), String::new()),
        Outcome::Cancelled => (w.t("repin.cancelled").to_owned(), String::new()),
    };
    Moved {
        id: one.id.to_string(),
        code: code_of(&one.id, one.code.as_ref()),
        state,
        rule,
    }
}

/// Why a rule keeps a dossier where it is; the rule alone says it where its words name values that
/// were not kept.
fn refused(w: Words, why: &str) -> String {
    let key = format!("refusal.{why}.title");
    let said = if why.is_empty() { "{}" } else { w.t(&key) };
    if said.contains('{') {
        w.t("repin.refused").to_owned()
    } else {
        w.fill("repin.refused_since", "why", said)
    }
}

fn code_of(id: &DossierId, code: Option<&DossierCode>) -> String {
    code.map_or_else(|| id.to_string(), ToString::to_string)
}

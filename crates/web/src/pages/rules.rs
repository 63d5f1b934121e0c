//! The rule book: every rule that can refuse, with the text it stands on, its parameters as the
//! province set them, and the moves that it governs. Open to everybody.

use app::words;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::boundaries::{Boundary, Listed};
use domain::dossier::CommandKind;
use domain::parameters::{AppliesBy, Parameter, Parameters, Value};
use domain::rules::Rule;
use jiff::civil::Date;

use super::common::page;
use crate::error::Answer;
use crate::layout::Frame;
use crate::session::Reader;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/quy-tac", get(show))
}

/// A rule with its citations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleView {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) citations: Vec<CitationView>,
    pub(crate) parameters: Vec<ParameterView>,
    /// The moves that it governs, as one line.
    pub(crate) governs: String,
}

/// Where a rule stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CitationView {
    pub(crate) text: String,
    pub(crate) valid: String,
    pub(crate) verified: bool,
}

/// A parameter in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParameterView {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) citation: String,
    pub(crate) valid: String,
    pub(crate) applies: String,
    pub(crate) verified: bool,
    pub(crate) local: bool,
}

#[derive(Template)]
#[template(path = "pages/rules.html")]
pub(crate) struct RulesPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) today: String,
    pub(crate) rules: Vec<RuleView>,
}

async fn show(State(web): State<Web>, reader: Reader) -> Answer {
    let today = web.app.clock().now().date();
    let settings = web.app.settings();
    let frame = Frame::reader(&web, &reader);
    page(&RulesPage::new(frame, settings.parameters(), today))
}

impl RulesPage {
    /// The book as it stands on `today`.
    pub(crate) fn new(frame: Frame, parameters: &Parameters, today: Date) -> Self {
        let w = frame.w;
        let rules = Rule::ALL.iter().map(|rule| RuleView {
            id: rule.id(),
            title: w.of("rule", rule.id()),
            citations: citations(w, *rule, today),
            parameters: parameters
                .of_rule(*rule)
                .filter(|row| row.valid_to.is_none_or(|last| last >= today))
                .map(|row| parameter(w, row))
                .chain(boundaries(w, *rule, parameters))
                .collect(),
            governs: governed(w, *rule),
        });
        Self {
            rules: rules.collect(),
            today: w.date(today),
            w,
            frame,
        }
    }
}

fn citations(w: Words, rule: Rule, today: Date) -> Vec<CitationView> {
    let citation = rule.citations(today).map(|citation| CitationView {
        text: citation.to_string(),
        valid: valid(w, citation.valid_from, citation.valid_to),
        verified: citation.verified,
    });
    citation.collect()
}

/// What is received regardless of boundaries, with the rule that judges it.
fn boundaries(w: Words, rule: Rule, parameters: &Parameters) -> Vec<ParameterView> {
    if rule != Rule::Competence {
        return Vec::new();
    }
    let row = |row: &Boundary| {
        let value = if row.elsewhere {
            "web.rules.anywhere"
        } else {
            "web.rules.own_centre"
        };
        ParameterView {
            name: match &row.what {
                Listed::Commune => w.t("parameter.boundary.commune").to_owned(),
                Listed::Province => w.t("parameter.boundary.province").to_owned(),
                Listed::Procedure(code) => w.fill("parameter.boundary.procedure", "code", code),
            },
            value: w.t(value).to_owned(),
            citation: row.citation.clone(),
            valid: valid(w, row.valid_from, None),
            applies: w.t("web.rules.by_received").to_owned(),
            verified: row.verified,
            local: row.local,
        }
    };
    parameters.boundaries().rows().map(row).collect()
}

fn parameter(w: Words, row: &Parameter) -> ParameterView {
    let by = match row.applies_by {
        AppliesBy::Filed => "web.rules.by_filed",
        AppliesBy::Received => "web.rules.by_received",
        AppliesBy::Act => "web.rules.by_act",
    };
    ParameterView {
        name: w.of("parameter", row.key.as_str()),
        value: match row.value {
            Value::Limit(limit) => words::limit(w.0, limit),
            other => other.to_string(),
        },
        citation: row.citation.clone(),
        valid: valid(w, row.valid_from, row.valid_to),
        applies: w.t(by).to_owned(),
        verified: row.verified,
        local: row.local,
    }
}

fn valid(w: Words, from: Date, to: Option<Date>) -> String {
    let from = w.date(from);
    match to {
        None => w.fill("web.rules.since", "day", from),
        Some(last) => w.fills(
            "web.rules.between",
            &[("day", &from), ("last", &w.date(last))],
        ),
    }
}

fn governed(w: Words, rule: Rule) -> String {
    let moves = rule.governs();
    if moves.len() == CommandKind::ALL.len() {
        return w.t("web.rules.governs_all").to_owned();
    }
    let names: Vec<String> = moves
        .iter()
        .map(|kind| w.of("command", kind.as_str()))
        .collect();
    names.join(" · ")
}

//! The rule book: every rule that can refuse, with the text it stands on. Open to everybody.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
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
}

/// Where a rule stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CitationView {
    pub(crate) text: String,
    pub(crate) since: String,
    pub(crate) verified: bool,
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
    page(&RulesPage::new(Frame::reader(&web, &reader), today))
}

impl RulesPage {
    /// The book as it stands on `today`.
    pub(crate) fn new(frame: Frame, today: Date) -> Self {
        let w = frame.w;
        let citations = |rule: Rule| {
            let citation = rule.citations(today).map(|citation| CitationView {
                text: citation.to_string(),
                since: w.date(citation.valid_from),
                verified: citation.verified,
            });
            citation.collect()
        };
        let rules = Rule::ALL.iter().map(|rule| RuleView {
            id: rule.id(),
            title: w.of("rule", rule.id()),
            citations: citations(*rule),
        });
        Self {
            rules: rules.collect(),
            today: w.date(today),
            w,
            frame,
        }
    }
}

//! The rule book, for everybody.

use app::words::t;
use axum::Json;
use axum::extract::State;
use domain::dossier::CommandKind;
use domain::parameters::{AppliesBy, Parameter};
use domain::rules::{Citation, Rule};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::session::Reader;
use crate::state::Web;

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleBody {
    /// Its id, `BS-01`; the page of the rule book has it as an anchor, and a refusal names it.
    id: &'static str,
    /// What it says, in the language asked for.
    title: String,
    /// The texts in force today.
    citations: Vec<CitationBody>,
    /// Its parameters, those set by the province among them.
    parameters: Vec<ParameterBody>,
    /// Names of the commands that it can refuse; none where it governs something else.
    governs: Vec<&'static str>,
}

/// Where a rule stands written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CitationBody {
    /// Instrument and article.
    text: String,
    /// First day in force.
    from: String,
    /// Last day in force.
    to: Option<String>,
    /// Whether the text was read in a public source.
    verified: bool,
}

/// A version of a parameter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParameterBody {
    /// Its name, `supplement.within`.
    key: &'static str,
    /// Its value: `3wd`, `70%`, `1`, `15:00`.
    value: String,
    /// What it rests on.
    citation: String,
    /// First day.
    from: String,
    /// Last day.
    to: Option<String>,
    /// The day of a dossier by which it applies: `filed`, `received` or `act`.
    applies_by: &'static str,
    /// Whether the text was read in a public source.
    verified: bool,
    /// Whether the province set it.
    local: bool,
}

/// The rule book as it stands today: every rule that can refuse, with its texts, parameters and the
/// commands that it governs.
#[utoipa::path(get, path = "/api/v1/rules", tag = "rules",
    responses((status = 200, body = [RuleBody], description = "In the order of the book")))]
pub(crate) async fn list(State(web): State<Web>, reader: Reader) -> Json<Vec<RuleBody>> {
    let today = web.app.clock().now().date();
    let settings = web.app.settings();
    let language = match &reader {
        Reader::Staff(staff) => staff.words().0,
        Reader::Visitor(visitor) => visitor.w.0,
    };
    let rule = |rule: &Rule| RuleBody {
        id: rule.id(),
        title: t(language, &format!("rule.{}", rule.id())).to_owned(),
        citations: rule.citations(today).map(citation).collect(),
        parameters: settings
            .parameters()
            .of_rule(*rule)
            .filter(|row| row.valid_to.is_none_or(|last| last >= today))
            .map(parameter)
            .collect(),
        governs: rule
            .governs()
            .iter()
            .map(|kind: &CommandKind| kind.as_str())
            .collect(),
    };
    Json(Rule::ALL.iter().map(rule).collect())
}

fn citation(citation: &Citation) -> CitationBody {
    CitationBody {
        text: citation.to_string(),
        from: citation.valid_from.to_string(),
        to: day(citation.valid_to),
        verified: citation.verified,
    }
}

fn parameter(row: &Parameter) -> ParameterBody {
    ParameterBody {
        key: row.key.as_str(),
        value: row.value.to_string(),
        citation: row.citation.clone(),
        from: row.valid_from.to_string(),
        to: day(row.valid_to),
        applies_by: match row.applies_by {
            AppliesBy::Filed => "filed",
            AppliesBy::Received => "received",
            AppliesBy::Act => "act",
        },
        verified: row.verified,
        local: row.local,
    }
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

//! `motcua rules`: the rule book with citations, parameters and the commands that each rule governs.

use std::process::ExitCode;

use app::clock::{Clock as _, SystemClock};
use app::facts::Settings;
use app::words::{Language, t};
use domain::boundaries::{Boundary, Listed};
use domain::dossier::CommandKind;
use domain::parameters::{AppliesBy, Parameter};
use domain::rules::{Citation, Rule};

use super::say;
use crate::config::DatabaseArgs;
use crate::wiring;

/// Citations of today, and every version of the parameters that holds or will hold.
pub(super) async fn rules(database: &DatabaseArgs) -> anyhow::Result<ExitCode> {
    let today = SystemClock.now().date();
    let store = wiring::prepared(&database.parse()?).await?;
    let settings = Settings::read(&store, today).await?;
    for rule in Rule::ALL {
        let key = format!("rule.{}", rule.id());
        let title = t(Language::Vi, &key);
        say(&format!("{:<7} {title}", rule.id()));
        for citation in rule.citations(today) {
            say(&format!("        {}", cited(citation)));
        }
        let parameters = settings.parameters().of_rule(*rule);
        for row in parameters.filter(|row| row.valid_to.is_none_or(|last| last >= today)) {
            say(&format!("        {}", set(row)));
        }
        if *rule == Rule::Competence {
            for row in settings.parameters().boundaries().rows() {
                say(&format!("        {}", listed(row)));
            }
        }
        say(&format!("        governs: {}", governed(*rule)));
    }
    Ok(ExitCode::SUCCESS)
}

fn cited(citation: &Citation) -> String {
    let until = citation.valid_to;
    let until = until.map_or_else(String::new, |day| format!(" to {day}"));
    let doubt = doubt(citation.verified);
    format!("{citation}  from {}{until}{doubt}", citation.valid_from)
}

fn set(row: &Parameter) -> String {
    let (key, value, from) = (row.key, row.value, row.valid_from);
    let by = match row.applies_by {
        AppliesBy::Filed => "filing",
        AppliesBy::Received => "reception",
        AppliesBy::Act => "the act",
    };
    let (basis, doubt) = (&row.citation, doubt(row.verified));
    format!("{key}  {value}  from {from}  by the day of {by}  {basis}{doubt}")
}

/// What is received regardless of boundaries, under the key by which the province changes it.
fn listed(row: &Boundary) -> String {
    let what = match &row.what {
        Listed::Commune => "commune".to_owned(),
        Listed::Province => "province".to_owned(),
        Listed::Procedure(code) => code.to_string(),
    };
    let value = if row.elsewhere { "yes" } else { "no" };
    let (from, basis, doubt) = (row.valid_from, &row.citation, doubt(row.verified));
    format!("boundary.{what}  {value}  from {from}  by the day of reception  {basis}{doubt}")
}

fn doubt(verified: bool) -> &'static str {
    if verified {
        ""
    } else {
        "  (chưa kiểm chứng)"
    }
}

fn governed(rule: Rule) -> String {
    let moves = rule.governs();
    if moves.len() == CommandKind::ALL.len() {
        return "every command".to_owned();
    }
    if moves.is_empty() {
        return "no command of a dossier".to_owned();
    }
    let names: Vec<&str> = moves.iter().map(|kind| kind.as_str()).collect();
    names.join(", ")
}

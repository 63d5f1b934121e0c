//! The register of certificates: the list with what is missing, one certificate, and the form by which
//! one is registered.

mod import;
mod list;
mod one;
#[cfg(test)]
mod samples;

use app::certificates::{self, CertificateLine, CertificateWarning};
use axum::Router;
use domain::certificate::{Holder, KeyAt, Stage};
use domain::ids::UnitId;
use domain::rules::Rule;
use jiff::civil::DateTime;

use crate::error::Answer;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of these pages.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .merge(list::routes())
        .merge(import::routes())
        .merge(one::routes())
}

/// The rules that the pages link to.
const RULES: [Rule; 4] = [
    Rule::CertificateValid,
    Rule::CertificateOfPost,
    Rule::SealKept,
    Rule::KeyGuarded,
];

/// Ids and titles of the rules.
fn rules(w: Words) -> Vec<(&'static str, String)> {
    let rules = RULES.map(|rule| (rule.id(), w.of("rule", rule.id())));
    rules.into()
}

/// A stage as lists mark it: class and words.
fn mark(w: Words, line: &CertificateLine, now: DateTime) -> (&'static str, String) {
    let words = w.of("certificate.stage", line.stage.as_str());
    match line.stage {
        Stage::Valid => ("due-done", words),
        Stage::ToCome => ("due-paused", words),
        Stage::NoPost | Stage::Ended => ("due-far", words),
        Stage::Expired => ("due-late", words),
        Stage::Expiring => {
            let last = line.registered.row.certificate.valid_to.date();
            let days = now.date().until(last).map_or(0, |span| span.get_days());
            let key = "certificate.stage.expiring";
            ("due-soon", w.fill(key, "n", days))
        }
    }
}

/// Whose a certificate is, and in which post.
fn whose(w: Words, line: &CertificateLine) -> (String, String) {
    match &line.registered.row.certificate.holder {
        Holder::Person { role, .. } => {
            let name = line.registered.holder_name.clone();
            (name, w.of("role", role.as_str()))
        }
        Holder::Agency => {
            let name = line.registered.row.name.clone();
            (name, w.t("certificate.seal").to_owned())
        }
    }
}

/// Where the key lies, in words.
fn key(w: Words, at: &KeyAt) -> String {
    w.of("certificate.key", at.as_str())
}

/// What the person is warned of, in sentences; none when there is nothing to say.
pub(crate) async fn warned(web: &Web, staff: &Staff) -> Answer<Vec<String>> {
    let said = certificates::warning(&web.app, &staff.actor).await?;
    Ok(warning(staff.words(), &said))
}

fn warning(w: Words, said: &CertificateWarning) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(soonest) = said.soonest {
        let (n, day) = (said.expiring.to_string(), w.date(soonest.date()));
        let values = [("n", n.as_str()), ("day", &day)];
        sentences.push(w.fills("certificate.warning.expiring", &values));
    }
    if said.missing > 0 {
        sentences.push(w.fill("certificate.warning.missing", "n", said.missing));
    }
    sentences
}

/// The name of a unit.
fn unit_name(web: &Web) -> impl Fn(&UnitId) -> String {
    |unit: &UnitId| web.app.unit_name(unit)
}

//! Troubles in words, for pages and programs.

use app::No;
use app::no::Fault;
use app::people::NotSignedIn;
use app::words;
use axum::http::StatusCode;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::present::short_kind;
use crate::words::Words;

use super::Trouble;

/// A refusal as its panel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusalPanel {
    /// What is not possible.
    pub(crate) title: String,
    /// Why, and what to do instead.
    pub(crate) why: String,
    /// The rule's id.
    pub(crate) rule: String,
    /// Rule and citation in words.
    pub(crate) cited: String,
    /// The instrument and article alone.
    pub(crate) citation: String,
}

impl RefusalPanel {
    /// The panel of a refusal, as judged, or as read on `today`.
    pub(crate) fn of(w: Words, refused: &app::no::Refused, today: Date) -> Self {
        let said = w.refusal(refused, today);
        let cited = [("rule", said.rule), ("citation", said.citation.as_str())];
        Self {
            cited: w.fills("refusal.rule", &cited),
            citation: said.citation,
            title: said.title,
            why: said.why,
            rule: said.rule.to_owned(),
        }
    }
}

/// A fault as pages show it: where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct FaultLine {
    /// Name of the field.
    pub(crate) field: String,
    /// How to mend it.
    pub(crate) message: String,
}

impl FaultLine {
    /// The one fault of a form with one; none without words.
    pub(crate) fn one(field: &str, message: &str) -> Vec<Self> {
        let line = (!message.is_empty()).then(|| Self {
            field: field.to_owned(),
            message: message.to_owned(),
        });
        line.into_iter().collect()
    }
}

/// Faults in words, in order.
pub(crate) fn fault_lines(w: Words, faults: &[Fault]) -> Vec<FaultLine> {
    let line = |fault: &Fault| {
        let values: Vec<(&str, &str)> = fault
            .values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let message = words::fill(w.0, fault.key, &values);
        FaultLine {
            field: fault.field.to_owned(),
            message,
        }
    };
    faults.iter().map(line).collect()
}

/// A trouble in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) refusal: Option<RefusalPanel>,
    pub(crate) faults: Vec<FaultLine>,
}

impl Said {
    /// The trouble in words, as read on `today`.
    pub(crate) fn of(trouble: &Trouble, w: Words, today: Date) -> Self {
        let key = trouble.key();
        let mut said = Self {
            status: trouble.status(),
            title: w.of("web.trouble", &format!("{key}.title")),
            text: w.of("web.trouble", &format!("{key}.text")),
            refusal: None,
            faults: Vec::new(),
        };
        match trouble {
            Trouble::No(No::Refused(refusal)) => {
                said.refusal = Some(RefusalPanel::of(w, refusal, today));
            }
            Trouble::No(No::Invalid(faults)) => {
                said.faults = fault_lines(w, faults);
                said.title = w.fill("web.trouble.invalid.title", "n", said.faults.len());
            }
            Trouble::No(No::Stale(meanwhile)) => {
                let did = w.of("web.event", short_kind(&meanwhile.kind));
                let values = [
                    ("who", meanwhile.by.as_str()),
                    ("did", &did),
                    ("at", &w.moment(&meanwhile.at)),
                ];
                said.text = w.fills("web.trouble.stale.text", &values);
            }
            Trouble::Unknown(why) => said.text = not_signed_in(w, why),
            _ => {}
        }
        said
    }
}

/// Why somebody is not signed in, and what to do.
pub(crate) fn not_signed_in(w: Words, why: &NotSignedIn) -> String {
    match why {
        NotSignedIn::Locked(DateTime::MAX) => w.t("web.sign_in.closed").to_owned(),
        NotSignedIn::Locked(until) => w.fill("web.sign_in.locked", "until", w.time(until)),
        NotSignedIn::CodeNeeded => w.t("web.sign_in.code_needed").to_owned(),
        NotSignedIn::Wrong | NotSignedIn::Broken(_) => w.t("web.sign_in.wrong").to_owned(),
    }
}

/// A trouble as programs read it (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// The rule in the rule book, or `about:blank`.
    #[serde(rename = "type")]
    kind: String,
    /// What is not possible.
    title: String,
    /// The status of the answer.
    status: u16,
    /// Why, and what to do instead.
    detail: String,
    /// The same, for the desk's own scripts.
    message: String,
    /// The rule that says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// The instrument and article it stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
    /// Fields that cannot be understood.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultLine>,
}

impl From<Said> for Problem {
    fn from(said: Said) -> Self {
        let detail = said
            .refusal
            .as_ref()
            .map_or(said.text, |panel| panel.why.clone());
        let rule = said.refusal.as_ref().map(|panel| panel.rule.clone());
        Self {
            kind: rule
                .as_ref()
                .map_or("about:blank".to_owned(), |id| format!("/quy-tac#{id}")),
            title: said
                .refusal
                .as_ref()
                .map_or(said.title, |panel| panel.title.clone()),
            status: said.status.as_u16(),
            message: said
                .faults
                .first()
                .map_or_else(|| detail.clone(), |f| f.message.clone()),
            detail,
            rule,
            citation: said.refusal.map(|panel| panel.citation),
            faults: said.faults,
        }
    }
}

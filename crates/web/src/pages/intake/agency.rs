//! The field of the agency that decides.

use app::forms::Typed;
use app::intake::Preview;

use crate::error::FaultLine;

use super::field::at;
use super::view::Offer;

/// The field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agency {
    /// What stands in it.
    pub(crate) value: String,
    /// The usual agency, as it stands there: no choice of the clerk.
    pub(crate) usual: String,
    /// What is wrong with it.
    pub(crate) error: String,
    /// The procedure that it decides.
    pub(crate) procedure: String,
    /// Agencies that fit the words typed.
    pub(crate) offers: Vec<Offer>,
}

/// The field of a chosen procedure; `name` is that of the agency that decides.
pub(super) fn agency(typed: &Typed, preview: &Preview, name: &str, faults: &[FaultLine]) -> Agency {
    let label = preview
        .competent
        .as_ref()
        .map(|id| format!("{id} · {name}"));
    let usual = label.clone().filter(|_| preview.competent == preview.usual);
    Agency {
        value: label.unwrap_or_else(|| typed.get("competent").to_owned()),
        usual: usual.unwrap_or_default(),
        error: at(faults, "competent"),
        procedure: preview.procedure.code.to_string(),
        offers: Vec::new(),
    }
}

//! Where a refusal stands written for this dossier: the text of the rule that governs it by its own
//! date, or the decision of the province and the term of the procedure that took its place.

use crate::parameters::{Dates, Key};
use crate::procedure::Written;

use super::facts::Facts;
use super::refusal::Refusal;
use super::state::Dossier;

impl Refusal {
    /// The instrument and article that say no to this dossier now; empty when no text is known.
    pub fn cited(&self, dossier: &Dossier, facts: &Facts<'_>) -> String {
        let record = dossier.record();
        let dates = record.map_or_else(
            || Dates::all(facts.now.date()),
            |record| record.dates(facts.now),
        );
        let own = self.own_term(dossier, facts).map(str::to_owned);
        let set = || {
            let key = self.parameter()?;
            Some(facts.parameters.row(key, dates).citation.clone())
        };
        let rule = || self.rule().governing(dates).map(ToString::to_string);
        own.filter(|text| !text.is_empty())
            .or_else(set)
            .or_else(rule)
            .unwrap_or_default()
    }

    /// The parameter whose value says no.
    fn parameter(&self) -> Option<Key> {
        match self {
            Self::AskedTooLate { .. } => Some(Key::SupplementWithin),
            Self::AnswerPeriod { .. } => Some(Key::SupplementAnswer),
            Self::AlreadyAsked { .. } => Some(Key::SupplementMost),
            Self::ApologyTooLate { .. } => Some(Key::ApologyBefore),
            Self::AlreadyApologised { .. } => Some(Key::ApologyMost),
            _ => None,
        }
    }

    /// Where the procedure itself says so, when it does.
    fn own_term<'f>(&self, dossier: &Dossier, facts: &'f Facts<'_>) -> Option<&'f str> {
        let supplement = &facts.procedure.supplement;
        let here = dossier.at_step().map(|at| at.index);
        match self {
            Self::AskedTooLate { .. } => supplement.written(here, Written::Within),
            Self::AnswerPeriod { .. } => supplement.written(here, Written::Answer),
            Self::SilenceIsNoConsent { .. } | Self::TaskTime { .. } => {
                let terms = facts.procedure.consultation.as_ref();
                terms.map(|terms| terms.basis.as_str())
            }
            _ => None,
        }
    }
}

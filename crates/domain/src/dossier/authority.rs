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
        let values = [
            (
                matches!(self, Self::AskedTooLate { .. }),
                Key::SupplementWithin,
            ),
            (
                matches!(self, Self::AnswerPeriod { .. }),
                Key::SupplementAnswer,
            ),
            (
                matches!(self, Self::AlreadyAsked { .. }),
                Key::SupplementMost,
            ),
            (
                matches!(self, Self::ApologyTooLate { .. }),
                Key::ApologyBefore,
            ),
            (
                matches!(self, Self::AlreadyApologised { .. }),
                Key::ApologyMost,
            ),
        ];
        let mut said = values.into_iter().filter(|(says, _)| *says);
        said.next().map(|(_, key)| key)
    }

    /// Where the procedure itself says so, when it does.
    fn own_term<'f>(&self, dossier: &Dossier, facts: &'f Facts<'_>) -> Option<&'f str> {
        let supplement = &facts.procedure.supplement;
        let here = dossier.at_step().map(|at| at.index);
        if let Self::AskedTooLate { .. } = self {
            return supplement.written(here, Written::Within);
        }
        if let Self::AnswerPeriod { .. } = self {
            return supplement.written(here, Written::Answer);
        }
        let silence = matches!(
            self,
            Self::SilenceIsNoConsent { .. } | Self::SilenceTooSoon { .. } | Self::TaskTime { .. }
        );
        let terms = facts.procedure.consultation.as_ref();
        terms.filter(|_| silence).map(|terms| terms.basis.as_str())
    }
}

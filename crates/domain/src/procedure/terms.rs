//! On which terms a procedure is supplemented, refunded and consulted on. The values are
//! data of the published version; where it leaves one open, the parameters of the rules hold.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::deadline::{Limit, PauseMode};

/// How a supplement works for this procedure. The values are parameters of the province with a
/// citation, not law written into the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementRule {
    /// What the clock does (NĐ 61/2018 Điều 19.4 restarts; sector laws exclude).
    pub mode: PauseMode,
    /// Until when after reception it may be asked for, where sector law says so.
    #[serde(default)]
    pub within: Option<Limit>,
    /// How long the applicant has to answer, where sector law says so.
    #[serde(default)]
    pub answer: Option<Limit>,
    /// Where the values come from.
    pub basis: String,
    /// Stages that have terms of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageRule>,
}

/// The terms of a supplement at one step, where they differ from those of the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRule {
    /// Index of the step in the process, from 0.
    pub step: usize,
    /// What the clock does.
    #[serde(default)]
    pub mode: Option<PauseMode>,
    /// Until when after reception it may be asked for.
    #[serde(default)]
    pub within: Option<Limit>,
    /// How long the applicant has to answer.
    #[serde(default)]
    pub answer: Option<Limit>,
    /// Where the values come from.
    pub basis: String,
}

/// The terms of a supplement at a stage; what is open is a parameter of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupplementTerms {
    /// What the clock does.
    pub mode: PauseMode,
    /// Until when after reception it may be asked for.
    pub within: Option<Limit>,
    /// How long the applicant has to answer.
    pub answer: Option<Limit>,
}

impl Default for SupplementRule {
    fn default() -> Self {
        Self {
            mode: PauseMode::Restart,
            within: None,
            answer: None,
            basis: "NĐ 61/2018/NĐ-CP Điều 19.4; NĐ 118/2025/NĐ-CP Điều 17".to_owned(),
            stages: Vec::new(),
        }
    }
}

impl SupplementRule {
    /// The terms at the step of that index; none is before reception.
    pub fn at(&self, step: Option<usize>) -> SupplementTerms {
        let stage = self.stages.iter().find(|stage| Some(stage.step) == step);
        SupplementTerms {
            mode: stage.and_then(|stage| stage.mode).unwrap_or(self.mode),
            within: stage.and_then(|stage| stage.within).or(self.within),
            answer: stage.and_then(|stage| stage.answer).or(self.answer),
        }
    }
}

/// Which term of a supplement is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Until when it may be asked for.
    Within,
    /// How long the applicant has to answer.
    Answer,
}

impl SupplementRule {
    /// Where the procedure's own term stands written, at the step of that index; none where it leaves
    /// the term to the parameters of the rules.
    pub fn written(&self, step: Option<usize>, term: Written) -> Option<&str> {
        let says = |(within, answer): (Option<Limit>, Option<Limit>)| match term {
            Written::Within => within.is_some(),
            Written::Answer => answer.is_some(),
        };
        let mut stages = self.stages.iter().filter(|stage| Some(stage.step) == step);
        let stage = stages.find(|stage| says((stage.within, stage.answer)));
        let whole = || says((self.within, self.answer)).then_some(self.basis.as_str());
        stage.map(|stage| stage.basis.as_str()).or_else(whole)
    }
}

/// Until when a charge is given back when nothing comes of the dossier; the least generous first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RefundRule {
    /// Never.
    Never,
    /// Until the dossier is received.
    #[default]
    BeforeReception,
    /// Until somebody works on it.
    BeforeProcessing,
    /// Always.
    Always,
}

/// How far a dossier got of which nothing comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Filed, not received.
    Filed,
    /// Received, not handed over.
    Received,
    /// Handed over to the agency that decides.
    Processing,
}

impl RefundRule {
    /// Whether the charge is given back when nothing comes of a dossier that got so far.
    pub fn gives_back(self, reached: Reached) -> bool {
        match self {
            Self::Never => false,
            Self::BeforeReception => reached == Reached::Filed,
            Self::BeforeProcessing => reached != Reached::Processing,
            Self::Always => true,
        }
    }

    /// Whether this is the rule where the source says nothing.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The rule's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::BeforeReception => "before_reception",
            Self::BeforeProcessing => "before_processing",
            Self::Always => "always",
        }
    }
}

/// On which terms other agencies are asked for their opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationRule {
    /// How long an agency has, where the procedure says so.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Whether an agency that stays silent agrees (1.010736: no answer in 15 days).
    #[serde(default)]
    pub silence_is_consent: bool,
    /// Where this stands written.
    pub basis: String,
}

/// The decision by which the province set terms of its own for a procedure: how it is supplemented,
/// which charges are given back, on which terms others are asked, which green lanes it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTerms {
    /// Number of the decision.
    pub decision: String,
    /// Its date.
    pub decided: Date,
    /// First day on which dossiers are received under the terms.
    pub first_day: Date,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_goes_before_the_procedure_and_leaves_open_what_it_does_not_say() {
        let rule = SupplementRule {
            answer: Some(Limit::Days(30)),
            stages: vec![StageRule {
                step: 2,
                mode: Some(PauseMode::Exclude),
                within: Some(Limit::working_days(10)),
                answer: None,
                basis: "luật chuyên ngành".to_owned(),
            }],
            ..SupplementRule::default()
        };
        let own = rule.at(Some(2));
        assert_eq!(own.mode, PauseMode::Exclude);
        assert_eq!(own.within, Some(Limit::working_days(10)));
        assert_eq!(own.answer, Some(Limit::Days(30)));
        for other in [None, Some(1)] {
            assert_eq!(rule.at(other).mode, PauseMode::Restart);
            assert_eq!(rule.at(other).within, None);
        }
    }

    #[test]
    fn a_rule_stored_before_stages_existed_still_reads() {
        let old = r#"{"mode":"restart","within":"3wd","answer":"30d","basis":"x"}"#;
        let rule: SupplementRule = serde_json::from_str(old).unwrap();
        assert_eq!(rule.within, Some(Limit::working_days(3)));
        assert!(rule.stages.is_empty());
        assert!(RefundRule::Never < RefundRule::default());
    }
}

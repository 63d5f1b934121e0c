//! On which terms a procedure is supplemented, refunded, consulted on and hastened. The values are
//! data of the published version; where it leaves one open, the parameters of the rules hold.

use serde::{Deserialize, Serialize};

use crate::deadline::{HalfDays, Limit, PauseMode};

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

impl RefundRule {
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

/// A green lane (luồng xanh): a shorter time that the province publishes beside the legal one.
/// Components and charges are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Its code in the plan of the province.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The published time.
    pub limit: LaneLimit,
    /// The plan, and who is eligible by it.
    pub basis: String,
}

/// The published time of a green lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum LaneLimit {
    /// A time of its own, such as 16 working hours.
    Own {
        /// The time.
        limit: Limit,
    },
    /// Half of the legal one, in half days rounded up (05 → 2.5, 03 → 1.5).
    Half,
}

impl LaneLimit {
    /// The published time beside `legal`; never longer where both can be compared.
    pub fn beside(self, legal: Limit) -> Limit {
        match self {
            Self::Own { limit } => limit,
            Self::Half => half(legal),
        }
    }
}

fn half(legal: Limit) -> Limit {
    match legal {
        Limit::Hours(hours) => Limit::Hours(hours.div_ceil(2)),
        Limit::WorkingDays(days) => {
            let halves = HalfDays::halves(days.count().div_ceil(2));
            halves.map_or(legal, Limit::WorkingDays)
        }
        Limit::Days(days) => Limit::Days(days.div_ceil(2)),
        Limit::Months(months) => Limit::Days(months.saturating_mul(15)),
        Limit::SameDay => Limit::SameDay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_limit_is_rounded_up_to_half_days() {
        for (legal, published) in [
            ("5wd", "2.5wd"),
            ("3wd", "1.5wd"),
            ("2.5wd", "1.5wd"),
            ("1wd", "0.5wd"),
            ("15wd", "7.5wd"),
            ("7d", "4d"),
            ("2mo", "30d"),
            ("5h", "3h"),
            ("sameday", "sameday"),
        ] {
            let legal: Limit = legal.parse().unwrap();
            assert_eq!(LaneLimit::Half.beside(legal).to_string(), published);
        }
    }

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

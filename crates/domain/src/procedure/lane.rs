//! Green lanes (luồng xanh): a shorter time that the province publishes beside the legal one, for
//! whom, and by whose decision. All of it is data of the province's plan.

use serde::{Deserialize, Serialize};

use crate::deadline::{HalfDays, Limit};
use crate::office::Role;
use crate::party::PartyKind;

/// A green lane. Components and charges are the same as without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Its code in the plan of the province.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The published time.
    pub limit: LaneLimit,
    /// Whose dossiers may be admitted.
    #[serde(default, skip_serializing_if = "Eligibility::is_open")]
    pub eligible: Eligibility,
    /// In which post admission is decided, at the agency that decides or the centre that received.
    #[serde(default = "usual_decider")]
    pub decided_by: Role,
    /// The plan.
    pub basis: String,
}

/// Where a plan names nobody, the leader of the agency decides.
fn usual_decider() -> Role {
    Role::Leader
}

/// Whose dossiers a lane is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Eligibility {
    /// Classes of owners; everybody's when it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<PartyKind>,
    /// Projects of the plan, for one of which the dossier must be; none is asked when it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<Project>,
}

/// A project on the list of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its code on the list.
    pub code: String,
    /// What it is called.
    pub name: String,
}

impl Eligibility {
    /// Whether the lane is for everything.
    pub fn is_open(&self) -> bool {
        self.owners.is_empty() && self.projects.is_empty()
    }

    /// Whether the lane is for dossiers of such an owner.
    pub fn takes(&self, owner: PartyKind) -> bool {
        self.owners.is_empty() || self.owners.contains(&owner)
    }

    /// Whether the lane asks for a project of its list, and `named` is none.
    pub fn lacks_project(&self, named: Option<&str>) -> bool {
        let listed = |code: &str| self.projects.iter().any(|project| project.code == code);
        !self.projects.is_empty() && !named.is_some_and(listed)
    }
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
    fn a_lane_published_without_conditions_takes_everybody_by_decision_of_the_leader() {
        let old = r#"{"code":"x","name":"x","limit":{"as":"half"},"basis":""}"#;
        let lane: Lane = serde_json::from_str(old).unwrap();
        assert_eq!(lane.decided_by, Role::Leader);
        assert!(lane.eligible.takes(PartyKind::Citizen) && !lane.eligible.lacks_project(None));
    }
}

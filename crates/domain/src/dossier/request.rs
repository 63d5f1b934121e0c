//! Requests to supplement: what is to be asked for, its draft, and what was sent.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::PauseMode;
use crate::ids::{StaffId, TextId};

/// What must be put right in a component that is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its number in the case.
    pub component: u16,
    /// What is wrong, and what it should say.
    pub what: TextId,
}

/// What somebody wants to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asking {
    /// Numbers of components of the case.
    pub components: Vec<u16>,
    /// What must be put right in components that are there; they are asked for too.
    pub corrections: Vec<Correction>,
    /// Why.
    pub reason: Option<TextId>,
    /// The legal basis, which a second request names.
    pub basis: Option<TextId>,
}

/// Who approved what another drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// When.
    pub at: DateTime,
    /// Who.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
}

/// A request as it was drafted at a step, not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementDraft {
    /// When.
    pub at: DateTime,
    /// Index of the step.
    pub step: usize,
    /// Every component that is asked for, in order and once each.
    pub components: Vec<u16>,
    /// What must be put right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Why.
    pub reason: TextId,
    /// The legal basis of a second request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<TextId>,
    /// Who drafted.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// Who approved it; an event of its own says so, after the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
}

/// A request to supplement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// When it was made.
    pub at: DateTime,
    /// Number of the slip; none when it was made without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Exactly these components.
    pub components: Vec<u16>,
    /// What must be put right in those that were there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Why.
    pub reason: TextId,
    /// Until when the applicant answers.
    pub answer_by: DateTime,
    /// What the clock does meanwhile.
    pub mode: PauseMode,
    /// Index of the step at which it was asked; none before reception.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<usize>,
    /// The legal basis of a second request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<TextId>,
    /// Who drafted it, when another reviewed and sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted_by: Option<StaffId>,
    /// Who approved it for the agency that decides, when it was asked at a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
    /// Who sent it from the centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<StaffId>,
}

/// A draft that was given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discarded {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: StaffId,
    /// Why.
    pub reason: TextId,
}

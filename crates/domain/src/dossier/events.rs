//! What happened to a dossier. Each name on disk is pinned by a sample that is decoded for ever.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{DossierCode, FileHash, StaffId, TextId, UnitId};
use crate::rules::Rule;
use crate::slip::Form;

use super::filed::{Filed, Handed};
use super::state::{Draft, File, Issued, Receiver, Request};

/// An event of a dossier: past tense, complete, free of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Event {
    /// Filed by any channel.
    #[serde(rename = "dossier.submitted.v1")]
    Submitted {
        /// When.
        at: DateTime,
        /// What.
        filed: Filed,
        /// Until when the centre answers what was filed from afar; none when it was received at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<DateTime>,
    },
    /// Received in full and numbered (Mẫu 01).
    #[serde(rename = "dossier.received.v1")]
    Received {
        /// When.
        at: DateTime,
        /// The number given.
        code: DossierCode,
        /// The limit promised.
        limit: Option<Limit>,
        /// The time promised.
        due: Option<DateTime>,
        /// The version of the calendar by which it was counted.
        calendar: String,
        /// When the reception step's own clock ends.
        step_due: DateTime,
    },
    /// A supplement was asked for (Mẫu 02).
    #[serde(rename = "dossier.supplement_requested.v1")]
    SupplementRequested {
        /// The request.
        request: Request,
    },
    /// The applicant supplied what was asked for.
    #[serde(rename = "dossier.supplied.v1")]
    Supplied {
        /// When.
        at: DateTime,
        /// What came.
        handed: Vec<Handed>,
        /// The time promised from now on, once the dossier had one.
        due: Option<DateTime>,
        /// The version of the calendar by which it was counted.
        calendar: String,
        /// When the step's own clock ends from now on, when the dossier was at a step.
        step_due: Option<DateTime>,
    },
    /// Not received (Mẫu 03).
    #[serde(rename = "dossier.declined.v1")]
    Declined {
        /// When.
        at: DateTime,
        /// Why.
        reason: TextId,
    },
    /// Handed over to the agency that decides (Mẫu 06).
    #[serde(rename = "dossier.handed_over.v1")]
    HandedOver {
        /// When.
        at: DateTime,
        /// By whom.
        by: StaffId,
        /// To which agency.
        to: UnitId,
        /// Index of the step that begins.
        step: usize,
        /// When that step's clock ends.
        step_due: DateTime,
    },
    /// A step was given to somebody.
    #[serde(rename = "dossier.assigned.v1")]
    Assigned {
        /// When.
        at: DateTime,
        /// Index of the step.
        step: usize,
        /// To whom.
        to: StaffId,
    },
    /// A step was finished and the next one begins.
    #[serde(rename = "dossier.step_finished.v1")]
    StepFinished {
        /// When.
        at: DateTime,
        /// Index of the step that ended.
        step: usize,
        /// By whom.
        by: StaffId,
        /// Whether this approved the draft.
        approved: bool,
        /// When the next step's clock ends.
        step_due: DateTime,
    },
    /// A step was given back to the one before.
    #[serde(rename = "dossier.sent_back.v1")]
    SentBack {
        /// When.
        at: DateTime,
        /// Index of the step that gave back.
        step: usize,
        /// Why.
        reason: TextId,
        /// Who gets it back, when the earlier step had a known worker.
        holder: Option<StaffId>,
        /// When the earlier step's clock ends.
        step_due: DateTime,
    },
    /// A draft of the result was made.
    #[serde(rename = "dossier.result_drafted.v1")]
    ResultDrafted {
        /// When.
        at: DateTime,
        /// The draft.
        draft: Draft,
    },
    /// A financial obligation was noticed to the applicant; the clock stands still.
    #[serde(rename = "dossier.obligation_noticed.v1")]
    ObligationNoticed {
        /// When.
        at: DateTime,
        /// What for, how much.
        notice: TextId,
    },
    /// The obligation was met.
    #[serde(rename = "dossier.obligation_met.v1")]
    ObligationMet {
        /// When.
        at: DateTime,
        /// The time promised from now on.
        due: Option<DateTime>,
        /// The version of the calendar by which it was counted.
        calendar: String,
        /// When the step's clock ends from now on.
        step_due: DateTime,
    },
    /// The result was issued.
    #[serde(rename = "dossier.settled.v1")]
    Settled {
        /// The result.
        issued: Issued,
        /// When the return step's clock ends.
        step_due: DateTime,
    },
    /// The result was returned.
    #[serde(rename = "dossier.returned.v1")]
    Returned {
        /// When.
        at: DateTime,
        /// To whom.
        receiver: Receiver,
    },
    /// The applicant withdrew.
    #[serde(rename = "dossier.withdrawn.v1")]
    Withdrawn {
        /// When.
        at: DateTime,
        /// The request on file.
        request: FileHash,
    },
    /// Stopped because the applicant did not answer in time.
    #[serde(rename = "dossier.stopped.v1")]
    Stopped {
        /// When.
        at: DateTime,
        /// The rule's id.
        rule: String,
    },
    /// A slip was made and stored.
    #[serde(rename = "dossier.slip_issued.v1")]
    SlipIssued {
        /// When.
        at: DateTime,
        /// Which form.
        form: Form,
        /// Its content.
        file: FileHash,
    },
    /// The official result document was made and stored: the draft that was approved, with number,
    /// date and signer.
    #[serde(rename = "dossier.result_made.v1")]
    ResultMade {
        /// When.
        at: DateTime,
        /// The document.
        file: File,
    },
}

impl Event {
    /// The name on disk.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "dossier.submitted.v1",
            Self::Received { .. } => "dossier.received.v1",
            Self::SupplementRequested { .. } => "dossier.supplement_requested.v1",
            Self::Supplied { .. } => "dossier.supplied.v1",
            Self::Declined { .. } => "dossier.declined.v1",
            Self::HandedOver { .. } => "dossier.handed_over.v1",
            Self::Assigned { .. } => "dossier.assigned.v1",
            Self::StepFinished { .. } => "dossier.step_finished.v1",
            Self::SentBack { .. } => "dossier.sent_back.v1",
            Self::ResultDrafted { .. } => "dossier.result_drafted.v1",
            Self::ObligationNoticed { .. } => "dossier.obligation_noticed.v1",
            Self::ObligationMet { .. } => "dossier.obligation_met.v1",
            Self::Settled { .. } => "dossier.settled.v1",
            Self::Returned { .. } => "dossier.returned.v1",
            Self::Withdrawn { .. } => "dossier.withdrawn.v1",
            Self::Stopped { .. } => "dossier.stopped.v1",
            Self::SlipIssued { .. } => "dossier.slip_issued.v1",
            Self::ResultMade { .. } => "dossier.result_made.v1",
        }
    }

    /// Whether this only records a paper that a machine made: nothing that a person decides on
    /// has changed.
    pub fn is_paper(&self) -> bool {
        Self::is_paper_kind(self.kind())
    }

    /// Whether events of that kind only record a paper that a machine made.
    pub fn is_paper_kind(kind: &str) -> bool {
        matches!(kind, "dossier.slip_issued.v1" | "dossier.result_made.v1")
    }

    /// When it happened.
    pub fn at(&self) -> DateTime {
        match self {
            Self::SupplementRequested { request } => request.at,
            Self::Settled { issued, .. } => issued.at,
            Self::Submitted { at, .. }
            | Self::Received { at, .. }
            | Self::Supplied { at, .. }
            | Self::Declined { at, .. }
            | Self::HandedOver { at, .. }
            | Self::Assigned { at, .. }
            | Self::StepFinished { at, .. }
            | Self::SentBack { at, .. }
            | Self::ResultDrafted { at, .. }
            | Self::ObligationNoticed { at, .. }
            | Self::ObligationMet { at, .. }
            | Self::Returned { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Stopped { at, .. }
            | Self::SlipIssued { at, .. }
            | Self::ResultMade { at, .. } => *at,
        }
    }

    /// The event of a stop under `rule`.
    pub(crate) fn stopped(at: DateTime, rule: Rule) -> Self {
        Self::Stopped {
            at,
            rule: rule.id().to_owned(),
        }
    }
}

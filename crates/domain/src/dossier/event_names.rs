//! What an event is called on disk, and when it happened.

use jiff::civil::DateTime;

use super::course::{HandedOver, Noticed};
use super::events::Event;
use super::request::Discarded;
use super::result::Signature;
use super::tasks::Lapsed;

impl Event {
    /// The name on disk.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "dossier.submitted.v1",
            Self::HandedByPost(_) => "dossier.handed_by_post.v1",
            Self::SupplementHandedByPost(_) => "dossier.supplement_handed_by_post.v1",
            Self::Received { .. } => "dossier.received.v1",
            Self::SupplementDrafted(_) => "dossier.supplement_drafted.v1",
            Self::SupplementApproved(_) => "dossier.supplement_approved.v1",
            Self::SupplementDiscarded { .. } => "dossier.supplement_discarded.v1",
            Self::SupplementRequested { .. } => "dossier.supplement_requested.v1",
            Self::Supplied { .. } => "dossier.supplied.v1",
            Self::LookupRecorded { .. } => "dossier.lookup_recorded.v1",
            Self::ComponentScanned(_) => "dossier.component_scanned.v1",
            Self::Declined { .. } => "dossier.declined.v1",
            Self::HandedOver(_) => "dossier.handed_over.v1",
            Self::HandOverAcknowledged(_) => "dossier.hand_over_acknowledged.v1",
            Self::Assigned { .. } => "dossier.assigned.v1",
            Self::Released { .. } => "dossier.released.v1",
            Self::StepFinished { .. } => "dossier.step_finished.v1",
            Self::SentBack { .. } => "dossier.sent_back.v1",
            Self::ResultDrafted { .. } => "dossier.result_drafted.v1",
            Self::ResultSigned(_) => "dossier.result_signed.v1",
            Self::ObligationNoticed(_) => "dossier.obligation_noticed.v1",
            Self::ObligationMet { .. } => "dossier.obligation_met.v1",
            Self::Apologised(_) => "dossier.apologised.v1",
            Self::TasksSent(_) => "dossier.tasks_sent.v1",
            Self::TaskOpened { .. } => "dossier.task_opened.v1",
            Self::TaskAccepted { .. } => "dossier.task_accepted.v1",
            Self::TaskAnswered { .. } => "dossier.task_answered.v1",
            Self::AnswerAcknowledged { .. } => "dossier.answer_acknowledged.v1",
            Self::TaskRecalled { .. } => "dossier.task_recalled.v1",
            Self::TaskLapsed { .. } => "dossier.task_lapsed.v1",
            Self::LaneAdmitted(_) => "dossier.lane_admitted.v1",
            Self::Repinned(_) => "dossier.repinned.v1",
            Self::Settled { .. } => "dossier.settled.v1",
            Self::ResultAcknowledged(_) => "dossier.result_acknowledged.v1",
            Self::Returned(_) => "dossier.returned.v1",
            Self::ReceiptScanned(_) => "dossier.receipt_scanned.v1",
            Self::CopiedToPaper(_) => "dossier.copied_to_paper.v1",
            Self::ResultDigitised(_) => "dossier.result_digitised.v1",
            Self::Withdrawn { .. } => "dossier.withdrawn.v1",
            Self::Stopped { .. } => "dossier.stopped.v1",
            Self::CorrectionOpened { .. } => "dossier.correction_opened.v1",
            Self::Corrected { .. } => "dossier.corrected.v1",
            Self::CorrectionDropped { .. } => "dossier.correction_dropped.v1",
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
            Self::SupplementDrafted(draft) => draft.at,
            Self::SupplementApproved(approval) => approval.at,
            Self::HandedByPost(record) | Self::SupplementHandedByPost(record) => record.at,
            Self::HandOverAcknowledged(acknowledged) | Self::ResultAcknowledged(acknowledged) => {
                acknowledged.at
            }
            Self::ComponentScanned(made) => made.at,
            Self::Returned(returned) => returned.at,
            Self::ReceiptScanned(scanned) => scanned.at,
            Self::CopiedToPaper(copy) => copy.at,
            Self::ResultDigitised(digitised) => digitised.at,
            Self::Apologised(apology) => apology.at,
            Self::TasksSent(sent) => sent.at,
            Self::TaskAnswered { answer, .. } => answer.at,
            Self::LaneAdmitted(admitted) => admitted.at,
            Self::Repinned(repinned) => repinned.at,
            Self::Settled { issued, .. } => issued.at,
            Self::Submitted { at, .. }
            | Self::Received { at, .. }
            | Self::Supplied { at, .. }
            | Self::LookupRecorded { at, .. }
            | Self::Declined { at, .. }
            | Self::HandedOver(HandedOver { at, .. })
            | Self::Assigned { at, .. }
            | Self::Released { at, .. }
            | Self::StepFinished { at, .. }
            | Self::SentBack { at, .. }
            | Self::ResultDrafted { at, .. }
            | Self::ResultSigned(Signature { at, .. })
            | Self::ObligationNoticed(Noticed { at, .. })
            | Self::ObligationMet { at, .. }
            | Self::TaskOpened { at, .. }
            | Self::TaskAccepted { at, .. }
            | Self::AnswerAcknowledged { at, .. }
            | Self::TaskRecalled { at, .. }
            | Self::TaskLapsed(Lapsed { at, .. })
            | Self::SupplementDiscarded(Discarded { at, .. })
            | Self::Withdrawn { at, .. }
            | Self::Stopped { at, .. }
            | Self::CorrectionOpened { at, .. }
            | Self::Corrected { at, .. }
            | Self::CorrectionDropped { at, .. }
            | Self::SlipIssued { at, .. }
            | Self::ResultMade { at, .. } => *at,
        }
    }
}

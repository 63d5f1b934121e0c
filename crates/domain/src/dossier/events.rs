//! What happened to a dossier. Each name on disk is pinned by a sample that is decoded for ever.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{CertificateId, DossierCode, DossierId, FileHash, StaffId, TextId};
use crate::procedure::is_false;
use crate::slip::Form;

use super::copies::{Digitised, PaperCopy};
use super::course::{
    Acknowledged, Admitted, Apology, CorrectionKind, HandedOver, Lookup, Noticed, PostRecord,
    Proof, Refund, StopOrder,
};
use super::filed::{Filed, Handed, ScanMade};
use super::handing::{ReceiptScanned, Returned};
use super::pins::{Repinned, Resumed};
use super::request::{Approval, Discarded, Request, SupplementDraft};
use super::result::{Draft, File, Issued, Signature};
use super::tasks::{Answer, Lapsed, TasksSent};

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
    /// Handed over by the post: the joint record was signed, which is the legal time of submission.
    #[serde(rename = "dossier.handed_by_post.v1")]
    HandedByPost(PostRecord),
    /// A supplement was handed over by the post: by law it came when the joint record was signed.
    #[serde(rename = "dossier.supplement_handed_by_post.v1")]
    SupplementHandedByPost(PostRecord),
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
    /// A request to supplement was drafted; it waits for another to send it.
    #[serde(rename = "dossier.supplement_drafted.v1")]
    SupplementDrafted(SupplementDraft),
    /// The draft of a request was approved by who leads the agency; it waits for the centre.
    #[serde(rename = "dossier.supplement_approved.v1")]
    SupplementApproved(Approval),
    /// The draft of a request was given back.
    #[serde(rename = "dossier.supplement_discarded.v1")]
    SupplementDiscarded(Discarded),
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
        /// What is promised from now on.
        #[serde(flatten)]
        promised: Resumed,
        /// When the step's own clock ends from now on, when the dossier was at a step.
        step_due: Option<DateTime>,
        /// Until when the centre answers from now on, when the dossier was not received yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<DateTime>,
    },
    /// A lookup in a database was recorded.
    #[serde(rename = "dossier.lookup_recorded.v1")]
    LookupRecorded {
        /// When.
        at: DateTime,
        /// By whom.
        by: StaffId,
        /// What came of it.
        lookup: Lookup,
    },
    /// A component was scanned, or scanned anew.
    #[serde(rename = "dossier.component_scanned.v1")]
    ComponentScanned(ScanMade),
    /// Not received (Mẫu 03).
    #[serde(rename = "dossier.declined.v1")]
    Declined {
        /// When.
        at: DateTime,
        /// Why.
        reason: TextId,
        /// What becomes of what was paid; none where nothing was paid beforehand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refund: Option<Refund>,
        /// Whether it came after the time in which the centre answers.
        #[serde(default, skip_serializing_if = "is_false")]
        late: bool,
        /// Number and symbol of the slip; none when it was made without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
    },
    /// Handed over to the agency that decides (Mẫu 06).
    #[serde(rename = "dossier.handed_over.v1")]
    HandedOver(HandedOver),
    /// The agency acknowledged that it has what was handed over.
    #[serde(rename = "dossier.hand_over_acknowledged.v1")]
    HandOverAcknowledged(Acknowledged),
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
    /// A step was given back: the post of its holder ended.
    #[serde(rename = "dossier.released.v1")]
    Released {
        /// When.
        at: DateTime,
        /// Index of the step.
        step: usize,
        /// Who held it.
        holder: StaffId,
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
        /// For whom, when somebody absent was stood in for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        behalf: Option<StaffId>,
    },
    /// A step was given back to the one before.
    #[serde(rename = "dossier.sent_back.v1")]
    SentBack {
        /// When.
        at: DateTime,
        /// Index of the step that gave back.
        step: usize,
        /// Index of the step that gets it back; none for the one before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<usize>,
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
    /// The draft was signed by the person who approves it.
    #[serde(rename = "dossier.result_signed.v1")]
    ResultSigned(Signature),
    /// A financial obligation was noticed to the applicant; the clock stands still.
    #[serde(rename = "dossier.obligation_noticed.v1")]
    ObligationNoticed(Noticed),
    /// The obligation was met.
    #[serde(rename = "dossier.obligation_met.v1")]
    ObligationMet {
        /// When.
        at: DateTime,
        /// What is promised from now on.
        #[serde(flatten)]
        promised: Resumed,
        /// When the step's clock ends from now on.
        step_due: DateTime,
        /// What proves it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
    },
    /// The applicant was told that the result is late, and when it will come (Mẫu 04).
    #[serde(rename = "dossier.apologised.v1")]
    Apologised(Apology),
    /// Other agencies were given tasks.
    #[serde(rename = "dossier.tasks_sent.v1")]
    TasksSent(TasksSent),
    /// The turn of a task came.
    #[serde(rename = "dossier.task_opened.v1")]
    TaskOpened {
        /// When.
        at: DateTime,
        /// Its number.
        task: u16,
        /// When its clock ends.
        due: DateTime,
    },
    /// The agency acknowledged that it has the task.
    #[serde(rename = "dossier.task_accepted.v1")]
    TaskAccepted {
        /// When.
        at: DateTime,
        /// Its number.
        task: u16,
        /// By whom.
        by: StaffId,
        /// For whom, when somebody absent was stood in for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        behalf: Option<StaffId>,
    },
    /// The agency answered.
    #[serde(rename = "dossier.task_answered.v1")]
    TaskAnswered {
        /// Its number.
        task: u16,
        /// The answer.
        answer: Answer,
    },
    /// The lead acknowledged that it has the answer.
    #[serde(rename = "dossier.answer_acknowledged.v1")]
    AnswerAcknowledged {
        /// When.
        at: DateTime,
        /// Number of the task.
        task: u16,
        /// By whom.
        by: StaffId,
        /// For whom, when somebody absent was stood in for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        behalf: Option<StaffId>,
    },
    /// The lead took the task back.
    #[serde(rename = "dossier.task_recalled.v1")]
    TaskRecalled {
        /// When.
        at: DateTime,
        /// Its number.
        task: u16,
        /// By whom.
        by: StaffId,
        /// Why.
        reason: TextId,
    },
    /// The agency stayed silent, which is consent.
    #[serde(rename = "dossier.task_lapsed.v1")]
    TaskLapsed(Lapsed),
    /// Admitted to a green lane.
    #[serde(rename = "dossier.lane_admitted.v1")]
    LaneAdmitted(Admitted),
    /// Moved to another version of its procedure or process.
    #[serde(rename = "dossier.repinned.v1")]
    Repinned(Repinned),
    /// The result was issued.
    #[serde(rename = "dossier.settled.v1")]
    Settled {
        /// The result.
        issued: Issued,
        /// When the return step's clock ends.
        step_due: DateTime,
        /// What becomes of what was paid beforehand, when the result is a refusal; else none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refund: Option<Refund>,
    },
    /// The centre acknowledged that the result is back from the agency.
    #[serde(rename = "dossier.result_acknowledged.v1")]
    ResultAcknowledged(Acknowledged),
    /// The result was returned.
    #[serde(rename = "dossier.returned.v1")]
    Returned(Returned),
    /// The receipt that was signed on paper was scanned.
    #[serde(rename = "dossier.receipt_scanned.v1")]
    ReceiptScanned(ReceiptScanned),
    /// Copies on paper were made of the electronic result (sao y).
    #[serde(rename = "dossier.copied_to_paper.v1")]
    CopiedToPaper(PaperCopy),
    /// The result that there is on paper alone was scanned and compared; its electronic copy follows.
    #[serde(rename = "dossier.result_digitised.v1")]
    ResultDigitised(Digitised),
    /// The applicant withdrew.
    #[serde(rename = "dossier.withdrawn.v1")]
    Withdrawn {
        /// When.
        at: DateTime,
        /// The request on file.
        request: FileHash,
        /// What becomes of what was paid; none where nothing was paid beforehand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refund: Option<Refund>,
        /// Number and symbol of the notice (Mẫu 05); none when it was made without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
    },
    /// Stopped: by order (Mẫu 05), or because the applicant did not answer in time.
    #[serde(rename = "dossier.stopped.v1")]
    Stopped {
        /// When.
        at: DateTime,
        /// The rule's id.
        rule: String,
        /// The order, when it was not silence that stopped it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<StopOrder>,
        /// What becomes of what was paid; none where nothing was paid beforehand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refund: Option<Refund>,
        /// Number and symbol of the notice (Mẫu 05); none when it was made without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
    },
    /// A correction of the result was opened.
    #[serde(rename = "dossier.correction_opened.v1")]
    CorrectionOpened {
        /// When.
        at: DateTime,
        /// The linked dossier.
        by: DossierId,
        /// What is done to the result.
        correction: CorrectionKind,
        /// What is wrong with it.
        reason: TextId,
        /// The apology to the applicant.
        apology: TextId,
    },
    /// The result was corrected.
    #[serde(rename = "dossier.corrected.v1")]
    Corrected {
        /// When.
        at: DateTime,
        /// The linked dossier.
        by: DossierId,
        /// What was done to the result.
        correction: CorrectionKind,
        /// Number and symbol of the letter of apology; none when it was made without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
    },
    /// A correction ended without effect: refused, stopped or withdrawn.
    #[serde(rename = "dossier.correction_dropped.v1")]
    CorrectionDropped {
        /// When.
        at: DateTime,
        /// The linked dossier.
        by: DossierId,
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
    /// The official result document was made: what was signed, with number, date and seal.
    #[serde(rename = "dossier.result_made.v1")]
    ResultMade {
        /// When.
        at: DateTime,
        /// The document.
        file: File,
        /// The certificate of its seal; none where the procedure gives no result on paper.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seal: Option<CertificateId>,
        /// The document made before which this one completes: the same, with the proof of its
        /// signatures after it. None where it is the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        completes: Option<FileHash>,
        /// The attachments with the agency's seal, in the order of the draft.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<File>,
    },
}

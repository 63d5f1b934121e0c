//! What a person orders, before its texts and files become references.

use domain::dossier::{
    CommandKind, CorrectionKind, Dossier, Handed, LookupOutcome, Outcome, SeenBy, StopGround,
};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::money::Dong;
use domain::party::Party;
use jiff::civil::Date;

use crate::tasks::TaskWork;

use super::attached::Attached;
use super::scans::NewScan;

/// An order to a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Receive what was filed.
    Accept,
    /// Draft a request to supplement, which somebody else sends.
    DraftSupplement {
        /// Numbers of components.
        components: Vec<u16>,
        /// What is wrong in components that are there, by their numbers.
        corrections: Vec<(u16, String)>,
        /// Why.
        reason: String,
        /// The legal basis of a second request.
        basis: String,
    },
    /// Approve the draft of a request, as who leads the agency.
    ApproveSupplement,
    /// Give the draft of a request back.
    DiscardSupplement {
        /// Why.
        reason: String,
    },
    /// Ask for exactly these components: at once before reception, as drafted afterwards.
    AskSupplement {
        /// Numbers of components.
        components: Vec<u16>,
        /// What is wrong in components that are there, by their numbers.
        corrections: Vec<(u16, String)>,
        /// Why.
        reason: String,
    },
    /// Record what the applicant brought.
    Supply {
        /// What came.
        handed: Vec<Handed>,
        /// Scans of it.
        scans: Vec<NewScan>,
    },
    /// Put scans of components on file, or better ones in their place.
    Scan {
        /// The scans.
        scans: Vec<NewScan>,
    },
    /// Do not receive.
    Decline {
        /// Why.
        reason: String,
    },
    /// Hand over to the agency that decides.
    HandOver,
    /// Give the step to somebody.
    Assign {
        /// To whom.
        to: StaffId,
    },
    /// Draft the result; the document is made from the text where none is given.
    DraftResult {
        /// What it says.
        outcome: Outcome,
        /// The text of the result, or the reason of a refusal; what a document is about.
        summary: String,
        /// A document made elsewhere, a PDF; empty when there is none.
        document: Vec<u8>,
        /// The last day on which it is valid, where the law leaves that to who drafts.
        last_day: Option<Date>,
        /// What goes with it in files of their own.
        attached: Attached,
    },
    /// Finish the step.
    Forward,
    /// Approve the draft by signing it.
    Approve {
        /// The certificate of the key that signed.
        certificate: CertificateId,
        /// The signed document.
        document: Vec<u8>,
    },
    /// Give back to the step before.
    SendBack {
        /// Why.
        reason: String,
    },
    /// Give notice of a financial obligation.
    NoticeObligation {
        /// What for, where to pay.
        notice: String,
        /// How much.
        amount: Option<Dong>,
        /// The last day to pay, where one is set.
        pay_by: Option<Date>,
        /// The notice of the authority that asks for it, a PDF; empty when there is none.
        document: Vec<u8>,
    },
    /// Record that the obligation was met.
    MeetObligation {
        /// Number and day of the receipt.
        proof: String,
        /// The receipt, a PDF; empty when its number and day say enough.
        document: Vec<u8>,
    },
    /// Record that a database did not give what a component says, or gave it wrong.
    RecordLookup {
        /// Number of the component.
        component: u16,
        /// What came of it.
        found: LookupOutcome,
        /// What is to be said about it.
        note: String,
    },
    /// Stop, with the document on file.
    Stop {
        /// On which ground.
        ground: StopGround,
        /// The request or the decision, a PDF; empty when it is missing.
        document: Vec<u8>,
        /// Why.
        reason: String,
    },
    /// Apologise for being late, with a new date.
    Apologise {
        /// Why the result is late.
        reason: String,
        /// The new date; the result is promised for its closing hour.
        until: Date,
    },
    /// Admit to a green lane.
    AdmitToLane {
        /// The lane's code.
        lane: String,
        /// Why it is eligible.
        ground: String,
        /// Code of the project that it is for, where the lane has a list of them; else empty.
        project: String,
    },
    /// Number and issue the result.
    Issue,
    /// Acknowledge that the result is back at the centre.
    AcknowledgeResult,
    /// Return the result.
    Return {
        /// Who took it.
        collector: Collector,
        /// How.
        told: Handout,
    },
    /// Make copies on paper of a result that was issued electronically.
    CopyResult {
        /// How many.
        copies: u16,
        /// For whom and what for.
        asked: String,
    },
    /// Make an electronic copy of a result that there is on paper alone.
    DigitiseResult {
        /// The scan, a PDF; empty when it is missing.
        document: Vec<u8>,
        /// Whether it was compared with the paper.
        compared: bool,
        /// Who of the agency's leaders decided.
        decided_by: Option<StaffId>,
    },
    /// Put the scan of the receipt that was signed on paper on file.
    ScanReceipt {
        /// The scan, a PDF or a picture; empty when it is missing.
        scan: Vec<u8>,
    },
    /// Withdraw at the applicant's request.
    Withdraw {
        /// The signed request, a scan; empty when it is missing.
        request: Vec<u8>,
    },
    /// Close because the applicant did not answer.
    CloseUnanswered,
    /// Open a correction of a result that was issued in error.
    OpenCorrection {
        /// What is done to the result.
        kind: CorrectionKind,
        /// What is wrong with it.
        reason: String,
        /// The apology to the applicant.
        apology: String,
    },
    /// Something becomes of tasks of other agencies.
    Task(TaskWork),
}

/// Who takes a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collector {
    /// The applicant or owner.
    Applicant,
    /// Somebody else.
    Authorised {
        /// Who.
        party: Box<Party>,
        /// Whether the authorisation was shown.
        shown: bool,
        /// The text of the card that was scanned; empty when none was.
        card: String,
    },
    /// Public post.
    Post,
    /// Nobody: sent electronically.
    Electronic,
}

/// What is told of a result handed out, beside who took it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handout {
    /// By what who came proved who that is; none while nothing was seen.
    pub seen: Option<SeenBy>,
    /// The last figures of its number; the whole number does as well.
    pub digits: String,
    /// Who came for an organisation.
    pub name: String,
    /// A telephone number, if one was given.
    pub phone: String,
    /// Components whose paper was given back.
    pub given_back: Vec<u16>,
    /// Why the others stay.
    pub kept_reason: String,
    /// The applicant's later wish to get it in another way than filed.
    pub wish: String,
    /// The signature under the receipt that was drawn on the screen, a PNG; empty where the printed
    /// sheet is signed.
    pub signature: Vec<u8>,
}

impl Order {
    /// The command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Accept => CommandKind::Accept,
            Self::DraftSupplement { .. } => CommandKind::DraftSupplement,
            Self::ApproveSupplement => CommandKind::ApproveSupplement,
            Self::DiscardSupplement { .. } => CommandKind::DiscardSupplement,
            Self::AskSupplement { .. } => CommandKind::AskSupplement,
            Self::Supply { .. } => CommandKind::Supply,
            Self::Scan { .. } => CommandKind::Scan,
            Self::Decline { .. } => CommandKind::Decline,
            Self::HandOver => CommandKind::HandOver,
            Self::Assign { .. } => CommandKind::Assign,
            Self::DraftResult { .. } => CommandKind::DraftResult,
            Self::Approve { .. } => CommandKind::SignResult,
            Self::Forward => CommandKind::Forward,
            Self::SendBack { .. } => CommandKind::SendBack,
            Self::NoticeObligation { .. } => CommandKind::NoticeObligation,
            Self::MeetObligation { .. } => CommandKind::MeetObligation,
            Self::RecordLookup { .. } => CommandKind::RecordLookup,
            Self::Stop { .. } => CommandKind::Stop,
            Self::Apologise { .. } => CommandKind::Apologise,
            Self::AdmitToLane { .. } => CommandKind::AdmitToLane,
            Self::Issue => CommandKind::Issue,
            Self::AcknowledgeResult => CommandKind::AcknowledgeResult,
            Self::Return { .. } => CommandKind::Return,
            Self::CopyResult { .. } => CommandKind::CopyResult,
            Self::DigitiseResult { .. } => CommandKind::DigitiseResult,
            Self::ScanReceipt { .. } => CommandKind::ScanReceipt,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::CloseUnanswered => CommandKind::CloseUnanswered,
            Self::OpenCorrection { .. } => CommandKind::OpenCorrection,
            Self::Task(work) => work.kind(),
        }
    }

    /// The agency whose task it is about, where that agency alone may order it.
    pub(super) fn task_of<'d>(&self, dossier: &'d Dossier) -> Option<&'d UnitId> {
        match self {
            Self::Task(work) => work.agency(dossier),
            _ => None,
        }
    }
}

//! What can be asked of a dossier.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::ids::{CertificateId, DossierId, FileHash, StaffId, TextId, UnitId};
use crate::money::Dong;
use crate::office::Role;
use crate::party::PartyKind;

use super::copies::Digitising;
use super::course::{CorrectionEnd, CorrectionKind, Lookup, Proof, StopGround};
use super::filed::{Filed, Handed, Scan};
use super::handing::Handing;
use super::request::{Asking, Correction};
use super::result::{Attachment, File, Outcome};
use super::state::Receiver;
use super::tasks::TaskAct;

/// A command. Free texts are references: they may name persons and live apart from events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// File a dossier that is judged later (online, by post).
    Submit(Filed),
    /// File and receive at the counter in one act.
    Receive(Filed),
    /// Sign the joint record with which the post hands over what it filed, or what came to it as a
    /// supplement.
    HandByPost(ByPost),
    /// Receive what was filed.
    Accept,
    /// Draft a request to supplement, which somebody else sends.
    DraftSupplement(Asking),
    /// Approve the draft of a request, as who leads the agency; the centre sends it then.
    ApproveSupplement,
    /// Give the draft of a request back.
    DiscardSupplement {
        /// Why.
        reason: Option<TextId>,
    },
    /// Ask for exactly these components: at once before reception, as drafted afterwards.
    AskSupplement {
        /// Numbers of components of the case; none means those of the draft.
        components: Vec<u16>,
        /// What must be put right in components that are there; they are asked for too. None where a
        /// draft says it.
        corrections: Vec<Correction>,
        /// Why.
        reason: Option<TextId>,
    },
    /// Record what the applicant brought.
    Supply {
        /// What came.
        handed: Vec<Handed>,
    },
    /// Record what a database answered.
    RecordLookup(Lookup),
    /// Put the scan of a component on file, or a better one in its place.
    Scan(Scan),
    /// Do not receive.
    Decline {
        /// Why.
        reason: Option<TextId>,
    },
    /// Hand over to the agency that decides.
    HandOver,
    /// Give the current step to somebody.
    Assign {
        /// To whom.
        to: StaffId,
    },
    /// Draft the result.
    DraftResult {
        /// What it says.
        outcome: Outcome,
        /// The document.
        document: Option<File>,
        /// Whether somebody made it elsewhere.
        uploaded: bool,
        /// Abstract, or reason of a refusal.
        summary: Option<TextId>,
        /// The last day on which it is valid, where the law leaves that to who drafts.
        last_day: Option<Date>,
        /// What goes with it in files of their own, in order.
        attachments: Vec<Attachment>,
    },
    /// Sign the draft, at the step of approval.
    SignResult {
        /// The certificate of the key that signed.
        certificate: CertificateId,
        /// The signed document.
        file: File,
        /// The attachments that were read with it, in order.
        attachments: Vec<FileHash>,
    },
    /// Finish the current step; at the step of approval this approves the draft.
    Forward,
    /// Give back to the step before.
    SendBack {
        /// Why.
        reason: Option<TextId>,
    },
    /// Give the step back because the post of its holder ended.
    Release,
    /// Give notice of a financial obligation.
    NoticeObligation(ObligationNotice),
    /// Record that the obligation was met.
    MeetObligation {
        /// What proves it.
        proof: Option<Proof>,
    },
    /// Apologise for being late, with a new date.
    Apologise(Apologising),
    /// Something becomes of tasks of other agencies.
    Task(TaskAct),
    /// Admit to a green lane.
    AdmitToLane(Admitting),
    /// Move to another version of the procedure or process.
    Repin(Repinning),
    /// Issue the result: number, date, seal.
    Issue,
    /// Acknowledge that the result is back at the centre.
    AcknowledgeResult,
    /// Return the result.
    Return {
        /// To whom.
        receiver: Receiver,
        /// How.
        handing: Handing,
    },
    /// Put the scan of the receipt that was signed on paper on file, or a better one in its place.
    ScanReceipt {
        /// The scan; none while nothing was chosen.
        scan: Option<FileHash>,
    },
    /// Make copies on paper of a result that was issued electronically.
    CopyResult {
        /// How many.
        copies: u16,
        /// For whom and what for.
        asked: Option<TextId>,
    },
    /// Make an electronic copy of a result that there is on paper alone.
    DigitiseResult(Digitising),
    /// Withdraw at the applicant's request.
    Withdraw {
        /// The request on file.
        request: Option<FileHash>,
    },
    /// Stop, with the document on file.
    Stop(Stopping),
    /// Close because the applicant did not answer in time.
    CloseUnanswered,
    /// Open a correction of the result; given together with the filing of the linked dossier.
    OpenCorrection(Correcting),
    /// Record how a correction ended; given together with the end of the linked dossier.
    FinishCorrection {
        /// The linked dossier.
        by: DossierId,
        /// How it ended.
        end: CorrectionEnd,
    },
}

/// What the post hands over of one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByPost {
    /// Number of the record.
    pub record: String,
    /// The agent who hands over.
    pub from: StaffId,
    /// The money that she collected for the centre and hands over with the papers; none when none
    /// was collected.
    pub collected: Option<Dong>,
    /// Of a supplement, what came; nothing of what was filed with the dossier.
    pub handed: Vec<Handed>,
}

/// An admission to a green lane, with what the plan asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitting {
    /// The lane's code.
    pub lane: String,
    /// Why it is eligible.
    pub ground: Option<TextId>,
    /// Code of the project that it is for, on the list of the lane.
    pub project: Option<String>,
    /// What the owner is.
    pub owner: PartyKind,
    /// The posts of who decides, or of whom she acts for, at the two agencies.
    pub posts: Vec<Role>,
}

/// A stop to be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopping {
    /// On which ground.
    pub ground: StopGround,
    /// The request or the decision on file.
    pub document: Option<FileHash>,
    /// Why.
    pub reason: Option<TextId>,
}

/// A financial obligation to be noticed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObligationNotice {
    /// What for, where to pay.
    pub text: Option<TextId>,
    /// How much.
    pub amount: Option<Dong>,
    /// The last day to pay, where one is set.
    pub pay_by: Option<Date>,
    /// The notice of the authority that asks for it.
    pub document: Option<FileHash>,
}

/// An apology to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apologising {
    /// Why the result is late.
    pub reason: Option<TextId>,
    /// The new date.
    pub until: DateTime,
    /// Who signs.
    pub signed_by: StaffId,
}

/// A correction to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correcting {
    /// The linked dossier.
    pub by: DossierId,
    /// The agency that files it.
    pub agency: UnitId,
    /// What is done to the result.
    pub kind: CorrectionKind,
    /// What is wrong with it.
    pub reason: Option<TextId>,
    /// The apology to the applicant.
    pub apology: Option<TextId>,
}

/// A move to another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repinning {
    /// Version of the procedure.
    pub procedure_version: u32,
    /// Version of the process.
    pub process_version: u32,
    /// Index of the step to go on at, as the plan of the move maps it.
    pub step: usize,
    /// The move that is taken back, named by its reason; none when the dossier moves on.
    pub undoes: Option<TextId>,
    /// Why.
    pub reason: Option<TextId>,
}

macro_rules! kinds {
    ($($name:ident = $text:literal,)+) => {
        /// The command's name, without its data.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the names are those of the commands")]
        pub enum CommandKind { $($name,)+ }

        impl CommandKind {
            /// Every command, in the order of the permission matrix.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name,)+];

            /// The command's name in addresses and message keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

kinds! {
    Submit = "submit",
    Receive = "receive",
    HandByPost = "hand_by_post",
    Accept = "accept",
    DraftSupplement = "draft_supplement",
    ApproveSupplement = "approve_supplement",
    DiscardSupplement = "discard_supplement",
    AskSupplement = "ask_supplement",
    Supply = "supply",
    RecordLookup = "record_lookup",
    Scan = "scan",
    Decline = "decline",
    HandOver = "hand_over",
    Assign = "assign",
    Release = "release",
    DraftResult = "draft_result",
    SignResult = "sign_result",
    Forward = "forward",
    SendBack = "send_back",
    NoticeObligation = "notice_obligation",
    MeetObligation = "meet_obligation",
    Apologise = "apologise",
    SendTasks = "send_tasks",
    AcceptTask = "accept_task",
    AnswerTask = "answer_task",
    AcknowledgeAnswer = "acknowledge_answer",
    RecallTask = "recall_task",
    LapseTask = "lapse_task",
    AdmitToLane = "admit_to_lane",
    Repin = "repin",
    Issue = "issue",
    AcknowledgeResult = "acknowledge_result",
    Return = "return",
    ScanReceipt = "scan_receipt",
    CopyResult = "copy_result",
    DigitiseResult = "digitise_result",
    Withdraw = "withdraw",
    Stop = "stop",
    CloseUnanswered = "close_unanswered",
    OpenCorrection = "open_correction",
    FinishCorrection = "finish_correction",
}

impl CommandKind {
    /// The command of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Command {
    /// The command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Submit(_) => CommandKind::Submit,
            Self::Receive(_) => CommandKind::Receive,
            Self::HandByPost(_) => CommandKind::HandByPost,
            Self::Accept => CommandKind::Accept,
            Self::DraftSupplement(_) => CommandKind::DraftSupplement,
            Self::ApproveSupplement => CommandKind::ApproveSupplement,
            Self::DiscardSupplement { .. } => CommandKind::DiscardSupplement,
            Self::AskSupplement { .. } => CommandKind::AskSupplement,
            Self::Supply { .. } => CommandKind::Supply,
            Self::RecordLookup(_) => CommandKind::RecordLookup,
            Self::Scan(_) => CommandKind::Scan,
            Self::Decline { .. } => CommandKind::Decline,
            Self::HandOver => CommandKind::HandOver,
            Self::Assign { .. } => CommandKind::Assign,
            Self::DraftResult { .. } => CommandKind::DraftResult,
            Self::SignResult { .. } => CommandKind::SignResult,
            Self::Forward => CommandKind::Forward,
            Self::SendBack { .. } => CommandKind::SendBack,
            Self::Release => CommandKind::Release,
            Self::NoticeObligation(_) => CommandKind::NoticeObligation,
            Self::MeetObligation { .. } => CommandKind::MeetObligation,
            Self::Apologise(_) => CommandKind::Apologise,
            Self::Task(act) => act.kind(),
            Self::AdmitToLane(_) => CommandKind::AdmitToLane,
            Self::Repin(_) => CommandKind::Repin,
            Self::Issue => CommandKind::Issue,
            Self::AcknowledgeResult => CommandKind::AcknowledgeResult,
            Self::Return { .. } => CommandKind::Return,
            Self::ScanReceipt { .. } => CommandKind::ScanReceipt,
            Self::CopyResult { .. } => CommandKind::CopyResult,
            Self::DigitiseResult(_) => CommandKind::DigitiseResult,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::Stop(_) => CommandKind::Stop,
            Self::CloseUnanswered => CommandKind::CloseUnanswered,
            Self::OpenCorrection(_) => CommandKind::OpenCorrection,
            Self::FinishCorrection { .. } => CommandKind::FinishCorrection,
        }
    }
}

//! What can be asked of a dossier, and the world in which it is judged.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::Clock;
use crate::ids::{DossierCode, FileHash, StaffId, TextId};
use crate::office::Unit;
use crate::procedure::Procedure;
use crate::process::Process;

use super::filed::{Filed, Handed};
use super::state::{File, Outcome, Receiver};

/// A command. Free texts are references: they may name persons and live apart from events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// File a dossier that is judged later (online, by post).
    Submit(Filed),
    /// File and receive at the counter in one act.
    Receive(Filed),
    /// Receive what was filed.
    Accept,
    /// Ask for exactly these components.
    AskSupplement {
        /// Numbers of components of the case.
        components: Vec<u16>,
        /// Why.
        reason: Option<TextId>,
    },
    /// Record what the applicant brought.
    Supply {
        /// What came.
        handed: Vec<Handed>,
    },
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
        /// Abstract, or reason of a refusal.
        summary: Option<TextId>,
    },
    /// Finish the current step; at the step of approval this approves the draft.
    Forward,
    /// Give back to the step before.
    SendBack {
        /// Why.
        reason: Option<TextId>,
    },
    /// Give notice of a financial obligation.
    NoticeObligation {
        /// What for, how much.
        notice: Option<TextId>,
    },
    /// Record that the obligation was met.
    MeetObligation,
    /// Issue the result: number, date, seal.
    Issue,
    /// Return the result.
    Return {
        /// To whom.
        receiver: Receiver,
    },
    /// Withdraw at the applicant's request.
    Withdraw {
        /// The request on file.
        request: Option<FileHash>,
    },
    /// Close because the applicant did not answer in time.
    CloseUnanswered,
}

/// The command's name, without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the commands")]
pub enum CommandKind {
    Submit,
    Receive,
    Accept,
    AskSupplement,
    Supply,
    Decline,
    HandOver,
    Assign,
    DraftResult,
    Forward,
    SendBack,
    NoticeObligation,
    MeetObligation,
    Issue,
    Return,
    Withdraw,
    CloseUnanswered,
}

impl CommandKind {
    /// Every command, in the order of the permission matrix.
    pub const ALL: [Self; 17] = [
        Self::Submit,
        Self::Receive,
        Self::Accept,
        Self::AskSupplement,
        Self::Supply,
        Self::Decline,
        Self::HandOver,
        Self::Assign,
        Self::DraftResult,
        Self::Forward,
        Self::SendBack,
        Self::NoticeObligation,
        Self::MeetObligation,
        Self::Issue,
        Self::Return,
        Self::Withdraw,
        Self::CloseUnanswered,
    ];

    /// The command's name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Receive => "receive",
            Self::Accept => "accept",
            Self::AskSupplement => "ask_supplement",
            Self::Supply => "supply",
            Self::Decline => "decline",
            Self::HandOver => "hand_over",
            Self::Assign => "assign",
            Self::DraftResult => "draft_result",
            Self::Forward => "forward",
            Self::SendBack => "send_back",
            Self::NoticeObligation => "notice_obligation",
            Self::MeetObligation => "meet_obligation",
            Self::Issue => "issue",
            Self::Return => "return",
            Self::Withdraw => "withdraw",
            Self::CloseUnanswered => "close_unanswered",
        }
    }

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
            Self::Accept => CommandKind::Accept,
            Self::AskSupplement { .. } => CommandKind::AskSupplement,
            Self::Supply { .. } => CommandKind::Supply,
            Self::Decline { .. } => CommandKind::Decline,
            Self::HandOver => CommandKind::HandOver,
            Self::Assign { .. } => CommandKind::Assign,
            Self::DraftResult { .. } => CommandKind::DraftResult,
            Self::Forward => CommandKind::Forward,
            Self::SendBack { .. } => CommandKind::SendBack,
            Self::NoticeObligation { .. } => CommandKind::NoticeObligation,
            Self::MeetObligation => CommandKind::MeetObligation,
            Self::Issue => CommandKind::Issue,
            Self::Return { .. } => CommandKind::Return,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::CloseUnanswered => CommandKind::CloseUnanswered,
        }
    }
}

/// The world in which a command is judged, gathered by the caller.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Now, fixed once for the whole use case.
    pub now: DateTime,
    /// Who acts.
    pub by: &'a StaffId,
    /// The procedure's version: the one in force when filing, the dossier's own afterwards.
    pub procedure: &'a Procedure,
    /// The version of the internal process, chosen likewise.
    pub process: &'a Process,
    /// Calendar and hours.
    pub clock: &'a Clock<'a>,
    /// The centre that receives, as the register of units knows it; none when it does not.
    pub receiving: Option<&'a Unit>,
    /// The agency that decides, likewise.
    pub competent: Option<&'a Unit>,
    /// Working minutes within which the centre answers what was filed from afar (8 working hours, NĐ
    /// 45/2020/NĐ-CP; a parameter of the province).
    pub answer_within: u32,
    /// The order given by the register: of the dossier in its day, of the result in its year.
    pub number: u32,
}

impl Facts<'_> {
    /// The number of a dossier received now by `unit`.
    pub(crate) fn dossier_code(&self, unit: &crate::ids::UnitId) -> DossierCode {
        DossierCode::new(unit, self.now.date(), self.number)
    }
}

//! What a person orders, before its texts and files become references.

use domain::dossier::{CommandKind, Handed, Outcome};
use domain::ids::StaffId;
use domain::money::Dong;
use domain::party::Party;

/// An order to a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Receive what was filed.
    Accept,
    /// Draft a request to supplement, which somebody else sends.
    DraftSupplement {
        /// Numbers of components.
        components: Vec<u16>,
        /// Why.
        reason: String,
        /// The legal basis of a second request.
        basis: String,
    },
    /// Give the draft of a request back.
    DiscardSupplement {
        /// Why.
        reason: String,
    },
    /// Ask for exactly these components: at once before reception, as drafted afterwards.
    AskSupplement {
        /// Numbers of components.
        components: Vec<u16>,
        /// Why.
        reason: String,
    },
    /// Record what the applicant brought.
    Supply {
        /// What came.
        handed: Vec<Handed>,
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
    /// Draft the result; the document is made from the text.
    DraftResult {
        /// What it says.
        outcome: Outcome,
        /// The text of the result, or the reason of a refusal.
        summary: String,
    },
    /// Finish the step.
    Forward,
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
    },
    /// Record that the obligation was met.
    MeetObligation {
        /// Number and day of the receipt.
        proof: String,
    },
    /// Number and issue the result.
    Issue,
    /// Return the result.
    Return {
        /// Who took it.
        collector: Collector,
    },
    /// Withdraw at the applicant's request.
    Withdraw {
        /// The signed request, a scan; empty when it is missing.
        request: Vec<u8>,
    },
    /// Close because the applicant did not answer.
    CloseUnanswered,
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

impl Order {
    /// The command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Accept => CommandKind::Accept,
            Self::DraftSupplement { .. } => CommandKind::DraftSupplement,
            Self::DiscardSupplement { .. } => CommandKind::DiscardSupplement,
            Self::AskSupplement { .. } => CommandKind::AskSupplement,
            Self::Supply { .. } => CommandKind::Supply,
            Self::Decline { .. } => CommandKind::Decline,
            Self::HandOver => CommandKind::HandOver,
            Self::Assign { .. } => CommandKind::Assign,
            Self::DraftResult { .. } => CommandKind::DraftResult,
            Self::Forward => CommandKind::Forward,
            Self::SendBack { .. } => CommandKind::SendBack,
            Self::NoticeObligation { .. } => CommandKind::NoticeObligation,
            Self::MeetObligation { .. } => CommandKind::MeetObligation,
            Self::Issue => CommandKind::Issue,
            Self::Return { .. } => CommandKind::Return,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::CloseUnanswered => CommandKind::CloseUnanswered,
        }
    }
}

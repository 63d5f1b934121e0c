//! What happened to a dossier beside the steps of its process: what was asked, looked up, promised
//! anew, and who was asked.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{DossierId, FileHash, StaffId, TextId, UnitId};
use crate::money::Dong;
use crate::procedure::{Database, is_false};

use super::handing::{ReceiptScanned, ReceiptSigned};
use super::pins::{FirstPromise, Repinned};
use super::request::SupplementDraft;
use super::tasks::Task;

/// What a dossier carries besides the steps of its process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// Joint records with which the post handed over, before reception, what its agent filed and then
    /// what she was brought as supplements, in order.
    pub posts: Vec<PostRecord>,
    /// Joint records with which the post handed over supplements after reception, in order.
    pub supplied_by_post: Vec<PostRecord>,
    /// Who of the centre acknowledged that the result is back from the agency, and when.
    pub result_back: Option<Acknowledged>,
    /// Until when the dossier was to be handed over to the agency, when that was late.
    pub handed_over_late: Option<DateTime>,
    /// The draft of a request that waits for another to send it.
    pub asking: Option<SupplementDraft>,
    /// When the applicant last supplied what was asked for before reception: from then on the centre
    /// answers anew.
    pub supplied_at: Option<DateTime>,
    /// The stages at which requests were sent; none is before reception.
    pub asked_at: Vec<Option<usize>>,
    /// The last financial obligation.
    pub obligation: Option<Obligation>,
    /// Apologies with a new date, the last one last.
    pub apologies: Vec<Apology>,
    /// Who acknowledged the hand-over from the centre, and when.
    pub acknowledged: Option<Acknowledged>,
    /// Tasks of other agencies.
    pub tasks: Vec<Task>,
    /// The green lane it was admitted to.
    pub lane: Option<Admitted>,
    /// Corrections of its result.
    pub corrections: Vec<Linked>,
    /// Moves to other versions of its procedure or process that were not taken back, the last one
    /// last.
    pub moves: Vec<Repinned>,
    /// The day on which a move last counted the promised time anew; none once the clock ran again.
    pub recounted_on: Option<Date>,
    /// Whether a person signed the document that was issued.
    pub signed: bool,
    /// How the receipt of the result was signed, once it was handed out at a counter.
    pub receipt_signed: Option<ReceiptSigned>,
    /// The receipt that was signed on paper, scanned.
    pub receipt: Option<ReceiptScanned>,
    /// Copies on paper that were made of the result, the last one last.
    pub copies: Vec<super::copies::PaperCopy>,
    /// The result on paper, scanned and compared: its official file is a copy of that.
    pub digitised: Option<super::copies::Digitised>,
    /// What was promised first, while a move to another version promises less.
    pub first: Option<FirstPromise>,
}

/// The joint record of the post and the centre (biên bản giao nhận): both counted and signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRecord {
    /// When it was signed.
    pub at: DateTime,
    /// Its number.
    pub record: String,
    /// Who signed for the centre.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// The agent of the post who handed over.
    pub from: StaffId,
    /// The money that she collected and handed over with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected: Option<Dong>,
    /// Until when the centre answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<DateTime>,
}

/// What a database answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookupOutcome {
    /// It holds what the component says.
    Confirmed,
    /// It did not answer, or does not know the person.
    Failed,
    /// What it holds is wrong.
    Wrong,
}

impl LookupOutcome {
    /// The outcome's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::Wrong => "wrong",
        }
    }

    /// Whether the paper may be asked for after it.
    pub fn opens_the_paper(self) -> bool {
        match self {
            Self::Confirmed => false,
            Self::Failed | Self::Wrong => true,
        }
    }
}

/// A lookup of a component's data (NĐ 224/2026 Điều 18.4), kept with the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// The component's number.
    pub component: u16,
    /// Where it was looked up.
    pub database: Database,
    /// What came of it.
    pub found: LookupOutcome,
    /// What is to be said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<TextId>,
}

/// What becomes of a charge that was paid beforehand, each of its lines by the line's own rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// What is given back.
    pub back: Dong,
    /// What is not.
    pub kept: Dong,
}

/// On which ground a dossier is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopGround {
    /// The applicant asked for it, and the request was considered.
    Request,
    /// The agency decided.
    Decision,
}

/// Why a dossier was stopped, with the document on file (Mẫu 05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopOrder {
    /// On which ground.
    pub ground: StopGround,
    /// The request or the decision.
    pub document: FileHash,
    /// Why.
    pub reason: TextId,
    /// Who ordered it.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
}

/// What proves that an obligation was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum Proof {
    /// A receipt on file.
    File {
        /// Its content.
        file: FileHash,
    },
    /// The number and day of a receipt, in words.
    Note {
        /// The words.
        text: TextId,
    },
}

/// A financial obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// What for.
    pub notice: TextId,
    /// How much; unknown in what was noticed before amounts were kept.
    pub amount: Option<Dong>,
    /// The last day to pay, where one is set.
    pub pay_by: Option<Date>,
    /// The notice of the authority that asks for it.
    pub document: Option<FileHash>,
    /// What proves that it was met.
    pub proof: Option<Proof>,
}

/// An apology with a new date (Mẫu 04). The date promised first stays what statistics count by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apology {
    /// When it was made.
    pub at: DateTime,
    /// Why the result is late.
    pub reason: TextId,
    /// The new date.
    pub until: DateTime,
    /// Who signed.
    pub signed_by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// Whether it came after the legal date, when the law wants it before.
    pub late: bool,
    /// Whether the new date keeps the legal one, so that only the shorter published date of a green
    /// lane is missed: the apology that the law asks for is still to come, should that one be missed
    /// too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub within_law: bool,
    /// Number and symbol of the letter; none when it was made without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// A financial obligation, as it was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// When.
    pub at: DateTime,
    /// What for, how much.
    pub notice: TextId,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Dong>,
    /// The last day to pay, where one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_by: Option<Date>,
    /// The notice of the authority that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<FileHash>,
}

/// A hand-over to the agency that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: StaffId,
    /// To which agency.
    pub to: UnitId,
    /// Index of the step that begins.
    pub step: usize,
    /// When that step's clock ends.
    pub step_due: DateTime,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// Until when it was to be handed over (NĐ 118/2025/NĐ-CP Điều 18), when that was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<DateTime>,
}

/// Who acknowledged a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// When.
    pub at: DateTime,
    /// Who.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
}

/// Admission to a green lane: a second, published date beside the legal one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// When.
    pub at: DateTime,
    /// The lane's code.
    pub lane: String,
    /// Why it is eligible.
    pub ground: TextId,
    /// Code of the project that it is for, where the lane has a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The published time.
    pub limit: Limit,
    /// The published date.
    pub due: DateTime,
    /// Who decided.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
}

/// What a correction does to a result that was issued in error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionKind {
    /// It is amended.
    Amend,
    /// It is withdrawn.
    Withdraw,
    /// Another takes its place.
    Replace,
}

impl CorrectionKind {
    /// The kind's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amend => "amend",
            Self::Withdraw => "withdraw",
            Self::Replace => "replace",
        }
    }
}

/// The dossier whose result a new one corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrects {
    /// Which dossier.
    pub dossier: DossierId,
    /// What is done to its result.
    pub kind: CorrectionKind,
    /// What is wrong with it.
    pub reason: TextId,
}

/// A correction of a dossier's result, seen from the dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The dossier of the correction.
    pub by: DossierId,
    /// What it does to the result.
    pub kind: CorrectionKind,
    /// When it was opened.
    pub opened_at: DateTime,
    /// When it was done.
    pub done_at: Option<DateTime>,
    /// When it ended without effect: refused, stopped or withdrawn.
    pub dropped_at: Option<DateTime>,
}

impl Linked {
    /// Whether it is under way.
    pub fn is_open(&self) -> bool {
        self.done_at.is_none() && self.dropped_at.is_none()
    }
}

/// How a correction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionEnd {
    /// Granted: the result is corrected.
    Done,
    /// Refused, stopped or withdrawn: the result stands as it was issued.
    Dropped,
}

impl Course {
    /// Whether the receipt was signed on paper and its scan is not on file.
    pub fn lacks_receipt(&self) -> bool {
        self.receipt_signed == Some(ReceiptSigned::Paper) && self.receipt.is_none()
    }

    /// The correction that is under way.
    pub fn correction_open(&self) -> Option<&Linked> {
        self.corrections
            .iter()
            .rev()
            .find(|linked| linked.is_open())
    }

    /// The newest correction by which the result was amended: it holds, together with that.
    pub fn amended(&self) -> Option<&Linked> {
        let amends =
            |linked: &&Linked| linked.kind == CorrectionKind::Amend && linked.done_at.is_some();
        self.corrections.iter().rev().find(amends)
    }

    /// The correction by which the result was withdrawn, or replaced by another: what was issued
    /// first is handed out no more.
    pub fn superseded(&self) -> Option<&Linked> {
        let gone = |linked: &&Linked| {
            let ends = matches!(
                linked.kind,
                CorrectionKind::Withdraw | CorrectionKind::Replace
            );
            ends && linked.done_at.is_some()
        };
        self.corrections.iter().rev().find(gone)
    }
}

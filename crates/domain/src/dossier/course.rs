//! What happened to a dossier beside the steps of its process: what was asked, looked up, promised
//! anew, and who was asked.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{DossierId, FileHash, StaffId, TextId};
use crate::money::Dong;
use crate::procedure::{Database, RefundRule};

use super::request::SupplementDraft;
use super::tasks::Task;

/// What a dossier carries besides the steps of its process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// The joint record with which the post handed it over.
    pub post: Option<PostRecord>,
    /// The draft of a request that waits for another to send it.
    pub asking: Option<SupplementDraft>,
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
    /// The last move to another version of its procedure or process.
    pub repinned: Option<Repinned>,
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

/// Whether what was paid is given back, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Whether it is.
    pub due: bool,
    /// The rule of the charge.
    pub rule: RefundRule,
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
    /// Whether it came after the promised time, when the law wants it before.
    pub late: bool,
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
}

/// What a dossier is held to: versions, place in the process, dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pins {
    /// Version of the procedure.
    pub procedure_version: u32,
    /// Version of the process.
    pub process_version: u32,
    /// Index of the step.
    pub step: usize,
    /// The limit promised.
    pub limit: Option<Limit>,
    /// The time promised.
    pub due: Option<DateTime>,
    /// When the step's own clock ends.
    pub step_due: DateTime,
}

/// A move to another version of the procedure or of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repinned {
    /// When.
    pub at: DateTime,
    /// Why: the decision, the job.
    pub reason: TextId,
    /// Who.
    pub by: StaffId,
    /// What held before.
    pub old: Pins,
    /// What holds now.
    pub new: Pins,
}

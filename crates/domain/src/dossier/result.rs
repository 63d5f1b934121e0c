//! A result: as it is drafted, signed and issued.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::ids::{CertificateId, FileHash, StaffId, TextId, UnitId};
use crate::procedure::{Term, Validity, is_false};

/// A stored file as events name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Content hash.
    pub hash: FileHash,
    /// Size in bytes.
    pub bytes: u64,
}

/// What the result says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What was asked for is granted.
    Granted,
    /// It is refused in writing; that too is a result (NĐ 61/2018 Điều 19.8).
    Refused,
}

/// A paper that goes with the result in a file of its own (phụ lục, văn bản kèm theo; NĐ 30/2020/NĐ-CP
/// Phụ lục I).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is called.
    pub title: TextId,
    /// The file as the draft named it and the approver read it.
    pub document: File,
    /// The file with the agency's seal; none until it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<File>,
}

/// A draft of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it says.
    pub outcome: Outcome,
    /// The document.
    pub document: File,
    /// Whether somebody made it elsewhere; otherwise it is laid out from the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub uploaded: bool,
    /// Its abstract (trích yếu), or the reason of a refusal.
    pub summary: TextId,
    /// How long the result will be valid; none where nothing says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Term>,
    /// Who drafted.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// What goes with the document in files of their own, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// The signature of a person under a draft of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// The certificate of the key that signed.
    pub certificate: CertificateId,
    /// The signed document: the draft with its signer, without number and date.
    pub file: File,
    /// The attachments that she read and approved with it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<FileHash>,
    /// The agency in whose name, when it took the dossier over from the one it was filed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<UnitId>,
    /// Until when what she signed is to be issued (KQ-06); none where no calendar was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_by: Option<DateTime>,
}

/// An issued result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// What it says.
    pub outcome: Outcome,
    /// The document as it was approved: signed by the person, or as drafted where the procedure
    /// gives no result on paper.
    pub document: File,
    /// The official document, which bears number, date and signer; none until it is made, which is
    /// recorded apart from the settlement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<File>,
    /// What goes with the document in files of their own, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Number and symbol (số, ký hiệu), continuous in the agency's year.
    pub number: String,
    /// When it was issued.
    pub at: DateTime,
    /// Who approved it.
    pub approved_by: StaffId,
    /// How long it is valid; none where nothing says so, as in what was issued before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Validity>,
    /// Until when it was to be issued, as it was signed (KQ-06); none where nobody signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_by: Option<DateTime>,
    /// When the agency sealed it, or the document without a seal was made; none until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<DateTime>,
}

impl Issued {
    /// Whether the agency sealed all of it: the document and each attachment.
    pub fn is_sealed(&self) -> bool {
        self.official.is_some() && self.attachments.iter().all(|one| one.official.is_some())
    }
}

//! The sheets: one struct a form, one field a line on paper.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::parts::{
    ComponentLine, Contact, FeeTerms, Guidance, HandoverLine, Heading, Papers, Promise, Signer,
};

/// Mẫu 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The head.
    pub heading: Heading,
    /// Who handed the dossier in.
    pub applicant: Contact,
    /// What is asked for: the procedure's name, and its case.
    pub request: String,
    /// Whose dossier it is, when somebody else handed it in.
    pub owner: Option<Contact>,
    /// When the fee is collected.
    pub fee: FeeTerms,
    /// What was handed in.
    pub papers: Papers,
    /// Sets handed in (số lượng hồ sơ).
    pub sets: u16,
    /// Limit, reception and due time.
    pub promise: Promise,
    /// Where the result is received.
    pub delivery: String,
    /// Name of the official who received the dossier.
    pub receiver: String,
}

/// Mẫu 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// The head.
    pub heading: Heading,
    /// Number of the slip, `12/HDHS`.
    pub number: Option<String>,
    /// Who handed the dossier in.
    pub applicant: Contact,
    /// What is asked for.
    pub request: String,
    /// What is to be added or completed.
    pub components: Vec<ComponentLine>,
    /// Why.
    pub reason: String,
    /// What the request does to the due time, and until when to answer.
    pub clock: Option<String>,
    /// Who may be asked; also the name under NGƯỜI HƯỚNG DẪN.
    pub guidance: Guidance,
}

/// Mẫu 03, phiếu từ chối tiếp nhận, giải quyết hồ sơ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The head.
    pub heading: Heading,
    /// Number of the slip.
    pub number: Option<String>,
    /// Who handed the dossier in.
    pub applicant: Contact,
    /// What is asked for.
    pub request: String,
    /// Why it is refused, and what to do instead.
    pub reason: String,
    /// The instrument and article behind the reason.
    pub basis: Option<String>,
    /// Who may be asked.
    pub guidance: Guidance,
    /// Name of the official who refuses.
    pub receiver: String,
}

/// Mẫu 04, văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apology {
    /// The head: of the agency that is late.
    pub heading: Heading,
    /// Number in the agency's book; left open on paper until it is given.
    pub number: Option<String>,
    /// Symbol after the number, `XL-UBND`.
    pub symbol: String,
    /// To whom.
    pub applicant: Contact,
    /// What is asked for.
    pub request: String,
    /// When the dossier was received.
    pub received: DateTime,
    /// The time promised first.
    pub due: DateTime,
    /// The agency that is late.
    pub late: String,
    /// Why.
    pub reason: String,
    /// The new time.
    pub until: DateTime,
    /// Where the result is received.
    pub delivery: String,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it (nơi nhận), a line each.
    pub recipients: Vec<String>,
}

/// Mẫu 05, thông báo dừng giải quyết hồ sơ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The head: of the agency that stops.
    pub heading: Heading,
    /// Number in the agency's book; left open on paper until it is given.
    pub number: Option<String>,
    /// Symbol after the number, `XL-UBND`.
    pub symbol: String,
    /// Who handed the dossier in.
    pub applicant: Contact,
    /// Whose dossier it is, when somebody else handed it in.
    pub owner: Option<Contact>,
    /// What is asked for.
    pub request: String,
    /// When the dossier was received.
    pub received: DateTime,
    /// On which ground, in words.
    pub ground: String,
    /// The instrument and article behind it.
    pub basis: Option<String>,
    /// Why.
    pub reason: String,
    /// The papers that are given back.
    pub papers: Vec<ComponentLine>,
    /// Whether what was paid is given back; none where nothing was charged.
    pub refund: Option<String>,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it (nơi nhận), a line each.
    pub recipients: Vec<String>,
}

/// Giấy biên nhận trả kết quả.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// The head.
    pub heading: Heading,
    /// The procedure, and its case.
    pub request: String,
    /// Whose dossier it is.
    pub owner: Contact,
    /// Who took the result; none when it went by post or by wire.
    pub collector: Option<Contact>,
    /// In which capacity, or how it went.
    pub how: String,
    /// Kind of the result.
    pub kind: String,
    /// Its number; none when it has none.
    pub number: Option<String>,
    /// What it is about (trích yếu).
    pub subject: String,
    /// When it was given.
    pub at: DateTime,
    /// Who gave it.
    pub giver: String,
}

/// One row of a dossier's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressLine {
    /// Order in the table, from 1.
    pub number: u32,
    /// When.
    pub at: DateTime,
    /// Who.
    pub sender: String,
    /// What was done.
    pub act: String,
    /// To whom it went.
    pub receiver: String,
    /// Until when it had to be done from there on.
    pub until: Option<DateTime>,
}

/// Quá trình xử lý hồ sơ: every step of a dossier so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The head.
    pub heading: Heading,
    /// The procedure, and its case.
    pub request: String,
    /// Whose dossier it is, by name.
    pub owner: String,
    /// What happened, in order of time.
    pub rows: Vec<ProgressLine>,
}

/// Mẫu 06, phiếu kiểm soát quá trình giải quyết hồ sơ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// The head.
    pub heading: Heading,
    /// What is asked for.
    pub request: String,
    /// Who handed the dossier in.
    pub applicant: Contact,
    /// Whose dossier it is, when somebody else handed it in.
    pub owner: Option<Contact>,
    /// Limit, reception and due time.
    pub promise: Promise,
    /// When the result must be back at the centre.
    pub back_by: Option<DateTime>,
    /// What was handed in.
    pub components: Vec<ComponentLine>,
    /// The hand-overs so far, in order of time.
    pub handovers: Vec<HandoverLine>,
}

/// A plain result document in the layout of Nghị định 30/2020/NĐ-CP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultLetter {
    /// The head.
    pub heading: Heading,
    /// Number in the agency's book; left open on paper until it is given.
    pub number: Option<String>,
    /// Symbol after the number, `QĐ-UBND`.
    pub symbol: String,
    /// Kind of document, `Giấy xác nhận`; printed in capitals.
    pub kind: String,
    /// What it is about (trích yếu).
    pub subject: String,
    /// Whom it is addressed to.
    pub addressee: String,
    /// The text, a paragraph each.
    pub body: Vec<String>,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it (nơi nhận), a line each.
    pub recipients: Vec<String>,
}

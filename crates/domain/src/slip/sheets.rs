//! The sheets: one struct a form, one field a line on paper.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::money::Dong;

use super::parts::{
    ComponentLine, Contact, CorrectionLine, FeeTerms, Guidance, HandoverLine, Heading, Papers,
    Promise, Signer,
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
    /// What is wrong in those that were handed in.
    #[serde(default)]
    pub corrections: Vec<CorrectionLine>,
    /// Why.
    pub reason: String,
    /// The legal basis, which a second request names.
    #[serde(default)]
    pub basis: Option<String>,
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
    /// What becomes of what was paid; none where nothing was paid beforehand.
    #[serde(default)]
    pub refund: Option<String>,
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
    /// The old appointment: what the applicant was promised, in a green lane the published date.
    pub due: DateTime,
    /// The limit of the law, where the applicant was promised less.
    pub legal: Option<DateTime>,
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
    /// When the dossier was filed.
    pub filed: DateTime,
    /// When it was received; none when it ended before.
    pub received: Option<DateTime>,
    /// On which ground, in words.
    pub ground: String,
    /// The instrument and article behind it.
    pub basis: Option<String>,
    /// Why.
    pub reason: String,
    /// The papers that are given back.
    pub papers: Vec<ComponentLine>,
    /// What becomes of what was paid; none where nothing was paid beforehand.
    pub refund: Option<String>,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it (nơi nhận), a line each.
    pub recipients: Vec<String>,
}

/// Thư xin lỗi, handed over with a result that was corrected (NĐ 61/2018 Điều 21.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// The head: of the agency that erred, or its successor.
    pub heading: Heading,
    /// Number in the agency's book; left open on paper until it is given.
    pub number: Option<String>,
    /// Symbol after the number, `XL-H56.14`.
    pub symbol: String,
    /// To whom.
    pub applicant: Contact,
    /// What was asked for.
    pub request: String,
    /// Number and symbol of the result that was wrong.
    pub result: String,
    /// When it was issued.
    pub issued: DateTime,
    /// What was wrong with it.
    pub wrong: String,
    /// What was done to it, in words.
    pub done: String,
    /// Number of the linked dossier.
    pub by: String,
    /// Number and symbol of the document that corrects.
    pub mended: String,
    /// The apology.
    pub apology: String,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it (nơi nhận), a line each.
    pub recipients: Vec<String>,
}

/// The form of a copy on paper (NĐ 30/2020/NĐ-CP, Phụ lục I phần II), below the pages of the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCopy {
    /// The head: of the agency that copies.
    pub heading: Heading,
    /// What stands on it, `SAO Y`.
    pub copy_form: String,
    /// Number in the agency's register of copies.
    pub number: String,
    /// Symbol after the number, `SY-H56.14`.
    pub symbol: String,
    /// What was copied: what it is called.
    pub kind: String,
    /// Its number and symbol.
    pub original: String,
    /// The day on which it was issued.
    pub issued: DateTime,
    /// How many copies were made.
    pub copies: u16,
    /// Who signs.
    pub signer: Signer,
    /// Who receives it (nơi nhận), a line each.
    pub recipients: Vec<String>,
}

/// Thông báo thực hiện nghĩa vụ tài chính: what is to be paid before the work goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The head.
    pub heading: Heading,
    /// To whom.
    pub applicant: Contact,
    /// Whose dossier it is, when somebody else handed it in.
    pub owner: Option<Contact>,
    /// What is asked for.
    pub request: String,
    /// The agency that asks for it.
    pub agency: String,
    /// What for, and where to pay, as the official wrote it.
    pub text: String,
    /// How much.
    pub amount: Option<Dong>,
    /// The last day to pay, in words; none when none is known.
    pub pay_by: Option<String>,
    /// How to pay and what to bring back, a line each.
    pub how: Vec<String>,
    /// What waiting for it does to the due time.
    pub clock: String,
    /// Who may be asked; also the name under the notice.
    pub guidance: Guidance,
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
    /// How many attachments in files of their own go with it.
    #[serde(default)]
    pub attachments: u16,
    /// When it was given.
    pub at: DateTime,
    /// Who gave it.
    pub giver: String,
    /// What was seen of who came, and with what it was compared.
    #[serde(default)]
    pub seen: Option<String>,
    /// The applicant's later wish, where it goes in another way than filed.
    #[serde(default)]
    pub wish: Option<String>,
    /// Papers that were given back.
    #[serde(default)]
    pub given_back: Vec<ComponentLine>,
    /// Papers that stay.
    #[serde(default)]
    pub kept: Vec<ComponentLine>,
    /// Why they stay.
    #[serde(default)]
    pub kept_reason: Option<String>,
    /// How who received signed; none where nobody came.
    #[serde(default)]
    pub signed: Option<String>,
    /// The signature that was drawn on the screen, a PNG; empty where the sheet is signed.
    #[serde(skip)]
    pub signature: Vec<u8>,
}

/// Phiếu gửi hồ sơ of the public post (QĐ 45/2016/QĐ-TTg Điều 6 khoản 4), signed by both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostSlip {
    /// The head: of the post office.
    pub heading: Heading,
    /// Its number, by which the joint record names it.
    pub number: String,
    /// Who sends.
    pub sender: Contact,
    /// Whose dossier it is, when somebody else sends it.
    pub owner: Option<Contact>,
    /// The centre that receives.
    pub centre: String,
    /// The agency that decides.
    pub agency: String,
    /// The procedure, and its case.
    pub request: String,
    /// The papers.
    pub components: Vec<ComponentLine>,
    /// When the fee is collected.
    pub fee: FeeTerms,
    /// The money that the agent collected; none before she says so.
    pub collected: Option<Dong>,
    /// When it was handed to the post.
    pub at: DateTime,
    /// Number of the joint record on which it stands; none before there is one.
    pub record: Option<String>,
    /// The agent of the post.
    pub agent: String,
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
    /// Whether it is about to be signed: number, day and both signatures are fields then, which are
    /// filled one after the other.
    pub to_sign: bool,
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

//! The forms, and a slip as one of them.

use serde::{Deserialize, Serialize};

use super::lists::{Handover, Register};
use super::parts::Heading;
use super::sheets::{
    Apology, Collection, Control, Mended, PaperCopy, Payment, PostSlip, Progress, Receipt, Refusal,
    ResultLetter, Stop, Supplement,
};
use crate::ids::DossierCode;
use crate::text::fold;

/// The papers that are frozen once an event has asked for them: the forms of TT 03/2025/TT-VPCP
/// Phụ lục I for one dossier, the receipt for a returned result, the apology for one that was issued
/// in error, the notice of a financial obligation, and a copy of the result on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Mẫu 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    Receipt,
    /// Mẫu 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    Supplement,
    /// Mẫu 03, phiếu từ chối tiếp nhận, giải quyết hồ sơ.
    Refusal,
    /// Mẫu 04, văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết.
    Apology,
    /// Mẫu 05, thông báo dừng giải quyết hồ sơ.
    Stop,
    /// Mẫu 06, phiếu kiểm soát quá trình giải quyết hồ sơ.
    Control,
    /// Giấy biên nhận trả kết quả, which has no number among the forms.
    Collection,
    /// Thư xin lỗi về sai sót của kết quả, which has none either.
    Mended,
    /// Thông báo thực hiện nghĩa vụ tài chính, which has none either.
    Payment,
    /// Bản sao y of the result on paper, which has none either.
    PaperCopy,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 10] = [
        Self::Receipt,
        Self::Supplement,
        Self::Refusal,
        Self::Apology,
        Self::Stop,
        Self::Control,
        Self::Collection,
        Self::Mended,
        Self::Payment,
        Self::PaperCopy,
    ];

    /// The form's number, two digits; of a paper without one, the name that stands for it in
    /// addresses and on record.
    pub fn number(self) -> &'static str {
        match self {
            Self::Receipt => "01",
            Self::Supplement => "02",
            Self::Refusal => "03",
            Self::Apology => "04",
            Self::Stop => "05",
            Self::Control => "06",
            Self::Collection => "bien-nhan",
            Self::Mended => "thu-xin-loi",
            Self::Payment => "nghia-vu",
            Self::PaperCopy => "sao-y",
        }
    }

    /// The form of that number.
    pub fn parse(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.number() == number)
    }
}

/// One printed paper with everything it says. A slip is frozen: what it says never changes after
/// it was issued, so it holds words and times, no references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "slip", rename_all = "snake_case")]
pub enum Slip {
    /// Mẫu 01.
    Receipt(Receipt),
    /// Mẫu 02.
    Supplement(Supplement),
    /// Mẫu 03.
    Refusal(Refusal),
    /// Mẫu 04.
    Apology(Apology),
    /// Mẫu 05.
    Stop(Stop),
    /// Mẫu 06.
    Control(Control),
    /// Mẫu 07, one volume.
    Register(Register),
    /// Giấy biên nhận trả kết quả.
    Collection(Collection),
    /// Thư xin lỗi về sai sót của kết quả.
    Mended(Mended),
    /// Thông báo thực hiện nghĩa vụ tài chính.
    Payment(Payment),
    /// Bản sao y.
    PaperCopy(PaperCopy),
    /// Quá trình xử lý hồ sơ.
    Progress(Progress),
    /// Dossiers or results that go from hand to hand.
    Handover(Handover),
    /// Phiếu gửi hồ sơ of the public post.
    PostSlip(PostSlip),
    /// A plain result document, for procedures without a template of their own.
    ResultLetter(ResultLetter),
}

impl Slip {
    /// The number that the law gives to the form, or `None` for a paper that is no form of the
    /// one-stop rules.
    pub fn form_number(&self) -> Option<&'static str> {
        match self {
            Self::Receipt(_) => Some(Form::Receipt.number()),
            Self::Supplement(_) => Some(Form::Supplement.number()),
            Self::Refusal(_) => Some(Form::Refusal.number()),
            Self::Apology(_) => Some(Form::Apology.number()),
            Self::Stop(_) => Some(Form::Stop.number()),
            Self::Control(_) => Some(Form::Control.number()),
            Self::Register(_) => Some("07"),
            Self::Collection(_)
            | Self::Mended(_)
            | Self::Payment(_)
            | Self::PaperCopy(_)
            | Self::Progress(_)
            | Self::Handover(_)
            | Self::PostSlip(_)
            | Self::ResultLetter(_) => None,
        }
    }

    /// The dossier's number as text; empty before reception.
    pub fn code(&self) -> &str {
        self.heading().code.as_ref().map_or("", DossierCode::as_str)
    }

    /// What every paper carries.
    pub fn heading(&self) -> &Heading {
        match self {
            Self::Receipt(slip) => &slip.heading,
            Self::Supplement(slip) => &slip.heading,
            Self::Refusal(slip) => &slip.heading,
            Self::Apology(slip) => &slip.heading,
            Self::Stop(slip) => &slip.heading,
            Self::Control(slip) => &slip.heading,
            Self::Register(slip) => &slip.heading,
            Self::Collection(slip) => &slip.heading,
            Self::Mended(slip) => &slip.heading,
            Self::Payment(slip) => &slip.heading,
            Self::PaperCopy(slip) => &slip.heading,
            Self::Progress(slip) => &slip.heading,
            Self::Handover(slip) => &slip.heading,
            Self::PostSlip(slip) => &slip.heading,
            Self::ResultLetter(slip) => &slip.heading,
        }
    }

    /// The same paper, whose QR code leads to where it is verified.
    #[must_use]
    pub fn leading_to(mut self, address: String) -> Self {
        self.heading_mut().verification = Some(address);
        self
    }

    fn heading_mut(&mut self) -> &mut Heading {
        match self {
            Self::Receipt(slip) => &mut slip.heading,
            Self::Supplement(slip) => &mut slip.heading,
            Self::Refusal(slip) => &mut slip.heading,
            Self::Apology(slip) => &mut slip.heading,
            Self::Stop(slip) => &mut slip.heading,
            Self::Control(slip) => &mut slip.heading,
            Self::Register(slip) => &mut slip.heading,
            Self::Collection(slip) => &mut slip.heading,
            Self::Mended(slip) => &mut slip.heading,
            Self::Payment(slip) => &mut slip.heading,
            Self::PaperCopy(slip) => &mut slip.heading,
            Self::Progress(slip) => &mut slip.heading,
            Self::Handover(slip) => &mut slip.heading,
            Self::PostSlip(slip) => &mut slip.heading,
            Self::ResultLetter(slip) => &mut slip.heading,
        }
    }

    /// The paper's name in sentence case, as the law writes it.
    pub fn title(&self) -> &str {
        match self {
            Self::Receipt(_) => "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            Self::Supplement(_) => "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
            Self::Refusal(_) => "Phiếu từ chối tiếp nhận, giải quyết hồ sơ",
            Self::Apology(_) => "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
            Self::Stop(_) => "Thông báo dừng giải quyết hồ sơ",
            Self::Control(_) => "Phiếu kiểm soát quá trình giải quyết hồ sơ",
            Self::Register(_) => "Sổ theo dõi hồ sơ",
            Self::Collection(_) => "Giấy biên nhận trả kết quả",
            Self::Mended(_) => "Thư xin lỗi",
            Self::Payment(_) => "Thông báo thực hiện nghĩa vụ tài chính",
            Self::PaperCopy(_) => "Sao y",
            Self::Progress(_) => "Quá trình xử lý hồ sơ",
            Self::Handover(slip) => slip.what.title(),
            Self::PostSlip(_) => "Phiếu gửi hồ sơ",
            Self::ResultLetter(slip) => &slip.kind,
        }
    }

    /// What the QR code at the top left says (TT 01/2023/TT-VPCP): the public address at which the
    /// paper is verified, or its progress tracked, and after `#`, where no server sees it, the
    /// procedure's code and the number of the form, or the paper's name in plain letters. The
    /// dossier's number stands in the barcode; the person's is left out: a paper is photographed by
    /// anyone, and the number says nothing that the dossier does not. All is short: long texts make
    /// modules too fine to be read from paper. A list is of no one procedure.
    pub fn qr_text(&self) -> String {
        let heading = self.heading();
        let name = match (self, self.form_number()) {
            (Self::ResultLetter(_), _) => "ket-qua".to_owned(),
            (Self::PaperCopy(_), _) => Form::PaperCopy.number().to_owned(),
            (Self::Payment(_), _) => Form::Payment.number().to_owned(),
            (Self::Mended(_), _) => "xin-loi".to_owned(),
            (Self::Collection(_), _) => Form::Collection.number().to_owned(),
            (_, Some(number)) => number.to_owned(),
            (_, None) => fold(self.title())
                .replace([' ', ','], "-")
                .replace("--", "-"),
        };
        let verification = heading.verification.as_ref();
        let link = verification.unwrap_or(&heading.tracking);
        let procedure = heading.procedure.as_ref();
        let procedure = procedure.map_or_else(String::new, |code| format!("tthc={code}&"));
        format!("{link}#{procedure}giay={name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ProcedureCode;
    use crate::slip::{Heading, Signer};

    fn letter() -> Slip {
        Slip::ResultLetter(ResultLetter {
            heading: Heading {
                superior: None,
                agency: "UBND phường Hạc Thành".to_owned(),
                place: "Hạc Thành".to_owned(),
                at: jiff::civil::date(2026, 11, 22).at(8, 0, 0, 0),
                code: DossierCode::parse("H56.14-261122-0001").ok(),
                procedure: ProcedureCode::parse("2.000815").ok(),
                tracking: "https://dvc.example/tra-cuu/H56.14-261122-0001".to_owned(),
                verification: None,
            },
            number: None,
            symbol: "GXN-UBND".to_owned(),
            to_sign: false,
            kind: "Giấy xác nhận".to_owned(),
            subject: String::new(),
            addressee: String::new(),
            body: Vec::new(),
            signer: Signer {
                authority: None,
                post: String::new(),
                name: String::new(),
            },
            recipients: Vec::new(),
        })
    }

    #[test]
    fn the_qr_text_is_an_address_of_plain_characters() {
        let text = letter().qr_text();
        assert_eq!(
            text,
            "https://dvc.example/tra-cuu/H56.14-261122-0001#tthc=2.000815&giay=ket-qua"
        );
        assert!(text.is_ascii());
        let token = "AFpS2dQCk3pF0a9nJ8sOqkzMkT1vYlQ7cQd1".to_owned();
        let verified = letter().leading_to(format!("https://dvc.example/xac-thuc/{token}"));
        assert_eq!(
            verified.qr_text(),
            format!(
                "https://dvc.example/xac-thuc/{token}#tthc=2.000815&\
                 giay=ket-qua"
            )
        );
    }

    #[test]
    fn a_result_letter_is_no_legal_form() {
        assert_eq!(letter().form_number(), None);
        assert_eq!(Form::parse("06"), Some(Form::Control));
        assert_eq!(Form::parse("6"), None);
        assert_eq!(Form::parse("bien-nhan"), Some(Form::Collection));
    }
}

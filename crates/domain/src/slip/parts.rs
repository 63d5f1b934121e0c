//! The parts that sheets are made of.

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

use crate::ids::{DossierCode, ProcedureCode};
use crate::money::Dong;
use crate::text::fold;

/// The head of every paper: who issues it, where and when, and for which dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The superior agency, `UBND phường Hạc Thành`; printed in capitals.
    pub superior: Option<String>,
    /// The issuing agency, `Trung tâm Phục vụ hành chính công phường Hạc Thành`; printed in bold
    /// capitals.
    pub agency: String,
    /// The place in the line of place and date, `Hạc Thành`.
    pub place: String,
    /// When the paper was made.
    pub at: DateTime,
    /// The dossier's number; none before reception.
    pub code: Option<DossierCode>,
    /// The procedure; none on a list of many.
    pub procedure: Option<ProcedureCode>,
    /// The whole public address that shows the dossier's progress, its number included; on a list,
    /// where it is kept.
    pub tracking: String,
    /// The whole public address at which the paper is verified, to which its QR code leads; none on
    /// papers that are not kept, whose code leads to the progress.
    pub verification: Option<String>,
}

/// A person or organisation as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Full name.
    pub name: String,
    /// Address.
    pub address: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Number of the identity paper, masked unless the law wants it whole.
    pub identity: Option<String>,
}

/// One row of the table of components.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentLine {
    /// Order in the table, from 1.
    pub number: u16,
    /// What the paper is called.
    pub name: String,
    /// Originals handed in or asked for.
    pub originals: u16,
    /// Certified copies.
    pub certified: u16,
    /// Plain copies.
    pub photocopies: u16,
}

/// What must be put right in a component that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionLine {
    /// The component's order in the table, from 1.
    pub number: u16,
    /// What the paper is called.
    pub name: String,
    /// What is wrong, and what it should say.
    pub what: String,
}

/// One row of the certification variant of Form 01.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificationLine {
    /// Order in the table, from 1.
    pub number: u16,
    /// What the paper is called.
    pub name: String,
    /// Pages of one copy.
    pub pages: u16,
    /// Copies to certify.
    pub copies: u16,
    /// Fee of the line.
    pub fee: Dong,
}

/// The table of what was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "lines", rename_all = "snake_case")]
pub enum Papers {
    /// The ordinary table.
    Components(Vec<ComponentLine>),
    /// Chứng thực: pages, copies and fee a line.
    Certification(Vec<CertificationLine>),
}

/// When a fee is collected (hình thức thu phí, lệ phí).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", content = "amount", rename_all = "snake_case")]
pub enum FeeTerms {
    /// Thu trước, and how much was paid.
    Before(Dong),
    /// Thu sau, and how much when it is known.
    After(Option<Dong>),
    /// Miễn phí.
    Free,
}

/// What was promised, and how the days were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The limit in words, `5 ngày làm việc`.
    pub limit: String,
    /// When the dossier was received.
    pub received: DateTime,
    /// When the result is due; none when the procedure has no published limit.
    pub due: Option<DateTime>,
    /// The strip of days, from reception to the due day; empty when there is nothing to count.
    pub strip: Vec<StripCell>,
}

/// One day of the strip of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripCell {
    /// Short weekday, `T2` to `T7` or `CN`.
    pub weekday: String,
    /// Day of the month.
    pub day: i8,
    /// The word at the foot: `nhận`, `nghỉ lễ`, `1`, `3 · trả`.
    pub label: String,
    /// What the day is to the count.
    pub role: StripRole,
}

impl StripCell {
    /// The cell of a date.
    pub fn new(date: Date, label: impl Into<String>, role: StripRole) -> Self {
        Self {
            weekday: short_weekday(date.weekday()).to_owned(),
            day: date.day(),
            label: label.into(),
            role,
        }
    }
}

/// What a day of the strip is to the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripRole {
    /// Something was received.
    Start,
    /// A counted day.
    Counted,
    /// A day off.
    Off,
    /// The clock stood still.
    Paused,
    /// Counted once, then void.
    Void,
    /// The promise.
    Due,
    /// None of these.
    Plain,
}

/// Who may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guidance {
    /// Web site.
    pub website: Option<String>,
    /// The official's name.
    pub official: String,
    /// The official's telephone number.
    pub phone: Option<String>,
}

/// Whether a step ended before, at or after its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Punctuality {
    /// Trước hạn.
    Early,
    /// Đúng hạn.
    OnTime,
    /// Quá hạn.
    Late,
}

/// One row of the table GIAO/NHẬN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverLine {
    /// The agency or unit that received the dossier.
    pub agency: String,
    /// When it was handed over.
    pub at: DateTime,
    /// When the receiver acknowledged it; none before that.
    pub received: Option<DateTime>,
    /// How the giver kept its time; `None` while nothing was to be kept.
    pub outcome: Option<Punctuality>,
    /// A note.
    pub note: String,
    /// Who gave.
    pub giver: String,
    /// Who received.
    pub receiver: String,
}

/// Who signs a result document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The right to sign, `TM. Ủy ban nhân dân` or `KT. Chủ tịch`; printed in capitals.
    pub authority: Option<String>,
    /// The post, `Phó Chủ tịch`; printed in capitals.
    pub post: String,
    /// Full name.
    pub name: String,
}

impl Signer {
    /// The signer with that title, as papers name it (NĐ 30/2020/NĐ-CP, Phụ lục I): the post alone,
    /// since the head names the agency; a deputy signs for the head, `KT. Chủ tịch`.
    pub fn titled(title: &str, name: String) -> Self {
        let deputy = title.strip_prefix("Phó ");
        let post = head_of(deputy.unwrap_or(title));
        match deputy {
            None => Self {
                authority: None,
                post,
                name,
            },
            Some(_) => Self {
                authority: Some(format!("KT. {post}")),
                post: format!("Phó {post}"),
                name,
            },
        }
    }
}

/// The post without its agency: `Chủ tịch` of `Chủ tịch UBND phường`, `Trưởng phòng` of `Trưởng
/// phòng Kinh tế`. A title of another kind stays whole.
fn head_of(title: &str) -> String {
    const HEADS: [&str; 8] = [
        "Chủ tịch",
        "Giám đốc",
        "Trưởng phòng",
        "Trưởng ban",
        "Chánh Văn phòng",
        "Chi cục trưởng",
        "Cục trưởng",
        "Viện trưởng",
    ];
    let known = HEADS
        .into_iter()
        .find(|head| fold(title).starts_with(&fold(head)));
    known.unwrap_or(title).to_owned()
}

fn short_weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "T2",
        Weekday::Tuesday => "T3",
        Weekday::Wednesday => "T4",
        Weekday::Thursday => "T5",
        Weekday::Friday => "T6",
        Weekday::Saturday => "T7",
        Weekday::Sunday => "CN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deputy_signs_for_the_head() {
        let signer = |title| Signer::titled(title, "Lê Thị Hoa".to_owned());
        let chairman = signer("Chủ tịch UBND phường");
        assert_eq!(
            (chairman.authority, chairman.post.as_str()),
            (None, "Chủ tịch")
        );
        let deputy = signer("Phó Chủ tịch UBND phường Hạc Thành");
        assert_eq!(deputy.authority.as_deref(), Some("KT. Chủ tịch"));
        assert_eq!(deputy.post, "Phó Chủ tịch");
        let of_department = signer("Phó giám đốc Sở");
        assert_eq!(of_department.authority.as_deref(), Some("KT. Giám đốc"));
        assert_eq!(signer("Thẩm kế viên").post, "Thẩm kế viên");
    }

    #[test]
    fn a_strip_cell_names_its_weekday() {
        let friday = StripCell::new(jiff::civil::date(2026, 11, 27), "3 · trả", StripRole::Due);
        assert_eq!((friday.weekday.as_str(), friday.day), ("T6", 27));
        let sunday = StripCell::new(jiff::civil::date(2026, 11, 29), "", StripRole::Off);
        assert_eq!(sunday.weekday, "CN");
    }
}

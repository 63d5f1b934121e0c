//! What a slip says: plain data. How it looks is no business of this crate.

use serde::{Deserialize, Serialize};

/// The forms of TT 03/2025/TT-VPCP Phụ lục I that the first moves of a dossier need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Mẫu 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    Receipt,
    /// Mẫu 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    Supplement,
    /// Mẫu 03, phiếu từ chối tiếp nhận, giải quyết hồ sơ.
    Refusal,
    /// Mẫu 06, phiếu kiểm soát quá trình giải quyết hồ sơ.
    Control,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Receipt, Self::Supplement, Self::Refusal, Self::Control];

    /// The form's number, two digits.
    pub fn number(self) -> &'static str {
        match self {
            Self::Receipt => "01",
            Self::Supplement => "02",
            Self::Refusal => "03",
            Self::Control => "06",
        }
    }

    /// The form of that number.
    pub fn parse(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.number() == number)
    }
}

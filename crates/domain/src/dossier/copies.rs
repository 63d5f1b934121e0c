//! Copies of a result with the value of the original (NĐ 30/2020/NĐ-CP Điều 25 to 27): what was
//! printed from the electronic document, and the electronic copy of what there is on paper alone.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::ids::{FileHash, StaffId, TextId};

use super::result::File;

/// The forms of a copy. One register of the year numbers them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// Sao y: the whole, from the original.
    #[default]
    Whole,
    /// Sao lục: the whole, from a copy.
    Relayed,
    /// Trích sao: a part.
    Extract,
}

impl CopyForm {
    /// What stands on the copy, in capitals.
    pub fn title(self) -> &'static str {
        match self {
            Self::Whole => "SAO Y",
            Self::Relayed => "SAO LỤC",
            Self::Extract => "TRÍCH SAO",
        }
    }

    /// Its sign in the symbol after the number (Phụ lục III).
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Whole => "SY",
            Self::Relayed => "SL",
            Self::Extract => "TrS",
        }
    }
}

/// Copies on paper that were printed from the electronic original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCopy {
    /// When.
    pub at: DateTime,
    /// Who decided, and signs them.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// Which form.
    #[serde(default)]
    pub form: CopyForm,
    /// Number and symbol in the register of copies.
    pub number: String,
    /// How many.
    pub copies: u16,
    /// The electronic original.
    pub of: FileHash,
    /// For whom and what for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<TextId>,
}

/// A result on paper that was scanned and compared with its original, to become an electronic copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digitised {
    /// When.
    pub at: DateTime,
    /// Who compared it with the paper.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// Which form.
    #[serde(default)]
    pub form: CopyForm,
    /// Who decided that it is copied.
    pub decided_by: StaffId,
    /// The scan, without any signature.
    pub scan: File,
}

/// The scan of a result to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digitising {
    /// The scan; none while nothing was chosen.
    pub scan: Option<File>,
    /// Whether it was compared with the original on paper.
    pub compared: bool,
    /// The head of the agency, or who is authorised, who decided; none while nobody is named.
    pub decided_by: Option<StaffId>,
}

//! How a result was handed out: whose identity was seen, which papers went back with it, how the
//! receipt was signed. No personal data, only references.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::ids::{FileHash, TextId};

use super::state::Receiver;

/// By what the one who came proved who that is (NĐ 118/2025/NĐ-CP Điều 22; the card, its chip and
/// VNeID say the personal identification number).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenBy {
    /// Thẻ căn cước, read by eye or by its code.
    Card,
    /// The chip of the card.
    Chip,
    /// VNeID on the telephone.
    Vneid,
    /// Hộ chiếu.
    Passport,
}

impl SeenBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Card, Self::Chip, Self::Vneid, Self::Passport];

    /// Its name in forms and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Chip => "chip",
            Self::Vneid => "vneid",
            Self::Passport => "passport",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == name)
    }

    /// Whether it says the personal identification number.
    pub fn says_citizen_number(self) -> bool {
        self != Self::Passport
    }
}

/// What comes of comparing the paper that was shown with the person on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// Its last figures are those of the number on file.
    Same,
    /// The file has no number of that kind: whoever hands out compared the name.
    ByName,
    /// It is another number.
    Other,
}

/// An identity that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// By what.
    pub by: SeenBy,
    /// Whether it is who may take the result.
    pub compared: Compared,
    /// The last figures of the paper that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<TextId>,
    /// Who came, where that is not who is on file: whoever acts for an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<TextId>,
    /// A telephone number that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<TextId>,
}

/// How the receipt was signed by who received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "on")]
pub enum ReceiptSigned {
    /// On the printed sheet.
    Paper,
    /// On the screen.
    Screen {
        /// The drawing, a PNG.
        file: FileHash,
    },
}

/// The receipt that was signed on paper, scanned into the dossier after the return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptScanned {
    /// When.
    pub at: DateTime,
    /// The scan, a PDF.
    pub file: FileHash,
}

/// A result that was returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// When.
    pub at: DateTime,
    /// To whom.
    pub receiver: Receiver,
    /// How.
    #[serde(default, skip_serializing_if = "Handing::is_untold")]
    pub handing: Handing,
}

/// How a result was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Handing {
    /// Whose identity was seen at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// Components whose paper was given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_back: Vec<u16>,
    /// Components whose paper stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<u16>,
    /// Why they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_reason: Option<TextId>,
    /// The applicant's wish, uttered later than the filing, to get the result in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<TextId>,
    /// How the receipt was signed; none where nobody stood at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptSigned>,
}

impl Handing {
    /// Whether nothing is told of it, as in the first releases of the event.
    fn is_untold(&self) -> bool {
        *self == Self::default()
    }
}

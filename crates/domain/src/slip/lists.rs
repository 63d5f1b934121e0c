//! Papers about many dossiers: the register and the lists that go with what is handed over.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::parts::Heading;
use crate::money::Dong;

/// One row of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterLine {
    /// Number in the year, from 1, without gaps.
    pub number: u32,
    /// The dossier's number.
    pub code: String,
    /// The procedure.
    pub procedure: String,
    /// Sets handed in.
    pub sets: u16,
    /// Whose dossier it is.
    pub owner: String,
    /// Address and telephone number.
    pub address: String,
    /// The agency that decides.
    pub agency: String,
    /// When it was received.
    pub received: DateTime,
    /// When the result is due.
    pub due: Option<DateTime>,
    /// When it went to the agency that decides.
    pub forwarded: Option<DateTime>,
    /// When the result came from there.
    pub settled: Option<DateTime>,
    /// When the result was returned.
    pub returned: Option<DateTime>,
    /// How, and to whom.
    pub taken: String,
    /// A note.
    pub note: String,
}

/// Mẫu 07, sổ theo dõi hồ sơ: one volume of a centre's book of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// The head.
    pub heading: Heading,
    /// The year.
    pub year: i16,
    /// Which volume, from 1.
    pub volume: u32,
    /// The first day of the book.
    pub opened: Date,
    /// When the book was closed; none while it is open.
    pub closed: Option<DateTime>,
    /// Entries of the whole book, so far or at its close.
    pub entries: u32,
    /// Who closed the book; empty while it is open.
    pub closer: String,
    /// The volume's entries.
    pub rows: Vec<RegisterLine>,
}

/// What a list of hand-over is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverKind {
    /// Dossiers, from the centre to the agency that decides.
    Dossiers,
    /// Results, from the agency to the centre.
    Results,
    /// Dossiers that the post brings to the centre (QĐ 45/2016/QĐ-TTg Điều 7).
    FromPost,
    /// Results that the centre gives to the post (QĐ 45/2016/QĐ-TTg Điều 9).
    ToPost,
}

impl HandoverKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Dossiers, Self::Results, Self::FromPost, Self::ToPost];

    /// The kind's name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dossiers => "dossiers",
            Self::Results => "results",
            Self::FromPost => "from_post",
            Self::ToPost => "to_post",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The paper's name.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Dossiers => "Phiếu bàn giao hồ sơ",
            Self::Results => "Phiếu bàn giao kết quả",
            Self::FromPost => "Biên bản giao nhận hồ sơ qua bưu chính",
            Self::ToPost => "Biên bản giao nhận kết quả qua bưu chính",
        }
    }
}

/// One row of a list of hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverItem {
    /// Order in the table, from 1.
    pub number: u32,
    /// The dossier's number; empty before reception.
    pub code: String,
    /// Number of the post's slip, which goes with the papers; empty where there is none.
    pub slip: String,
    /// The procedure.
    pub procedure: String,
    /// The result's kind and number, or the papers of the dossier.
    pub what: String,
    /// Whose dossier it is.
    pub owner: String,
    /// Address.
    pub address: String,
    /// Whether a fee is to be collected still.
    pub fee: bool,
    /// The money that goes with it.
    pub collected: Option<Dong>,
    /// Whether the result goes by post.
    pub post: bool,
}

/// Dossiers or results that go from hand to hand, signed by both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The head.
    pub heading: Heading,
    /// What it is for.
    pub what: HandoverKind,
    /// Who gives: the agency or service.
    pub from: String,
    /// Who receives.
    pub to: String,
    /// The list's own number; none where it has none.
    pub number: Option<String>,
    /// When both sides signed; none where that is written by hand.
    pub signed: Option<DateTime>,
    /// The person who gives; empty where the name is written by hand.
    pub giver: String,
    /// The person who receives; empty where the name is written by hand.
    pub receiver: String,
    /// What is handed over.
    pub rows: Vec<HandoverItem>,
    /// Numbers of the slips that were listed and not handed over, because they waited no more when the
    /// list was signed.
    #[serde(default)]
    pub struck: Vec<String>,
}

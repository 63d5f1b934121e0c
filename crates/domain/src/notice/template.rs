//! The text of a notice, with places for what is known of its dossier.

use std::collections::BTreeMap;

use super::kind::{Channel, Kind};
use super::length::{shortened, without_marks};

macro_rules! placeholders {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $longest:literal;)+) => {
        /// A place of a template, `{ma_ho_so}`. Nothing else of a dossier can be said.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Placeholder { $($(#[$doc])* $name,)+ }

        impl Placeholder {
            /// Every place.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name between the braces.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// A value as long as real ones are; what a preview shows and a length is counted by.
            pub fn example(self) -> &'static str {
                match self { $(Self::$name => $longest,)+ }
            }
        }
    };
}

placeholders! {
    /// Number of the dossier.
    Code = "ma_ho_so", "H56.112-261123-0001";
    /// Name of the procedure.
    Procedure = "thu_tuc", "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan có thẩm quyền cấp";
    /// The centre or agency that speaks.
    Unit = "don_vi", "Trung tâm Phục vụ hành chính công phường Hạc Thành";
    /// The agency that decides.
    Agency = "co_quan", "Sở Nông nghiệp và Môi trường tỉnh Thanh Hóa";
    /// Who received it, or handles it now.
    Handler = "nguoi_xu_ly", "Nguyễn Thị Hồng Nhung";
    /// When it was received.
    ReceivedAt = "tiep_nhan", "08:40 23/11/2026";
    /// When it happened.
    At = "thoi_diem", "10:42 23/11/2026";
    /// The promised time, or the new one.
    Due = "hen_tra", "17:00 27/11/2026";
    /// Until when the centre answers what was filed online.
    ReplyBy = "han_phan_hoi", "16:00 24/11/2026";
    /// Until when the applicant answers.
    AnswerBy = "han_bo_sung", "17:00 27/11/2026";
    /// The public page on which the dossier is followed.
    Link = "tra_cuu", "https://motcua.thanhhoa.gov.vn/tra-cuu/H56.112-261123-0001";
}

impl Placeholder {
    /// The place of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|place| place.as_str() == name)
    }

    /// Whether a notice of that kind knows a value for it.
    pub fn is_known_to(self, kind: Kind) -> bool {
        match self {
            Self::Code
            | Self::Procedure
            | Self::Unit
            | Self::Agency
            | Self::Handler
            | Self::At
            | Self::Link => true,
            Self::ReceivedAt => !matches!(
                kind,
                Kind::Filed
                    | Kind::SupplementAsked
                    | Kind::Declined
                    | Kind::ClosedUnanswered
                    | Kind::Withdrawn
                    | Kind::Stopped
            ),
            Self::Due => matches!(
                kind,
                Kind::Received
                    | Kind::Transferred
                    | Kind::Apology
                    | Kind::DateMoved
                    | Kind::ObligationNoticed
            ),
            Self::ReplyBy => kind == Kind::Filed,
            Self::AnswerBy => kind == Kind::SupplementAsked,
        }
    }

    /// The places that a notice of that kind must have by that channel. What is told before reception
    /// has no number yet. A mail that says where a dossier stands says all that NĐ 224/2026 Điều 15
    /// wants: agency, receiver or handler, times.
    pub fn required_by(kind: Kind, channel: Channel) -> &'static [Self] {
        match (kind, channel) {
            (Kind::Received, Channel::Mail) => &[
                Self::Code,
                Self::Unit,
                Self::Agency,
                Self::Handler,
                Self::ReceivedAt,
                Self::Due,
            ],
            (Kind::Transferred, Channel::Mail) => {
                &[Self::Code, Self::Agency, Self::ReceivedAt, Self::Due]
            }
            (Kind::Filed, _) => &[Self::Procedure, Self::Unit, Self::ReplyBy],
            (Kind::Transferred, _) => &[Self::Code, Self::Agency],
            (Kind::Received | Kind::Apology | Kind::DateMoved, _) => {
                &[Self::Code, Self::Unit, Self::Due]
            }
            (Kind::SupplementAsked, _) => &[Self::Procedure, Self::Unit, Self::AnswerBy],
            (Kind::Declined | Kind::ClosedUnanswered | Kind::Withdrawn | Kind::Stopped, _) => {
                &[Self::Procedure, Self::Unit]
            }
            (
                Kind::ObligationNoticed
                | Kind::ResultEarly
                | Kind::ResultReady
                | Kind::ResultRefused
                | Kind::Returned
                | Kind::HandedToPost
                | Kind::Corrected,
                _,
            ) => &[Self::Code, Self::Unit],
        }
    }

    /// Characters of its value in a text message or to a social network.
    fn width(self) -> usize {
        match self {
            Self::Procedure => 60,
            Self::Unit | Self::Agency => 55,
            Self::Code
            | Self::Handler
            | Self::ReceivedAt
            | Self::At
            | Self::Due
            | Self::ReplyBy
            | Self::AnswerBy => 30,
            Self::Link => 200,
        }
    }
}

/// A part of a template that is edited by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The subject of a mail; the provider's number of a text that it approved beforehand.
    Subject,
    /// The text; for a social network, one `parameter=value` a line.
    Body,
}

impl Field {
    /// The field's name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
        }
    }
}

/// The words of a notice on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What it tells.
    pub kind: Kind,
    /// By what it travels.
    pub channel: Channel,
    /// Subject, or number of the approved text; empty for text messages.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// What is known of a dossier, for the places of a template.
pub type Values = BTreeMap<Placeholder, String>;

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A place with the name between its braces, and the byte at which it begins.
    Place(&'a str, usize),
    /// A brace that is not closed, or closes nothing.
    Loose(usize),
}

/// Takes a text apart.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0_usize;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(found) = rest.find(['{', '}']) else {
            pieces.push(Piece::Words(rest));
            break;
        };
        pieces.extend(rest.get(..found).map(Piece::Words));
        let start = at.saturating_add(found);
        let inner = rest.get(found..).and_then(|rest| rest.strip_prefix('{'));
        let name = inner.and_then(|inner| inner.split_once('}')).map(|n| n.0);
        if let Some(name) = name.filter(|name| !name.contains(['{', '\n'])) {
            pieces.push(Piece::Place(name, start));
            at = start.saturating_add(name.len()).saturating_add(2);
        } else {
            pieces.push(Piece::Loose(start));
            at = start.saturating_add(1);
        }
    }
    pieces
}

/// The template with its places filled: subject and text. A text message written without marks is
/// sent without marks, whatever the values have; there and on social networks long names are
/// shortened. A place without a value stays empty.
pub fn render(template: &Template, values: &Values) -> (String, String) {
    let short = template.channel != Channel::Mail;
    let bare = template.channel == Channel::Sms && template.body.is_ascii();
    let value = |name: &str| {
        let place = Placeholder::parse(name);
        let value = place.and_then(|place| Some((place, values.get(&place)?)));
        let text = value.map(|(place, value)| {
            if short {
                shortened(value, place.width())
            } else {
                value.clone()
            }
        });
        let text = text.unwrap_or_default();
        if bare { without_marks(&text) } else { text }
    };
    let filled = |text: &str| {
        let pieces = pieces(text).into_iter().map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Place(name, _) => value(name),
            Piece::Loose(_) => String::new(),
        });
        pieces.collect::<String>()
    };
    (filled(&template.subject), filled(&template.body))
}

impl Template {
    /// The template filled with examples: what a preview shows.
    pub fn example(&self) -> (String, String) {
        let values = Placeholder::ALL
            .iter()
            .map(|place| (*place, place.example().to_owned()));
        render(self, &values.collect())
    }
}

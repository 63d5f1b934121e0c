//! Persons and organisations, their numbers, and the text on an identity card's QR code.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::tidy;

/// Personal identification number, 12 digits (Luật Căn cước 2023).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenNumber(String);

/// Why a text is no personal identification number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// Not twelve characters.
    #[error("{0} digits instead of 12")]
    Length(usize),
    /// Something else than digits.
    #[error("not only digits")]
    NotDigits,
}

impl CitizenNumber {
    /// Parses twelve digits; blanks between them are forgiven.
    ///
    /// # Errors
    /// [`BadNumber`] with what is there now.
    pub fn parse(raw: &str) -> Result<Self, BadNumber> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadNumber::NotDigits);
        }
        if digits.len() != 12 {
            return Err(BadNumber::Length(digits.len()));
        }
        Ok(Self(digits))
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As shown on screens: `0381****2028`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

impl TryFrom<String> for CitizenNumber {
    type Error = BadNumber;
    fn try_from(text: String) -> Result<Self, BadNumber> {
        Self::parse(&text)
    }
}

impl From<CitizenNumber> for String {
    fn from(number: CitizenNumber) -> String {
        number.0
    }
}

/// Keeps the first and last four characters of a number and hides the rest.
pub fn mask(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let shown = 4.min(chars.len() / 3);
    let head: String = chars.iter().take(shown).collect();
    let tail: String = chars
        .iter()
        .skip(chars.len().saturating_sub(shown))
        .collect();
    format!("{head}****{tail}")
}

/// A telephone number of Viet Nam in one spelling, `0912345678`; blanks, dots and hyphens are
/// forgiven, and `+84`. None when the text is no such number.
pub fn phone_number(raw: &str) -> Option<String> {
    let digits: String = raw
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-'))
        .collect();
    let local = digits
        .strip_prefix("+84")
        .map_or(digits.clone(), |rest| format!("0{rest}"));
    let plausible = local.starts_with('0')
        && (9..=11).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_digit());
    plausible.then_some(local)
}

/// Sex as cards print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// The earliest year of a birth: what is written with fewer digits is a slip of the scanner.
const EARLIEST: i16 = 1000;

/// A date of birth as far as the papers know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Birth {
    /// A whole date.
    Day(Date),
    /// Only the year.
    Year(i16),
}

impl Birth {
    /// As written: `14/08/1996` or `1996`.
    pub fn written(self) -> String {
        match self {
            Self::Day(d) => format!("{:02}/{:02}/{}", d.day(), d.month(), d.year()),
            Self::Year(year) => year.to_string(),
        }
    }

    /// Parses `14/08/1996`, `14081996`, `1996`, `00081996`, or nothing.
    ///
    /// # Errors
    /// `()` when the text is there but is no real date.
    pub fn parse(raw: &str) -> Result<Option<Self>, NotADate> {
        let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
        let number =
            |range: std::ops::Range<usize>| digits.get(range).and_then(|t| t.parse::<i16>().ok());
        match (raw.trim().is_empty(), digits.len()) {
            (true, _) => Ok(None),
            (false, 4) => {
                let year = number(0..4).filter(|year| *year >= EARLIEST);
                year.map(|year| Some(Self::Year(year))).ok_or(NotADate)
            }
            (false, 8) => {
                let (Some(d), Some(m), Some(y)) = (number(0..2), number(2..4), number(4..8)) else {
                    return Err(NotADate);
                };
                if y < EARLIEST {
                    return Err(NotADate);
                }
                if d == 0 {
                    return Ok(Some(Self::Year(y)));
                }
                let month = i8::try_from(m).map_err(|_| NotADate)?;
                let day = i8::try_from(d).map_err(|_| NotADate)?;
                Date::new(y, month, day)
                    .map(|d| Some(Self::Day(d)))
                    .map_err(|_| NotADate)
            }
            (false, _) => Err(NotADate),
        }
    }
}

/// The text names no date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the calendar")]
pub struct NotADate;

/// What a party is (LoaiDoiTuong of the national exchange).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 1, người dân.
    Citizen,
    /// 2, doanh nghiệp.
    Enterprise,
    /// 3, cơ quan nhà nước.
    StateAgency,
    /// 4, tổ chức khác.
    Organisation,
}

impl PartyKind {
    /// The name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Enterprise => "enterprise",
            Self::StateAgency => "state_agency",
            Self::Organisation => "organisation",
        }
    }
}

/// The record of a person or organisation. It is mutable, and never part of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// What it is.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
    /// Personal identification number, tax code or passport, when known.
    pub number: Option<String>,
    /// Birth, of persons.
    pub birth: Option<Birth>,
    /// Sex, of persons.
    pub sex: Option<Sex>,
    /// Permanent address or seat.
    pub address: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Electronic mail.
    pub email: Option<String>,
}

/// What the QR code of an identity card says (cards since 2021: seven fields joined by `|`; cards
/// since 1 July 2024 add fields after them, which are ignored).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardScan {
    /// Personal identification number.
    pub number: CitizenNumber,
    /// Full name, in NFC.
    pub name: String,
    /// Birth as far as printed.
    pub birth: Option<Birth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Permanent address.
    pub address: String,
    /// Day of issue.
    pub issued: Option<Date>,
}

/// Why a scanned text is not a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCard {
    /// Fewer than six fields.
    #[error("{0} fields, a card has at least 6")]
    Fields(usize),
    /// The first field is no personal number.
    #[error("bad personal number: {0}")]
    Number(#[from] BadNumber),
    /// The name is empty or has digits or `?` in it: an input method changed the keys.
    #[error("the name is garbled")]
    Name,
    /// A date that is not of the calendar.
    #[error(transparent)]
    Date(#[from] NotADate),
}

impl CardScan {
    /// Reads the text a hand scanner types.
    ///
    /// # Errors
    /// [`BadCard`], which tells what to mend: scan again, or switch the input method off.
    pub fn parse(raw: &str) -> Result<Self, BadCard> {
        let fields: Vec<String> = raw.split('|').map(tidy).collect();
        if fields.len() < 6 {
            return Err(BadCard::Fields(fields.len()));
        }
        let field = |n: usize| fields.get(n).map_or("", String::as_str);
        let name = field(2).to_owned();
        if name.is_empty() || name.chars().any(|c| c.is_ascii_digit() || c == '?') {
            return Err(BadCard::Name);
        }
        let issued = match Birth::parse(field(6))? {
            Some(Birth::Day(day)) => Some(day),
            Some(Birth::Year(_)) | None => None,
        };
        Ok(Self {
            number: CitizenNumber::parse(field(0))?,
            name,
            birth: Birth::parse(field(3))?,
            sex: match field(4) {
                "Nam" => Some(Sex::Male),
                "Nữ" => Some(Sex::Female),
                _ => None,
            },
            address: field(5).to_owned(),
            issued,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_telephone_has_one_spelling() {
        for raw in ["0912345678", "0912 345 678", "+84 912.345-678"] {
            assert_eq!(phone_number(raw).as_deref(), Some("0912345678"), "{raw}");
        }
        for raw in ["", "912345678", "09123", "0912345678a", "038199000017"] {
            assert_eq!(phone_number(raw), None, "{raw}");
        }
    }

    const CARD: &str =
        "038199000017||Nguyễn Thị An|31121999|Nữ|Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa|01012022";

    #[test]
    fn a_card_fills_the_applicant_in() {
        let card = CardScan::parse(&format!("{CARD}\r\n")).unwrap();
        assert_eq!(card.number.masked(), "0381****0017");
        assert_eq!(card.name, "Nguyễn Thị An");
        assert_eq!(card.birth.unwrap().written(), "31/12/1999");
        assert_eq!(card.sex, Some(Sex::Female));
        assert_eq!(card.issued, Some(jiff::civil::date(2022, 1, 1)));
    }

    #[test]
    fn newer_cards_with_more_fields_and_older_ones_with_fewer_are_read() {
        assert!(CardScan::parse(&format!("{CARD}|990000017|Nguyễn Văn Ba|Lê Thị Tư")).is_ok());
        let six = CARD.rsplit_once('|').unwrap().0;
        assert_eq!(CardScan::parse(six).unwrap().issued, None);
        let year = CARD.replace("31121999", "1999");
        assert_eq!(
            CardScan::parse(&year).unwrap().birth,
            Some(Birth::Year(1999))
        );
    }

    #[test]
    fn a_year_is_written_as_it_is_read() {
        for raw in ["0001", "00010996", "14080096", "0000"] {
            assert_eq!(Birth::parse(raw), Err(NotADate), "{raw}");
        }
        for raw in ["1996", "14/08/1996"] {
            assert_eq!(Birth::parse(raw).unwrap().unwrap().written(), raw);
        }
    }

    #[test]
    fn a_garbled_card_is_refused_with_its_fault() {
        assert_eq!(CardScan::parse("038199000017|An"), Err(BadCard::Fields(2)));
        assert_eq!(
            CardScan::parse(&CARD.replace("Thị", "Th5")),
            Err(BadCard::Name)
        );
        assert_eq!(
            CardScan::parse(&CARD.replace("31121999", "31022000")),
            Err(BadCard::Date(NotADate))
        );
        assert_eq!(
            CardScan::parse(&CARD.replace("038199000017", "03819900001")),
            Err(BadCard::Number(BadNumber::Length(11)))
        );
    }
}

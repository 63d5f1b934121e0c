//! The number that a party is found again by: what the law gives to whom.

use domain::party::{BadNumber, CitizenNumber, PartyKind};
use domain::text::tidy;

use crate::no::Fault;

/// The longest identifier of an agency (QĐ 20/2020/QĐ-TTg), in characters.
const LONGEST: usize = 35;

/// The number of a person or organisation, in one spelling:
///
/// - a citizen's personal number of 12 digits, old identity card of 9, or passport of one or two
///   letters and six to eight digits;
/// - an enterprise's tax code of 10 digits, with a branch's three behind it (TT 86/2024/TT-BTC);
/// - an agency's or another organisation's tax code or identifier, when it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyNumber(String);

impl PartyNumber {
    /// Reads the number of a party of this kind; blanks are forgiven. None where an organisation
    /// gives none.
    ///
    /// # Errors
    /// The fault, at `field`.
    pub fn parse(kind: PartyKind, raw: &str, field: &'static str) -> Result<Option<Self>, Fault> {
        let joined: String = raw.split_whitespace().collect();
        match kind {
            PartyKind::Citizen => citizen(&joined).map(Some),
            PartyKind::Enterprise if is_tax_code(&joined) => Ok(Some(joined)),
            PartyKind::Enterprise => Err(Fault::new(field, "fault.tax_code")),
            PartyKind::StateAgency | PartyKind::Organisation => identifier(raw),
        }
        .map(|number| number.map(Self))
        .map_err(|fault| Fault { field, ..fault })
    }
}

impl From<PartyNumber> for String {
    fn from(number: PartyNumber) -> Self {
        number.0
    }
}

/// The field is put in by the caller.
fn fault(key: &'static str) -> Fault {
    Fault::new("number", key)
}

fn citizen(raw: &str) -> Result<String, Fault> {
    if raw.is_empty() {
        return Err(fault("fault.number_missing"));
    }
    if raw.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return passport(raw).ok_or_else(|| fault("fault.passport"));
    }
    match CitizenNumber::parse(raw) {
        Ok(number) => Ok(number.into()),
        Err(BadNumber::Length(9)) => Ok(raw.to_owned()),
        Err(BadNumber::Length(there)) => Err(fault("fault.number_length").with("there", &there)),
        Err(BadNumber::NotDigits) => Err(fault("fault.number_digits")),
    }
}

fn passport(raw: &str) -> Option<String> {
    let digits = raw.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = raw.len() - digits.len();
    let good = (1..=2).contains(&letters) && (6..=8).contains(&digits.len()) && all_digits(digits);
    good.then(|| raw.to_ascii_uppercase())
}

fn is_tax_code(raw: &str) -> bool {
    let (firm, branch) = raw.split_once('-').unwrap_or((raw, "000"));
    firm.len() == 10 && branch.len() == 3 && all_digits(firm) && all_digits(branch)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn identifier(raw: &str) -> Result<Option<String>, Fault> {
    let text = tidy(raw);
    if text.chars().count() > LONGEST {
        return Err(fault("fault.long").with("most", &LONGEST));
    }
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(kind: PartyKind, raw: &str) -> Result<Option<String>, &'static str> {
        match PartyNumber::parse(kind, raw, "owner_number") {
            Ok(number) => Ok(number.map(String::from)),
            Err(fault) => {
                assert_eq!(fault.field, "owner_number");
                Err(fault.key)
            }
        }
    }

    #[test]
    fn each_kind_has_its_numbers() {
        use PartyKind::{Citizen, Enterprise, Organisation, StateAgency};
        for (kind, raw, number) in [
            (Citizen, "0381 9900 0017", "038199000017"),
            (Citizen, "172345678", "172345678"),
            (Citizen, "c1234567", "C1234567"),
            (Citizen, "AB123456", "AB123456"),
            (Enterprise, "2800 123 456", "2800123456"),
            (Enterprise, "2800123456-001", "2800123456-001"),
            (StateAgency, "H56.102", "H56.102"),
            (Organisation, " 2800123456 ", "2800123456"),
        ] {
            assert_eq!(parse(kind, raw), Ok(Some(number.to_owned())), "{raw}");
        }
        assert_eq!(parse(StateAgency, " "), Ok(None));
        assert_eq!(parse(Organisation, ""), Ok(None));
    }

    #[test]
    fn what_is_no_number_is_named() {
        use PartyKind::{Citizen, Enterprise, StateAgency};
        for (kind, raw, key) in [
            (Citizen, "", "fault.number_missing"),
            (Citizen, "03819900001", "fault.number_length"),
            (Citizen, "03819900001x", "fault.number_digits"),
            (Citizen, "ABC123456", "fault.passport"),
            (Citizen, "B12345", "fault.passport"),
            (Citizen, "B1234567é", "fault.passport"),
            (Enterprise, "", "fault.tax_code"),
            (Enterprise, "280012345", "fault.tax_code"),
            (Enterprise, "2800123456-01", "fault.tax_code"),
            (Enterprise, "2800123456-0a1", "fault.tax_code"),
            (StateAgency, &"9".repeat(36), "fault.long"),
        ] {
            assert_eq!(parse(kind, raw), Err(key), "{raw}");
        }
    }
}

//! One newtype per identifier, so that swapping two does not compile.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is no identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {kind}")]
pub struct BadId {
    /// What was expected.
    pub kind: &'static str,
    /// What was given.
    pub text: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the identifier, or says what was wrong with it.
            ///
            /// # Errors
            /// [`BadId`] when the text does not have the identifier's form.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(BadId { kind: $kind, text: text.chars().take(60).collect() })
                }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

/// Lower-case letters, digits and hyphens, 1 to 64: the form of every identifier we make ourselves.
fn plain(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

id!(
    /// One dossier, for ever; not the number printed on its slips, which is [`DossierCode`].
    DossierId, "dossier id", plain);
id!(
    /// The record of a person or organisation, kept apart from events.
    PartyId, "party id", plain);
id!(
    /// A member of staff.
    StaffId, "staff id", plain);
id!(
    /// One delegation of a post.
    DelegationId, "delegation id", plain);
id!(
    /// One registered certificate.
    CertificateId, "certificate id", plain);
id!(
    /// A free text that may name persons (a reason, a note), kept apart from events.
    TextId, "text id", plain);
id!(
    /// A dossier being typed in, not yet filed.
    DraftId, "draft id", plain);
id!(
    /// A place where a one-stop centre receives people.
    PointId, "reception point id", plain);
id!(
    /// A counter of a reception point.
    CounterId, "counter id", plain);
id!(
    /// SHA-256 of a stored file's content, 64 hexadecimal digits.
    FileHash, "file hash", |t| t.len() == 64
        && t.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
id!(
    /// Electronic identifier of an agency, `H56.112` (QĐ 20/2020/QĐ-TTg: groups joined by dots, at
    /// most 35 characters).
    UnitId, "agency identifier", unit_form);
id!(
    /// National code of a procedure, `2.000815`, or a local variant `1.012753.H19`.
    ProcedureCode, "procedure code", procedure_form);
id!(
    /// Code of a kind of result, `KQ.G15.000031`.
    ResultCode, "result code", result_form);
id!(
    /// Number of a dossier, `H56.14-261122-0001` (NĐ 61/2018 Điều 26 as carried on by NĐ 118/2025).
    DossierCode, "dossier code", code_form);

fn unit_form(text: &str) -> bool {
    text.len() <= 35
        && text.split('.').all(|group| {
            !group.is_empty()
                && group
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        })
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

fn procedure_form(text: &str) -> bool {
    let mut groups = text.split('.');
    let first = groups
        .next()
        .is_some_and(|g| matches!(g, "1" | "2" | "3" | "4" | "5" | "6"));
    let second = groups.next().is_some_and(|g| digits(g, 6));
    let rest: Vec<&str> = groups.collect();
    first && second && (rest.is_empty() || unit_form(&rest.join(".")))
}

fn result_form(text: &str) -> bool {
    let mut groups = text.split('.');
    groups.next() == Some("KQ")
        && groups.next().is_some_and(|g| {
            g.len() == 3 && g.starts_with(['G', 'H', 'K']) && digits(g.get(1..).unwrap_or(""), 2)
        })
        && groups.next().is_some_and(|g| digits(g, 6))
        && groups.next().is_none()
}

fn code_form(text: &str) -> bool {
    let mut parts = text.rsplitn(3, '-');
    let order = parts.next().unwrap_or("");
    let day = parts.next().unwrap_or("");
    let unit = parts.next().unwrap_or("");
    (4..=7).contains(&order.len())
        && order.bytes().all(|b| b.is_ascii_digit())
        && (digits(day, 6) || digits(day, 8))
        && unit_form(unit)
}

impl DossierCode {
    /// The number of a dossier received by `unit` on `day`, `order` from 1. Four digits at least,
    /// more when they do not suffice: an order never wraps.
    pub fn new(unit: &UnitId, day: jiff::civil::Date, order: u32) -> Self {
        let (year, month, date) = (day.year().rem_euclid(100), day.month(), day.day());
        Self(format!("{unit}-{year:02}{month:02}{date:02}-{order:04}"))
    }

    /// The part in grey before the order: `H56.112-261112-`.
    pub fn head(&self) -> &str {
        self.0
            .rsplit_once('-')
            .map_or("", |(head, _)| self.0.get(..=head.len()).unwrap_or(head))
    }

    /// The order of the day: `0018`.
    pub fn order(&self) -> &str {
        self.0
            .rsplit_once('-')
            .map_or(self.as_str(), |(_, order)| order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_code_is_unit_day_and_order() {
        let unit = UnitId::parse("H56.14").unwrap();
        let day = jiff::civil::date(2026, 11, 22);
        assert_eq!(
            DossierCode::new(&unit, day, 1).as_str(),
            "H56.14-261122-0001"
        );
        assert_eq!(
            DossierCode::new(&unit, day, 9_999).as_str(),
            "H56.14-261122-9999"
        );
        assert_eq!(
            DossierCode::new(&unit, day, 10_000).as_str(),
            "H56.14-261122-10000"
        );
        let code = DossierCode::new(&unit, day, 18);
        assert_eq!((code.head(), code.order()), ("H56.14-261122-", "0018"));
    }

    #[test]
    fn identifiers_are_judged_by_their_form() {
        for good in [
            "1.001193",
            "2.000815",
            "1.012753.H19",
            "1.001193.000.00.00.H35",
        ] {
            assert!(ProcedureCode::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "7.001193",
            "1.00119",
            "1.001193.",
            "1,001193",
            "1.001193.h19",
        ] {
            assert!(ProcedureCode::parse(bad).is_err(), "{bad}");
        }
        assert!(ResultCode::parse("KQ.G15.000031").is_ok());
        for bad in ["dsfas", "KQ.G01.00263", "000.00.00.G15-KQ003208"] {
            assert!(ResultCode::parse(bad).is_err(), "{bad}");
        }
        for good in [
            "H15.50.05.13-261008-0975",
            "000.00.06.H56-231027-0361",
            "G09.20-20260609-0092637",
        ] {
            assert!(DossierCode::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "H56-261122",
            "H56-261122-1",
            "-261122-0001",
            "H56-2611-0001",
        ] {
            assert!(DossierCode::parse(bad).is_err(), "{bad}");
        }
    }
}

//! What is received regardless of boundaries: at a centre other than the usual one of the agency that
//! decides. The province decides and publishes which procedures (NĐ 118/2025/NĐ-CP Điều 17); its list
//! is data with a citation and days of validity, which it changes without a release.
//!
//! This module must not know whose dossier it is asked for.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::ids::ProcedureCode;
use crate::office::{Unit, UnitKind};

/// Before the keys of the province's settings that list a procedure or a level.
pub const BOUNDARY: &str = "boundary.";

/// What a row of the list is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// Everything that communes decide.
    Commune,
    /// Everything that the province or one of its departments decides.
    Province,
    /// One procedure, whoever decides it.
    Procedure(ProcedureCode),
}

impl Listed {
    /// What is written `commune`, `province` or as the code of a procedure.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "commune" => Some(Self::Commune),
            "province" => Some(Self::Province),
            code => ProcedureCode::parse(code).ok().map(Self::Procedure),
        }
    }

    fn is_of(&self, procedure: &ProcedureCode, competent: UnitKind) -> bool {
        match self {
            Self::Commune => competent == UnitKind::Commune,
            Self::Province => matches!(competent, UnitKind::Province | UnitKind::Department),
            Self::Procedure(code) => code == procedure,
        }
    }

    /// Whether it names one procedure, which goes before a level.
    fn is_one(&self) -> bool {
        matches!(self, Self::Procedure(_))
    }
}

/// A row of the list: whether something is received elsewhere, from when on, and by which decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    /// What it is about.
    pub what: Listed,
    /// Whether any centre of the province receives it.
    pub elsewhere: bool,
    /// Where it stands written.
    pub citation: String,
    /// First day; it holds until the next row about the same.
    pub valid_from: Date,
    /// Whether the text was read in a public source.
    pub verified: bool,
    /// Whether the province set it.
    pub local: bool,
}

/// The list: what ships with the product, and what the province laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundaries {
    rows: Vec<Boundary>,
}

static SHIPPED: LazyLock<Boundaries> =
    LazyLock::new(|| Boundaries::read(include_str!("../data/boundaries.csv")));

impl Boundaries {
    /// What ships with the product: nothing is listed by name, and everything that communes decide is
    /// received at any centre of their province.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    fn read(text: &str) -> Self {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let rows = lines.map(|line| row(line).expect("data/boundaries.csv is read by a test"));
        Self {
            rows: rows.collect(),
        }
    }

    /// Lays a row of the province over the others; none when the value is neither `yes` nor `no`, or
    /// the key names nothing.
    pub(crate) fn lay(
        &mut self,
        what: &str,
        value: &str,
        (valid_from, citation): (Date, &str),
    ) -> Option<()> {
        let row = Boundary {
            what: Listed::parse(what)?,
            elsewhere: yes(value)?,
            citation: citation.to_owned(),
            valid_from,
            verified: true,
            local: true,
        };
        self.rows.push(row);
        Some(())
    }

    /// Every row, for the page of the rule book.
    pub fn rows(&self) -> impl Iterator<Item = &Boundary> {
        self.rows.iter()
    }

    /// The row that holds on `day` for a procedure that an agency of that kind decides; none where
    /// nothing is said of it, and then it is received at the usual centre alone.
    pub fn row(
        &self,
        procedure: &ProcedureCode,
        competent: UnitKind,
        day: Date,
    ) -> Option<&Boundary> {
        let rows = self.rows.iter();
        let of = rows.filter(|row| row.valid_from <= day && row.what.is_of(procedure, competent));
        of.max_by_key(|row| (row.what.is_one(), row.local, row.valid_from))
    }

    /// Whether `receiving` may receive on `day` what `competent` decides: as its usual centre, or
    /// because the province lists the procedure.
    pub fn allows(
        &self,
        procedure: &ProcedureCode,
        (receiving, competent): (&Unit, &Unit),
        day: Date,
    ) -> bool {
        is_usual(receiving, competent)
            || self
                .row(procedure, competent.kind, day)
                .is_some_and(|row| row.elsewhere)
    }
}

/// Whether `receiving` is the centre at which `competent` is reached: its own, or that of the
/// province for agencies of the province.
pub fn is_usual(receiving: &Unit, competent: &Unit) -> bool {
    let of_province = matches!(competent.kind, UnitKind::Province | UnitKind::Department);
    receiving.id == competent.id || (of_province && receiving.kind == UnitKind::ProvincialCentre)
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn row(line: &str) -> Option<Boundary> {
    let mut fields = line.split(';');
    Some(Boundary {
        what: Listed::parse(fields.next()?)?,
        elsewhere: yes(fields.next()?)?,
        citation: fields.next()?.to_owned(),
        valid_from: fields.next()?.parse().ok()?,
        verified: match fields.next()? {
            "verified" => true,
            "unverified" => false,
            _ => return None,
        },
        local: false,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn code() -> ProcedureCode {
        ProcedureCode::parse("2.000815").unwrap()
    }

    fn elsewhere(list: &Boundaries, kind: UnitKind, day: Date) -> bool {
        list.row(&code(), kind, day)
            .is_some_and(|row| row.elsewhere)
    }

    #[test]
    fn what_communes_decide_ships_as_received_anywhere_and_nothing_else() {
        let shipped = Boundaries::shipped();
        let today = date(2026, 11, 22);
        assert!(elsewhere(shipped, UnitKind::Commune, today));
        assert!(!elsewhere(shipped, UnitKind::Department, today));
        assert!(!elsewhere(shipped, UnitKind::Commune, date(2025, 6, 30)));
        assert!(shipped.rows().all(|row| !row.citation.is_empty()));
    }

    #[test]
    fn one_procedure_goes_before_its_level_from_its_day_on() {
        let mut list = Boundaries::shipped().clone();
        let from = date(2026, 12, 1);
        list.lay("2.000815", "no", (from, "QĐ 7")).unwrap();
        assert!(elsewhere(&list, UnitKind::Commune, date(2026, 11, 30)));
        assert!(!elsewhere(&list, UnitKind::Commune, from));
        list.lay("2.000815", "yes", (date(2027, 1, 1), "QĐ 8"))
            .unwrap();
        assert!(elsewhere(&list, UnitKind::Department, date(2027, 1, 1)));
        list.lay("commune", "no", (from, "QĐ 9")).unwrap();
        assert!(elsewhere(&list, UnitKind::Commune, date(2027, 1, 1)));
        assert_eq!(list.lay("communes", "yes", (from, "QĐ")), None);
        assert_eq!(list.lay("commune", "perhaps", (from, "QĐ")), None);
    }
}

//! Numbers that results were given in the registers of agencies, each once.

use domain::dossier::Dossier;
use domain::ids::DossierId;
use jiff::civil::DateTime;

use crate::backend::row;
use crate::rows::Cell;
use crate::time::to_millis;
use crate::together::Together;

row! {
    /// The number of a result. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct NumberRow {
        pub(crate) dossier: String,
        register: String,
        number: i64,
        competent: String,
        issued_at: i64,
        late: i64,
    }
}

macro_rules! numbers {
    ($rest:literal) => {
        concat!(
            "SELECT dossier, register, number, competent, issued_at, late FROM result_number ",
            $rest
        )
    };
}
pub(super) const HEAD: &str =
    "INSERT INTO result_number (dossier, register, number, competent, issued_at, late) ";
const DELETE: &str = "DELETE FROM result_number WHERE dossier = $1";
const UPDATE: &str = "UPDATE result_number SET register = $2, number = $3, competent = $4, \
     issued_at = $5, late = $6 WHERE dossier = $1";
pub(super) const CLEAR: &str = "DELETE FROM result_number WHERE dossier > $1 AND dossier <= $2";
pub(crate) const NUMBERS: &str = numbers!("WHERE dossier > $1 AND dossier <= $2");
pub(crate) const NUMBER_OF: &str = numbers!("WHERE dossier = $1");

/// Digits of a number that a register can have given. Migration 21 reads numbers the same way.
const DIGITS: usize = 18;

impl NumberRow {
    pub(super) fn of(id: &DossierId, dossier: &Dossier) -> Option<Self> {
        let (record, issued) = (dossier.record()?, dossier.issued()?);
        let (register, number) = place_of(&issued.number, issued.at)?;
        Some(Self {
            dossier: id.to_string(),
            register,
            number,
            competent: record.filed.competent.to_string(),
            issued_at: to_millis(issued.at),
            late: i64::from(issued.is_late()),
        })
    }

    pub(super) fn update(old: Option<Self>, new: Option<Self>, together: &mut Together) {
        match (old, new) {
            (old, new) if old == new => {}
            (None, new) => together.add_rows(HEAD, new.into_iter().map(Self::cells).collect()),
            (Some(old), None) => together.add(DELETE, vec![Cell::Text(old.dossier)]),
            (Some(_), Some(new)) => together.add(UPDATE, new.cells()),
        }
    }

    pub(super) fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Text(self.register),
            Cell::Number(self.number),
            Cell::Text(self.competent),
            Cell::Number(self.issued_at),
            Cell::Number(self.late),
        ]
    }
}

/// The register behind the number of a result, and its place in it: `07/KQ-H56.14` of 2026 is the
/// seventh of `result:H56.14:2026`. Numbers of other systems look otherwise and have none here.
pub(crate) fn place_of(number: &str, given: DateTime) -> Option<(String, i64)> {
    let (order, unit) = number.split_once("/KQ-")?;
    let is_number = order.len() <= DIGITS && order.bytes().all(|digit| digit.is_ascii_digit());
    let order = order.parse().ok().filter(|_| is_number)?;
    Some((format!("result:{unit}:{}", given.year()), order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_result_names_the_register_it_came_from() {
        let at = jiff::civil::date(2026, 11, 23).at(8, 0, 0, 0);
        let name = "result:H56.14:2026".to_owned();
        assert_eq!(place_of("07/KQ-H56.14", at), Some((name, 7)));
        for other in [
            "07/GCN",
            "a/KQ-H56.14",
            "12/QĐ/KQ-H56.14",
            "+7/KQ-H56.14",
            "/KQ-H56.14",
        ] {
            assert_eq!(place_of(other, at), None, "{other}");
        }
        let long = format!("{}/KQ-H56.14", "9".repeat(19));
        assert_eq!(place_of(&long, at), None);
    }
}

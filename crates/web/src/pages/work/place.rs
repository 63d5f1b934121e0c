//! Addresses of the parts of a list, at the unit that it is shown for.

use domain::ids::UnitId;

use super::List;

/// What of which list is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) list: List,
    pub(super) part: &'a str,
    pub(super) at: Option<&'a UnitId>,
}

impl Shown<'_> {
    /// The address of a part of the list, at the same unit.
    pub(super) fn part(self, part: &str) -> String {
        let asked = [("phan", part), ("dv", self.at.map_or("", UnitId::as_str))];
        self.address(&asked)
    }

    fn address(self, asked: &[(&str, &str)]) -> String {
        let given = asked.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = given
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if query.is_empty() {
            return self.list.path.to_owned();
        }
        format!("{}?{}", self.list.path, query.join("&"))
    }

    /// The units between which the list is switched; none for who works at one.
    pub(super) fn units(self, units: &[UnitId], name: impl Fn(&UnitId) -> String) -> Vec<UnitView> {
        if units.len() < 2 {
            return Vec::new();
        }
        let here = self.at.or(units.first());
        let unit = |unit: &UnitId| UnitView {
            href: self.address(&[("dv", unit.as_str())]),
            name: name(unit),
            here: here == Some(unit),
        };
        units.iter().map(unit).collect()
    }
}

/// A unit whose list can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnitView {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) here: bool,
}

#[cfg(test)]
mod tests {
    use super::super::UNIT;
    use super::*;

    #[test]
    fn a_list_stays_at_its_unit_and_is_switched_where_there_are_two() {
        let unit = |id: &str| UnitId::parse(id).unwrap();
        let units = [unit("H56.102"), unit("H56.14")];
        let at = |at| Shown {
            list: UNIT,
            part: "late",
            at,
        };
        assert_eq!(at(None).part("late"), "/viec-don-vi?phan=late");
        assert_eq!(at(None).part(""), "/viec-don-vi");
        let there = at(units.last());
        assert_eq!(there.part("late"), "/viec-don-vi?phan=late&dv=H56.14");
        assert!(there.units(&units[..1], UnitId::to_string).is_empty());
        let shown = there.units(&units, UnitId::to_string);
        let href: Vec<&str> = shown.iter().map(|unit| unit.href.as_str()).collect();
        assert_eq!(href, ["/viec-don-vi?dv=H56.102", "/viec-don-vi?dv=H56.14"]);
        assert_eq!(shown.iter().position(|unit| unit.here), Some(1));
        let first = at(None).units(&units, UnitId::to_string);
        assert_eq!(first.iter().position(|unit| unit.here), Some(0));
    }
}

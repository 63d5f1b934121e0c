//! Lookups in databases as a clerk records them at the counter: only what failed or was wrong.

use domain::dossier::{Lookup, LookupOutcome};
use domain::procedure::Case;

use crate::forms::Typed;

/// What the form says about the lookup of a component: field `tc4` for component 4.
pub(super) fn lookup_of(typed: &Typed, component: u16) -> Option<LookupOutcome> {
    match typed.get(&format!("tc{component}")) {
        "failed" => Some(LookupOutcome::Failed),
        "wrong" => Some(LookupOutcome::Wrong),
        _ => None,
    }
}

/// Lookups of the components of a case that a database holds.
pub(super) fn lookups(typed: &Typed, case: Option<&Case>) -> Vec<Lookup> {
    let components = case.map(|case| case.components.as_slice());
    let components = components.unwrap_or_default().iter();
    let lookup = components.filter_map(|component| {
        Some(Lookup {
            component: component.number,
            database: component.held_by?,
            found: lookup_of(typed, component.number)?,
            note: None,
        })
    });
    lookup.collect()
}

#[cfg(test)]
mod tests {
    use domain::procedure::Channel;

    use super::*;
    use crate::catalogue::starter;
    use crate::people::testing::typed;

    #[test]
    fn only_what_a_database_holds_is_looked_up() {
        let procedures = starter::procedures();
        let birth = procedures.iter().find(|p| p.code.as_str() == "1.000689");
        let birth = birth.unwrap();
        assert!(birth.offer(Channel::Direct).is_some());
        let form = [("tc1", "failed"), ("tc4", "failed"), ("tc5", "mai")];
        let found = lookups(&typed(&form), birth.case(1));
        let found: Vec<(u16, LookupOutcome)> =
            found.iter().map(|one| (one.component, one.found)).collect();
        assert_eq!(found, [(4, LookupOutcome::Failed)]);
    }
}

//! Lookups in databases as a clerk records them at the counter: only what failed or was wrong, each
//! with a word about it.

use domain::dossier::{Lookup, LookupOutcome};
use domain::ids::DossierId;
use domain::procedure::Case;
use store::NewText;

use crate::forms::Typed;
use crate::no::No;
use crate::processing::capped;
use crate::state::App;

/// What the form says about the lookup of a component: field `tc4` for component 4.
pub(super) fn lookup_of(typed: &Typed, component: u16) -> Option<LookupOutcome> {
    match typed.get(&format!("tc{component}")) {
        "failed" => Some(LookupOutcome::Failed),
        "wrong" => Some(LookupOutcome::Wrong),
        _ => None,
    }
}

/// What the form says came of the lookup of a component: field `tn4` for component 4.
pub(super) fn note_of(typed: &Typed, component: u16) -> &str {
    typed.get(&format!("tn{component}"))
}

/// The lookups with what was typed about them, as references; and the texts.
pub(super) fn noted(
    app: &App,
    dossier: &DossierId,
    (lookups, typed): (&mut [Lookup], &Typed),
) -> Result<Vec<NewText>, No> {
    let mut texts = Vec::new();
    for lookup in lookups {
        let (note, text) = capped(app, dossier, ("note", note_of(typed, lookup.component)))?;
        lookup.note = note;
        texts.extend(text);
    }
    Ok(texts)
}

/// Lookups of the components of a case that a database holds; without the words about them.
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

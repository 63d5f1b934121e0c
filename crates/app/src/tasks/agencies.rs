//! Agencies that can be asked: those of the same province that decide something.

use domain::ids::UnitId;
use domain::office::{Role, Unit, UnitKind};
use domain::text::fold;

use crate::access::Actor;
use crate::intake::AgencyLine;
use crate::no::{Denied, No};
use crate::state::App;

/// Agencies beside `own` whose name or identifier has all the words, in the order of identifiers.
fn fitting(app: &App, own: &UnitId, words: &str) -> Vec<Unit> {
    let Some(home) = app.answering(own) else {
        return Vec::new();
    };
    let (asked, today) = (fold(words), app.clock().now().date());
    let fits = |unit: &Unit| {
        let said = fold(&format!("{} {}", unit.id, unit.name));
        asked.split(' ').all(|word| said.contains(word))
    };
    let decides = |unit: &&Unit| {
        matches!(unit.kind, UnitKind::Department | UnitKind::Commune)
            && unit.province() == home.province()
            && unit.in_force(today)
    };
    let units = app.units();
    let found = units.iter().filter(decides).filter(|unit| fits(unit));
    found.cloned().collect()
}

/// The agency that a form names: by its identifier, `H56.03 · Sở Tư pháp`, or by a name that fits
/// one alone.
pub(super) fn named(app: &App, own: &UnitId, words: &str) -> Option<UnitId> {
    let first = words.split(' ').next().unwrap_or_default();
    // Who names an agency that ended means the one that took its work over.
    let heir = UnitId::parse(first).ok().map(|id| app.heir(&id));
    let words = heir
        .filter(|heir| heir.as_str() != first)
        .map_or_else(|| words.to_owned(), |heir| heir.to_string());
    let words = words.as_str();
    let found = fitting(app, own, words.split(" · ").next().unwrap_or(words));
    let asked = fold(words);
    let is = |unit: &&Unit| {
        fold(&unit.name) == asked || words.split(' ').next() == Some(unit.id.as_str())
    };
    match (found.iter().find(is), found.as_slice()) {
        (Some(unit), _) | (None, [unit]) => Some(unit.id.clone()),
        (None, _) => None,
    }
}

/// Finds agencies that can be asked, for whoever examines or leads somewhere.
///
/// # Errors
/// [`No::Denied`] for whoever does neither.
pub fn find_agencies(app: &App, actor: &Actor, words: &str) -> Result<Vec<AgencyLine>, No> {
    let asks = |role: Role| matches!(role, Role::CaseOfficer | Role::Leader);
    let mut posts = actor.acting();
    let own = posts.find(|(_, role)| asks(*role));
    let (own, _) = own.ok_or(No::Denied(Denied::Seen))?;
    let found = fitting(app, own, words).into_iter();
    let others = found.filter(|unit| unit.id != *own);
    Ok(others.map(AgencyLine::from).collect())
}

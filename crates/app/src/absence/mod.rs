//! Absence: who is away and who stands in for her, given for days to come and ended at any moment, and what
//! happens to work whose holder has left a post.
//!
//! The absent person keeps every right: somebody who comes back early, or signs one thing from
//! home, is not locked out of her own post.

mod give;
mod list;
mod open_work;
mod release;
#[cfg(test)]
mod tests;

use domain::delegation::{DELEGABLE, SIGNING};
use domain::ids::UnitId;
use domain::office::Role;
use domain::parameters::{Dates, Key};
use jiff::civil::Date;
use store::StandsIn;

use crate::access::{Actor, StandIn};
use crate::state::App;

pub use give::{end, give};
pub use list::{AbsenceLine, AbsencePage, PostChoice, Stage, absence_page};
pub use open_work::{Away, OpenWork};
pub(crate) use open_work::{away_at, hands_out, unattended};
pub use release::release_held;
pub use store::GivenDelegation;

/// The posts held for colleagues, of those that delegations name. A delegate who has left the unit,
/// or the post that signs, has lost what was delegated with it.
pub(crate) fn standing(app: &App, own: &[(UnitId, Role)], found: Vec<StandsIn>) -> Vec<StandIn> {
    let held = found.into_iter().filter_map(|one| {
        let line = line(app, &one.delegation.unit);
        let near = |roles: &[Role]| {
            let fits = |(unit, role): &(UnitId, Role)| roles.contains(role) && line.contains(unit);
            own.iter().any(fits)
        };
        near(&DELEGABLE).then(|| StandIn {
            signing: one.delegation.signing && near(&SIGNING),
            unit: one.delegation.unit,
            role: one.delegation.role,
            whom: one.delegation.from,
            name: one.from_name,
            last: one.delegation.last,
        })
    });
    held.collect()
}

/// Where the actor has a post of her own that could be stood in for, each unit once.
fn own_units(actor: &Actor) -> Vec<UnitId> {
    let mut units: Vec<UnitId> = Vec::new();
    for (unit, role) in &actor.posts {
        if DELEGABLE.contains(role) && !units.contains(unit) {
            units.push(unit.clone());
        }
    }
    units
}

/// Calendar days that a delegation given today may last.
fn most_days(app: &App, today: Date) -> u32 {
    let settings = app.settings();
    let dates = Dates::all(today);
    settings.parameters().number(Key::DelegationMost, dates)
}

/// A unit and those above it; a loop in the tree ends.
pub(crate) fn line(app: &App, unit: &UnitId) -> Vec<UnitId> {
    let mut line = vec![unit.clone()];
    while let Some(above) = line.last().and_then(|last| app.unit(last)?.parent) {
        if line.contains(&above) {
            break;
        }
        line.push(above);
    }
    line
}

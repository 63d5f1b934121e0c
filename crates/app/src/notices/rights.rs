//! Who words notices, and whose log one reads.

use domain::ids::UnitId;
use domain::office::{Role, UnitKind};

use crate::access::Actor;
use crate::no::Denied;
use crate::state::App;

/// Who sees what was told to the applicants of the own unit.
const OF_UNIT: [Role; 2] = [Role::Administrator, Role::CentreDirector];

/// Whether notices concern the actor at all: what a menu asks.
pub fn sees_notices(actor: &Actor) -> bool {
    actor.is(Role::ProvinceController) || OF_UNIT.into_iter().any(|role| actor.is(role))
}

/// Whose deliveries somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Readable {
    /// Everybody's of the province.
    All,
    /// Those of these units.
    Units(Vec<UnitId>),
}

impl Readable {
    /// Whether a delivery of that unit is among them.
    pub(super) fn has(&self, unit: &UnitId) -> bool {
        match self {
            Self::All => true,
            Self::Units(units) => units.contains(unit),
        }
    }
}

/// Whether the actor holds the role at the province itself, which every unit can also give.
fn for_the_province(app: &App, actor: &Actor, role: Role) -> bool {
    let at_province = |unit: &UnitId| {
        app.unit(unit)
            .is_some_and(|unit| unit.kind == UnitKind::Province)
    };
    actor
        .acting()
        .any(|(unit, held)| held == role && at_province(unit))
}

/// Who changes words, switches and hours: they are the province's.
pub(super) fn may_edit(app: &App, actor: &Actor) -> Result<(), Denied> {
    if for_the_province(app, actor, Role::Administrator) {
        Ok(())
    } else {
        Err(Denied::Seen)
    }
}

/// Whose deliveries the actor sees: everybody's for the province's administrator and controller, those
/// of the own unit for its administrator and the director of its centre.
pub(super) fn may_read(app: &App, actor: &Actor) -> Result<Readable, Denied> {
    let provincial = [Role::Administrator, Role::ProvinceController];
    if provincial
        .into_iter()
        .any(|role| for_the_province(app, actor, role))
    {
        return Ok(Readable::All);
    }
    let mut units: Vec<UnitId> = Vec::new();
    for (unit, role) in actor.acting() {
        if OF_UNIT.contains(&role) && !units.contains(unit) {
            units.push(unit.clone());
        }
    }
    if units.is_empty() {
        Err(Denied::Seen)
    } else {
        Ok(Readable::Units(units))
    }
}

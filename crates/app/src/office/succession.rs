//! The end of a unit, and who takes its work over: a ward merged into another, a department
//! dissolved (Luật Tổ chức chính quyền địa phương 72/2025/QH15; the resolution of each case is
//! named).
//!
//! What the unit received and decided stays under its name. From the day on whoever holds a post at
//! the successor holds the same at the unit that ended: its dossiers, the closed ones too, are seen
//! and worked on there, and what is issued bears the successor's name, number and seal. Nothing is
//! received at the unit any more; intakes saved there are the successor's. Posts at the unit end with
//! it, and what their holders had begun is offered to the others.

use domain::ids::UnitId;
use domain::office::Unit;
use jiff::civil::{Date, DateTime};
use store::{AuditLine, Store, UnitEnd};

use crate::no::No;

/// A unit that is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Which.
    pub unit: UnitId,
    /// Who takes its work over.
    pub successor: UnitId,
    /// The first day of the successor.
    pub from: Date,
    /// The decision or resolution.
    pub basis: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The unit, with its last day and its successor.
    pub unit: Unit,
    /// Name of who takes over.
    pub heir: String,
    /// Posts that end with it.
    pub posts: u64,
}

/// Why a unit does not end.
#[derive(Debug, thiserror::Error)]
pub enum NotEnded {
    /// It would have ended already.
    #[error("the first day of the successor must come after today, {0}")]
    NotToCome(Date),
    /// It names no instrument.
    #[error("name the decision it rests on")]
    NoBasis,
    /// Nobody has that identifier.
    #[error("there is no unit {0}")]
    Unknown(UnitId),
    /// Its end is known.
    #[error("{unit} ends on {last} already")]
    EndsAlready {
        /// Which.
        unit: UnitId,
        /// Its last day.
        last: Date,
    },
    /// It would end before it began.
    #[error("{unit} begins on {first} only")]
    NotBegun {
        /// Which.
        unit: UnitId,
        /// Its first day.
        first: Date,
    },
    /// Others stand below it.
    #[error("{unit} has units below it, {below} first: end those before")]
    HasParts {
        /// Which.
        unit: UnitId,
        /// The first of those below.
        below: UnitId,
    },
    /// The successor is the unit itself, is not there on that day, or belongs to another province.
    #[error("{0} cannot take over: it is the same unit, not there on that day, or elsewhere")]
    Unfit(UnitId),
    /// What was received at a counter needs a counter.
    #[error("{0} cannot take over from a unit with a counter: it has none")]
    NoCounter(UnitId),
    /// The machine is broken.
    #[error(transparent)]
    Broken(#[from] No),
}

/// Ends a unit on the day before `from`. The audit line names `by`.
///
/// # Errors
/// [`NotEnded`]; nothing is written then.
pub async fn end_unit(
    store: &Store,
    ending: Ending,
    now: DateTime,
    by: &str,
) -> Result<Ended, NotEnded> {
    let today = now.date();
    let last = ending.from.yesterday().ok();
    let Some(last) = last.filter(|_| ending.from > today) else {
        return Err(NotEnded::NotToCome(today));
    };
    let basis = ending.basis.trim();
    if basis.is_empty() {
        return Err(NotEnded::NoBasis);
    }
    let (unit, heir) = judged(store, &ending).await?;
    let line = AuditLine {
        actor: by.to_owned(),
        action: "unit.ended".to_owned(),
        subject: unit.id.to_string(),
        purpose: basis.to_owned(),
        detail: format!("{} from {}", heir.id, ending.from),
    };
    let end = UnitEnd {
        unit: unit.id.clone(),
        last,
        successor: heir.id.clone(),
    };
    let posts = store.end_unit(end, now, line).await.map_err(No::from)?;
    Ok(Ended {
        unit: Unit {
            valid_to: Some(last),
            successor: Some(heir.id),
            ..unit
        },
        heir: heir.name,
        posts,
    })
}

/// The unit and its successor.
async fn judged(store: &Store, ending: &Ending) -> Result<(Unit, Unit), NotEnded> {
    let unit = read(store, &ending.unit).await?;
    let heir = read(store, &ending.successor).await?;
    let id = unit.id.clone();
    if let Some(last) = unit.valid_to {
        return Err(NotEnded::EndsAlready { unit: id, last });
    }
    if unit.valid_from >= ending.from {
        let first = unit.valid_from;
        return Err(NotEnded::NotBegun { unit: id, first });
    }
    let below = store.child_units(&unit.id, ending.from).await;
    if let Some(below) = below.map_err(No::from)?.into_iter().next() {
        let below = below.id;
        return Err(NotEnded::HasParts { unit: id, below });
    }
    let near = unit.province() == heir.province() && unit.id != heir.id;
    if !near || !heir.in_force(ending.from) {
        return Err(NotEnded::Unfit(heir.id));
    }
    if unit.receives() && !heir.receives() {
        return Err(NotEnded::NoCounter(heir.id));
    }
    Ok((unit, heir))
}

async fn read(store: &Store, id: &UnitId) -> Result<Unit, NotEnded> {
    let found = store.unit(id).await.map_err(No::from)?;
    found.ok_or_else(|| NotEnded::Unknown(id.clone()))
}

#[cfg(test)]
mod tests;

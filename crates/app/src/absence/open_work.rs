//! What lies with people who are away: in whose place nobody stands, whoever leads them hands their
//! work out.

use domain::delegation::SIGNING;
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::Date;
use store::GivenDelegation;
use store::views::{Filter, Scope, WorkRow};

use super::own_units;
use crate::access::{Actor, leads};
use crate::no::No;
use crate::state::App;

/// Dossiers of one person that a page lists.
const LISTED: u32 = 200;

/// Somebody who is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// Who.
    pub staff: StaffId,
    /// Until when.
    pub last: Date,
    /// Who stands in, by name; empty where nobody does.
    pub deputy: String,
}

/// The open work of somebody who is away with nobody in her place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenWork {
    /// Who.
    pub staff: StaffId,
    /// Her name.
    pub name: String,
    /// Until when she is away.
    pub last: Date,
    /// Where.
    pub unit: UnitId,
    /// What was given to her there, due first; two hundred at most.
    pub rows: Vec<WorkRow>,
    /// Whether the actor may give it to others.
    pub may_assign: bool,
}

/// Absences at a unit that run on `today`.
async fn running(app: &App, unit: &UnitId, today: Date) -> Result<Vec<GivenDelegation>, No> {
    let mut found = app.store().delegations_at(unit, today).await?;
    found.retain(|given| given.ended_at.is_none() && given.delegation.runs(today));
    Ok(found)
}

/// Who is away from a post at the unit in that role on `today`.
pub(crate) async fn away_at(
    app: &App,
    (unit, role): (&UnitId, Role),
    today: Date,
) -> Result<Vec<Away>, No> {
    let found = running(app, unit, today).await?.into_iter();
    let found = found.filter(|given| given.delegation.role == role);
    let mut away: Vec<Away> = found
        .map(|given| Away {
            staff: given.delegation.from,
            last: given.delegation.last,
            deputy: given.to_name,
        })
        .collect();
    // Where somebody stands in, the absence that was recorded before says less.
    away.sort_by_key(|one| (one.staff.clone(), one.deputy.is_empty()));
    away.dedup_by(|other, kept| other.staff == kept.staff);
    Ok(away)
}

/// Posts at the unit whose holders are away on `today` with nobody in their place.
pub(crate) async fn unattended(
    app: &App,
    unit: &UnitId,
    today: Date,
) -> Result<Vec<GivenDelegation>, No> {
    let all = running(app, unit, today).await?;
    let stood_in = |one: &GivenDelegation| {
        all.iter().any(|other| {
            let (one, other) = (&one.delegation, &other.delegation);
            other.to.is_some() && (&other.from, other.role) == (&one.from, one.role)
        })
    };
    let alone = all.iter().filter(|given| !stood_in(given));
    Ok(alone.cloned().collect())
}

/// Whether somebody in that post hands out the work of who is away in `role`.
pub(crate) fn hands_out(post: Role, role: Role) -> bool {
    post == Role::Leader || (post == Role::CentreDirector && !SIGNING.contains(&role))
}

/// The open work of everybody whom the actor leads and in whose place nobody stands.
pub(super) async fn open_work(app: &App, actor: &Actor, today: Date) -> Result<Vec<OpenWork>, No> {
    let mut open: Vec<OpenWork> = Vec::new();
    for unit in own_units(actor) {
        for given in unattended(app, &unit, today).await? {
            let one = &given.delegation;
            let known = |other: &OpenWork| other.staff == one.from && other.unit == unit;
            let known = open.iter().any(known);
            if !known && leads(actor, &unit, one.role) {
                let may_assign = actor.holds(Role::Leader, &unit);
                open.extend(work_of(app, given, may_assign).await?);
            }
        }
    }
    Ok(open)
}

/// What was given to who is away; none where nothing was.
async fn work_of(
    app: &App,
    given: GivenDelegation,
    may_assign: bool,
) -> Result<Option<OpenWork>, No> {
    let one = given.delegation;
    let filter = Filter {
        limit: LISTED,
        ..Filter::new(Scope::Holder(one.from.clone()))
    };
    let mut rows = app.store().views().work(&filter).await?;
    // She may hold work of another agency, which is nothing to this one.
    rows.retain(|row| row.unit == one.unit.as_str());
    Ok((!rows.is_empty()).then_some(OpenWork {
        staff: one.from,
        name: given.from_name,
        last: one.last,
        unit: one.unit,
        rows,
        may_assign,
    }))
}

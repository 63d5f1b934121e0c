//! Who is away and who stands in: one's own, and that of the staff whom one leads.

use std::collections::BTreeMap;

use domain::delegation::DELEGABLE;
use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Role};
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::{GivenDelegation, StaffPost};

use super::open_work::{OpenWork, open_work};
use super::{line, most_days, own_units};
use crate::access::{Actor, leads, may_delegate};
use crate::no::{Denied, No};
use crate::state::App;

/// Days for which a delegation that is over is still listed.
const LISTED_DAYS: i64 = 60;

/// Where a delegation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It begins later.
    ToCome,
    /// It runs today.
    Runs,
    /// Its last day is past.
    Over,
    /// It was ended early, or before it began.
    Ended,
}

impl Stage {
    fn of(given: &GivenDelegation, today: Date) -> Self {
        match &given.delegation {
            _ if given.ended_at.is_some() => Self::Ended,
            one if today < one.first => Self::ToCome,
            one if one.runs(today) => Self::Runs,
            _ => Self::Over,
        }
    }

    /// Its name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToCome => "to_come",
            Self::Runs => "runs",
            Self::Over => "over",
            Self::Ended => "ended",
        }
    }
}

/// A delegation on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsenceLine {
    /// What was given.
    pub given: GivenDelegation,
    /// Where it stands today.
    pub stage: Stage,
    /// Whether the actor may end it.
    pub may_end: bool,
}

/// A post that the actor may have somebody stand in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostChoice {
    /// Whose.
    pub staff: StaffId,
    /// Her name.
    pub name: String,
    /// Where.
    pub unit: UnitId,
    /// As what.
    pub role: Role,
}

impl PostChoice {
    /// The post as a form names it: `staff/unit/role`.
    pub fn value(&self) -> String {
        format!("{}/{}/{}", self.staff, self.unit, self.role.as_str())
    }
}

/// What the page of absences shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsencePage {
    /// Delegations, the latest first.
    pub lines: Vec<AbsenceLine>,
    /// Posts that may be stood in for, the own ones first.
    pub posts: Vec<PostChoice>,
    /// Who may stand in, by name.
    pub delegates: Vec<(StaffId, String)>,
    /// Work that lies with people in whose place nobody stands.
    pub open: Vec<OpenWork>,
    /// Today.
    pub today: Date,
    /// Calendar days that one may last.
    pub most_days: u32,
}

/// Reads the page.
///
/// # Errors
/// [`No::Denied`] for whoever has no post that is stood in for; [`No::Broken`].
pub async fn absence_page(app: &App, actor: &Actor) -> Result<AbsencePage, No> {
    let units = own_units(actor);
    if units.is_empty() {
        return Err(Denied::Seen.into());
    }
    let today = app.clock().now().date();
    let mut posts = Vec::new();
    let mut delegates = BTreeMap::new();
    for unit in &units {
        for above in line(app, unit) {
            let staff = app.store().posts_at(&above, today).await?.into_iter();
            for held in staff.filter(|held| DELEGABLE.contains(&held.post.role)) {
                delegates.insert(held.post.staff.clone(), held.name.clone());
                posts.extend(choice(actor, &held).filter(|_| above == *unit));
            }
        }
    }
    posts.sort_by_key(|choice| choice.staff != actor.staff);
    let mut delegates: Vec<(StaffId, String)> = delegates.into_iter().collect();
    delegates.sort_by_cached_key(|(_, name)| domain::text::fold(name));
    Ok(AbsencePage {
        lines: lines(app, actor, &units, today).await?,
        posts,
        delegates,
        open: open_work(app, actor, today).await?,
        today,
        most_days: most_days(app, today),
    })
}

/// The post as a choice, when the actor may have it stood in for.
fn choice(actor: &Actor, held: &StaffPost) -> Option<PostChoice> {
    let Post {
        staff, unit, role, ..
    } = &held.post;
    let may = *staff == actor.staff || leads(actor, unit, *role);
    may.then(|| PostChoice {
        staff: staff.clone(),
        name: held.name.clone(),
        unit: unit.clone(),
        role: *role,
    })
}

async fn lines(
    app: &App,
    actor: &Actor,
    units: &[UnitId],
    today: Date,
) -> Result<Vec<AbsenceLine>, No> {
    let since = today.saturating_sub(LISTED_DAYS.days());
    let mut found = app.store().delegations_of(&actor.staff, since).await?;
    for unit in units {
        let here = app.store().delegations_at(unit, since).await?.into_iter();
        for given in here.filter(|given| leads(actor, unit, given.delegation.role)) {
            if found.iter().all(|other| other.id != given.id) {
                found.push(given);
            }
        }
    }
    found.sort_by(|a, b| (b.delegation.first, &b.id).cmp(&(a.delegation.first, &a.id)));
    let line = found.into_iter().map(|given| {
        let stage = Stage::of(&given, today);
        let open = matches!(stage, Stage::ToCome | Stage::Runs);
        AbsenceLine {
            stage,
            may_end: open && may_delegate(actor, &given.delegation).is_ok(),
            given,
        }
    });
    Ok(line.collect())
}

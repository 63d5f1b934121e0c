//! Alerts as people see them: an officer her own, a leader or director those of the unit, the
//! controller of the province how many there are where.

use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;
use store::{AlertCounts, AlertFilter, AlertScope};

pub use store::{AlertKey, AlertRow};

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

/// The address of the page.
pub const ADDRESS: &str = "/canh-bao";

/// Rows of a page.
const PAGE: u32 = 50;

/// Who is told of everything at a unit.
const TOLD: [Role; 2] = [Role::Leader, Role::CentreDirector];

/// Which alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The person's own.
    Mine,
    /// The unit's.
    Unit,
    /// The province's, counted.
    Province,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 3] = [Self::Mine, Self::Unit, Self::Province];

    /// The name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unit => "unit",
            Self::Province => "province",
        }
    }

    /// The part of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }
}

/// Which alerts, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlertQuery {
    /// Which; the widest that the actor sees when none is named.
    pub part: Option<Part>,
    /// Continue after this row.
    pub after: Option<AlertKey>,
}

/// How many alerts a unit has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitAlerts {
    /// The unit's name.
    pub name: String,
    /// How many.
    pub counts: AlertCounts,
}

/// A page of alerts.
#[derive(Debug, Clone)]
pub struct AlertPage {
    /// Which they are.
    pub part: Part,
    /// Which others the actor sees.
    pub parts: Vec<Part>,
    /// Alerts, due first; none for the province.
    pub rows: Vec<AlertRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<AlertKey>,
    /// By unit; for the province alone.
    pub units: Vec<UnitAlerts>,
    /// Now, once for the page.
    pub now: DateTime,
}

/// The parts that the actor sees, the widest first.
fn parts(actor: &Actor) -> Vec<Part> {
    let sees = |part: &Part| match part {
        Part::Mine => !actor.seeing().is_empty(),
        Part::Unit => told(actor).is_some(),
        Part::Province => actor.is(Role::ProvinceController),
    };
    Part::ALL.into_iter().rev().filter(sees).collect()
}

/// Whether the actor is told of anything.
pub fn sees(actor: &Actor) -> bool {
    !parts(actor).is_empty()
}

/// The unit of whose alerts the actor is told.
fn told(actor: &Actor) -> Option<UnitId> {
    let mut posts = actor.acting();
    let found = posts.find(|(_, role)| TOLD.contains(role));
    found.map(|(unit, _)| unit.clone())
}

/// The actor's own alerts, at the first unit whose dossiers the actor sees.
fn own(actor: &Actor) -> Option<AlertScope> {
    let unit = actor.seeing().into_iter().next()?;
    let posts = actor.acting().filter(|(at, _)| **at == unit);
    Some(AlertScope::Mine {
        roles: posts.map(|(_, role)| role).collect(),
        staff: actor.working_for(),
        unit,
    })
}

/// A page of alerts.
///
/// # Errors
/// [`No::Denied`] for a part that the actor does not see; [`No::Broken`].
pub async fn alerts(app: &App, actor: &Actor, query: &AlertQuery) -> Result<AlertPage, No> {
    let parts = parts(actor);
    let widest = parts.first().copied().ok_or(Denied::Seen)?;
    let part = query.part.unwrap_or(widest);
    if !parts.contains(&part) {
        return Err(Denied::Seen.into());
    }
    let mut page = AlertPage {
        part,
        parts,
        rows: Vec::new(),
        next: None,
        units: Vec::new(),
        now: app.clock().now(),
    };
    let scope = match part {
        Part::Province => {
            page.units = by_unit(app).await?;
            return Ok(page);
        }
        Part::Unit => AlertScope::Unit(told(actor).ok_or(Denied::Seen)?),
        Part::Mine => own(actor).ok_or(Denied::Seen)?,
    };
    let filter = AlertFilter {
        scope,
        after: query.after.clone(),
        limit: PAGE,
    };
    page.rows = app.store().views().alerts(&filter).await?;
    let full = u32::try_from(page.rows.len()).is_ok_and(|there| there == PAGE);
    page.next = page.rows.last().filter(|_| full).map(AlertRow::key);
    Ok(page)
}

/// How many alerts there are, by unit.
pub(crate) async fn by_unit(app: &App) -> Result<Vec<UnitAlerts>, No> {
    let counts = app.store().views().alert_counts().await?;
    let named = counts.into_iter().map(|counts| {
        let name = UnitId::parse(&counts.unit).map(|unit| app.unit_name(&unit));
        UnitAlerts {
            name: name.unwrap_or_else(|_| counts.unit.clone()),
            counts,
        }
    });
    Ok(named.collect())
}

/// The alerts of somebody in these posts: the own ones, and those of a unit that she leads.
pub(crate) async fn of_posts(
    app: &App,
    staff: &StaffId,
    posts: &[(UnitId, Role)],
    most: u32,
) -> Result<Vec<AlertRow>, No> {
    let mut units: Vec<&UnitId> = posts.iter().map(|(unit, _)| unit).collect();
    units.dedup();
    let mut rows = Vec::new();
    for unit in units {
        let here = posts.iter().filter(|(at, _)| at == unit);
        let roles: Vec<Role> = here.map(|(_, role)| *role).collect();
        let leads = roles.iter().any(|role| TOLD.contains(role));
        let scope = if leads {
            AlertScope::Unit(unit.clone())
        } else {
            AlertScope::Mine {
                unit: unit.clone(),
                roles,
                staff: vec![staff.clone()],
            }
        };
        let filter = AlertFilter {
            scope,
            after: None,
            limit: most,
        };
        rows.extend(app.store().views().alerts(&filter).await?);
    }
    Ok(rows)
}

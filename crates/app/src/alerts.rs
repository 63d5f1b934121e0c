//! Alerts as people see them, each what has reached her up the line of posts: an officer her own, a
//! leader or director what reached the head of the agency or the centre, the controller of the
//! province how much reached the province and where.

use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::{Date, DateTime};
use store::{AlertCounts, AlertFilter, AlertScope};

pub use store::{AlertKey, AlertRow};

use crate::absence::{hands_out, unattended};
use crate::access::{Actor, RECEIVING};
use crate::no::{Denied, No};
use crate::processing::bounds;
use crate::state::App;
use crate::tasks::{Side, sides, task_units};

/// The address of the page.
pub const ADDRESS: &str = "/canh-bao";

/// Rows of a page.
const PAGE: u32 = 50;

/// Who is told of what others have not done.
const TOLD: [Role; 2] = [Role::Leader, Role::CentreDirector];

/// Which alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The person's own.
    Mine,
    /// What has reached the head of the unit.
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

/// How much of a unit's work is told to the province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitAlerts {
    /// The unit's name.
    pub name: String,
    /// How many.
    pub counts: AlertCounts,
    /// Tasks that other agencies asked of it and that are late.
    pub tasks: i64,
}

/// Tasks of agencies that are late or due today, seen from one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskAlerts {
    /// From which side.
    pub side: Side,
    /// Past their time.
    pub late: i64,
    /// Due today.
    pub today: i64,
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
    /// Tasks that are late or due today; none for the province, where they stand by unit.
    pub tasks: Vec<TaskAlerts>,
    /// Now, once for the page.
    pub now: DateTime,
}

/// The parts that the actor sees, the widest first.
fn parts(actor: &Actor) -> Vec<Part> {
    let sees = |part: &Part| match part {
        Part::Mine => !actor.seeing().is_empty(),
        Part::Unit => heads(actor).next().is_some(),
        Part::Province => actor.is(Role::ProvinceController),
    };
    Part::ALL.into_iter().rev().filter(sees).collect()
}

/// Whether the actor is told of anything.
pub fn sees(actor: &Actor) -> bool {
    !parts(actor).is_empty()
}

/// The posts in which the actor is told of what others have not done.
fn heads(actor: &Actor) -> impl Iterator<Item = (&UnitId, Role)> {
    actor.acting().filter(|(_, role)| TOLD.contains(role))
}

/// The actor's own alerts, at every unit whose dossiers the actor sees.
fn own(actor: &Actor) -> Vec<AlertScope> {
    let mine = |unit: UnitId| {
        let posts = actor.acting().filter(|(at, _)| **at == unit);
        AlertScope::Mine {
            roles: posts.map(|(_, role)| role).collect(),
            staff: actor.working_for(),
            unit,
        }
    };
    actor.seeing().into_iter().map(mine).collect()
}

/// What has reached the actor up the line: as leader what has reached the leader of the agency; as
/// head of a centre what has reached the centre that received, and of the centre's own steps what
/// would reach a leader. Alerts of people who are away with nobody in their place are for whoever
/// hands their work out.
async fn up_the_line(app: &App, actor: &Actor, today: Date) -> Result<Vec<AlertScope>, No> {
    let mut scopes = Vec::new();
    for (unit, post) in heads(actor) {
        let headed = |roles: &[Role]| AlertScope::Headed {
            unit: unit.clone(),
            roles: roles.to_vec(),
        };
        if post == Role::Leader {
            scopes.push(headed(&[]));
        } else {
            scopes.extend([headed(&RECEIVING), AlertScope::Received(unit.clone())]);
        }
        let alone = unattended(app, unit, today).await?.into_iter();
        let alone = alone.filter(|given| hands_out(post, given.delegation.role));
        let staff: Vec<StaffId> = alone.map(|given| given.delegation.from).collect();
        if !staff.is_empty() {
            scopes.push(AlertScope::Mine {
                unit: unit.clone(),
                roles: Vec::new(),
                staff,
            });
        }
    }
    Ok(scopes)
}

/// Alerts of all the scopes, each clock once, due first.
async fn read(
    app: &App,
    scopes: Vec<AlertScope>,
    (after, most): (Option<&AlertKey>, u32),
) -> Result<Vec<AlertRow>, No> {
    let mut rows = Vec::new();
    for scope in scopes {
        let filter = AlertFilter {
            scope,
            after: after.cloned(),
            limit: most,
        };
        rows.extend(app.store().views().alerts(&filter).await?);
    }
    rows.sort_by_cached_key(AlertRow::key);
    rows.dedup_by(|other, kept| other.key() == kept.key());
    Ok(rows)
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
    let now = app.clock().now();
    let mut page = AlertPage {
        part,
        parts,
        rows: Vec::new(),
        next: None,
        units: Vec::new(),
        tasks: Vec::new(),
        now,
    };
    let scopes = match part {
        Part::Province => {
            page.units = with_tasks(app, by_unit(app).await?, now).await?;
            return Ok(page);
        }
        Part::Unit => up_the_line(app, actor, now.date()).await?,
        Part::Mine => own(actor),
    };
    // One more than is shown tells whether there is a next page.
    let asked = (query.after.as_ref(), PAGE.saturating_add(1));
    page.rows = read(app, scopes, asked).await?;
    page.tasks = task_alerts(app, actor, now).await?;
    if page.rows.len() > PAGE as usize {
        page.rows.truncate(PAGE as usize);
        page.next = page.rows.last().map(AlertRow::key);
    }
    Ok(page)
}

/// What the controller of the province is told, by unit.
pub(crate) async fn by_unit(app: &App) -> Result<Vec<UnitAlerts>, No> {
    let counts = app.store().views().alert_counts().await?;
    let named = counts.into_iter().map(|counts| {
        let name = UnitId::parse(&counts.unit).map(|unit| app.unit_name(&unit));
        UnitAlerts {
            name: name.unwrap_or_else(|_| counts.unit.clone()),
            counts,
            tasks: 0,
        }
    });
    Ok(named.collect())
}

/// The same with the late tasks of each agency; agencies that have late tasks alone come last.
async fn with_tasks(
    app: &App,
    mut units: Vec<UnitAlerts>,
    now: DateTime,
) -> Result<Vec<UnitAlerts>, No> {
    for late in app.store().views().late_tasks(now).await? {
        let mut known = units.iter_mut();
        if let Some(unit) = known.find(|unit| unit.counts.unit == late.unit) {
            unit.tasks = late.late;
            continue;
        }
        let name = UnitId::parse(&late.unit).map(|unit| app.unit_name(&unit));
        units.push(UnitAlerts {
            name: name.unwrap_or_else(|_| late.unit.clone()),
            counts: AlertCounts {
                unit: late.unit,
                dossiers: 0,
                steps: 0,
                unissued: 0,
            },
            tasks: late.late,
        });
    }
    Ok(units)
}

/// Tasks that are late or due today, from each side that the actor sees and has some on.
async fn task_alerts(app: &App, actor: &Actor, now: DateTime) -> Result<Vec<TaskAlerts>, No> {
    let bounds = bounds(app, now);
    let mut found = Vec::new();
    for side in sides(actor) {
        let mut alerts = TaskAlerts {
            side,
            late: 0,
            today: 0,
        };
        for unit in task_units(actor, side) {
            let scope = side.scope(unit);
            let counts = app.store().views().task_counts(&scope, &bounds).await?;
            alerts.late = alerts.late.saturating_add(counts.late);
            alerts.today = alerts.today.saturating_add(counts.today);
        }
        if alerts.late > 0 || alerts.today > 0 {
            found.push(alerts);
        }
    }
    Ok(found)
}

/// Everything of which the actor is told: the own alerts, and what has reached her up the line.
pub(crate) async fn all_of(app: &App, actor: &Actor, most: u32) -> Result<Vec<AlertRow>, No> {
    let mut scopes = own(actor);
    scopes.extend(up_the_line(app, actor, app.clock().now().date()).await?);
    read(app, scopes, (None, most)).await
}

//! Lists of tasks: what an agency was asked for, what it asked for, what a centre has late.

use std::ops::Range;

use domain::deadline::UrgencyBounds;
use domain::ids::UnitId;
use domain::office::Role;
use jiff::civil::DateTime;
use store::views::{TaskCounts, TaskFilter, TaskKey, TaskLine, TaskScope};

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::processing::bounds;
use crate::state::App;

/// From which side tasks are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The agency that was asked.
    Asked,
    /// The agency that asks.
    Sent,
    /// The centre that received: what is overdue is reported to its head (NĐ 61/2018 Điều 19.5).
    Received,
}

impl Side {
    /// Its name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }

    /// Who sees it.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Asked | Self::Sent => &[Role::CaseOfficer, Role::Leader],
            Self::Received => &[Role::CentreDirector],
        }
    }

    fn units(self, actor: &Actor) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = Vec::new();
        for (unit, role) in actor.acting() {
            if self.roles().contains(&role) && !units.contains(unit) {
                units.push(unit.clone());
            }
        }
        units
    }

    pub(crate) fn scope(self, unit: UnitId) -> TaskScope {
        match self {
            Self::Asked => TaskScope::Asked(unit),
            Self::Sent => TaskScope::Sent(unit),
            Self::Received => TaskScope::Received(unit),
        }
    }
}

/// The sides from which the actor sees tasks.
pub fn sides(actor: &Actor) -> Vec<Side> {
    let all = [Side::Asked, Side::Sent, Side::Received];
    let sees = |side: &Side| !side.units(actor).is_empty();
    all.into_iter().filter(sees).collect()
}

/// The units at which the actor sees tasks from that side.
pub fn task_units(actor: &Actor, side: Side) -> Vec<UnitId> {
    side.units(actor)
}

/// Which list, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskQuery {
    /// From which side.
    pub side: Side,
    /// At which of the actor's units; none is the first.
    pub at: Option<UnitId>,
    /// Only what is so urgent: `late`, `today`, `soon`, `far`; anything else is all.
    pub part: String,
    /// Continue after this row.
    pub after: Option<TaskKey>,
}

/// A page of a list of tasks.
#[derive(Debug, Clone)]
pub struct TaskList {
    /// Up to 50 rows.
    pub rows: Vec<TaskLine>,
    /// Where the next page begins, if there is one.
    pub next: Option<TaskKey>,
    /// How many there are in all, by urgency.
    pub counts: TaskCounts,
    /// Now, once for the page.
    pub now: DateTime,
}

/// The address of the lists.
pub(crate) const ADDRESS: &str = "/viec-phoi-hop";

const PAGE: u32 = 50;

/// A page of a list, with its counts.
///
/// # Errors
/// [`No::Denied`] without a post there; [`No::Broken`].
pub async fn tasks(app: &App, actor: &Actor, query: &TaskQuery) -> Result<TaskList, No> {
    let mut units = query.side.units(actor).into_iter();
    let unit = match &query.at {
        None => units.next().ok_or(Denied::Seen)?,
        Some(at) => units.find(|unit| unit == at).ok_or(Denied::Unseen)?,
    };
    let now = app.clock().now();
    let bounds = bounds(app, now);
    let filter = TaskFilter {
        scope: query.side.scope(unit),
        due: part(&query.part, &bounds),
        after: query.after.clone(),
        limit: PAGE,
    };
    let views = app.store().views();
    let rows = views.tasks(&filter).await?;
    let counts = views.task_counts(&filter.scope, &bounds).await?;
    let full = u32::try_from(rows.len()).is_ok_and(|there| there == PAGE);
    let next = rows.last().filter(|_| full).map(TaskLine::key);
    Ok(TaskList {
        rows,
        next,
        counts,
        now,
    })
}

fn part(name: &str, bounds: &UrgencyBounds) -> Option<Range<DateTime>> {
    match name {
        "late" => Some(DateTime::MIN..bounds.late_before),
        "today" => Some(bounds.late_before..bounds.today_until),
        "soon" => Some(bounds.today_until..bounds.soon_until),
        "far" => Some(bounds.soon_until..DateTime::MAX),
        _ => None,
    }
}

/// How many tasks wait for the actor: what the first agency was asked for, or what is late at the
/// centre that the actor heads.
pub(crate) async fn waiting(app: &App, actor: &Actor, bounds: &UrgencyBounds) -> Result<i64, No> {
    let mut waiting = 0_i64;
    for side in [Side::Asked, Side::Received] {
        let Some(unit) = side.units(actor).into_iter().next() else {
            continue;
        };
        for unit in app.with_forerunners(&unit) {
            let counts = app.store().views();
            let counts = counts.task_counts(&side.scope(unit), bounds).await?;
            let more = match side {
                Side::Received => counts.late,
                Side::Asked | Side::Sent => counts.open,
            };
            waiting = waiting.saturating_add(more);
        }
    }
    Ok(waiting)
}

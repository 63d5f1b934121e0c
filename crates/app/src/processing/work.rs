//! Work lists: reading is a use case too.

use std::ops::Range;

use domain::deadline::{UrgencyBounds, urgency_bounds};
use domain::dossier::Warning;
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::{DateTime, Time};
use store::views::{Counts, Filter, Key, Scope, WorkClock, WorkRow};

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

use super::reviews::{review_count, reviews, unanswered, unanswered_count};

/// Which list, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkQuery {
    /// The whole unit's work instead of the actor's.
    pub unit: bool,
    /// At which of the actor's units; none is the first.
    pub at: Option<UnitId>,
    /// Only what is so urgent: `late`, `today`, `soon`, `far`, `paused`, `done`; of the actor's own
    /// also `review`, drafted requests to be approved or sent, and `unanswered`, requests whose time
    /// to be answered is over; anything else is all.
    pub part: String,
    /// Only these roles' work: approvals, returns.
    pub roles: Vec<Role>,
    /// Continue after this row.
    pub after: Option<Key>,
}

/// A page of a work list.
#[derive(Debug, Clone)]
pub struct WorkList {
    /// Up to 50 rows.
    pub rows: Vec<WorkRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<Key>,
    /// How much there is in all, by urgency.
    pub counts: Counts,
    /// Drafted requests that the actor may approve or send; none for who reviews none.
    pub reviews: Option<i64>,
    /// Requests whose time to be answered is over; none for who closes none.
    pub unanswered: Option<i64>,
    /// Bounds by which rows are coloured.
    pub bounds: UrgencyBounds,
    /// Now, once for the page.
    pub now: DateTime,
    /// Warnings of the rows that have one.
    pub warnings: Vec<(DossierId, Warning)>,
}

impl WorkList {
    /// The highest warning about the dossier of a row.
    pub fn warning(&self, row: &WorkRow) -> Option<Warning> {
        let mut warnings = self.warnings.iter();
        let found = warnings.find(|(dossier, _)| dossier.as_str() == row.dossier);
        found.map(|(_, warning)| *warning)
    }
}

const PAGE: u32 = 50;
/// The part that holds drafted requests to be reviewed.
const REVIEW: &str = "review";
/// The part that holds requests that were not answered in time.
const UNANSWERED: &str = "unanswered";

/// Bounds of urgency; where the calendar of the next days is not published yet, by plain days: a
/// list never stops for want of a calendar.
pub(crate) fn bounds(app: &App, now: DateTime) -> UrgencyBounds {
    urgency_bounds(now, &app.settings().calendar).unwrap_or_else(|_| {
        let days = |n: i64| {
            now.date()
                .saturating_add(n.days())
                .to_datetime(Time::midnight())
        };
        UrgencyBounds {
            late_before: now,
            today_until: days(1),
            soon_until: days(2),
        }
    })
}

/// The unit of the list, one of those that the actor sees.
fn at(actor: &Actor, query: &WorkQuery) -> Result<UnitId, No> {
    let mut seeing = actor.seeing().into_iter();
    Ok(match &query.at {
        None => seeing.next().ok_or(Denied::Seen)?,
        Some(at) => seeing.find(|unit| unit == at).ok_or(Denied::Unseen)?,
    })
}

/// The list's scope, within what the actor sees: helpers and agents of the post see no lists.
fn scope(actor: &Actor, query: &WorkQuery) -> Result<Scope, No> {
    let unit = at(actor, query)?;
    if !query.roles.is_empty() {
        return Ok(Scope::UnitRoles(unit, query.roles.clone()));
    }
    if query.unit {
        return Ok(Scope::Unit(unit));
    }
    let posts = actor.acting().filter(|(at, _)| **at == unit);
    Ok(Scope::Mine {
        roles: posts.map(|(_, role)| role).collect(),
        staff: actor.working_for(),
        unit,
    })
}

/// A page of a list, with its counts.
///
/// # Errors
/// [`No::Denied`] without a post, or for a unit of others; [`No::Broken`].
pub async fn work(app: &App, actor: &Actor, query: &WorkQuery) -> Result<WorkList, No> {
    let now = app.clock().now();
    let bounds = bounds(app, now);
    let scope = scope(actor, query)?;
    let (due, clock) = part(&query.part, &bounds);
    let filter = Filter {
        scope: scope.clone(),
        due,
        clock,
        after: query.after.clone(),
        limit: PAGE,
    };
    let views = app.store().views();
    let unit = at(actor, query)?;
    let page = (&unit, query.after.as_ref(), PAGE);
    let rows = match query.part.as_str() {
        REVIEW => reviews(app, actor, page).await?,
        UNANSWERED => unanswered(app, actor, page, now).await?,
        _ => views.work(&filter).await?,
    };
    let counts = views.work_counts(&scope, &bounds).await?;
    let dossiers: Vec<&str> = rows.iter().map(|row| row.dossier.as_str()).collect();
    let warnings = views.alert_marks(&dossiers).await?;
    let full = rows.len() == PAGE as usize;
    let next = rows.last().filter(|_| full).map(WorkRow::key);
    Ok(WorkList {
        rows,
        next,
        counts,
        reviews: review_count(app, actor, &unit).await?,
        unanswered: unanswered_count(app, actor, (&unit, now)).await?,
        bounds,
        now,
        warnings,
    })
}

fn part(name: &str, bounds: &UrgencyBounds) -> (Option<Range<DateTime>>, Option<WorkClock>) {
    let running = Some(WorkClock::Running);
    match name {
        "late" => (Some(DateTime::MIN..bounds.late_before), running),
        "today" => (Some(bounds.late_before..bounds.today_until), running),
        "soon" => (Some(bounds.today_until..bounds.soon_until), running),
        "far" => (Some(bounds.soon_until..DateTime::MAX), running),
        "paused" => (None, Some(WorkClock::Paused)),
        "done" => (None, Some(WorkClock::Done)),
        _ => (None, None),
    }
}

/// How much work there is at the actor's first unit, for the bar.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waiting {
    /// The actor's own.
    pub mine: Counts,
    /// The unit's.
    pub unit: Counts,
    /// Drafts that wait for a leader; counted for leaders alone.
    pub approvals: Counts,
    /// Tasks that other agencies asked for, and what is late of those of the centre that one heads.
    pub tasks: i64,
}

/// How much work the actor and the unit have, for the bar.
///
/// # Errors
/// [`No::Broken`].
pub async fn counts(app: &App, actor: &Actor) -> Result<Waiting, No> {
    let Some(unit) = actor.seeing().into_iter().next() else {
        return Ok(Waiting::default());
    };
    let bounds = bounds(app, app.clock().now());
    let query = WorkQuery {
        unit: false,
        at: None,
        part: String::new(),
        roles: Vec::new(),
        after: None,
    };
    let views = app.store().views();
    let mut waiting = Waiting {
        tasks: crate::tasks::waiting(app, actor, &bounds).await?,
        ..Waiting::default()
    };
    // What units left that ended is work like one's own.
    for at in app.with_forerunners(&unit) {
        let query = WorkQuery {
            at: Some(at.clone()),
            ..query.clone()
        };
        let Ok(mine) = scope(actor, &query) else {
            continue;
        };
        let all = Scope::Unit(at.clone());
        waiting.mine += views.work_counts(&mine, &bounds).await?;
        waiting.unit += views.work_counts(&all, &bounds).await?;
        if actor.is(Role::Leader) {
            let approvals = Scope::UnitRoles(at, vec![Role::Leader]);
            waiting.approvals += views.work_counts(&approvals, &bounds).await?;
        }
    }
    Ok(waiting)
}

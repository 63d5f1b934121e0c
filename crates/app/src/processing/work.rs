//! Work lists and search: reading is a use case too.

use std::ops::Range;

use domain::deadline::{UrgencyBounds, urgency_bounds};
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::{DateTime, Time};
use store::views::{Counts, Filter, Found as Rows, Key, Scope, SearchScope, WorkClock, WorkRow};

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

/// Which list, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkQuery {
    /// The whole unit's work instead of the actor's.
    pub unit: bool,
    /// Only what is so urgent: `late`, `today`, `soon`, `far`, `paused`, `done`; anything else is
    /// all.
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
    /// Bounds by which rows are coloured.
    pub bounds: UrgencyBounds,
    /// Now, once for the page.
    pub now: DateTime,
}

const PAGE: u32 = 50;

/// What was found by a search.
pub type Found = Rows;

/// Bounds of urgency; where the calendar of the next days is not published yet, by plain days: a
/// list never stops for want of a calendar.
fn bounds(app: &App, now: DateTime) -> UrgencyBounds {
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

/// The list's scope, within what the actor sees: helpers and agents of the post see no lists.
fn scope(actor: &Actor, query: &WorkQuery) -> Result<Scope, No> {
    let seeing = actor.seeing();
    let unit = seeing.first().ok_or(No::Denied(Denied::Seen))?.clone();
    if !query.roles.is_empty() {
        return Ok(Scope::UnitRoles(unit, query.roles.clone()));
    }
    if query.unit {
        return Ok(Scope::Unit(unit));
    }
    let posts = actor.posts.iter().filter(|(at, _)| *at == unit);
    Ok(Scope::Mine {
        roles: posts.map(|(_, role)| *role).collect(),
        staff: actor.staff.clone(),
        unit,
    })
}

/// A page of a list, with its counts.
///
/// # Errors
/// [`No::Denied`] without a post, [`No::Broken`].
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
    let rows = views.work(&filter).await?;
    let counts = views.work_counts(&scope, &bounds).await?;
    let full = u32::try_from(rows.len()).is_ok_and(|there| there == PAGE);
    let next = rows.last().filter(|_| full).map(WorkRow::key);
    Ok(WorkList {
        rows,
        next,
        counts,
        bounds,
        now,
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

/// How much work the actor and the unit have, for the bar.
///
/// # Errors
/// [`No::Broken`].
pub async fn counts(app: &App, actor: &Actor) -> Result<(Counts, Counts), No> {
    let Some(unit) = actor.seeing().into_iter().next() else {
        return Ok(Default::default());
    };
    let bounds = bounds(app, app.clock().now());
    let query = WorkQuery {
        unit: false,
        part: String::new(),
        roles: Vec::new(),
        after: None,
    };
    let mine = scope(actor, &query)?;
    let views = app.store().views();
    let mine = views.work_counts(&mine, &bounds).await?;
    let all = views.work_counts(&Scope::Unit(unit), &bounds).await?;
    Ok((mine, all))
}

/// Finds dossiers by number, end of a number, or beginning of the owner's name.
///
/// # Errors
/// [`No::Broken`].
pub async fn search(app: &App, actor: &Actor, text: &str) -> Result<Found, No> {
    const MOST: u32 = 20;
    let scope = if actor.is(Role::ProvinceController) {
        SearchScope::All
    } else {
        SearchScope::Units(actor.seeing())
    };
    Ok(app.store().views().search(text, &scope, MOST).await?)
}

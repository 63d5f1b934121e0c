//! Digests: at the hours that the province chose, on working days, everybody with an address who is
//! there, or stands in for somebody who is not, is told by mail what is late or will be. A mail names
//! dossiers by their numbers and nobody at all.

use domain::dossier::Warning;
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{Addressed, AlertRow, NewDigest};

use crate::absence::standing;
use crate::access::Actor;
use crate::alerts::{self, UnitAlerts};
use crate::no::No;
use crate::state::App;
use crate::tasks::{self, Nearness, Reminder};
use crate::words::{self, Language};

use super::lateness::is_working;

const VI: Language = Language::Vi;
/// Dossiers that a mail names at most under each warning.
const NAMED: usize = 30;
/// Alerts of one unit that a mail counts at most.
const COUNTED: u32 = 500;
/// Bytes of a digest's code.
const CODE: usize = 16;

/// Makes the digests of the last hour that has come, once; says how many.
pub(super) async fn make_digests(app: &App, now: DateTime) -> Result<usize, No> {
    let settings = app.settings();
    let Some(hour) = settings.digests().last_before(now) else {
        return Ok(0);
    };
    if !is_working(&settings.clock(), now) || app.store().has_digests(hour).await? {
        return Ok(0);
    }
    let mut digests = Vec::new();
    for addressed in app.store().addressed(now.date()).await? {
        digests.extend(digest(app, addressed, now).await?);
    }
    let count = digests.len();
    let made = app.store().add_digests(hour, digests, now).await?;
    app.tell_notices();
    Ok(if made { count } else { 0 })
}

/// What somebody is told; nothing when there is nothing to tell.
async fn digest(app: &App, to: Addressed, now: DateTime) -> Result<Option<NewDigest>, No> {
    let posts = app.posts_with_forerunners(to.posts);
    let actor = Actor {
        standing: standing(app, &posts, to.standing),
        staff: to.staff,
        name: String::new(),
        posts,
        language: VI,
    };
    let rows = alerts::all_of(app, &actor, COUNTED).await?;
    let controls = actor.is(Role::ProvinceController);
    let units = if controls {
        alerts::by_unit(app).await?
    } else {
        Vec::new()
    };
    let tasks = tasks::reminders(app, &actor, (now, COUNTED)).await?;
    let ending = ending(app, &actor, now).await?;
    let told = Told {
        rows: &rows,
        units: &units,
        tasks: &tasks,
        ending: ending.as_ref(),
    };
    let Some((subject, count)) = told.subject() else {
        return Ok(None);
    };
    Ok(Some(NewDigest {
        staff: actor.staff,
        code: hex::encode(app.ids().bytes::<CODE>()),
        subject: words::fill(VI, subject, &[("count", &count)]),
        body: body(app, &told, &count, now),
    }))
}

fn body(
    app: &App,
    (rows, units, tasks): (&[AlertRow], &[UnitAlerts], &[Reminder]),
    count: &str,
    now: DateTime,
) -> String {
    let (time, date) = (words::time(now), words::date(now.date()));
    let head = [("time", time.as_str()), ("date", &date), ("count", count)];
    let alone = rows.is_empty() && units.is_empty();
    let (first, page) = if alone {
        ("digest.head_tasks", tasks::ADDRESS)
    } else {
        ("digest.head", alerts::ADDRESS)
    };
    let mut lines = vec![words::fill(VI, first, &head), String::new()];
    for warning in [Warning::Overdue, Warning::Second, Warning::First] {
        let those = told.rows.iter();
        let those = those.filter(|row| row.warning() == warning);
        let codes: Vec<Option<&str>> = those.map(|row| row.code.as_deref()).collect();
        if !codes.is_empty() {
            let key = format!("alert.warning.{}", warning.as_str());
            lines.push(format!("{}: {}", words::t(VI, &key), named(&codes)));
        }
    }
    for unit in told.units {
        let counts = &unit.counts;
        let [dossiers, steps] = [counts.dossiers, counts.steps].map(|n| n.to_string());
        let values = [
            ("unit", unit.name.as_str()),
            ("dossiers", &dossiers),
            ("steps", &steps),
        ];
        lines.push(words::fill(VI, "digest.unit", &values));
    }
    lines.extend(of_tasks(tasks));
    let link = format!("{}{page}", app.public_address());
    lines.extend([
        String::new(),
        words::fill(VI, "digest.foot", &[("link", &link)]),
    ]);
    lines.join("\n")
}

/// Tasks of other agencies that are late or soon will be.
fn of_tasks(tasks: &[Reminder]) -> Vec<String> {
    let mut lines = Vec::new();
    for near in Nearness::ALL {
        let those = tasks.iter().filter(|task| task.near == near);
        let codes: Vec<Option<&str>> = those.map(|task| task.code.as_deref()).collect();
        if !codes.is_empty() {
            let key = format!("digest.task.{}", near.as_str());
            lines.push(format!("{}: {}", words::t(VI, &key), named(&codes)));
        }
    }
    lines
}

/// Numbers of dossiers, each once, and how many more there are.
fn named(codes: &[Option<&str>]) -> String {
    let mut known: Vec<&str> = codes.iter().copied().flatten().collect();
    known.dedup();
    let more = known.len().saturating_sub(NAMED);
    let bare = codes.iter().filter(|code| code.is_none()).count();
    let shown = known.iter().take(NAMED).map(|code| (*code).to_owned());
    let counted = |key: &str, count: usize| {
        let words = words::fill(VI, key, &[("count", &count.to_string())]);
        (count > 0).then_some(words)
    };
    let rest = [counted("digest.more", more), counted("digest.bare", bare)];
    let all: Vec<String> = shown.chain(rest.into_iter().flatten()).collect();
    all.join(", ")
}

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
use crate::certificates::{self, CertificateWarning};
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

/// What a digest tells.
struct Told<'a> {
    rows: &'a [AlertRow],
    units: &'a [UnitAlerts],
    tasks: &'a [Reminder],
    ending: Option<&'a CertificateWarning>,
}

impl Told<'_> {
    /// Whether nothing is late of the person's own or of units.
    fn is_in_time(&self) -> bool {
        self.rows.is_empty() && self.units.is_empty()
    }

    /// Key of the subject and what it counts; none when there is nothing to tell.
    fn subject(&self) -> Option<(&'static str, String)> {
        if !self.is_in_time() {
            let of_units = self.units.iter().map(|unit| unit.counts.clocks());
            let of_rows = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
            let count = of_units.fold(of_rows, i64::saturating_add);
            return Some(("digest.subject", count.to_string()));
        }
        if !self.tasks.is_empty() {
            return Some(("digest.tasks", self.tasks.len().to_string()));
        }
        let ending = self.ending?;
        Some(("digest.subject_certificates", ending.expiring.to_string()))
    }
}

/// Certificates that are nearly over, told in the first digest of a day.
async fn ending(app: &App, actor: &Actor, now: DateTime) -> Result<Option<CertificateWarning>, No> {
    let settings = app.settings();
    let hour = settings.digests().last_before(now);
    let earlier = hour.and_then(|hour| hour.checked_sub(1.minute()).ok());
    let earlier = earlier.filter(|earlier| earlier.date() == now.date());
    if earlier.is_some_and(|earlier| settings.digests().last_before(earlier).is_some()) {
        return Ok(None);
    }
    let said = certificates::warning(app, actor).await?;
    Ok((said.expiring > 0).then_some(said))
}

fn body(app: &App, told: &Told<'_>, count: &str, now: DateTime) -> String {
    let (time, date) = (words::time(now), words::date(now.date()));
    let head = [("time", time.as_str()), ("date", &date), ("count", count)];
    let (first, page) = if !told.is_in_time() {
        ("digest.head", alerts::ADDRESS)
    } else if told.tasks.is_empty() {
        ("digest.head_certificates", certificates::ADDRESS)
    } else {
        ("digest.head_tasks", tasks::ADDRESS)
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
    lines.extend(of_tasks(told.tasks));
    lines.extend(told.ending.and_then(|said| of_certificates(app, said)));
    let link = format!("{}{page}", app.public_address());
    lines.extend([
        String::new(),
        words::fill(VI, "digest.foot", &[("link", &link)]),
    ]);
    lines.join("\n")
}

/// Certificates that are nearly over: how many and when, and where they stand; nobody is named.
fn of_certificates(app: &App, said: &CertificateWarning) -> Option<String> {
    let day = words::date(said.soonest?.date());
    let link = format!("{}{}", app.public_address(), certificates::ADDRESS);
    let n = said.expiring.to_string();
    let values = [("n", n.as_str()), ("day", &day), ("link", &link)];
    Some(words::fill(VI, "digest.certificates", &values))
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

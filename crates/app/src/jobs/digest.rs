//! Digests: at the hours that the province chose, on working days, everybody with an address is told
//! by mail what is late or will be. A mail names dossiers by their numbers and nobody at all.

use domain::dossier::Warning;
use domain::office::Role;
use jiff::civil::DateTime;
use store::{Addressed, AlertRow, NewDigest};

use crate::alerts::{self, UnitAlerts};
use crate::no::No;
use crate::state::App;
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
        digests.extend(digest(app, &addressed, now).await?);
    }
    let count = digests.len();
    let made = app.store().add_digests(hour, digests, now).await?;
    app.tell_notices();
    Ok(if made { count } else { 0 })
}

/// What somebody is told; nothing when there is nothing to tell.
async fn digest(app: &App, to: &Addressed, now: DateTime) -> Result<Option<NewDigest>, No> {
    let mut rows = alerts::of_posts(app, &to.staff, &to.posts, COUNTED).await?;
    rows.sort_by_key(|row| row.key().to_string());
    rows.dedup_by(|a, b| a.key() == b.key());
    let controls = to
        .posts
        .iter()
        .any(|(_, role)| *role == Role::ProvinceController);
    let units = if controls {
        alerts::by_unit(app).await?
    } else {
        Vec::new()
    };
    if rows.is_empty() && units.is_empty() {
        return Ok(None);
    }
    let of_units = units.iter().map(|unit| unit.counts.clocks());
    let count = of_units.sum::<i64>().to_string();
    let count = if controls {
        count
    } else {
        rows.len().to_string()
    };
    Ok(Some(NewDigest {
        staff: to.staff.clone(),
        code: hex::encode(app.ids().bytes::<CODE>()),
        subject: words::fill(VI, "digest.subject", &[("count", &count)]),
        body: body(app, (&rows, &units), &count, now),
    }))
}

fn body(
    app: &App,
    (rows, units): (&[AlertRow], &[UnitAlerts]),
    count: &str,
    now: DateTime,
) -> String {
    let (time, date) = (words::time(now), words::date(now.date()));
    let head = [("time", time.as_str()), ("date", &date), ("count", count)];
    let mut lines = vec![words::fill(VI, "digest.head", &head), String::new()];
    for warning in [Warning::Overdue, Warning::Second, Warning::First] {
        let those = rows.iter().filter(|row| row.warning() == warning);
        let codes: Vec<Option<&str>> = those.map(|row| row.code.as_deref()).collect();
        if !codes.is_empty() {
            let key = format!("alert.warning.{}", warning.as_str());
            lines.push(format!("{}: {}", words::t(VI, &key), named(&codes)));
        }
    }
    for unit in units {
        let counts = &unit.counts;
        let numbers = [counts.overdue, counts.second, counts.first].map(|n| n.to_string());
        let [overdue, second, first] = &numbers;
        let values = [
            ("unit", unit.name.as_str()),
            ("overdue", overdue),
            ("second", second),
            ("first", first),
        ];
        lines.push(words::fill(VI, "digest.unit", &values));
    }
    let link = format!("{}{}", app.public_address(), alerts::ADDRESS);
    lines.extend([
        String::new(),
        words::fill(VI, "digest.foot", &[("link", &link)]),
    ]);
    lines.join("\n")
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

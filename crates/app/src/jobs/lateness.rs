//! Watches open work for being late. What has a threshold to reach is looked at when it may be
//! reached, and after each move; alerts go up the line of posts inside working hours alone. What a
//! look finds is written once, together with when the next one comes: whoever is killed before that
//! has written nothing, and whoever looks again finds what is there.

use domain::deadline::Clock;
use domain::dossier::{Escalation, Warning, Watched};
use domain::parameters::{Dates, Key};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{DueLook, Look, NewAlert};

use crate::access::Resource;
use crate::facts::Settings;
use crate::no::{Denied, No};
use crate::state::App;

use super::digest::make_digests;

/// Dossiers looked at together.
const PAGE: u32 = 50;
/// Hours after which work is looked at again that could not be judged: a calendar may be published.
const LATER: i64 = 4;

/// The parameters that decide when a look is due.
const COUNTED: [Key; 6] = [
    Key::WarningFirst,
    Key::WarningSecond,
    Key::EscalationHolder,
    Key::EscalationLeader,
    Key::EscalationCentre,
    Key::EscalationProvince,
];

/// Looks at everything whose time has come, closes alerts whose work has ended, and makes the digests
/// of the hour; says how many alerts are new.
///
/// # Errors
/// [`No::Broken`] when the database cannot be read or written.
pub async fn watch_lateness(app: &App) -> Result<u64, No> {
    let now = app.clock().now();
    let settings = app.settings();
    app.store().look_anew(&basis(&settings, now)).await?;
    app.store().clear_ended_alerts(now).await?;
    let mut new = 0_u64;
    loop {
        let due = app.store().due_looks(now, PAGE).await?;
        let full = u32::try_from(due.len()).is_ok_and(|there| there == PAGE);
        let mut looks = Vec::with_capacity(due.len());
        for one in due {
            looks.extend(look(app, &settings, one, now).await);
        }
        let none = looks.is_empty();
        new = new.saturating_add(app.store().record_looks(looks, now).await?);
        if !full || none {
            break;
        }
    }
    make_digests(app, now).await?;
    Ok(new)
}

/// Whether anybody is told anything now.
pub(super) fn is_working(clock: &Clock<'_>, now: DateTime) -> bool {
    clock.opening(now) == Ok(now)
}

/// What the times of the next looks are counted by.
fn basis(settings: &Settings, now: DateTime) -> String {
    let dates = Dates::all(now.date());
    let clock = settings.clock();
    let values = COUNTED.map(|key| settings.parameters().row(key, dates).value.to_string());
    let calendar = clock.calendar.version();
    format!("{calendar} {} {}", clock.hours, values.join(" "))
}

/// One look; none when the dossier cannot be read, so that the others are looked at all the same.
async fn look(app: &App, settings: &Settings, due: DueLook, now: DateTime) -> Option<Look> {
    match judge(app, settings, &due, now).await {
        Ok(look) => Some(look),
        Err(cause) => {
            tracing::error!(dossier = %due.dossier, %cause, "Could not look at a dossier");
            None
        }
    }
}

async fn judge(app: &App, settings: &Settings, due: &DueLook, now: DateTime) -> Result<Look, No> {
    let loaded = app.store().load(&due.dossier).await?;
    let dossier = &loaded.dossier;
    let filed = &dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(dossier, &process).ok_or(Denied::Unseen)?;
    let clock = settings.clock();
    let later = now.saturating_add(LATER.hours());
    let watched = dossier.watched(now, &clock, settings.parameters());
    let watched = watched.map(|watched| (next(&watched, now, &clock), watched));
    let (next, watched) = watched.unwrap_or((Some(later), Vec::new()));
    let working = is_working(&clock, now);
    let reached: Vec<NewAlert> = watched.iter().filter_map(reached).collect();
    let opening = clock.opening(now).unwrap_or(later);
    let waits = !working && !reached.is_empty();
    Ok(Look {
        due: due.clone(),
        next: if waits { Some(opening) } else { next },
        running: watched.iter().map(|one| (one.watch, one.began)).collect(),
        step: dossier.at_step().map(|at| at.index),
        unit: resource.step.map_or(resource.receiving, |(_, unit)| unit),
        receiving: filed.receiving.clone(),
        alerts: if working { reached } else { Vec::new() },
    })
}

/// When the first of the clocks changes; where no calendar is published that far, later today.
fn next(watched: &[Watched], now: DateTime, clock: &Clock<'_>) -> Option<DateTime> {
    let later = now.saturating_add(LATER.hours());
    let changes = watched.iter().filter_map(|one| {
        let at = one.changes_at(now, clock);
        at.unwrap_or(Some(later))
    });
    changes.min()
}

/// What a clock has reached. Whoever is warned is the holder at least, and whoever is concerned is
/// warned: the province may set the thresholds of the two apart.
fn reached(watched: &Watched) -> Option<NewAlert> {
    let quiet = watched.warning == Warning::None && watched.level == Escalation::Nobody;
    let most = watched.level.max(Escalation::Holder);
    let levels = Escalation::LINE.into_iter().filter(|level| *level <= most);
    (!quiet).then(|| NewAlert {
        watch: watched.watch,
        began: watched.began,
        levels: levels.collect(),
        warning: watched.warning.max(Warning::First),
    })
}
#[cfg(test)]
mod tests;

//! Removes batches of which nothing is left to be signed, once their time is over.

use domain::parameters::{Dates, Key};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{AuditLine, Difference, Store};

use crate::facts::Settings;
use crate::no::No;
use crate::state::App;

/// Days that a worker has for it: what is still there then was forgotten.
const GRACE: i64 = 2;
/// Batches that are removed at one time.
const MOST: u32 = 100;

/// Before which moment nothing must have been done to a batch any more for it to be removed, and the
/// rule in words for the line that stays.
fn over(settings: &Settings, now: DateTime) -> (DateTime, String) {
    let (parameters, dates) = (settings.parameters(), Dates::all(now.date()));
    let days = parameters.number(Key::BatchKept, dates);
    let rule = &parameters.row(Key::BatchKept, dates).citation;
    let before = now.saturating_sub(i64::from(days).days());
    (before, format!("{rule}, {days}d"))
}

/// Removes the batches whose time is over; says how many.
///
/// # Errors
/// [`No::Broken`].
pub async fn remove_finished(app: &App) -> Result<u64, No> {
    let now = app.clock().now();
    let (before, rule) = over(&app.settings(), now);
    let mut removed = 0_u64;
    for id in app.store().finished_batches(before, MOST).await? {
        let line = AuditLine {
            actor: "system".to_owned(),
            action: "signing.removed".to_owned(),
            subject: id.clone(),
            purpose: rule.clone(),
            detail: String::new(),
        };
        let done = app.store().remove_batch(id, (now, line)).await?;
        removed = removed.saturating_add(u64::from(done));
    }
    Ok(removed)
}

/// What is wrong with batches: those that should be gone, and documents that one calls signed and
/// nobody signed.
///
/// # Errors
/// [`No::Broken`].
pub async fn check_batches(store: &Store, now: DateTime) -> Result<Vec<Difference>, No> {
    let settings = Settings::read(store, now.date()).await?;
    let (before, _) = over(&settings, now);
    let before = before.saturating_sub(GRACE.days());
    Ok(store.check_batches(before).await?)
}

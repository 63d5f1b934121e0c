//! Drafted requests to supplement that wait for a review, and requests that were sent and not answered
//! in time, in the work lists of those who act on them.

use domain::ids::UnitId;
use domain::office::Role;
use jiff::civil::DateTime;
use store::views::{Key, Reviewing, WorkRow};

use crate::access::{Actor, RECEIVING};
use crate::no::No;
use crate::state::App;

/// What the actor reviews at `unit`: the leader of the agency approves, the centre sends. None for
/// who does neither.
fn reviewing(actor: &Actor, unit: &UnitId) -> Option<Reviewing> {
    let (sends, approves) = acts(actor, unit);
    (sends || approves).then(|| Reviewing {
        unit: unit.clone(),
        reviewer: actor.staff.clone(),
        sends,
        approves,
    })
}

/// Whether the actor is of the counter, and whether the actor leads, at `unit`.
fn acts(actor: &Actor, unit: &UnitId) -> (bool, bool) {
    let counter = actor.acts_as_any(&RECEIVING, unit);
    (counter, actor.acts_as_any(&[Role::Leader], unit))
}

/// The dossiers whose drafted request the actor may approve or send at `unit`, at most `limit`.
pub(super) async fn reviews(
    app: &App,
    actor: &Actor,
    (unit, after, limit): (&UnitId, Option<&Key>, u32),
) -> Result<Vec<WorkRow>, No> {
    let Some(reviewing) = reviewing(actor, unit) else {
        return Ok(Vec::new());
    };
    let views = app.store().views();
    Ok(views.reviews(&reviewing, after, limit).await?)
}

/// How many there are; none for who reviews none.
pub(super) async fn review_count(
    app: &App,
    actor: &Actor,
    unit: &UnitId,
) -> Result<Option<i64>, No> {
    let Some(reviewing) = reviewing(actor, unit) else {
        return Ok(None);
    };
    let views = app.store().views();
    Ok(Some(views.review_count(&reviewing).await?))
}

/// The dossiers of `unit` whose applicant did not answer in time, for who may close them.
pub(super) async fn unanswered(
    app: &App,
    actor: &Actor,
    (unit, after, limit): (&UnitId, Option<&Key>, u32),
    now: DateTime,
) -> Result<Vec<WorkRow>, No> {
    if acts(actor, unit) == (false, false) {
        return Ok(Vec::new());
    }
    let views = app.store().views();
    Ok(views.unanswered((unit, now), after, limit).await?)
}

/// How many there are; none for who closes none.
pub(super) async fn unanswered_count(
    app: &App,
    actor: &Actor,
    (unit, now): (&UnitId, DateTime),
) -> Result<Option<i64>, No> {
    if acts(actor, unit) == (false, false) {
        return Ok(None);
    }
    let views = app.store().views();
    Ok(Some(views.unanswered_count(unit, now).await?))
}

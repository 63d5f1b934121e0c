//! Drafted requests to supplement that wait for a review, in the work lists of those who may send
//! them.

use domain::ids::UnitId;
use domain::office::Role;
use store::views::WorkRow;

use crate::access::Actor;
use crate::no::No;
use crate::state::App;

/// Who reviews requests: at the centre that sends them, and at the agency that decides.
const REVIEWING: [Role; 3] = [Role::ReceptionClerk, Role::CentreDirector, Role::Leader];

fn reviews_at(actor: &Actor, unit: &UnitId) -> bool {
    let mut posts = actor.acting();
    posts.any(|(at, role)| at == unit && REVIEWING.contains(&role))
}

/// The dossiers whose drafted request the actor may review at `unit`, at most `limit`.
pub(super) async fn reviews(
    app: &App,
    actor: &Actor,
    (unit, limit): (&UnitId, u32),
) -> Result<Vec<WorkRow>, No> {
    if !reviews_at(actor, unit) {
        return Ok(Vec::new());
    }
    let views = app.store().views();
    Ok(views.reviews(unit, &actor.staff, limit).await?)
}

/// How many there are; none for who reviews none.
pub(super) async fn review_count(
    app: &App,
    actor: &Actor,
    unit: &UnitId,
) -> Result<Option<i64>, No> {
    if !reviews_at(actor, unit) {
        return Ok(None);
    }
    let views = app.store().views();
    Ok(Some(views.review_count(unit, &actor.staff).await?))
}

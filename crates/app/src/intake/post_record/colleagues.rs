//! Whose filings an agent of the post hands over: her own, those of a colleague of the same post
//! office whom she stands in for, and those of one who holds no post there any more.

use std::collections::BTreeSet;

use domain::ids::{StaffId, UnitId};
use domain::office::Role;

use crate::access::Actor;
use crate::no::No;
use crate::state::App;

/// Everybody for whom the actor hands over at `unit` today, herself first.
pub(super) async fn hands_for(app: &App, actor: &Actor, unit: &UnitId) -> Result<Vec<StaffId>, No> {
    let mut hands = vec![actor.staff.clone()];
    let stands_in = actor.standing.iter();
    let stands_in = stands_in.filter(|held| held.role == Role::PostAgent && held.unit == *unit);
    hands.extend(stands_in.map(|held| held.whom.clone()));
    let known: BTreeSet<StaffId> = hands.iter().cloned().collect();
    for filer in app.store().post_filers(unit).await? {
        if !known.contains(&filer) && !is_agent(app, &filer, unit).await? {
            hands.push(filer);
        }
    }
    Ok(hands)
}

/// Whether somebody is an agent of the post at `unit` today.
async fn is_agent(app: &App, staff: &StaffId, unit: &UnitId) -> Result<bool, No> {
    let today = app.clock().now().date();
    let posts = app.store().posts_of(staff, today).await?;
    let agent = |post: &domain::office::Post| post.unit == *unit && post.role == Role::PostAgent;
    Ok(posts.iter().any(|held| agent(&held.post)))
}

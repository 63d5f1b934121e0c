//! Whose filings an agent of the post hands over: her own, those of a colleague of the same post
//! office whom she stands in for, and what one who holds no post there any more left undone.

use std::collections::BTreeSet;

use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use store::PostRecordRow;

use crate::access::{Actor, Desk, Resource};
use crate::no::No;
use crate::state::App;

/// An agent for whom the actor hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hands {
    /// Who filed.
    pub(super) whom: StaffId,
    /// Whether she left: then only what she had not handed over yet goes on to others.
    left: bool,
}

impl Hands {
    /// Whether the actor deals with what she filed: after the centre took it over, nobody who only
    /// took over from her.
    pub(super) fn have(&self, agent: &str, handed_over: bool) -> bool {
        self.whom.as_str() == agent && !(self.left && handed_over)
    }

    /// Whether the actor deals with a record that she made.
    pub(super) fn made(&self, row: &PostRecordRow) -> bool {
        self.have(&row.agent, row.signed_at.is_some())
    }
}

/// Everybody for whom the actor hands over at `unit` today, herself first.
pub(super) async fn hands_for(app: &App, actor: &Actor, unit: &UnitId) -> Result<Vec<Hands>, No> {
    let places = app.with_forerunners(unit);
    let held = |whom: StaffId| Hands { whom, left: false };
    let mut hands = vec![held(actor.staff.clone())];
    let stands_in = actor.standing.iter();
    let stands_in =
        stands_in.filter(|held| held.role == Role::PostAgent && places.contains(&held.unit));
    hands.extend(stands_in.map(|one| held(one.whom.clone())));
    let mut known: BTreeSet<StaffId> = hands.iter().map(|one| one.whom.clone()).collect();
    for place in &places {
        for whom in app.store().post_filers(place).await? {
            if known.insert(whom.clone()) && !is_agent(app, &whom, &places).await? {
                hands.push(Hands { whom, left: true });
            }
        }
    }
    Ok(hands)
}

/// What permissions depend on, as an agent of the post finds it: what a colleague filed for whom she
/// hands over is in her hands.
pub(crate) async fn in_hand(app: &App, actor: &Actor, resource: Resource) -> Result<Resource, No> {
    let Some(filer) = &resource.with_agent else {
        return Ok(resource);
    };
    if *filer == actor.staff || actor.desk_at(&resource.receiving) != Some(Desk::Post) {
        return Ok(resource);
    }
    let hands = hands_for(app, actor, &resource.receiving).await?;
    if hands.iter().any(|hands| hands.have(filer.as_str(), false)) {
        let with_agent = Some(actor.staff.clone());
        return Ok(Resource {
            with_agent,
            ..resource
        });
    }
    Ok(resource)
}

/// Whether somebody is an agent of the post at one of these places today.
async fn is_agent(app: &App, staff: &StaffId, places: &[UnitId]) -> Result<bool, No> {
    let today = app.clock().now().date();
    let posts = app.store().posts_of(staff, today).await?;
    let agent =
        |post: &domain::office::Post| places.contains(&post.unit) && post.role == Role::PostAgent;
    Ok(posts.iter().any(|held| agent(&held.post)))
}

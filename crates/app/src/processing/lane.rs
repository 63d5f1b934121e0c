//! Admission to a green lane: what its plan asks about is read where it is kept.

use domain::dossier::{Admitting, Command};
use store::Loaded;

use crate::facts::World;
use crate::no::{Denied, No};
use crate::people::party;
use crate::state::App;

use super::order::Order;
use super::prepare::{Prepared, capped, said};

#[cfg(test)]
mod tests;

/// The admission with what the owner is, and in which posts it is decided.
pub(super) async fn admitted(
    app: &App,
    (world, loaded): (&World, &Loaded),
    order: Order,
) -> Result<Prepared, No> {
    let Order::AdmitToLane {
        lane,
        ground,
        project,
    } = order
    else {
        return Err(No::Broken("no admission to a lane".into()));
    };
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let decider = world.for_whom.as_ref().unwrap_or(&world.by);
    let held = app.store().posts_of(decider, world.now.date()).await?;
    // An agency that ended passed its posts on with its work.
    let agencies = [&filed.competent, &filed.receiving].map(|unit| app.heir(unit));
    let here = held.into_iter().map(|held| held.post);
    let here = here.filter(|post| agencies.contains(&post.unit));
    let posts = here.map(|post| post.role).collect();
    let owner = party(app, &filed.owner).await?.kind;
    let ground = capped(app, &loaded.id, ("ground", &ground))?;
    Ok(said(ground, |ground| {
        Command::AdmitToLane(Admitting {
            lane,
            ground,
            project: Some(project).filter(|project| !project.is_empty()),
            owner,
            posts,
        })
    }))
}

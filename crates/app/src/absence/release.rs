//! Work whose holder has left the post is offered to the others again, by the program, from the
//! first day without the post on.

use domain::dossier::Command;
use domain::ids::{DossierId, StaffId};
use store::{AppendError, AuditLine, Batch, Loaded, NewEvents};

use crate::facts::World;
use crate::jobs::{SYSTEM, messages_of};
use crate::no::{Denied, No};
use crate::state::App;

/// Dossiers looked at together.
const PAGE: u32 = 200;

/// Releases every step that is held by somebody without its post today; says how many. A dossier
/// that somebody moves meanwhile, or that cannot be read, is looked at the next time and keeps no
/// other one waiting.
///
/// # Errors
/// [`No::Broken`] when the list of them cannot be read.
pub async fn release_held(app: &App) -> Result<u32, No> {
    let today = app.clock().now().date();
    let (mut released, mut after) = (0_u32, String::new());
    loop {
        let found = app.store().views();
        let found = found.held_without_post(today, &after, PAGE).await?;
        let Some(last) = found.last() else {
            return Ok(released);
        };
        after = last.to_string();
        for dossier in &found {
            match release(app, dossier).await {
                Ok(true) => released = released.saturating_add(1),
                Ok(false) => {}
                Err(cause) => tracing::error!(%dossier, %cause, "Could not release a step"),
            }
        }
    }
}

async fn release(app: &App, dossier: &DossierId) -> Result<bool, No> {
    let loaded = app.store().load(dossier).await?;
    let world = world(app, &loaded).await?;
    let holder = loaded.dossier.at_step().and_then(|at| at.holder.clone());
    // What the law refuses to release, because somebody closed it meanwhile, needs no release.
    let Ok(events) = world.decide(&loaded.dossier, &[Command::Release], 0) else {
        return Ok(false);
    };
    let audit = AuditLine {
        actor: SYSTEM.to_owned(),
        action: "dossier.released".to_owned(),
        subject: dossier.to_string(),
        purpose: "post ended".to_owned(),
        detail: holder.map(String::from).unwrap_or_default(),
    };
    let batch = Batch {
        dossier: dossier.clone(),
        expected: loaded.version,
        head: loaded.head,
        before: loaded.dossier,
        messages: messages_of(dossier, loaded.version, &events),
        events: NewEvents::Ready(events),
        actor: SYSTEM.to_owned(),
        behalf: None,
        now: world.now,
        audit: vec![audit],
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: world.process,
    };
    match app.store().append(batch).await {
        Ok(_) => Ok(true),
        Err(AppendError::Stale(_)) => Ok(false),
        Err(error) => Err(No::of_append(error)),
    }
}

async fn world(app: &App, loaded: &Loaded) -> Result<World, No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let last = loaded.events.last().map(|recorded| recorded.event.at());
    let now = app.clock().now();
    Ok(World {
        now: last.map_or(now, |last| last.max(now)),
        by: StaffId::parse(SYSTEM).expect("the program's name is an identifier"),
        for_whom: None,
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process: app.process(&filed.procedure, filed.process_version).await?,
        settings: app.settings(),
        receiving: app.answering(&filed.receiving),
        competent: app.answering(&filed.competent),
        listed: false,
    })
}

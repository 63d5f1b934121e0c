//! What the program decides itself, when a time is over.

use domain::dossier::Command;
use domain::ids::{DossierId, StaffId};
use store::{AppendError, AuditLine, Batch, Loaded, NewEvents};

use crate::facts::World;
use crate::no::{Denied, No};
use crate::state::App;

use super::{SYSTEM, messages_of};

/// A command that the program gives, and what the audit log says of it.
pub(crate) struct Own {
    pub(crate) command: Command,
    pub(crate) action: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) detail: String,
}

/// Gives the command; says whether it was carried out. What the law refuses by now, or what somebody
/// moved meanwhile, is left as it is.
pub(crate) async fn act_alone(app: &App, dossier: &DossierId, own: Own) -> Result<bool, No> {
    let loaded = app.store().load(dossier).await?;
    let world = world(app, &loaded).await?;
    let Ok(events) = world.decide(&loaded.dossier, &[own.command], 0) else {
        return Ok(false);
    };
    let audit = AuditLine {
        actor: SYSTEM.to_owned(),
        action: own.action.to_owned(),
        subject: dossier.to_string(),
        purpose: own.purpose.to_owned(),
        detail: own.detail,
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

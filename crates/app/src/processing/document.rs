//! Documents of a dossier: its result, a draft while it is examined, and the request by which the
//! applicant withdrew it.

use domain::dossier::{Dossier, Event, File};
use domain::ids::DossierId;

use crate::access::{Actor, Resource, may_see};
use crate::no::{Denied, No};
use crate::state::App;

use super::audit;

/// The bytes of the result's document; none before there is a draft. Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn result_document(
    app: &App,
    actor: &Actor,
    id: &DossierId,
) -> Result<Option<Vec<u8>>, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_see(actor, &resource)?;
    let Some(file) = document(&loaded.dossier) else {
        return Ok(None);
    };
    let content = app.files().get(&file.hash).await?;
    app.store()
        .audit(app.clock().now(), vec![audit(&permit, "result.read", id)])
        .await?;
    Ok(Some(content))
}

/// The bytes of the applicant's request by which the dossier was withdrawn; none where it was not.
/// Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn withdrawal_request(
    app: &App,
    actor: &Actor,
    id: &DossierId,
) -> Result<Option<Vec<u8>>, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_see(actor, &resource)?;
    let mut events = loaded.events.iter().rev();
    let request = events.find_map(|recorded| match &recorded.event {
        Event::Withdrawn { request, .. } => Some(request),
        _ => None,
    });
    let Some(request) = request else {
        return Ok(None);
    };
    let content = app.files().get(request).await?;
    app.store()
        .audit(
            app.clock().now(),
            vec![audit(&permit, "withdrawal.read", id)],
        )
        .await?;
    Ok(Some(content))
}

/// The document as it stands.
pub fn document(dossier: &Dossier) -> Option<&File> {
    match dossier {
        Dossier::Settled(_, _, issued) | Dossier::Returned(_, issued) => Some(&issued.document),
        other => other
            .at_step()
            .and_then(|at| at.draft.as_ref())
            .map(|draft| &draft.document),
    }
}

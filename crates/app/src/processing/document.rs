//! The document of a result: the draft while it is examined, the issued one afterwards.

use domain::dossier::{Dossier, File};
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

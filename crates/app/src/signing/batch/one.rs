//! One document of a batch, and the batch of one.

use domain::dossier::CommandKind;
use domain::ids::DossierId;
use store::{NewSigningBatch, OnceKey, SigningItemRow};

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::processing::attachments;
use crate::processing::once;
use crate::signing::Approval;
use crate::signing::attachments::mark;
use crate::signing::paper::read_with;
use crate::state::App;

use super::{BatchPage, ID, audit};

/// The name of the batch that a one-time key makes.
pub(in crate::signing) fn named(once: &OnceKey) -> String {
    once.as_str().chars().take(ID).collect()
}

/// Makes a batch of one dossier whose document was read on its own page, and judged there. The same
/// key makes it once.
pub(in crate::signing) async fn make_one(
    app: &App,
    actor: &Actor,
    read: &Approval,
) -> Result<String, No> {
    let id = named(&once(actor, CommandKind::SignResult, "batch", &read.key));
    let new = NewSigningBatch {
        id: id.clone(),
        staff: actor.staff.clone(),
        dossiers: vec![read.dossier.clone()],
    };
    let (store, now) = (app.store(), app.clock().now());
    let line = audit(actor, "signing.made", &id, "n=1");
    store.add_signing_batch(new, (now, line)).await?;
    let loaded = store.load(&read.dossier).await?;
    let marked = mark(&read_with(app, attachments(&loaded.dossier)).await?);
    let at = (id.as_str(), 1);
    store
        .prepare_signing(at, (read.version, &read.document, &marked))
        .await?;
    store.see_signing(at, &read.document, now).await?;
    Ok(id)
}

/// The approval of a document of a batch that was read.
pub(in crate::signing) fn approval_of(batch: &str, item: &SigningItemRow) -> Result<Approval, No> {
    let unmade = || {
        let fault = Fault::new("dossier", "fault.signing_unmade");
        No::Invalid(vec![fault.with("n", &1)])
    };
    let (version, document) = item.made().ok_or_else(unmade)?;
    Ok(Approval {
        dossier: dossier_of(item)?,
        version,
        key: key_of(batch, item.place)?,
        document,
    })
}

/// The one-time key of the document at a place of a batch.
pub(super) fn key_of(batch: &str, place: i64) -> Result<OnceKey, No> {
    let key = OnceKey::parse(&format!("ky-so-{batch}-{place}"));
    key.map_err(|fault| No::Broken(Box::new(fault)))
}

/// A document of a batch that may still be signed.
pub(in crate::signing) fn open_item(page: &BatchPage, place: i64) -> Result<&SigningItemRow, No> {
    let mut items = page.items.iter();
    let found = items.find(|item| item.place == place && item.state().is_open());
    Ok(found.ok_or(Denied::Unseen)?)
}

pub(in crate::signing) fn dossier_of(item: &SigningItemRow) -> Result<DossierId, No> {
    DossierId::parse(&item.dossier).map_err(|fault| No::Broken(Box::new(fault)))
}

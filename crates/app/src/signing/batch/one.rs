//! One document of a batch, and the batch of one.

use domain::ids::DossierId;
use store::{OnceKey, SigningItemRow};

use crate::access::Actor;
use crate::no::{Fault, No};
use crate::signing::Approval;
use crate::state::App;

use super::{ID, dossier_of, key_of, make};

/// The name of the batch that a one-time key makes.
pub(in crate::signing) fn named(once: &OnceKey) -> String {
    once.as_str().chars().take(ID).collect()
}

/// Makes a batch of one dossier whose document was read on its own page.
pub(in crate::signing) async fn make_one(
    app: &App,
    actor: &Actor,
    new: (&OnceKey, Vec<DossierId>),
    read: &Approval,
) -> Result<String, No> {
    let made = make(app, actor, new).await?;
    let (store, at) = (app.store(), (made.as_str(), 1));
    store
        .prepare_signing(at, (read.version, &read.document))
        .await?;
    let now = app.clock().now();
    store.see_signing(at, &read.document, now).await?;
    Ok(made)
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

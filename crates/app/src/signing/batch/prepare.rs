//! The documents of a batch, made in the background and read one by one.

use std::collections::BTreeMap;

use store::{SigningEnd, SigningItemRow, SigningState};

use crate::access::Actor;
use crate::no::No;
use crate::processing::attachments;
use crate::signing::attachments::mark;
use crate::signing::paper::read_with;
use crate::signing::{ReadWith, Readable, document_to_sign, readable};
use crate::state::App;

use super::reasons::why_not;
use super::{is_unmade, open_item, own};

/// Makes the documents of a batch that are not made yet, unless this process does so already.
pub(super) fn begin(app: &App, actor: &Actor, batch: &str) {
    if !app.signing_now().insert(batch.to_owned()) {
        return;
    }
    let (app, actor, batch) = (app.clone(), actor.clone(), batch.to_owned());
    tokio::spawn(async move {
        if let Err(no) = prepare_batch(&app, &actor, &batch).await {
            tracing::error!(
                error = &no as &dyn std::error::Error,
                "Cannot make the documents of batch {batch}"
            );
        }
        app.signing_now().remove(&batch);
    });
}

/// Makes the documents of a batch that are not made yet: each gets its hash, or the reason why it
/// cannot be signed.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else; [`No::Broken`].
pub async fn prepare_batch(app: &App, actor: &Actor, batch: &str) -> Result<(), No> {
    let page = own(app, actor, batch).await?;
    for item in page.items.iter().filter(|item| is_unmade(item)) {
        let dossier = super::dossier_of(item)?;
        match Box::pin(readable(app, actor, &dossier)).await {
            Ok(made) => note(app, (batch, item.place), &made).await?,
            Err(no) => {
                // One that cannot be made keeps none of the others from being made.
                let (state, reason) = why_not(&no).unwrap_or_else(|| broken(batch, &no));
                let end = SigningEnd {
                    batch: batch.to_owned(),
                    places: vec![item.place],
                    state,
                    reason,
                };
                let when = (app.clock().now(), None);
                app.store().end_signing(end, when).await?;
            }
        }
    }
    Ok(())
}

fn broken(batch: &str, no: &No) -> (SigningState, String) {
    tracing::error!(
        error = no as &dyn std::error::Error,
        "Cannot make a document of batch {batch}"
    );
    (SigningState::Failed, "signing.why.broken".to_owned())
}

async fn note(app: &App, at: (&str, i64), made: &Readable) -> Result<(), No> {
    let attachments = mark(&made.attachments);
    let what = (made.version, &made.hash, attachments.as_str());
    Ok(app.store().prepare_signing(at, what).await?)
}

/// A document of a batch, to be read before it is signed; from then on it counts as read. One that
/// changed since it was made is noted anew: what is signed is what was read.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else or what is not to be signed any more;
/// otherwise those of [`readable`].
pub async fn batch_document(
    app: &App,
    actor: &Actor,
    (batch, place): (&str, i64),
) -> Result<Vec<u8>, No> {
    let page = own(app, actor, batch).await?;
    let item = open_item(&page, place)?;
    let found = document_to_sign(app, actor, &super::dossier_of(item)?).await?;
    let known = item.made();
    let made = (found.version, found.hash.clone());
    if known.as_ref() != Some(&made) || item.attachments != mark(&found.attachments) {
        note(app, (batch, place), &found).await?;
    }
    let now = app.clock().now();
    app.store()
        .see_signing((batch, place), &found.hash, now)
        .await?;
    Ok(found.content)
}

/// The attachments of a batch's documents that are still to be signed, by their places.
///
/// # Errors
/// [`No::Broken`].
pub(super) async fn attached(
    app: &App,
    items: &[SigningItemRow],
) -> Result<BTreeMap<i64, Vec<ReadWith>>, No> {
    let with = |item: &&SigningItemRow| !item.attachments.is_empty() && item.state().is_open();
    let (mut places, mut named) = (Vec::new(), Vec::new());
    for item in items.iter().filter(with) {
        let loaded = app.store().load(&super::dossier_of(item)?).await?;
        let of_item = attachments(&loaded.dossier);
        places.push((item.place, of_item.len()));
        named.extend_from_slice(of_item);
    }
    let mut read = read_with(app, &named).await?.into_iter();
    let each = places.into_iter();
    Ok(each
        .map(|(place, many)| (place, read.by_ref().take(many).collect()))
        .collect())
}

//! What is not signed goes back to its drafter, with the reason.

use store::{OnceKey, SigningEnd, SigningItemRow, SigningState};

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::processing::{Act, Order, act};
use crate::state::App;

use super::{BatchPage, dossier_of, own};

/// Gives a document of a batch back to its drafter, by the usual use case.
///
/// # Errors
/// All kinds of [`No`].
pub async fn give_back(
    app: &App,
    actor: &Actor,
    (batch, place): (&str, i64),
    (reason, key): (&str, OnceKey),
) -> Result<(), No> {
    let page = own(app, actor, batch).await?;
    let item = returnable(&page, place)?;
    let dossier = dossier_of(item)?;
    // What cannot be made is given back as it stands.
    let version = match item.made() {
        Some((version, _)) => version,
        None => app.store().load(&dossier).await?.version,
    };
    if reason.trim().is_empty() {
        let missing = Fault::new("reason", "fault.return_reason");
        return Err(No::Invalid(vec![missing]));
    }
    let given = Act {
        dossier,
        version,
        key,
        order: Order::SendBack {
            reason: reason.to_owned(),
        },
    };
    act(app, actor, given).await?;
    let end = SigningEnd {
        batch: batch.to_owned(),
        places: vec![place],
        state: SigningState::Returned,
        reason: String::new(),
    };
    let when = (app.clock().now(), None);
    app.store().end_signing(end, when).await?;
    Ok(())
}

/// The document at a place that is open, or that was given back: an order sent again finds its answer
/// by its key, another one finds the dossier moved.
fn returnable(page: &BatchPage, place: i64) -> Result<&SigningItemRow, No> {
    let may = |state: SigningState| state.is_open() || state == SigningState::Returned;
    let mut items = page.items.iter();
    let found = items.find(|item| item.place == place && may(item.state()));
    Ok(found.ok_or(Denied::Unseen)?)
}

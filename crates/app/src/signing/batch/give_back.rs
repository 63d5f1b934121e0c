//! What is not signed goes back to its drafter, with the reason.

use store::{OnceKey, SigningEnd, SigningState};

use crate::access::Actor;
use crate::no::{Fault, No};
use crate::processing::{Act, Order, act};
use crate::state::App;

use super::{dossier_of, open_item, own};

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
    let item = open_item(&page, place)?;
    let unmade = || {
        No::Invalid(vec![
            Fault::new("dossier", "fault.signing_unmade").with("n", &1),
        ])
    };
    let (version, _) = item.made().ok_or_else(unmade)?;
    let given = Act {
        dossier: dossier_of(item)?,
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

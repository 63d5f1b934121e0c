//! A batch that nobody goes on with: what is not signed waits again by itself.

use store::{SigningEnd, SigningState};

use crate::access::Actor;
use crate::no::No;
use crate::state::App;

use super::run::running;
use super::{Stage, audit, own};

/// Takes everything out of a batch that may still be signed. No key is needed for it: a certificate may
/// have ended, and a token may be lost.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else; [`No::Invalid`] while it is being signed;
/// [`No::Broken`].
pub async fn dissolve(app: &App, actor: &Actor, batch: &str) -> Result<(), No> {
    let page = own(app, actor, batch).await?;
    if matches!(page.stage, Stage::Running | Stage::Asked) {
        return Err(running());
    }
    let open = page.items.iter().filter(|item| item.state().is_open());
    let places: Vec<i64> = open.map(|item| item.place).collect();
    let line = audit(actor, "signing.left", batch, &format!("n={}", places.len()));
    let end = SigningEnd {
        batch: batch.to_owned(),
        places,
        state: SigningState::Left,
        reason: String::new(),
    };
    let now = app.clock().now();
    app.store().end_signing(end, (now, Some(line))).await?;
    Ok(())
}

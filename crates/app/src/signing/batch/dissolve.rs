//! A batch that nobody goes on with: what is not signed waits again by itself.

use crate::access::Actor;
use crate::no::No;
use crate::state::App;

use super::run::running;
use super::{audit, own};

/// Takes everything out of a batch that may still be signed. No key is needed for it: a certificate may
/// have ended, a token may be lost, and a service may be silent. What a service was asked is given up:
/// a signature that it gives later is not used.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else; [`No::Invalid`] while it is being signed;
/// [`No::Broken`].
pub async fn dissolve(app: &App, actor: &Actor, batch: &str) -> Result<(), No> {
    let page = own(app, actor, batch).await?;
    let open = page.items.iter().filter(|item| item.state().is_open());
    let line = audit(actor, "signing.left", batch, &format!("n={}", open.count()));
    let (store, now) = (app.store(), app.clock().now());
    let left = store.dissolve_signing((batch, "remote.withdrawn"), (now, line));
    left.await?.map(drop).ok_or_else(running)
}

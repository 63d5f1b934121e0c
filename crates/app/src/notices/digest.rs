//! Sends the digests of staff by mail, on the terms of notices: each until it is taken over, refused
//! for good or given up, none at night.

use domain::notice::Channel;
use store::Digest;

use crate::no::No;
use crate::ports::Outgoing;
use crate::state::App;

use super::hours::quiet_hours;
use super::send::{CLAIM, Came, LEASE, hand_over, judged};

/// Tries the digests whose time has come, and says how many.
///
/// # Errors
/// [`No::Broken`] when digests cannot be read or written.
pub async fn send_digests(app: &App) -> Result<usize, No> {
    let now = app.clock().now();
    if quiet_hours(app).await?.after(now) > now {
        return Ok(0);
    }
    let claimed = app.store().claim_digests(now, LEASE, CLAIM).await?;
    for digest in &claimed {
        attempt(app, digest).await?;
    }
    Ok(claimed.len())
}

async fn attempt(app: &App, digest: &Digest) -> Result<(), No> {
    store::faults::reach("between_claim_and_send").await?;
    let address = app.store().staff_email(&digest.staff).await?;
    let came = match (app.notifier(Channel::Mail), address) {
        (None, _) => Came::Impossible("no_channel"),
        (_, None) => Came::Impossible("no_address"),
        (Some(notifier), Some(to)) => {
            let outgoing = Outgoing {
                code: digest.code.clone(),
                to,
                subject: digest.subject.clone(),
                body: digest.body.clone(),
            };
            hand_over(notifier, &outgoing).await
        }
    };
    store::faults::reach("between_send_and_record").await?;
    let attempts = u32::try_from(digest.attempts).unwrap_or(u32::MAX);
    let came = judged(app, attempts, came);
    let at = app.clock().now();
    Ok(app.store().record_digest(digest, came, at).await?)
}

//! Signing with keys at remote services: what is asked for is a record of its own, so that no crash
//! loses it, and the worker looks after it until the person has decided.
//!
//! Documents are laid out once and wait for their signatures as files; a service is asked for up to as
//! many as one approval may be for; what it gives is kept before anything is made of it; then each
//! document is approved by the usual use case, under the one-time key of its place in the batch, with
//! the person's rights of that moment. A PIN stays in the memory of the one process that asks with it.

mod ask;
mod port;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod work;

use std::time::Duration;

use domain::certificate::KeyAt;
use domain::dossier::CommandKind;
use jiff::ToSpan as _;
use store::OnceKey;

use super::batch::{self, Chosen};
use super::{Approval, Pin};
use crate::access::Actor;
use crate::certificates::Signer;
use crate::no::{Denied, Fault, No};
use crate::ports::PortError;
use crate::processing::once;
use crate::state::App;

pub use port::{Ask, AskedFor, Asks, Given, LaidOut, RemoteKeys, Reply, Terms};
pub use work::{begin, work};

/// How long a page waits to say how the use of a key is approved.
const GLANCE: Duration = Duration::from_secs(3);
/// Seconds between two codes that one person has sent.
const CODE_PAUSE: i64 = 30;
/// Requests of one person that may be under way.
const MOST_OWN: u32 = 10;
/// Requests of everybody that may be under way.
const MOST_OF_ALL: u32 = 1_000;

/// What somebody typed to have her key used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The PIN; nothing where the phone is asked.
    pub pin: Pin,
    /// The code that she was sent; nothing where none is asked for.
    pub code: Pin,
}

/// Whether the key lies at a service.
pub fn is_remote(signer: &Signer) -> bool {
    matches!(signer.certificate.key, KeyAt::Remote { .. })
}

/// What the service asks for the key.
///
/// # Errors
/// [`No::Invalid`] at the certificate, when the service knows no such key or does not answer.
pub async fn terms(app: &App, signer: &Signer) -> Result<Terms, No> {
    keys(app)?.terms(signer).await.map_err(|error| told(&error))
}

/// How the use of a key is approved that lies at a service, or why the service does not say.
pub(super) async fn asks(app: &App, signer: &Signer) -> Option<Result<Asks, &'static str>> {
    if !is_remote(signer) {
        return None;
    }
    let Some(keys) = app.signatures().remote() else {
        return Some(Err("remote.no_service"));
    };
    // The page has other uses than signing, and does not wait for a service that is silent.
    let terms = tokio::time::timeout(GLANCE, keys.terms(signer)).await;
    Some(match terms {
        Ok(terms) => terms
            .map(|terms| terms.asks)
            .map_err(|error| reason(&error)),
        Err(_) => Err("remote.no_answer"),
    })
}

/// Has the code sent that the service asks for, to whoever signs the batch. Each costs a message and
/// makes the one before worthless, so the next comes after a pause.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else; [`No::Invalid`] at the code; [`No::Broken`].
pub async fn send_code(app: &App, actor: &Actor, batch: &str) -> Result<(), No> {
    let page = batch::batch(app, actor, batch).await?;
    let Some(Ok(signer)) = page.signer.filter(|_| page.row.open > 0) else {
        return Err(Denied::Unseen.into());
    };
    if !is_remote(&signer) {
        return Err(Denied::Unseen.into());
    }
    let keys = keys(app)?;
    let now = app.clock().now();
    let when = (now, now.saturating_sub(CODE_PAUSE.seconds()));
    if !app.store().note_signing_code(batch, when).await? {
        let soon = Fault::new("code", "fault.code_sent").with("seconds", &CODE_PAUSE);
        return Err(No::Invalid(vec![soon]));
    }
    let sent = keys.send_code(&signer).await;
    sent.map_err(|error| at("code", &error))
}

/// Signs documents of a batch with whatever key the actor has: one that is open here with its PIN
/// signs in the background, a service is asked.
///
/// # Errors
/// As [`batch::sign_batch`], also at `code` and at `certificate`.
pub async fn sign(
    app: &App,
    actor: &Actor,
    (batch, chosen): (&str, &Chosen),
    typed: Typed,
) -> Result<(), No> {
    let page = batch::batch(app, actor, batch).await?;
    match page.signer {
        Some(Ok(signer)) if is_remote(&signer) => {
            ask::ask(app, actor, (batch, chosen), typed).await
        }
        _ => batch::sign_batch(app, actor, (batch, chosen), &typed.pin).await,
    }
}

/// Asks for the signature of one dossier that was read on its own page: a batch of one, whose name is
/// the answer. The same key asks once.
///
/// # Errors
/// All kinds of [`No`].
pub async fn ask_one(
    app: &App,
    actor: &Actor,
    approval: Approval,
    typed: Typed,
) -> Result<String, No> {
    if let Some(known) = asked_before(app, actor, &approval.key).await? {
        return Ok(known);
    }
    let judged = super::judge(app, actor, &approval).await?;
    let terms = terms(app, &judged.signer).await?;
    let made = batch::make_one(app, actor, &approval).await?;
    // What has to be typed is typed where it is said what came of it.
    if terms.asks == Asks::Phone || !typed.pin.is_empty() {
        match ask::ask(app, actor, (&made, &Chosen::All), typed).await {
            // What was sent twice at once: the other one asks.
            Err(no) if batch::is_running(&no) => {}
            asked => asked?,
        }
    }
    Ok(made)
}

/// The batch that was made with this one-time key before.
///
/// # Errors
/// [`No::Broken`].
pub async fn asked_before(app: &App, actor: &Actor, key: &OnceKey) -> Result<Option<String>, No> {
    let known = batch::named(&once(actor, CommandKind::SignResult, "batch", key));
    let found = app.store().signing_batch(&known).await?;
    Ok(found.map(|_| known))
}

fn keys(app: &App) -> Result<&dyn RemoteKeys, No> {
    let keys = app.signatures().remote();
    keys.ok_or_else(|| No::Invalid(vec![Fault::new("certificate", "fault.key_elsewhere")]))
}

/// What a service said before anything was asked, in words.
fn told(error: &PortError) -> No {
    at("certificate", error)
}

fn at(field: &'static str, error: &PortError) -> No {
    let key = reason(error);
    No::Invalid(vec![Fault::new(field, key)])
}

/// The message that says why, one of those that the catalogue has.
fn reason(error: &PortError) -> &'static str {
    let (PortError::Retry(key) | PortError::Fail(key)) = error else {
        return "remote.broken";
    };
    let known = REASONS.into_iter().find(|known| known == key);
    known.unwrap_or("remote.broken")
}

/// Everything that a service may say.
const REASONS: [&str; 21] = [
    "remote.no_connection",
    "remote.no_answer",
    "remote.broken",
    "remote.account",
    "remote.no_credential",
    "remote.no_service",
    "remote.mismatch",
    "remote.pin",
    "remote.locked",
    "remote.code",
    "remote.rejected",
    "remote.expired",
    "remote.approval",
    "remote.unusable",
    "remote.too_many",
    "remote.not_found",
    "remote.repeated",
    "remote.count",
    "remote.signature",
    "remote.changed",
    "remote.refused",
];

//! Approving by signing: the document is judged, signed, kept, and only then named in the dossier.

use std::sync::Arc;

use domain::dossier::{Command, CommandKind, File};
use domain::ids::{DossierId, FileHash};
use store::OnceKey;

use crate::access::Actor;
use crate::certificates::Signer;
use crate::no::{Fault, No};
use crate::processing::{Act, Acted, Order, act, once, world_for};
use crate::state::App;

use super::paper::{other_than_read, read, valid};
use super::port::{Hand, Pin, SignError, SigningAct, ToSign};

/// An approval of what was read.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The dossier.
    pub dossier: DossierId,
    /// The version that the person was looking at.
    pub version: u32,
    /// The form's one-time key.
    pub key: OnceKey,
    /// The document that she read.
    pub document: FileHash,
}

/// A key that is open, and its certificate.
#[derive(Clone)]
pub struct Unlocked {
    /// The certificate.
    pub signer: Signer,
    hand: Arc<dyn Hand>,
}

/// Opens the key with which the actor signs.
///
/// # Errors
/// [`No::Invalid`] at the field of the PIN, [`No::Broken`].
pub async fn unlock(app: &App, signer: Signer, pin: &Pin) -> Result<Unlocked, No> {
    if pin.is_empty() {
        return Err(No::Invalid(vec![Fault::new("pin", "fault.pin_missing")]));
    }
    let hand = app.signatures().unlock(&signer, pin).await;
    let hand = hand.map_err(|error| no(&error))?;
    Ok(Unlocked { signer, hand })
}

/// Signs what was read and approves it. The same key has its effect once.
///
/// # Errors
/// All kinds of [`No`].
pub async fn approve(
    app: &App,
    actor: &Actor,
    approval: Approval,
    key: impl AsyncFnOnce(Signer) -> Result<Unlocked, No>,
) -> Result<Acted, No> {
    let once = once(
        actor,
        CommandKind::SignResult,
        approval.dossier.as_str(),
        &approval.key,
    );
    if let Some(first) = app.store().answered(&once).await? {
        return Ok(first.into());
    }
    let seen = (&approval.dossier, Some(approval.version));
    let (world, loaded) = world_for(app, actor, seen, CommandKind::SignResult).await?;
    let readable = read(app, &world, &loaded).await?;
    if readable.hash != approval.document {
        return Err(other_than_read());
    }
    let own = valid(readable.signer)?;
    // Judged before anything is signed; the file that will be named is the one that was read.
    let first = Command::SignResult {
        certificate: own.certificate.id.clone(),
        file: File {
            hash: readable.hash,
            bytes: readable.content.len() as u64,
        },
    };
    world.judged(&loaded.dossier, &[first, Command::Forward])?;
    let unlocked = key(own).await?;
    let name = app.store().staff(std::slice::from_ref(&world.by)).await?;
    let name = name.into_iter().next().map(|member| member.name);
    let made = unlocked.hand.sign(ToSign {
        document: readable.content,
        act: SigningAct::Person {
            name: name.unwrap_or_default(),
        },
        at: world.now,
    });
    let document = made.await.map_err(|error| no(&error))?;
    let order = Order::Approve {
        certificate: unlocked.signer.certificate.id.clone(),
        document,
    };
    let given = Act {
        dossier: approval.dossier,
        version: approval.version,
        key: approval.key,
        order,
    };
    act(app, actor, given).await
}

/// What the key said, at the place where it can be mended.
fn no(error: &SignError) -> No {
    let fault = |field, key| No::Invalid(vec![Fault::new(field, key)]);
    match error {
        SignError::WrongPin => fault("pin", "fault.pin_wrong"),
        SignError::Locked => fault("pin", "fault.pin_locked"),
        SignError::NoKey(_) => fault("certificate", "fault.key_gone"),
        SignError::OtherWay => fault("certificate", "fault.key_elsewhere"),
        SignError::Document(_) => fault("document", "fault.document_unsignable"),
        SignError::Unavailable(_) => No::Broken(Box::new(error.clone())),
    }
}

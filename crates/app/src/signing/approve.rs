//! Approving by signing: the document is judged, signed, kept, and only then named in the dossier.

use std::sync::Arc;

use domain::dossier::{Command, CommandKind, File};
use domain::ids::{CertificateId, DossierId, FileHash};
use store::OnceKey;

use crate::access::Actor;
use crate::certificates::Signer;
use crate::no::{Fault, No};
use crate::processing::{Act, Acted, Order, act, once, world_for};
use crate::state::App;

use super::attachments::hashes;
use super::paper::{other_than_read, read, valid};
use super::port::{Hand, Pin, SignError, SigningAct, ToSign};
use super::proof::not_revoked;

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

/// What may be signed and approved now.
pub struct Judged {
    /// The document as it was read, and the signature that is put on it.
    pub what: ToSign,
    /// The certificate with which the actor signs here.
    pub signer: Signer,
}

/// What came of an approval that was sent before under the same key.
///
/// # Errors
/// [`No::Broken`].
pub async fn approved(app: &App, actor: &Actor, approval: &Approval) -> Result<Option<Acted>, No> {
    let once = once(
        actor,
        CommandKind::SignResult,
        approval.dossier.as_str(),
        &approval.key,
    );
    Ok(app.store().answered(&once).await?.map(Acted::from))
}

/// Judges an approval before anything is signed: the file that would be named is the one that was
/// read, the actor's certificate is good and its issuer has not revoked it, and the dossier may be
/// approved.
///
/// # Errors
/// All kinds of [`No`].
pub async fn judge(app: &App, actor: &Actor, approval: &Approval) -> Result<Judged, No> {
    let seen = (&approval.dossier, Some(approval.version));
    let (world, loaded) = world_for(app, actor, seen, CommandKind::SignResult).await?;
    let readable = read(app, &world, &loaded).await?;
    if readable.hash != approval.document {
        return Err(other_than_read());
    }
    let signer = valid(readable.signer)?;
    let step = loaded.dossier.at_step();
    let draft = step.and_then(|at| at.draft.as_ref());
    let attachments = draft.map_or_else(Vec::new, |draft| hashes(&draft.attachments));
    let first = Command::SignResult {
        certificate: signer.certificate.id.clone(),
        file: File {
            hash: readable.hash,
            bytes: readable.content.len() as u64,
        },
        attachments: attachments.clone(),
    };
    world.judged(&loaded.dossier, &[first, Command::Forward])?;
    not_revoked(app, &signer).await?;
    let name = app.store().staff(std::slice::from_ref(&world.by)).await?;
    let name = name.into_iter().next().map(|member| member.name);
    let act = SigningAct::Person {
        name: name.unwrap_or_default(),
        attachments,
    };
    let what = ToSign {
        document: readable.content,
        act,
        at: world.now,
    };
    Ok(Judged { what, signer })
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
    if let Some(first) = approved(app, actor, &approval).await? {
        return Ok(first);
    }
    let done = Box::pin(with_key(app, actor, approval.clone(), key)).await;
    or_first(app, actor, &approval, done).await
}

/// What came of an approval; of what was sent twice at once, what came of the other one: it had the key,
/// or moved the dossier, by signing.
pub(super) async fn or_first(
    app: &App,
    actor: &Actor,
    approval: &Approval,
    done: Result<Acted, No>,
) -> Result<Acted, No> {
    match done {
        Err(no) => match approved(app, actor, approval).await? {
            Some(first) => Ok(first),
            None => Err(no),
        },
        done => done,
    }
}

async fn with_key(
    app: &App,
    actor: &Actor,
    approval: Approval,
    key: impl AsyncFnOnce(Signer) -> Result<Unlocked, No>,
) -> Result<Acted, No> {
    let judged = judge(app, actor, &approval).await?;
    let unlocked = key(judged.signer).await?;
    let made = unlocked.hand.sign(judged.what);
    let document = made.await.map_err(|error| no(&error))?;
    let certificate = unlocked.signer.certificate.id;
    record(app, actor, approval, (certificate, document)).await
}

/// Approves with a document that was signed elsewhere: at a remote service, or at the desk. All of
/// the approval is judged again, and that the document is the one that was read with nothing but the
/// signature of that certificate after it. The same key has its effect once.
///
/// # Errors
/// All kinds of [`No`].
pub async fn approve_signed(
    app: &App,
    actor: &Actor,
    approval: Approval,
    certificate: &CertificateId,
    document: Vec<u8>,
) -> Result<Acted, No> {
    if let Some(first) = approved(app, actor, &approval).await? {
        return Ok(first);
    }
    store::faults::reach("between_asking_and_judging").await?;
    let signed = (certificate, document);
    let done = Box::pin(with_document(app, actor, approval.clone(), signed)).await;
    or_first(app, actor, &approval, done).await
}

async fn with_document(
    app: &App,
    actor: &Actor,
    approval: Approval,
    (certificate, document): (&CertificateId, Vec<u8>),
) -> Result<Acted, No> {
    let judged = judge(app, actor, &approval).await?;
    if judged.signer.certificate.id != *certificate {
        let other = Fault::new("certificate", "signing.why.other_certificate");
        return Err(No::Invalid(vec![other]));
    }
    let signatures = app.signatures();
    let found = signatures.signed_elsewhere(judged.what, document, &judged.signer);
    let document = found.await.map_err(|error| no(&error))?;
    record(app, actor, approval, (certificate.clone(), document)).await
}

/// The act itself, by the usual use case.
async fn record(
    app: &App,
    actor: &Actor,
    approval: Approval,
    (certificate, document): (CertificateId, Vec<u8>),
) -> Result<Acted, No> {
    let given = Act {
        dossier: approval.dossier,
        version: approval.version,
        key: approval.key,
        order: Order::Approve {
            certificate,
            document,
        },
    };
    act(app, actor, given).await
}

/// What the key said, at the place where it can be mended.
pub(super) fn no(error: &SignError) -> No {
    let fault = |field, key| No::Invalid(vec![Fault::new(field, key)]);
    match error {
        SignError::WrongPin => fault("pin", "fault.pin_wrong"),
        SignError::Locked => fault("pin", "fault.pin_locked"),
        SignError::LastTry | SignError::WrongBefore => fault("pin", "fault.pin_last_try"),
        SignError::NoKey(_) | SignError::NoPin(_) => fault("certificate", "fault.key_gone"),
        SignError::OtherWay => fault("certificate", "fault.key_elsewhere"),
        SignError::Document(_) => fault("document", "fault.document_unsignable"),
        SignError::NotWhole(why) => fault("document", why.key()),
        SignError::Busy => fault("pin", "fault.key_busy"),
        SignError::Paused => fault("pin", "fault.key_paused"),
        SignError::NoStamp(why) => {
            tracing::warn!(why, "Nothing is signed without a time stamp");
            fault("pin", "fault.stamps_down")
        }
        SignError::Unavailable(why) => {
            tracing::warn!(why, "A key does not answer");
            fault("pin", "fault.key_silent")
        }
    }
}

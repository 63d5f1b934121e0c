//! Reading what is to be signed, and signing it.

use app::OnceKey;
use app::certificates::not_signing;
use app::no::No;
use app::processing::Acted;
use app::signing::remote::is_remote;
use app::signing::{Pin, ReadWith, Readable, approve, document_to_sign, readable, unlock};
use axum::extract::{Path, State};
use domain::dossier::CommandKind;
use domain::ids::DossierId;

use crate::error::{Answer, fault_lines};
use crate::extract::Posted;
use crate::pages::intake::field::{Field, Fields};
use crate::session::Staff;
use crate::state::{LocalToken, Web};
use crate::words::Words;

use super::desk::{Desk, approval, desk, hand_in, hands_in};
use super::dossier_id;
use super::files::FileLine;
use super::view::Fact;
use crate::pages::slips::document;
use crate::present::holder;

/// The part of a form that signs.
#[derive(Debug, Clone)]
pub(crate) struct SignPart {
    /// What is signed.
    pub(crate) paper: FileLine,
    /// What is signed with it, in files of their own.
    pub(crate) attachments: Vec<FileLine>,
    /// Its hash: what was read is what is signed.
    pub(crate) hash: String,
    /// The certificate.
    pub(crate) facts: Vec<Fact>,
    /// Whether the key lies at a service, which is asked in place of a PIN.
    pub(crate) remote: bool,
    /// Why nothing is signed; empty when it can be.
    pub(crate) blocked: String,
    pub(crate) pin: Field,
    /// What stands in place of the PIN, where the key is on a token at the desk.
    pub(crate) desk: Option<Desk>,
}

/// The document as its signer reads it before.
pub(super) async fn get(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Answer {
    let id = dossier_id(&id)?;
    let found = document_to_sign(&web.app, &staff.actor, &id).await?;
    Ok(document("van-ban-ky.pdf", found.content))
}

/// What the form shows, where the command signs.
pub(super) async fn read(
    web: &Web,
    staff: &Staff,
    (dossier, command): (&DossierId, CommandKind),
) -> Answer<Option<Readable>> {
    if command != CommandKind::SignResult {
        return Ok(None);
    }
    match readable(&web.app, &staff.actor, dossier).await {
        Ok(found) => Ok(Some(found)),
        // Somebody was faster: the form says so itself.
        Err(No::Refused(_) | No::Denied(_)) => Ok(None),
        Err(no) => Err(no.into()),
    }
}

pub(super) fn part(
    fields: &Fields<'_>,
    (dossier, service): (&DossierId, LocalToken),
    found: &Readable,
) -> SignPart {
    let w = fields.w;
    let signer = found.signer.as_ref().ok();
    let (facts, blocked) = match &found.signer {
        Ok(signer) => (certificate(w, signer), String::new()),
        Err(why) => {
            let lines = fault_lines(w, &[not_signing(*why)]);
            let words = lines.into_iter().next().map(|line| line.message);
            (Vec::new(), words.unwrap_or_default())
        }
    };
    let short = found.hash.as_str().get(..16).unwrap_or_default();
    SignPart {
        paper: FileLine::unprinted(
            w.t("act.sign_paper").to_owned(),
            format!("/ho-so/{dossier}/van-ban-ky"),
            w.fill("act.sign_hash", "hash", short),
        ),
        attachments: attached(w, dossier, &found.attachments),
        hash: found.hash.to_string(),
        remote: found.signer.as_ref().is_ok_and(is_remote),
        facts,
        blocked,
        pin: fields.text("pin", "act.sign_pin"),
        desk: signer.and_then(|one| desk(fields, (dossier, service), &one.certificate.key)),
    }
}

/// Attachments that are read before their document is signed, each with the beginning of its hash.
pub(crate) fn attached(w: Words, dossier: &DossierId, read: &[ReadWith]) -> Vec<FileLine> {
    let lines = read.iter().zip(1_usize..).map(|(one, number)| {
        let words = number.to_string();
        let values = [("n", words.as_str()), ("title", one.title.as_str())];
        let short = one.file.as_str().get(..16).unwrap_or_default();
        FileLine::unprinted(
            w.fills("dossier.attachment", &values),
            format!("/ho-so/{dossier}/phu-luc/{number}"),
            w.fill("act.sign_hash", "hash", short),
        )
    });
    lines.collect()
}

fn certificate(w: Words, signer: &app::certificates::Signer) -> Vec<Fact> {
    let certificate = &signer.certificate;
    let until = w.date(certificate.valid_to.date());
    [
        Fact::of(w, "act.sign_subject", holder(&certificate.subject)),
        Fact::of(w, "act.sign_issuer", certificate.issuer.clone()),
        Fact::of(w, "act.sign_until", until),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Signs what the form names.
pub(crate) async fn send(
    web: &Web,
    posted: &Posted,
    (dossier, version, key): (&DossierId, u32, OnceKey),
) -> Answer<Result<Acted, No>> {
    let approval = approval(posted, (dossier, version, key))?;
    if hands_in(posted) {
        return Ok(hand_in(web, posted, approval).await);
    }
    let pin = Pin::new(posted.typed.get("pin"));
    let open = async |signer| unlock(&web.app, signer, &pin).await;
    Ok(approve(&web.app, &posted.staff.actor, approval, open).await)
}

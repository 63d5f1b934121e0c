//! Approval with the government's token, plugged in at the person's own desk.
//!
//! The program that signs runs on her machine and knows no session. It is given two addresses, each
//! with a word that nobody guesses: one gives the document, the other takes the signed one back. The
//! words are the right to do so, for minutes, as long as her session is open; what comes back is
//! judged like any other document signed elsewhere, and her rights once more. This module must not
//! know how the program is spoken to.

mod batch;
#[cfg(test)]
mod tests;
mod word;

use domain::certificate::KeyAt;
use domain::ids::DossierId;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{AuditLine, LocalApproval, LocalSigning, LocalState, NewLocalSigning};

use crate::access::Actor;
use crate::certificates::Signer;
use crate::clock::local_time;
use crate::no::{Denied, Fault, No};
use crate::people::{actor_of, token_hash};
use crate::processing::Acted;
use crate::state::App;
use crate::words::Language;

use super::approve::or_first;
use super::batch::why_not;
use super::paper::note_read;
use super::{Approval, approve_signed, approved, judge};

pub use batch::{Next, attempt_at, begin_item};
pub use word::Word;

/// Minutes for which the words are good: to find the token, read, and type a PIN.
const MINUTES: i64 = 10;
/// How often a document is given out by one word: programs ask twice, or again after a fault.
const MOST_DOWNLOADS: u32 = 5;

/// How many attempts of one person at one dossier are open: each is two good words.
const MOST_OPEN: u32 = 3;
/// Why an older attempt ended, by the key of a message.
const REPLACED: &str = "local.why.replaced";

/// A document that waits to be fetched by the program on the signer's machine.
#[derive(Debug, Clone)]
pub struct GivenOut {
    /// Identifier of the attempt, which is no secret.
    pub attempt: String,
    /// The word that gives the document.
    pub download: Word,
    /// The word that takes the signed document.
    pub upload: Word,
    /// The last moment for both.
    pub until: DateTime,
}

/// What came of a document that was handed in.
#[derive(Debug)]
pub struct TakenBack {
    /// The signer's language.
    pub language: Language,
    /// That it is approved, or why the document was not taken.
    pub came: Result<Acted, No>,
}

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Nothing has come back yet.
    Waiting {
        /// The last moment for it.
        until: DateTime,
    },
    /// Nothing came back in time.
    Over,
    /// It is signed and approved.
    Approved,
    /// What came back was not taken.
    Refused {
        /// Why, by the key of a message.
        reason: String,
    },
}

impl Attempt {
    /// Its name to programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Over => "over",
            Self::Approved => "approved",
            Self::Refused { .. } => "refused",
        }
    }
}

/// Gives out the document that the actor read, to be signed with the token at her desk. `session` is
/// the token of her session: the words end with it, and with newer attempts at the same dossier.
///
/// # Errors
/// All kinds of [`No`]; [`No::Invalid`] where her certificate is another way to sign.
pub async fn begin(
    app: &App,
    actor: &Actor,
    session: &str,
    approval: &Approval,
) -> Result<GivenOut, No> {
    let judged = judge(app, actor, approval).await?;
    at_desk(&judged.signer)?;
    let now = app.clock().now();
    let word = || Word::new(&app.ids().token());
    let given = GivenOut {
        attempt: hex::encode(app.ids().bytes::<16>()),
        download: word(),
        upload: word(),
        until: now.saturating_add(MINUTES.minutes()),
    };
    let new = NewLocalSigning {
        id: given.attempt.clone(),
        download: given.download.hash(),
        upload: given.upload.hash(),
        session: token_hash(session),
        what: LocalApproval {
            staff: actor.staff.clone(),
            dossier: approval.dossier.clone(),
            version: approval.version,
            document: approval.document.clone(),
            certificate: judged.signer.certificate.id,
            once: approval.key.clone(),
        },
        until: given.until,
    };
    let line = audit(&new.what, "signing.local_begun", "");
    let most = (MOST_OPEN, REPLACED);
    app.store()
        .give_local_signing(new, most, (now, line))
        .await?;
    Ok(given)
}

/// The document that a word gives, which is logged; none for a word that is unknown, used up or too
/// old, or whose signer may not sign it any more.
///
/// # Errors
/// [`No::Broken`].
pub async fn give_out(app: &App, word: &Word) -> Result<Option<Vec<u8>>, No> {
    let now = app.clock().now();
    let found = app
        .store()
        .download_local_signing(word.hash(), now, MOST_DOWNLOADS);
    let Some(given) = found.await? else {
        return Ok(None);
    };
    let Some(actor) = signer(app, &given).await? else {
        return Ok(None);
    };
    match judge(app, &actor, &approval_of(&given)).await {
        Ok(judged) => {
            note_read(app, &actor.staff, &given.what.dossier).await?;
            Ok(Some(judged.what.document))
        }
        Err(no) => {
            note_refused(app, &given, no).await?;
            Ok(None)
        }
    }
}

/// Whether a signed document is awaited by that word.
///
/// # Errors
/// [`No::Broken`].
pub async fn awaited(app: &App, word: &Word) -> Result<bool, No> {
    let now = app.clock().now();
    let found = app.store().upload_local_signing(word.hash(), now).await?;
    Ok(found.is_some())
}

/// Approves with the signed document that a word takes; none for a word that is unknown, used or too
/// old. Where the machine fails the word stays good: handed in again, the document is approved once.
///
/// # Errors
/// [`No::Broken`].
pub async fn take_back(app: &App, word: &Word, document: Vec<u8>) -> Result<Option<TakenBack>, No> {
    let now = app.clock().now();
    let found = app.store().upload_local_signing(word.hash(), now).await?;
    let Some(given) = found else {
        return Ok(None);
    };
    let Some(actor) = signer(app, &given).await? else {
        return Ok(None);
    };
    let (approval, certificate) = (approval_of(&given), &given.what.certificate);
    let done = approve_signed(app, &actor, approval, certificate, document).await;
    let came = match done {
        Ok(acted) => {
            store::faults::reach("between_local_approval_and_note").await?;
            note_approved(app, &given).await?;
            Ok(acted)
        }
        Err(no) => Err(note_refused(app, &given, no).await?),
    };
    Ok(Some(TakenBack {
        language: actor.language,
        came,
    }))
}

/// Where an attempt of the actor's own stands.
///
/// # Errors
/// [`No::Denied`], unseen for one of somebody else or of another dossier; [`No::Broken`].
pub async fn attempt(
    app: &App,
    actor: &Actor,
    (dossier, id): (&DossierId, &str),
) -> Result<Attempt, No> {
    let found = app.store().local_signing(id, &actor.staff).await?;
    let found = found.filter(|given| given.what.dossier == *dossier);
    let given = found.ok_or(Denied::Unseen)?;
    let until = local_time(given.until);
    Ok(match given.state {
        LocalState::Approved => Attempt::Approved,
        LocalState::Refused if given.reason != REPLACED => Attempt::Refused {
            reason: given.reason,
        },
        // It may have been approved a moment before the machine failed, or newer ones ended it.
        state => match approved(app, actor, &approval_of(&given)).await? {
            Some(_) => Attempt::Approved,
            None if state == LocalState::Refused => Attempt::Refused {
                reason: given.reason,
            },
            None if app.clock().now() <= until => Attempt::Waiting { until },
            None => Attempt::Over,
        },
    })
}

/// Approves with a document that the actor signed with a program of her own and hands in herself. The
/// same key has its effect once.
///
/// # Errors
/// All kinds of [`No`].
pub async fn hand_in(
    app: &App,
    actor: &Actor,
    approval: Approval,
    document: Vec<u8>,
) -> Result<Acted, No> {
    if let Some(first) = approved(app, actor, &approval).await? {
        return Ok(first);
    }
    let done = Box::pin(handed_in(app, actor, approval.clone(), document)).await;
    or_first(app, actor, &approval, done).await
}

async fn handed_in(
    app: &App,
    actor: &Actor,
    approval: Approval,
    document: Vec<u8>,
) -> Result<Acted, No> {
    let signer = judge(app, actor, &approval).await?.signer;
    at_desk(&signer)?;
    if document.is_empty() {
        return Err(No::Invalid(vec![Fault::new(
            "signed",
            "fault.signed_missing",
        )]));
    }
    let certificate = signer.certificate.id;
    let done = approve_signed(app, actor, approval, &certificate, document).await;
    done.map_err(at_its_field)
}

/// What is wrong with the document that was handed in is said where it was chosen.
fn at_its_field(no: No) -> No {
    let No::Invalid(mut faults) = no else {
        return no;
    };
    for fault in &mut faults {
        if fault.field == "document" && fault.key != "fault.document_changed" {
            fault.field = "signed";
        }
    }
    No::Invalid(faults)
}

/// Whether the certificate is one of a token at the signer's desk.
fn at_desk(signer: &Signer) -> Result<(), No> {
    if signer.certificate.key == KeyAt::LocalToken {
        return Ok(());
    }
    let elsewhere = Fault::new("certificate", "fault.key_elsewhere");
    Err(No::Invalid(vec![elsewhere]))
}

/// Whoever asked for the words, with the rights of this moment; none once the session is over.
async fn signer(app: &App, given: &LocalSigning) -> Result<Option<Actor>, No> {
    let actor = actor_of(app, given.session).await?;
    Ok(actor.filter(|actor| actor.staff == given.what.staff))
}

fn approval_of(given: &LocalSigning) -> Approval {
    Approval {
        dossier: given.what.dossier.clone(),
        version: given.what.version,
        key: given.what.once.clone(),
        document: given.what.document.clone(),
    }
}

/// Ends an attempt that was approved.
async fn note_approved(app: &App, given: &LocalSigning) -> Result<(), No> {
    let end = (LocalState::Approved, "");
    app.store().end_local_signing(&given.id, end, None).await?;
    Ok(())
}

/// Ends an attempt with the reason why not, and gives it back. A machine that failed ends nothing.
async fn note_refused(app: &App, given: &LocalSigning, no: No) -> Result<No, No> {
    let Some(reason) = reason(&no) else {
        return Err(no);
    };
    let line = audit(&given.what, "signing.local_refused", &reason);
    let end = (LocalState::Refused, reason.as_str());
    let when = Some((app.clock().now(), line));
    app.store().end_local_signing(&given.id, end, when).await?;
    Ok(no)
}

/// Why a document was not taken, by the key of a message that names nobody.
fn reason(no: &No) -> Option<String> {
    let (_, key) = why_not(no)?;
    Some(match key.as_str() {
        "signing.why.moved" => "local.why.moved".to_owned(),
        "signing.why.changed" => "fault.document_changed".to_owned(),
        _ => key,
    })
}

fn audit(what: &LocalApproval, action: &str, detail: &str) -> AuditLine {
    AuditLine {
        actor: what.staff.to_string(),
        action: action.to_owned(),
        subject: what.dossier.to_string(),
        purpose: String::new(),
        detail: detail.to_owned(),
    }
}

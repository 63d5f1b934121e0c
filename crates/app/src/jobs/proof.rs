//! Lets the official document of a result carry the proof of its signatures, where an authority did not
//! answer when it was sealed.

use domain::dossier::{Event, File};
use domain::ids::{CertificateId, DossierId, FileHash};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::{AuditLine, Loaded, Message, NewMessage, OnceKey};

use crate::no::No;
use crate::signing::{Proof, prove, prove_seal};
use crate::state::App;
use crate::verification::{Ask, VALID};

use super::record::{Paper, SYSTEM, record};
use super::result::note_all;

pub(super) const PROVE_RESULT: &str = "prove_result";

/// Tries after which nothing more is expected of an authority: a month of them.
pub(super) const TRIES: i64 = 80;

/// An authority does not say yet what proves a result. It said so for all that wait for it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unproved(pub(super) String);

/// A document to be completed, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ProveResult {
    dossier: DossierId,
    file: FileHash,
    /// Those of it and its attachments that were completed already: nobody is asked about them again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    completed: Vec<FileHash>,
}

/// The message that asks for the proof of a document that was made.
pub(super) fn message(dossier: &DossierId, file: &FileHash) -> NewMessage {
    rest(dossier, file, Vec::new())
}

/// The same, without those that were completed.
fn rest(dossier: &DossierId, file: &FileHash, completed: Vec<FileHash>) -> NewMessage {
    let body = ProveResult {
        dossier: dossier.clone(),
        file: file.clone(),
        completed,
    };
    NewMessage {
        kind: PROVE_RESULT,
        body: serde_json::to_string(&body).expect("a message is plain data"),
    }
}

/// Handles the message: the completed document takes the place of the one that was made, which stays
/// known as ours. One that was completed before stays as it is.
pub(super) async fn prove_result(app: &App, message: &Message) -> Result<(), No> {
    let body: ProveResult = super::read(&message.body)?;
    let loaded = app.store().load(&body.dossier).await?;
    let Some((seal, at)) = made(&loaded, &body.file) else {
        return Ok(());
    };
    let (mut proved, mut later) = (Vec::new(), None);
    for file in officials(&loaded) {
        let (file, alone) = (&file.hash, file.hash != body.file);
        let proof = if body.completed.contains(file) {
            Proof::None
        } else {
            proof_of(app, &loaded, (file, alone), (&seal, at)).await?
        };
        match proof {
            Proof::Carried(document) => proved.push(Some(document)),
            Proof::None => proved.push(None),
            Proof::Later(why) => {
                later = Some(why);
                proved.push(None);
            }
            Proof::Revoked(since) => {
                tracing::error!(dossier = %body.dossier, %since, "A certificate of an issued result was revoked before it signed");
                return Ok(());
            }
        }
    }
    // What is proved is kept, however long an authority of the rest does not answer.
    if proved.iter().any(Option::is_some) {
        let proved = Proved {
            documents: proved,
            is_all: later.is_none(),
        };
        return complete(app, loaded, (message.id, body), (proved, seal)).await;
    }
    match later {
        Some(why) if message.attempts < TRIES => Err(No::Broken(Box::new(Unproved(why)))),
        Some(why) => {
            tracing::warn!(dossier = %body.dossier, why, "A result stays without the proof of its signatures");
            Ok(())
        }
        None => Ok(()),
    }
}

/// Proofs that authorities gave.
struct Proved {
    /// The documents that carry theirs, in the order of the files.
    documents: Vec<Option<Vec<u8>>>,
    /// Whether no other file waits for its own.
    is_all: bool,
}

/// The official document and its attachments, in their order.
fn officials(loaded: &Loaded) -> Vec<File> {
    let Some(issued) = loaded.dossier.issued() else {
        return Vec::new();
    };
    let attachments = issued.attachments.iter();
    let all = issued.official.iter();
    all.chain(attachments.filter_map(|one| one.official.as_ref()))
        .cloned()
        .collect()
}

/// The proof of a document; none where it has it already. An attachment is sealed alone.
async fn proof_of(
    app: &App,
    loaded: &Loaded,
    (file, alone): (&FileHash, bool),
    seal: (&CertificateId, DateTime),
) -> Result<Proof, No> {
    let document = app.files().get(file).await?;
    let now = app.clock().now();
    let known = app.validator().validate(document.clone(), now, Ask::Nobody);
    if known.await?.key == VALID {
        return Ok(Proof::None);
    }
    if alone {
        return prove_seal(app, document, seal).await;
    }
    prove(app, loaded, document, seal).await
}

/// By which seal the document was made and when, if it is the official one.
fn made(loaded: &Loaded, document: &FileHash) -> Option<(CertificateId, DateTime)> {
    let official = loaded.dossier.issued()?.official.as_ref()?;
    if official.hash != *document {
        return None;
    }
    loaded.events.iter().find_map(|one| match &one.event {
        Event::ResultMade { at, file, seal, .. } if file.hash == *document => {
            Some((seal.clone()?, *at))
        }
        _ => None,
    })
}

async fn complete(
    app: &App,
    loaded: Loaded,
    (message, body): (i64, ProveResult),
    (proved, seal): (Proved, CertificateId),
) -> Result<(), No> {
    let once = OnceKey::parse(&format!("prove-result-{message}"));
    let once = once.map_err(|fault| No::Broken(Box::new(fault)))?;
    let (mut files, mut completed) = (officials(&loaded), body.completed);
    for (file, proved) in files.iter_mut().zip(proved.documents) {
        if let Some(document) = proved {
            let (hash, bytes) = app.files().put(document).await?;
            completed.push(hash.clone());
            *file = File { hash, bytes };
        }
    }
    let Some((file, attachments)) = files.split_first() else {
        return Ok(());
    };
    note_all(app, (file, attachments)).await?;
    let rest = (!proved.is_all).then(|| rest(&loaded.id, &file.hash, completed));
    let event = |at| Event::ResultMade {
        at,
        file: file.clone(),
        seal: Some(seal.clone()),
        completes: Some(body.file.clone()),
        attachments: attachments.to_vec(),
    };
    let audit = AuditLine {
        actor: SYSTEM.to_owned(),
        action: "result.proved".to_owned(),
        subject: loaded.id.to_string(),
        purpose: String::new(),
        detail: format!(r#"{{"file":"{}"}}"#, file.hash),
    };
    let paper = Paper {
        once,
        audit,
        event: &event,
        messages: rest.into_iter().collect(),
    };
    Box::pin(record(app, loaded, paper)).await.map(drop)
}

//! Lets the official document of a result carry the proof of its signatures, where an authority did not
//! answer when it was sealed.

use domain::dossier::{Event, File};
use domain::ids::{CertificateId, DossierId, FileHash};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::{AuditLine, Loaded, Message, NewMessage, OnceKey};

use crate::no::No;
use crate::ports::PortError;
use crate::signing::{Proof, prove, prove_seal};
use crate::state::App;
use crate::verification::{Ask, VALID};

use super::record::{Paper, SYSTEM, record};
use super::result::note_all;

pub(super) const PROVE_RESULT: &str = "prove_result";

/// Tries after which nothing more is expected of an authority: about a month of them.
const TRIES: i64 = 1500;

/// A document to be completed, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ProveResult {
    dossier: DossierId,
    file: FileHash,
}

/// The message that asks for the proof of a document that was made.
pub(super) fn message(dossier: &DossierId, file: &FileHash) -> NewMessage {
    let body = ProveResult {
        dossier: dossier.clone(),
        file: file.clone(),
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
        let alone = file.hash != body.file;
        match proof_of(app, &loaded, (&file.hash, alone), (&seal, at)).await? {
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
    match later {
        Some(why) if message.attempts < TRIES => Err(No::Broken(Box::new(PortError::Retry(why)))),
        Some(why) => {
            tracing::warn!(dossier = %body.dossier, why, "A result stays without the proof of its signatures");
            Ok(())
        }
        None if proved.iter().all(Option::is_none) => Ok(()),
        None => complete(app, loaded, (message.id, &body.file), (proved, seal)).await,
    }
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
    (message, completed): (i64, &FileHash),
    (proved, seal): (Vec<Option<Vec<u8>>>, CertificateId),
) -> Result<(), No> {
    let once = OnceKey::parse(&format!("prove-result-{message}"));
    let once = once.map_err(|fault| No::Broken(Box::new(fault)))?;
    let mut files = officials(&loaded);
    for (file, proved) in files.iter_mut().zip(proved) {
        if let Some(document) = proved {
            let (hash, bytes) = app.files().put(document).await?;
            *file = File { hash, bytes };
        }
    }
    let Some((file, attachments)) = files.split_first() else {
        return Ok(());
    };
    let event = |at| Event::ResultMade {
        at,
        file: file.clone(),
        seal: Some(seal.clone()),
        completes: Some(completed.clone()),
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
        messages: Vec::new(),
    };
    Box::pin(record(app, loaded, paper)).await?;
    note_all(app, (file, attachments)).await
}

//! Makes the official document of a settled dossier's result: what the person signed, with number and
//! day, under the seal of the agency. It is stored by its content and recorded in the dossier, once.

use domain::dossier::{Event, File};
use domain::ids::{DossierId, StaffId};
use serde::{Deserialize, Serialize};
use store::{AuditLine, Loaded, Message, NewMessage, OnceKey};

use crate::no::No;
use crate::signing::{Sealed, sealed, sealed_copy};
use crate::state::App;
use crate::verification::note;

use super::letter::official;
use super::proof;
use super::record::{Paper, SYSTEM, record};

pub(super) const MAKE_RESULT: &str = "make_result";

/// A document to be made, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MakeResult {
    dossier: DossierId,
    /// Whose seal it is; that of who issued it when nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<StaffId>,
}

/// The message that asks for the official document of a dossier.
pub(super) fn message(dossier: &DossierId, by: Option<&StaffId>) -> NewMessage {
    let body = MakeResult {
        dossier: dossier.clone(),
        by: by.cloned(),
    };
    NewMessage {
        kind: MAKE_RESULT,
        body: serde_json::to_string(&body).expect("a message is plain data"),
    }
}

/// Handles the message. Each part has its effect once, so a message that comes again changes
/// nothing.
pub(super) async fn make_result(app: &App, message: &Message) -> Result<(), No> {
    let body: MakeResult = super::read(&message.body)?;
    let loaded = app.store().load(&body.dossier).await?;
    let once = once(&loaded)?;
    let issued = loaded.dossier.issued();
    if issued.is_some_and(|issued| issued.official.is_some()) {
        return Ok(());
    }
    let (file, sealed) = made(app, &loaded, body.by).await?;
    let attachments = sealed
        .as_ref()
        .map_or_else(Vec::new, |sealed| sealed.attachments.clone());
    note_all(app, (&file, &attachments)).await?;
    let unproved = sealed.as_ref().and_then(|sealed| sealed.unproved.as_ref());
    if let Some(why) = unproved {
        tracing::warn!(dossier = %loaded.id, why, "A result is issued without the proof of its signatures, which follows");
    }
    let audit = AuditLine {
        actor: SYSTEM.to_owned(),
        action: "result.made".to_owned(),
        subject: body.dossier.to_string(),
        purpose: String::new(),
        detail: format!(r#"{{"file":"{}"}}"#, file.hash),
    };
    let event = |at| Event::ResultMade {
        at,
        file: file.clone(),
        seal: sealed.as_ref().map(|sealed| sealed.seal.clone()),
        completes: None,
        attachments: attachments.clone(),
    };
    let later = unproved.map(|_| proof::message(&body.dossier, &file.hash));
    let paper = Paper {
        once,
        audit,
        event: &event,
        messages: later.into_iter().collect(),
    };
    // Another worker may have sealed it meanwhile: its document is the official one, of which that one
    // found what it is worth.
    Box::pin(record(app, loaded, paper)).await.map(drop)
}

/// Finds what the document and each attachment is worth: before it is recorded, for a crash after that
/// leaves nothing to come back to.
pub(super) async fn note_all(app: &App, (file, attachments): (&File, &[File])) -> Result<(), No> {
    for file in std::iter::once(file).chain(attachments) {
        note(app, &file.hash).await?;
    }
    Ok(())
}

/// One key for one issue, whatever message orders its document: two workers seal it once.
fn once(loaded: &Loaded) -> Result<OnceKey, No> {
    let mut events = loaded.events.iter().rev();
    let settled = events.find(|one| matches!(one.event, Event::Settled { .. }));
    let settled = settled.ok_or_else(|| super::hopeless("the dossier is not settled"))?;
    let key = format!("make-result-{}-{}", loaded.id, settled.version);
    OnceKey::parse(&key).map_err(|fault| No::Broken(Box::new(fault)))
}

/// The document and what is known of its seal; that of a procedure without a paper has none.
async fn made(
    app: &App,
    loaded: &Loaded,
    named: Option<StaffId>,
) -> Result<(File, Option<Sealed>), No> {
    let unseen = || super::hopeless("the dossier is not settled");
    let record = loaded.dossier.record().ok_or_else(unseen)?;
    let issued = loaded.dossier.issued().ok_or_else(unseen)?;
    let filed = &record.filed;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    if procedure.without_paper {
        return Ok((official(app, loaded).await?, None));
    }
    let by = loaded
        .events
        .iter()
        .rev()
        .find(|recorded| matches!(recorded.event, Event::Settled { .. }));
    // Whose post it is: of whoever issued, or of the colleague for whom she did.
    let by = by.map(|recorded| recorded.behalf.as_ref().unwrap_or(&recorded.actor));
    let by = named.or_else(|| by.and_then(|by| StaffId::parse(by).ok()));
    let by = by.ok_or_else(unseen)?;
    let seal = (&by, &filed.competent);
    let sealed = match &record.course.digitised {
        Some(copy) => sealed_copy(app, loaded, (copy, seal)).await?,
        None => sealed(app, (loaded, issued), seal).await?,
    };
    Ok((sealed.file.clone(), Some(sealed)))
}

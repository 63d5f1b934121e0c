//! Documents of a dossier: its result, a draft while it is examined, and what was put on file for
//! an act: requests, decisions, notices, receipts.

use std::time::Duration;

use domain::dossier::{Attachment, Dossier, Event, File, Noticed, Proof};
use domain::ids::{DossierId, FileHash};
use store::AuditLine;

use crate::access::{Actor, Permit, Resource, may_see};
use crate::no::{Denied, No};
use crate::state::App;

use super::audit;

/// A document that may still be in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made<T> {
    /// There is none.
    No,
    /// The worker will make it.
    Soon,
    /// Here it is.
    Yes(T),
}

/// The bytes of the result's document: of the draft, and of a settled dossier the official one alone.
/// Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn result_document(
    app: &App,
    actor: &Actor,
    id: &DossierId,
) -> Result<Made<Vec<u8>>, No> {
    let (permit, made) = wait(app, actor, id).await?;
    let file = match made {
        Made::Yes(file) => file,
        Made::Soon => return Ok(Made::Soon),
        Made::No => return Ok(Made::No),
    };
    let content = app.files().get(&file.hash).await?;
    app.store()
        .audit(app.clock().now(), vec![audit(&permit, "result.read", id)])
        .await?;
    Ok(Made::Yes(content))
}

/// The result's document, without reading it. Waits a little for the worker where the dossier is
/// settled and its official document is not made yet.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn wait_for_result(app: &App, actor: &Actor, id: &DossierId) -> Result<Made<File>, No> {
    let (_, made) = wait(app, actor, id).await?;
    Ok(made)
}

async fn wait(app: &App, actor: &Actor, id: &DossierId) -> Result<(Permit, Made<File>), No> {
    const LOOKS: u8 = 20;
    const BETWEEN: Duration = Duration::from_millis(100);
    let mut looks = 1;
    loop {
        let loaded = app.store().load(id).await?;
        let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
        let process = app.process(&filed.procedure, filed.process_version).await?;
        let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
        let resource = resource.passed_on(app);
        let permit = may_see(actor, &resource)?;
        let made = match document(&loaded.dossier) {
            Some(file) => Made::Yes(file.clone()),
            None if loaded.dossier.issued().is_some() => Made::Soon,
            None => Made::No,
        };
        if made != Made::Soon || looks == LOOKS {
            return Ok((permit, made));
        }
        looks += 1;
        tokio::time::sleep(BETWEEN).await;
    }
}

/// A document that an act put on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFile {
    /// The request by which the applicant withdrew.
    Withdrawal,
    /// The request or decision by which the dossier was stopped.
    Stop,
    /// The notice of a financial obligation.
    Obligation,
    /// The receipt that proves that it was met.
    Proof,
    /// The receipt of the result that was signed on paper, scanned.
    Receipt,
}

impl OnFile {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Withdrawal,
        Self::Stop,
        Self::Obligation,
        Self::Proof,
        Self::Receipt,
    ];

    /// Its name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawal => "withdrawal",
            Self::Stop => "stop",
            Self::Obligation => "obligation",
            Self::Proof => "proof",
            Self::Receipt => "receipt",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == name)
    }

    /// The content, when this event put it on file.
    pub fn of(self, event: &Event) -> Option<&FileHash> {
        match (self, event) {
            (Self::Withdrawal, Event::Withdrawn { request, .. }) => Some(request),
            (Self::Stop, Event::Stopped { order, .. }) => {
                order.as_ref().map(|order| &order.document)
            }
            (Self::Obligation, Event::ObligationNoticed(Noticed { document, .. })) => {
                document.as_ref()
            }
            (Self::Proof, Event::ObligationMet { proof, .. }) => match proof {
                Some(Proof::File { file }) => Some(file),
                Some(Proof::Note { .. }) | None => None,
            },
            (Self::Receipt, Event::ReceiptScanned(scanned)) => Some(&scanned.file),
            _ => None,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Withdrawal => "withdrawal.read",
            Self::Stop => "stop.read",
            Self::Obligation => "obligation.read",
            Self::Proof => "proof.read",
            Self::Receipt => "receipt.read",
        }
    }
}

/// The bytes of the last document of that kind on file; none where there is none. Every reading is
/// logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn document_on_file(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    what: OnFile,
) -> Result<Option<Vec<u8>>, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let resource = resource.passed_on(app);
    let permit = may_see(actor, &resource)?;
    let mut events = loaded.events.iter().rev();
    let Some(hash) = events.find_map(|recorded| what.of(&recorded.event)) else {
        return Ok(None);
    };
    let content = app.files().get(hash).await?;
    let now = app.clock().now();
    let line = audit(&permit, what.action(), id);
    app.store().audit(now, vec![line]).await?;
    Ok(Some(content))
}

/// An attachment of the result by its number, from 1: of the draft, and of a settled dossier the sealed
/// one alone; none where there is none. Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn attachment_of_result(
    app: &App,
    actor: &Actor,
    (id, number): (&DossierId, usize),
) -> Result<Made<Vec<u8>>, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_see(actor, &resource.passed_on(app))?;
    let all = attachments(&loaded.dossier);
    let Some(found) = number.checked_sub(1).and_then(|nth| all.get(nth)) else {
        return Ok(Made::No);
    };
    let Some(file) = as_it_stands(&loaded.dossier, found) else {
        return Ok(Made::Soon);
    };
    let content = app.files().get(&file.hash).await?;
    let read = audit(&permit, "attachment.read", id);
    let line = AuditLine {
        detail: format!("{} {number} {}", read.detail, file.hash)
            .trim()
            .to_owned(),
        ..read
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(Made::Yes(content))
}

/// The attachments of a dossier's result: of the draft, or of what was issued.
pub fn attachments(dossier: &Dossier) -> &[Attachment] {
    match dossier.issued() {
        Some(issued) => &issued.attachments,
        None => dossier
            .at_step()
            .and_then(|at| at.draft.as_ref())
            .map_or(&[], |draft| &draft.attachments),
    }
}

/// The file of an attachment: the drafted one, and of a settled dossier the sealed one alone.
pub fn as_it_stands<'a>(dossier: &Dossier, attachment: &'a Attachment) -> Option<&'a File> {
    match dossier.issued() {
        Some(_) => attachment.official.as_ref(),
        None => Some(&attachment.document),
    }
}

/// The document as it stands: the draft, and of a settled dossier the official document alone.
pub fn document(dossier: &Dossier) -> Option<&File> {
    match dossier {
        Dossier::Settled(_, _, issued) | Dossier::Returned(_, issued) => issued.official.as_ref(),
        other => other
            .at_step()
            .and_then(|at| at.draft.as_ref())
            .map(|draft| &draft.document),
    }
}

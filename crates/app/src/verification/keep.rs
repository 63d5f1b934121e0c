//! What is known of the signatures of files on record: found when a file is put there, found again on
//! demand, kept beside it under our keys.

use std::collections::BTreeMap;

use domain::dossier::{Dossier, HandedAs};
use domain::ids::{DossierId, FileHash};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{AuditLine, Loaded, Validation};

use crate::access::{Actor, Resource, may_see};
use crate::no::{Denied, Fault, No};
use crate::processing::{OnFile, as_it_stands, attachments, document};
use crate::state::App;

use super::picture;
use super::port::{Ask, VALID, Verdict};

/// What was found of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub verdict: Verdict,
    /// When.
    pub at: DateTime,
}

/// First bytes of what may be signed.
const PDF: &[u8] = b"%PDF-";

/// Whether a file says that it is a PDF.
pub(crate) fn is_pdf(content: &[u8]) -> bool {
    content.starts_with(PDF)
}

/// Pages of a file from outside, if it may be taken: a picture is one, and what stands in the way of it
/// or of a PDF is said at its field.
pub(crate) async fn readable(
    app: &App,
    content: &[u8],
    field: &'static str,
) -> Result<Result<u16, Fault>, No> {
    if !content.starts_with(PDF) {
        let judged = picture::judge(content).map(|()| 1);
        return Ok(judged.map_err(|bad| Fault::new(field, bad.key())));
    }
    let opened = app.validator().open(content.to_vec()).await?;
    Ok(opened.map_err(|refusal| Fault::new(field, refusal.0)))
}

/// Puts a file from outside on record, with what its signatures are worth.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn put_on_file(app: &App, content: Vec<u8>) -> Result<FileHash, No> {
    let judged = content.starts_with(PDF).then(|| content.clone());
    let (hash, _) = app.files().put(content).await?;
    if let Some(content) = judged {
        find(app, &hash, content, Ask::Nobody).await?;
    }
    Ok(hash)
}

async fn find(app: &App, file: &FileHash, content: Vec<u8>, ask: Ask) -> Result<Found, No> {
    let at = app.clock().now();
    let verdict = app.validator().validate(content, at, ask).await?;
    let row = Validation {
        file: file.clone(),
        sealed: app.keys().seal(&about(file), &verdict),
        at,
    };
    app.store().keep_validation(row).await?;
    Ok(Found { verdict, at })
}

fn about(file: &FileHash) -> String {
    format!("validation:{file}")
}

/// What is known of these files; those of which nothing is known are left out.
pub(crate) async fn found_of(
    app: &App,
    files: &[FileHash],
) -> Result<BTreeMap<FileHash, Found>, No> {
    let rows = app.store().validations(files).await?;
    let opened = rows.into_iter().map(|row| {
        let verdict = app.keys().open(&about(&row.file), &row.sealed);
        let verdict = verdict.map_err(|error| No::Broken(Box::new(error)))?;
        Ok((
            row.file,
            Found {
                verdict,
                at: row.at,
            },
        ))
    });
    opened.collect()
}

/// Finds what a document of ours is worth once it is made; the worker waits for no authority.
pub(crate) async fn note(app: &App, file: &FileHash) -> Result<(), No> {
    let content = app.files().get(file).await?;
    if content.starts_with(PDF) {
        find(app, file, content, Ask::Nobody).await?;
    }
    Ok(())
}

/// Files about which the authorities are asked at once for visitors; who comes for another one meanwhile
/// sees what is known.
const MOST_ASKED: usize = 4;

/// What is known of a document of ours. Certificates are revoked meanwhile: the authorities are asked
/// anew after a day, and soon where nobody could be asked. A visitor does not wait for that.
pub(super) async fn of_file(app: &App, file: &FileHash) -> Result<Found, No> {
    let known = found_of(app, std::slice::from_ref(file))
        .await?
        .remove(file);
    let now = app.clock().now();
    let fresh = |found: &Found| {
        let settled = found.verdict.key == VALID;
        let hold = if settled { 1.day() } else { 10.minutes() };
        found.at.saturating_add(hold) > now
    };
    let found = if let Some(found) = known {
        found
    } else {
        let content = app.files().get(file).await?;
        find(app, file, content, Ask::Visitor).await?
    };
    if !fresh(&found) {
        ask(app, file);
    }
    Ok(found)
}

/// Asks the authorities in the background, unless that is done already or too much is.
fn ask(app: &App, file: &FileHash) {
    let mut asking = app.asking_now();
    if asking.len() >= MOST_ASKED || !asking.insert(file.clone()) {
        return;
    }
    drop(asking);
    let (app, file) = (app.clone(), file.clone());
    tokio::spawn(async move {
        if let Err(no) = asked(&app, &file).await {
            tracing::warn!(
                error = &no as &dyn std::error::Error,
                "Cannot ask about the signatures of a file"
            );
        }
        app.asking_now().remove(&file);
    });
}

async fn asked(app: &App, file: &FileHash) -> Result<(), No> {
    let content = app.files().get(file).await?;
    find(app, file, content, Ask::Authorities).await.map(drop)
}

/// The files of a dossier that somebody may have signed.
pub(crate) fn signable(loaded: &Loaded) -> Vec<FileHash> {
    let mut files: Vec<FileHash> = Vec::new();
    files.extend(document(&loaded.dossier).map(|file| file.hash.clone()));
    let newest = |what: OnFile| {
        let mut events = loaded.events.iter().rev();
        events.find_map(|one| what.of(&one.event)).cloned()
    };
    files.extend(OnFile::ALL.into_iter().filter_map(newest));
    files.extend(scans(&loaded.dossier));
    let attached = attachments(&loaded.dossier).iter();
    let attached = attached.filter_map(|one| as_it_stands(&loaded.dossier, one));
    files.extend(attached.map(|file| file.hash.clone()));
    files
}

fn scans(dossier: &Dossier) -> impl Iterator<Item = FileHash> {
    let handed = dossier.record().map(|record| &record.filed.handed);
    let handed = handed.into_iter().flatten();
    handed.filter_map(|one| match &one.handed {
        HandedAs::Scanned { file, .. }
        | HandedAs::Attached { file }
        | HandedAs::Reused { file, .. } => Some(file.clone()),
        _ => None,
    })
}

/// Validates every signed file of a dossier again, asking the authorities about revocation. It is
/// logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn check_again(
    app: &App,
    actor: &Actor,
    id: &DossierId,
) -> Result<BTreeMap<FileHash, Found>, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let resource = resource.passed_on(app);
    may_see(actor, &resource)?;
    let mut all = BTreeMap::new();
    for file in signable(&loaded) {
        let content = app.files().get(&file).await?;
        if content.starts_with(PDF) {
            let found = find(app, &file, content, Ask::Authorities).await?;
            all.insert(file, found);
        }
    }
    let line = AuditLine {
        actor: actor.staff.to_string(),
        action: "signatures.checked".to_owned(),
        subject: id.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(all)
}

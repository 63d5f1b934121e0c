//! Makes a slip, stores it by its content, and records it in the dossier, once.

use std::time::Duration;

use domain::dossier::{Event, File, Outcome};
use domain::ids::{DossierId, FileHash};
use domain::slip::{Form, Slip as Sheet};
use store::{
    AppendError, Appended, AuditLine, Batch, Loaded, Message, NewEvents, NewSlip, OnceKey, Slip,
};

use crate::access::{Actor, Resource, may_see};
use crate::facts::World;
use crate::no::{Denied, No};
use crate::state::App;

use super::IssueSlip;
use super::compose::{compose, result_letter};

/// Handles the message: renders, stores, appends, registers. Each part has its effect once, so a
/// message that comes again changes nothing.
pub(super) async fn issue_slip(app: &App, message: &Message) -> Result<(), No> {
    let body: IssueSlip =
        serde_json::from_str(&message.body).map_err(|fault| No::Broken(Box::new(fault)))?;
    let once = OnceKey::parse(&format!("issue-slip-{}", message.id));
    let once = once.map_err(|fault| No::Broken(Box::new(fault)))?;
    let loaded = app.store().load(&body.dossier).await?;
    let slip = compose(app, &loaded, body.form).await?;
    let issued_at = slip.heading().at;
    let pdf = app.slips().render(slip).await?;
    let (file, _) = app.files().put(pdf).await?;
    let file = record(app, loaded, (body.form, file), once).await?;
    let (dossier, form) = (body.dossier, body.form);
    let slip = NewSlip {
        message: message.id,
        dossier,
        form,
        file,
        issued_at,
    };
    app.store().record_slip(slip).await?;
    Ok(())
}

/// Appends `SlipIssued`. A clerk may have moved the dossier meanwhile: the slip is of an event that
/// stays, so it is recorded after the clerk's move. Gives the file on record: a slip is frozen once,
/// and one that was recorded before a crash stays, however it would be made today.
async fn record(
    app: &App,
    loaded: Loaded,
    (form, file): (Form, FileHash),
    once: OnceKey,
) -> Result<FileHash, No> {
    let mut loaded = loaded;
    for _ in 0..5 {
        let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
        let process = app
            .process(&record.filed.procedure, record.filed.process_version)
            .await?;
        let last = loaded
            .events
            .last()
            .map_or_else(|| app.clock().now(), |r| r.event.at());
        let at = app.clock().now().max(last);
        let event = Event::SlipIssued {
            at,
            form,
            file: file.clone(),
        };
        let id = loaded.id.clone();
        let batch = Batch {
            dossier: id.clone(),
            expected: loaded.version,
            head: loaded.head.clone(),
            before: loaded.dossier,
            events: NewEvents::Ready(vec![event]),
            actor: "system".to_owned(),
            now: at,
            messages: Vec::new(),
            audit: vec![audit("system", "slip.issued", &id, form)],
            once: Some(once.clone()),
            texts: Vec::new(),
            parties: Vec::new(),
            drop_draft: None,
            names: None,
            process,
        };
        match app.store().append(batch).await {
            Ok(_) => return Ok(file),
            Err(AppendError::Repeated(first)) => return frozen(app, &first).await,
            Err(AppendError::Stale(_)) => loaded = app.store().load(&id).await?,
            Err(error) => return Err(No::of_append(error)),
        }
    }
    Err(No::Broken(
        "the dossier moved five times while its slip was recorded".into(),
    ))
}

/// The file of the slip that was recorded then.
async fn frozen(app: &App, first: &Appended) -> Result<FileHash, No> {
    let loaded = app.store().load(&first.dossier).await?;
    let recorded = loaded
        .events
        .into_iter()
        .find(|r| r.version == first.version);
    match recorded.map(|recorded| recorded.event) {
        Some(Event::SlipIssued { file, .. }) => Ok(file),
        _ => Err(No::Broken("the record of a slip is no slip".into())),
    }
}

fn audit(actor: &str, action: &str, dossier: &DossierId, form: Form) -> AuditLine {
    AuditLine {
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: dossier.to_string(),
        purpose: String::new(),
        detail: format!(r#"{{"form":"{}"}}"#, form.number()),
    }
}

/// The last slip of that form, once it is made; waits a little for the worker.
///
/// # Errors
/// [`No::Denied`] or [`No::Broken`].
pub async fn wait_for_slip(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    form: Form,
) -> Result<Option<Slip>, No> {
    const LOOKS: u8 = 20;
    const BETWEEN: Duration = Duration::from_millis(100);
    let loaded = app.store().load(dossier).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let process = app
        .process(&record.filed.procedure, record.filed.process_version)
        .await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    may_see(actor, &resource)?;
    for look in 1..=LOOKS {
        let slips = app.store().slips(dossier).await?;
        let made = slips.into_iter().rfind(|slip| slip.key.form == form);
        if made.is_some() {
            return Ok(made);
        }
        if look < LOOKS {
            tokio::time::sleep(BETWEEN).await;
        }
    }
    Ok(None)
}

/// The bytes of a slip that was made; every reading is logged.
///
/// # Errors
/// [`No::Denied`], [`No::Broken`].
pub async fn slip_content(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    form: Form,
) -> Result<Option<Vec<u8>>, No> {
    let Some(slip) = wait_for_slip(app, actor, dossier, form).await? else {
        return Ok(None);
    };
    let pdf = app.files().get(&slip.file).await?;
    let read = audit(actor.staff.as_str(), "slip.read", dossier, form);
    app.store().audit(app.clock().now(), vec![read]).await?;
    Ok(Some(pdf))
}

/// Counts and logs a print of a slip; says whether the slip is made.
///
/// # Errors
/// [`No::Denied`], [`No::Broken`].
pub async fn log_slip_print(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    form: Form,
) -> Result<bool, No> {
    let Some(slip) = wait_for_slip(app, actor, dossier, form).await? else {
        return Ok(false);
    };
    let now = app.clock().now();
    app.store().log_print(&slip.key, &actor.staff, now).await?;
    let printed = audit(actor.staff.as_str(), "slip.printed", dossier, form);
    app.store().audit(now, vec![printed]).await?;
    Ok(true)
}

/// Makes the document of a result from its text and stores it.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn letter(
    app: &App,
    world: &World,
    loaded: &Loaded,
    (outcome, text): (Outcome, &str),
) -> Result<File, No> {
    let letter = result_letter(app, world, loaded, (outcome, text)).await?;
    let pdf = app.slips().render(Sheet::ResultLetter(letter)).await?;
    let (hash, bytes) = app.files().put(pdf).await?;
    Ok(File { hash, bytes })
}

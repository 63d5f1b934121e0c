//! Makes a slip, stores it by its content, and records it in the dossier, once.

use std::time::Duration;

use domain::dossier::Event;
use domain::ids::DossierId;
use domain::slip::Form;
use store::{AuditLine, Message, NewSlip, OnceKey, Slip};

use crate::access::{Actor, Resource, may_see};
use crate::no::{Denied, No};
use crate::state::App;

use super::compose::compose;
use super::record::{Paper, SYSTEM, record};
use super::{IssueSlip, asks, copy, hopeless, read};

/// Handles the message: renders, stores, appends, registers. Each part has its effect once, so a
/// message that comes again changes nothing.
pub(super) async fn issue_slip(app: &App, message: &Message) -> Result<(), No> {
    let body: IssueSlip = read(&message.body)?;
    let once = OnceKey::parse(&format!("issue-slip-{}", message.id));
    let once = once.map_err(|fault| No::Broken(Box::new(fault)))?;
    let loaded = app.store().load(&body.dossier).await?;
    let slip = compose(app, &loaded, (body.form, body.version)).await?;
    let issued_at = slip.heading().at;
    let mut pdf = app.slips().render(slip).await?;
    if body.form == Form::PaperCopy {
        let mut events = loaded.events.iter();
        let made = events.find(|recorded| recorded.version == body.version);
        let made = made.ok_or_else(|| hopeless("nothing asks for this copy"))?;
        pdf = copy::whole(app, &made.event, pdf).await?;
    }
    let (file, _) = app.files().put(pdf).await?;
    let (dossier, form) = (body.dossier, body.form);
    let event = |at| Event::SlipIssued {
        at,
        form,
        file: file.clone(),
    };
    let paper = Paper {
        once,
        audit: audit(SYSTEM, "slip.issued", &dossier, form),
        event: &event,
        messages: Vec::new(),
    };
    let Event::SlipIssued { file, .. } = Box::pin(record(app, loaded, paper)).await? else {
        return Err(No::Broken("the record of a slip is no slip".into()));
    };
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

fn audit(actor: &str, action: &str, dossier: &DossierId, form: Form) -> AuditLine {
    AuditLine {
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: dossier.to_string(),
        purpose: String::new(),
        detail: format!(r#"{{"form":"{}"}}"#, form.number()),
    }
}

/// The slip of the last event that asks for that form, once it is made; waits a little for the
/// worker.
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
    let resource = resource.passed_on(app);
    may_see(actor, &resource)?;
    let asked = loaded
        .events
        .iter()
        .filter(|r| asks(&r.event, form))
        .count();
    for look in 1..=LOOKS {
        let mut slips = app.store().slips(dossier).await?;
        slips.retain(|slip| slip.key.form == form);
        if asked > 0 && slips.len() >= asked {
            return Ok(slips.into_iter().max_by_key(|slip| slip.issued_at));
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

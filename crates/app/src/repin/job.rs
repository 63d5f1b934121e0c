//! The move of one dossier, as the worker makes it: once, however often the message comes.

use std::sync::Arc;

use domain::dossier::{Command, Event, Refusal, Repinned, Repinning};
use domain::ids::{DossierId, StaffId};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use store::{AppendError, AuditLine, Batch, Loaded, Message, Names, NewEvents, OnceKey};

use crate::facts::World;
use crate::jobs::{is_hopeless, messages_of};
use crate::no::No;
use crate::processing::sealed_text;
use crate::state::App;

use super::{Goal, kept, step_of, world};

/// Kind of the messages.
pub(crate) const REPIN: &str = "repin";
/// How often a dossier is tried that somebody moves meanwhile.
const TRIES: u8 = 5;

/// The move of one dossier, as the outbox carries it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) batch: String,
    pub(super) dossier: DossierId,
    pub(super) by: StaffId,
    /// Why, sealed for the batch.
    pub(super) reason: String,
    pub(super) goal: To,
}

/// Where a dossier is moved to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum To {
    /// To these versions.
    Versions { procedure: u32, process: u32 },
    /// Back to what held before this batch moved it.
    Back { batch: String },
}

/// What the sealed reason of a batch is bound to.
pub(super) fn sealed_for(batch: &str) -> String {
    format!("repin:{batch}")
}

/// Moves the dossier of a message, or notes the rule that forbids it. What came of it before,
/// whatever it was, is all that comes of it.
pub(crate) async fn repin(app: &App, message: &Message) -> Result<(), No> {
    let job: Job =
        serde_json::from_str(&message.body).map_err(|fault| No::Broken(Box::new(fault)))?;
    for _ in 0..TRIES {
        if is_told(app, &job.batch, &job.dossier).await? {
            return Ok(());
        }
        if is_stopped(app, &job.batch).await? || is_never_moved(app, &job).await? {
            return note(app, &job.batch, &job, (CANCELLED, String::new())).await;
        }
        match Box::pin(attempt(app, &job)).await {
            Err(No::Stale(_)) => {}
            Err(No::Refused(no)) => {
                let why = format!("{} {}", no.refusal.rule().id(), no.refusal.key());
                return note(app, &job.batch, &job, (REFUSED, why)).await;
            }
            Err(no) if is_hopeless(&no) => {
                note(app, &job.batch, &job, (FAILED, String::new())).await?;
                return Err(no);
            }
            done => return done,
        }
    }
    Err(No::Broken(
        "the dossier moved while it was to be moved to another version".into(),
    ))
}

/// Whether something came of the dossier in the batch.
async fn is_told(app: &App, batch: &str, dossier: &DossierId) -> Result<bool, No> {
    let told = app.store().audited(&told_of(batch, dossier)).await?;
    Ok(!told.is_empty())
}

/// Whether the batch was taken back: what it has not begun it does not move any more.
async fn is_stopped(app: &App, batch: &str) -> Result<bool, No> {
    let stopped = app.store().audited(&stopped_of(batch)).await?;
    Ok(!stopped.is_empty())
}

/// Of a dossier that is to move back: whether the batch that is taken back had not come to it, and now
/// never does. Who is first of this and of its move is what the log says, written once.
async fn is_never_moved(app: &App, job: &Job) -> Result<bool, No> {
    let To::Back { batch } = &job.goal else {
        return Ok(false);
    };
    if !is_told(app, batch, &job.dossier).await? {
        note(app, batch, job, (CANCELLED, String::new())).await?;
    }
    let moved = key(batch, &job.dossier);
    Ok(app.store().answered(&moved).await?.is_none())
}

async fn attempt(app: &App, job: &Job) -> Result<(), No> {
    let once = key(&job.batch, &job.dossier);
    if app.store().answered(&once).await?.is_some() {
        return Ok(());
    }
    let loaded = app.store().load(&job.dossier).await?;
    let (goal, asked) = asked(app, &loaded, &job.goal).await?;
    let world = world(app, &loaded, (job.by.clone(), &goal))?;
    let sealed = hex::decode(&job.reason).map_err(|fault| No::Broken(Box::new(fault)))?;
    let reason: String = app.keys().open(&sealed_for(&job.batch), &sealed)?;
    let text = sealed_text(app, &job.dossier, &reason, world.now);
    let command = Command::Repin(Repinning {
        reason: Some(text.id.clone()),
        ..asked
    });
    let events = world.decide(&loaded.dossier, &[command], 0)?;
    let mut batch = moved(job, &world, loaded);
    batch.messages = messages_of(&job.dossier, batch.expected, &events);
    batch.events = NewEvents::Ready(events);
    batch.texts = vec![text];
    batch.once = Some(once);
    match app.store().append(batch).await {
        Ok(_) | Err(AppendError::Repeated(_)) => Ok(()),
        Err(error) => Err(No::of_append(error)),
    }
}

/// The versions to come, and the move to them.
async fn asked(app: &App, loaded: &Loaded, to: &To) -> Result<(Goal, Repinning), No> {
    let now = kept(app, loaded).await?;
    let undone = match to {
        To::Versions { .. } => None,
        To::Back { batch } => Some(made_by(app, loaded, batch).await?),
    };
    let (procedure, process) = match (to, undone) {
        (To::Versions { procedure, process }, _) => (*procedure, *process),
        (To::Back { .. }, undone) => {
            let old = undone.map(|undone| &undone.old).ok_or(Refusal::NotMoved)?;
            (old.procedure_version, old.process_version)
        }
    };
    let code = &now.procedure.code;
    let goal = Goal {
        procedure: app.procedure(code, procedure).await?,
        process: app.process(code, process).await?,
    };
    let at = loaded.dossier.at_step().map(|at| at.index);
    let asked = Repinning {
        procedure_version: procedure,
        process_version: process,
        step: match undone.filter(|undone| at == Some(undone.new.step)) {
            Some(undone) => undone.old.step,
            None => step_of(&loaded.dossier, (&now.process, &goal.process)),
        },
        undoes: undone.map(|undone| undone.reason.clone()),
        reason: None,
    };
    Ok((goal, asked))
}

/// The move that the batch made of the dossier.
async fn made_by<'a>(app: &App, loaded: &'a Loaded, batch: &str) -> Result<&'a Repinned, No> {
    let made = app.store().answered(&key(batch, &loaded.id)).await?;
    let version = made.map(|made| made.version);
    let mut events = loaded.events.iter();
    let found = events.find(|recorded| Some(recorded.version) == version);
    match found.map(|recorded| &recorded.event) {
        Some(Event::Repinned(repinned)) => Ok(repinned),
        _ => Err(Refusal::NotMoved.into()),
    }
}

fn moved(job: &Job, world: &World, loaded: Loaded) -> Batch {
    let line = |action: &str, subject: String, detail: String| AuditLine {
        actor: job.by.to_string(),
        action: action.to_owned(),
        subject,
        purpose: format!("repin {}", job.batch),
        detail,
    };
    let dossier = &job.dossier;
    Batch {
        dossier: dossier.clone(),
        expected: loaded.version,
        head: loaded.head,
        before: loaded.dossier,
        events: NewEvents::Ready(Vec::new()),
        actor: job.by.to_string(),
        behalf: None,
        now: world.now,
        messages: Vec::new(),
        audit: vec![
            line("dossier.moved", dossier.to_string(), String::new()),
            told(&job.batch, dossier, job.by.as_str()),
            line(MOVED, job.batch.clone(), dossier.to_string()),
        ],
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        // The owner's name stays as the row has it.
        names: Some(Names {
            procedure_name: world.procedure.name.clone(),
            field: world.procedure.field.clone(),
            owner_name: String::new(),
        }),
        process: Arc::clone(&world.process),
    }
}

/// The audit line of a dossier that moved, in the batch's own log.
pub(super) const MOVED: &str = "repin.moved";
/// The audit line of a dossier that the law keeps where it is.
pub(super) const REFUSED: &str = "repin.refused";

/// The audit line of a dossier that could not be moved for good: its message was put aside.
pub(super) const FAILED: &str = "repin.failed";
/// The audit line of a dossier that had not moved when the batch was taken back, and will not.
pub(super) const CANCELLED: &str = "repin.cancelled";
/// The audit line that says that something came of a dossier in a batch; the store writes it once, so
/// that nothing else comes of it.
const TOLD: &str = "repin.told";

/// The subject of that line.
fn told_of(batch: &str, dossier: &DossierId) -> String {
    format!("{batch}/{dossier}")
}

fn told(batch: &str, dossier: &DossierId, actor: &str) -> AuditLine {
    AuditLine {
        actor: actor.to_owned(),
        action: TOLD.to_owned(),
        subject: told_of(batch, dossier),
        purpose: String::new(),
        detail: String::new(),
    }
}

/// What came of a dossier that did not move: the line in the batch's own log, and the one that
/// nothing else comes of it.
pub(super) fn unmoved(
    batch: &str,
    dossier: &DossierId,
    actor: &str,
    (action, why): (&str, String),
) -> [AuditLine; 2] {
    let line = AuditLine {
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: batch.to_owned(),
        purpose: why,
        detail: dossier.to_string(),
    };
    [told(batch, dossier, actor), line]
}

/// The subject of the line that says that a batch was taken back, beside that in its own log: that is
/// read with every move, and the log of a batch is long.
fn stopped_of(batch: &str) -> String {
    format!("{batch}/stopped")
}

/// That line.
pub(super) fn stopped(batch: &str, actor: &str) -> AuditLine {
    AuditLine {
        actor: actor.to_owned(),
        action: TOLD.to_owned(),
        subject: stopped_of(batch),
        purpose: String::new(),
        detail: String::new(),
    }
}

/// Notes what came of the dossier in the batch, unless something did meanwhile.
async fn note(app: &App, batch: &str, job: &Job, what: (&str, String)) -> Result<(), No> {
    let lines = unmoved(batch, &job.dossier, job.by.as_str(), what);
    let now = app.clock().now();
    let noted = app.store().send_messages(now, Vec::new(), lines.into());
    noted.await?;
    Ok(())
}

/// One move of one dossier in one batch.
fn key(batch: &str, dossier: &DossierId) -> OnceKey {
    let text = format!("repin/{batch}/{dossier}");
    let hash = digest(&SHA256, text.as_bytes());
    OnceKey::parse(&hex::encode(hash)).expect("hexadecimal digits are a key")
}

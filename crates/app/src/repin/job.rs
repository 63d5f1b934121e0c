//! The move of one dossier, as the worker makes it: once, however often the message comes.

use std::sync::Arc;

use domain::dossier::{Command, Refusal, Repinning};
use domain::ids::{DossierId, StaffId};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use store::{AppendError, AuditLine, Batch, Loaded, Message, Names, NewEvents, OnceKey};

use crate::facts::World;
use crate::jobs::messages_of;
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
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum To {
    /// To these versions.
    Versions {
        procedure: u32,
        process: u32,
        new_limit: bool,
    },
    /// Back to what held before its last move.
    Back,
}

/// What the sealed reason of a batch is bound to.
pub(super) fn sealed_for(batch: &str) -> String {
    format!("repin:{batch}")
}

/// Moves the dossier of a message, or notes the rule that forbids it.
pub(crate) async fn repin(app: &App, message: &Message) -> Result<(), No> {
    let job: Job =
        serde_json::from_str(&message.body).map_err(|fault| No::Broken(Box::new(fault)))?;
    for _ in 0..TRIES {
        match attempt(app, &job).await {
            Err(No::Stale(_)) => {}
            Err(No::Refused(refusal)) => return refused(app, &job, &refusal).await,
            done => return done,
        }
    }
    Err(No::Broken(
        "the dossier moved while it was to be moved to another version".into(),
    ))
}

async fn attempt(app: &App, job: &Job) -> Result<(), No> {
    let once = key(job);
    if app.store().answered(&once).await?.is_some() {
        return Ok(());
    }
    let loaded = app.store().load(&job.dossier).await?;
    let (goal, asked) = asked(app, &loaded, job.goal).await?;
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
async fn asked(app: &App, loaded: &Loaded, to: To) -> Result<(Goal, Repinning), No> {
    let now = kept(app, loaded).await?;
    let code = &now.procedure.code;
    let plain = |goal: &Goal, step, new_limit| Repinning {
        procedure_version: goal.procedure.version,
        process_version: goal.process.version,
        step,
        new_limit,
        reason: None,
    };
    if let To::Versions {
        procedure,
        process,
        new_limit,
    } = to
    {
        let goal = Goal {
            procedure: app.procedure(code, procedure).await?,
            process: app.process(code, process).await?,
        };
        let step = step_of(&loaded.dossier, (&now.process, &goal.process));
        let asked = plain(&goal, step, new_limit);
        return Ok((goal, asked));
    }
    let record = loaded.dossier.record();
    let last = record.and_then(|record| record.course.repinned.as_ref());
    let last = last.ok_or(Refusal::NothingChanges)?;
    let goal = Goal {
        procedure: app.procedure(code, last.old.procedure_version).await?,
        process: app.process(code, last.old.process_version).await?,
    };
    let at = loaded.dossier.at_step().map(|at| at.index);
    let step = if at == Some(last.new.step) {
        last.old.step
    } else {
        step_of(&loaded.dossier, (&now.process, &goal.process))
    };
    let asked = plain(&goal, step, false);
    Ok((goal, asked))
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

async fn refused(app: &App, job: &Job, refusal: &Refusal) -> Result<(), No> {
    let line = AuditLine {
        actor: job.by.to_string(),
        action: REFUSED.to_owned(),
        subject: job.batch.clone(),
        purpose: refusal.rule().id().to_owned(),
        detail: job.dossier.to_string(),
    };
    Ok(app.store().audit(app.clock().now(), vec![line]).await?)
}

/// One move of one dossier in one batch.
fn key(job: &Job) -> OnceKey {
    let text = format!("repin/{}/{}", job.batch, job.dossier);
    let hash = digest(&SHA256, text.as_bytes());
    OnceKey::parse(&hex::encode(hash)).expect("hexadecimal digits are a key")
}

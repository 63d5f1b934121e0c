//! A clerk ends an intake: receives, asks for a supplement, or declines.

use domain::dossier::{Command, CommandKind, Dossier, Event};
use domain::ids::{DossierCode, DossierId, DraftId, StaffId};
use store::{AppendError, Appended, Batch, Names, NewEvents, OnceKey};

use crate::access::{Actor, Permit, may_file};
use crate::facts::World;
use crate::forms::Typed;
use crate::jobs::messages_of;
use crate::no::{Fault, No};
use crate::processing::{dossier_sequence, once, text};
use crate::state::App;

use super::certified::counted;
use super::filing::audit_with;
use super::understood::{Sitting, understood};

/// How the clerk ends the intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// File only; a clerk judges later. What a post agent does, and help with an online filing.
    Submit,
    /// Receive and number (Mẫu 01).
    Receive,
    /// Ask for a supplement (Mẫu 02).
    AskSupplement,
    /// Decline (Mẫu 03).
    Decline,
}

/// The end of an intake, as the counter sends it.
#[derive(Debug, Clone)]
pub struct AtCounter {
    /// How it ends.
    pub ending: Ending,
    /// What was typed. Ticked `ask` fields name components to ask for; `reason` says why.
    pub typed: Typed,
    /// The draft that this replaces.
    pub draft: Option<DraftId>,
    /// The form's one-time key.
    pub key: OnceKey,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The dossier.
    pub dossier: DossierId,
    /// Its number, when it was received.
    pub code: Option<DossierCode>,
}

impl From<Appended> for Filed {
    fn from(appended: Appended) -> Self {
        Self {
            dossier: appended.dossier,
            code: appended.code,
        }
    }
}

/// Ends an intake. The same key gives the same dossier, however often it is sent.
///
/// # Errors
/// All four kinds of [`No`] but stale: the dossier is new.
pub async fn receive(app: &App, actor: &Actor, input: AtCounter) -> Result<Filed, No> {
    let key = once(actor, kind(input.ending), "", &input.key);
    let input = AtCounter { key, ..input };
    match tried(app, actor, &input).await {
        Ok(appended) => Ok(Filed::from(appended)),
        // Nearly every request comes once; only one that fails is looked up.
        Err(no) => match app.store().answered(&input.key).await? {
            Some(first) => Ok(Filed::from(first)),
            None => Err(no),
        },
    }
}

/// How often an intake is tried when the record of one of its persons changed in between.
const TRIES: u8 = 3;

async fn tried(app: &App, actor: &Actor, input: &AtCounter) -> Result<Appended, No> {
    for _ in 1..TRIES {
        match file(app, actor, input).await {
            Err(no) if no.is_party_changed() => {}
            done => return done,
        }
    }
    file(app, actor, input).await
}

async fn file(app: &App, actor: &Actor, input: &AtCounter) -> Result<Appended, No> {
    let now = app.clock().now();
    let sitting = Sitting::of(app, actor, input).await?;
    let permit = may_file(actor, kind(input.ending), &sitting.unit)?;
    let (filed, versions, persons) = understood(app, input, &sitting, now).await?;
    let dossier = app.ids().dossier(now);
    let (receiving, competent) = (app.unit(&filed.receiving), app.unit(&filed.competent));
    let (commands, texts) = commands(app, input, filed.clone(), &dossier)?;
    let world = World {
        now,
        by: permit.by().clone(),
        for_whom: permit.for_whom().cloned(),
        procedure: versions.procedure,
        process: versions.process,
        settings: app.settings(),
        receiving,
        competent,
    };
    let decided = world.decide(&Dossier::Absent, &commands, 0)?;
    // After the law: what is lacking is not counted.
    if matches!(input.ending, Ending::Receive | Ending::Submit) {
        counted(&world.procedure, &filed, &input.typed)?;
    }
    let batch = Batch {
        messages: messages_of(&dossier, 0, &decided),
        events: events(
            input.ending,
            &world,
            commands,
            (decided, dossier_sequence(&sitting.unit, now)),
        ),
        texts,
        audit: audit_with(&permit, "dossier.filed", &dossier, &persons.changed),
        parties: persons.rows,
        drop_draft: input.draft.clone().map(String::from),
        names: Some(Names {
            procedure_name: world.procedure.name.clone(),
            field: world.procedure.field.clone(),
            owner_name: persons.owner_name,
        }),
        ..batch(&dossier, &permit, &world, input.key.clone())
    };
    let appended = match app.store().append(batch).await {
        Ok(appended) | Err(AppendError::Repeated(appended)) => appended,
        Err(error) => return Err(No::of_append(error)),
    };
    app.announce();
    Ok(appended)
}

fn batch(dossier: &DossierId, permit: &Permit, world: &World, key: OnceKey) -> Batch {
    Batch {
        dossier: dossier.clone(),
        expected: 0,
        head: String::new(),
        before: Dossier::Absent,
        events: NewEvents::Ready(Vec::new()),
        actor: permit.by().to_string(),
        behalf: permit.for_whom().map(StaffId::to_string),
        now: world.now,
        messages: Vec::new(),
        audit: Vec::new(),
        once: Some(key),
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: std::sync::Arc::clone(&world.process),
    }
}

fn kind(ending: Ending) -> CommandKind {
    match ending {
        Ending::Submit => CommandKind::Submit,
        Ending::Receive => CommandKind::Receive,
        Ending::AskSupplement => CommandKind::AskSupplement,
        Ending::Decline => CommandKind::Decline,
    }
}

type Prepared = (Vec<Command>, Vec<store::NewText>);

fn commands(
    app: &App,
    input: &AtCounter,
    filed: domain::dossier::Filed,
    dossier: &DossierId,
) -> Result<Prepared, No> {
    let (reason, texts) = text(app, dossier, input.typed.get("reason"));
    match input.ending {
        Ending::Submit => Ok((vec![Command::Submit(filed)], Vec::new())),
        Ending::Receive => Ok((vec![Command::Receive(filed)], Vec::new())),
        Ending::AskSupplement => {
            let components = asked(&input.typed);
            let commands = vec![
                Command::Submit(filed),
                Command::AskSupplement { components, reason },
            ];
            Ok((commands, texts))
        }
        Ending::Decline if reason.is_none() => {
            Err(No::Invalid(vec![Fault::new("reason", "fault.reason")]))
        }
        Ending::Decline => Ok((
            vec![Command::Submit(filed), Command::Decline { reason }],
            texts,
        )),
    }
}

/// Components ticked to be asked for: repeated fields `ask`.
pub fn asked(typed: &Typed) -> Vec<u16> {
    typed
        .all("ask")
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Only a reception takes a number, and takes it inside the write.
fn events(
    ending: Ending,
    world: &World,
    commands: Vec<Command>,
    (decided, sequence): (Vec<Event>, String),
) -> NewEvents {
    let world = world.clone();
    match ending {
        Ending::Receive => NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| world.decide(&Dossier::Absent, &commands, number)),
        },
        Ending::Submit | Ending::AskSupplement | Ending::Decline => NewEvents::Ready(decided),
    }
}

#[cfg(test)]
mod tests;

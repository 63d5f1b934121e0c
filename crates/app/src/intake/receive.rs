//! A clerk ends an intake: receives, asks for a supplement, or declines.

use domain::dossier::{Book, Command, CommandKind, Dossier, Event};
use domain::ids::{DossierCode, DossierId, DraftId, StaffId, UnitId};
use jiff::civil::DateTime;
use store::{AppendError, Appended, Batch, Names, NewEvents, OnceKey};

use crate::access::{Actor, Permit, may_file};
use crate::facts::World;
use crate::forms::Typed;
use crate::jobs::messages_of;
use crate::no::{Fault, No};
use crate::processing::{NewScan, corrected, dossier_sequence, once, text};
use crate::state::App;
use crate::verification::put_on_file;

use super::certified::counted;
use super::filing::audit_with;
use super::lookups::noted;
use super::reuse::use_lines;
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
    /// What was typed. Ticked `ask` fields name components to ask for, `w1`, `w2`, … say what is wrong
    /// in those that are there; `reason` says why.
    pub typed: Typed,
    /// Scans of components.
    pub scans: Vec<NewScan>,
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
    match tried(app, actor, &input).await {
        Ok(appended) => Ok(Filed::from(appended)),
        // Nearly every request comes once; only one that fails is looked up.
        Err(no) => match app.store().answered(&key_of(actor, &input)).await? {
            Some(first) => Ok(Filed::from(first)),
            None => Err(no),
        },
    }
}

/// The one-time key as the log keeps it.
fn key_of(actor: &Actor, input: &AtCounter) -> OnceKey {
    once(actor, kind(input.ending), "", &input.key)
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
        listed: false,
    };
    let decided = world.judged(&Dossier::Absent, &commands)?;
    // After the law: what is lacking is not counted.
    if matches!(input.ending, Ending::Receive | Ending::Submit) {
        counted(&world.procedure, &filed, &input.typed)?;
    }
    for scan in &input.scans {
        put_on_file(app, scan.content.clone()).await?;
    }
    let mut audit = audit_with(&permit, "dossier.filed", &dossier, &persons.changed);
    audit.extend(use_lines(&permit, &input.typed, (&filed.owner, &dossier)));
    let batch = Batch {
        messages: messages_of(&dossier, 0, &decided),
        events: events(
            &world,
            commands,
            (decided, sequence(input.ending, &sitting.unit, now)),
        ),
        texts,
        audit,
        parties: persons.rows,
        drop_draft: input.draft.clone().map(String::from),
        names: Some(Names {
            procedure_name: world.procedure.name.clone(),
            field: world.procedure.field.clone(),
            owner_name: persons.owner_name,
        }),
        ..batch(&dossier, &permit, &world, key_of(actor, input))
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
    mut filed: domain::dossier::Filed,
    dossier: &DossierId,
) -> Result<Prepared, No> {
    let mut texts = noted(app, dossier, (&mut filed.lookups, &input.typed))?;
    if matches!(input.ending, Ending::Receive) {
        return Ok((vec![Command::Receive(filed)], texts));
    }
    let mut commands = vec![Command::Submit(filed)];
    let (reason, why) = text(app, dossier, input.typed.get("reason"));
    match input.ending {
        Ending::Submit | Ending::Receive => {}
        Ending::AskSupplement => {
            let (corrections, wrong) = corrected(app, dossier, &wrongs(&input.typed))?;
            texts.extend(why.into_iter().chain(wrong));
            commands.push(Command::AskSupplement {
                components: asked(&input.typed),
                corrections,
                reason,
            });
        }
        Ending::Decline if reason.is_none() => {
            return Err(No::Invalid(vec![Fault::new("reason", "fault.reason")]));
        }
        Ending::Decline => {
            texts.extend(why);
            commands.push(Command::Decline { reason });
        }
    }
    Ok((commands, texts))
}

/// Components ticked to be asked for: repeated fields `ask`.
pub fn asked(typed: &Typed) -> Vec<u16> {
    typed
        .all("ask")
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// What is wrong in components that are there: fields `w1`, `w2`, … with words.
pub fn wrongs(typed: &Typed) -> Vec<(u16, String)> {
    let field = |(name, value): (&str, &str)| {
        let number = name.strip_prefix('w')?.parse().ok()?;
        (!value.trim().is_empty()).then(|| (number, value.to_owned()))
    };
    typed.iter().filter_map(field).collect()
}

/// The register that numbers what the ending makes: a dossier, or a slip of the centre's books.
fn sequence(ending: Ending, unit: &UnitId, now: DateTime) -> Option<String> {
    match ending {
        Ending::Submit => None,
        Ending::Receive => Some(dossier_sequence(unit, now)),
        Ending::AskSupplement => Some(Book::Requests.sequence(unit, now.year())),
        Ending::Decline => Some(Book::Refusals.sequence(unit, now.year())),
    }
}

/// A number is taken inside the write.
fn events(
    world: &World,
    commands: Vec<Command>,
    (decided, sequence): (Vec<Event>, Option<String>),
) -> NewEvents {
    let world = world.clone();
    match sequence {
        Some(sequence) => NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| world.decide(&Dossier::Absent, &commands, number)),
        },
        None => NewEvents::Ready(decided),
    }
}

#[cfg(test)]
mod tests;

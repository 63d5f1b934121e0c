//! The use case of every move: load, permit, judge, append, announce.

use domain::dossier::{
    Asking, Command, Dossier, Event, ObligationNotice, Proof, Receiver, Refusal,
};
use domain::ids::{DossierId, PartyId, StaffId, TextId};
use domain::office::Role;
use store::{
    AppendError, Appended, Batch, Loaded, Meanwhile, NewEvents, NewText, OnceKey, PartyRow,
};

use crate::access::{Actor, Permit, Resource, may_act};
use crate::facts::World;
use crate::intake::{LONGEST_WORDS, audit_with, person};
use crate::jobs::{letter, messages_of};
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::order::{Collector, Order};
use super::{dossier_sequence, once, result_sequence, text};

/// An order as it was given.
#[derive(Debug, Clone)]
pub struct Act {
    /// To which dossier.
    pub dossier: DossierId,
    /// The version that the person was looking at.
    pub version: u32,
    /// The form's one-time key.
    pub key: OnceKey,
    /// What is ordered.
    pub order: Order,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// The dossier.
    pub dossier: DossierId,
    /// Its version now.
    pub version: u32,
}

impl From<Appended> for Acted {
    fn from(appended: Appended) -> Self {
        Self {
            dossier: appended.dossier,
            version: appended.version,
        }
    }
}

/// How often an order is tried when only a slip came in between.
pub(super) const TRIES: u8 = 3;

/// Carries out an order. The same key has its effect once.
///
/// # Errors
/// All kinds of [`No`]; a stale one names who was faster.
pub async fn act(app: &App, actor: &Actor, input: Act) -> Result<Acted, No> {
    let key = once(
        actor,
        input.order.kind(),
        input.dossier.as_str(),
        &input.key,
    );
    let input = Act { key, ..input };
    match tried(app, actor, &input).await {
        // Nearly every request comes once; only one that fails is looked up.
        Err(no) => match app.store().answered(&input.key).await? {
            Some(first) => Ok(first.into()),
            None => named(app, Err(no)).await,
        },
        done => done,
    }
}

async fn tried(app: &App, actor: &Actor, input: &Act) -> Result<Acted, No> {
    for _ in 1..TRIES {
        match attempt(app, actor, input).await {
            // The worker recorded a paper meanwhile: nothing that a person decided on has changed.
            Err(No::Stale(meanwhile)) if Event::is_paper_kind(&meanwhile.kind) => {}
            done => return done,
        }
    }
    attempt(app, actor, input).await
}

/// Puts the name of whoever was faster in place of her identifier.
async fn named(app: &App, done: Result<Acted, No>) -> Result<Acted, No> {
    let Err(No::Stale(mut meanwhile)) = done else {
        return done;
    };
    if let Ok(id) = StaffId::parse(&meanwhile.by) {
        let found = app.store().staff(&[id]).await?.pop();
        meanwhile.by = found.map(|member| member.name).unwrap_or_default();
    }
    Err(No::Stale(meanwhile))
}

async fn attempt(app: &App, actor: &Actor, input: &Act) -> Result<Acted, No> {
    let loaded = app.store().load(&input.dossier).await?;
    let (world, permit) = world_of(app, actor, input, &loaded).await?;
    judge_seen(input.version, &loaded)?;
    let prepared = prepare(app, &world, &loaded, input.order.clone()).await?;
    // Judged once here, so that a refusal opens no transaction; numbered commands again inside it.
    let decided = world.decide(&loaded.dossier, &prepared.commands, 0)?;
    let batch = Batch {
        dossier: input.dossier.clone(),
        expected: loaded.version,
        head: loaded.head.clone(),
        messages: messages_of(&input.dossier, &decided),
        events: prepared.events(&world, &loaded.dossier, decided),
        before: loaded.dossier,
        actor: permit.by().to_string(),
        now: world.now,
        audit: audit_with(&permit, "dossier.moved", &input.dossier, &prepared.changed),
        once: Some(input.key.clone()),
        texts: prepared.texts,
        parties: prepared.parties,
        drop_draft: None,
        names: None,
        process: std::sync::Arc::clone(&world.process),
    };
    let announce = !batch.messages.is_empty();
    match app.store().append(batch).await {
        Ok(appended) | Err(AppendError::Repeated(appended)) => {
            if announce {
                app.announce();
            }
            Ok(appended.into())
        }
        Err(error) => Err(No::of_append(error)),
    }
}

async fn world_of(
    app: &App,
    actor: &Actor,
    input: &Act,
    loaded: &Loaded,
) -> Result<(World, Permit), No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_act(actor, input.order.kind(), &resource)?;
    // Events of one dossier never go back in time, whatever the machines' clocks say.
    let last = loaded.events.last().map(|recorded| recorded.event.at());
    let now = app.clock().now();
    let world = World {
        now: last.map_or(now, |last| last.max(now)),
        by: permit.by().clone(),
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process,
        settings: app.settings(),
        receiving: app.unit(&filed.receiving),
        competent: app.unit(&filed.competent),
    };
    Ok((world, permit))
}

/// Stale when somebody moved the dossier since the person looked. Slips made meanwhile change
/// nothing that a person decided on.
pub(super) fn judge_seen(version: u32, loaded: &Loaded) -> Result<(), No> {
    if version > loaded.version {
        return Err(No::Invalid(vec![Fault::new("version", "fault.version")]));
    }
    let mut since = loaded
        .events
        .iter()
        .filter(|recorded| recorded.version > version);
    let moved = since.rfind(|recorded| !recorded.event.is_paper());
    match moved {
        None => Ok(()),
        Some(recorded) => Err(No::Stale(Box::new(Meanwhile {
            by: recorded.actor.clone(),
            at: recorded.event.at(),
            kind: recorded.event.kind().to_owned(),
        }))),
    }
}

struct Prepared {
    commands: Vec<Command>,
    texts: Vec<NewText>,
    parties: Vec<PartyRow>,
    /// Whose record was there and changes.
    changed: Vec<PartyId>,
    sequence: Option<String>,
}

impl Prepared {
    fn of(command: Command) -> Self {
        Self {
            commands: vec![command],
            texts: Vec::new(),
            parties: Vec::new(),
            changed: Vec::new(),
            sequence: None,
        }
    }

    fn events(&self, world: &World, before: &Dossier, decided: Vec<Event>) -> NewEvents {
        let Some(sequence) = self.sequence.clone() else {
            return NewEvents::Ready(decided);
        };
        let (world, before, commands) = (world.clone(), before.clone(), self.commands.clone());
        NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| world.decide(&before, &commands, number)),
        }
    }
}

/// Turns texts, files and persons into references.
async fn prepare(app: &App, world: &World, loaded: &Loaded, order: Order) -> Result<Prepared, No> {
    let texted = |field, typed: &str| capped(app, &loaded.id, (field, typed));
    Ok(match order {
        Order::Accept => numbered(Command::Accept, loaded, world),
        Order::Issue => numbered(Command::Issue, loaded, world),
        Order::DraftSupplement {
            components,
            reason,
            basis,
        } => drafted(
            texted("reason", &reason)?,
            texted("basis", &basis)?,
            components,
        ),
        Order::DiscardSupplement { reason } => said(texted("reason", &reason)?, |reason| {
            Command::DiscardSupplement { reason }
        }),
        Order::AskSupplement { components, reason } => said(texted("reason", &reason)?, |reason| {
            Command::AskSupplement { components, reason }
        }),
        Order::Supply { handed } => Prepared::of(Command::Supply { handed }),
        Order::Decline { reason } => said(texted("reason", &reason)?, |reason| Command::Decline {
            reason,
        }),
        Order::SendBack { reason } => said(texted("reason", &reason)?, |reason| {
            Command::SendBack { reason }
        }),
        Order::NoticeObligation { notice, amount } => said(texted("notice", &notice)?, |text| {
            Command::NoticeObligation(ObligationNotice {
                text,
                amount,
                document: None,
            })
        }),
        Order::DraftResult { outcome, summary } => {
            let (id, texts) = texted("summary", &summary)?;
            let document = match id {
                Some(_) => Some(letter(app, world, loaded, (outcome, &summary)).await?),
                None => None,
            };
            let command = Command::DraftResult {
                outcome,
                document,
                summary: id,
            };
            Prepared {
                texts,
                ..Prepared::of(command)
            }
        }
        Order::HandOver => Prepared::of(Command::HandOver),
        Order::Assign { to } => assigned(app, world, loaded, to).await?,
        Order::Forward => Prepared::of(Command::Forward),
        Order::MeetObligation { proof } => said(texted("proof", &proof)?, |proof| {
            let proof = proof.map(|text| Proof::Note { text });
            Command::MeetObligation { proof }
        }),
        Order::CloseUnanswered => Prepared::of(Command::CloseUnanswered),
        Order::Return { collector } => returned(app, world, collector).await?,
        Order::Withdraw { request } => withdrawn(app, request).await?,
    })
}

/// A text as a reference, and its record where there is one.
type Said = (Option<TextId>, Vec<NewText>);

/// A command with a text.
fn said((text, texts): Said, command: impl FnOnce(Option<TextId>) -> Command) -> Prepared {
    Prepared {
        texts,
        ..Prepared::of(command(text))
    }
}

/// The draft of a request to supplement.
fn drafted((reason, texts): Said, (basis, more): Said, components: Vec<u16>) -> Prepared {
    let asking = Asking {
        components,
        corrections: Vec::new(),
        reason,
        basis,
    };
    Prepared {
        texts: texts.into_iter().chain(more).collect(),
        ..Prepared::of(Command::DraftSupplement(asking))
    }
}

/// A typed text as a reference and its record, if it is not longer than papers have room for.
fn capped(
    app: &App,
    dossier: &DossierId,
    (field, typed): (&'static str, &str),
) -> Result<Said, No> {
    if typed.chars().count() > LONGEST_WORDS {
        let fault = Fault::new(field, "fault.long").with("most", &LONGEST_WORDS);
        return Err(No::Invalid(vec![fault]));
    }
    Ok(text(app, dossier, typed))
}

/// A step is given to somebody who holds its role there today; a colleague may take what nobody
/// holds, and only a leader takes it from somebody (NĐ 61/2018 Điều 19.1).
async fn assigned(app: &App, world: &World, loaded: &Loaded, to: StaffId) -> Result<Prepared, No> {
    let resource = Resource::of(&loaded.dossier, &world.process);
    let step = resource
        .as_ref()
        .and_then(|resource| resource.step.as_ref());
    let (role, unit) = step.ok_or(Denied::Seen)?;
    let (now, store) = (world.now.date(), app.store());
    let fits = store.staff_of(unit, Some(*role), now).await?;
    if !fits.iter().any(|found| found.post.staff == to) {
        return Err(No::Invalid(vec![Fault::new("to", "fault.colleague")]));
    }
    let holder = loaded.dossier.at_step().and_then(|at| at.holder.as_ref());
    if holder.is_some_and(|holder| *holder != world.by) {
        let competent = &resource.as_ref().ok_or(Denied::Seen)?.competent;
        let leaders = store.staff_of(competent, Some(Role::Leader), now).await?;
        if !leaders.iter().any(|found| found.post.staff == world.by) {
            return Err(Refusal::NotHolder.into());
        }
    }
    Ok(Prepared::of(Command::Assign { to }))
}

fn numbered(command: Command, loaded: &Loaded, world: &World) -> Prepared {
    let sequence = loaded.dossier.record().map(|record| match command {
        Command::Issue => result_sequence(&record.filed.competent, world.now),
        _ => dossier_sequence(&record.filed.receiving, world.now),
    });
    Prepared {
        sequence,
        ..Prepared::of(command)
    }
}

async fn returned(app: &App, world: &World, collector: Collector) -> Result<Prepared, No> {
    let receiver = match collector {
        Collector::Applicant => Receiver::Applicant,
        Collector::Post => Receiver::Post,
        Collector::Electronic => Receiver::Electronic,
        Collector::Authorised { party, shown, card } => {
            let recorded = person(app, &party, &card, world.now).await?;
            let (id, changed) = (recorded.row.id.clone(), recorded.changed());
            let receiver = Receiver::Authorised { party: id, shown };
            let prepared = Prepared::of(Command::Return { receiver });
            return Ok(Prepared {
                parties: recorded.written().collect(),
                changed: changed.into_iter().collect(),
                ..prepared
            });
        }
    };
    Ok(Prepared::of(Command::Return { receiver }))
}

async fn withdrawn(app: &App, request: Vec<u8>) -> Result<Prepared, No> {
    if request.is_empty() {
        return Ok(Prepared::of(Command::Withdraw { request: None }));
    }
    let known = [b"%PDF-".as_slice(), b"\x89PNG", b"\xff\xd8\xff"];
    if !known.iter().any(|magic| request.starts_with(magic)) {
        return Err(No::Invalid(vec![Fault::new("request", "fault.file_kind")]));
    }
    let (hash, _) = app.files().put(request).await?;
    Ok(Prepared::of(Command::Withdraw {
        request: Some(hash),
    }))
}

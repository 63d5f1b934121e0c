//! The use case of every move: load, permit, judge, append, announce.

use domain::dossier::{CommandKind, Dossier, Event, Record, Refusal};
use domain::ids::{DossierId, StaffId, UnitId};
use store::{AppendError, Appended, Batch, Loaded, Meanwhile, OnceKey, Recorded};

use crate::access::{Actor, Permit, Resource, lacks_signing, may_act, may_act_for};
use crate::facts::World;
use crate::intake::{audit_with, in_hand};
use crate::jobs::messages_of;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::correct::beside;
use super::offered::step_product;
use super::once;
use super::order::Order;
use super::prepare::prepare;

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
    match Box::pin(tried(app, actor, &input)).await {
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
        match Box::pin(attempt(app, actor, input)).await {
            // The worker recorded a paper meanwhile: nothing that a person decided on has changed.
            Err(No::Stale(meanwhile)) if Event::is_paper_kind(&meanwhile.kind) => {}
            Err(no) if no.is_party_changed() => {}
            done => return done,
        }
    }
    Box::pin(attempt(app, actor, input)).await
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
    let permitted = world_of(app, actor, asked(&input.order, &loaded), &loaded).await;
    let denied = matches!(permitted, Err(No::Denied(Denied::Seen)));
    // Who was allowed to when she looked learns what happened since, not that it is no work of hers.
    if denied && was_allowed(app, actor, input, &loaded).await? {
        judge_seen(input.version, &loaded)?;
    }
    let (world, permit) = permitted?;
    judge_seen(input.version, &loaded)?;
    let mut prepared = prepare(app, &world, &loaded, input.order.clone()).await?;
    // Judged once here, so that a refusal opens no transaction; numbered commands again inside it.
    let decided = prepared.decided(app, &world, &loaded).await?;
    let done = (prepared.commands.as_slice(), decided.as_slice());
    let other = beside(app, (&world, &permit), &loaded, done).await?;
    let batch = Batch {
        dossier: input.dossier.clone(),
        expected: loaded.version,
        head: loaded.head.clone(),
        messages: messages_of(&input.dossier, loaded.version, &decided),
        events: prepared.events(&world, &loaded.dossier, decided),
        before: loaded.dossier,
        actor: permit.by().to_string(),
        behalf: permit.for_whom().map(StaffId::to_string),
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
    match Box::pin(written(app, batch, other)).await {
        Ok(appended) | Err(AppendError::Repeated(appended)) => {
            if announce {
                app.announce();
            }
            Ok(appended.into())
        }
        Err(error) => Err(No::of_append(error)),
    }
}

/// The world in which the actor would give the command, and the dossier, when she may and nothing has
/// moved since the version that she saw.
///
/// # Errors
/// [`No::Denied`], [`No::Stale`], [`No::Broken`].
pub(crate) async fn world_for(
    app: &App,
    actor: &Actor,
    (dossier, version): (&DossierId, Option<u32>),
    command: CommandKind,
) -> Result<(World, Loaded), No> {
    let loaded = app.store().load(dossier).await?;
    let (world, _) = world_of(app, actor, (command, None), &loaded).await?;
    if let Some(version) = version {
        judge_seen(version, &loaded)?;
    }
    Ok((world, loaded))
}

/// Whether the actor might have given the order to the dossier as she saw it.
async fn was_allowed(app: &App, actor: &Actor, input: &Act, loaded: &Loaded) -> Result<bool, No> {
    let seen = |recorded: &&Recorded| recorded.version <= input.version;
    let events = loaded.events.iter().take_while(seen);
    let was = Loaded {
        dossier: events
            .map(|recorded| &recorded.event)
            .fold(Dossier::Absent, Dossier::evolve),
        ..loaded.clone()
    };
    match world_of(app, actor, asked(&input.order, &was), &was).await {
        Ok(_) => Ok(true),
        Err(No::Broken(cause)) => Err(No::Broken(cause)),
        Err(_) => Ok(false),
    }
}

/// Writes what the order changes, and what it changes in another dossier, together.
async fn written(app: &App, batch: Batch, other: Option<Batch>) -> Result<Appended, AppendError> {
    let Some(other) = other else {
        return app.store().append(batch).await;
    };
    let done = app.store().append_together(vec![batch, other]).await?;
    let first = done.into_iter().next();
    Ok(first.expect("two batches have two answers"))
}

/// The command that an order comes to, and the agency whose task it is about.
fn asked<'d>(order: &Order, loaded: &'d Loaded) -> (CommandKind, Option<&'d UnitId>) {
    (order.kind(), order.task_of(&loaded.dossier))
}

async fn world_of(
    app: &App,
    actor: &Actor,
    (command, agency): (CommandKind, Option<&UnitId>),
    loaded: &Loaded,
) -> Result<(World, Permit), No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let resource = match command {
        CommandKind::Scan => in_hand(app, actor, resource.passed_on(app)).await?,
        _ => resource.passed_on(app),
    };
    let permit = match agency {
        Some(agency) => may_act_for(actor, command, &resource, &app.heir(agency))?,
        None => may_act(actor, command, &resource)?,
    };
    let product = step_product(&loaded.dossier, &process);
    if lacks_signing(actor, &permit, (command, product), &resource) {
        return Err(Refusal::SigningNotDelegated.into());
    }
    // Events of one dossier never go back in time, whatever the machines' clocks say.
    let last = loaded.events.last().map(|recorded| recorded.event.at());
    let now = app.clock().now();
    let world = World {
        now: last.map_or(now, |last| last.max(now)),
        by: permit.by().clone(),
        for_whom: permit.for_whom().cloned(),
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process,
        settings: app.settings(),
        // Whoever took an agency's work over answers for it, its errors included.
        receiving: app.answering(&filed.receiving),
        competent: app.answering(&filed.competent),
        listed: is_listed(app, loaded).await?,
    };
    Ok((world, permit))
}

/// Whether the post brought it, or a supplement to it, on a record that the centre has still to sign.
async fn is_listed(app: &App, loaded: &Loaded) -> Result<bool, No> {
    let by_post = |record: &Record| record.filed.agent.is_some();
    if loaded.dossier.record().is_some_and(by_post) {
        Ok(app.store().is_on_post_record(&loaded.id).await?)
    } else {
        Ok(false)
    }
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

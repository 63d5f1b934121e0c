//! The joint record with which the post hands over what it filed (QĐ 45/2016/QĐ-TTg Điều 7): the agent
//! lists, the clerk of the centre counts and signs, and the signature is the legal time of submission.

use std::sync::Arc;

use domain::dossier::{Command, CommandKind, Dossier};
use domain::ids::{DossierId, StaffId, UnitId};
use jiff::civil::DateTime;
use store::{AuditLine, Batch, Loaded, NewEvents, NewPostRecord, PostRecordRow};

pub use store::PostLine;

use crate::access::{Actor, Desk, RECEIVING, Resource, may_act};
use crate::clock::local_time;
use crate::facts::World;
use crate::jobs::messages_of;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// Dossiers that one record lists at most, and records that the page lists.
const MOST: u32 = 100;
/// Bytes of a record's identifier.
const ID: usize = 16;

/// A record with what it lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Who hands over.
    pub agent: String,
    /// When it was made.
    pub made_at: DateTime,
    /// When it was signed.
    pub signed_at: Option<DateTime>,
    /// What it lists.
    pub lines: Vec<PostLine>,
}

/// What an agent or a clerk sees of the records of a centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// Whether the actor hands over; otherwise she takes over.
    pub agent: bool,
    /// What the agent filed and has on no record yet.
    pub unhanded: Vec<PostLine>,
    /// Records, those to be signed first.
    pub records: Vec<RecordView>,
}

/// Where the actor hands over, or takes over.
fn place(actor: &Actor) -> Result<(&UnitId, bool), Denied> {
    match actor.desk() {
        Some((unit, Desk::Post)) => Ok((unit, true)),
        Some((unit, Desk::Counter)) => Ok((unit, false)),
        Some((_, Desk::Help)) | None => Err(Denied::Seen),
    }
}

/// The records of the actor's centre; an agent of the post sees her own.
///
/// # Errors
/// [`No::Denied`] for whoever neither hands nor takes over; [`No::Broken`].
pub async fn post_records(app: &App, actor: &Actor) -> Result<RecordPage, No> {
    let (unit, agent) = place(actor)?;
    let own = agent.then_some(&actor.staff);
    let mut records = Vec::new();
    for row in app.store().post_records(unit, own, MOST).await? {
        records.push(view(app, row).await?);
    }
    let unhanded = if agent {
        app.store().unhanded(unit, &actor.staff, MOST).await?
    } else {
        Vec::new()
    };
    Ok(RecordPage {
        agent,
        unhanded,
        records,
    })
}

async fn view(app: &App, row: PostRecordRow) -> Result<RecordView, No> {
    Ok(RecordView {
        lines: app.store().post_lines(&row.id).await?,
        made_at: local_time(row.made_at),
        signed_at: row.signed_at.map(local_time),
        id: row.id,
        number: row.number,
        agent: row.agent_name,
    })
}

/// Makes a record of dossiers that the agent filed herself; says its identifier.
///
/// # Errors
/// [`No::Denied`] for whoever is no agent of the post; [`No::Invalid`] when nothing was chosen, or
/// what she did not file or handed over before; [`No::Broken`].
pub async fn make_post_record(
    app: &App,
    actor: &Actor,
    dossiers: Vec<DossierId>,
) -> Result<String, No> {
    let (unit, true) = place(actor)? else {
        return Err(Denied::Seen.into());
    };
    let fault = |key| No::Invalid(vec![Fault::new("ho-so", key)]);
    if dossiers.is_empty() {
        return Err(fault("fault.post_none"));
    }
    let own = app.store().unhanded(unit, &actor.staff, MOST).await?;
    let hers = |dossier: &DossierId| own.iter().any(|line| line.id == dossier.as_str());
    if !dossiers.iter().all(hers) {
        return Err(fault("fault.post_not_own"));
    }
    let id = hex::encode(app.ids().bytes::<ID>());
    let new = NewPostRecord {
        id: id.clone(),
        unit: unit.clone(),
        agent: actor.staff.clone(),
        dossiers,
    };
    let when = (app.clock().now(), audited(actor, "post_record.made", &id));
    if app.store().add_post_record(new, when).await? {
        Ok(id)
    } else {
        Err(fault("fault.post_not_own"))
    }
}

fn audited(actor: &Actor, action: &str, record: &str) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: record.to_owned(),
        purpose: "QĐ 45/2016/QĐ-TTg".to_owned(),
        detail: String::new(),
    }
}

/// The record, for who made it or the centre that takes over; whether the actor made it.
async fn found(app: &App, actor: &Actor, id: &str) -> Result<(PostRecordRow, bool), No> {
    let (unit, agent) = place(actor)?;
    let row = app.store().post_record(id).await?.ok_or(Denied::Unseen)?;
    let sees = row.unit == unit.as_str() && (!agent || row.agent == actor.staff.as_str());
    if sees {
        Ok((row, agent))
    } else {
        Err(Denied::Unseen.into())
    }
}

/// Takes back a record that nobody has signed yet, by the agent who made it.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] when it is signed; [`No::Broken`].
pub async fn take_back_post_record(app: &App, actor: &Actor, id: &str) -> Result<(), No> {
    let (row, true) = found(app, actor, id).await? else {
        return Err(Denied::Seen.into());
    };
    let when = (
        app.clock().now(),
        audited(actor, "post_record.taken_back", id),
    );
    if app.store().drop_post_record(&row.id, when).await? {
        Ok(())
    } else {
        Err(No::Invalid(vec![Fault::new("id", "fault.post_signed")]))
    }
}

/// Signs a record: every dossier on it that still waits is submitted by the law from now on, all of
/// them in one write. Whoever is killed between that and the mark on the record, or signs twice, signs
/// no dossier twice. Says the record's number.
///
/// # Errors
/// [`No::Denied`] for whoever takes nothing over there; [`No::Refused`]; [`No::Stale`] when a dossier
/// moved meanwhile; [`No::Broken`].
pub async fn sign_post_record(app: &App, actor: &Actor, id: &str) -> Result<String, No> {
    let (row, false) = found(app, actor, id).await? else {
        return Err(Denied::Seen.into());
    };
    if row.signed_at.is_some() {
        return Ok(row.number);
    }
    let now = app.clock().now();
    let mut batches = Vec::new();
    for line in app.store().post_lines(&row.id).await? {
        let loaded = app.store().load(&line.dossier()?).await?;
        // What was received or declined before needs no record any more.
        if waits(&loaded.dossier) {
            batches.push(batch(app, actor, loaded, &row).await?);
        }
    }
    let written = app.store().append_together(batches).await;
    written.map_err(No::of_append)?;
    app.store()
        .sign_post_record(&row.id, &actor.staff, now)
        .await?;
    app.announce();
    Ok(row.number)
}

fn waits(dossier: &Dossier) -> bool {
    matches!(dossier, Dossier::Submitted(record) if record.course.post.is_none())
}

async fn batch(app: &App, actor: &Actor, loaded: Loaded, row: &PostRecordRow) -> Result<Batch, No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_act(actor, CommandKind::HandByPost, &resource)?;
    let from = StaffId::parse(&row.agent).map_err(|fault| No::Broken(Box::new(fault)))?;
    let world = World {
        now: app.clock().now(),
        by: permit.by().clone(),
        for_whom: permit.for_whom().cloned(),
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process: Arc::clone(&process),
        settings: app.settings(),
        receiving: app.unit(&filed.receiving),
        competent: app.unit(&filed.competent),
    };
    let command = Command::HandByPost {
        record: row.number.clone(),
        from,
    };
    let events = world.decide(&loaded.dossier, &[command], 0)?;
    let line = AuditLine {
        detail: row.number.clone(),
        ..audited(actor, "dossier.handed_by_post", loaded.id.as_str())
    };
    Ok(Batch {
        messages: messages_of(&loaded.id, loaded.version, &events),
        dossier: loaded.id,
        expected: loaded.version,
        head: loaded.head,
        before: loaded.dossier,
        events: NewEvents::Ready(events),
        actor: actor.staff.to_string(),
        behalf: world.for_whom.map(String::from),
        now: world.now,
        audit: vec![line],
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process,
    })
}

/// Whether the actor hands or takes over what the post filed.
pub fn sees_post_records(actor: &Actor) -> bool {
    place(actor).is_ok_and(|(unit, agent)| agent || actor.holds_any(&RECEIVING, unit))
}

#[cfg(test)]
mod tests;

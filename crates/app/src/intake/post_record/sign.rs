//! The signature of a record: one write, one moment, all of it or nothing.

use std::sync::Arc;

use domain::dossier::{ByPost, Command, CommandKind, Dossier};
use domain::ids::StaffId;
use jiff::civil::DateTime;
use store::{
    AuditLine, Batch, Loaded, NewEvents, PostLine, PostRecordRow, PostSigned, PostSigning,
};

use crate::access::{Actor, Resource, may_act};
use crate::facts::World;
use crate::jobs::{messages_of, post_slip_number};
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::{audited, found};

/// Signs a record: everything on it that still waits is submitted by the law at that moment, and the
/// record is marked in the same write. What waits no more is struck in it, so that the record says
/// nothing was handed over that was not. Who signs again signs nothing twice. Says the record's number.
///
/// # Errors
/// [`No::Denied`] for whoever takes nothing over there, and when the record was taken back meanwhile;
/// [`No::Invalid`] with the slip of what the law refuses; [`No::Stale`] when dossiers move again and
/// again meanwhile; [`No::Broken`].
pub async fn sign_post_record(app: &App, actor: &Actor, id: &str) -> Result<String, No> {
    let (row, false) = found(app, actor, id).await? else {
        return Err(Denied::Seen.into());
    };
    if row.signed_at.is_some() {
        return Ok(row.number);
    }
    for _ in 1..TRIES {
        match attempt(app, actor, &row).await {
            // A dossier went on meanwhile, mostly because the worker recorded a paper of it. What the
            // clerk counted and signs is what the post brought; the next attempt sees what waits.
            Err(No::Stale(_)) => {}
            done => return done,
        }
    }
    attempt(app, actor, &row).await
}

/// How often a record is signed when a dossier on it goes on in between.
const TRIES: u8 = 3;

async fn attempt(app: &App, actor: &Actor, row: &PostRecordRow) -> Result<String, No> {
    let (mut waiting, mut struck) = (Vec::new(), Vec::new());
    for line in app.store().post_lines(&row.id).await? {
        let loaded = app.store().load(&line.dossier()?).await?;
        // What was ended or brought to the counter needs no record any more.
        if waits(&loaded.dossier, &line) {
            waiting.push((line, loaded));
        } else {
            struck.push((loaded.id, u32::try_from(line.part).unwrap_or(u32::MAX)));
        }
    }
    let at = moment(app, &waiting);
    let mut batches = Vec::with_capacity(waiting.len());
    for (line, loaded) in waiting {
        let of = post_slip_number(&loaded.id);
        let batch = batch(app, actor, (loaded, line), (row, at)).await;
        batches.push(batch.map_err(|no| named(no, &of))?);
    }
    let signing = PostSigning {
        record: row.id.clone(),
        by: actor.staff.clone(),
        at,
        struck,
        audit: audited(actor, "post_record.signed", &row.id),
    };
    match app.store().sign_post_record(signing, batches).await {
        Ok(PostSigned::Done) => {
            app.announce();
            Ok(row.number.clone())
        }
        // Signed by a colleague, or taken back by the agent, in the same moment.
        Ok(PostSigned::NotOpen) => match app.store().post_record(&row.id).await? {
            Some(signed) => Ok(signed.number),
            None => Err(Denied::Unseen.into()),
        },
        Err(error) => Err(No::of_append(error)),
    }
}

/// Names the dossier that the law refuses by its slip, so that the agent takes it off the record.
fn named(no: No, slip: &str) -> No {
    match no {
        No::Refused(refused) => {
            let fault = Fault::new("id", "fault.post_line").with("slip", &slip);
            No::Invalid(vec![fault.with("rule", &refused.refusal.rule().id())])
        }
        other => other,
    }
}

/// The moment of the signature: now, and never before what happened to a dossier on the record.
fn moment(app: &App, waiting: &[(PostLine, Loaded)]) -> DateTime {
    let last = waiting
        .iter()
        .filter_map(|(_, loaded)| loaded.events.last());
    let latest = last.map(|recorded| recorded.event.at()).max();
    let now = app.clock().now();
    latest.map_or(now, |latest| latest.max(now))
}

/// Whether the line is still to be handed over.
fn waits(dossier: &Dossier, line: &PostLine) -> bool {
    match dossier {
        Dossier::Submitted(record) => line.part == 0 && record.course.posts.is_empty(),
        Dossier::Incomplete(record, _) | Dossier::Paused(record, ..) => {
            usize::try_from(line.part) == Ok(record.course.asked_at.len())
        }
        Dossier::Absent
        | Dossier::Declined(_)
        | Dossier::Received(..)
        | Dossier::Processing(..)
        | Dossier::Obliged(..)
        | Dossier::Withdrawn(_)
        | Dossier::Stopped(_)
        | Dossier::Settled(..)
        | Dossier::Returned(..) => false,
    }
}

async fn batch(
    app: &App,
    actor: &Actor,
    (loaded, line): (Loaded, PostLine),
    (row, at): (&PostRecordRow, DateTime),
) -> Result<Batch, No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let resource = resource.passed_on(app);
    let permit = may_act(actor, CommandKind::HandByPost, &resource)?;
    let from = StaffId::parse(&row.agent).map_err(|fault| No::Broken(Box::new(fault)))?;
    let world = World {
        now: at,
        by: permit.by().clone(),
        for_whom: permit.for_whom().cloned(),
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process: Arc::clone(&process),
        settings: app.settings(),
        receiving: app.answering(&filed.receiving),
        competent: app.answering(&filed.competent),
        listed: true,
    };
    let command = Command::HandByPost(ByPost {
        record: row.number.clone(),
        from,
        collected: line.collected(),
        handed: line.handed()?,
    });
    let events = world.judged(&loaded.dossier, &[command])?;
    let audit = AuditLine {
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
        audit: vec![audit],
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process,
    })
}

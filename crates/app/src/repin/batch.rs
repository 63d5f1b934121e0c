//! A batch of moves: ordered, followed, undone.

use std::collections::{BTreeMap, BTreeSet};

use domain::dossier::CommandKind;
use domain::ids::{DossierId, StaffId};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::{AuditLine, Audited, NewMessage, OnceKey};

use crate::access::Actor;
use crate::intake::LONGEST_WORDS;
use crate::no::{Denied, Fault, No};
use crate::processing::once;
use crate::state::App;

use super::job::{Job, MOVED, REFUSED, REPIN, To, sealed_for};
use super::{Plan, may_move, preview};

/// The audit line that orders a batch.
const ORDERED: &str = "repin.ordered";
/// The audit line on a batch that another takes back.
const UNDONE: &str = "repin.undone";
/// Under which subject all batches are found.
const ALL: &str = "repin";
/// Batches that are listed.
const LISTED: u32 = 20;

/// What the log says of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Ordered {
    procedure: String,
    /// Versions to come; none when it takes another batch back.
    to: Option<(u32, u32)>,
    undoes: Option<String>,
    dossiers: Vec<DossierId>,
}

/// What came of a dossier in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The worker has not come to it.
    Waiting,
    /// It moved.
    Moved {
        /// When.
        at: DateTime,
    },
    /// A rule keeps it where it is.
    Refused {
        /// The rule's id.
        rule: String,
    },
}

/// A batch as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its name.
    pub id: String,
    /// Code of the procedure.
    pub procedure: String,
    /// Versions of procedure and process to come; none when it takes another batch back.
    pub to: Option<(u32, u32)>,
    /// The batch that it takes back.
    pub undoes: Option<String>,
    /// The batch that takes it back.
    pub undone_by: Option<String>,
    /// Who ordered it, by name.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// Its dossiers, in the order of their ids.
    pub dossiers: Vec<(DossierId, Outcome)>,
}

impl Batch {
    /// Dossiers that moved.
    pub fn moved(&self) -> usize {
        let moved = |one: &&(DossierId, Outcome)| matches!(one.1, Outcome::Moved { .. });
        self.dossiers.iter().filter(moved).count()
    }

    /// Dossiers that the worker has not come to.
    pub fn waiting(&self) -> usize {
        let waits = |one: &&(DossierId, Outcome)| one.1 == Outcome::Waiting;
        self.dossiers.iter().filter(waits).count()
    }
}

/// A batch in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// Its name.
    pub id: String,
    /// When it was ordered.
    pub at: DateTime,
}

/// Orders the moves of the dossiers that the plan chooses, of `chosen` alone when any are named.
/// Gives the name of the batch; the same key orders once.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] without a reason, a version, or any dossier; [`No::Broken`].
pub async fn order(
    app: &App,
    actor: &Actor,
    (plan, chosen): (&Plan, &[DossierId]),
    (reason, key): (&str, &OnceKey),
) -> Result<String, No> {
    let previewed = preview(app, actor, plan).await?;
    let fits = previewed.lines.into_iter().filter(|line| {
        line.change.is_ok() && (chosen.is_empty() || chosen.contains(&line.dossier))
    });
    let id = String::from(once(actor, CommandKind::Repin, ALL, key));
    let ordered = Ordered {
        procedure: plan.procedure.to_string(),
        to: Some(previewed.to),
        undoes: None,
        dossiers: fits.map(|line| line.dossier).collect(),
    };
    let to = To::Versions {
        procedure: previewed.to.0,
        process: previewed.to.1,
        new_limit: plan.new_limit,
    };
    send(app, actor, (id, ordered), (reason, to)).await
}

/// Orders that everything that a batch moved is moved back. A batch is taken back once.
///
/// # Errors
/// As [`order`].
pub async fn undo(
    app: &App,
    actor: &Actor,
    id: &str,
    (reason, key): (&str, &OnceKey),
) -> Result<String, No> {
    let found = batch(app, actor, id).await?;
    if let Some(undone) = found.undone_by {
        return Ok(undone);
    }
    let moved = found.dossiers.into_iter();
    let moved = moved.filter(|(_, outcome)| matches!(outcome, Outcome::Moved { .. }));
    let back = String::from(once(actor, CommandKind::Repin, id, key));
    let ordered = Ordered {
        procedure: found.procedure,
        to: None,
        undoes: Some(id.to_owned()),
        dossiers: moved.map(|(dossier, _)| dossier).collect(),
    };
    send(app, actor, (back, ordered), (reason, To::Back)).await
}

async fn send(
    app: &App,
    actor: &Actor,
    (id, ordered): (String, Ordered),
    (reason, to): (&str, To),
) -> Result<String, No> {
    if !app.store().audited(&id).await?.is_empty() {
        return Ok(id);
    }
    judge(&ordered, reason)?;
    let sealed = app.keys().seal(&sealed_for(&id), &reason.trim());
    let message = |dossier: &DossierId| {
        let job = Job {
            batch: id.clone(),
            dossier: dossier.clone(),
            by: actor.staff.clone(),
            reason: hex::encode(&sealed),
            goal: to,
        };
        let body = serde_json::to_string(&job).expect("a message is plain data");
        (dossier.clone(), NewMessage { kind: REPIN, body })
    };
    let messages = ordered.dossiers.iter().map(message).collect();
    let line = |action: &str, subject: &str, detail: String| AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: ordered.procedure.clone(),
        detail,
    };
    let words = serde_json::to_string(&ordered).expect("an order is plain data");
    let mut audit = vec![line(ORDERED, &id, words), line(ORDERED, ALL, id.clone())];
    audit.extend(ordered.undoes.iter().map(|of| line(UNDONE, of, id.clone())));
    let now = app.clock().now();
    app.store().send_messages(now, messages, audit).await?;
    app.announce();
    Ok(id)
}

fn judge(ordered: &Ordered, reason: &str) -> Result<(), No> {
    let mut faults = Vec::new();
    if reason.trim().is_empty() {
        faults.push(Fault::new("reason", "fault.reason"));
    }
    if reason.chars().count() > LONGEST_WORDS {
        faults.push(Fault::new("reason", "fault.long").with("most", &LONGEST_WORDS));
    }
    if ordered.dossiers.is_empty() {
        faults.push(Fault::new("dossier", "fault.repin_none"));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(No::Invalid(faults))
    }
}

/// A batch as it stands.
///
/// # Errors
/// [`No::Denied`], also when it is another's and the actor does not answer for the province;
/// [`No::Broken`].
pub async fn batch(app: &App, actor: &Actor, id: &str) -> Result<Batch, No> {
    may_move(actor)?;
    let lines = app.store().audited(id).await?;
    let first = lines.iter().find(|one| one.line.action == ORDERED);
    let first = first.ok_or(Denied::Unseen)?;
    let own = first.line.actor == actor.staff.as_str();
    if id == ALL || !(own || actor.is(domain::office::Role::ProvinceController)) {
        return Err(Denied::Unseen.into());
    }
    let ordered: Ordered =
        serde_json::from_str(&first.line.detail).map_err(|fault| No::Broken(Box::new(fault)))?;
    let outcomes = outcomes(&lines);
    let outcome = |dossier: DossierId| {
        let found = outcomes.get(dossier.as_str());
        let outcome = found.cloned().unwrap_or(Outcome::Waiting);
        (dossier, outcome)
    };
    let dossiers: BTreeSet<DossierId> = ordered.dossiers.into_iter().collect();
    let undone = lines.iter().find(|one| one.line.action == UNDONE);
    Ok(Batch {
        id: id.to_owned(),
        procedure: ordered.procedure,
        to: ordered.to,
        undoes: ordered.undoes,
        undone_by: undone.map(|one| one.line.detail.clone()),
        by: name(app, &first.line.actor).await?,
        at: first.at,
        dossiers: dossiers.into_iter().map(outcome).collect(),
    })
}

/// A dossier that moved stays so, whatever was noted beside it.
fn outcomes(lines: &[Audited]) -> BTreeMap<&str, Outcome> {
    let mut outcomes = BTreeMap::new();
    for one in lines {
        let dossier = one.line.detail.as_str();
        match one.line.action.as_str() {
            MOVED => {
                outcomes.insert(dossier, Outcome::Moved { at: one.at });
            }
            REFUSED => {
                let rule = one.line.purpose.clone();
                outcomes.entry(dossier).or_insert(Outcome::Refused { rule });
            }
            _ => {}
        }
    }
    outcomes
}

async fn name(app: &App, staff: &str) -> Result<String, No> {
    let Ok(id) = StaffId::parse(staff) else {
        return Ok(staff.to_owned());
    };
    let found = app.store().staff(&[id]).await?.pop();
    Ok(found.map_or_else(|| staff.to_owned(), |member| member.name))
}

/// The last batches, newest first; the own ones for whoever does not answer for the province.
///
/// # Errors
/// [`No::Denied`], [`No::Broken`].
pub async fn batches(app: &App, actor: &Actor) -> Result<Vec<Short>, No> {
    may_move(actor)?;
    let all = actor.is(domain::office::Role::ProvinceController);
    let lines = app.store().last_audited(ALL, LISTED).await?;
    let seen = lines
        .into_iter()
        .filter(|one| all || one.line.actor == actor.staff.as_str());
    let short = seen.map(|one| Short {
        id: one.line.detail,
        at: one.at,
    });
    Ok(short.collect())
}

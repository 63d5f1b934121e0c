//! A batch of moves: ordered, and taken back.

use std::collections::BTreeSet;

use domain::dossier::CommandKind;
use domain::ids::DossierId;
use store::{AuditLine, NewMessage, OnceKey};

use crate::access::Actor;
use crate::intake::LONGEST_WORDS;
use crate::no::{Fault, No};
use crate::processing::once;
use crate::state::App;

use super::job::{Job, REPIN, To, sealed_for, stopped};
use super::log::{ALL, Batch, LISTED, Member, ORDERED, Order, Outcome, UNDONE, batch, read};
use super::{Plan, may_move, preview};

/// Batches among which those after another are looked for.
const LATER: u32 = 10_000;
/// How often it is tried to take a batch back that somebody else takes back at the same time.
const TRIES: u8 = 3;

/// Which of the dossiers of a plan are moved.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<'a> {
    /// All that the plan chooses and the rules let move.
    All,
    /// These, each of which the plan chooses and the rules let move.
    These(&'a [DossierId]),
}

/// Orders the moves of dossiers that the plan chooses. Gives the name of the batch; the same key
/// orders once.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] without a reason, a version, or any dossier, or when one is named
/// that does not move; [`No::Broken`].
pub async fn order(
    app: &App,
    actor: &Actor,
    (plan, chosen): (&Plan, Chosen<'_>),
    (reason, key): (&str, &OnceKey),
) -> Result<String, No> {
    may_move(actor)?;
    let id = String::from(once(actor, CommandKind::Repin, ALL, key));
    if !app.store().audited(&id).await?.is_empty() {
        return Ok(id);
    }
    let previewed = preview(app, actor, plan).await?;
    let fits = previewed.lines.into_iter();
    let fits = fits.filter(|line| line.change.is_ok()).map(|line| Member {
        id: line.dossier,
        code: line.code,
    });
    let ordered = Order {
        procedure: plan.procedure.to_string(),
        to: Some(previewed.to),
        undoes: None,
        dossiers: picked(fits.collect(), chosen)?,
    };
    let to = To::Versions {
        procedure: previewed.to.0,
        process: previewed.to.1,
    };
    send(app, actor, (&id, ordered), (reason, to)).await?;
    Ok(id)
}

/// Those of `fits` that were chosen.
fn picked(mut fits: Vec<Member>, chosen: Chosen<'_>) -> Result<Vec<Member>, No> {
    let Chosen::These(named) = chosen else {
        return Ok(fits);
    };
    let fitting: BTreeSet<&DossierId> = fits.iter().map(|one| &one.id).collect();
    if let Some(other) = named.iter().find(|one| !fitting.contains(one)) {
        let fault = Fault::new("dossier", "fault.repin_not_chosen");
        return Err(No::Invalid(vec![fault.with("dossier", other)]));
    }
    let named: BTreeSet<&DossierId> = named.iter().collect();
    fits.retain(|one| named.contains(&one.id));
    Ok(fits)
}

/// Orders that everything that a batch moved is moved back, and that what waits does not move any
/// more. A batch is taken back once, whoever asks for it and how often, and before the batches that
/// moved the same dossiers earlier.
///
/// # Errors
/// As [`order`]; [`No::Invalid`] also when nothing moved and nothing waits, when a later batch moved
/// its dossiers again, and when it took another batch back itself.
pub async fn undo(
    app: &App,
    actor: &Actor,
    id: &str,
    (reason, key): (&str, &OnceKey),
) -> Result<String, No> {
    for _ in 0..TRIES {
        let found = batch(app, actor, id).await?;
        if let Some(undone) = found.undone_by {
            return Ok(undone);
        }
        may_undo(app, &found).await?;
        let back = String::from(once(actor, CommandKind::Repin, id, key));
        if take_back(app, actor, (&back, found), reason).await? {
            return Ok(back);
        }
        // Somebody else took it back meanwhile.
    }
    Err(No::Broken(
        "the batch is taken back by somebody else".into(),
    ))
}

/// Orders that what moved moves back and that what waits does not move, each dossier by itself: the
/// worker may come to any of them at this very moment. From then on it moves nothing of the batch that
/// it has not begun.
async fn take_back(
    app: &App,
    actor: &Actor,
    (back, found): (&str, Batch),
    reason: &str,
) -> Result<bool, No> {
    let open = |outcome: &Outcome| outcome.is_moved() || *outcome == Outcome::Waiting;
    let moved = found.dossiers.iter();
    let moved = moved.filter(|one| open(&one.outcome));
    let moved = moved.map(|one| Member {
        id: one.id.clone(),
        code: one.code.clone(),
    });
    let ordered = Order {
        procedure: found.procedure.clone(),
        to: None,
        undoes: Some(found.id.clone()),
        dossiers: moved.collect(),
    };
    let to = To::Back { batch: found.id };
    send(app, actor, (back, ordered), (reason, to)).await
}

/// Whether the batch may be taken back now.
async fn may_undo(app: &App, found: &Batch) -> Result<(), No> {
    let no = |key: &'static str| Err(No::Invalid(vec![Fault::new("batch", key)]));
    if found.undoes.is_some() {
        return no("fault.repin_undoes");
    }
    if found.moved() == 0 && found.waiting() == 0 {
        return no("fault.repin_unmoved");
    }
    let all = app.store().last_audited(ALL, LATER).await?;
    let after = all.iter().take_while(|one| one.line.detail != found.id);
    for one in after.filter(|one| one.line.purpose == found.procedure) {
        let later = read(app, &one.line.detail).await?;
        // What takes this very batch back at the same time is found when it is sent.
        let same = later.undoes.as_ref() == Some(&found.id);
        if !same && later.holds(found) {
            let fault = Fault::new("batch", "fault.repin_later");
            let at = crate::words::short_moment(later.at);
            return Err(No::Invalid(vec![fault.with("at", &at)]));
        }
    }
    Ok(())
}

/// Whether it was sent; not when it was sent before, or when another took the same batch back.
async fn send(
    app: &App,
    actor: &Actor,
    (id, ordered): (&str, Order),
    (reason, to): (&str, To),
) -> Result<bool, No> {
    judge(&ordered, reason)?;
    let sealed = app.keys().seal(&sealed_for(id), &reason.trim());
    let message = |dossier: &DossierId| {
        let job = Job {
            batch: id.to_owned(),
            dossier: dossier.clone(),
            by: actor.staff.clone(),
            reason: hex::encode(&sealed),
            goal: to.clone(),
        };
        let body = serde_json::to_string(&job).expect("a message is plain data");
        (dossier.clone(), NewMessage { kind: REPIN, body })
    };
    let dossiers = ordered.dossiers.iter().map(|one| &one.id);
    let messages = dossiers.map(message).collect();
    let line = |action: &str, subject: &str, detail: String| AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: ordered.procedure.clone(),
        detail,
    };
    let words = serde_json::to_string(&ordered).expect("an order is plain data");
    let mut audit = vec![line(ORDERED, id, words), line(LISTED, ALL, id.to_owned())];
    let undone = |of: &String| line(UNDONE, of, id.to_owned());
    audit.extend(ordered.undoes.iter().map(undone));
    let stopped = |of: &String| stopped(of, actor.staff.as_str());
    audit.extend(ordered.undoes.iter().map(stopped));
    let now = app.clock().now();
    let sent = app.store().send_messages(now, messages, audit).await?;
    app.announce();
    Ok(sent)
}

fn judge(ordered: &Order, reason: &str) -> Result<(), No> {
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

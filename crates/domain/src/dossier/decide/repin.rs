//! Moving a running dossier to another version of its procedure or process, previewed and undone.

use jiff::civil::DateTime;

use crate::deadline::{self, Limit, Pause, PauseMode};
use crate::dossier::commands::{CommandKind, Repinning};
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::pins::{FirstPromise, Pins, Promise, Repinned};
use crate::dossier::preview::NewLimit;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{AtStep, Dossier, Record};
use crate::ids::TextId;
use crate::process::{Process, Product};

use super::{Judged, no_calendar};

impl Dossier {
    /// `facts` hold the versions that it is moved to.
    pub(super) fn repin(&self, asked: &Repinning, facts: &Facts<'_>) -> Judged {
        let (record, at) = self.begun(CommandKind::Repin)?;
        let old = pins(record, at);
        let new = self.repinned(asked, facts)?;
        if asked.undoes.is_none() && old == new {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::Repinned(Repinned {
            at: facts.now,
            reason: asked.reason.clone().ok_or(Refusal::ReasonMissing)?,
            by: facts.by.clone(),
            old,
            new,
            undoes: asked.undoes.clone(),
        })])
    }

    /// What would hold after the move, or the rule that forbids it. Changes nothing: a dry run.
    ///
    /// # Errors
    /// The [`Refusal`] that the move itself would meet.
    pub fn repinned(&self, asked: &Repinning, facts: &Facts<'_>) -> Result<Pins, Refusal> {
        let (record, at) = self.begun(CommandKind::Repin)?;
        let undone = asked
            .undoes
            .as_ref()
            .map(|undoes| last_move(record, undoes));
        let undone = undone.transpose()?;
        judge_versions(record, asked, facts)?;
        judge_place(self, at, asked.step, facts.process)?;
        let promise = match undone {
            Some(undone) => given_back(record, undone, facts)?,
            None => promised(record, facts)?.0,
        };
        Ok(Pins {
            procedure_version: asked.procedure_version,
            process_version: asked.process_version,
            step: asked.step,
            promise,
            step_due: match undone {
                Some(undone) if stands(undone, at, asked) => undone.old.step_due,
                _ => step_due(record, at, asked, facts)?,
            },
        })
    }
}

/// Whether the dossier still stands at the step to which that move brought it, and goes back to the
/// one before.
fn stands(undone: &Repinned, at: &AtStep, asked: &Repinning) -> bool {
    let there = (undone.new.step, undone.new.step_due) == (at.index, at.due);
    there && undone.old.step == asked.step
}

/// The last move, when it is the one that is taken back.
fn last_move<'a>(record: &'a Record, undoes: &TextId) -> Result<&'a Repinned, Refusal> {
    let moves = &record.course.moves;
    let last = moves.last().filter(|last| last.reason == *undoes);
    let known = moves.iter().any(|one| one.reason == *undoes);
    last.ok_or(if known {
        Refusal::MovedSince
    } else {
        Refusal::NotMoved
    })
}

fn judge_versions(record: &Record, asked: &Repinning, facts: &Facts<'_>) -> Result<(), Refusal> {
    let (procedure, process) = (facts.procedure, facts.process);
    let code = &record.filed.procedure;
    if procedure.code != *code
        || process.procedure != *code
        || procedure.version != asked.procedure_version
        || process.version != asked.process_version
    {
        return Err(Refusal::OtherVersion);
    }
    let case = procedure.case(record.filed.case);
    case.map(|_| ()).ok_or(Refusal::NoSuchCase)
}

/// What the dossier is held to now.
fn pins(record: &Record, at: &AtStep) -> Pins {
    Pins {
        procedure_version: record.filed.procedure_version,
        process_version: record.filed.process_version,
        step: at.index,
        promise: record.promise(),
        step_due: at.due,
    }
}

/// The dossier keeps what it has reached: nothing that was drafted or approved is skipped or done
/// twice, and what was received stays received.
fn judge_place(
    dossier: &Dossier,
    at: &AtStep,
    step: usize,
    process: &Process,
) -> Result<(), Refusal> {
    let of = |product| {
        process
            .steps
            .iter()
            .position(|step| step.product == product)
    };
    let (Some(draft), Some(approval)) = (of(Product::Draft), of(Product::Approval)) else {
        return Err(Refusal::StepNotReached);
    };
    let last = of(Product::Result).ok_or(Refusal::StepNotReached)?;
    let received = matches!(dossier, Dossier::Received(..));
    let range = match (&at.draft, &at.approved_by) {
        _ if received => 0..=0,
        (_, Some(_)) => approval.saturating_add(1)..=last,
        (Some(_), None) => 1..=approval,
        (None, None) => 1..=draft,
    };
    if range.contains(&step) {
        Ok(())
    } else {
        Err(Refusal::StepNotReached)
    }
}

/// What is promised under the new version, and what became of its limit. Less time is promised anew,
/// from the same start over the same pauses. A move never promises a later time, nor one that is
/// over already: what is late stays late.
pub(in crate::dossier) fn promised(
    record: &Record,
    facts: &Facts<'_>,
) -> Result<(Promise, NewLimit), Refusal> {
    let now = record.promise();
    let offer = facts.procedure.offer(record.filed.channel);
    let limit = offer.and_then(|offer| offer.limit);
    if limit == now.limit {
        return Ok((now, NewLimit::Same));
    }
    let Some(limit) = limit else {
        return Ok((now, NewLimit::Longer));
    };
    let due = counted(record, limit, facts)?;
    if now.due.is_some_and(|promised| promised <= due) {
        return Ok((now, NewLimit::Longer));
    }
    if due <= runs_until(record, facts) {
        return Ok((now, NewLimit::Over));
    }
    let first = match (now.first, now.limit, now.due) {
        (None, Some(limit), Some(due)) => Some(FirstPromise {
            limit,
            due,
            lane_due: now.lane_due,
        }),
        (first, ..) => first,
    };
    let promise = Promise {
        limit: Some(limit),
        due: Some(due),
        calendar: facts.calendar(),
        recounted_on: Some(facts.now.date()),
        lane_due: now.lane_due.map(|published| published.min(due)),
        first,
    };
    Ok((promise, NewLimit::Shorter))
}

/// What was promised before the move that is taken back, whatever step the dossier came to since.
/// Where the clock ran again meanwhile it is counted anew. A time that passed stays passed.
fn given_back(record: &Record, undone: &Repinned, facts: &Facts<'_>) -> Result<Promise, Refusal> {
    let now = record.promise();
    let (old, new) = (&undone.old.promise, &undone.new.promise);
    let missed = now.due.is_some_and(|due| due < runs_until(record, facts));
    if missed || old.limit == new.limit {
        return Ok(now);
    }
    let lane = record.course.lane.as_ref();
    if (now.due, now.recounted_on) == (new.due, new.recounted_on) {
        return Ok(Promise {
            lane_due: old.lane_due.or(now.lane_due),
            ..old.clone()
        });
    }
    let first = old.first.as_ref().and(now.first);
    let due = old
        .limit
        .map(|limit| counted(record, limit, facts))
        .transpose()?;
    // As when the clock ran again: what an earlier move promised less than ends no later than that.
    let bound = first.as_ref().map(|first| first.due);
    let due = due.map(|due| bound.map_or(due, |bound| due.min(bound)));
    let published = lane
        .map(|lane| counted(record, lane.limit, facts))
        .transpose()?;
    Ok(Promise {
        limit: old.limit,
        due,
        calendar: facts.calendar(),
        recounted_on: Some(facts.now.date()),
        lane_due: published.map(|published| due.map_or(published, |due| published.min(due))),
        first,
    })
}

/// When a limit ends that began with the reception. While the clock stands, as when it stopped.
fn counted(record: &Record, limit: Limit, facts: &Facts<'_>) -> Result<DateTime, Refusal> {
    let received = record.received_at.unwrap_or(record.submitted_at);
    let closed = |pause: &&Pause| pause.to.is_some();
    let pauses: Vec<Pause> = record.pauses.iter().filter(closed).copied().collect();
    facts.due(received, limit, &pauses)
}

/// Up to when the clock of the dossier has run.
fn runs_until(record: &Record, facts: &Facts<'_>) -> DateTime {
    let open = record.pauses.last().filter(|pause| pause.to.is_none());
    open.map_or(facts.now, |pause| pause.from)
}

/// The step keeps when it began, and the time it waited; its own time is that of the new process.
fn step_due(
    record: &Record,
    at: &AtStep,
    asked: &Repinning,
    facts: &Facts<'_>,
) -> Result<DateTime, Refusal> {
    if record.filed.process_version == asked.process_version && at.index == asked.step {
        return Ok(at.due);
    }
    let mut from = at.since;
    let step = facts.process.step(asked.step);
    let mut minutes = step.map_or(0, |step| step.minutes);
    for pause in record.pauses.iter().filter(|pause| pause.from >= at.since) {
        let Some(to) = pause.to else { continue };
        if pause.mode == PauseMode::Restart {
            from = to;
            minutes = step.map_or(0, |step| step.minutes);
        } else {
            let waited = deadline::working_minutes_between(pause.from, to, facts.clock);
            minutes = minutes.saturating_add(waited.map_err(no_calendar)?);
        }
    }
    deadline::after_working_minutes(from, minutes, facts.clock).map_err(no_calendar)
}

//! Moving a running dossier to another version of its procedure or process, previewed and undone.

use jiff::civil::DateTime;

use crate::deadline::{self, Limit, PauseMode};
use crate::dossier::commands::{CommandKind, Repinning};
use crate::dossier::course::{Pins, Repinned};
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{AtStep, Dossier, Record};
use crate::process::{Process, Product};

use super::{Judged, no_calendar};

impl Dossier {
    /// `facts` hold the versions that it is moved to.
    pub(super) fn repin(&self, asked: &Repinning, facts: &Facts<'_>) -> Judged {
        let (record, at) = self.begun(CommandKind::Repin)?;
        let old = pins(record, at);
        let new = self.repinned(asked, facts)?;
        if old == new {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::Repinned(Repinned {
            at: facts.now,
            reason: asked.reason.clone().ok_or(Refusal::ReasonMissing)?,
            by: facts.by.clone(),
            old,
            new,
        })])
    }

    /// What would hold after the move, or the rule that forbids it. Changes nothing: a dry run.
    ///
    /// # Errors
    /// The [`Refusal`] that the move itself would meet.
    pub fn repinned(&self, asked: &Repinning, facts: &Facts<'_>) -> Result<Pins, Refusal> {
        let (record, at) = self.begun(CommandKind::Repin)?;
        let (procedure, process) = (facts.procedure, facts.process);
        let filed = &record.filed;
        if procedure.code != filed.procedure
            || process.procedure != filed.procedure
            || procedure.version != asked.procedure_version
            || process.version != asked.process_version
        {
            return Err(Refusal::OtherVersion);
        }
        procedure.case(filed.case).ok_or(Refusal::NoSuchCase)?;
        judge_place(self, at, asked.step, process)?;
        if let Some(before) = undone(record, at, asked) {
            return Ok(before);
        }
        let (limit, due) = promise(record, asked, facts)?;
        Ok(Pins {
            procedure_version: asked.procedure_version,
            process_version: asked.process_version,
            step: asked.step,
            limit,
            due,
            step_due: step_due(record, at, asked, facts)?,
        })
    }
}

/// What the dossier is held to now.
fn pins(record: &Record, at: &AtStep) -> Pins {
    Pins {
        procedure_version: record.filed.procedure_version,
        process_version: record.filed.process_version,
        step: at.index,
        limit: record.limit,
        due: record.due,
        step_due: at.due,
    }
}

/// A move back to what held before the last one restores its dates, unless the dossier went on.
fn undone(record: &Record, at: &AtStep, asked: &Repinning) -> Option<Pins> {
    let last = record.course.repinned.as_ref()?;
    let back = last.old.procedure_version == asked.procedure_version
        && last.old.process_version == asked.process_version
        && last.old.step == asked.step;
    (back && last.new == pins(record, at)).then(|| last.old.clone())
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

/// The new limit from the same start over the same pauses, where the move takes it; otherwise what
/// was promised stays.
fn promise(
    record: &Record,
    asked: &Repinning,
    facts: &Facts<'_>,
) -> Result<(Option<Limit>, Option<DateTime>), Refusal> {
    let offer = facts.procedure.offer(record.filed.channel);
    let limit = offer.and_then(|offer| offer.limit);
    if !asked.new_limit || limit == record.limit {
        return Ok((record.limit, record.due));
    }
    let received = record.received_at.unwrap_or(record.submitted_at);
    let due = limit.map(|limit| facts.due(received, limit, &record.pauses));
    Ok((limit, due.transpose()?))
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

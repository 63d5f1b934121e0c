//! What may be asked for in a supplement, and by whom: at once before reception, by a draft that
//! another reviews and sends afterwards.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::request::{Asking, Request, SupplementDraft};
use crate::dossier::state::{AtStep, Dossier, Record};
use crate::ids::TextId;
use crate::parameters::Key;

use super::Judged;
use super::reception::missing;
use super::supplement::judge_holder;

impl Dossier {
    pub(super) fn draft_supplement(&self, asking: &Asking, facts: &Facts<'_>) -> Judged {
        let (record, at) = self.processing(CommandKind::DraftSupplement)?;
        judge_holder(at, facts)?;
        let stage = Some(at.index);
        judge_number(record, stage, asking.basis.is_some(), facts)?;
        judge_in_time(record, stage, facts)?;
        let components = named(asking);
        judge_list(record, &components, facts)?;
        Ok(vec![Event::SupplementDrafted(SupplementDraft {
            at: facts.now,
            step: at.index,
            components,
            corrections: asking.corrections.clone(),
            reason: asking.reason.clone().ok_or(Refusal::ReasonMissing)?,
            basis: asking.basis.clone(),
            by: facts.by.clone(),
            behalf: facts.behalf(),
        })])
    }

    pub(super) fn discard_supplement(&self, reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        let (record, _) = self.processing(CommandKind::DiscardSupplement)?;
        if record.course.asking.is_none() {
            return Err(Refusal::RequestNotDrafted);
        }
        Ok(vec![Event::SupplementDiscarded {
            at: facts.now,
            by: facts.by.clone(),
            reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
        }])
    }
}

/// Before reception the clerk asks at once, with a list of her own.
pub(super) fn at_counter(
    record: &Record,
    components: &[u16],
    reason: Option<&TextId>,
    facts: &Facts<'_>,
) -> Judged {
    judge_number(record, None, false, facts)?;
    judge_list(record, components, facts)?;
    let request = Request {
        at: facts.now,
        components: in_order(components.iter().copied()),
        corrections: Vec::new(),
        reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
        answer_by: answer_by(record, None, facts)?,
        mode: facts.procedure.supplement.at(None).mode,
        stage: None,
        basis: None,
        drafted_by: None,
        sent_by: None,
    };
    Ok(vec![Event::SupplementRequested { request }])
}

/// During processing a request is sent as it was drafted, through the centre, by somebody else.
pub(super) fn sent(record: &Record, at: &AtStep, components: &[u16], facts: &Facts<'_>) -> Judged {
    let draft = record.course.asking.as_ref();
    let draft = draft.ok_or(Refusal::RequestNotDrafted)?;
    if facts.is_one_of(&draft.by, draft.behalf.as_ref()) {
        return Err(Refusal::OwnDraft);
    }
    if !components.is_empty() && in_order(components.iter().copied()) != draft.components {
        return Err(Refusal::OtherThanDrafted);
    }
    let stage = Some(at.index);
    judge_number(record, stage, draft.basis.is_some(), facts)?;
    judge_in_time(record, stage, facts)?;
    // A paper may have come, or a lookup failed, since it was drafted.
    judge_list(record, &draft.components, facts)?;
    let request = Request {
        at: facts.now,
        components: draft.components.clone(),
        corrections: draft.corrections.clone(),
        reason: draft.reason.clone(),
        answer_by: answer_by(record, stage, facts)?,
        mode: facts.procedure.supplement.at(stage).mode,
        stage,
        basis: draft.basis.clone(),
        drafted_by: Some(draft.by.clone()),
        sent_by: Some(facts.by.clone()),
    };
    Ok(vec![Event::SupplementRequested { request }])
}

/// Once; once more only at another stage, with its legal basis.
fn judge_number(
    record: &Record,
    stage: Option<usize>,
    has_basis: bool,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let Some(last) = &record.asked else {
        return Ok(());
    };
    let asked = &record.course.asked_at;
    let most = facts.parameter_number(Key::SupplementMost, record);
    if asked.contains(&stage) || u32::try_from(asked.len()).is_ok_and(|count| count >= most) {
        return Err(Refusal::AlreadyAsked { at: last.at });
    }
    if has_basis {
        Ok(())
    } else {
        Err(Refusal::BasisMissing)
    }
}

fn judge_in_time(record: &Record, stage: Option<usize>, facts: &Facts<'_>) -> Result<(), Refusal> {
    let received = record.received_at.unwrap_or(record.submitted_at);
    let own = facts.procedure.supplement.at(stage).within;
    let within = own.unwrap_or_else(|| facts.parameter_limit(Key::SupplementWithin, record));
    let until = facts.due(received, within, &[])?;
    if facts.now > until {
        Err(Refusal::AskedTooLate { until })
    } else {
        Ok(())
    }
}

fn answer_by(
    record: &Record,
    stage: Option<usize>,
    facts: &Facts<'_>,
) -> Result<DateTime, Refusal> {
    let own = facts.procedure.supplement.at(stage).answer;
    let answer = own.unwrap_or_else(|| facts.parameter_limit(Key::SupplementAnswer, record));
    facts.due(facts.now, answer, &[])
}

/// Exactly what the published list has, nothing that a database holds, and all that is missing.
fn judge_list(record: &Record, components: &[u16], facts: &Facts<'_>) -> Result<(), Refusal> {
    if components.is_empty() {
        return Err(Refusal::NothingAsked);
    }
    let filed = &record.filed;
    let case = facts.procedure.case(filed.case);
    let case = case.ok_or(Refusal::NoSuchCase)?;
    for &component in components {
        let Some(published) = case.components.iter().find(|c| c.number == component) else {
            return Err(Refusal::NotPublished { component });
        };
        if let Some(database) = filed.held(published) {
            return Err(Refusal::HeldByDatabase {
                component,
                database,
            });
        }
    }
    let mut missing = missing(filed, case);
    missing.retain(|number| !components.contains(number));
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::AskedInPart { missing })
    }
}

/// Every component that a request names, those to be put right among them.
fn named(asking: &Asking) -> Vec<u16> {
    let wrong = asking.corrections.iter().map(|wrong| wrong.component);
    in_order(asking.components.iter().copied().chain(wrong))
}

fn in_order(components: impl Iterator<Item = u16>) -> Vec<u16> {
    components.collect::<BTreeSet<_>>().into_iter().collect()
}

//! What may be asked for in a supplement, and by whom: at once before reception; afterwards by a
//! draft that the leader approves and the centre sends.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::request::{Approval, Asking, Correction, Discarded, Request, SupplementDraft};
use crate::dossier::state::{AtStep, Dossier, Record};
use crate::ids::TextId;
use crate::parameters::Key;
use crate::process::Product;

use super::Judged;
use super::correction::judge_asks_nothing;
use super::reception::missing;
use super::supplement::judge_holder;

impl Dossier {
    pub(super) fn draft_supplement(&self, asking: &Asking, facts: &Facts<'_>) -> Judged {
        let (record, at) = self.processing(CommandKind::DraftSupplement)?;
        judge_holder(at, facts)?;
        judge_examining(at, facts)?;
        judge_own_draft(record, facts)?;
        judge_asks_nothing(record)?;
        let stage = Some(at.index);
        judge_number(record, stage, asking.basis.is_some(), facts)?;
        judge_in_time(record, stage, facts)?;
        let components = named(asking);
        judge_list(record, (&components, &asking.corrections), facts)?;
        Ok(vec![Event::SupplementDrafted(SupplementDraft {
            at: facts.now,
            step: at.index,
            components,
            corrections: asking.corrections.clone(),
            reason: asking.reason.clone().ok_or(Refusal::ReasonMissing)?,
            basis: asking.basis.clone(),
            by: facts.by.clone(),
            behalf: facts.behalf(),
            approved: None,
        })])
    }

    /// Who leads the agency answers for what it asks of the applicant, and never for a draft of
    /// her own.
    pub(super) fn approve_supplement(&self, facts: &Facts<'_>) -> Judged {
        let (record, _) = self.processing(CommandKind::ApproveSupplement)?;
        let draft = drafted(record)?;
        if facts.is_one_of(&draft.by, draft.behalf.as_ref()) {
            return Err(Refusal::OwnDraft);
        }
        if draft.approved.is_some() {
            return Err(Refusal::RequestApproved);
        }
        Ok(vec![Event::SupplementApproved(Approval {
            at: facts.now,
            by: facts.by.clone(),
            behalf: facts.behalf(),
        })])
    }

    pub(super) fn discard_supplement(&self, reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        let (record, _) = self.processing(CommandKind::DiscardSupplement)?;
        drafted(record)?;
        Ok(vec![Event::SupplementDiscarded(Discarded {
            at: facts.now,
            by: facts.by.clone(),
            reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
        })])
    }
}

/// Before reception the clerk asks at once, with a list of her own.
pub(super) fn at_counter(record: &Record, asked: &Asking, facts: &Facts<'_>) -> Judged {
    judge_asks_nothing(record)?;
    judge_number(record, None, false, facts)?;
    let components = named(asked);
    judge_list(record, (&components, &asked.corrections), facts)?;
    let request = Request {
        at: facts.now,
        number: facts.paper_number(CommandKind::AskSupplement, record),
        components,
        corrections: asked.corrections.clone(),
        reason: asked.reason.clone().ok_or(Refusal::ReasonMissing)?,
        answer_by: answer_by(record, None, facts)?,
        mode: facts.procedure.supplement.at(None).mode,
        stage: None,
        basis: None,
        drafted_by: None,
        approved: None,
        sent_by: Some(facts.by.clone()),
    };
    Ok(vec![Event::SupplementRequested { request }])
}

/// During processing the centre sends a request as it was drafted and approved; who drafted it does
/// not send it (NĐ 61/2018 Điều 5.1e: the agency never turns to the applicant past the centre).
pub(super) fn sent(record: &Record, at: &AtStep, asked: &Asking, facts: &Facts<'_>) -> Judged {
    let draft = drafted(record)?;
    if facts.is_one_of(&draft.by, draft.behalf.as_ref()) {
        return Err(Refusal::OwnDraft);
    }
    let listed = in_order(asked.components.iter().copied());
    if !(asked.components.is_empty() || listed == draft.components) || !asked.corrections.is_empty()
    {
        return Err(Refusal::OtherThanDrafted);
    }
    judge_asks_nothing(record)?;
    let stage = Some(at.index);
    judge_number(record, stage, draft.basis.is_some(), facts)?;
    let approved = judge_approved(record, draft)?;
    judge_in_time(record, stage, facts)?;
    // A paper may have come, or a lookup failed, since it was drafted.
    judge_list(record, (&draft.components, &draft.corrections), facts)?;
    let request = Request {
        at: facts.now,
        number: facts.paper_number(CommandKind::AskSupplement, record),
        components: draft.components.clone(),
        corrections: draft.corrections.clone(),
        reason: draft.reason.clone(),
        answer_by: answer_by(record, stage, facts)?,
        mode: facts.procedure.supplement.at(stage).mode,
        stage,
        basis: draft.basis.clone(),
        drafted_by: Some(draft.by.clone()),
        approved: Some(approved),
        sent_by: Some(facts.by.clone()),
    };
    Ok(vec![Event::SupplementRequested { request }])
}

/// Requests and obligations are found while the dossier is examined: what is approved goes out.
pub(super) fn judge_examining(at: &AtStep, facts: &Facts<'_>) -> Result<(), Refusal> {
    let product = facts.process.step(at.index).map(|step| step.product);
    let examining = matches!(product, Some(Product::Work | Product::Draft));
    if examining && at.approved_by.is_none() {
        Ok(())
    } else {
        Err(Refusal::NotExaminingStep)
    }
}

fn drafted(record: &Record) -> Result<&SupplementDraft, Refusal> {
    let draft = record.course.asking.as_ref();
    draft.ok_or(Refusal::RequestNotDrafted)
}

/// What another drafted is given back with a reason, never written over.
fn judge_own_draft(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    match &record.course.asking {
        Some(draft) if !facts.is_one_of(&draft.by, draft.behalf.as_ref()) => {
            Err(Refusal::DraftOfAnother)
        }
        Some(_) | None => Ok(()),
    }
}

/// Every request of the agency is approved by who leads it; a second one names its approver by the
/// rule of second requests.
fn judge_approved(record: &Record, draft: &SupplementDraft) -> Result<Approval, Refusal> {
    let second = record.asked.is_some();
    draft.approved.clone().ok_or(if second {
        Refusal::ApproverMissing
    } else {
        Refusal::RequestNotApproved
    })
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

/// Exactly what the published list has, nothing that a database holds, of what is there only what
/// is said to be wrong, and all that is missing.
fn judge_list(
    record: &Record,
    (components, corrections): (&[u16], &[Correction]),
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
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
        let said = corrections.iter().any(|wrong| wrong.component == component);
        if filed.has(published) && !said {
            return Err(Refusal::WrongUnsaid { component });
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

//! Settlement and return. Overdue is an attribute: it never blocks any of them.

use crate::dossier::commands::CommandKind;
use crate::dossier::course::Acknowledged;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{AtStep, Dossier, Draft, File, Issued, Outcome, Receiver, Record};
use crate::procedure::Reached;
use crate::process::Product;

use super::Judged;
use super::correction::judge_stands;
use super::processing::product;
use super::stopping::refund;
use super::supplement::judge_holder;

impl Dossier {
    pub(super) fn issue(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Processing(record, at) => settle(record, at, facts),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Issue)),
        }
    }

    pub(super) fn acknowledge_result(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Settled(record, ..) => {
                if !record.goes_between() {
                    return Err(Refusal::ResultNeverAway);
                }
                if record.course.result_back.is_some() {
                    return Err(Refusal::ResultBack);
                }
                Ok(vec![result_back(facts)])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Returned(..) => Err(self.no_move(CommandKind::AcknowledgeResult)),
        }
    }

    pub(super) fn return_result(&self, receiver: &Receiver, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Settled(record, _, issued) => {
                judge_stands(record)?;
                if issued.official.is_none() && !facts.procedure.without_paper {
                    return Err(Refusal::NotSealed);
                }
                match receiver {
                    Receiver::Authorised { shown: false, .. } => Err(Refusal::AuthorisationMissing),
                    Receiver::Authorised { shown: true, .. }
                    | Receiver::Applicant
                    | Receiver::Post
                    | Receiver::Electronic => Ok(returned(record, receiver, facts)),
                }
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Return)),
        }
    }
}

/// Who returns a result has it: where it came from another agency, that is acknowledged first.
fn returned(record: &Record, receiver: &Receiver, facts: &Facts<'_>) -> Vec<Event> {
    let unacknowledged = record.goes_between() && record.course.result_back.is_none();
    let back = unacknowledged.then(|| result_back(facts));
    let returned = Event::Returned {
        at: facts.now,
        receiver: receiver.clone(),
    };
    back.into_iter().chain([returned]).collect()
}

fn result_back(facts: &Facts<'_>) -> Event {
    Event::ResultAcknowledged(Acknowledged {
        at: facts.now,
        by: facts.by.clone(),
        behalf: facts.behalf(),
    })
}

/// What is issued: the document that the person signed, who approved it.
fn approved_document(draft: &Draft, at: &AtStep, facts: &Facts<'_>) -> Result<File, Refusal> {
    match &at.signed {
        Some(signed) => Ok(signed.file.clone()),
        None if facts.procedure.without_paper => Ok(draft.document.clone()),
        None => Err(Refusal::NotSigned),
    }
}

fn settle(record: &Record, at: &AtStep, facts: &Facts<'_>) -> Judged {
    judge_holder(at, facts)?;
    if product(at, facts) != Some(Product::Result) {
        return Err(Refusal::NotIssuingStep);
    }
    let draft = at.draft.as_ref().ok_or(Refusal::ResultMissing)?;
    let approved_by = at.approved_by.as_ref().ok_or(Refusal::NotApproved)?.clone();
    let issued = Issued {
        outcome: draft.outcome,
        document: approved_document(draft, at, facts)?,
        official: None,
        number: format!("{:02}/KQ-{}", facts.number, record.filed.competent),
        at: facts.now,
        approved_by,
    };
    let refund = match issued.outcome {
        Outcome::Granted => None,
        Outcome::Refused => refund(record, Reached::Processing, facts.procedure),
    };
    Ok(vec![Event::Settled {
        issued,
        refund,
        step_due: facts.step_due(at.index.saturating_add(1)),
    }])
}

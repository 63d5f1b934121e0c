//! Settlement and return. Overdue is an attribute: it never blocks any of them.

use crate::dossier::commands::CommandKind;
use crate::dossier::course::Acknowledged;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::handing::{Handing, Returned};
use crate::dossier::refusal::Refusal;
use crate::dossier::result::{Draft, File, Issued, Outcome, Signature};
use crate::dossier::state::{AtStep, Dossier, Receiver, Record};
use crate::procedure::Reached;
use crate::process::Product;

use super::Judged;
use super::correction::judge_stands;
use super::processing::{judge_ahead, judge_attachments, product};
use super::returning::handed;
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
            Self::Settled(record, _, issued) => {
                if !record.goes_between() {
                    return Err(Refusal::ResultNeverAway);
                }
                if record.course.result_back.is_some() {
                    return Err(Refusal::ResultBack);
                }
                judge_sealed(issued, facts)?;
                Ok(vec![Event::ResultAcknowledged(Acknowledged {
                    at: facts.now,
                    by: facts.by.clone(),
                    behalf: facts.behalf(),
                })])
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

    pub(super) fn return_result(
        &self,
        (receiver, told): (&Receiver, &Handing),
        facts: &Facts<'_>,
    ) -> Judged {
        match self {
            Self::Settled(record, _, issued) => {
                judge_stands(record)?;
                judge_sealed(issued, facts)?;
                // Nobody hands out what the centre does not have (NĐ 118/2025/NĐ-CP Điều 22).
                if record.goes_between() && record.course.result_back.is_none() {
                    return Err(Refusal::ResultNotBack);
                }
                Ok(vec![Event::Returned(Returned {
                    at: facts.now,
                    receiver: receiver.clone(),
                    handing: handed(record, (receiver, told))?,
                })])
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

/// A result exists once the agency sealed it; a procedure without a paper has no seal.
fn judge_sealed(issued: &Issued, facts: &Facts<'_>) -> Result<(), Refusal> {
    if !issued.is_sealed() && !facts.procedure.without_paper {
        return Err(Refusal::NotSealed);
    }
    Ok(())
}

/// What is issued: the document that the person signed, who approved it.
fn approved_document(
    record: &Record,
    (draft, at): (&Draft, &AtStep),
    facts: &Facts<'_>,
) -> Result<File, Refusal> {
    match &at.signed {
        Some(signed) if is_in_our_name(record, signed, facts) => {
            judge_attachments(at, &signed.attachments)?;
            Ok(signed.file.clone())
        }
        Some(_) => Err(Refusal::SignedForAnother),
        None if facts.procedure.without_paper => Ok(draft.document.clone()),
        None => Err(Refusal::NotSigned),
    }
}

/// Whether it was signed in the name of the agency that issues: an agency that ended meanwhile has
/// neither number nor seal for what bears its name.
fn is_in_our_name(record: &Record, signed: &Signature, facts: &Facts<'_>) -> bool {
    let name = signed.agency.as_ref().unwrap_or(&record.filed.competent);
    name == facts.agency(record)
}

fn settle(record: &Record, at: &AtStep, facts: &Facts<'_>) -> Judged {
    judge_holder(at, facts)?;
    if product(at, facts) != Some(Product::Result) {
        return Err(Refusal::NotIssuingStep);
    }
    let draft = at.draft.as_ref().ok_or(Refusal::ResultMissing)?;
    let approved_by = at.approved_by.as_ref().ok_or(Refusal::NotApproved)?.clone();
    judge_ahead(Some(draft), facts)?;
    let issued = Issued {
        outcome: draft.outcome,
        document: approved_document(record, (draft, at), facts)?,
        official: None,
        attachments: draft.attachments.clone(),
        number: format!("{:02}/KQ-{}", facts.number, facts.agency(record)),
        at: facts.now,
        approved_by,
        validity: draft.validity.map(|term| term.issued(facts.now.date())),
        issue_by: at.signed.as_ref().and_then(|signed| signed.issue_by),
        sealed: None,
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

//! Hand-over, assignment, and the steps of the internal process, forward and back.

use jiff::civil::{Date, DateTime};

use crate::deadline::issue_by;
use crate::dossier::commands::CommandKind;
use crate::dossier::course::HandedOver;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::result::{Attachment, Draft, File, Outcome, Signature};
use crate::dossier::state::{AtStep, Dossier, Record};
use crate::ids::{CertificateId, FileHash, StaffId, TextId, UnitId};
use crate::procedure::{BadLastDay, Term};
use crate::process::{Product, Step};

use super::Judged;
use super::supplement::judge_holder;
use super::tasks::judge_tasks;

impl Dossier {
    pub(super) fn hand_over(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Received(record, _) => {
                let by_law = record.received_at.and_then(|at| facts.hand_over_by(at));
                Ok(vec![Event::HandedOver(HandedOver {
                    at: facts.now,
                    by: facts.by.clone(),
                    to: facts.agency(record).clone(),
                    step: 1,
                    step_due: facts.step_due(1),
                    behalf: facts.behalf(),
                    late: by_law.filter(|until| *until < facts.now),
                })])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::HandOver)),
        }
    }

    pub(super) fn assign(&self, to: &StaffId, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Processing(_, at) => Ok(vec![Event::Assigned {
                at: facts.now,
                step: at.index,
                to: to.clone(),
            }]),
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
            | Self::Returned(..) => Err(self.no_move(CommandKind::Assign)),
        }
    }

    pub(super) fn draft_result(
        &self,
        (outcome, last_day): (Outcome, Option<Date>),
        ((document, uploaded), attachments): ((Option<&File>, bool), &[Attachment]),
        summary: Option<&TextId>,
        facts: &Facts<'_>,
    ) -> Judged {
        match self {
            Self::Processing(_, at) => {
                judge_holder(at, facts)?;
                if product(at, facts) != Some(Product::Draft) {
                    return Err(Refusal::NotDraftingStep);
                }
                // What gives no paper has no seal, and nothing to put one on.
                if facts.procedure.without_paper && !attachments.is_empty() {
                    return Err(Refusal::NothingToAttachTo);
                }
                let draft = Draft {
                    outcome,
                    document: document.ok_or(Refusal::ResultMissing)?.clone(),
                    uploaded,
                    validity: drafted_term((outcome, last_day), facts)?,
                    summary: summary.ok_or(Refusal::ReasonMissing)?.clone(),
                    by: facts.by.clone(),
                    behalf: facts.behalf(),
                    attachments: attachments.to_vec(),
                };
                Ok(vec![Event::ResultDrafted {
                    at: facts.now,
                    draft,
                }])
            }
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
            | Self::Returned(..) => Err(self.no_move(CommandKind::DraftResult)),
        }
    }

    pub(super) fn sign_result(
        &self,
        (certificate, file): (&CertificateId, &File),
        attachments: &[FileHash],
        facts: &Facts<'_>,
    ) -> Judged {
        match self {
            Self::Processing(record, at) => {
                judge_holder(at, facts)?;
                if product(at, facts) != Some(Product::Approval) {
                    return Err(Refusal::NotApprovingStep);
                }
                judge_product(at, facts)?;
                judge_tasks(record, facts)?;
                judge_ahead(at.draft.as_ref(), facts)?;
                judge_attachments(at, attachments)?;
                Ok(vec![Event::ResultSigned(Signature {
                    at: facts.now,
                    by: facts.by.clone(),
                    behalf: facts.behalf(),
                    certificate: certificate.clone(),
                    file: file.clone(),
                    attachments: attachments.to_vec(),
                    agency: heir(record, facts),
                    issue_by: issue_by(facts.now.date(), facts.clock).ok(),
                })])
            }
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
            | Self::Returned(..) => Err(self.no_move(CommandKind::SignResult)),
        }
    }

    pub(super) fn forward(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Processing(record, at) => {
                judge_holder(at, facts)?;
                let approved = judge_product(at, facts)?;
                if approved {
                    judge_tasks(record, facts)?;
                    judge_signature(at, facts)?;
                }
                Ok(vec![Event::StepFinished {
                    at: facts.now,
                    step: at.index,
                    by: facts.by.clone(),
                    approved,
                    step_due: next_due(at, facts),
                    behalf: facts.behalf(),
                }])
            }
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
            | Self::Returned(..) => Err(self.no_move(CommandKind::Forward)),
        }
    }

    pub(super) fn send_back(&self, reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Processing(_, at) => {
                judge_holder(at, facts)?;
                if at.index <= 1 {
                    return Err(Refusal::FirstStep);
                }
                let before = at.index.saturating_sub(1);
                let earlier = mender(at, facts).unwrap_or(before);
                Ok(vec![Event::SentBack {
                    at: facts.now,
                    step: at.index,
                    to: (earlier != before).then_some(earlier),
                    reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
                    holder: drafter(earlier, at, facts),
                    step_due: facts.step_due(earlier),
                }])
            }
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
            | Self::Returned(..) => Err(self.no_move(CommandKind::SendBack)),
        }
    }
}

pub(super) fn product(at: &AtStep, facts: &Facts<'_>) -> Option<Product> {
    facts.process.step(at.index).map(|step| step.product)
}

/// The agency for which is signed, where it took the dossier over.
fn heir(record: &Record, facts: &Facts<'_>) -> Option<UnitId> {
    let agency = facts.agency(record);
    (*agency != record.filed.competent).then(|| agency.clone())
}

/// How long the result will be valid: as the law of its kind says, or until the last day that who drafts
/// names, where that law leaves it to her. A refusal has no term.
fn drafted_term(
    (outcome, own): (Outcome, Option<Date>),
    facts: &Facts<'_>,
) -> Result<Option<Term>, Refusal> {
    let granted = outcome == Outcome::Granted;
    match (facts.procedure.validity().filter(|_| granted), own) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Refusal::LastDayNotOwn),
        (Some(rule), own) => match rule.term(own, facts.now.date()) {
            Ok(term) => Ok(term),
            Err(BadLastDay::NotOwn) => Err(Refusal::LastDayNotOwn),
            Err(BadLastDay::Past) => Err(Refusal::LastDayPast),
            Err(BadLastDay::Beyond { most }) => Err(Refusal::LastDayBeyond { most }),
        },
    }
}

/// Whether the last day that the draft names is still to come: nothing is signed or issued that is over
/// already.
pub(super) fn judge_ahead(draft: Option<&Draft>, facts: &Facts<'_>) -> Result<(), Refusal> {
    let term = draft.and_then(|draft| draft.validity);
    match term.map(|term| term.issued(facts.now.date())) {
        Some(validity) if validity.is_over(facts.now.date()) => Err(Refusal::LastDayPast),
        Some(_) | None => Ok(()),
    }
}

/// When the clock of the step after this one ends if it begins now: by its own time, and for what is
/// signed never after the law wants it issued (KQ-06).
fn next_due(at: &AtStep, facts: &Facts<'_>) -> DateTime {
    let own = facts.step_due(at.index.saturating_add(1));
    let by_law = at.signed.as_ref().and_then(|signed| signed.issue_by);
    by_law.map_or(own, |by_law| own.min(by_law))
}

/// Whether the attachments that were read with the document are those of its draft, none changed, none
/// missing, in their order.
pub(super) fn judge_attachments(at: &AtStep, read: &[FileHash]) -> Result<(), Refusal> {
    let draft = at.draft.iter();
    let named = draft.flat_map(|draft| draft.attachments.iter().map(|one| &one.document.hash));
    if named.eq(read) {
        return Ok(());
    }
    Err(Refusal::OtherAttachments)
}

/// Whether who approves signed what she approves.
fn judge_signature(at: &AtStep, facts: &Facts<'_>) -> Result<(), Refusal> {
    let own = |signed: &Signature| facts.is_one_of(&signed.by, signed.behalf.as_ref());
    if facts.procedure.without_paper || at.signed.as_ref().is_some_and(own) {
        return Ok(());
    }
    Err(Refusal::NotSigned)
}

/// The step of the draft, for what is not approved: who drafted it mends it, whoever checked it between.
fn mender(at: &AtStep, facts: &Facts<'_>) -> Option<usize> {
    let draft = |step: &Step| step.product == Product::Draft;
    let mut steps = facts.process.steps.iter();
    steps
        .position(draft)
        .filter(|_| product(at, facts) == Some(Product::Approval))
}

/// Who drafted, when the step at `index` is the one of the draft: it goes back to the same hands.
fn drafter(index: usize, at: &AtStep, facts: &Facts<'_>) -> Option<StaffId> {
    let step = facts.process.step(index)?;
    let draft = at
        .draft
        .as_ref()
        .filter(|_| step.product == Product::Draft)?;
    // What a stand-in drafted is the absent person's work, and is hers again.
    Some(draft.behalf.as_ref().unwrap_or(&draft.by).clone())
}

/// Whether the step's product is there; `true` when finishing the step approves the draft.
fn judge_product(at: &AtStep, facts: &Facts<'_>) -> Result<bool, Refusal> {
    match product(at, facts) {
        Some(Product::Work) => Ok(false),
        Some(Product::Draft) if at.draft.is_some() => Ok(false),
        Some(Product::Approval) if at.draft.is_some() => Ok(true),
        Some(Product::Draft | Product::Approval) => Err(Refusal::DraftMissing),
        Some(Product::Reception | Product::Result | Product::Return) | None => {
            Err(Refusal::OtherEnd)
        }
    }
}

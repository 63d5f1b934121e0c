//! The ends without a result: refusal to receive, withdrawal, stop, silence; and what becomes of
//! the charge.

use crate::dossier::commands::{CommandKind, Stopping};
use crate::dossier::course::{Refund, StopOrder};
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::Payment;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::ids::{FileHash, TextId};
use crate::money::Dong;
use crate::procedure::{Procedure, Reached, RefundRule};
use crate::rules::Rule;

use super::Judged;
use super::post::{judge_declinable, judge_unlisted};
use super::supplement::judge_silence;

impl Dossier {
    pub(super) fn decline(&self, reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        let record = match self {
            Self::Submitted(record) => {
                judge_declinable(record, facts)?;
                record
            }
            Self::Incomplete(record, request) => {
                judge_unlisted(facts)?;
                judge_silence(request, facts)?;
                record
            }
            Self::Absent
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => return Err(self.no_move(CommandKind::Decline)),
        };
        let unasked = matches!(self, Self::Submitted(_));
        Ok(vec![Event::Declined {
            at: facts.now,
            reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
            refund: self.refund(facts.procedure),
            late: unasked && record.answer_by.is_some_and(|until| facts.now > until),
            number: facts.paper_number(CommandKind::Decline, record),
        }])
    }

    pub(super) fn withdraw(&self, request: Option<&FileHash>, facts: &Facts<'_>) -> Judged {
        let record = self.withdrawable()?;
        Ok(vec![Event::Withdrawn {
            at: facts.now,
            request: request.ok_or(Refusal::RequestMissing)?.clone(),
            refund: self.refund(facts.procedure),
            number: facts.paper_number(CommandKind::Withdraw, record),
        }])
    }

    pub(super) fn stop(&self, stopping: &Stopping, facts: &Facts<'_>) -> Judged {
        let (record, _) = self.processing(CommandKind::Stop)?;
        let document = stopping.document.clone();
        let order = StopOrder {
            ground: stopping.ground,
            document: document.ok_or(Refusal::StopDocumentMissing)?,
            reason: stopping.reason.clone().ok_or(Refusal::ReasonMissing)?,
            by: facts.by.clone(),
            behalf: facts.behalf(),
        };
        Ok(vec![Event::Stopped {
            at: facts.now,
            rule: Rule::StopDocument.id().to_owned(),
            order: Some(order),
            refund: self.refund(facts.procedure),
            number: facts.paper_number(CommandKind::Stop, record),
        }])
    }

    pub(super) fn close_unanswered(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Incomplete(record, request) | Self::Paused(record, _, request) => {
                judge_unlisted(facts)?;
                judge_silence(request, facts)?;
                Ok(vec![Event::Stopped {
                    at: facts.now,
                    rule: Rule::AnswerPeriod.id().to_owned(),
                    order: None,
                    refund: self.refund(facts.procedure),
                    number: facts.paper_number(CommandKind::CloseUnanswered, record),
                }])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::CloseUnanswered)),
        }
    }

    /// What was filed and not settled is withdrawn once the centre has answered (2, 4, 5, 6 → 7).
    fn withdrawable(&self) -> Result<&Record, Refusal> {
        match self {
            Self::Incomplete(record, _)
            | Self::Received(record, _)
            | Self::Processing(record, _)
            | Self::Paused(record, ..)
            | Self::Obliged(record, _) => Ok(record),
            Self::Absent
            | Self::Submitted(_)
            | Self::Declined(_)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Withdraw)),
        }
    }

    /// What becomes of the charge when the dossier, held to this version of its procedure, ends here
    /// without the result that was asked for; none where nothing was paid beforehand.
    pub fn refund(&self, procedure: &Procedure) -> Option<Refund> {
        let record = self.record()?;
        let handed_over = self.at_step().is_some_and(|at| at.index > 0);
        let reached = match record.received_at {
            None => Reached::Filed,
            Some(_) if handed_over => Reached::Processing,
            Some(_) => Reached::Received,
        };
        refund(record, reached, procedure)
    }
}

/// What becomes of a charge that was paid beforehand; none where nothing was paid. Each published
/// line has its rule; what no line explains has the usual one.
pub(super) fn refund(record: &Record, reached: Reached, procedure: &Procedure) -> Option<Refund> {
    let filed = &record.filed;
    let paid = paid(record).filter(|paid| paid.0 > 0)?;
    let published = procedure.charge(filed.channel, &filed.certified);
    let rest = if RefundRule::default().gives_back(reached) {
        Dong(0)
    } else {
        Dong(filed.fee.0.saturating_sub(published.0).max(0))
    };
    let kept = procedure.kept(filed.channel, &filed.certified, reached);
    let kept = kept.plus(rest).unwrap_or(kept).min(paid);
    let back = Dong(paid.0.saturating_sub(kept.0));
    Some(Refund { back, kept })
}

/// What was paid beforehand: of what an agent of the post filed, the money that she took; otherwise
/// what the counter takes when it receives, for which Form 01 is the receipt. Before that nobody took
/// anything.
fn paid(record: &Record) -> Option<Dong> {
    let filed = &record.filed;
    match (filed.payment, &filed.agent) {
        (Payment::Before, None) => record.received_at.map(|_| filed.fee),
        (Payment::Before, Some(_)) => record.collected(),
        (Payment::After | Payment::Free, _) => None,
    }
}

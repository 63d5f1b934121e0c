//! The ends without a result: refusal to receive, withdrawal, stop, silence; and what becomes of
//! the charge.

use crate::dossier::commands::{CommandKind, Stopping};
use crate::dossier::course::{Refund, StopOrder};
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::ids::{FileHash, TextId};
use crate::procedure::RefundRule;
use crate::rules::Rule;

use super::Judged;
use super::supplement::judge_silence;

impl Dossier {
    pub(super) fn decline(&self, reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        let record = match self {
            Self::Submitted(record) => record,
            Self::Incomplete(record, request) => {
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
        Ok(vec![Event::Declined {
            at: facts.now,
            reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
            refund: self.refund(record, facts),
        }])
    }

    pub(super) fn withdraw(&self, request: Option<&FileHash>, facts: &Facts<'_>) -> Judged {
        let record = self.unsettled(CommandKind::Withdraw)?;
        Ok(vec![Event::Withdrawn {
            at: facts.now,
            request: request.ok_or(Refusal::RequestMissing)?.clone(),
            refund: self.refund(record, facts),
        }])
    }

    pub(super) fn stop(&self, stopping: &Stopping, facts: &Facts<'_>) -> Judged {
        let (record, _) = self.begun(CommandKind::Stop)?;
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
            refund: self.refund(record, facts),
        }])
    }

    pub(super) fn close_unanswered(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Incomplete(record, request) | Self::Paused(record, _, request) => {
                judge_silence(request, facts)?;
                Ok(vec![Event::Stopped {
                    at: facts.now,
                    rule: Rule::AnswerPeriod.id().to_owned(),
                    order: None,
                    refund: self.refund(record, facts),
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

    /// Whether what was charged is given back now; nothing where nothing was charged.
    fn refund(&self, record: &Record, facts: &Facts<'_>) -> Option<Refund> {
        if record.filed.fee.0 <= 0 {
            return None;
        }
        let rule = facts.procedure.refund(record.filed.channel);
        let handed_over = self.at_step().is_some_and(|at| at.index > 0);
        let due = match rule {
            RefundRule::Never => false,
            RefundRule::BeforeReception => record.received_at.is_none(),
            RefundRule::BeforeProcessing => !handed_over,
            RefundRule::Always => true,
        };
        Some(Refund { due, rule })
    }
}

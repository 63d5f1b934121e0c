//! Settlement and return. Overdue is an attribute: it never blocks any of them.

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{AtStep, Dossier, Issued, Receiver, Record};
use crate::process::Product;

use super::Judged;
use super::processing::product;
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

    pub(super) fn return_result(&self, receiver: &Receiver, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Settled(..) => match receiver {
                Receiver::Authorised { shown: false, .. } => Err(Refusal::AuthorisationMissing),
                Receiver::Authorised { shown: true, .. }
                | Receiver::Applicant
                | Receiver::Post
                | Receiver::Electronic => Ok(vec![Event::Returned {
                    at: facts.now,
                    receiver: receiver.clone(),
                }]),
            },
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

fn settle(record: &Record, at: &AtStep, facts: &Facts<'_>) -> Judged {
    judge_holder(at, facts)?;
    if product(at, facts) != Some(Product::Result) {
        return Err(Refusal::NotIssuingStep);
    }
    let draft = at.draft.as_ref().ok_or(Refusal::ResultMissing)?;
    let approved_by = at.approved_by.as_ref().ok_or(Refusal::NotApproved)?.clone();
    let issued = Issued {
        outcome: draft.outcome,
        document: draft.document.clone(),
        official: None,
        number: format!("{:02}/KQ-{}", facts.number, record.filed.competent),
        at: facts.now,
        approved_by,
    };
    Ok(vec![Event::Settled {
        issued,
        step_due: facts.step_due(at.index.saturating_add(1)),
    }])
}

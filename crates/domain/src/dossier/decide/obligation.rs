//! Financial obligations: the notice, and the proof that it was met; the clock stands still between.

use crate::dossier::commands::{CommandKind, ObligationNotice};
use crate::dossier::course::{Noticed, Proof};
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::Dossier;

use super::Judged;
use super::asking::judge_examining;
use super::correction::judge_asks_nothing;
use super::supplement::{judge_holder, resumed};

impl Dossier {
    pub(super) fn notice_obligation(&self, notice: &ObligationNotice, facts: &Facts<'_>) -> Judged {
        let (record, at) = self.processing(CommandKind::NoticeObligation)?;
        judge_holder(at, facts)?;
        judge_examining(at, facts)?;
        judge_asks_nothing(record)?;
        let text = notice.text.clone().ok_or(Refusal::ReasonMissing)?;
        let amount = notice.amount.filter(|amount| amount.0 > 0);
        Ok(vec![Event::ObligationNoticed(Noticed {
            at: facts.now,
            notice: text,
            amount: Some(amount.ok_or(Refusal::AmountMissing)?),
            pay_by: notice.pay_by,
            document: notice.document.clone(),
        })])
    }

    pub(super) fn meet_obligation(&self, proof: Option<&Proof>, facts: &Facts<'_>) -> Judged {
        let Self::Obliged(record, at) = self else {
            return Err(self.no_move(CommandKind::MeetObligation));
        };
        let proof = proof.ok_or(Refusal::ProofMissing)?.clone();
        let from = record.pauses.last().map_or(facts.now, |pause| pause.from);
        Ok(vec![Event::ObligationMet {
            at: facts.now,
            promised: resumed(record, facts)?,
            step_due: facts.step_resumed(at.due, from)?,
            proof: Some(proof),
        }])
    }
}

//! Hand-over by the public post: what an agent filed, and what came to her as a supplement, counts
//! as submitted by the law when both sides have signed the joint record (QĐ 45/2016/QĐ-TTg Điều 7).

use crate::dossier::commands::{ByPost, CommandKind};
use crate::dossier::course::PostRecord;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::parameters::Key;

use super::Judged;

impl Dossier {
    pub(super) fn hand_by_post(&self, handing: &ByPost, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Submitted(record) => {
                judge_hands(record, handing, facts)?;
                if !record.course.posts.is_empty() {
                    return Err(Refusal::PostRecordSigned);
                }
                Ok(vec![Event::HandedByPost(signed(handing, facts))])
            }
            // What is completed before reception is submitted when it is complete.
            Self::Incomplete(record, _) => {
                judge_hands(record, handing, facts)?;
                let mut events = self.supply(&handing.handed, facts)?;
                events.push(Event::HandedByPost(signed(handing, facts)));
                Ok(events)
            }
            Self::Paused(record, ..) => {
                judge_hands(record, handing, facts)?;
                let supplied = self.supply(&handing.handed, facts)?;
                let by_post = Event::SupplementHandedByPost(signed(handing, facts));
                Ok([by_post].into_iter().chain(supplied).collect())
            }
            Self::Absent
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::HandByPost)),
        }
    }
}

/// What the post filed is not submitted before its record is signed, so nobody receives it.
pub(super) fn judge_submitted(record: &Record) -> Result<(), Refusal> {
    if record.is_with_agent() {
        Err(Refusal::PostRecordUnsigned)
    } else {
        Ok(())
    }
}

/// What the post has had for longer than it has to bring it, and never brought, the centre may end in
/// writing: the applicant learns of it, and files anew.
pub(super) fn judge_declinable(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    judge_unlisted(facts)?;
    let within = facts.parameter_limit(Key::PostBring, record);
    let never_came = facts
        .due(record.submitted_at, within, &[])
        .is_ok_and(|until| facts.now > until);
    if never_came {
        Ok(())
    } else {
        judge_submitted(record)
    }
}

/// What lies on the centre's desk with a record that it has not signed is not ended as if it had never
/// come: its money would belong to nobody.
pub(super) fn judge_unlisted(facts: &Facts<'_>) -> Result<(), Refusal> {
    if facts.listed {
        Err(Refusal::PostRecordWaits)
    } else {
        Ok(())
    }
}

/// An agent filed it, and two persons sign.
fn judge_hands(record: &Record, handing: &ByPost, facts: &Facts<'_>) -> Result<(), Refusal> {
    if record.filed.agent.is_none() {
        return Err(Refusal::NotByPost);
    }
    if facts.is_one_of(&handing.from, None) {
        return Err(Refusal::OwnHands);
    }
    Ok(())
}

fn signed(handing: &ByPost, facts: &Facts<'_>) -> PostRecord {
    PostRecord {
        at: facts.now,
        record: handing.record.clone(),
        by: facts.by.clone(),
        behalf: facts.behalf(),
        from: handing.from.clone(),
        collected: handing.collected,
        answer_by: facts.answer_by(),
    }
}

//! The joint record of the post and the centre: its signature is the legal time of submission (QĐ
//! 45/2016/QĐ-TTg Điều 7).

use crate::dossier::commands::CommandKind;
use crate::dossier::course::PostRecord;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::Dossier;
use crate::ids::StaffId;
use crate::procedure::Channel;

use super::Judged;

impl Dossier {
    pub(super) fn hand_by_post(&self, record: &str, from: &StaffId, facts: &Facts<'_>) -> Judged {
        let command = CommandKind::HandByPost;
        let filing = match self {
            Self::Submitted(filing) => filing,
            Self::Absent
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => return Err(self.no_move(command)),
        };
        if filing.filed.channel != Channel::Post {
            return Err(Refusal::NotByPost);
        }
        if filing.course.post.is_some() {
            return Err(Refusal::PostRecordSigned);
        }
        if facts.is_one_of(from, None) {
            return Err(Refusal::OwnHands);
        }
        Ok(vec![Event::HandedByPost(PostRecord {
            at: facts.now,
            record: record.to_owned(),
            by: facts.by.clone(),
            behalf: facts.behalf(),
            from: from.clone(),
            answer_by: facts.answer_by(),
        })])
    }
}

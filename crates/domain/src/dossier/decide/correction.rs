//! Corrections of a result that was issued in error (NĐ 61/2018 Điều 21.1): a linked dossier at the
//! agency's cost. The app gives the two commands here together with those of the linked dossier.

use crate::dossier::commands::{CommandKind, Correcting};
use crate::dossier::course::Linked;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::Filed;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::ids::DossierId;

use super::Judged;

impl Dossier {
    pub(super) fn open_correction(&self, asked: &Correcting, facts: &Facts<'_>) -> Judged {
        let record = self.with_result(CommandKind::OpenCorrection)?;
        if asked.agency != record.filed.competent {
            return Err(Refusal::NotIssuer);
        }
        if let Some(open) = open_correction(record) {
            return Err(Refusal::CorrectionOpen {
                by: open.by.clone(),
            });
        }
        Ok(vec![Event::CorrectionOpened {
            at: facts.now,
            by: asked.by.clone(),
            correction: asked.kind,
            reason: asked.reason.clone().ok_or(Refusal::ReasonMissing)?,
            apology: asked.apology.clone().ok_or(Refusal::ApologyMissing)?,
        }])
    }

    pub(super) fn finish_correction(&self, by: &DossierId, facts: &Facts<'_>) -> Judged {
        let record = self.with_result(CommandKind::FinishCorrection)?;
        let open = open_correction(record).filter(|open| open.by == *by);
        let open = open.ok_or(Refusal::NoCorrectionOpen)?;
        Ok(vec![Event::Corrected {
            at: facts.now,
            by: by.clone(),
            correction: open.kind,
        }])
    }

    /// Its result was issued: settled, or returned.
    fn with_result(&self, command: CommandKind) -> Result<&Record, Refusal> {
        match self {
            Self::Settled(record, ..) | Self::Returned(record, _) => Ok(record),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_) => Err(self.no_move(command)),
        }
    }
}

/// A correction costs the applicant nothing, neither money nor paper.
pub(super) fn judge_corrects(filed: &Filed) -> Result<(), Refusal> {
    if filed.corrects.is_some() && (filed.fee.0 != 0 || !filed.handed.is_empty()) {
        Err(Refusal::CorrectionNotFree)
    } else {
        Ok(())
    }
}

fn open_correction(record: &Record) -> Option<&Linked> {
    let corrections = record.course.corrections.iter();
    corrections.rev().find(|linked| linked.done_at.is_none())
}

//! Corrections of a result that was issued in error (NĐ 61/2018 Điều 21.1): a linked dossier at the
//! agency's cost. The app gives the two commands here together with those of the linked dossier.

use crate::dossier::commands::{CommandKind, Correcting};
use crate::dossier::course::CorrectionEnd;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::Filed;
use crate::dossier::numbers::Book;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::ids::DossierId;

use super::Judged;

impl Dossier {
    pub(super) fn open_correction(&self, asked: &Correcting, facts: &Facts<'_>) -> Judged {
        let record = self.with_result(CommandKind::OpenCorrection)?;
        if asked.agency != *facts.agency(record) {
            return Err(Refusal::NotIssuer);
        }
        if let Some(open) = record.course.correction_open() {
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

    /// The result is marked as corrected when the correction was granted; otherwise the link ends
    /// without effect, so that another correction may be opened.
    pub(super) fn finish_correction(
        &self,
        by: &DossierId,
        end: CorrectionEnd,
        facts: &Facts<'_>,
    ) -> Judged {
        let record = self.with_result(CommandKind::FinishCorrection)?;
        let open = record.course.correction_open();
        let open = open.filter(|open| open.by == *by);
        let open = open.ok_or(Refusal::NoCorrectionOpen)?;
        let (at, by) = (facts.now, by.clone());
        Ok(vec![match end {
            CorrectionEnd::Done => Event::Corrected {
                at,
                by,
                correction: open.kind,
                number: facts.number_in(Book::Apologies, facts.agency(record)),
            },
            CorrectionEnd::Dropped => Event::CorrectionDropped { at, by },
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

/// Nor is the applicant of a correction asked for anything while it runs: the error is the agency's
/// (NĐ 61/2018 Điều 21.1).
pub(super) fn judge_asks_nothing(record: &Record) -> Result<(), Refusal> {
    match record.filed.corrects {
        Some(_) => Err(Refusal::CorrectionNotFree),
        None => Ok(()),
    }
}

/// A result whose correction is under way, or that was withdrawn or replaced, is not handed out.
pub(super) fn judge_stands(record: &Record) -> Result<(), Refusal> {
    let course = &record.course;
    if let Some(gone) = course.superseded() {
        let (by, kind) = (gone.by.clone(), gone.kind);
        return Err(Refusal::ResultSuperseded { by, kind });
    }
    match course.correction_open() {
        Some(open) => Err(Refusal::BeingCorrected {
            by: open.by.clone(),
        }),
        None => Ok(()),
    }
}

//! Copies of a result (NĐ 30/2020/NĐ-CP Điều 25 to 27): printed from the electronic original, or made
//! electronic from the original on paper. Neither moves the dossier.

use crate::dossier::commands::CommandKind;
use crate::dossier::copies::{CopyForm, Digitised, Digitising, PaperCopy};
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::numbers::Book;
use crate::dossier::refusal::Refusal;
use crate::dossier::result::Issued;
use crate::dossier::state::{Dossier, Record};
use crate::ids::TextId;

use super::Judged;
use super::correction::judge_stands;

impl Dossier {
    /// Copies on paper, printed from the electronic original of a result that stands.
    pub(super) fn copy_result(
        &self,
        (copies, asked): (u16, Option<&TextId>),
        facts: &Facts<'_>,
    ) -> Judged {
        let (record, issued) = self.issued_result(CommandKind::CopyResult)?;
        judge_stands(record)?;
        let original = issued.official.as_ref();
        let original = original.filter(|_| !facts.procedure.without_paper);
        let original = original.ok_or(Refusal::NoElectronicOriginal)?;
        if record.course.digitised.is_some() {
            return Err(Refusal::OriginalOnPaper);
        }
        let number = facts.number_in(Book::Copies, facts.agency(record));
        Ok(vec![Event::CopiedToPaper(PaperCopy {
            at: facts.now,
            by: facts.by.clone(),
            behalf: facts.behalf(),
            form: CopyForm::Whole,
            number: number.unwrap_or_default(),
            copies: copies.max(1),
            of: original.hash.clone(),
            asked: asked.cloned(),
        })])
    }

    /// An electronic copy of a result that stands and that there is on paper alone; the agency's
    /// signature follows.
    pub(super) fn digitise_result(&self, asked: &Digitising, facts: &Facts<'_>) -> Judged {
        let (record, issued) = self.issued_result(CommandKind::DigitiseResult)?;
        judge_stands(record)?;
        let electronic = issued.official.is_some() || record.course.signed;
        if electronic || facts.procedure.without_paper {
            return Err(Refusal::HasElectronicOriginal);
        }
        if record.course.digitised.is_some() {
            return Err(Refusal::BeingDigitised);
        }
        let scan = asked.scan.clone().ok_or(Refusal::CopyScanMissing)?;
        if !asked.compared {
            return Err(Refusal::NotCompared);
        }
        Ok(vec![Event::ResultDigitised(Digitised {
            at: facts.now,
            by: facts.by.clone(),
            behalf: facts.behalf(),
            form: CopyForm::Whole,
            decided_by: asked.decided_by.clone().ok_or(Refusal::CopyUndecided)?,
            scan,
        })])
    }

    /// The result of a dossier that was settled, returned or not.
    fn issued_result(&self, command: CommandKind) -> Result<(&Record, &Issued), Refusal> {
        match self {
            Self::Settled(record, _, issued) | Self::Returned(record, issued) => {
                Ok((record, issued))
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
            | Self::Stopped(_) => Err(self.no_move(command)),
        }
    }
}

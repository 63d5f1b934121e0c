//! Dossiers that correct the result of another one.

use anyhow::anyhow;
use domain::dossier::{Book, Command, CorrectionEnd, CorrectionKind, Corrects, Dossier, Outcome};
use domain::ids::PartyId;
use domain::procedure::Channel;
use jiff::civil::DateTime;

use super::beats::{Act, correction};
use super::casework::{Case, Moment};
use super::month::{Deed, Month, Turn};

impl Month<'_> {
    /// A correction that is opened begins its own dossier; one whose result is issued ends here.
    pub(super) fn linked(
        &mut self,
        index: usize,
        act: Act,
        moment: Moment<'_>,
    ) -> anyhow::Result<Option<Deed>> {
        if act == Act::OpenCorrection {
            self.begin_correction(index, moment.now)?;
            return Ok(None);
        }
        let (Act::Issue, Some((of, _))) = (act, self.cases[index].mends.clone()) else {
            return Ok(None);
        };
        let issued = self.cases[index].dossier.issued();
        let end = match issued.map(|issued| issued.outcome) {
            Some(Outcome::Granted) => CorrectionEnd::Done,
            Some(Outcome::Refused) | None => CorrectionEnd::Dropped,
        };
        let book = Book::Apologies.sequence(&self.ward.unit.id, moment.now.year());
        let number = self.registers.get(&book).copied().unwrap_or(0) + 1;
        let moment = Moment { number, ..moment };
        let by = self.cases[index].id.clone();
        let case = &self.cases[of];
        let command = Command::FinishCorrection { by, end };
        let done = case.judge(&command, self.ward, moment, &case.procedure);
        let done = done.map_err(|no| anyhow!("no end of a correction: {}", no.rule()))?;
        if end == CorrectionEnd::Done {
            self.registers.insert(book, number);
        }
        Ok(Some(self.happened(of, moment, done)))
    }

    fn begin_correction(&mut self, of: usize, now: DateTime) -> anyhow::Result<()> {
        let case = &self.cases[of];
        let corrects = Corrects {
            dossier: case.id.clone(),
            kind: CorrectionKind::Amend,
            reason: case.text(),
        };
        let beats = correction(
            &case.paper.process,
            case.beginning.is_elsewhere,
            &mut self.dice,
        );
        let mut beginning = case.beginning;
        beginning.channel = Channel::Direct;
        let linked = Case {
            id: case.correction(),
            party: PartyId::parse(&format!("{}-dc-p", case.id))?,
            paper: case.paper.clone(),
            procedure: case.paper.on(now.date()).clone(),
            dossier: Dossier::Absent,
            version: 0,
            beginning,
            beats,
            texts: 0,
            put_off: 0,
            mends: Some((of, corrects)),
        };
        self.cases.push(linked);
        self.push(now, self.cases.len() - 1, Turn::Ready);
        Ok(())
    }
}

//! What Form 02 says: what is asked for, what is wrong in what is there, why, on which basis.

use domain::dossier::{Event, Request};
use domain::slip::{CorrectionLine, Supplement};

use crate::no::No;
use crate::words::{self, Language};

use super::compose::Sheet;
use super::paper::{contact, mode_key};

const VI: Language = Language::Vi;

impl Sheet<'_> {
    pub(super) async fn supplement(&self) -> Result<Supplement, No> {
        let Event::SupplementRequested { request } = &self.made.event else {
            return Err(No::Broken("the event is no supplement request".into()));
        };
        let basis = match &request.basis {
            Some(basis) => Some(self.text(basis).await?),
            None => None,
        };
        let clock = format!(
            "{} Đề nghị bổ sung trước {}.",
            words::t(VI, mode_key(request.mode)),
            words::promise(VI, request.answer_by)
        );
        Ok(Supplement {
            heading: self.heading(),
            number: request.number.clone(),
            applicant: contact(&self.applicant),
            request: self.request(),
            components: self.lines(request.components.iter().copied()),
            corrections: self.wrong(request).await?,
            reason: self.text(&request.reason).await?,
            basis,
            clock: Some(clock),
            guidance: self.guidance().await?,
        })
    }

    /// What is wrong in components that were handed in, in the order of the table.
    async fn wrong(&self, request: &Request) -> Result<Vec<CorrectionLine>, No> {
        let lines = self.lines(request.components.iter().copied());
        let mut wrong = Vec::new();
        for correction in &request.corrections {
            let mut named = request.components.iter().zip(&lines);
            if let Some((_, line)) = named.find(|(number, _)| **number == correction.component) {
                wrong.push(CorrectionLine {
                    number: line.number,
                    name: line.name.clone(),
                    what: self.text(&correction.what).await?,
                });
            }
        }
        Ok(wrong)
    }
}

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

#[cfg(test)]
mod tests {
    use domain::slip::Form;
    use serde_json::Value;

    use crate::intake::{AtCounter, Ending, receive};
    use crate::jobs::{slip_content, work_off};
    use crate::people::testing::{clerk, key, printing, typed};

    #[tokio::test]
    async fn form_02_says_what_is_wrong_in_each_paper_that_is_there() {
        let (app, _) = printing().await;
        let here = clerk(&app, "Phường Hạc Thành");
        let input = AtCounter {
            ending: Ending::AskSupplement,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("procedure", "1.000689"),
                ("c1", "paper"),
                ("c2", "paper"),
                ("ask", "3"),
                ("w2", "Sai ngày sinh"),
                ("reason", "Thiếu chứng cứ"),
            ]),
            draft: None,
            key: key(),
        };
        let filed = receive(&app, &here, input).await.unwrap();
        while work_off(&app).await.unwrap() > 0 {}
        eprintln!("STUCK {:?}", app.store().stuck().await);
        let slip = slip_content(&app, &here, &filed.dossier, Form::Supplement).await;
        let slip: Value = serde_json::from_slice(&slip.unwrap().unwrap()).unwrap();
        let said = slip.to_string();
        let slip = slip.as_object().unwrap().values().find(|v| v.is_object());
        let slip = slip
            .cloned()
            .unwrap_or_else(|| serde_json::from_str(&said).unwrap());
        let wrong = slip["corrections"].as_array().unwrap();
        assert_eq!(wrong.len(), 1, "{said}");
        assert_eq!(wrong[0]["number"], 1, "its order in the table");
        assert_eq!(wrong[0]["what"], "Sai ngày sinh");
        assert!(wrong[0]["name"].as_str().unwrap().contains("chứng sinh"));
        assert_eq!(slip["components"].as_array().unwrap().len(), 2);
    }
}

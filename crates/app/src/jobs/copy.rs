//! The form of a copy on paper (NĐ 30/2020/NĐ-CP, Phụ lục I phần II), and the whole copy as it is
//! printed: the pages of the original as they are seen, with the form after them.

use domain::dossier::{Event, PaperCopy as Made};
use domain::slip::{Form, Heading, PaperCopy};
use store::Loaded;

use crate::no::No;
use crate::state::App;
use crate::verification::PaperKind;
use crate::words::{self, Language};

use super::compose::Sheet;
use super::letter::{issuer, result_kind, signer_for};

const VI: Language = Language::Vi;

impl Sheet<'_> {
    pub(super) async fn paper_copy(&self, loaded: &Loaded) -> Result<PaperCopy, No> {
        let copy = made(&self.made.event)?;
        let issued = loaded.dossier.issued();
        let issued = issued.ok_or_else(|| No::Broken("nothing was issued".into()))?;
        let (number, symbol) = copy.number.split_once('/').unwrap_or((&copy.number, ""));
        let (agency, day) = (&self.record.filed.competent, copy.at.date());
        Ok(PaperCopy {
            heading: Heading {
                at: copy.at,
                ..issuer(self.app, self.record, agency, day)
            },
            copy_form: copy.form.title().to_owned(),
            number: number.to_owned(),
            symbol: symbol.to_owned(),
            kind: result_kind(&self.procedure, issued.outcome),
            original: issued.number.clone(),
            issued: issued.at,
            copies: copy.copies,
            signer: signer_for(self.app, (&copy.by, day), copy.behalf.as_ref(), agency).await?,
            recipients: vec![words::t(VI, "letter.recipients").to_owned()],
        })
    }
}

/// The whole copy: the original that the event names, and its form.
pub(super) async fn whole(app: &App, event: &Event, form: Vec<u8>) -> Result<Vec<u8>, No> {
    let original = app.files().get(&made(event)?.of).await?;
    Ok(app.slips().copy(original, form).await?)
}

/// As which paper the public verifies a form: a copy as what it copies, for it is worth as much.
pub(super) fn verified_as(form: Form) -> PaperKind {
    match form {
        Form::PaperCopy => PaperKind::Result,
        form => PaperKind::Form(form),
    }
}

fn made(event: &Event) -> Result<&Made, No> {
    match event {
        Event::CopiedToPaper(copy) => Ok(copy),
        _ => Err(No::Broken("the event is no copy".into())),
    }
}

//! The draft of a result: laid out from its text, or made elsewhere.

use domain::dossier::{Command, File, Outcome};

use crate::no::{Fault, No};
use crate::signing::SignError;
use crate::state::App;

use super::prepare::{NewFile, PDF, Prepared, Said, kept};

/// The draft of a result; the document is printed from its text, where there is one, once the draft
/// is known to be lawful. Until then the text stands for it.
pub(super) fn lettered(app: &App, says: (Outcome, String), (summary, texts): Said) -> Prepared {
    let (outcome, text) = says;
    let document = summary.as_ref().map(|_| File {
        hash: app.files().name(text.as_bytes()),
        bytes: 0,
    });
    let letter = document.is_some().then_some((outcome, text));
    let command = Command::DraftResult {
        outcome,
        document,
        uploaded: false,
        summary,
    };
    Prepared {
        texts,
        letter,
        ..Prepared::of(command)
    }
}

/// A document made elsewhere, which can take number, day and signatures; none when none is given.
pub(super) async fn signable(app: &App, document: Vec<u8>) -> Result<Option<NewFile>, No> {
    let file = kept(app, ("document", document), &PDF)?;
    let Some(file) = file else {
        return Ok(None);
    };
    match app.signatures().ready(file.content.clone()).await {
        Ok(_) => Ok(Some(file)),
        Err(SignError::Document(_)) => {
            let fault = Fault::new("document", "fault.document_unready");
            Err(No::Invalid(vec![fault]))
        }
        Err(error) => Err(No::Broken(Box::new(error))),
    }
}

/// The draft of a result that somebody made elsewhere.
pub(super) fn uploaded(outcome: Outcome, (summary, texts): Said, file: NewFile) -> Prepared {
    let document = File {
        hash: file.hash.clone(),
        bytes: file.content.len() as u64,
    };
    let command = Command::DraftResult {
        outcome,
        document: Some(document),
        uploaded: true,
        summary,
    };
    Prepared {
        texts,
        files: vec![file.content],
        ..Prepared::of(command)
    }
}

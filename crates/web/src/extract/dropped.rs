//! A file that anybody hands in to be compared. It changes nothing, so no secret of a form proves it.

use axum::extract::{FromRequest, Request};

use super::body::{Files, read};
use crate::error::Trouble;
use crate::session::{Visitor, language};
use crate::state::Web;
use crate::words::Words;

/// The file, and who sent it.
#[derive(Debug)]
pub(crate) struct Dropped {
    pub(crate) visitor: Visitor,
    /// Empty when none was chosen.
    pub(crate) content: Vec<u8>,
}

impl FromRequest<Web> for Dropped {
    type Rejection = Trouble;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Trouble> {
        let visitor = Visitor {
            w: Words(language(request.headers(), request.uri().query())),
            here: request.uri().path().to_owned(),
        };
        let (_, uploads) = read(request, Files::Take).await?;
        let file = uploads.into_iter().find(|upload| upload.field == FIELD);
        Ok(Self {
            visitor,
            content: file.map(|file| file.content).unwrap_or_default(),
        })
    }
}

/// The field's name.
const FIELD: &str = "tep";

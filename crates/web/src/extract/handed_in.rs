//! A document that a program hands in with the word of its address and no session.

use axum::extract::Request;

use super::body::{Files, read};
use crate::error::Trouble;

/// The field's name, as programs that sign send it.
const FIELD: &str = "uploadfile";

/// The one file of the form.
pub(crate) async fn handed_in(request: Request) -> Result<Vec<u8>, Trouble> {
    let (_, mut uploads) = read(request, Files::Take).await?;
    match (uploads.pop(), uploads.is_empty()) {
        (Some(file), true) if file.field == FIELD => Ok(file.content),
        _ => Err(Trouble::Unreadable),
    }
}

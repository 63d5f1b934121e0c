//! Bodies of forms.

#[path = "../../crates/web/src/extract/body.rs"]
mod body;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;

use body::{Files, read};

/// Fields by name, and files by the name of their field.
pub type Form = (Vec<(String, String)>, Vec<(String, Vec<u8>)>);

/// What the body of a form says; with its files, or with their names alone.
pub fn form(kind: &str, body: &[u8], with_files: bool) -> Option<Form> {
    let request = Request::builder().header(CONTENT_TYPE, kind);
    let request = request.body(Body::from(body.to_vec())).ok()?;
    let files = if with_files { Files::Take } else { Files::Skip };
    let read = crate::network::answered(Vec::new(), read(request, files));
    let (fields, uploads) = read.ok()?;
    let uploads = uploads.into_iter().map(|one| (one.field, one.content));
    Some((fields, uploads.collect()))
}

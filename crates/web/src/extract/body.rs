//! What the body of a form says: fields and files, in their order.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;

use crate::error::Trouble;
use crate::session::header;

/// Bytes of a request that carries files: a few of the largest; the route's own limit.
pub(crate) const SCANS_BYTES: usize = 48 * 1024 * 1024;
/// Bytes of the words of a form that carries files.
const MOST_WORDS: usize = 1024 * 1024;
/// Fields and files of one form.
const MOST_FIELDS: usize = 4_000;

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The field's name.
    pub(crate) field: String,
    /// The content; empty when no file was chosen.
    pub(crate) content: Vec<u8>,
}

pub(super) type Fields = Vec<(String, String)>;

/// What becomes of the content of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    Take,
    /// They are named, and empty.
    Skip,
}

pub(super) async fn read(request: Request, files: Files) -> Result<(Fields, Vec<Upload>), Trouble> {
    let kind = header(request.headers(), CONTENT_TYPE.as_str());
    let (fields, uploads) = if kind.starts_with("multipart/form-data") {
        parts(request, files).await?
    } else {
        let body = Bytes::from_request(request, &())
            .await
            .map_err(Trouble::of_body)?;
        (urlencoded(&body)?, Vec::new())
    };
    if fields.len() > MOST_FIELDS {
        return Err(Trouble::TooLarge);
    }
    Ok((fields, uploads))
}

/// Names and values in their order.
pub(super) fn urlencoded(body: &[u8]) -> Result<Fields, Trouble> {
    let fields: Fields = serde_html_form::from_bytes(body).map_err(|_| Trouble::Unreadable)?;
    Ok(fields
        .into_iter()
        .map(|(name, value)| (text(&name), text(&value)))
        .collect())
}

async fn parts(request: Request, files: Files) -> Result<(Fields, Vec<Upload>), Trouble> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Trouble::Unreadable)?;
    let (mut fields, mut uploads, mut words) = (Vec::new(), Vec::new(), 0);
    let failed = |error: MultipartError| Trouble::of_multipart(&error);
    while let Some(mut part) = form.next_field().await.map_err(failed)? {
        let name = text(part.name().unwrap_or_default());
        let is_file = part.file_name().is_some_and(|file| !file.is_empty());
        let mut content = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(failed)? {
            if !is_file || files == Files::Take {
                content.extend_from_slice(&chunk);
            }
            if !is_file && words + content.len() > MOST_WORDS {
                return Err(Trouble::TooLarge);
            }
        }
        if part.file_name().is_some() {
            uploads.extend(is_file.then_some(Upload {
                field: name,
                content,
            }));
        } else {
            words += content.len();
            fields.push((name, text(&String::from_utf8_lossy(&content))));
        }
        if fields.len() + uploads.len() > MOST_FIELDS {
            return Err(Trouble::TooLarge);
        }
    }
    Ok((fields, uploads))
}

/// A NUL has no place in any text and some databases refuse it.
fn text(sent: &str) -> String {
    sent.replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_multipart_form_gives_fields_and_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\nRút đơn\r\n\
             --b\r\nContent-Disposition: form-data; name=\"request\"; filename=\"a.pdf\"\r\n\r\n\
             %PDF-1.7\r\n--b--\r\n";
        let request = || {
            Request::builder()
                .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
                .body(body.into())
                .unwrap()
        };
        let reason = vec![("reason".to_owned(), "Rút đơn".to_owned())];
        let file = |content: &[u8]| Upload {
            field: "request".to_owned(),
            content: content.to_vec(),
        };
        let taken = read(request(), Files::Take).await.unwrap();
        assert_eq!(taken, (reason.clone(), vec![file(b"%PDF-1.7")]));
        let skipped = read(request(), Files::Skip).await.unwrap();
        assert_eq!(
            skipped,
            (reason, vec![file(b"")]),
            "its words are kept alone"
        );
    }
}

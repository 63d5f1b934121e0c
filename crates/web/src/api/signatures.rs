//! What the signatures of a dossier's files are worth.

use std::collections::BTreeMap;

use app::verification::{Found, Signature, SignatureKind, check_again, said};
use axum::Json;
use axum::extract::{Path, State};
use domain::ids::{DossierId, FileHash};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::stamp;
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// A file of a dossier and its signatures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedFile {
    /// SHA-256 of the file.
    file: String,
    /// When it was checked.
    checked: String,
    /// The verdict on the file: `signature.valid`, `signature.none`, `pdf.refused.…`, ….
    verdict: String,
    /// The same in words, a line for each signature.
    words: Vec<String>,
    /// Signatures and time stamps, in the order in which they were made.
    signatures: Vec<SignatureItem>,
}

/// A signature or time stamp.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignatureItem {
    /// `signature` or `time_stamp`.
    kind: &'static str,
    /// Whose certificate it is.
    who: String,
    /// Who issued the certificate.
    issuer: String,
    /// `national`, `government` or `other`; empty where the chain is not trusted.
    root: String,
    /// When it was made.
    at: Option<String>,
    /// Whether a trusted time stamp proves the time.
    proven: bool,
    /// The verdict on it.
    verdict: String,
    /// What became of the file since: `signature.since.nothing`, ….
    since: String,
}

impl From<&Signature> for SignatureItem {
    fn from(signature: &Signature) -> Self {
        Self {
            kind: match signature.kind {
                SignatureKind::Signature => "signature",
                SignatureKind::TimeStamp => "time_stamp",
            },
            who: signature.who.clone(),
            issuer: signature.issuer.clone(),
            root: signature.root.clone(),
            at: signature.at.map(stamp),
            proven: signature.proven,
            verdict: signature.key.clone(),
            since: signature.since.clone(),
        }
    }
}

/// Files that were checked, in words of that language.
pub(super) fn signed_files(w: Words, found: &BTreeMap<FileHash, Found>) -> Vec<SignedFile> {
    let file = |(hash, found): (&FileHash, &Found)| SignedFile {
        file: hash.to_string(),
        checked: stamp(found.at),
        verdict: found.verdict.key.clone(),
        words: said(w.0, &found.verdict),
        signatures: found.verdict.signatures.iter().map(Into::into).collect(),
    };
    found.iter().map(file).collect()
}

/// Checks the signatures of every file of a dossier again, asking about revocation. It is logged.
#[utoipa::path(post, path = "/api/v1/dossiers/{dossier}/signatures", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, body = Vec<SignedFile>, description = "What was found"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see")))]
pub(crate) async fn check(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer<Json<Vec<SignedFile>>> {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let found = check_again(&web.app, &staff.actor, &dossier).await?;
    Ok(Json(signed_files(staff.words(), &found)))
}

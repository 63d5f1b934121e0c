//! What somebody would sign, read before it is signed.

use app::certificates::not_signing;
use app::signing::{ReadWith, document_to_sign, readable};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use domain::ids::DossierId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Answer, Problem, Trouble, fault_lines};
use crate::pages::document;
use crate::session::Staff;
use crate::state::Web;

/// What the caller would sign in a dossier now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningBody {
    /// The dossier's version that it is made of.
    version: u32,
    /// SHA-256 of the document: the command `sign_result` names it.
    document: String,
    /// What is signed with it in files of their own, in order: read at `result/attachments/{n}`.
    attachments: Vec<SigningAttachment>,
    /// Subject of the certificate; none where nothing can be signed.
    certificate: Option<String>,
    /// The certificate's last moment.
    valid_to: Option<String>,
    /// Why nothing can be signed.
    blocked: Option<String>,
}

/// An attachment that is signed with its document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningAttachment {
    /// What it is called.
    title: String,
    /// SHA-256 of its file.
    file: String,
}

impl From<ReadWith> for SigningAttachment {
    fn from(read: ReadWith) -> Self {
        Self {
            title: read.title,
            file: read.file.to_string(),
        }
    }
}

/// Says what the caller would sign, and with which certificate.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/signing", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, body = SigningBody, description = "What would be signed"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not this person"),
        (status = 404, body = Problem, description = "None that the person may see"),
        (status = 422, body = Problem, description = "There is nothing to sign")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let found = readable(&web.app, &staff.actor, &dossier).await?;
    let certificate = found.signer.as_ref().ok().map(|signer| &signer.certificate);
    let why = found.signer.as_ref().err();
    let words = |why| {
        let mut lines = fault_lines(staff.words(), &[not_signing(why)]).into_iter();
        lines.next().map(|line| line.message)
    };
    let body = SigningBody {
        version: found.version,
        document: found.hash.to_string(),
        attachments: found.attachments.into_iter().map(Into::into).collect(),
        certificate: certificate.map(|one| one.subject.clone()),
        valid_to: certificate.map(|one| one.valid_to.to_string()),
        blocked: why.and_then(|why| words(*why)),
    };
    Ok(Json(body).into_response())
}

/// The document that the caller would sign.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/signing/document", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The document"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not this person"),
        (status = 404, body = Problem, description = "None that the person may see"),
        (status = 422, body = Problem, description = "There is nothing to sign")))]
pub(crate) async fn read(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let found = document_to_sign(&web.app, &staff.actor, &dossier).await?;
    Ok(document("van-ban-ky.pdf", found.content))
}

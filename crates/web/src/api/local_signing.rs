//! Signing with a token at the caller's own desk: a document is given out by one address and taken
//! back by another, each of which is a right by itself.

use app::no::Fault;
use app::signing::Approval;
use app::signing::local::{self, Attempt, GivenOut, Next};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::{DossierId, FileHash};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble};
use crate::extract::Once;
use crate::pages::addresses;
use crate::session::Staff;
use crate::state::Web;

/// What is to be signed at the desk.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct NewLocalSigningBody {
    /// The version that was looked at.
    version: u32,
    /// SHA-256 of the document that was read.
    document: String,
}

/// Where the document is, and where the signed one goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocalSigningMade {
    /// Identifier of the attempt.
    attempt: String,
    /// Gives the document a few times. Whoever knows it reads it: keep it to yourself.
    file: String,
    /// Takes the signed document once, as the field `uploadfile` of a multipart form.
    upload: String,
    /// The last moment for both.
    until: String,
}

/// Where an attempt stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocalSigningBody {
    /// `waiting`, `over`, `approved` or `refused`.
    state: &'static str,
    /// Why a document was not taken: the key of a message.
    reason: String,
}

/// Gives the document that was read out, to be signed with a token at the caller's own desk.
#[utoipa::path(post, path = "/api/v1/dossiers/{dossier}/local-signings", tag = "dossiers",
    request_body = NewLocalSigningBody, security(("session" = [])),
    params(("dossier" = String, Path),
        ("X-CSRF-Token" = String, Header), ("Idempotency-Key" = String, Header,
            description = "of the approval: attempts under one key approve once")),
    responses((status = 201, body = LocalSigningMade, description = "Given out for ten minutes"),
        (status = 400, body = Problem, description = "Unreadable, or no one-time key"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not this person"),
        (status = 404, body = Problem, description = "None that the person may see"),
        (status = 409, body = Problem, description = "Somebody was faster"),
        (status = 422, body = Problem, description = "Refused by a rule, or the key is elsewhere")))]
pub(crate) async fn begin(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Path(dossier): Path<String>,
    Body(body): Body<NewLocalSigningBody>,
) -> Answer<(StatusCode, Json<LocalSigningMade>)> {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let changed = || app::No::Invalid(vec![Fault::new("document", "fault.document_changed")]);
    let approval = Approval {
        dossier,
        version: body.version,
        key,
        document: FileHash::parse(&body.document).map_err(|_| changed())?,
    };
    let given = local::begin(&web.app, &staff.actor, &staff.token, &approval).await?;
    Ok((StatusCode::CREATED, Json(made(given))))
}

fn made(given: GivenOut) -> LocalSigningMade {
    let (file, upload) = addresses(&given);
    LocalSigningMade {
        file,
        upload,
        until: stamp(given.until),
        attempt: given.attempt,
    }
}

/// Says where an attempt of the caller's stands.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/local-signings/{attempt}", tag = "dossiers",
    security(("session" = [])),
    params(("dossier" = String, Path), ("attempt" = String, Path)),
    responses((status = 200, body = LocalSigningBody, description = "Where it stands"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None of the caller's")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path((dossier, attempt)): Path<(String, String)>,
) -> Answer<Json<LocalSigningBody>> {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let found = local::attempt(&web.app, &staff.actor, (&dossier, &attempt)).await?;
    Ok(Json(LocalSigningBody::from(found)))
}

impl From<Attempt> for LocalSigningBody {
    fn from(found: Attempt) -> Self {
        let state = found.as_str();
        let reason = match found {
            Attempt::Refused { reason } => reason,
            Attempt::Waiting { .. } | Attempt::Over | Attempt::Approved => String::new(),
        };
        Self { state, reason }
    }
}

/// A document of a batch that is given out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchDocumentGiven {
    /// Whether it is signed already, and nothing is given out.
    signed: bool,
    /// Where it is, and where the signed one goes.
    given: Option<LocalSigningMade>,
}

/// Gives a document of a batch out that was read, to be signed with a token at the caller's own desk.
#[utoipa::path(post, path = "/api/v1/signing-batches/{batch}/{place}/local-signings", tag = "signing",
    security(("session" = [])),
    params(("batch" = String, Path), ("place" = i64, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 201, body = BatchDocumentGiven, description = "Given out for ten minutes"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "The dossier waits for somebody else"),
        (status = 404, body = Problem, description = "No such document, or another's"),
        (status = 409, body = Problem, description = "Somebody was faster"),
        (status = 422, body = Problem, description = "It was not read, or the key is elsewhere")))]
pub(crate) async fn begin_item(
    State(web): State<Web>,
    staff: Staff,
    Path((batch, place)): Path<(String, i64)>,
) -> Answer<(StatusCode, Json<BatchDocumentGiven>)> {
    let at = (batch.as_str(), place);
    let next = local::begin_item(&web.app, &staff.actor, &staff.token, at).await?;
    let given = match next {
        Next::Signed => None,
        Next::Given(given) => Some(made(given)),
    };
    let signed = given.is_none();
    Ok((
        StatusCode::CREATED,
        Json(BatchDocumentGiven { signed, given }),
    ))
}

/// Says where an attempt at a document of a batch stands, and notes it in the batch.
#[utoipa::path(get, path = "/api/v1/signing-batches/{batch}/{place}/local-signings/{attempt}",
    tag = "signing", security(("session" = [])),
    params(("batch" = String, Path), ("place" = i64, Path), ("attempt" = String, Path)),
    responses((status = 200, body = LocalSigningBody, description = "Where it stands"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None of the caller's")))]
pub(crate) async fn show_item(
    State(web): State<Web>,
    staff: Staff,
    Path((batch, place, attempt)): Path<(String, i64, String)>,
) -> Answer<Json<LocalSigningBody>> {
    let at = (batch.as_str(), place);
    let found = local::attempt_at(&web.app, &staff.actor, at, &attempt).await?;
    Ok(Json(LocalSigningBody::from(found)))
}

//! Signing in batches: what waits, a batch, its documents and its progress.

use app::No;
use app::no::Fault;
use app::signing::Pin;
use app::signing::batch::{self, BatchPage, Chosen, SigningItemRow, ToSignRow};
use app::signing::remote;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::DossierId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble};
use crate::extract::Once;
use crate::pages::document as pdf;
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;

/// A dossier that waits for the caller's signature.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToSignItem {
    /// Identifier.
    dossier: String,
    /// Its number.
    code: Option<String>,
    /// Code of the procedure.
    procedure: String,
    /// Name of the owner.
    owner: String,
    /// The time published to the applicant.
    due: Option<String>,
}

/// A batch of the caller's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningBatchLine {
    /// Identifier.
    batch: String,
    /// When it was made.
    made: String,
    /// `preparing`, `ready`, `running`, `asked` (of a service, on the phone), `stopped` or `done`.
    stage: &'static str,
    /// Documents that were not taken out.
    listed: i64,
    /// Documents that are signed.
    signed: i64,
    /// Documents that may still be signed.
    open: i64,
}

/// What waits for the caller's signature.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToSignBody {
    /// Dossiers that lie in no open batch, the most urgent first.
    items: Vec<ToSignItem>,
    /// The newest batches.
    batches: Vec<SigningBatchLine>,
}

/// A batch to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct NewSigningBatchBody {
    /// Identifiers of dossiers, at most 500.
    dossiers: Vec<String>,
}

/// The name of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningBatchMade {
    batch: String,
}

/// A document of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningItem {
    /// Its place, from 1.
    place: i64,
    /// The dossier.
    dossier: String,
    /// Its number.
    code: Option<String>,
    /// SHA-256 of the document; none until it is made.
    document: Option<String>,
    /// When it was read.
    read: Option<String>,
    /// `waiting`, `failed`, `signed`, `refused`, `stale`, `returned` or `left`.
    state: String,
    /// Why it was not signed: the key of a message.
    reason: String,
    /// When it was done with.
    at: Option<String>,
}

/// A batch as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningBatchBody {
    #[serde(flatten)]
    line: SigningBatchLine,
    /// Why the last run stopped early: the key of a message.
    told: String,
    /// What the service of the key asks for: `phone`, `pin` or `code`; none where it does not say, and
    /// for keys that are opened here.
    asks: Option<&'static str>,
    /// What waits to be confirmed on the phone.
    request: Option<SigningRequest>,
    items: Vec<SigningItem>,
}

/// What a service was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SigningRequest {
    /// What the person reads on the phone.
    title: String,
    /// How many documents it is for.
    documents: i64,
    /// Whether the service has taken it.
    taken: bool,
}

/// An order to sign.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct SignBatchBody {
    /// Places of documents, each of which was read; the others leave the batch.
    places: Vec<i64>,
    /// `true`, and no places, for all.
    all: bool,
    /// What unlocks the key; nothing where its service asks on the phone. It is not kept.
    #[schema(format = Password)]
    pin: String,
    /// The code that the service sent, where it asks for one. It is not kept.
    #[schema(format = Password)]
    code: String,
}

/// Why a document is given back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct GiveBackBody {
    /// Why; the drafter reads it.
    reason: String,
}

impl From<ToSignRow> for ToSignItem {
    fn from(row: ToSignRow) -> Self {
        Self {
            dossier: row.dossier,
            code: row.code,
            procedure: row.procedure_code,
            owner: row.owner_name,
            due: row.due_at.map(|due| stamp(local_time(due))),
        }
    }
}

impl From<batch::BatchLine> for SigningBatchLine {
    fn from(line: batch::BatchLine) -> Self {
        Self {
            made: stamp(local_time(line.row.created_at)),
            stage: line.stage.as_str(),
            listed: line.row.listed,
            signed: line.row.signed,
            open: line.row.open,
            batch: line.row.id,
        }
    }
}

impl From<SigningItemRow> for SigningItem {
    fn from(row: SigningItemRow) -> Self {
        let moment = |at: Option<i64>| at.map(|at| stamp(local_time(at)));
        Self {
            read: moment(row.seen_at),
            at: moment(row.done_at),
            place: row.place,
            dossier: row.dossier,
            code: row.code,
            document: row.document,
            state: row.state,
            reason: row.reason,
        }
    }
}

impl From<BatchPage> for SigningBatchBody {
    fn from(page: BatchPage) -> Self {
        let (stage, row) = (page.stage, page.row);
        let request = page.request.map(|one| SigningRequest {
            taken: one.waiting.is_some(),
            title: one.title,
            documents: one.documents,
        });
        let asks = page.remote.and_then(Result::ok);
        Self {
            asks: asks.map(remote::Asks::as_str),
            request,
            told: row.told.clone(),
            line: batch::BatchLine { row, stage }.into(),
            items: page.items.into_iter().map(Into::into).collect(),
        }
    }
}

/// What waits for the caller's signature, and the caller's batches.
#[utoipa::path(get, path = "/api/v1/signing-batches", tag = "signing", security(("session" = [])),
    responses((status = 200, body = ToSignBody, description = "What waits"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Signs nothing")))]
pub(crate) async fn list(State(web): State<Web>, staff: Staff) -> Answer<Json<ToSignBody>> {
    let found = batch::to_sign(&web.app, &staff.actor).await?;
    Ok(Json(ToSignBody {
        items: found.rows.into_iter().map(Into::into).collect(),
        batches: found.batches.into_iter().map(Into::into).collect(),
    }))
}

/// Makes a batch; its documents are made in the background.
#[utoipa::path(post, path = "/api/v1/signing-batches", tag = "signing",
    request_body = NewSigningBatchBody, security(("session" = [])),
    params(("X-CSRF-Token" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = SigningBatchMade, description = "Made"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Signs nothing"),
        (status = 422, body = Problem, description = "None, too many, or what waits no more")))]
pub(crate) async fn make(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Body(asked): Body<NewSigningBatchBody>,
) -> Answer<(StatusCode, Json<SigningBatchMade>)> {
    let gone = || Fault::new("dossier", "fault.signing_gone").with("n", &1);
    let read = asked.dossiers.iter().map(|id| DossierId::parse(id));
    let read: Result<Vec<_>, _> = read.collect();
    let read = read.map_err(|_| No::Invalid(vec![gone()]))?;
    let batch = batch::make_batch(&web.app, &staff.actor, (&key, read)).await?;
    Ok((StatusCode::ACCEPTED, Json(SigningBatchMade { batch })))
}

/// How far a batch is.
#[utoipa::path(get, path = "/api/v1/signing-batches/{batch}", tag = "signing",
    security(("session" = [])), params(("batch" = String, Path)),
    responses((status = 200, body = SigningBatchBody, description = "The batch"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such batch, or another's")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<Json<SigningBatchBody>> {
    let found = batch::batch(&web.app, &staff.actor, &id).await?;
    Ok(Json(found.into()))
}

/// Takes out of a batch what is not signed: it waits by itself again.
#[utoipa::path(delete, path = "/api/v1/signing-batches/{batch}", tag = "signing",
    security(("session" = [])),
    params(("batch" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Nothing of it may be signed any more"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such batch, or another's"),
        (status = 422, body = Problem, description = "It is being signed")))]
pub(crate) async fn dissolve(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    batch::dissolve(&web.app, &staff.actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A document of a batch, read before it is signed.
#[utoipa::path(get, path = "/api/v1/signing-batches/{batch}/{place}/document", tag = "signing",
    security(("session" = [])), params(("batch" = String, Path), ("place" = i64, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The document"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "The dossier waits for somebody else"),
        (status = 404, body = Problem, description = "No such document, or another's"),
        (status = 422, body = Problem, description = "There is nothing to sign")))]
pub(crate) async fn document(
    State(web): State<Web>,
    staff: Staff,
    Path((id, place)): Path<(String, i64)>,
) -> Answer {
    let content = batch::batch_document(&web.app, &staff.actor, (&id, place)).await?;
    Ok(pdf("van-ban-ky.pdf", content))
}

/// Signs documents of a batch in the background, with one unlocking of the key.
#[utoipa::path(post, path = "/api/v1/signing-batches/{batch}/sign", tag = "signing",
    request_body = SignBatchBody, security(("session" = [])),
    params(("batch" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 202, body = SigningBatchMade, description = "Being signed"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such batch, or another's"),
        (status = 422, body = Problem, description = "The PIN is wrong, a document was not read, or it is being signed"),
        (status = 503, body = Problem, description = "The key or the time stamps do not answer")))]
pub(crate) async fn sign(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Body(asked): Body<SignBatchBody>,
) -> Answer<(StatusCode, Json<SigningBatchMade>)> {
    let chosen = match (asked.all, asked.places) {
        (true, places) if places.is_empty() => Chosen::All,
        (false, places) => Chosen::These(places),
        (true, _) => return Err(Trouble::Unreadable),
    };
    let given = remote::Typed {
        pin: Pin::new(&asked.pin),
        code: Pin::new(&asked.code),
    };
    remote::sign(&web.app, &staff.actor, (&id, &chosen), given).await?;
    Ok((StatusCode::ACCEPTED, Json(SigningBatchMade { batch: id })))
}

/// Has the code sent that the service of the key asks for.
#[utoipa::path(post, path = "/api/v1/signing-batches/{batch}/code", tag = "signing",
    security(("session" = [])),
    params(("batch" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Sent"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such batch, another's, or no such key"),
        (status = 422, body = Problem, description = "The service does not send it")))]
pub(crate) async fn code(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    remote::send_code(&web.app, &staff.actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a document of a batch back to its drafter.
#[utoipa::path(post, path = "/api/v1/signing-batches/{batch}/{place}/return", tag = "signing",
    request_body = GiveBackBody, security(("session" = [])),
    params(("batch" = String, Path), ("place" = i64, Path), ("X-CSRF-Token" = String, Header),
        ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Given back"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "The dossier waits for somebody else"),
        (status = 404, body = Problem, description = "No such document, or another's"),
        (status = 409, body = Problem, description = "Somebody was faster"),
        (status = 422, body = Problem, description = "No reason, or a rule forbids it")))]
pub(crate) async fn give_back(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Path((id, place)): Path<(String, i64)>,
    Body(asked): Body<GiveBackBody>,
) -> Answer<StatusCode> {
    let why = (asked.reason.as_str(), key);
    batch::give_back(&web.app, &staff.actor, (&id, place), why).await?;
    Ok(StatusCode::NO_CONTENT)
}

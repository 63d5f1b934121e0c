//! Hand-over by the post: records of what agents filed, made, taken back and signed.

use app::intake::{
    PostLine, RecordView, make_post_record, post_records, sign_post_record, take_back_post_record,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::DossierId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;

/// A dossier that an agent of the post filed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostDossier {
    /// Identifier.
    dossier: String,
    /// Its number, once received.
    code: Option<String>,
    /// Title of the procedure.
    procedure: String,
    /// Name of its state.
    state: String,
    /// When it was filed.
    filed: String,
}

/// A record of hand-over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostRecord {
    /// Identifier.
    id: String,
    /// Its number.
    number: String,
    /// Who hands over.
    agent: String,
    /// When it was made.
    made: String,
    /// When it was signed: the legal time of submission.
    signed: Option<String>,
    dossiers: Vec<PostDossier>,
}

/// What is handed over, and what is not on any record yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostRecords {
    /// For an agent: filed, and on no record.
    unhanded: Vec<PostDossier>,
    records: Vec<PostRecord>,
}

/// Dossiers to be handed over.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct HandingOver {
    /// Identifiers of dossiers.
    dossiers: Vec<String>,
}

/// The record that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordMade {
    /// Its identifier.
    id: String,
}

/// The record that was signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordSigned {
    /// Its number.
    number: String,
}

/// Records of the person's centre; an agent sees her own.
#[utoipa::path(get, path = "/api/v1/post-records", tag = "post", security(("session" = [])),
    responses((status = 200, body = PostRecords, description = "The records"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither hands nor takes over")))]
pub(crate) async fn list(State(web): State<Web>, staff: Staff) -> Answer<Json<PostRecords>> {
    let found = post_records(&web.app, &staff.actor).await?;
    Ok(Json(PostRecords {
        unhanded: found.unhanded.into_iter().map(dossier).collect(),
        records: found.records.into_iter().map(record).collect(),
    }))
}

/// Makes a record of dossiers that the agent filed.
#[utoipa::path(post, path = "/api/v1/post-records", tag = "post", request_body = HandingOver,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 201, body = RecordMade, description = "Made"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No agent of the post"),
        (status = 422, body = Problem, description = "Nothing, or what was not filed by her or is on another record")))]
pub(crate) async fn make(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<HandingOver>,
) -> Answer<(StatusCode, Json<RecordMade>)> {
    let ids = asked.dossiers.iter().map(|id| DossierId::parse(id));
    let ids: Result<_, _> = ids.collect();
    let ids = ids.map_err(|_| Trouble::Missing)?;
    let id = make_post_record(&web.app, &staff.actor, ids).await?;
    Ok((StatusCode::CREATED, Json(RecordMade { id })))
}

/// Signs a record for the centre; signing it twice is no fault.
#[utoipa::path(post, path = "/api/v1/post-records/{record}/signature", tag = "post",
    security(("session" = [])),
    params(("record" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 200, body = RecordSigned, description = "Signed"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Takes nothing over"),
        (status = 404, body = Problem, description = "No such record, or one of others"),
        (status = 409, body = Problem, description = "A dossier moved meanwhile"),
        (status = 422, body = Problem, description = "Not lawful")))]
pub(crate) async fn sign(
    State(web): State<Web>,
    staff: Staff,
    Path(record): Path<String>,
) -> Answer<Json<RecordSigned>> {
    let number = sign_post_record(&web.app, &staff.actor, &record).await?;
    Ok(Json(RecordSigned { number }))
}

/// Takes back a record that nobody has signed.
#[utoipa::path(delete, path = "/api/v1/post-records/{record}", tag = "post",
    security(("session" = [])),
    params(("record" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Taken back"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such record, or one of others"),
        (status = 422, body = Problem, description = "Signed")))]
pub(crate) async fn take_back(
    State(web): State<Web>,
    staff: Staff,
    Path(record): Path<String>,
) -> Answer<StatusCode> {
    take_back_post_record(&web.app, &staff.actor, &record).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn dossier(line: PostLine) -> PostDossier {
    PostDossier {
        filed: stamp(local_time(line.submitted_at)),
        dossier: line.id,
        code: line.code,
        procedure: line.procedure_name,
        state: line.state,
    }
}

fn record(found: RecordView) -> PostRecord {
    PostRecord {
        id: found.id,
        number: found.number,
        agent: found.agent,
        made: stamp(found.made_at),
        signed: found.signed_at.map(stamp),
        dossiers: found.lines.into_iter().map(dossier).collect(),
    }
}

//! Hand-over by the post: records of what agents filed, made, taken back and signed.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::intake::{
    HandingOver as Line, PostLine, RecordView, ToHand, make_post_record, not_by_post,
    post_record_paper, post_records, post_slip, sign_post_record, take_back_post_record,
};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::ids::{DossierId, UnitId};
use domain::money::Dong;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble};
use crate::extract::Once;
use crate::pages::document;
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
    /// Who filed it, by name.
    filer: String,
    /// 0 for what was filed; the order of the request for what came as a supplement to it.
    part: i64,
    /// The money that goes with it, in dong.
    collected: Option<i64>,
    /// Whether it waited no more when the record was signed, so that it was not handed over.
    struck: bool,
    /// The money that the agent took at filing, in dong, while it is to be handed over.
    taken: Option<i64>,
    /// What is charged at filing, while it is to be handed over.
    fee: Option<i64>,
    /// Numbers of the components that were asked for, of a supplement to be handed over.
    asked: Vec<u16>,
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
    /// Who signed it for the centre; empty while it waits.
    signer: String,
    dossiers: Vec<PostDossier>,
}

/// What is handed over, and what is not on any record yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostRecords {
    /// Of which centre.
    unit: String,
    /// Other centres where the person hands over, or takes over.
    others: Vec<String>,
    /// For an agent: filed, and on no record.
    unhanded: Vec<PostDossier>,
    /// For an agent: waits for a supplement that may come to her.
    awaiting: Vec<PostDossier>,
    records: Vec<PostRecord>,
}

/// Dossiers to be handed over.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct HandingOver {
    /// To which centre; empty for the first one where the agent hands over.
    unit: String,
    /// Identifiers of dossiers of which nothing more is to be said.
    dossiers: Vec<String>,
    /// Dossiers with the money that was collected, or with what came as a supplement.
    lines: Vec<HandedLine>,
}

/// A dossier to be handed over.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct HandedLine {
    /// Its identifier.
    dossier: String,
    /// The money that was collected, in dong.
    collected: Option<i64>,
    /// Of a supplement, numbers of the components that came.
    supplied: Vec<u16>,
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

/// Of which centre.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct At {
    /// The centre; without it, the first one where the person hands or takes over.
    unit: String,
}

/// Records of a centre; an agent sees her own.
#[utoipa::path(get, path = "/api/v1/post-records", tag = "post", security(("session" = [])),
    params(At),
    responses((status = 200, body = PostRecords, description = "The records"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither hands nor takes over")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(at): Query<At>,
) -> Answer<Json<PostRecords>> {
    let unit = UnitId::parse(&at.unit).ok();
    let found = post_records(&web.app, &staff.actor, unit.as_ref()).await?;
    Ok(Json(PostRecords {
        unit: found.unit.to_string(),
        others: found.others.iter().map(ToString::to_string).collect(),
        unhanded: found.unhanded.into_iter().map(to_hand).collect(),
        awaiting: found.awaiting.into_iter().map(to_hand).collect(),
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
    Once(key): Once,
    Body(asked): Body<HandingOver>,
) -> Answer<(StatusCode, Json<RecordMade>)> {
    let plain = asked.dossiers.into_iter().map(|dossier| HandedLine {
        dossier,
        ..HandedLine::default()
    });
    let lines = plain.chain(asked.lines).map(|line| {
        Ok(Line {
            dossier: DossierId::parse(&line.dossier)?,
            collected: line.collected.map(Dong),
            supplied: line.supplied,
        })
    });
    let lines: Result<Vec<Line>, domain::ids::BadId> = lines.collect();
    let lines = lines.map_err(|_| Trouble::Missing)?;
    let unit = UnitId::parse(&asked.unit).ok();
    let id = make_post_record(&web.app, &staff.actor, unit.as_ref(), (&key, lines)).await?;
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

/// A procedure that is not served by post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotServed {
    /// Its code.
    code: String,
    /// Its title.
    name: String,
    /// Its field.
    field: String,
}

/// Words to find by.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Words {
    /// Words of the title, or the code; without them, every procedure.
    q: String,
}

/// Procedures that are not served by post, by code. Open to everybody.
#[utoipa::path(get, path = "/api/v1/procedures/not-by-post", tag = "post",
    responses((status = 200, body = Vec<NotServed>, description = "The list")))]
pub(crate) async fn not_served(
    State(web): State<Web>,
    Query(words): Query<Words>,
) -> Answer<Json<Vec<NotServed>>> {
    let found = not_by_post(&web.app, &words.q).await?;
    let line = found.into_iter().map(|line| NotServed {
        code: line.code.to_string(),
        name: line.name,
        field: line.field,
    });
    Ok(Json(line.collect()))
}

/// The joint record as PDF, for both sides; every print is logged.
#[utoipa::path(get, path = "/api/v1/post-records/{record}/paper", tag = "post",
    security(("session" = [])), params(("record" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The record"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither hands nor takes over"),
        (status = 404, body = Problem, description = "No such record, or one of others")))]
pub(crate) async fn paper(
    State(web): State<Web>,
    staff: Staff,
    Path(record): Path<String>,
) -> Answer {
    let pdf = post_record_paper(&web.app, &staff.actor, &record).await?;
    Ok(document("bien-ban-giao-nhan.pdf", pdf))
}

/// The post's slip of a dossier as PDF; every print is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/post-slip", tag = "post",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The slip"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see, or it did not come by post")))]
pub(crate) async fn slip(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let pdf = post_slip(&web.app, &staff.actor, &dossier).await?;
    Ok(document("phieu-gui.pdf", pdf))
}

fn to_hand(one: ToHand) -> PostDossier {
    PostDossier {
        fee: Some(one.fee.0),
        taken: one.taken.map(|taken| taken.0),
        asked: one.asked.into_iter().map(|(number, _)| number).collect(),
        ..dossier(one.line)
    }
}

fn dossier(line: PostLine) -> PostDossier {
    PostDossier {
        part: line.part,
        collected: line.collected,
        struck: line.is_struck(),
        taken: None,
        fee: None,
        asked: Vec::new(),
        filer: line.filer_name,
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
        signer: found.signer,
        dossiers: found.lines.into_iter().map(dossier).collect(),
    }
}

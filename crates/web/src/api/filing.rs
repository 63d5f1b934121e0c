//! Receiving at the counter, and the procedures that can be received there.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::intake::{self, AtCounter, Ending};
use app::processing::NewScan;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, FieldMap, stamp, typed};
use super::scans::{ScanMap, upload};
use crate::error::{Answer, Problem, Trouble};
use crate::extract::Once;
use crate::session::Staff;
use crate::state::Web;

/// How an intake ends.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    /// Received and numbered (Mẫu 01).
    #[default]
    Receive,
    /// A supplement is asked for (Mẫu 02).
    AskSupplement,
    /// Declined (Mẫu 03).
    Decline,
    /// Submitted only; a clerk of the centre judges it later. All that an agent of the post may do.
    Submit,
}

/// What was filed at the counter.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Filing {
    /// How the intake ends.
    #[serde(default)]
    ending: End,
    /// The fields of the counter form: `procedure`, `case`, `name`, `number`, `birth`, `sex`,
    /// `address`, `phone`, `email`, `mandate`, `sets`, `payment`, `delivery`, `c1`, `c2`, …;
    /// `competent`, the identifier of the agency that decides, where it is not the usual one;
    /// `receiving`, the identifier of the centre, where the person works at several; `collected`, the
    /// money in dong that an agent of the post took;
    /// `pages1`, `copies1`, … of papers to certify; `tc4` (`failed`, `wrong`) and `tn4`, what came of
    /// a lookup of component 4; `ask`, numbers of components to ask for, `w1`, `w2`, … what is wrong
    /// in those that are there, and `reason`. `c1` is `paper`, `seen`, or `kho-` and the identifier of a
    /// dossier whose result stands in for it, as `POST /api/v1/held/offers` lists them; then
    /// `reuse_consent` is `on`: the applicant agreed.
    fields: FieldMap,
    /// Scans of components in base64, by their numbers: PDF, PNG or JPEG, each of at most 10 MiB.
    #[serde(default)]
    scans: ScanMap,
}

fn new_scans(scans: &ScanMap) -> Answer<Vec<NewScan>> {
    let scan = |(number, content): (&String, &String)| {
        let component = number.parse().map_err(|_| Trouble::Unreadable)?;
        let content = upload(String::new(), content)?.content;
        Ok(NewScan { component, content })
    };
    scans.iter().map(scan).collect()
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiledBody {
    /// Identifier of the dossier.
    dossier: String,
    /// Its number, when it was received.
    code: Option<String>,
}

/// Ends an intake at the person's counter.
#[utoipa::path(post, path = "/api/v1/dossiers", tag = "dossiers", request_body = Filing,
    security(("session" = [])),
    params(("X-CSRF-Token" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = FiledBody, description = "Filed"),
        (status = 400, body = Problem, description = "Unreadable, or no one-time key"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No counter"),
        (status = 413, body = Problem, description = "More than 48 MiB of files"),
        (status = 422, body = Problem, description = "Refused by a rule, or fields are wrong")))]
pub(crate) async fn receive(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Body(filing): Body<Filing>,
) -> Answer {
    let ending = match filing.ending {
        End::Receive => Ending::Receive,
        End::AskSupplement => Ending::AskSupplement,
        End::Decline => Ending::Decline,
        End::Submit => Ending::Submit,
    };
    let input = AtCounter {
        scans: new_scans(&filing.scans)?,
        ending,
        typed: typed(filing.fields),
        draft: None,
        key,
    };
    let filed = intake::receive(&web.app, &staff.actor, input).await?;
    let place = format!("/api/v1/dossiers/{}", filed.dossier);
    let code = filed.code.map(|code| code.to_string());
    let body = FiledBody {
        dossier: filed.dossier.to_string(),
        code,
    };
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(body)).into_response())
}

/// What to search for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Question {
    /// Words of the title, or the code.
    q: String,
}

/// A procedure that the counter can receive.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcedureItem {
    /// Code, `2.000815`.
    code: String,
    /// Title.
    name: String,
    /// Field.
    field: String,
}

/// Finds procedures that the person's counter can receive.
#[utoipa::path(get, path = "/api/v1/procedures", tag = "procedures", security(("session" = [])),
    params(Question),
    responses((status = 200, body = [ProcedureItem], description = "Up to 12, the best first"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No counter")))]
pub(crate) async fn procedures(
    State(web): State<Web>,
    staff: Staff,
    Query(question): Query<Question>,
) -> Answer<Json<Vec<ProcedureItem>>> {
    let found = intake::find_procedures(&web.app, &staff.actor, &question.q).await?;
    let item = found.into_iter().map(|line| ProcedureItem {
        code: line.code.to_string(),
        name: line.name,
        field: line.field,
    });
    Ok(Json(item.collect()))
}

/// Which agencies to search for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct AgencyQuestion {
    /// Code of the procedure.
    procedure: String,
    /// Words of the name, or the identifier.
    q: String,
}

/// An agency that may decide.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyItem {
    /// Identifier, `H56.140`.
    id: String,
    /// Name.
    name: String,
}

/// Finds agencies of the province that may decide a procedure received at the person's counter.
#[utoipa::path(get, path = "/api/v1/agencies", tag = "procedures", security(("session" = [])),
    params(AgencyQuestion),
    responses((status = 200, body = [AgencyItem], description = "Up to 12"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No counter")))]
pub(crate) async fn agencies(
    State(web): State<Web>,
    staff: Staff,
    Query(question): Query<AgencyQuestion>,
) -> Answer<Json<Vec<AgencyItem>>> {
    let found =
        intake::find_agencies(&web.app, &staff.actor, &question.procedure, &question.q).await?;
    let item = found.into_iter().map(|line| AgencyItem {
        id: line.id.to_string(),
        name: line.name,
    });
    Ok(Json(item.collect()))
}

/// A dossier as the agent of the post who submitted it may see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubmissionItem {
    /// When it was submitted, local time of Viet Nam.
    submitted_at: String,
    /// Its number, once received.
    code: Option<String>,
    /// Title of the procedure.
    procedure: String,
    /// Name of the state.
    state: &'static str,
    /// The promised time, once received.
    due_at: Option<String>,
    /// Identifier of the dossier, as long as its papers are with the agent, who may scan them.
    #[serde(skip_serializing_if = "Option::is_none")]
    dossier: Option<String>,
}

/// What the agent of the post submitted, the newest first, without anybody's data.
#[utoipa::path(get, path = "/api/v1/submissions", tag = "dossiers", security(("session" = [])),
    responses((status = 200, body = [SubmissionItem], description = "Up to 100"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No agent of the post")))]
pub(crate) async fn submissions(
    State(web): State<Web>,
    staff: Staff,
) -> Answer<Json<Vec<SubmissionItem>>> {
    let filed = intake::submissions(&web.app, &staff.actor).await?;
    let item = filed.into_iter().map(|one| SubmissionItem {
        submitted_at: stamp(one.at),
        code: one.code.map(|code| code.to_string()),
        procedure: one.procedure,
        state: one.state.as_str(),
        due_at: one.due.map(stamp),
        dossier: one.to_scan.map(|dossier| dossier.to_string()),
    });
    Ok(Json(item.collect()))
}

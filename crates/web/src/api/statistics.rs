//! Figures for those who answer for the work.

use app::statistics::failed_lookups;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Answer, Problem};
use crate::session::Staff;
use crate::state::Web;

/// Lookups in a database that failed for dossiers of a centre in a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LookupFailures {
    /// `2026-11`.
    month: String,
    /// Identifier of the centre that received.
    unit: String,
    /// Name of the database: `population`, `civil_status`.
    database: String,
    /// No answer, or no such person.
    failed: i64,
    /// Wrong data.
    wrong: i64,
}

/// Failed lookups of the last twelve months, latest first: of the province for its controller, of
/// their own units for leaders and directors of centres.
#[utoipa::path(get, path = "/api/v1/statistics/lookups", tag = "statistics",
    security(("session" = [])),
    responses((status = 200, body = Vec<LookupFailures>, description = "By month, centre and database"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither leader, director nor controller")))]
pub(crate) async fn lookups(
    State(web): State<Web>,
    staff: Staff,
) -> Answer<Json<Vec<LookupFailures>>> {
    let found = failed_lookups(&web.app, &staff.actor).await?;
    let line = found.counts.into_iter().map(|count| LookupFailures {
        month: format!("{:04}-{:02}", count.month / 100, count.month % 100),
        unit: count.unit,
        database: count.source,
        failed: count.failed,
        wrong: count.wrong,
    });
    Ok(Json(line.collect()))
}

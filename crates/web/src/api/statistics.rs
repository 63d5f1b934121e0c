//! Figures for those who answer for the work.

use app::statistics::failed_lookups;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Answer, Problem};
use crate::session::Staff;
use crate::state::Web;

/// Failed lookups of the last twelve months.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LookupFailures {
    /// By month, centre, agency and database, latest month first.
    months: Vec<MonthFailures>,
    /// Of all months, by who recorded them.
    clerks: Vec<ClerkFailures>,
}

/// Lookups in a database that failed for dossiers of a centre and an agency in a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MonthFailures {
    /// `2026-11`.
    month: String,
    /// Identifier of the centre that received.
    unit: String,
    /// Identifier of the agency that decides.
    competent: String,
    /// Name of the database: `population`, `civil_status`.
    database: String,
    /// No answer, or no such person.
    failed: i64,
    /// Wrong data.
    wrong: i64,
}

/// Lookups in a database that somebody recorded as failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClerkFailures {
    /// Who, by name.
    clerk: String,
    /// Identifier of the centre that received.
    unit: String,
    /// Identifier of the agency that decides.
    competent: String,
    /// Name of the database.
    database: String,
    /// No answer, or no such person.
    failed: i64,
    /// Wrong data.
    wrong: i64,
}

/// Failed lookups of the last twelve months: of the province for its controller; for leaders and
/// directors of centres those for dossiers that their own units received or decide.
#[utoipa::path(get, path = "/api/v1/statistics/lookups", tag = "statistics",
    security(("session" = [])),
    responses((status = 200, body = LookupFailures, description = "By month and unit, and by who recorded them"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither leader, director nor controller")))]
pub(crate) async fn lookups(State(web): State<Web>, staff: Staff) -> Answer<Json<LookupFailures>> {
    let found = failed_lookups(&web.app, &staff.actor).await?;
    let months = found.counts.into_iter().map(|count| MonthFailures {
        month: format!("{:04}-{:02}", count.month / 100, count.month % 100),
        unit: count.unit,
        competent: count.competent,
        database: count.source,
        failed: count.failed,
        wrong: count.wrong,
    });
    let names = &found.names;
    let clerks = found.clerks.into_iter().map(|count| ClerkFailures {
        clerk: names.get(&count.clerk).cloned().unwrap_or_default(),
        unit: count.unit,
        competent: count.competent,
        database: count.source,
        failed: count.failed,
        wrong: count.wrong,
    });
    Ok(Json(LookupFailures {
        months: months.collect(),
        clerks: clerks.collect(),
    }))
}

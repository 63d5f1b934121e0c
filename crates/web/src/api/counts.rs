//! Dossiers received at each centre and processed at each agency.

use app::statistics::dossier_counts;
use axum::Json;
use axum::extract::{Query, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Answer, Problem};
use crate::session::Staff;
use crate::state::Web;

/// Which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Days {
    /// First day, `2026-11-01`; without it, the first of the last day's month.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Last day; without it, today.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
}

/// What a unit received and processed: a dossier counts once at the centre that received it, and once
/// at the agency that decides.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitDossiers {
    /// Identifier of the unit.
    unit: String,
    /// Dossiers that it received.
    received: i64,
    /// Of these, those that another agency decides.
    for_others: i64,
    /// Dossiers that it decides and has settled, or that ended without a result.
    processed: i64,
    /// Of these, those that another centre received.
    from_others: i64,
    /// Of these, those settled after the promised time.
    late: i64,
    /// Results that it issued after the day on which the law wants what is signed to be issued.
    issued_late: i64,
}

/// Dossiers received and processed in a time: of the province for its controller, of their own units
/// for leaders and directors of centres.
#[utoipa::path(get, path = "/api/v1/statistics/dossiers", tag = "statistics",
    security(("session" = [])),
    responses((status = 200, body = Vec<UnitDossiers>, description = "By unit"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither leader, director nor controller"),
        (status = 422, body = Problem, description = "Days out of order, or more than a year")))]
pub(crate) async fn dossiers(
    State(web): State<Web>,
    staff: Staff,
    Query(days): Query<Days>,
) -> Answer<Json<Vec<UnitDossiers>>> {
    let found = dossier_counts(&web.app, &staff.actor, (days.from, days.to)).await?;
    let line = found.counts.into_iter().map(|count| UnitDossiers {
        unit: count.unit,
        received: count.received,
        for_others: count.for_others,
        processed: count.processed,
        from_others: count.from_others,
        late: count.late,
        issued_late: count.issued_late,
    });
    Ok(Json(line.collect()))
}

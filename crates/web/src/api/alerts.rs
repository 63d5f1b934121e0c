//! Alerts: what is late or will be.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::alerts::{self, AlertPage, AlertQuery, Part};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::stamp;
use crate::error::{Answer, Problem};
use crate::session::Staff;
use crate::state::Web;

/// Which alerts, and where the list goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct AlertsAsked {
    /// `mine`, `unit` or `province`; the widest that the person sees when it is empty.
    part: String,
    /// `next` of the page before.
    after: String,
}

/// A threshold of time that open work has reached.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Alert {
    /// Identifier of the dossier.
    dossier: String,
    /// Its number, once received.
    code: Option<String>,
    /// Whose time: `step`, `dossier` as published, or `legal` where a green lane published less.
    watch: &'static str,
    /// `first`, `second` or `overdue`.
    warning: &'static str,
    /// The highest post that was told: `holder`, `leader`, `centre` or `province`.
    level: &'static str,
    /// Title of the procedure.
    procedure: String,
    /// Name of the step.
    step: String,
    /// Where the work is.
    unit: String,
    /// To whom it was given.
    holder: Option<String>,
    /// When the time ends.
    due: Option<String>,
    /// When the threshold was found reached.
    at: String,
}

/// What of a unit is so late that the province is told, counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitAlert {
    /// Identifier of the unit.
    unit: String,
    /// Its name.
    name: String,
    /// Dossiers past the date published to the applicant.
    dossiers: i64,
    /// Steps past their own time.
    steps: i64,
    /// Documents that are signed and were not issued by the last day for that.
    unissued: i64,
    /// Tasks that other agencies asked of it, past their time.
    tasks: i64,
}

/// Tasks of agencies that are late or due today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskAlert {
    /// `asked` of the person's agencies, `sent` by them, or `received`: of the centres that she heads.
    side: &'static str,
    /// Past their time.
    late: i64,
    /// Due today.
    today: i64,
}

/// A page of up to 50 alerts, the nearest deadline first: the person's own, or what has reached her
/// as head of a unit; for the province counts by unit alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Alerts {
    /// Which they are.
    part: &'static str,
    items: Vec<Alert>,
    units: Vec<UnitAlert>,
    /// Tasks; none for the province, where they stand by unit.
    tasks: Vec<TaskAlert>,
    /// Where the next page begins.
    next: Option<String>,
}

/// Alerts about what is late or will be.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "work", security(("session" = [])),
    params(AlertsAsked),
    responses((status = 200, body = Alerts, description = "The page"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No post that is told")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<AlertsAsked>,
) -> Answer<Json<Alerts>> {
    let query = AlertQuery {
        part: Part::parse(&asked.part),
        after: asked.after.parse().ok(),
    };
    let found = alerts::alerts(&web.app, &staff.actor, &query).await?;
    Ok(Json(Alerts::from(found)))
}

impl From<AlertPage> for Alerts {
    fn from(found: AlertPage) -> Self {
        let item = found.rows.into_iter().map(|row| Alert {
            watch: row.watch().as_str(),
            warning: row.warning().as_str(),
            level: row.level().as_str(),
            due: row.due().map(stamp),
            at: stamp(row.at()),
            dossier: row.dossier,
            code: row.code,
            procedure: row.procedure_name,
            step: row.step_name,
            unit: row.unit,
            holder: row.holder,
        });
        let unit = found.units.into_iter().map(|unit| UnitAlert {
            name: unit.name,
            dossiers: unit.counts.dossiers,
            steps: unit.counts.steps,
            unissued: unit.counts.unissued,
            tasks: unit.tasks,
            unit: unit.counts.unit,
        });
        let task = found.tasks.into_iter().map(|one| TaskAlert {
            side: one.side.as_str(),
            late: one.late,
            today: one.today,
        });
        Self {
            part: found.part.as_str(),
            items: item.collect(),
            units: unit.collect(),
            tasks: task.collect(),
            next: found.next.map(|key| key.to_string()),
        }
    }
}

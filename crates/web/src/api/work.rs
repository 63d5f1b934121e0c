//! Work lists.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::access::RECEIVING;
use app::processing::{self, WorkList, WorkQuery};
use axum::Json;
use axum::extract::{Query, State};
use domain::dossier::Warning;
use domain::ids::UnitId;
use domain::office::Role;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::stamp;
use crate::error::{Answer, Problem, Trouble};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;

/// Which list, which part of it, and where it goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Asked {
    /// `mine` (the default), `unit`, `approvals` or `returns`.
    scope: String,
    /// Identifier of a unit at which the person holds a post; the first one when it is empty.
    at: String,
    /// `late`, `today`, `soon`, `far`, `paused` or `done`; of `mine` also `review`, drafted requests
    /// to be approved or sent, and `unanswered`, requests whose time to be answered is over; anything
    /// else is all.
    part: String,
    /// `next` of the page before.
    after: String,
}

/// A dossier that somebody has to work on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Item {
    /// Identifier of the dossier.
    dossier: String,
    /// Its number, once received.
    code: Option<String>,
    /// Name of its state.
    state: String,
    /// Title of the procedure.
    procedure: String,
    /// Name of the owner.
    owner: String,
    /// Name of the step.
    step: String,
    /// Role that works on it.
    role: String,
    /// To whom it was given.
    holder: Option<String>,
    /// The promised time.
    due: Option<String>,
    /// When it came.
    came: String,
    /// How it came: `direct`, `online` or `post`.
    channel: String,
    /// Until when what is signed is to be issued, while it waits for that.
    issue_by: Option<String>,
    /// The highest open alert: `first`, `second` or `overdue`.
    warning: Option<&'static str>,
}

/// How much there is, by urgency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counts {
    open: i64,
    late: i64,
    today: i64,
    soon: i64,
    far: i64,
    paused: i64,
    done: i64,
}

/// A page of up to 50 items, the nearest deadline first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkPage {
    items: Vec<Item>,
    /// Where the next page begins.
    next: Option<String>,
    counts: Counts,
}

/// A page of a work list with its counts.
#[utoipa::path(get, path = "/api/v1/work", tag = "work", security(("session" = [])), params(Asked),
    responses((status = 200, body = WorkPage, description = "The page"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No post"),
        (status = 404, body = Problem, description = "A unit of others")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Answer<Json<WorkPage>> {
    let roles = match asked.scope.as_str() {
        "approvals" => vec![Role::Leader],
        "returns" => RECEIVING.to_vec(),
        _ => Vec::new(),
    };
    let query = WorkQuery {
        unit: asked.scope == "unit",
        at: unit_of(&asked.at)?,
        part: if asked.scope == "returns" {
            "done".to_owned()
        } else {
            asked.part
        },
        roles,
        after: asked.after.parse().ok(),
    };
    let work = processing::work(&web.app, &staff.actor, &query).await?;
    Ok(Json(WorkPage::from(work)))
}

/// The unit of an address; a malformed one does not exist.
pub(crate) fn unit_of(text: &str) -> Answer<Option<UnitId>> {
    let unit = (!text.is_empty()).then(|| UnitId::parse(text));
    unit.transpose().map_err(|_| Trouble::Missing)
}

impl From<WorkList> for WorkPage {
    fn from(work: WorkList) -> Self {
        let next = work.next.as_ref().map(ToString::to_string);
        let counts = Counts {
            open: work.counts.open,
            late: work.counts.late,
            today: work.counts.today,
            soon: work.counts.soon,
            far: work.counts.far,
            paused: work.counts.paused,
            done: work.counts.done,
        };
        let warned = work.rows.iter().map(|row| work.warning(row));
        let warned: Vec<_> = warned.map(|found| found.map(Warning::as_str)).collect();
        let item = work
            .rows
            .into_iter()
            .zip(warned)
            .map(|(row, warning)| Item {
                warning,
                due: row.due().map(stamp),
                issue_by: row.issue_by().map(stamp),
                came: stamp(local_time(row.came_at)),
                dossier: row.dossier,
                code: row.code,
                state: row.state,
                procedure: row.procedure_name,
                owner: row.owner_name,
                step: row.step_name,
                role: row.role,
                holder: row.holder,
                channel: row.channel,
            });
        Self {
            items: item.collect(),
            next,
            counts,
        }
    }
}

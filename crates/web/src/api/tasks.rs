//! Tasks of other agencies: their lists, and whom one can ask.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::tasks::{self, Side, TaskLine, TaskQuery, find_agencies, sides};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::stamp;
use super::work::unit_of;
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;

/// Which list, which part of it, and where it goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct TasksAsked {
    /// `asked`, `sent` or `received`; the first that the person sees when it is empty.
    side: String,
    /// Identifier of a unit at which the person holds a post; the first one when it is empty.
    at: String,
    /// `late`, `today`, `soon` or `far`; anything else is all.
    part: String,
    /// `next` of the page before.
    after: String,
}

/// A task of another agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskItem {
    /// Identifier of the dossier.
    dossier: String,
    /// Number of the task in it: `task` of the commands about it.
    number: i64,
    /// Number of the dossier.
    code: Option<String>,
    /// Title of the procedure.
    procedure: String,
    /// Name of the owner.
    owner: String,
    /// Identifier of the agency that has it.
    agency: String,
    /// Identifier of the agency that asks.
    sender: String,
    /// `opinion` or `work`.
    kind: String,
    /// `open`, `accepted` or `answered`.
    state: String,
    /// Whether silence is consent.
    silence_is_consent: bool,
    /// When its turn came.
    opened: String,
    /// When its own clock ends.
    due: Option<String>,
    /// When it was answered.
    answered: Option<String>,
}

impl From<TaskLine> for TaskItem {
    fn from(line: TaskLine) -> Self {
        Self {
            silence_is_consent: line.consents == 1,
            opened: stamp(line.opened()),
            due: line.due().map(stamp),
            answered: line.ended().map(stamp),
            dossier: line.dossier,
            number: line.number,
            code: line.code,
            procedure: line.procedure_name,
            owner: line.owner_name,
            agency: line.agency,
            sender: line.sender,
            kind: line.kind,
            state: line.state,
        }
    }
}

/// How many there are, by urgency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TasksCounted {
    open: i64,
    late: i64,
    today: i64,
    soon: i64,
    far: i64,
    /// Answered, to be acknowledged.
    answered: i64,
}

/// A page of up to 50 tasks, the nearest due time first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TasksFound {
    items: Vec<TaskItem>,
    /// Where the next page begins.
    next: Option<String>,
    counts: TasksCounted,
}

/// Tasks of other agencies: asked of the person's agency, sent by it, or late at the centre that
/// the person heads.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", security(("session" = [])),
    params(TasksAsked),
    responses((status = 200, body = TasksFound, description = "The page"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No post"),
        (status = 404, body = Problem, description = "A unit of others, or no such side")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<TasksAsked>,
) -> Answer<Json<TasksFound>> {
    let all = [Side::Asked, Side::Sent, Side::Received];
    let side = if asked.side.is_empty() {
        *sides(&staff.actor).first().unwrap_or(&Side::Asked)
    } else {
        let named = all.into_iter().find(|side| side.as_str() == asked.side);
        named.ok_or(Trouble::Missing)?
    };
    let query = TaskQuery {
        side,
        at: unit_of(&asked.at)?,
        part: asked.part,
        after: asked.after.parse().ok(),
    };
    let found = tasks::tasks(&web.app, &staff.actor, &query).await?;
    let counts = found.counts;
    Ok(Json(TasksFound {
        next: found.next.as_ref().map(ToString::to_string),
        items: found.rows.into_iter().map(TaskItem::from).collect(),
        counts: TasksCounted {
            open: counts.open,
            late: counts.late,
            today: counts.today,
            soon: counts.soon,
            far: counts.far,
            answered: counts.answered,
        },
    }))
}

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Words {
    /// Words of the name, or the identifier.
    q: String,
}

/// An agency that can be asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AskableAgency {
    /// Identifier.
    id: String,
    /// Name.
    name: String,
}

/// Agencies of the province that can be asked.
#[utoipa::path(get, path = "/api/v1/tasks/agencies", tag = "tasks", security(("session" = [])),
    params(Words),
    responses((status = 200, body = Vec<AskableAgency>, description = "In the order of identifiers"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither examines nor leads anywhere")))]
pub(crate) async fn agencies(
    State(web): State<Web>,
    staff: Staff,
    Query(words): Query<Words>,
) -> Answer<Json<Vec<AskableAgency>>> {
    let found = find_agencies(&web.app, &staff.actor, &words.q)?;
    let agency = found.into_iter().map(|line| AskableAgency {
        id: line.id.to_string(),
        name: line.name,
    });
    Ok(Json(agency.collect()))
}

//! Absences: who stands in for whom.

use app::absence;
use app::forms::Typed;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::DelegationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;

/// A delegation of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delegated {
    /// Its identifier.
    id: String,
    /// Identifier of the absent person.
    from: String,
    /// Name of the absent person.
    from_name: String,
    /// Identifier of the delegate.
    to: String,
    /// Name of the delegate.
    to_name: String,
    /// Identifier of the post's unit.
    unit: String,
    /// Role of the post.
    role: String,
    /// First day.
    first: String,
    /// Last day.
    last: String,
    /// Whether authority to sign goes with it.
    signing: bool,
    /// `to_come`, `runs`, `over` or `ended`.
    stage: &'static str,
}

/// The delegations that the person may see, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delegations {
    items: Vec<Delegated>,
}

/// A delegation to give.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Delegating {
    /// Identifier of the absent person.
    from: String,
    /// Identifier of the post's unit.
    unit: String,
    /// Role of the post.
    role: String,
    /// Identifier of the delegate.
    to: String,
    /// First day, `2026-11-23`.
    first: String,
    /// Last day.
    last: String,
    /// Whether authority to sign goes with it.
    signing: bool,
}

/// What was given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DelegationGiven {
    /// Its identifier.
    id: String,
}

/// One's own delegations, and those of the staff whom one leads.
#[utoipa::path(get, path = "/api/v1/absences", tag = "absences", security(("session" = [])),
    responses((status = 200, body = Delegations, description = "The list"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No post that is stood in for")))]
pub(crate) async fn list(State(web): State<Web>, staff: Staff) -> Answer<Json<Delegations>> {
    let found = absence::absence_page(&web.app, &staff.actor).await?;
    let item = found.lines.into_iter().map(|line| {
        let one = line.given.delegation;
        Delegated {
            id: line.given.id.to_string(),
            from: one.from.to_string(),
            from_name: line.given.from_name,
            to: one.to.to_string(),
            to_name: line.given.to_name,
            unit: one.unit.to_string(),
            role: one.role.as_str().to_owned(),
            first: one.first.to_string(),
            last: one.last.to_string(),
            signing: one.signing,
            stage: line.stage.as_str(),
        }
    });
    Ok(Json(Delegations {
        items: item.collect(),
    }))
}

/// Gives a delegation.
#[utoipa::path(post, path = "/api/v1/absences", tag = "absences", request_body = Delegating,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 201, body = DelegationGiven, description = "Given"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "A post of others"),
        (status = 422, body = Problem, description = "Not lawful, or not understood: each fault at its field, with its rule")))]
pub(crate) async fn give(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<Delegating>,
) -> Answer<(StatusCode, Json<DelegationGiven>)> {
    let post = format!("{}/{}/{}", asked.from, asked.unit, asked.role);
    let signing = if asked.signing { "1" } else { "" };
    let fields = [
        ("post", post.as_str()),
        ("to", &asked.to),
        ("first", &asked.first),
        ("last", &asked.last),
        ("signing", signing),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.replace('\0', "")));
    let id = absence::give(&web.app, &staff.actor, &Typed::new(fields.into())).await?;
    let given = DelegationGiven { id: id.to_string() };
    Ok((StatusCode::CREATED, Json(given)))
}

/// Ends a delegation now; ending it twice is no fault.
#[utoipa::path(delete, path = "/api/v1/absences/{delegation}", tag = "absences",
    security(("session" = [])),
    params(("delegation" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Ended"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such delegation, or one of others")))]
pub(crate) async fn end(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    let id = DelegationId::parse(&id).map_err(|_| Trouble::Missing)?;
    absence::end(&web.app, &staff.actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Staff and their accounts, for who keeps their units: posts given and ended, accounts locked and
//! unlocked, one-time codes set anew.

use app::forms::Typed;
use app::people::{self, AccountState, StaffLine};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Unit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;

/// Whose staff to list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StaffAsked {
    /// Identifier of the unit; the first that the person keeps when empty.
    unit: String,
}

/// A unit that the person keeps.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptUnit {
    /// Its identifier.
    id: String,
    /// Its name.
    name: String,
}

/// A post, held, to come or over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldPost {
    /// Identifier of the unit.
    unit: String,
    /// Name of the role.
    role: &'static str,
    /// First day.
    valid_from: String,
    /// Last day; none while no end is set.
    valid_to: Option<String>,
}

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    /// Identifier.
    id: String,
    /// Full name.
    name: String,
    /// Name to sign in with; empty without an account.
    login: String,
    /// `none`, `open`, `paused` after too many failures, or `locked`.
    account: &'static str,
    /// When a pause ends.
    paused_until: Option<String>,
    /// Whether a one-time code is asked for.
    totp: bool,
    /// The posts, in order.
    posts: Vec<HeldPost>,
}

/// The staff of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitStaff {
    /// Of which unit.
    unit: String,
    /// The units that the person keeps, by name.
    units: Vec<KeptUnit>,
    /// Who works there, by name.
    items: Vec<Person>,
}

/// A post with what its holder signs as.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TitledPost {
    #[serde(flatten)]
    post: HeldPost,
    /// The title under which its holder signs.
    title: Option<String>,
    /// Whether the person may end it.
    may_end: bool,
}

/// What was done to or with an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountLine {
    /// When.
    at: String,
    /// What, by the name that the audit log has for it.
    action: String,
    /// Identifier of who did it.
    by: String,
    /// More of it.
    detail: String,
}

/// A member of staff, with what may be done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonShown {
    person: Person,
    /// The posts, the latest first.
    posts: Vec<TitledPost>,
    /// Whether the person who asks may lock the account and set its codes anew.
    may_manage: bool,
    /// Whether the person who asks may give posts.
    may_give: bool,
    /// What was done lately, newest first.
    history: Vec<AccountLine>,
}

/// A post to give.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct GivingPost {
    /// Identifier of the unit.
    unit: String,
    /// Name of the role.
    role: String,
    /// First day, `2026-11-23`; not before today.
    valid_from: String,
    /// Last day; empty for none.
    valid_to: String,
    /// The title under which its holder signs; empty for none.
    title: String,
}

/// A post to end, named by unit, role and first day.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct EndingPost {
    /// Identifier of the unit.
    unit: String,
    /// Name of the role.
    role: String,
    /// First day of the post.
    valid_from: String,
    /// Last day; not before today.
    valid_to: String,
}

/// Whether an account is to be locked.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Locking {
    /// `true` locks it and ends its sessions, `false` unlocks it.
    locked: bool,
}

fn held(post: &Post) -> HeldPost {
    HeldPost {
        unit: post.unit.to_string(),
        role: post.role.as_str(),
        valid_from: post.valid_from.to_string(),
        valid_to: post.valid_to.map(|day| day.to_string()),
    }
}

fn person(line: StaffLine) -> Person {
    let (account, paused_until) = match line.account {
        AccountState::None => ("none", None),
        AccountState::Open => ("open", None),
        AccountState::Paused(until) => ("paused", Some(stamp(until))),
        AccountState::Locked => ("locked", None),
    };
    Person {
        id: line.id.into(),
        name: line.name,
        login: line.login,
        account,
        paused_until,
        totp: line.totp,
        posts: line.posts.iter().map(held).collect(),
    }
}

fn named(staff: &str) -> Result<StaffId, Trouble> {
    StaffId::parse(staff).map_err(|_| Trouble::Missing)
}

fn typed<const N: usize>(fields: [(&str, &str); N]) -> Typed {
    let fields = fields.map(|(name, value)| (name.to_owned(), value.replace('\0', "")));
    Typed::new(fields.into())
}

/// The staff of a unit that the person keeps.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff", security(("session" = [])),
    params(("unit" = Option<String>, Query, description = "Identifier of the unit; the first that the person keeps when it is not named")),
    responses((status = 200, body = UnitStaff, description = "The list"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No unit to keep"),
        (status = 404, body = Problem, description = "No such unit, or one of others")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<StaffAsked>,
) -> Answer<Json<UnitStaff>> {
    let unit = match asked.unit.as_str() {
        "" => None,
        text => Some(UnitId::parse(text).map_err(|_| Trouble::Missing)?),
    };
    let found = people::staff_list(&web.app, &staff.actor, unit.as_ref()).await?;
    let kept = |unit: Unit| KeptUnit {
        id: unit.id.into(),
        name: unit.name,
    };
    Ok(Json(UnitStaff {
        unit: found.unit.id.into(),
        units: found.units.into_iter().map(kept).collect(),
        items: found.people.into_iter().map(person).collect(),
    }))
}

/// A member of staff: account, posts, what was done to both.
#[utoipa::path(get, path = "/api/v1/staff/{staff}", tag = "staff", security(("session" = [])),
    params(("staff" = String, Path)),
    responses((status = 200, body = PersonShown, description = "The person"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "Nobody, or somebody of units of others")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<Json<PersonShown>> {
    let shown = people::staff_page(&web.app, &staff.actor, &named(&id)?).await?;
    let posts = shown.posts.into_iter().map(|line| TitledPost {
        post: held(&line.post),
        title: line.title,
        may_end: line.may_end,
    });
    let history = shown.history.into_iter().map(|past| AccountLine {
        at: stamp(past.at),
        action: past.action,
        by: past.by,
        detail: past.detail,
    });
    Ok(Json(PersonShown {
        posts: posts.collect(),
        history: history.collect(),
        may_manage: shown.may_manage,
        may_give: shown.may_give,
        person: person(shown.line),
    }))
}

/// Gives a post from a day on.
#[utoipa::path(post, path = "/api/v1/staff/{staff}/posts", tag = "staff",
    request_body = GivingPost, security(("session" = [])),
    params(("staff" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Given"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "One's own posts"),
        (status = 404, body = Problem, description = "Nobody, or somebody of units of others"),
        (status = 422, body = Problem, description = "Not understood, past, or held already: each fault at its field")))]
pub(crate) async fn give(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Body(asked): Body<GivingPost>,
) -> Answer<StatusCode> {
    let typed = typed([
        ("unit", &asked.unit),
        ("role", &asked.role),
        ("valid_from", &asked.valid_from),
        ("valid_to", &asked.valid_to),
        ("title", &asked.title),
    ]);
    people::give_post(&web.app, &staff.actor, &named(&id)?, &typed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a post on a day: rights and open work go with it.
#[utoipa::path(delete, path = "/api/v1/staff/{staff}/posts", tag = "staff",
    request_body = EndingPost, security(("session" = [])),
    params(("staff" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Ended"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "One's own posts"),
        (status = 404, body = Problem, description = "No such post, or one of others"),
        (status = 422, body = Problem, description = "A day that is past, or after the post's end")))]
pub(crate) async fn end(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Body(asked): Body<EndingPost>,
) -> Answer<StatusCode> {
    let typed = typed([
        ("unit", &asked.unit),
        ("role", &asked.role),
        ("valid_from", &asked.valid_from),
        ("valid_to", &asked.valid_to),
    ]);
    people::end_post(&web.app, &staff.actor, &named(&id)?, &typed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Locks an account and ends its sessions, or unlocks it.
#[utoipa::path(put, path = "/api/v1/staff/{staff}/lock", tag = "staff", request_body = Locking,
    security(("session" = [])),
    params(("staff" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Done"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "One's own account, or somebody who works for others too"),
        (status = 404, body = Problem, description = "Nobody, or somebody of units of others")))]
pub(crate) async fn lock(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Body(asked): Body<Locking>,
) -> Answer<StatusCode> {
    let id = named(&id)?;
    if asked.locked {
        people::lock_account(&web.app, &staff.actor, &id).await?;
    } else {
        people::unlock_account(&web.app, &staff.actor, &id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the secret of one-time codes away; the holder sets a new one up when she signs in.
#[utoipa::path(delete, path = "/api/v1/staff/{staff}/totp", tag = "staff",
    security(("session" = [])),
    params(("staff" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Done"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "One's own account, or somebody who works for others too"),
        (status = 404, body = Problem, description = "Nobody, or somebody of units of others")))]
pub(crate) async fn reset_totp(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    people::reset_totp(&web.app, &staff.actor, &named(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

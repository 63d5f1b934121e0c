//! Notices: what was told, what came of it, and the words.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::notices::{self, DeliveryState, LogQuery, Sendable};
use axum::Json;
use axum::extract::{Query, State};
use domain::notice::Channel;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, stamp};
use crate::error::{Answer, Problem};
use crate::session::Staff;
use crate::state::Web;

/// Which part of the log.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct LogAsked {
    /// `waiting`, `sending`, `sent`, `refused`, `failed` or `given_up`; anything else is all.
    state: String,
    /// `mail`, `sms` or `social`; anything else is all.
    channel: String,
    /// `next` of the page before.
    before: Option<i64>,
}

/// A delivery of a notice; the address stands nowhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryItem {
    /// Its number.
    id: i64,
    /// Identifier of the dossier.
    dossier: String,
    /// Number of the dossier, once received.
    code: String,
    /// What was told: `received`.
    kind: String,
    /// By what: `mail`, `sms` or `social`.
    channel: String,
    /// How far it is.
    state: String,
    /// How often it was tried.
    attempts: u32,
    /// What went wrong last.
    reason: String,
    /// When it is tried next.
    next_try: Option<String>,
    /// When it was ordered.
    ordered: String,
    /// When it was sent, refused or given up.
    ended: Option<String>,
}

/// A page of up to 50 deliveries, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryPage {
    items: Vec<DeliveryItem>,
    /// Where the next page begins.
    next: Option<i64>,
}

/// The deliveries of notices: of the whole province, or of the director's own centre.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", security(("session" = [])),
    params(LogAsked),
    responses((status = 200, body = DeliveryPage, description = "The page"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither administrator nor director")))]
pub(crate) async fn log(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<LogAsked>,
) -> Answer<Json<DeliveryPage>> {
    let query = LogQuery {
        state: DeliveryState::parse(&asked.state),
        channel: Channel::parse(&asked.channel),
        before: asked.before,
    };
    let log = notices::delivery_log(&web.app, &staff.actor, &query).await?;
    let item = log.lines.into_iter().map(|line| DeliveryItem {
        id: line.id,
        dossier: line.dossier.to_string(),
        code: line.code,
        kind: line.kind.as_str().to_owned(),
        channel: line.channel.as_str().to_owned(),
        state: line.state.as_str().to_owned(),
        attempts: line.attempts,
        reason: line.reason,
        next_try: line.next_try.map(stamp),
        ordered: stamp(line.created_at),
        ended: line.ended_at.map(stamp),
    });
    Ok(Json(DeliveryPage {
        items: item.collect(),
        next: log.next,
    }))
}

/// Which delivery.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct AgainBody {
    /// Its number.
    id: i64,
}

/// Whether it is sent again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgainDone {
    /// False when it was sent meanwhile, or is being sent.
    again: bool,
}

/// Has a delivery tried again that was refused, failed or was given up.
#[utoipa::path(post, path = "/api/v1/notices/again", tag = "notices", request_body = AgainBody,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 200, body = AgainDone, description = "Done"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither administrator nor director"),
        (status = 404, body = Problem, description = "None of the centre's")))]
pub(crate) async fn again(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<AgainBody>,
) -> Answer<Json<AgainDone>> {
    let done = notices::send_again(&web.app, &staff.actor, asked.id).await?;
    Ok(Json(AgainDone {
        again: done == Sendable::Again,
    }))
}

/// The words of a notice on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WordingItem {
    /// What it tells.
    kind: String,
    /// The article that it rests on.
    basis: String,
    /// Whether the law wants it: then it is never off.
    required: bool,
    /// Whether it is switched off.
    off: bool,
    /// By what it travels.
    channel: String,
    /// `vi` or `en`.
    language: String,
    /// Which version; 0 for the words that ship with the product.
    version: u32,
    /// Subject, or number of the approved text.
    subject: String,
    /// Text with its places in braces.
    body: String,
}

/// The words of every notice.
#[utoipa::path(get, path = "/api/v1/notice-templates", tag = "notices",
    security(("session" = [])),
    responses((status = 200, body = [WordingItem], description = "By kind, channel and language"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither administrator nor director")))]
pub(crate) async fn templates(
    State(web): State<Web>,
    staff: Staff,
) -> Answer<Json<Vec<WordingItem>>> {
    let book = notices::book(&web.app, &staff.actor).await?;
    let mut items = Vec::new();
    for kind in book.kinds {
        items.extend(kind.wordings.into_iter().map(|wording| WordingItem {
            kind: kind.kind.as_str().to_owned(),
            basis: kind.basis.clone(),
            required: kind.required,
            off: kind.off,
            channel: wording.template.channel.as_str().to_owned(),
            language: wording.language.code().to_owned(),
            version: wording.version,
            subject: wording.template.subject,
            body: wording.template.body,
        }));
    }
    Ok(Json(items))
}

//! What is typed is saved while it is typed.

use app::forms::Typed;
use app::intake::{remove_draft, save_draft};
use app::no::Denied;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::DraftId;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::state::Web;

/// Fields of the form that are no part of what was typed.
const NOT_KEPT: [&str; 5] = ["_khoa", "nhap", "action", "card", "procedure_pick"];

/// The answer to a save.
#[derive(Debug, Serialize)]
struct Saved {
    /// What the page shows.
    message: String,
    /// The server's time of saving, epoch milliseconds.
    at: i64,
}

/// The draft of an address; a malformed one does not exist.
pub(super) fn draft_id(text: &str) -> Result<DraftId, Trouble> {
    DraftId::parse(text).map_err(|_| Denied::Unseen.into())
}

/// What was typed, without what belongs to one sending.
pub(super) fn kept(mut typed: Typed) -> Typed {
    typed.drop_fields(|name| NOT_KEPT.contains(&name));
    typed
}

/// `POST /tiep-nhan/nhap/{id}`.
pub(super) async fn save(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let actor = &posted.staff.actor;
    let draft = save_draft(&web.app, actor, &draft_id(&id)?, kept(posted.typed)).await?;
    let w = posted.staff.words();
    let message = w.fill("form.saved", "time", w.time(&draft.saved));
    Ok(Json(Saved {
        message,
        at: epoch_millis(draft.saved),
    })
    .into_response())
}

/// `POST /tiep-nhan/nhap/{id}/bo`: throws an intake away.
pub(super) async fn remove(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    remove_draft(&web.app, &posted.staff.actor, &draft_id(&id)?).await?;
    Ok(Redirect::to("/tiep-nhan").into_response())
}

/// A local time of Viet Nam as browsers count time.
pub(super) fn epoch_millis(at: DateTime) -> i64 {
    let zone = TimeZone::fixed(Offset::constant(7));
    zone.to_timestamp(at)
        .map_or(0, jiff::Timestamp::as_millisecond)
}

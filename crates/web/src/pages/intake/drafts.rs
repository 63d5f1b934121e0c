//! What is typed is saved while it is typed.

use app::clock::epoch_millis;
use app::forms::Typed;
use app::intake::{remove_draft, save_draft};
use app::no::Denied;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::DraftId;
use jiff::civil::DateTime;
use serde::Serialize;

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::state::Web;
use crate::words::Words;

/// Fields of the form that are no part of what was typed.
const NOT_KEPT: [&str; 7] = [
    "_khoa",
    "nhap",
    "action",
    "card",
    "procedure_pick",
    "competent_pick",
    "competent_usual",
];

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

/// What was typed, without what belongs to one sending. The usual agency is no choice: another
/// procedure has another.
pub(super) fn kept(mut typed: Typed) -> Typed {
    if typed.get("competent") == typed.get("competent_usual") {
        typed.drop_fields(|name| name == "competent");
    }
    typed.drop_fields(|name| NOT_KEPT.contains(&name));
    typed
}

/// `POST /tiep-nhan/nhap/{id}`.
pub(super) async fn save(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let actor = &posted.staff.actor;
    let draft = save_draft(&web.app, actor, &draft_id(&id)?, kept(posted.typed)).await?;
    Ok(saved(posted.staff.words(), draft.saved))
}

/// The answer to a save at `at`, as the page's script reads it.
pub(crate) fn saved(w: Words, at: DateTime) -> Response {
    let message = w.fill("form.saved", "time", w.time(&at));
    let at = epoch_millis(at);
    Json(Saved { message, at }).into_response()
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

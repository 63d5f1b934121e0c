//! What is typed is saved while it is typed.

use app::clock::epoch_millis;
use app::forms::Typed;
use app::intake::{Saving, load_draft, remove_draft, save_draft};
use app::no::{Denied, No};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::DraftId;
use jiff::civil::DateTime;
use serde::Serialize;

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::state::Web;
use crate::words::Words;

/// The field with the version of the draft that the page shows.
const SEEN: &str = "_luot";
/// Fields of the form that are no part of what was typed.
const NOT_KEPT: [&str; 8] = [
    "_khoa",
    SEEN,
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
    /// The version that the next save names, where drafts have versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    /// Whether it was the same person who saved meanwhile.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    own: bool,
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

/// `POST /tiep-nhan/nhap/{id}`: what the page saves by itself, unless it comes too late.
pub(super) async fn save(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let (actor, id, w) = (&posted.staff.actor, draft_id(&id)?, posted.staff.words());
    let seen = posted.typed.get(SEEN).parse().ok();
    let saving = Saving {
        seen,
        ..kept(posted.typed).into()
    };
    match save_draft(&web.app, actor, &id, saving).await {
        Ok(draft) => Ok(Json(Saved {
            version: Some(draft.version),
            ..said(w, draft.saved)
        })
        .into_response()),
        Err(No::Stale(meanwhile)) => {
            let there = load_draft(&web.app, actor, &id).await?;
            let stale = Saved {
                message: w.t("intake.stale").to_owned(),
                at: epoch_millis(there.saved),
                version: Some(there.version),
                own: meanwhile.by == actor.staff.as_str(),
            };
            Ok((StatusCode::CONFLICT, Json(stale)).into_response())
        }
        Err(no) => Err(no.into()),
    }
}

/// The answer to a save at `at`, as the page's script reads it.
pub(crate) fn saved(w: Words, at: DateTime) -> Response {
    Json(said(w, at)).into_response()
}

fn said(w: Words, at: DateTime) -> Saved {
    Saved {
        message: w.fill("form.saved", "time", w.time(&at)),
        at: epoch_millis(at),
        version: None,
        own: false,
    }
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

//! Search from the bar: a number, its last digits, the beginning of a name.

use app::processing::{self, Found};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use serde::Deserialize;

use super::common::page;
use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/tim", get(find))
}

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    q: String,
}

/// A dossier that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) procedure: String,
    pub(crate) owner: String,
    pub(crate) state: String,
    pub(crate) came: String,
}

#[derive(Template)]
#[template(path = "pages/search.html")]
pub(crate) struct SearchPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) asked: String,
    pub(crate) hits: Vec<Hit>,
}

/// `GET /tim?q=`; the whole number leads straight to its dossier.
async fn find(State(web): State<Web>, staff: Staff, Query(question): Query<Question>) -> Answer {
    let asked: String = question.q.trim().chars().take(100).collect();
    let found = if asked.is_empty() {
        Found::default()
    } else {
        processing::search(&web.app, &staff.actor, &asked).await?
    };
    if let Some(exact) = &found.exact {
        return Ok(Redirect::to(&format!("/ho-so/{}", exact.id)).into_response());
    }
    let w = staff.words();
    let frame = Frame::desk(&web, &staff, Place::Elsewhere).await?;
    page(&SearchPage {
        frame,
        w,
        asked,
        hits: hits(w, &found),
    })
}

fn hits(w: Words, found: &Found) -> Vec<Hit> {
    let rows = found.by_order.iter().chain(&found.by_owner);
    let hit = rows.map(|row| Hit {
        id: row.id.clone(),
        code: row.code.clone().unwrap_or_default(),
        procedure: row.procedure_name.clone(),
        owner: row.owner_name.clone(),
        state: w.of("state", &row.state),
        came: w.date(local_time(row.received_at.unwrap_or(row.submitted_at))),
    });
    hit.collect()
}

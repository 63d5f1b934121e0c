//! Search from the bar: a number, its last digits, the beginning of a name, an identity number or a
//! telephone. What is asked is posted, never part of an address as it was typed.

use app::processing::{self, Found, question, sealed_question};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use serde::Deserialize;

use super::common::page;
use crate::error::Answer;
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/tim", get(find).post(ask))
}

/// The most characters of a question.
const MOST: usize = 100;

#[derive(Debug, Deserialize)]
struct Asked {
    /// The question, sealed.
    #[serde(default)]
    hoi: String,
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

/// `POST /tim`: seals the question and leads on to what is found.
async fn ask(State(web): State<Web>, posted: Posted) -> Redirect {
    let asked: String = posted.typed.get("q").chars().take(MOST).collect();
    if asked.is_empty() {
        return Redirect::to("/tim");
    }
    let sealed = sealed_question(&web.app, &posted.staff.actor, &asked);
    Redirect::to(&format!("/tim?hoi={sealed}"))
}

/// `GET /tim`: the form, with what was found; the whole number leads straight to its dossier.
async fn find(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let asked = question(&web.app, &staff.actor, &asked.hoi).unwrap_or_default();
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
    let rows = rows.chain(&found.by_party);
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

//! Where the day of an agent of the post begins: what she submitted, and nothing else.

use app::intake::{Submission, submissions};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::routing::get;
use serde::Deserialize;

use crate::error::Answer;
use crate::extract::SCANS_BYTES;
use crate::layout::{Frame, Place};
use crate::pages::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

#[cfg(test)]
mod samples;
mod scans;

/// The routes of this file.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/da-nop", get(list)).route(
        "/da-nop/{dossier}/quet",
        get(scans::get)
            .post(scans::post)
            .layer(DefaultBodyLimit::max(SCANS_BYTES)),
    )
}

/// A dossier on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) at: String,
    pub(crate) code: String,
    pub(crate) procedure: String,
    pub(crate) state: String,
    pub(crate) due: String,
    /// Where she scans its papers; empty once they are handed over.
    pub(crate) scan: String,
}

#[derive(Template)]
#[template(path = "agent/submissions.html")]
pub(crate) struct SubmissionsPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) rows: Vec<Row>,
    pub(crate) done: bool,
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    moi: String,
}

/// `GET /da-nop`.
async fn list(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let found = submissions(&web.app, &staff.actor).await?;
    let w = staff.words();
    page(&SubmissionsPage {
        frame: Frame::desk(&web, &staff, Place::Submissions).await?,
        w,
        rows: found.iter().map(|filing| row(w, filing)).collect(),
        done: !asked.moi.is_empty(),
    })
}

fn row(w: Words, filed: &Submission) -> Row {
    let code = filed.code.as_ref();
    Row {
        at: w.moment(&filed.at),
        code: code.map(ToString::to_string).unwrap_or_default(),
        procedure: filed.procedure.clone(),
        state: w.of("state", filed.state.as_str()),
        due: filed.due.map(|due| w.moment(&due)).unwrap_or_default(),
        scan: filed
            .to_scan
            .as_ref()
            .map(|dossier| format!("/da-nop/{dossier}/quet"))
            .unwrap_or_default(),
    }
}

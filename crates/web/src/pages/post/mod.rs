//! Hand-over by the post: the agent lists what she filed, the clerk counts and signs.

#[cfg(test)]
mod samples;

use app::forms::Typed;
use app::intake::{
    RecordPage, RecordView, make_post_record, post_records, sign_post_record, take_back_post_record,
};
use app::no::No;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use serde::Deserialize;

use super::common::{page, unprocessable};
use crate::error::{Answer, FaultLine, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this page.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/giao-nhan", get(show).post(act))
}

/// What can be done: the value of `action`, and the key of what is said afterwards.
const ACTIONS: [(&str, &str); 3] = [
    ("lap", "post.done.made"),
    ("ky", "post.done.signed"),
    ("thu-hoi", "post.done.taken_back"),
];

/// What was done just before.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    da: String,
}

/// A dossier on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    code: String,
    procedure: String,
    at: String,
    state: String,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    id: String,
    title: String,
    by: String,
    /// When it was signed, in words; empty while it waits.
    signed: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "post/page.html")]
struct PostPage {
    frame: Frame,
    w: Words,
    /// Key of what was done just before; empty for nothing.
    done: &'static str,
    faults: Vec<FaultLine>,
    agent: bool,
    unhanded: Vec<Line>,
    records: Vec<Record>,
}

async fn load(web: &Web, staff: &Staff, faults: Vec<FaultLine>) -> Answer<PostPage> {
    let found = post_records(&web.app, &staff.actor).await?;
    let frame = Frame::desk(web, staff, Place::PostRecords).await?;
    Ok(PostPage::new(frame, &found, faults))
}

/// `GET /giao-nhan`.
async fn show(State(web): State<Web>, staff: Staff, Query(done): Query<Done>) -> Answer {
    let shown = load(&web, &staff, Vec::new()).await?;
    let known = ACTIONS.iter().find(|(action, _)| *action == done.da);
    let done = known.map_or("", |(_, key)| key);
    page(&PostPage { done, ..shown })
}

/// `POST /giao-nhan`.
async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let (app, actor, typed) = (&web.app, &posted.staff.actor, &posted.typed);
    let (action, id) = (typed.get("action"), typed.get("id"));
    let done = match action {
        "lap" => make(&web, &posted.staff, typed).await,
        "ky" => sign_post_record(app, actor, id).await.map(drop),
        "thu-hoi" => take_back_post_record(app, actor, id).await,
        _ => return Err(Trouble::Missing),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/giao-nhan?da={action}")).into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            unprocessable(&load(&web, &posted.staff, faults).await?)
        }
        Err(no) => Err(no.into()),
    }
}

/// Makes a record of what was ticked.
async fn make(web: &Web, staff: &Staff, typed: &Typed) -> Result<(), No> {
    let found = post_records(&web.app, &staff.actor).await?;
    let ticked = found.unhanded.iter();
    let ticked = ticked.filter(|line| !typed.get(&format!("hs-{}", line.id)).is_empty());
    let dossiers: Result<_, _> = ticked.map(app::intake::PostLine::dossier).collect();
    make_post_record(&web.app, &staff.actor, dossiers?)
        .await
        .map(drop)
}

impl PostPage {
    fn new(frame: Frame, found: &RecordPage, faults: Vec<FaultLine>) -> Self {
        let w = frame.w;
        let line = |line: &app::intake::PostLine| Line {
            id: line.id.clone(),
            code: line.code.clone().unwrap_or_default(),
            procedure: line.procedure_name.clone(),
            at: w.moment(&local_time(line.submitted_at)),
            state: w.of("state", &line.state),
        };
        let record = |one: &RecordView| Record {
            id: one.id.clone(),
            title: w.fill("post.number", "number", &one.number),
            by: w.fills(
                "post.by",
                &[
                    ("agent", one.agent.as_str()),
                    ("at", &w.moment(&one.made_at)),
                    ("n", &one.lines.len().to_string()),
                ],
            ),
            signed: one
                .signed_at
                .map_or_else(String::new, |at| w.fill("post.signed", "at", w.moment(&at))),
            lines: one.lines.iter().map(line).collect(),
        };
        Self {
            done: "",
            faults,
            agent: found.agent,
            unhanded: found.unhanded.iter().map(line).collect(),
            records: found.records.iter().map(record).collect(),
            frame,
            w,
        }
    }
}

//! Public tracking by the dossier's number: progress and promise, no person.

use app::No;
use app::no::Denied;
use app::processing::{self, Progress, Stage};
use app::words::{self, Language};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use domain::deadline::Limit;
use domain::dossier::StateKind;
use domain::ids::DossierCode;
use jiff::civil::DateTime;
use serde::Deserialize;

use super::common::page;
use super::correction;
use super::dossier::promise::{Promise, WIDE};
use crate::error::{Answer, FaultLine, Trouble};
use crate::extract::Address;
use crate::layout::Frame;
use crate::session::Visitor;
use crate::state::Web;
use crate::throttle::Purpose;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/tra-cuu", get(ask))
        .route("/tra-cuu/{code}", get(show))
}

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    ma: String,
}

/// A step as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageView {
    pub(crate) class: &'static str,
    pub(crate) name: String,
    pub(crate) note: String,
}

/// Progress in words.
#[derive(Debug, Clone)]
pub(crate) struct ProgressView {
    pub(crate) code: String,
    pub(crate) head: String,
    pub(crate) late: bool,
    pub(crate) procedure: String,
    pub(crate) promise: Option<Promise>,
    /// The new date given with an apology; empty without one.
    pub(crate) apologised: String,
    /// The date promised first, said beside it.
    pub(crate) first: String,
    /// The time of the law, where a green lane published an earlier date; empty otherwise.
    pub(crate) legal: String,
    /// When and where to come.
    pub(crate) come: String,
    /// What goes with the result in files of their own; empty where nothing does.
    pub(crate) attachments: String,
    /// What was done, or is being done, to a result that was issued in error; empty otherwise.
    pub(crate) corrected: String,
    pub(crate) stages: Vec<StageView>,
    pub(crate) now: String,
}

#[derive(Template)]
#[template(path = "pages/track.html")]
pub(crate) struct TrackPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) asked: String,
    pub(crate) fault: String,
    pub(crate) found: Option<ProgressView>,
}

/// `GET /tra-cuu?ma=`: the form, or on to the number that was typed.
async fn ask(visitor: Visitor, Query(question): Query<Question>) -> Answer {
    let asked = question.ma.trim();
    match DossierCode::parse(&asked.to_uppercase()) {
        Ok(code) => Ok(Redirect::to(&format!("/tra-cuu/{code}")).into_response()),
        Err(_) if asked.is_empty() => page(&TrackPage::form(&visitor, "", "")),
        Err(_) => unknown(&visitor, asked, "web.track.not_a_code"),
    }
}

/// `GET /tra-cuu/{code}`.
async fn show(
    State(web): State<Web>,
    Address(address): Address,
    visitor: Visitor,
    Path(asked): Path<String>,
) -> Answer {
    if !web
        .throttle
        .allows(Purpose::Track, address, web.app.clock().now())
    {
        return Err(Trouble::TooMany);
    }
    let Ok(code) = DossierCode::parse(&asked.trim().to_uppercase()) else {
        return unknown(&visitor, &asked, "web.track.not_a_code");
    };
    match processing::track(&web.app, &code).await {
        Ok(progress) => {
            let place = web.app.unit_name(&progress.receiving);
            page(&TrackPage::found(&visitor, &progress, &place))
        }
        Err(No::Denied(Denied::Unseen)) => unknown(&visitor, &asked, "web.track.unknown"),
        Err(no) => Err(no.into()),
    }
}

/// The form with what was typed and what is wrong with it.
fn unknown(visitor: &Visitor, asked: &str, key: &str) -> Answer<Response> {
    let asked: String = asked.chars().take(60).collect();
    let fault = visitor.w.t(key).to_owned();
    let form = TrackPage::form(visitor, &asked, &fault);
    Ok((StatusCode::NOT_FOUND, page(&form)?).into_response())
}

impl TrackPage {
    fn faults(&self) -> Vec<FaultLine> {
        FaultLine::one("ma", &self.fault)
    }

    /// The form alone.
    pub(crate) fn form(visitor: &Visitor, asked: &str, fault: &str) -> Self {
        Self {
            frame: Frame::public(visitor),
            w: visitor.w,
            asked: asked.to_owned(),
            fault: fault.to_owned(),
            found: None,
        }
    }

    /// The page of a dossier that was received at `place`.
    pub(crate) fn found(visitor: &Visitor, progress: &Progress, place: &str) -> Self {
        let found = Some(ProgressView::new(visitor.w, progress, place));
        let form = Self::form(visitor, progress.code.as_str(), "");
        Self {
            found,
            frame: Frame {
                unit: place.to_owned(),
                ..form.frame
            },
            ..form
        }
    }
}

impl ProgressView {
    fn new(w: Words, progress: &Progress, place: &str) -> Self {
        let running = matches!(progress.state, StateKind::Received | StateKind::Processing);
        let deadline = progress.deadline.as_ref().filter(|_| running);
        let apologised = progress.apologised.filter(|_| deadline.is_some());
        let expected = apologised.or(deadline.map(|deadline| deadline.due));
        let late = expected.is_some_and(|due| due < progress.now);
        let legal = progress.legal.filter(|_| deadline.is_some());
        let head = if late {
            "late"
        } else {
            progress.state.as_str()
        };
        let time = deadline
            .map(|deadline| w.time(&deadline.due))
            .unwrap_or_default();
        let today = progress.now.date();
        Self {
            code: progress.code.to_string(),
            head: w.of("web.track.head", head),
            late,
            procedure: progress.procedure.clone(),
            promise: deadline.map(|deadline| Promise::of(w.0, deadline, today, WIDE)),
            apologised: apologised
                .map(|until| w.promise(&until))
                .unwrap_or_default(),
            first: deadline
                .map(|deadline| w.fill("web.track.first_date", "date", w.promise(&deadline.due)))
                .unwrap_or_default(),
            legal: legal.map(|legal| by_law(w, legal)).unwrap_or_default(),
            come: w.fills("web.track.by", &[("time", &time), ("place", place)]),
            attachments: match progress.attachments {
                0 => String::new(),
                n => w.fill("web.track.attachments", "n", n),
            },
            corrected: match progress.corrected {
                Some(kind) => correction::done(w, kind),
                None if progress.correcting => w.t("correction.under_way").to_owned(),
                None => String::new(),
            },
            stages: stages(w, progress),
            now: w.promise(&progress.now),
        }
    }
}

fn by_law(w: Words, (limit, due): (Limit, DateTime)) -> String {
    let (limit, date) = (words::limit(w.0, limit), w.promise(&due));
    w.fills("web.track.legal", &[("limit", &limit), ("date", &date)])
}

fn stages(w: Words, progress: &Progress) -> Vec<StageView> {
    let closed = progress.state.is_closed();
    let stage = progress
        .stages
        .iter()
        .enumerate()
        .map(|(index, (step, stage))| {
            let english = w.0 == Language::En && !step.name_en.is_empty();
            let received = progress
                .received
                .filter(|_| index == 0)
                .map(|at| w.moment(&at));
            let (class, note) = match stage {
                Stage::Done => ("is-done", String::new()),
                Stage::Now if closed => ("", String::new()),
                Stage::Now => ("is-now", w.of("web.track.now", progress.state.as_str())),
                Stage::Ahead => ("", String::new()),
            };
            StageView {
                class,
                name: if english {
                    step.name_en.clone()
                } else {
                    step.name.clone()
                },
                note: received.unwrap_or(note),
            }
        });
    stage.collect()
}

//! The log of deliveries, with its filter and the order to send again.

use app::notices::{
    DeliveryLine, DeliveryState, LogQuery, NoticeLog, Sendable, delivery_log, send_again,
};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use domain::notice::Channel;
use serde::Deserialize;

use super::{done_words, reason_words};
use crate::error::Answer;
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::common::page;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/thong-bao/nhat-ky", get(show))
        .route("/thong-bao/gui-lai", post(again))
}

/// Which part of the log.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default, rename = "tinh-trang")]
    state: String,
    #[serde(default, rename = "kenh")]
    channel: String,
    #[serde(default)]
    sau: String,
    #[serde(default)]
    da: String,
}

/// A choice of the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) words: String,
    pub(crate) on: bool,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogRow {
    pub(crate) id: i64,
    pub(crate) dossier: String,
    pub(crate) code: String,
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) channel: String,
    pub(crate) state: String,
    /// Whether somebody has to look at it.
    pub(crate) bad: bool,
    pub(crate) attempts: u32,
    pub(crate) reason: String,
    pub(crate) next_try: String,
    pub(crate) may_again: bool,
}

#[derive(Template)]
#[template(path = "notices/log.html")]
pub(crate) struct LogPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) done: String,
    pub(crate) states: Vec<Choice>,
    pub(crate) channels: Vec<Choice>,
    pub(crate) rows: Vec<LogRow>,
    pub(crate) next: String,
}

impl LogPage {
    /// The page of what `query` asked for.
    pub(crate) fn new(frame: Frame, query: &LogQuery, log: &NoticeLog) -> Self {
        let w = frame.w;
        let choice = |group, value, on| Choice {
            value,
            words: w.of(group, value),
            on,
        };
        let any = |on| Choice {
            value: "",
            words: w.t("web.notices.any").to_owned(),
            on,
        };
        let states = DeliveryState::ALL.into_iter();
        let states =
            states.map(|state| choice("notice.state", state.as_str(), query.state == Some(state)));
        let channels = Channel::ALL.into_iter().map(|channel| {
            let on = query.channel == Some(channel);
            choice("notice.channel", channel.as_str(), on)
        });
        let next = log.next.map(|last| {
            let state = query.state.map_or("", DeliveryState::as_str);
            let channel = query.channel.map_or("", Channel::as_str);
            format!("/thong-bao/nhat-ky?tinh-trang={state}&kenh={channel}&sau={last}")
        });
        Self {
            done: String::new(),
            states: std::iter::once(any(query.state.is_none()))
                .chain(states)
                .collect(),
            channels: std::iter::once(any(query.channel.is_none()))
                .chain(channels)
                .collect(),
            rows: log.lines.iter().map(|line| row(w, line)).collect(),
            next: next.unwrap_or_default(),
            frame,
            w,
        }
    }
}

fn row(w: Words, line: &DeliveryLine) -> LogRow {
    let bad = line.state.may_be_sent_again();
    LogRow {
        id: line.id,
        dossier: line.dossier.to_string(),
        code: line.code.clone(),
        at: w.moment(&line.ended_at.unwrap_or(line.created_at)),
        kind: w.of("notice.kind", line.kind.as_str()),
        channel: w.of("notice.channel", line.channel.as_str()),
        state: w.of("notice.state", line.state.as_str()),
        bad,
        attempts: line.attempts,
        reason: reason_words(w, &line.reason),
        next_try: line
            .next_try
            .map(|next| w.moment(&next))
            .unwrap_or_default(),
        may_again: bad,
    }
}

async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let query = LogQuery {
        state: DeliveryState::parse(&asked.state),
        channel: Channel::parse(&asked.channel),
        before: asked.sau.parse().ok(),
    };
    let log = delivery_log(&web.app, &staff.actor, &query).await?;
    let frame = Frame::desk(&web, &staff, Place::Notices).await?;
    let done = done_words(frame.w, &asked.da);
    page(&LogPage {
        done,
        ..LogPage::new(frame, &query, &log)
    })
}

async fn again(State(web): State<Web>, posted: Posted) -> Answer {
    let id = posted.typed.get("id").parse().unwrap_or_default();
    let done = match send_again(&web.app, &posted.staff.actor, id).await? {
        Sendable::Again => "gui-lai",
        Sendable::NotNow => "khong",
    };
    Ok(Redirect::to(&format!("/thong-bao/nhat-ky?da={done}")).into_response())
}

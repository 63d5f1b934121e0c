//! The book of notices: kinds, their articles, their words, the quiet hours.

use app::No;
use app::forms::Typed;
use app::no::Denied;
use app::notices::{KindView, NoticeBook, book, save_quiet_hours, switch};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use domain::notice::Kind;
use serde::Deserialize;

use super::done_words;
use crate::error::{Answer, FaultLine, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::common::{page, unprocessable};
use crate::pages::input::Input;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/thong-bao", get(show))
        .route("/thong-bao/gio-khong-gui", post(quiet))
        .route("/thong-bao/bat-tat", post(turn))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    da: String,
}

/// Words of a kind that may be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WordingLink {
    pub(crate) href: String,
    pub(crate) words: String,
    /// Whether the province has edited them.
    pub(crate) own: bool,
}

/// A kind of notice on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KindRow {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) basis: String,
    pub(crate) required: bool,
    pub(crate) off: bool,
    pub(crate) wordings: Vec<WordingLink>,
    pub(crate) error: String,
}

#[derive(Template)]
#[template(path = "notices/book.html")]
pub(crate) struct BookPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) done: String,
    pub(crate) channels: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) rows: Vec<KindRow>,
    pub(crate) may_edit: bool,
    pub(crate) faults_title: String,
    pub(crate) faults: Vec<FaultLine>,
}

impl BookPage {
    /// The page; with what was typed into the hours when it was wrong.
    pub(crate) fn new(frame: Frame, book: &NoticeBook, typed: &Typed) -> Self {
        let w = frame.w;
        let names = book.channels.iter();
        let names: Vec<String> = names
            .map(|channel| w.of("notice.channel", channel.as_str()))
            .collect();
        let hour = |name, label, at: jiff::civil::Time| Input {
            value: at.strftime("%H:%M").to_string(),
            class: "input-day",
            ..Input::text(name, label)
        };
        let inputs = [
            hour("from", "web.notices.from", book.quiet.from),
            hour("to", "web.notices.to", book.quiet.to),
        ];
        Self {
            done: String::new(),
            channels: if names.is_empty() {
                w.t("web.notices.no_channels").to_owned()
            } else {
                w.fill("web.notices.channels", "list", names.join(", "))
            },
            inputs: inputs.map(|input| input.filled(typed, &[])).into(),
            rows: book.kinds.iter().map(|kind| row(w, kind)).collect(),
            may_edit: book.may_edit,
            faults_title: String::new(),
            faults: Vec::new(),
            frame,
            w,
        }
    }

    /// The same with faults: of the hours at their fields, of a switch at its row.
    pub(crate) fn with_faults(mut self, kind: Option<Kind>, faults: Vec<FaultLine>) -> Self {
        let title = self.w.fill("web.trouble.invalid.title", "n", faults.len());
        self.faults_title = title;
        let mut faults = faults;
        for fault in &mut faults {
            if let Some(row) = self
                .rows
                .iter_mut()
                .find(|row| kind.is_some_and(|kind| row.kind == kind.as_str()))
            {
                row.error.clone_from(&fault.message);
                fault.field = format!("switch-{}", row.kind);
            }
            for input in &mut self.inputs {
                if input.name == fault.field {
                    input.error.clone_from(&fault.message);
                }
            }
        }
        self.faults = faults;
        self
    }
}

fn row(w: Words, view: &KindView) -> KindRow {
    let link = |wording: &app::notices::WordingView| {
        let template = &wording.template;
        let (channel, language) = (template.channel.as_str(), wording.language.code());
        let channel_name = w.of("notice.channel", channel);
        let language_name = w.of("notice.language", language);
        WordingLink {
            href: format!(
                "/thong-bao/mau?loai={}&kenh={channel}&tieng={language}",
                view.kind.as_str()
            ),
            words: format!("{channel_name}, {language_name}"),
            own: wording.version > 0,
        }
    };
    KindRow {
        kind: view.kind.as_str(),
        name: w.of("notice.kind", view.kind.as_str()),
        basis: view.basis.clone(),
        required: view.required,
        off: view.off,
        wordings: view.wordings.iter().map(link).collect(),
        error: String::new(),
    }
}

async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let book = book(&web.app, &staff.actor).await?;
    let frame = Frame::desk(&web, &staff, Place::Notices).await?;
    let done = done_words(frame.w, &asked.da);
    page(&BookPage {
        done,
        ..BookPage::new(frame, &book, &Typed::default())
    })
}

async fn quiet(State(web): State<Web>, posted: Posted) -> Answer {
    let typed = &posted.typed;
    let (from, to) = (typed.get("from"), typed.get("to"));
    let saved = save_quiet_hours(&web.app, &posted.staff.actor, from, to).await;
    answer(&web, &posted, saved, None).await
}

async fn turn(State(web): State<Web>, posted: Posted) -> Answer {
    let typed = &posted.typed;
    let kind = match typed.get("loai") {
        "" => Kind::Received,
        name => Kind::parse(name).ok_or(Denied::Unseen)?,
    };
    let off = typed.get("bat") != "1";
    let turned = switch(&web.app, &posted.staff.actor, kind, off).await;
    answer(&web, &posted, turned, Some(kind)).await
}

/// Back to the page, or the page once more with what is wrong.
async fn answer(web: &Web, posted: &Posted, done: Result<(), No>, kind: Option<Kind>) -> Answer {
    let faults = match done {
        Ok(()) => return Ok(Redirect::to("/thong-bao?da=luu").into_response()),
        Err(No::Invalid(faults)) => faults,
        Err(no) => return Err(no.into()),
    };
    let book = book(&web.app, &posted.staff.actor).await?;
    let frame = Frame::desk(web, &posted.staff, Place::Notices).await?;
    let lines = fault_lines(frame.w, &faults);
    unprocessable(&BookPage::new(frame, &book, &posted.typed).with_faults(kind, lines))
}

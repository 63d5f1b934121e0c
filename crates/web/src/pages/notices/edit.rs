//! One text: edited, checked, previewed with examples, and only then kept.

use app::No;
use app::forms::Typed;
use app::no::Denied;
use app::notices::{Edited, WordingView, edit, save, wording};
use app::words::Language;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use domain::notice::{Channel, Kind, Placeholder, Template as Words_, measure};
use serde::Deserialize;

use crate::error::{Answer, FaultLine, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::common::{page, unprocessable};
use crate::pages::input::Input;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/thong-bao/mau", get(show).post(change))
}

/// Which text; the first of the book when the address names none.
#[derive(Debug, Default, Deserialize)]
struct Which {
    #[serde(default)]
    loai: String,
    #[serde(default)]
    kenh: String,
    #[serde(default)]
    tieng: String,
}

impl Which {
    fn parse(&self) -> Answer<((Kind, Channel), Language)> {
        let kind = match self.loai.as_str() {
            "" => Some(Kind::Received),
            name => Kind::parse(name),
        };
        let channel = match self.kenh.as_str() {
            "" => Some(Channel::Mail),
            name => Channel::parse(name),
        };
        match (kind, channel) {
            (Some(kind), Some(channel)) => Ok(((kind, channel), Language::parse(&self.tieng))),
            _ => Err(Denied::Unseen.into()),
        }
    }
}

/// A place that may stand in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaceView {
    /// With its braces.
    pub(crate) name: String,
    pub(crate) words: String,
    pub(crate) required: bool,
}

#[derive(Template)]
#[template(path = "notices/edit.html")]
pub(crate) struct EditPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) title: String,
    pub(crate) meta: String,
    pub(crate) kind: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) language: &'static str,
    pub(crate) version: u32,
    pub(crate) inputs: Vec<Input>,
    pub(crate) body: String,
    pub(crate) body_label: &'static str,
    pub(crate) body_error: String,
    pub(crate) places: Vec<PlaceView>,
    pub(crate) preview_subject: String,
    pub(crate) preview_body: String,
    pub(crate) length: String,
    pub(crate) faults_title: String,
    pub(crate) faults: Vec<FaultLine>,
}

impl EditPage {
    /// The form of a text, with its preview and what is wrong with it.
    pub(crate) fn new(frame: Frame, view: &WordingView, faults: Vec<FaultLine>) -> Self {
        let w = frame.w;
        let template = &view.template;
        let (kind, channel) = (template.kind, template.channel);
        let (preview_subject, preview_body) = template.example();
        let of = |field: &str| {
            let found = faults.iter().filter(|fault| fault.field == field);
            let words: Vec<&str> = found.map(|fault| fault.message.as_str()).collect();
            words.join(" ")
        };
        let subject = |label| Input {
            value: template.subject.clone(),
            error: of("subject"),
            ..Input::text("subject", label)
        };
        Self {
            title: w.of("notice.kind", kind.as_str()),
            meta: format!(
                "{}, {}",
                w.of("notice.channel", channel.as_str()),
                w.of("notice.language", view.language.code())
            ),
            kind: kind.as_str(),
            channel: channel.as_str(),
            language: view.language.code(),
            version: view.version,
            inputs: match channel {
                Channel::Mail => vec![subject("web.notices.subject")],
                Channel::Social => vec![subject("web.notices.approved_text")],
                Channel::Sms => Vec::new(),
            },
            body: template.body.clone(),
            body_label: match channel {
                Channel::Social => "web.notices.body_social",
                Channel::Mail | Channel::Sms => "web.notices.body",
            },
            body_error: of("body"),
            places: places(w, (kind, channel)),
            length: length(w, channel, &preview_body),
            preview_subject: match channel {
                Channel::Mail => preview_subject,
                Channel::Sms | Channel::Social => String::new(),
            },
            preview_body,
            faults_title: w.fill("web.trouble.invalid.title", "n", faults.len()),
            faults,
            frame,
            w,
        }
    }
}

fn places(w: Words, (kind, channel): (Kind, Channel)) -> Vec<PlaceView> {
    let known = Placeholder::ALL
        .iter()
        .filter(|place| place.is_known_to(kind));
    let view = known.map(|place| PlaceView {
        name: format!("{{{}}}", place.as_str()),
        words: w.of("notice.place", place.as_str()),
        required: Placeholder::required_by(kind, channel).contains(place),
    });
    view.collect()
}

/// How long a text message is.
fn length(w: Words, channel: Channel, text: &str) -> String {
    if channel != Channel::Sms {
        return String::new();
    }
    let length = measure(text);
    let marks = if length.unicode {
        "web.notices.marked"
    } else {
        "web.notices.unmarked"
    };
    let counts = [
        ("n", length.characters.to_string()),
        ("parts", length.parts.to_string()),
    ];
    let counts = counts.each_ref().map(|(name, n)| (*name, n.as_str()));
    format!(
        "{} ({})",
        w.fills("web.notices.length", &counts),
        w.t(marks)
    )
}

async fn show(State(web): State<Web>, staff: Staff, Query(which): Query<Which>) -> Answer {
    let (which, language) = which.parse()?;
    let view = wording(&web.app, &staff.actor, which, language).await?;
    let frame = Frame::desk(&web, &staff, Place::Notices).await?;
    page(&EditPage::new(frame, &view, Vec::new()))
}

/// Lines end as in the text, not as in forms.
fn typed_text(typed: &Typed, name: &str) -> String {
    let text = typed.get(name).replace("\r\n", "\n");
    text.trim_end().to_owned()
}

async fn change(State(web): State<Web>, posted: Posted) -> Answer {
    let typed = &posted.typed;
    let words = |name: &str| typed.get(name).to_owned();
    let which = Which {
        loai: words("loai"),
        kenh: words("kenh"),
        tieng: words("tieng"),
    };
    let ((kind, channel), language) = which.parse()?;
    let view = WordingView {
        template: Words_ {
            kind,
            channel,
            subject: typed.get("subject").trim().to_owned(),
            body: typed_text(typed, "body"),
        },
        language,
        version: typed
            .get("version")
            .parse()
            .map_err(|_| Trouble::Unreadable)?,
    };
    let edited = Edited {
        template: view.template.clone(),
        language,
        version: view.version,
    };
    let keep = typed.get("action") == "luu";
    let done = if keep {
        save(&web.app, &posted.staff.actor, edited).await
    } else {
        edit(&web.app, &posted.staff.actor, &edited).await
    };
    let faults = match done {
        Ok(()) if keep => return Ok(Redirect::to("/thong-bao?da=luu").into_response()),
        Ok(()) => Vec::new(),
        Err(No::Invalid(faults)) => faults,
        Err(no) => return Err(no.into()),
    };
    let frame = Frame::desk(&web, &posted.staff, Place::Notices).await?;
    let mut lines = fault_lines(frame.w, &faults);
    for line in &mut lines {
        if line.field == "version" {
            "body".clone_into(&mut line.field);
        }
    }
    let shown = EditPage::new(frame, &view, lines);
    if faults.is_empty() {
        page(&shown)
    } else {
        unprocessable(&shown)
    }
}

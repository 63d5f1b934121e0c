//! The words of notices, which are on, and when nobody is disturbed: what the province changes.

use app::notices::{Edited, book, edit, quiet_hours, save, save_quiet_hours, switch};
use app::words::Language;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::notice::{Channel, Kind, QuietHours, Template, measure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;

/// Words to check or to keep.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct WordingBody {
    /// What it tells: `received`; the same when it is empty.
    kind: String,
    /// By what: `mail`, `sms` or `social`; mail when it is empty.
    channel: String,
    /// `vi` or `en`; Vietnamese when it is empty.
    language: String,
    /// The version that was edited, as the list of templates names it.
    version: u32,
    /// Subject, or number of the approved text; empty for text messages.
    subject: String,
    /// Text with its places in braces.
    body: String,
}

impl WordingBody {
    fn edited(self) -> Result<Edited, Trouble> {
        let clean = |text: &str| text.replace('\0', "");
        Ok(Edited {
            template: Template {
                kind: kind(&self.kind)?,
                channel: match self.channel.as_str() {
                    "" => Channel::Mail,
                    name => Channel::parse(name).ok_or(Trouble::Missing)?,
                },
                subject: clean(self.subject.trim()),
                body: clean(self.body.trim_end()),
            },
            language: Language::parse(&self.language),
            version: self.version,
        })
    }
}

fn kind(name: &str) -> Result<Kind, Trouble> {
    match name {
        "" => Ok(Kind::Received),
        name => Kind::parse(name).ok_or(Trouble::Missing),
    }
}

/// Words filled with examples.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// Subject, or number of the approved text.
    subject: String,
    /// Text.
    body: String,
    /// Characters as networks count them; of text messages.
    characters: Option<usize>,
    /// Parts in which it is sent; of text messages.
    parts: Option<usize>,
}

/// Checks words without keeping them, and fills them with examples.
#[utoipa::path(post, path = "/api/v1/notice-templates/check", tag = "notices",
    request_body = WordingBody, security(("session" = [])),
    params(("X-CSRF-Token" = String, Header)),
    responses((status = 200, body = Preview, description = "Nothing is wrong"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not the province's administrator"),
        (status = 404, body = Problem, description = "No such kind, channel or language of it"),
        (status = 422, body = Problem, description = "Each fault at its field")))]
pub(crate) async fn check(
    State(web): State<Web>,
    staff: Staff,
    Body(words): Body<WordingBody>,
) -> Answer<Json<Preview>> {
    let edited = words.edited()?;
    edit(&web.app, &staff.actor, &edited).await?;
    let (subject, body) = edited.template.example();
    let length = (edited.template.channel == Channel::Sms).then(|| measure(&body));
    Ok(Json(Preview {
        characters: length.map(|length| length.characters),
        parts: length.map(|length| length.parts),
        subject,
        body,
    }))
}

/// What was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WordingKept {
    /// The version that it is.
    version: u32,
}

/// Keeps words as the next version, once they pass their check.
#[utoipa::path(post, path = "/api/v1/notice-templates", tag = "notices",
    request_body = WordingBody, security(("session" = [])),
    params(("X-CSRF-Token" = String, Header)),
    responses((status = 201, body = WordingKept, description = "Kept"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not the province's administrator"),
        (status = 404, body = Problem, description = "No such kind, channel or language of it"),
        (status = 422, body = Problem, description = "Each fault at its field; `version` when somebody else was faster")))]
pub(crate) async fn keep(
    State(web): State<Web>,
    staff: Staff,
    Body(words): Body<WordingBody>,
) -> Answer<(StatusCode, Json<WordingKept>)> {
    let edited = words.edited()?;
    let version = edited.version.saturating_add(1);
    save(&web.app, &staff.actor, edited).await?;
    Ok((StatusCode::CREATED, Json(WordingKept { version })))
}

/// Whether a kind is told.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct SwitchBody {
    /// Which: `withdrawn`; `received` when it is empty.
    kind: String,
    /// Whether it is switched off. What the law wants stays on.
    off: bool,
}

/// Switches a kind of notice off, or on again.
#[utoipa::path(post, path = "/api/v1/notices/switch", tag = "notices", request_body = SwitchBody,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Switched"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not the province's administrator"),
        (status = 404, body = Problem, description = "No such kind"),
        (status = 422, body = Problem, description = "The law wants it: the fault names the article")))]
pub(crate) async fn turn(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<SwitchBody>,
) -> Answer<StatusCode> {
    let kind = kind(&asked.kind)?;
    switch(&web.app, &staff.actor, kind, asked.off).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The hours in which nobody is disturbed.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Hours {
    /// When they begin, `21:00`.
    from: String,
    /// When they end; before they begin when they go over midnight, equal when there are none.
    to: String,
}

impl From<QuietHours> for Hours {
    fn from(hours: QuietHours) -> Self {
        let time = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
        Self {
            from: time(hours.from),
            to: time(hours.to),
        }
    }
}

/// The hours in which nobody is disturbed.
#[utoipa::path(get, path = "/api/v1/notices/quiet-hours", tag = "notices",
    security(("session" = [])),
    responses((status = 200, body = Hours, description = "The hours in force"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Neither administrator nor director")))]
pub(crate) async fn hours(State(web): State<Web>, staff: Staff) -> Answer<Json<Hours>> {
    let found = book(&web.app, &staff.actor).await?;
    Ok(Json(found.quiet.into()))
}

/// Sets the hours from today on: outside 08:00 to 17:00, and twelve hours at most.
#[utoipa::path(post, path = "/api/v1/notices/quiet-hours", tag = "notices", request_body = Hours,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 200, body = Hours, description = "Set"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not the province's administrator"),
        (status = 422, body = Problem, description = "Each fault at its field")))]
pub(crate) async fn set_hours(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<Hours>,
) -> Answer<Json<Hours>> {
    save_quiet_hours(&web.app, &staff.actor, &asked.from, &asked.to).await?;
    Ok(Json(quiet_hours(&web.app).await?.into()))
}

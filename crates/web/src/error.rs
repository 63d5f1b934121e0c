//! The one mapping from "no" to a response: page, fragment or JSON.

use std::sync::Arc;

use app::No;
use app::no::{Denied, Fault};
use app::people::NotSignedIn;
use app::words;
use askama::Template;
use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use crate::layout::Frame;
use crate::present::short_kind;
use crate::session::{CSRF_HEADER, Staff, Visitor, is_safe, language, wants_json};
use crate::state::Web;
use crate::words::Words;

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A use case said no.
    No(No),
    /// There is no such page.
    Missing,
    /// The page exists but not for this method.
    Method,
    /// Nobody is signed in.
    SignIn,
    /// The secret of the form is missing or old.
    Forged,
    /// The body is not what was expected.
    Unreadable,
    /// The body is too large.
    TooLarge,
    /// Too many questions from one address.
    TooMany,
    /// It took too long.
    Late,
    /// A program's request without a one-time key.
    Keyless,
    /// A program did not sign in.
    Unknown(NotSignedIn),
}

/// What handlers answer.
pub(crate) type Answer<T = Response> = Result<T, Trouble>;

impl<T: Into<No>> From<T> for Trouble {
    fn from(no: T) -> Self {
        Self::No(no.into())
    }
}

impl Trouble {
    /// A page that could not be written.
    pub(crate) fn of_page(error: askama::Error) -> Self {
        Self::No(No::Broken(Box::new(error)))
    }

    /// A body that could not be read.
    pub(crate) fn of_body(rejection: BytesRejection) -> Self {
        Self::of_status(rejection.into_response().status())
    }

    /// A multipart body that could not be read.
    pub(crate) fn of_multipart(error: &MultipartError) -> Self {
        Self::of_status(error.status())
    }

    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::Missing,
            StatusCode::METHOD_NOT_ALLOWED => Self::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Self::Late,
            _ => Self::Unreadable,
        }
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::No(No::Refused(_) | No::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::No(No::Denied(Denied::Unseen)) | Self::Missing => StatusCode::NOT_FOUND,
            Self::No(No::Denied(Denied::Seen)) | Self::Forged => StatusCode::FORBIDDEN,
            Self::No(No::Stale(_)) => StatusCode::CONFLICT,
            Self::No(No::Broken(_)) | Self::Late => StatusCode::SERVICE_UNAVAILABLE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignIn | Self::Unknown(_) => StatusCode::UNAUTHORIZED,
            Self::Unreadable | Self::Keyless => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The name of the trouble in message keys.
    fn key(&self) -> &'static str {
        match self {
            Self::No(No::Refused(_)) => "refused",
            Self::No(No::Invalid(_)) => "invalid",
            Self::No(No::Denied(Denied::Unseen)) | Self::Missing => "missing",
            Self::No(No::Denied(Denied::Seen)) => "denied",
            Self::No(No::Stale(_)) => "stale",
            Self::No(No::Broken(_)) => "broken",
            Self::Late => "late",
            Self::Method => "method",
            Self::SignIn => "sign_in",
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::Keyless => "keyless",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Said once, here where it is handled: refusals inform, denials warn, what is broken alarms.
    fn log(&self, path: &str) {
        match self {
            Self::No(No::Broken(error)) => tracing::error!(%error, path, "Could not answer"),
            Self::No(No::Refused(refusal)) => {
                tracing::info!(rule = refusal.rule().id(), path, "Refused by rule");
            }
            Self::No(No::Denied(_)) | Self::Forged | Self::TooMany => {
                tracing::warn!(reason = self.key(), path, "Denied");
            }
            _ => tracing::debug!(reason = self.key(), path, "Not answered"),
        }
    }
}

/// A trouble on its way out through [`explain`], which knows how the answer is read.
#[derive(Clone)]
struct Carried(Arc<Trouble>);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

/// A refusal as its panel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusalPanel {
    /// What is not possible.
    pub(crate) title: String,
    /// Why, and what to do instead.
    pub(crate) why: String,
    /// The rule's id.
    pub(crate) rule: String,
    /// Rule and citation in words.
    pub(crate) cited: String,
}

impl RefusalPanel {
    /// The panel of a refusal, as read on `today`.
    pub(crate) fn of(w: Words, refusal: &domain::dossier::Refusal, today: Date) -> Self {
        let said = w.refusal(refusal, today);
        let cited = [("rule", said.rule), ("citation", said.citation.as_str())];
        Self {
            cited: w.fills("refusal.rule", &cited),
            title: said.title,
            why: said.why,
            rule: said.rule.to_owned(),
        }
    }
}

/// A fault as pages show it: where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct FaultLine {
    /// Name of the field.
    pub(crate) field: String,
    /// How to mend it.
    pub(crate) message: String,
}

/// Faults in words, in order.
pub(crate) fn fault_lines(w: Words, faults: &[Fault]) -> Vec<FaultLine> {
    let line = |fault: &Fault| {
        let values: Vec<(&str, &str)> = fault
            .values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let message = words::fill(w.0, fault.key, &values);
        FaultLine {
            field: fault.field.to_owned(),
            message,
        }
    };
    faults.iter().map(line).collect()
}

/// A trouble in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) refusal: Option<RefusalPanel>,
    pub(crate) faults: Vec<FaultLine>,
}

impl Said {
    fn of(trouble: &Trouble, w: Words, today: Date) -> Self {
        let key = trouble.key();
        let mut said = Self {
            status: trouble.status(),
            title: w.of("web.trouble", &format!("{key}.title")),
            text: w.of("web.trouble", &format!("{key}.text")),
            refusal: None,
            faults: Vec::new(),
        };
        match trouble {
            Trouble::No(No::Refused(refusal)) => {
                said.refusal = Some(RefusalPanel::of(w, refusal, today));
            }
            Trouble::No(No::Invalid(faults)) => {
                said.faults = fault_lines(w, faults);
                said.title = w.fill("web.trouble.invalid.title", "n", said.faults.len());
            }
            Trouble::No(No::Stale(meanwhile)) => {
                let did = w.of("web.event", short_kind(&meanwhile.kind));
                let values = [("did", did.as_str()), ("at", &w.moment(&meanwhile.at))];
                said.text = w.fills("web.trouble.stale.text", &values);
            }
            Trouble::Unknown(why) => said.text = not_signed_in(w, why),
            _ => {}
        }
        said
    }
}

/// Why somebody is not signed in, and what to do.
pub(crate) fn not_signed_in(w: Words, why: &NotSignedIn) -> String {
    match why {
        NotSignedIn::Locked(until) => w.fill("web.sign_in.locked", "until", w.time(until)),
        NotSignedIn::CodeNeeded => w.t("web.sign_in.code_needed").to_owned(),
        NotSignedIn::Wrong | NotSignedIn::Broken(_) => w.t("web.sign_in.wrong").to_owned(),
    }
}

/// A trouble as programs read it (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// The rule in the rule book, or `about:blank`.
    #[serde(rename = "type")]
    kind: String,
    /// What is not possible.
    title: String,
    /// The status of the answer.
    status: u16,
    /// Why, and what to do instead.
    detail: String,
    /// The same, for the desk's own scripts.
    message: String,
    /// The rule that says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// The rule with its instrument and article.
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
    /// Fields that cannot be understood.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultLine>,
}

impl From<Said> for Problem {
    fn from(said: Said) -> Self {
        let detail = said
            .refusal
            .as_ref()
            .map_or(said.text, |panel| panel.why.clone());
        let rule = said.refusal.as_ref().map(|panel| panel.rule.clone());
        Self {
            kind: rule
                .as_ref()
                .map_or("about:blank".to_owned(), |id| format!("/quy-tac#{id}")),
            title: said
                .refusal
                .as_ref()
                .map_or(said.title, |panel| panel.title.clone()),
            status: said.status.as_u16(),
            message: said
                .faults
                .first()
                .map_or_else(|| detail.clone(), |f| f.message.clone()),
            detail,
            rule,
            citation: said.refusal.map(|panel| panel.cited),
            faults: said.faults,
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    w: Words,
    said: Said,
}

#[derive(Template)]
#[template(path = "conflict.html")]
struct ConflictPage {
    frame: Frame,
    w: Words,
    said: Said,
    back: String,
}

/// Turns troubles, and refusals of the router itself, into what the asker can read.
pub(crate) async fn explain(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let carried = response.extensions().get::<Carried>().cloned();
    let trouble = match carried {
        Some(Carried(trouble)) => trouble,
        None if is_bare(&response) => Arc::new(Trouble::of_status(response.status())),
        None => return response,
    };
    trouble.log(asked.uri.path());
    present(&web, &asked, &trouble).await
}

/// An error of the router or an extractor: a status with a plain line, or with nothing.
fn is_bare(response: &Response) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    failed && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

async fn present(web: &Web, asked: &Parts, trouble: &Trouble) -> Response {
    let staff = Staff::of(asked, web).await.ok();
    let w = match &staff {
        Some(staff) => staff.words(),
        None => Words(language(&asked.headers, asked.uri.query())),
    };
    let json = wants_json(&asked.headers, asked.uri.path());
    if matches!(trouble, Trouble::SignIn) && !json {
        return to_sign_in(asked);
    }
    let said = Said::of(trouble, w, web.app.clock().now().date());
    if json {
        as_json(said, trouble, staff.as_ref())
    } else {
        as_page(web, asked, said, staff)
    }
}

fn as_json(said: Said, trouble: &Trouble, staff: Option<&Staff>) -> Response {
    let kind = [(CONTENT_TYPE, "application/problem+json")];
    let mut response = (said.status, kind, Json(Problem::from(said))).into_response();
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    // After a new sign-in in another tab the page's secret is old: its script may take the new one,
    // which no other site can read.
    if let (Trouble::Forged, Some(staff)) = (trouble, staff)
        && let Ok(csrf) = HeaderValue::from_str(&staff.csrf)
    {
        response.headers_mut().insert(CSRF_HEADER, csrf);
    }
    response
}

fn as_page(web: &Web, asked: &Parts, said: Said, staff: Option<Staff>) -> Response {
    let frame = match &staff {
        Some(staff) => Frame::quiet(web, staff),
        None => Frame::public(&Visitor {
            w: Words(language(&asked.headers, asked.uri.query())),
            here: asked.uri.path().to_owned(),
        }),
    };
    let (w, status) = (frame.w, said.status);
    let page = if status == StatusCode::CONFLICT {
        let back = page_of(asked.uri.path());
        ConflictPage {
            frame,
            w,
            said,
            back,
        }
        .render()
    } else {
        ErrorPage { frame, w, said }.render()
    };
    match page {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(%error, "An error page could not be written");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The page that a form was on: `/ho-so/{id}` of `/ho-so/{id}/viec/forward`.
fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .take(2)
        .collect();
    format!("/{}", parts.join("/"))
}

/// To the sign-in page, and back to what was asked for; a form that was sent cannot be asked again.
fn to_sign_in(asked: &Parts) -> Response {
    let path = asked.uri.path_and_query().map_or("/", |path| path.as_str());
    let back = if is_safe(&asked.method) {
        path.to_owned()
    } else {
        page_of(asked.uri.path())
    };
    let query = serde_html_form::to_string([("tiep", &back)]).unwrap_or_default();
    let address = if back == "/" {
        "/dang-nhap".to_owned()
    } else {
        format!("/dang-nhap?{query}")
    };
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}

//! Signing with a token at the person's own desk: the words that its program is given, the document by
//! one of them and back by the other, and the page that says what came of it.
//!
//! The program brings no cookies. Whoever has a word has its right; what is unknown, used up and too
//! old is answered alike.

use app::no::No;
use app::signing::local::{self, Attempt, GivenOut, TakenBack, Word};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::ids::DossierId;
use serde::Serialize;

use crate::error::{Answer, Said, Trouble};
use crate::extract::{Address, Posted, handed_in};
use crate::layout::{Frame, Place};
use crate::pages::dossier::desk::approval;
use crate::pages::dossier::once_key;
use crate::pages::{document, page};
use crate::session::Staff;
use crate::state::Web;
use crate::throttle::Purpose;
use crate::words::Words;

/// Bytes of a signed document with the form round it; what is signed is at most half of it.
const SIGNED_BYTES: usize = 32 * 1024 * 1024;
/// What the program is asked to do: a person approves.
pub(super) const FUNCTION: &str = "SignApproved";

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ho-so/{id}/ky-tai-cho", post(begin))
        .route("/ho-so/{id}/ky-tai-cho/{attempt}", get(show))
        .route("/ky-tai-cho/{word}/van-ban-ky.pdf", get(give))
        .route(
            "/ky-tai-cho/{word}",
            post(take).layer(DefaultBodyLimit::max(SIGNED_BYTES)),
        )
}

/// What the page's script tells the program.
#[derive(Debug, Serialize)]
struct Begun {
    function: &'static str,
    file: String,
    upload: String,
    done: String,
}

/// `POST /ho-so/{id}/ky-tai-cho`: gives out the document that was read, for minutes.
async fn begin(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer<Json<Begun>> {
    let dossier = DossierId::parse(&id).map_err(|_| Trouble::Missing)?;
    let typed = &posted.typed;
    let version = typed.get("version").parse();
    let version = version.map_err(|_| Trouble::Unreadable)?;
    let approval = approval(&posted, (&dossier, version, once_key(typed)?))?;
    let staff = &posted.staff;
    let given = local::begin(&web.app, &staff.actor, &staff.token, &approval).await?;
    let (file, upload) = addresses(&given);
    Ok(Json(Begun {
        function: FUNCTION,
        file,
        upload,
        done: format!("/ho-so/{dossier}/ky-tai-cho/{}", given.attempt),
    }))
}

/// Where the document is, and where the signed one goes.
pub(crate) fn addresses(given: &GivenOut) -> (String, String) {
    let address = |word: &Word| format!("/ky-tai-cho/{}", word.reveal());
    let file = format!("{}/van-ban-ky.pdf", address(&given.download));
    (file, address(&given.upload))
}

/// What the program is answered, as it passes it on to the page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    status: bool,
    message: String,
    file_name: &'static str,
    file_server: &'static str,
}

fn told(status: bool, message: String) -> Json<Told> {
    Json(Told {
        status,
        message,
        file_name: "",
        file_server: "",
    })
}

/// The one answer to a word that is good for nothing.
fn gone() -> Response {
    let words = Words(app::words::Language::Vi)
        .t("local.word_gone")
        .to_owned();
    (StatusCode::NOT_FOUND, told(false, words)).into_response()
}

fn allowed(web: &Web, address: Address) -> Answer<()> {
    let now = web.app.clock().now();
    if web.throttle.allows(Purpose::Sign, address.0, now) {
        Ok(())
    } else {
        Err(Trouble::TooMany)
    }
}

/// `GET /ky-tai-cho/{word}/van-ban-ky.pdf`.
async fn give(State(web): State<Web>, address: Address, Path(word): Path<String>) -> Answer {
    allowed(&web, address)?;
    let found = local::give_out(&web.app, &Word::new(&word)).await?;
    Ok(found.map_or_else(gone, |content| document("van-ban-ky.pdf", content)))
}

/// `POST /ky-tai-cho/{word}`: the signed document, as the field `uploadfile`. It is read only where a
/// document is awaited.
async fn take(
    State(web): State<Web>,
    address: Address,
    Path(word): Path<String>,
    request: Request,
) -> Answer {
    allowed(&web, address)?;
    let word = Word::new(&word);
    if !local::awaited(&web.app, &word).await? {
        return Ok(gone());
    }
    let signed = handed_in(request).await?;
    let taken = local::take_back(&web.app, &word, signed).await?;
    let Some(TakenBack { language, came }) = taken else {
        return Ok(gone());
    };
    let today = web.app.clock().now().date();
    Ok(match came {
        Ok(_) => told(true, String::new()).into_response(),
        Err(no) => told(false, why(Words(language), no, today)).into_response(),
    })
}

/// Why it was not taken, in one line for the program's window.
fn why(w: Words, no: No, today: jiff::civil::Date) -> String {
    let said = Said::of(&Trouble::No(no), w, today);
    let fault = said.faults.into_iter().next().map(|fault| fault.message);
    let refusal = said.refusal.map(|panel| panel.title);
    fault.or(refusal).unwrap_or(said.text)
}

/// What came of an attempt.
#[derive(Template)]
#[template(path = "signing/local.html")]
pub(super) struct AttemptPage {
    pub(super) frame: Frame,
    pub(super) w: Words,
    pub(super) dossier: String,
    pub(super) here: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) why: String,
    /// Whether something may still come.
    pub(super) waiting: bool,
}

impl AttemptPage {
    /// The page of an attempt; none where it is approved, which the dossier's own page says.
    pub(super) fn new(
        frame: Frame,
        (dossier, here): (&DossierId, String),
        found: &Attempt,
    ) -> Option<Self> {
        let w = frame.w;
        let (name, why) = match found {
            Attempt::Approved => return None,
            Attempt::Waiting { .. } => ("waiting", String::new()),
            Attempt::Over => ("over", String::new()),
            Attempt::Refused { reason } => ("refused", known(w, reason)),
        };
        let text = match found {
            Attempt::Waiting { until } => w.fill("local.text.waiting", "until", w.time(until)),
            _ => w.of("local.text", name),
        };
        Some(Self {
            title: w.of("local.title", name),
            text,
            why,
            waiting: matches!(found, Attempt::Waiting { .. }),
            dossier: dossier.to_string(),
            here,
            frame,
            w,
        })
    }
}

/// The words of a reason, and nothing for one that is unknown.
pub(super) fn known(w: Words, reason: &str) -> String {
    if app::words::has(reason) {
        w.t(reason).to_owned()
    } else {
        String::new()
    }
}

/// `GET /ho-so/{id}/ky-tai-cho/{attempt}`: what came of an attempt; loading it again changes nothing.
async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path((id, attempt)): Path<(String, String)>,
) -> Answer {
    let dossier = DossierId::parse(&id).map_err(|_| Trouble::Missing)?;
    let found = local::attempt(&web.app, &staff.actor, (&dossier, &attempt)).await?;
    let frame = Frame::desk(&web, &staff, Place::Elsewhere).await?;
    let here = format!("/ho-so/{dossier}/ky-tai-cho/{attempt}");
    match AttemptPage::new(frame, (&dossier, here), &found) {
        Some(shown) => page(&shown),
        None => Ok(Redirect::to(&format!("/ho-so/{dossier}?da=sign_result")).into_response()),
    }
}

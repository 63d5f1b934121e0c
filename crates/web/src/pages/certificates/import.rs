//! The form by which a certificate is registered. What was typed stands in it again after a fault; a
//! file that was read is given back as text, so that it need not be chosen anew.

use app::No;
use app::certificates::{self, ADDRESS, LARGEST, StaffPost, TokenChoice, on_token, places};
use app::forms::Typed;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::UnitId;
use domain::office::{Role, Unit};
use serde::Deserialize;

use super::{rules, unit_name};
use crate::error::{Answer, FaultLine, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::common::{page, unprocessable};
use crate::pages::input::Input;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The route of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/chung-thu/nap", get(show).post(register))
}

/// For whom the form is opened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    holder: String,
}

/// What there is to choose from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    pub(crate) units: Vec<Unit>,
    pub(crate) posts: Vec<StaffPost>,
    /// Certificates on tokens; none when a token does not answer.
    pub(crate) tokens: Option<Vec<TokenChoice>>,
}

#[derive(Template)]
#[template(path = "certificates/import.html")]
pub(crate) struct ImportPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) holder: Input,
    /// None where there is no token; its hint says that one does not answer.
    pub(crate) on_token: Option<Input>,
    /// Whether a token does not answer.
    pub(crate) no_answer: bool,
    pub(crate) pem: String,
    pub(crate) file_error: String,
    pub(crate) key: Input,
    pub(crate) of_token: Vec<Input>,
    pub(crate) of_service: Vec<Input>,
    pub(crate) rules: Vec<(&'static str, String)>,
    pub(crate) faults: Vec<FaultLine>,
}

impl ImportPage {
    /// `unit_name` gives the name of a unit.
    pub(crate) fn new(
        frame: Frame,
        choices: &Choices,
        (typed, faults): (&Typed, Vec<FaultLine>),
        unit_name: impl Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let filled = |input: Input| input.filled(typed, &faults);
        let fault = faults.iter().find(|fault| fault.field == "file");
        let hinted = |name, label, hint: &str| {
            let mut input = Input::text(name, label);
            w.t(hint).clone_into(&mut input.hint);
            filled(input)
        };
        Self {
            holder: filled(holder(w, choices, &unit_name)),
            on_token: tokens(w, choices).map(filled),
            no_answer: choices.tokens.is_none(),
            pem: typed.get("pem").to_owned(),
            file_error: fault.map(|fault| fault.message.clone()).unwrap_or_default(),
            key: filled(key(w)),
            of_token: vec![
                filled(Input::text("token", "certificate.token")),
                hinted("key_id", "certificate.key_id", "certificate.key_id_hint"),
            ],
            of_service: vec![
                hinted("service", "certificate.service", "certificate.service_hint"),
                hinted(
                    "credential",
                    "certificate.credential",
                    "certificate.credential_hint",
                ),
            ],
            rules: rules(w),
            frame,
            w,
            faults,
        }
    }
}

fn holder(w: Words, choices: &Choices, unit_name: &impl Fn(&UnitId) -> String) -> Input {
    let blank = (String::new(), w.t("certificate.choose").to_owned());
    let signs = choices.posts.iter();
    let signs = signs.filter(|held| held.post.role != Role::SealClerk);
    let people = signs.map(|held| {
        let post = &held.post;
        let (role, unit) = (w.of("role", post.role.as_str()), unit_name(&post.unit));
        let values = [
            ("name", held.name.as_str()),
            ("role", &role),
            ("unit", &unit),
        ];
        let value = format!("{}/{}/{}", post.staff, post.unit, post.role.as_str());
        (value, w.fills("certificate.choice", &values))
    });
    // Agencies with posts that sign: those of the map without staff here seal nothing here.
    let signing = |unit: &&Unit| choices.posts.iter().any(|held| held.post.unit == unit.id);
    let seals = choices.units.iter().filter(signing).map(|unit| {
        let said = w.fill("certificate.choice_seal", "unit", &unit.name);
        (format!("-/{}", unit.id), said)
    });
    let options = std::iter::once(blank).chain(people).chain(seals);
    let mut input = Input::choice("holder", "certificate.whose", options.collect());
    w.t("certificate.whose_hint").clone_into(&mut input.hint);
    input
}

fn tokens(w: Words, choices: &Choices) -> Option<Input> {
    let found = choices.tokens.as_ref().filter(|found| !found.is_empty())?;
    let blank = (String::new(), w.t("certificate.on_token_none").to_owned());
    let choice = |one: &TokenChoice| {
        let until = w.date(one.valid_to.date());
        let values = [
            ("name", one.name.as_str()),
            ("until", &until),
            ("token", &one.token),
            ("key", &one.key),
        ];
        let words = w.fills("certificate.on_token_choice", &values);
        (one.value.clone(), words)
    };
    let options = std::iter::once(blank).chain(found.iter().map(choice));
    let mut input = Input::choice("on_token", "certificate.on_token", options.collect());
    w.t("certificate.on_token_hint").clone_into(&mut input.hint);
    Some(input)
}

fn key(w: Words) -> Input {
    let blank = (String::new(), w.t("certificate.choose").to_owned());
    let kinds = ["token", "remote", "local_token"];
    let kinds = kinds.map(|kind| (kind.to_owned(), w.of("certificate.key", kind)));
    let options = std::iter::once(blank).chain(kinds);
    Input::choice("key", "certificate.col.key", options.collect())
}

async fn load(web: &Web, staff: &Staff, given: (&Typed, Vec<FaultLine>)) -> Answer<ImportPage> {
    let (units, posts) = places(&web.app, &staff.actor).await?;
    let choices = Choices {
        tokens: on_token(&web.app, &staff.actor).await.ok(),
        units,
        posts,
    };
    let frame = Frame::desk(web, staff, Place::Certificates).await?;
    Ok(ImportPage::new(frame, &choices, given, unit_name(web)))
}

/// `GET /chung-thu/nap?holder=`.
async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let mut typed = Typed::default();
    typed.set("holder", asked.holder);
    page(&load(&web, &staff, (&typed, Vec::new())).await?)
}

/// `POST /chung-thu/nap`.
async fn register(State(web): State<Web>, posted: Posted) -> Answer {
    let (staff, file) = (&posted.staff, posted.file("file"));
    let mut typed = posted.typed.clone();
    match certificates::import(&web.app, &staff.actor, &typed, file).await {
        Ok(id) => Ok(Redirect::to(&format!("{ADDRESS}/{id}?da=nap")).into_response()),
        Err(No::Invalid(faults)) => {
            if !file.is_empty() && file.len() <= LARGEST {
                typed.set("pem", as_text(file));
            }
            let faults = fault_lines(staff.words(), &faults);
            unprocessable(&load(&web, staff, (&typed, faults)).await?)
        }
        Err(no) => Err(no.into()),
    }
}

/// The file as the text in which it may be pasted.
fn as_text(file: &[u8]) -> String {
    match std::str::from_utf8(file) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        Ok(_) | Err(_) => STANDARD.encode(file),
    }
}

//! One certificate: what it says, where it stands, and taking it out of use.

use app::No;
use app::certificates::{ADDRESS, CertificatePage, certificate_page, end};
use app::forms::Typed;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use domain::certificate::{EndReason, KeyAt};
use domain::ids::{CertificateId, UnitId};
use serde::Deserialize;

use super::{key, mark, rules, unit_name, whose};
use crate::error::{Answer, FaultLine, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::common::{page, unprocessable};
use crate::pages::input::Input;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The route of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/chung-thu/{certificate}", get(show).post(act))
}

/// What was done just before.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    da: String,
}

/// A line of its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PastRow {
    pub(crate) at: String,
    pub(crate) what: String,
    pub(crate) by: String,
}

#[derive(Template)]
#[template(path = "certificates/one.html")]
pub(crate) struct OnePage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) unit: String,
    pub(crate) class: &'static str,
    pub(crate) stage: String,
    /// That it was ended, and why; empty when it was not.
    pub(crate) ended: String,
    /// What it says, by labels.
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) may_end: bool,
    pub(crate) inputs: Vec<Input>,
    pub(crate) past: Vec<PastRow>,
    pub(crate) rules: Vec<(&'static str, String)>,
    /// Key of what was done; empty for nothing.
    pub(crate) done: &'static str,
    pub(crate) faults: Vec<FaultLine>,
}

impl OnePage {
    /// `unit_name` gives the name of a unit.
    pub(crate) fn new(
        frame: Frame,
        shown: &CertificatePage,
        (typed, faults): (&Typed, Vec<FaultLine>),
        unit_name: impl Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let one = &shown.line.registered.row.certificate;
        let (class, stage) = mark(w, &shown.line, shown.now);
        let (name, post) = whose(w, &shown.line);
        let ended = one.ended.map(|ended| {
            let why = w.of("certificate.why", ended.why.as_str());
            let from = format!("{} {}", w.date(ended.from.date()), w.time(&ended.from));
            let values = [("from", from.as_str()), ("why", &why)];
            w.fills("certificate.ended_from", &values)
        });
        let inputs = inputs(w).map(|input| input.filled(typed, &faults));
        Self {
            id: one.id.to_string(),
            unit: unit_name(&one.unit),
            ended: ended.unwrap_or_default(),
            facts: facts(w, shown),
            may_end: shown.may_end,
            inputs: inputs.into(),
            past: past(w, shown),
            rules: rules(w),
            done: "",
            name,
            post,
            class,
            stage,
            frame,
            w,
            faults,
        }
    }
}

fn facts(w: Words, shown: &CertificatePage) -> Vec<(&'static str, String)> {
    let row = &shown.line.registered.row;
    let one = &row.certificate;
    let moment = |at: &jiff::civil::DateTime| format!("{} {}", w.date(at.date()), w.time(at));
    let place = match &one.key {
        KeyAt::Token { token, key } => {
            let values = [("token", token.as_str()), ("key", key)];
            w.fills("certificate.key_token", &values)
        }
        KeyAt::Remote { service, .. } => {
            let values = [
                ("service", service.as_str()),
                ("credential", &shown.credential),
            ];
            w.fills("certificate.key_remote", &values)
        }
        KeyAt::LocalToken | KeyAt::Soft => String::new(),
    };
    let mut at = key(w, &one.key);
    if !place.is_empty() {
        at = format!("{at}: {place}");
    }
    vec![
        ("certificate.subject", one.subject.clone()),
        ("certificate.col.issuer", one.issuer.clone()),
        ("certificate.from", moment(&one.valid_from)),
        ("certificate.col.until", moment(&one.valid_to)),
        ("certificate.col.key", at),
        ("certificate.serial", one.serial.clone()),
        ("certificate.algorithm", row.algorithm.clone()),
        ("certificate.fingerprint", row.fingerprint.clone()),
        ("certificate.issuers", shown.issuers.to_string()),
    ]
}

/// The fields of its end.
fn inputs(w: Words) -> [Input; 2] {
    let blank = (String::new(), w.t("certificate.choose").to_owned());
    let why = |why: EndReason| {
        let words = w.of("certificate.why", why.as_str());
        (why.as_str().to_owned(), words)
    };
    let all = std::iter::once(blank).chain(EndReason::ALL.map(why));
    let mut last = Input::text("last", "certificate.last");
    last.optional = true;
    last.class = "govuk-input--width-10";
    w.t("certificate.last_hint").clone_into(&mut last.hint);
    [Input::choice("why", "certificate.why", all.collect()), last]
}

fn past(w: Words, shown: &CertificatePage) -> Vec<PastRow> {
    let row = shown.history.iter().map(|logged| PastRow {
        at: format!("{} {}", w.date(logged.at.date()), w.time(&logged.at)),
        what: w.of("admin.action", &logged.line.action),
        by: logged.line.actor.clone(),
    });
    row.collect()
}

async fn load(
    web: &Web,
    staff: &Staff,
    id: &CertificateId,
    given: (&Typed, Vec<FaultLine>),
) -> Answer<OnePage> {
    let shown = certificate_page(&web.app, &staff.actor, id).await?;
    let frame = Frame::desk(web, staff, Place::Certificates).await?;
    Ok(OnePage::new(frame, &shown, given, unit_name(web)))
}

/// `GET /chung-thu/{certificate}`.
async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Answer {
    let id = CertificateId::parse(&id).map_err(|_| Trouble::Missing)?;
    let shown = load(&web, &staff, &id, (&Typed::default(), Vec::new())).await?;
    let done = match done.da.as_str() {
        "nap" => "certificate.done.registered",
        "dung" => "certificate.done.ended",
        _ => "",
    };
    page(&OnePage { done, ..shown })
}

/// `POST /chung-thu/{certificate}`.
async fn act(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = CertificateId::parse(&id).map_err(|_| Trouble::Missing)?;
    let (staff, typed) = (&posted.staff, &posted.typed);
    match end(&web.app, &staff.actor, &id, typed).await {
        Ok(()) => Ok(Redirect::to(&format!("{ADDRESS}/{id}?da=dung")).into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(staff.words(), &faults);
            unprocessable(&load(&web, staff, &id, (typed, faults)).await?)
        }
        Err(no) => Err(no.into()),
    }
}

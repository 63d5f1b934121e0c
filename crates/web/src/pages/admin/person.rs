//! A member of staff: the account, the posts, and what was done to both.

use app::No;
use app::forms::Typed;
use app::people::{self, AccountState, PostLine, StaffPage};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use domain::ids::StaffId;
use domain::office::Role;
use serde::Deserialize;

use super::account_words;
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
    Router::new().route("/quan-tri/can-bo/{staff}", get(show).post(act))
}

/// What can be done on the page: the value of `action`, and the key of what is said afterwards.
const ACTIONS: [(&str, &str); 5] = [
    ("khoa", "admin.done.locked"),
    ("mo-khoa", "admin.done.unlocked"),
    ("bo-ma", "admin.done.totp"),
    ("vi-tri", "admin.done.given"),
    ("ket-thuc", "admin.done.ended"),
];

/// What was done just before.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    da: String,
}

/// A post on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostRow {
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    pub(crate) role: &'static str,
    pub(crate) role_name: String,
    /// The title under which its holder signs.
    pub(crate) title: String,
    pub(crate) from: String,
    /// The first day as the form names the post by it.
    pub(crate) key: String,
    pub(crate) last: String,
    pub(crate) may_end: bool,
}

/// A line of the account's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PastRow {
    pub(crate) at: String,
    pub(crate) what: String,
    pub(crate) by: String,
    pub(crate) detail: String,
}

#[derive(Template)]
#[template(path = "admin/person.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a template shows each of them or does not"
)]
pub(crate) struct PersonPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) account: String,
    pub(crate) locked: bool,
    pub(crate) totp: bool,
    pub(crate) may_manage: bool,
    pub(crate) may_give: bool,
    pub(crate) posts: Vec<PostRow>,
    pub(crate) past: Vec<PastRow>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) today: String,
    /// Key of what was done; empty for nothing.
    pub(crate) done: &'static str,
    pub(crate) faults: Vec<FaultLine>,
}

impl PersonPage {
    /// `unit_name` gives the name of a unit.
    pub(crate) fn new(
        frame: Frame,
        shown: &StaffPage,
        (typed, faults): (&Typed, Vec<FaultLine>),
        unit_name: impl Fn(&domain::ids::UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let inputs = inputs(w, shown);
        let line = &shown.line;
        let posts = shown.posts.iter().map(|held| post_row(w, held, &unit_name));
        Self {
            id: line.id.to_string(),
            name: line.name.clone(),
            login: line.login.clone(),
            account: account_words(w, line.account),
            locked: matches!(line.account, AccountState::Locked | AccountState::Paused(_)),
            totp: line.totp,
            may_manage: shown.may_manage && line.account != AccountState::None,
            may_give: shown.may_give,
            posts: posts.collect(),
            past: past(w, shown),
            inputs: inputs.map(|input| input.filled(typed, &faults)).into(),
            today: w.date(shown.today),
            done: "",
            frame,
            w,
            faults,
        }
    }

    /// What is wrong with the day on which a post ends; empty when nothing is.
    pub(crate) fn end_fault(&self) -> &str {
        let fault = self.faults.iter().find(|fault| fault.field == "last_day");
        fault.map_or("", |fault| &fault.message)
    }
}

/// The fields of a new post.
fn inputs(w: Words, shown: &StaffPage) -> [Input; 5] {
    let blank = || (String::new(), w.t("admin.choose").to_owned());
    let unit = |unit: &domain::office::Unit| {
        let words = format!("{} ({})", unit.name, unit.id);
        (unit.id.to_string(), words)
    };
    let units = shown.units.iter().map(unit);
    let role = |role: Role| (role.as_str().to_owned(), w.of("role", role.as_str()));
    let roles = Role::ALL.map(role);
    let mut from = Input::text("valid_from", "admin.post.from");
    from.hint = w.fill("admin.post.day_hint", "today", w.date(shown.today));
    let mut to = Input::text("valid_to", "admin.post.to");
    to.optional = true;
    let mut title = Input::text("title", "admin.post.title");
    title.optional = true;
    w.t("admin.post.title_hint").clone_into(&mut title.hint);
    [
        Input::choice(
            "unit",
            "admin.unit",
            std::iter::once(blank()).chain(units).collect(),
        ),
        Input::choice(
            "role",
            "admin.post.role",
            std::iter::once(blank()).chain(roles).collect(),
        ),
        from,
        to,
        title,
    ]
}

fn post_row(
    w: Words,
    held: &PostLine,
    unit_name: &impl Fn(&domain::ids::UnitId) -> String,
) -> PostRow {
    let post = &held.post;
    PostRow {
        unit: post.unit.to_string(),
        unit_name: unit_name(&post.unit),
        role: post.role.as_str(),
        role_name: w.of("role", post.role.as_str()),
        title: held.title.clone().unwrap_or_default(),
        from: w.date(post.valid_from),
        key: post.valid_from.to_string(),
        last: post.valid_to.map(|day| w.date(day)).unwrap_or_default(),
        may_end: held.may_end,
    }
}

/// The history in words; an action without words of its own stands by its name.
fn past(w: Words, shown: &StaffPage) -> Vec<PastRow> {
    let row = shown.history.iter().map(|logged| {
        let key = format!("admin.action.{}", logged.action);
        PastRow {
            at: format!("{} {}", w.date(logged.at), w.time(&logged.at)),
            what: if app::words::has(&key) {
                w.t(&key).to_owned()
            } else {
                logged.action.clone()
            },
            by: logged.by.clone(),
            detail: logged.detail.clone(),
        }
    });
    row.collect()
}

async fn load(
    web: &Web,
    staff: &Staff,
    id: &StaffId,
    given: (&Typed, Vec<FaultLine>),
) -> Answer<PersonPage> {
    let shown = people::staff_page(&web.app, &staff.actor, id).await?;
    let frame = Frame::desk(web, staff, Place::Staff).await?;
    let unit_name = |unit: &domain::ids::UnitId| web.app.unit_name(unit);
    Ok(PersonPage::new(frame, &shown, given, unit_name))
}

/// `GET /quan-tri/can-bo/{staff}`.
async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Answer {
    let id = StaffId::parse(&id).map_err(|_| Trouble::Missing)?;
    let shown = load(&web, &staff, &id, (&Typed::default(), Vec::new())).await?;
    let known = ACTIONS.iter().find(|(action, _)| *action == done.da);
    let done = known.map_or("", |(_, key)| key);
    page(&PersonPage { done, ..shown })
}

/// `POST /quan-tri/can-bo/{staff}`.
async fn act(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = StaffId::parse(&id).map_err(|_| Trouble::Missing)?;
    let (app, actor, typed) = (&web.app, &posted.staff.actor, &posted.typed);
    let action = typed.get("action");
    let done = match action {
        "khoa" => people::lock_account(app, actor, &id).await,
        "mo-khoa" => people::unlock_account(app, actor, &id).await,
        "bo-ma" => people::reset_totp(app, actor, &id).await,
        "vi-tri" => people::give_post(app, actor, &id, typed).await,
        "ket-thuc" => people::end_post(app, actor, &id, typed).await,
        _ => return Err(Trouble::Missing),
    };
    match done {
        Ok(()) => {
            let to = format!("/quan-tri/can-bo/{id}?da={action}");
            Ok(Redirect::to(&to).into_response())
        }
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            let nothing = Typed::default();
            // The day of an ending stands in another form, under the same name.
            let typed = if action == "vi-tri" { typed } else { &nothing };
            unprocessable(&load(&web, &posted.staff, &id, (typed, faults)).await?)
        }
        Err(no) => Err(no.into()),
    }
}

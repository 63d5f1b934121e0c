//! The staff of a unit: where an administrator's day begins.

use app::people::{self, StaffLine, StaffList};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::ids::UnitId;
use serde::Deserialize;

use super::account_words;
use crate::error::{Answer, Trouble};
use crate::layout::{Frame, Place};
use crate::pages::certificates::warned;
use crate::pages::common::page;
use crate::pages::stopped::{StopView, stopped};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The route of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/quan-tri/can-bo", get(list))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// The unit; the administrator's own when empty.
    #[serde(default, rename = "don-vi")]
    unit: String,
    /// Set after a key was ordered to be tried.
    #[serde(default, rename = "thu")]
    tried: String,
}

/// A member of staff on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) posts: String,
    pub(crate) account: String,
    pub(crate) locked: bool,
    pub(crate) totp: bool,
}

#[derive(Template)]
#[template(path = "admin/list.html")]
pub(crate) struct StaffListPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    /// Identifiers and names of the units to choose from.
    pub(crate) units: Vec<(String, String)>,
    pub(crate) rows: Vec<PersonRow>,
    /// What is to be said of certificates.
    pub(crate) certificates: Vec<String>,
    /// Keys of seals that have stopped.
    pub(crate) stops: Vec<StopView>,
    /// Whether one was ordered to be tried a moment ago.
    pub(crate) tried: bool,
}

impl StaffListPage {
    pub(crate) fn new(frame: Frame, list: StaffList) -> Self {
        let w = frame.w;
        let named = |unit: domain::office::Unit| {
            let words = format!("{} ({})", unit.name, unit.id);
            (unit.id.into(), words)
        };
        Self {
            rows: list.people.iter().map(|line| row(w, &list, line)).collect(),
            unit: list.unit.id.to_string(),
            unit_name: list.unit.name.clone(),
            units: list.units.into_iter().map(named).collect(),
            certificates: Vec::new(),
            stops: Vec::new(),
            tried: false,
            frame,
            w,
        }
    }
}

fn row(w: Words, list: &StaffList, line: &StaffLine) -> PersonRow {
    let post = |post: &domain::office::Post| {
        let role = w.of("role", post.role.as_str());
        match post.valid_to {
            _ if list.today < post.valid_from => {
                let from = w.date(post.valid_from);
                w.fills("admin.post.to_come", &[("role", &role), ("from", &from)])
            }
            Some(end) => {
                let key = if end < list.today {
                    "admin.post.ended"
                } else {
                    "admin.post.until"
                };
                w.fills(key, &[("role", &role), ("last", &w.date(end))])
            }
            None => role,
        }
    };
    let posts: Vec<String> = line.posts.iter().map(post).collect();
    PersonRow {
        id: line.id.to_string(),
        name: line.name.clone(),
        login: line.login.clone(),
        posts: posts.join("; "),
        account: account_words(w, line.account),
        locked: !matches!(line.account, people::AccountState::Open),
        totp: line.totp,
    }
}

/// `GET /quan-tri/can-bo?don-vi=`.
async fn list(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let unit = match asked.unit.trim() {
        "" => None,
        text => Some(UnitId::parse(text).map_err(|_| Trouble::Missing)?),
    };
    let list = people::staff_list(&web.app, &staff.actor, unit.as_ref()).await?;
    let frame = Frame::desk(&web, &staff, Place::Staff).await?;
    let certificates = warned(&web, &staff).await?;
    let stops = stopped(&web, &staff).await?;
    page(&StaffListPage {
        certificates,
        stops,
        tried: !asked.tried.is_empty(),
        ..StaffListPage::new(frame, list)
    })
}

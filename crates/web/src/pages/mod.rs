//! Pages. A handler extracts, calls one use case and presents; a page's template stands under the
//! same path in `templates/`.

mod absence;
mod account;
mod admin;
mod agent;
mod alerts;
mod certificates;
mod common;
mod correction;
mod counts;
pub(crate) mod dossier;
mod held;
mod input;
mod intake;
mod notices;
mod papers;
mod post;
mod procedure;
pub(crate) mod repin;
mod rules;
mod search;
mod sign_in;
mod signing;
mod slips;
mod statistics;
mod stopped;
mod tasks;
mod track;
mod unposted;
mod verify;
mod work;

pub(crate) use common::{page, unprocessable};
pub(crate) use dossier::{order, sign};
pub(crate) use papers::wanted;
pub(crate) use signing::local::addresses;
pub(crate) use slips::{document, foreign};

use axum::Router;

use crate::state::Web;

/// Every page.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .merge(sign_in::routes())
        .merge(work::routes())
        .merge(alerts::routes())
        .merge(post::routes())
        .merge(tasks::routes())
        .merge(statistics::routes())
        .merge(counts::routes())
        .merge(unposted::routes())
        .merge(search::routes())
        .merge(track::routes())
        .merge(verify::routes())
        .merge(slips::routes())
        .merge(repin::routes())
        .merge(rules::routes())
        .merge(procedure::routes())
        .merge(notices::routes())
        .merge(papers::routes())
        .merge(absence::routes())
        .merge(account::routes())
        .merge(admin::routes())
        .merge(certificates::routes())
        .merge(signing::routes())
        .merge(held::routes())
        .merge(stopped::routes())
        .merge(agent::routes())
        .merge(intake::routes())
        .merge(dossier::routes())
}

/// Templates, for their samples.
#[cfg(test)]
pub(crate) mod samples {
    pub(crate) use super::rules::RulesPage;
    pub(crate) use super::search::{Hit, SearchPage};
    pub(crate) use super::sign_in::SignInPage;
    pub(crate) use super::slips::WaitPage;
    pub(crate) use super::tasks::{Shown, TasksPage};
    pub(crate) use super::track::TrackPage;
    pub(crate) use super::verify::VerifyPage;
    pub(crate) use super::work::{FilterView, Row, UnitView, WorkPage};
}

//! Staff of the units that an administrator keeps.

mod list;
mod person;
#[cfg(test)]
mod samples;

use app::people::AccountState;
use axum::Router;

use crate::state::Web;
use crate::words::Words;

/// Every page of administration.
pub(super) fn routes() -> Router<Web> {
    Router::new().merge(list::routes()).merge(person::routes())
}

/// Whether somebody can sign in, in words.
fn account_words(w: Words, state: AccountState) -> String {
    match state {
        AccountState::None => w.t("admin.account.none").to_owned(),
        AccountState::Open => w.t("admin.account.open").to_owned(),
        AccountState::Paused(until) => w.fill("admin.account.paused", "until", w.time(&until)),
        AccountState::Locked => w.t("admin.account.locked").to_owned(),
    }
}

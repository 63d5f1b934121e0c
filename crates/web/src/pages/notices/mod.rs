//! Notices to applicants: their words, which are on, when nobody is disturbed, and what was sent.

mod book;
mod edit;
mod log;
#[cfg(test)]
mod samples;

use axum::Router;

use crate::state::Web;
use crate::words::Words;

/// Every page of notices.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .merge(book::routes())
        .merge(edit::routes())
        .merge(log::routes())
}

/// What was just done, in words; nothing when the address does not say so.
fn done_words(w: Words, done: &str) -> String {
    match done {
        "luu" => w.t("web.notices.saved").to_owned(),
        "gui-lai" => w.t("web.notices.again_done").to_owned(),
        "khong" => w.t("web.notices.again_not").to_owned(),
        _ => String::new(),
    }
}

/// A reason of ours in words; a server's answer as it is.
pub(super) fn reason_words(w: Words, reason: &str) -> String {
    let key = format!("notice.reason.{reason}");
    if app::words::has(&key) {
        w.t(&key).to_owned()
    } else {
        reason.to_owned()
    }
}

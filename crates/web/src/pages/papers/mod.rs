//! Papers about many dossiers: the register, and what is printed of several at once.

mod print;
mod register;
#[cfg(test)]
mod samples;

pub(crate) use print::wanted;

use axum::Router;

use crate::state::Web;

/// The routes of these pages.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .merge(register::routes())
        .merge(print::routes())
}

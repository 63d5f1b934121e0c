//! Pages. A handler extracts, calls one use case and presents; a page's template stands under the
//! same path in `templates/`.

mod common;
mod sign_in;

pub(crate) use common::page;

use axum::Router;

use crate::state::Web;

/// Every page of this folder.
pub(crate) fn routes() -> Router<Web> {
    Router::new().merge(sign_in::routes())
}

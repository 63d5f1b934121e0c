//! The REST twin of the pages, version 1.

use axum::Router;

use crate::state::Web;

/// Every route of the interface.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
}

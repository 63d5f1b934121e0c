//! How a template becomes a response.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

use crate::error::{Answer, Trouble};

/// The page that `template` renders.
pub(crate) fn page(template: &impl Template) -> Answer {
    Ok(Html(template.render().map_err(Trouble::of_page)?).into_response())
}

/// The same with a status: a form that was not understood.
pub(crate) fn unprocessable(template: &impl Template) -> Answer {
    let mut response: Response = page(template)?;
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

//! Turns requests into use cases and outcomes into pages, fragments or JSON.
//!
//! This crate must not know SQL, rules of procedure, or gateways.

mod api;
mod assets;
mod error;
mod extract;
mod headers;
mod html;
mod layout;
mod pages;
mod present;
mod router;
#[cfg(test)]
mod samples;
mod session;
mod state;
mod throttle;
mod words;

pub use api::openapi;
pub use router::router;
pub use state::{LocalToken, NotLocal, WebConfig};

//! The site as people use it: forms without script, on both engines.

pub(crate) mod browser;
pub(crate) mod desk;
mod drafts;
pub(crate) mod html;
mod public;
mod reception;
mod refusals;
mod routes;
mod scene;
mod sweeps;
mod twice;

//! The site as people use it: forms without script, on both engines.

mod absence;
mod agents;
mod boundaries;
pub(crate) mod browser;
pub(crate) mod correction;
mod course;
pub(crate) mod desk;
mod drafts;
mod ends;
pub(crate) mod html;
mod laws;
mod notices;
mod papers;
mod programs;
mod public;
mod reception;
mod refusals;
mod repins;
mod routes;
mod scene;
mod search;
mod sessions;
mod staff;
mod stages;
mod sweeps;
mod tasks;
mod twice;

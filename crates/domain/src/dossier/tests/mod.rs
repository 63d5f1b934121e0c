//! The dossier core, command by command: given what happened, when this is asked, then these events
//! or exactly this refusal.

mod commands;
mod grid;
mod process;
mod rules;
mod samples;
pub(crate) mod world;

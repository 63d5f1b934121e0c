//! The dossier core, command by command: given what happened, when this is asked, then these events
//! or exactly this refusal.

mod attachments;
mod between;
mod commands;
mod copies;
mod course;
mod ends;
mod grid;
mod lateness;
mod process;
mod repin;
mod returning;
mod rules;
mod samples;
mod scan;
mod successor;
mod tasks;
mod usual;
mod validity;
pub(crate) mod world;

//! A dossier: its commands, its events, the two functions that join them, and what is derived.
//!
//! `decide` judges a command and answers with events or a [`Refusal`]; `evolve` folds an event into
//! the state. Neither can wait, fail for technical reasons or look anything up: the world comes in
//! as [`Facts`].

mod commands;
mod decide;
mod events;
mod evolve;
mod filed;
mod refusal;
mod state;
mod status;

pub use commands::{Command, CommandKind, Facts};
pub use events::Event;
pub use filed::{Delivery, Filed, Handed, HandedAs, Help, Mandate, Payment};
pub use refusal::Refusal;
pub use state::{
    AtStep, Dossier, Draft, File, Issued, Outcome, Receiver, Record, Request, StateKind,
};
pub use status::NationalStatus;

#[cfg(test)]
mod tests;

//! Use cases: who may, load, decide, append, announce. One file is one use case.
//!
//! This crate must not know SQL, HTML, status codes or vendors.

pub mod absence;
pub mod access;
pub mod alerts;
pub mod catalogue;
pub mod certificates;
pub mod clock;
pub mod demo;
pub mod derivation;
pub mod facts;
pub mod files;
pub mod forms;
pub mod held;
pub mod intake;
pub mod jobs;
pub mod keys;
pub mod no;
pub mod notices;
pub mod office;
pub mod papers;
pub mod people;
pub mod ports;
pub mod processing;
pub mod repin;
pub mod signing;
pub mod statistics;
pub mod tasks;
pub mod verification;
pub mod words;

mod state;

pub use no::No;
pub use state::{App, Parts};
pub use store::OnceKey;

//! Whole-system tests: the real store, the real slips, every engine.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod administration;
mod attachments;
mod authorities;
mod due;
mod faults;
mod files;
mod http;
mod import;
mod installation;
mod matrix;
mod month;
mod notices;
mod operator;
#[path = "../../../domain/tests/laws/oracle.rs"]
mod oracle;
mod program;
mod proof;
mod province;
mod recount;
mod remote_signing;
mod repin;
mod seal_at_service;
mod seal_pins;
mod signing;
mod signing_batches;
mod support;
mod walk;

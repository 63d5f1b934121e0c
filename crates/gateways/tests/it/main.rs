//! What this crate does to the outside world, checked by programs that are not ours.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test helper that fails is a failed test"
)]

mod files;
mod providers;
mod samples;
mod slips;
mod tools;

//! What this crate does to the outside world, checked by programs that are not ours.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test helper that fails is a failed test"
)]

mod agreement;
mod authority;
mod certificates;
mod documents;
mod files;
mod hostile;
mod judge;
mod providers;
mod remote;
mod samples;
mod signing;
mod slips;
mod tools;
mod words;
mod work;

//! What this crate does to the outside world, checked by programs that are not ours.

mod files;
mod samples;
mod slips;
mod tools;

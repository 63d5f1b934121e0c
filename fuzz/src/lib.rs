//! The parsers under fuzzing, compiled from their place in `gateways` without the rest of it.

#[path = "../../crates/gateways/src/pdf/mod.rs"]
pub mod pdf;

#[path = "../../crates/gateways/src/verify/mod.rs"]
pub mod verify;

#[path = "../../crates/gateways/src/slips/names.rs"]
pub mod slips;

//! What handlers take from a request, checked.

mod address;
mod once;
mod posted;

pub(crate) use address::Address;
pub(crate) use once::Once;
pub(crate) use posted::{Guest, Posted, SCANS_BYTES, Upload};

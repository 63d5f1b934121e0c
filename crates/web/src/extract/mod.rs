//! What handlers take from a request, checked.

mod address;
mod dropped;
mod once;
mod posted;

pub(crate) use address::Address;
pub(crate) use dropped::Dropped;
pub(crate) use once::Once;
pub(crate) use posted::{Guest, Posted, SCANS_BYTES, Upload};

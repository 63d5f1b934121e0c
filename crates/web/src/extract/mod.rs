//! What handlers take from a request, checked.

mod address;
mod body;
mod dropped;
mod handed_in;
mod once;
mod posted;

pub(crate) use address::Address;
pub(crate) use body::{SCANS_BYTES, Upload};
pub(crate) use dropped::Dropped;
pub(crate) use handed_in::handed_in;
pub(crate) use once::Once;
pub(crate) use posted::{Guest, Posted};

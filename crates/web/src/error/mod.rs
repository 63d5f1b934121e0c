//! The one mapping from "no" to a response: page, fragment or JSON.

mod explain;
mod said;
mod trouble;

pub(crate) use explain::explain;
#[cfg(test)]
pub(crate) use explain::{ConflictPage, ErrorPage};
#[cfg(test)]
pub(crate) use said::Said;
pub(crate) use said::{FaultLine, Problem, RefusalPanel, fault_lines, not_signed_in};
pub(crate) use trouble::{Answer, Trouble};

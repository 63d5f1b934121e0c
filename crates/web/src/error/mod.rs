//! The one mapping from "no" to a response: page, fragment or JSON.

mod explain;
mod said;
mod trouble;

#[cfg(test)]
pub(crate) use explain::ErrorPage;
pub(crate) use explain::{ConflictPage, explain};
pub(crate) use said::{FaultLine, Problem, RefusalPanel, Said, fault_lines, not_signed_in};
pub(crate) use trouble::{Answer, Trouble};

//! The one mapping from "no" to a response: page, fragment or JSON.

mod explain;
mod kept;
mod said;
mod trouble;

#[cfg(test)]
pub(crate) use explain::ErrorPage;
pub(crate) use explain::{ConflictPage, explain};
#[cfg(test)]
pub(crate) use kept::KeptPage;
pub(crate) use kept::{Kept, Lost, is_worth_keeping};
pub(crate) use said::{FaultLine, Problem, RefusalPanel, Said, fault_lines, not_signed_in};
pub(crate) use trouble::{Answer, Trouble};

//! The catalogues the product lives on: procedures (shipped and imported), their internal
//! processes, and the units of the country.
//!
//! | question | module |
//! |---|---|
//! | what does the national file say, and what of it can be believed? | [`national`], [`reason`] |
//! | what would an import change? | [`import`], [`report`] |
//! | what ships with the product? | [`starter`], [`units`] |
//! | how is a procedure worked on until the province decides otherwise? | [`processes`] |
//! | and once it has? | [`approved`] |
//! | how is it supplemented, refunded, consulted on, hastened, and who decided that? | [`terms`] |
//! | what does everybody read of a procedure? | [`published`] |
//!
//! Everything here but `publish`, `approved`, `terms` and `published` is a pure function of its arguments. This module
//! must not know what day it is or how a message is worded.

pub mod approved;
mod csv;
mod curated;
pub mod import;
pub mod national;
mod notes;
mod page_fee;
pub mod processes;
pub mod publish;
pub mod published;
pub mod reason;
mod record;
mod record_parts;
pub mod report;
pub mod starter;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod units;
mod wire;

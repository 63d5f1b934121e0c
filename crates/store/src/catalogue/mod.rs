//! Published procedures and internal processes: immutable versions with dates of validity.
//!
//! Publishing adds versions and closes the ones before; nothing here is ever deleted. This module
//! must not know where records come from or what makes one acceptable.

mod imports;
mod procedures;
mod processes;
mod publish;

pub use imports::ImportRun;
pub use procedures::{CatalogueCounts, ProcedureLine, ProcedureSearch};
pub use publish::{NewProcedure, Published};

use domain::ids::ProcedureCode;

/// A published version, named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Whose.
    pub procedure: ProcedureCode,
    /// Order, from 1.
    pub version: u32,
}

//! Tables derived from the log, one file each: the row, how it follows from a dossier, its queries.

pub(crate) mod answers;
mod counts;
pub(crate) mod course;
pub(crate) mod dossier;
mod filings;
mod held;
pub(crate) mod issued;
mod lists;
pub(crate) mod lookups;
mod owned;
pub(crate) mod results;
pub(crate) mod search;
mod task_lists;
pub(crate) mod tasks;
pub(crate) mod work;

pub use counts::UnitCount;
pub use course::Reviewing;
pub use dossier::{DossierRow, Names, Progress};
pub use filings::FilingRow;
pub use lists::{BadKey, Counts, Filter, Key, Scope};
pub use lookups::{ClerkLookups, LookupCount};
pub use owned::{Asked, KindOf};
pub use results::{ResultRow, Standing, UnsealedCount};
pub use search::{Found, PartyKey, Scope as SearchScope};
pub use task_lists::{LateTasks, TaskCounts, TaskFilter, TaskKey, TaskLine, TaskScope};
pub use work::{WorkClock, WorkRow};

use crate::backend::Pools;
use crate::store::Store;

/// Typed queries of the derived tables.
#[derive(Debug, Clone, Copy)]
pub struct Views<'s> {
    pub(crate) pools: &'s Pools,
}

impl Store {
    /// Typed queries of the derived tables.
    pub fn views(&self) -> Views<'_> {
        Views { pools: &self.reads }
    }
}

/// Compares two rows of one table column by column.
macro_rules! compared {
    ($row:ident: $($field:ident)+) => {
        impl $row {
            /// The columns that differ, with the expected and the stored value.
            pub(crate) fn differences(&self, stored: &Self) -> Vec<(&'static str, String, String)> {
                let mut found = Vec::new();
                $(if self.$field != stored.$field {
                    let shown = (format!("{:?}", self.$field), format!("{:?}", stored.$field));
                    found.push((stringify!($field), shown.0, shown.1));
                })+
                found
            }
        }
    };
}
pub(crate) use compared;

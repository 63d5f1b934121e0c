//! Tasks of other agencies: asked for, listed, answered, and ended by silence where it consents.

mod agencies;
mod lapse;
mod list;
mod order;
#[cfg(test)]
mod tests;
mod view;

pub use agencies::find_agencies;
pub use lapse::lapse_silent;
pub(crate) use list::waiting;
pub use list::{Side, TaskList, TaskQuery, sides, tasks};
pub use order::{AskedAgency, TaskWork};
pub(crate) use order::{contents, prepared};
pub use store::views::{TaskCounts, TaskLine};
pub use view::{TaskView, answer_document};
pub(crate) use view::{offered, views};

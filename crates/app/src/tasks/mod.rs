//! Tasks of other agencies: asked for, listed, answered, and what the program does when their time is over.

mod agencies;
mod lapse;
mod list;
mod order;
mod remind;
#[cfg(test)]
mod tests;
mod view;

pub use agencies::find_agencies;
pub use lapse::end_overdue;
pub(crate) use list::{ADDRESS, waiting};
pub use list::{Side, TaskList, TaskQuery, sides, task_units, tasks};
pub use order::{AskedAgency, TaskWork};
pub(crate) use order::{contents, prepared};
pub(crate) use remind::{Nearness, Reminder, reminders};
pub use store::views::{TaskCounts, TaskLine};
pub use view::{TaskView, answer_document};
pub(crate) use view::{offered, views};

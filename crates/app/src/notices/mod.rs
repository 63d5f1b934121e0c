//! Notices to applicants. An event that needs one orders it in its own write; the worker words it,
//! makes a delivery for each channel that the person has, and sends each until it is taken over,
//! refused for good or given up. Addresses are read when they are needed and logged nowhere.

mod compose;
mod digest;
mod hours;
mod log;
mod order;
mod rights;
mod send;
mod wording;

#[cfg(test)]
mod tests;

pub(crate) use compose::prepare;
pub use digest::send_digests;
pub use hours::{quiet_hours, save_quiet_hours};
pub(crate) use log::of_dossier;
pub use log::{DeliveryLine, LogQuery, NoticeLog, Sendable, delivery_log, send_again};
pub use order::kind_of;
pub use store::DeliveryState;

pub(crate) use order::{NOTIFY, messages};
pub use rights::sees_notices;
pub use send::send_due;
pub use wording::{Edited, KindView, NoticeBook, WordingView, book, edit, save, switch, wording};

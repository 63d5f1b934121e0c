//! Which days the offices work: the national table of days off and make-up Saturdays, with the
//! changes a province makes (Labour Code 2019 article 112 and the yearly announcements).
//!
//! A day in a year that the calendar does not cover is an error, never a guess: holidays are
//! announced a year at a time. This module must not know limits, dossiers or hours of the day.

mod parse;
mod table;
#[cfg(test)]
mod tests;

pub use parse::BadCalendar;
pub(crate) use table::tomorrow;
pub use table::{Calendar, DayKind, Name, SpecialDay, Uncovered};

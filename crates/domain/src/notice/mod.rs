//! Notices to applicants: for which events the law wants one, what its text may say, and when it
//! may be sent.
//!
//! A notice names the dossier, the procedure, the agency and dates. It never says what is in the
//! dossier, why something was refused, who the person is, or how much is to be paid: a telephone is
//! read by others too.

mod approved;
mod check;
mod kind;
mod length;
mod quiet;
mod template;

#[cfg(test)]
mod tests;

pub use approved::{Approved, Parameter, fits};
pub use check::{Fault, Found, check};
pub use kind::{Channel, Duty, Kind};
pub use length::{Length, measure};
pub use quiet::{BadHours, MOST_ATTEMPTS, QuietHours, pause};
pub use template::{Field, Placeholder, Template, Values, render};

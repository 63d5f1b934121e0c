//! When a result is due, and why: one pure function over stored facts ([`due`]) that returns the
//! due time together with its own derivation.
//!
//! The rules: the day of reception is not counted (Civil Code 2015, article 147); what arrives
//! outside opening hours counts as received at the next opening; working days end at closing time,
//! half days at noon; calendar days and months that end on a day off roll forward (article 148); a
//! same-day procedure received from 15:00 on is due the next working day. A pause either does not
//! count (`exclude`) or starts the limit again (`restart`), as the procedure's own law says.
//!
//! All times are local time of Viet Nam, counted in whole minutes. This module must not know what
//! time it is, whose dossier it counts for, or any words a person reads.

mod clock;
mod compute;
mod derivation;
mod hours;
mod limit;
mod lines;
mod pause;
mod strip;
#[cfg(test)]
mod tests;
mod urgency;

pub use clock::{
    Clock, ClosedWhen, after_working_minutes, hand_over_by, issue_by, time_before,
    working_minutes_between,
};
pub use compute::{Deadline, DeadlineError, DeadlineState, due};
pub use derivation::{Basis, DayCell, Derivation, Line, LineKind, Role, StartRule, Tally, When};
pub use hours::{BadHours, OpeningHours};
pub use limit::{BadLimit, HalfDays, Limit};
pub use pause::{BadPause, Pause, PauseMode};
pub use urgency::{Urgency, UrgencyBounds, urgency, urgency_bounds};

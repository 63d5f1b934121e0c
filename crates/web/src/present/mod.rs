//! Domain values as pages show them.

mod deadline;

pub(crate) use deadline::{DayView, Mark, Marker, strip};

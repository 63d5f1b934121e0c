//! Domain values as pages show them.

mod deadline;

pub(crate) use app::clock::local_time;
pub(crate) use deadline::{Mark, Marker};

/// `sent_back` of the event kind `dossier.sent_back.v1`, as message keys have it.
pub(crate) fn short_kind(kind: &str) -> &str {
    kind.split('.').nth(1).unwrap_or(kind)
}

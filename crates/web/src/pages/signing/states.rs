//! What became of a document of a batch, in words.

use app::signing::batch::{SigningItemRow, SigningState};

use crate::words::Words;

/// The words of a state, and the class and icon of its mark.
pub(super) fn shown(
    state: SigningState,
    row: &SigningItemRow,
) -> (&'static str, (&'static str, &'static str)) {
    match state {
        SigningState::Waiting if row.document.is_none() => ("signing.making", ("quiet", "clock")),
        SigningState::Waiting if row.seen_at.is_none() => {
            ("signing.unread", ("quiet", "file-text"))
        }
        SigningState::Waiting => ("signing.was_read", ("state-scan", "eye")),
        SigningState::Failed => ("signing.failed", ("state-missing", "circle-alert")),
        SigningState::Signed => ("signing.signed", ("state-scan", "check")),
        SigningState::Refused => ("signing.refused", ("state-missing", "circle-alert")),
        SigningState::Stale => ("signing.stale", ("state-missing", "circle-alert")),
        SigningState::Returned => ("signing.returned", ("state-missing", "undo-2")),
        SigningState::Left => ("signing.left", ("quiet", "x")),
    }
}

/// Why a document was not signed: the words of a key, and nothing for one that is unknown.
pub(super) fn why(w: Words, reason: &str) -> String {
    if app::words::has(reason) {
        w.t(reason).to_owned()
    } else {
        String::new()
    }
}

/// The id of the rule that a reason names.
pub(super) fn rule(reason: &str) -> &str {
    let inner = reason.strip_prefix("rule.");
    inner
        .and_then(|rule| rule.strip_suffix(".title"))
        .unwrap_or_default()
}

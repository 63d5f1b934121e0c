//! A test authority: a root, an intermediate below it, and whom it certifies. Made at first start and
//! kept in a folder, so that the demonstration keeps its keys; nothing in production trusts it.

mod identity;
mod issue;
mod status;

use std::io;
use std::time::{Duration, SystemTime};

pub use identity::{Identity, KeyKind, rsa_key};
pub use issue::{Authority, Purpose, Subject};
pub use status::Revoked;

/// The moment by the machine's clock: a simulator has no other.
#[expect(
    clippy::disallowed_methods,
    reason = "a simulator is outside and has its own clock"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// Where a simulator has its time from; tests have their own.
pub type Clock = fn() -> SystemTime;

/// The time since 1970.
pub(crate) fn since_1970(at: SystemTime) -> Duration {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Somebody else's error as ours.
#[expect(
    clippy::needless_pass_by_value,
    reason = "causes are handed over by map_err"
)]
pub(crate) fn other(cause: impl ToString) -> io::Error {
    io::Error::other(cause.to_string())
}

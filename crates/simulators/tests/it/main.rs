//! What the simulators sign, judged by programs that are not ours: `openssl`, and poppler's `pdfsig`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test helper that fails is a failed test"
)]

mod authority;
mod token;
mod tools;

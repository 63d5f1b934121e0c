//! One-time keys of requests.

/// The one-time key of a form or request: what was answered once is answered the same again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey(String);

/// The text is no one-time key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a one-time key has 8 to 100 letters, digits, `-`, `_`, `.` or `:`")]
pub struct BadOnceKey;

impl OnceKey {
    /// Reads a key: 8 to 100 letters, digits, `-`, `_`, `.` or `:`.
    pub fn parse(text: &str) -> Result<Self, BadOnceKey> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
        if (8..=100).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadOnceKey)
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<OnceKey> for String {
    fn from(key: OnceKey) -> Self {
        key.0
    }
}

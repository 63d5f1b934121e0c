//! Words that nobody may read in a log.

use std::fmt;

use serde::Deserialize;

/// A password, PIN, code or token.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the word as it was typed.
    pub fn new(word: &str) -> Self {
        Self(word.to_owned())
    }

    /// The word, for the request that carries it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

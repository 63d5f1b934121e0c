//! A word in an address, which is a right by itself.

use std::fmt;

use store::TokenHash;

use crate::people::token_hash;

/// Whoever knows it may do what it stands for. Never kept, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Word(String);

impl Word {
    /// The word as it stood in the address.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The word, for the address alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> TokenHash {
        token_hash(&self.0)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Word")
    }
}

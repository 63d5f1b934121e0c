//! Where a result on a list to be signed stands.

/// What became of a document of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SigningState {
    /// It waits to be signed.
    Waiting,
    /// It was tried, and the key or the machine failed: it may be tried again.
    Failed,
    /// It is signed.
    Signed,
    /// The law forbids it.
    Refused,
    /// Somebody moved the dossier meanwhile.
    Stale,
    /// It was given back to its drafter.
    Returned,
    /// It was taken out of the batch.
    Left,
}

impl SigningState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Failed,
        Self::Signed,
        Self::Refused,
        Self::Stale,
        Self::Returned,
        Self::Left,
    ];

    /// Its name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Signed => "signed",
            Self::Refused => "refused",
            Self::Stale => "stale",
            Self::Returned => "returned",
            Self::Left => "left",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether it may still be signed.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Failed)
    }
}

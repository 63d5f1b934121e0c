//! The names of the states.

use serde::{Deserialize, Serialize};

/// The state's name, without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the states of Dossier")]
pub enum StateKind {
    Absent,
    Submitted,
    Incomplete,
    Declined,
    Received,
    Processing,
    Paused,
    Obliged,
    Withdrawn,
    Stopped,
    Settled,
    Returned,
}

impl StateKind {
    /// Every state, in the order of the permission matrix.
    pub const ALL: [Self; 12] = [
        Self::Absent,
        Self::Submitted,
        Self::Incomplete,
        Self::Declined,
        Self::Received,
        Self::Processing,
        Self::Paused,
        Self::Obliged,
        Self::Withdrawn,
        Self::Stopped,
        Self::Settled,
        Self::Returned,
    ];

    /// The state's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Submitted => "submitted",
            Self::Incomplete => "incomplete",
            Self::Declined => "declined",
            Self::Received => "received",
            Self::Processing => "processing",
            Self::Paused => "paused",
            Self::Obliged => "obliged",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
            Self::Settled => "settled",
            Self::Returned => "returned",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether nothing can happen any more but a linked correction.
    pub fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Declined | Self::Withdrawn | Self::Stopped | Self::Returned
        )
    }
}

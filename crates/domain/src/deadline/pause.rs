use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a pause does to the limit; the law of the procedure or stage says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseMode {
    /// "Không tính vào thời hạn": the pause does not count, what was counted stays.
    Exclude,
    /// "Tính lại từ đầu": the full limit runs again from the resumption.
    Restart,
}

/// A stretch during which the clock stood still, such as waiting for a supplement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When the clock stopped.
    pub from: DateTime,
    /// When it ran again; `None` while it still stands.
    pub to: Option<DateTime>,
    /// What the pause does to the limit.
    pub mode: PauseMode,
}

/// Why a list of pauses is impossible. Pauses count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPause {
    /// A pause begins before the reception.
    #[error("pause {number} begins before the reception")]
    BeforeReception {
        /// Which pause.
        number: usize,
    },
    /// A pause ends before it begins.
    #[error("pause {number} ends before it begins")]
    Backwards {
        /// Which pause.
        number: usize,
    },
    /// A pause begins before the one before it has ended.
    #[error("pause {number} begins before the one before it has ended")]
    Overlap {
        /// Which pause.
        number: usize,
    },
}

/// Checks that the pauses follow the reception and each other; only the last may be open.
pub(super) fn check(received: DateTime, pauses: &[Pause]) -> Result<(), BadPause> {
    let mut free_from = Some(received);
    for (index, pause) in pauses.iter().enumerate() {
        let number = index + 1;
        if index == 0 && pause.from < received {
            return Err(BadPause::BeforeReception { number });
        }
        if free_from.is_none_or(|free| pause.from < free) {
            return Err(BadPause::Overlap { number });
        }
        if pause.to.is_some_and(|to| to < pause.from) {
            return Err(BadPause::Backwards { number });
        }
        free_from = pause.to;
    }
    Ok(())
}

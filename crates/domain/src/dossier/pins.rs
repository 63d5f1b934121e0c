//! What a dossier is held to, and moves to other versions of its procedure or process.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{StaffId, TextId};

/// What a dossier is held to: versions, place in the process, dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pins {
    /// Version of the procedure.
    pub procedure_version: u32,
    /// Version of the process.
    pub process_version: u32,
    /// Index of the step.
    pub step: usize,
    /// What is promised.
    pub promise: Promise,
    /// When the step's own clock ends.
    pub step_due: DateTime,
}

/// What is promised to the applicant, and by what it was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The limit.
    pub limit: Option<Limit>,
    /// The time.
    pub due: Option<DateTime>,
    /// The version of the calendar by which it was counted.
    pub calendar: String,
    /// The day on which a move counted it anew, whose opening hours hold; none where it was counted
    /// at the reception, or when the clock ran again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recounted_on: Option<Date>,
    /// The date that a green lane published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane_due: Option<DateTime>,
    /// What was promised first, where this is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstPromise>,
}

/// What was promised before a move to another version promised less: statistics count by it. Like
/// the promise itself it is counted anew when the clock runs again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPromise {
    /// The limit.
    pub limit: Limit,
    /// The time.
    pub due: DateTime,
    /// The date that a green lane had published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane_due: Option<DateTime>,
}

/// A move to another version of the procedure or of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repinned {
    /// When.
    pub at: DateTime,
    /// Why: the decision, the job.
    pub reason: TextId,
    /// Who.
    pub by: StaffId,
    /// What held before.
    pub old: Pins,
    /// What holds now.
    pub new: Pins,
    /// The move that it takes back, named by its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<TextId>,
}

impl Repinned {
    /// Whether the applicant counts on another date since.
    pub fn promises_anew(&self) -> bool {
        let (old, new) = (&self.old.promise, &self.new.promise);
        (old.due, old.lane_due) != (new.due, new.lane_due)
    }
}

/// What is promised once the clock runs again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// The time, once the dossier had one.
    pub due: Option<DateTime>,
    /// The version of the calendar by which it was counted.
    pub calendar: String,
    /// The date published by a green lane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane_due: Option<DateTime>,
    /// What was promised first, counted anew, when a move to another version promises less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstPromise>,
}

impl Resumed {
    /// Nothing is promised yet.
    pub fn nothing(calendar: String) -> Self {
        Self {
            due: None,
            calendar,
            lane_due: None,
            first: None,
        }
    }
}

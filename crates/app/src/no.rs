//! The four answers of "no", never mixed.

use domain::dossier::Refusal;
use jiff::civil::DateTime;
use store::{AppendError, Meanwhile, StoreError};

use crate::keys::KeyError;
use crate::ports::PortError;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum No {
    /// The law refuses; the person made no error.
    #[error("refused by rule {}", .0.refusal.rule())]
    Refused(Refused),
    /// The person may not.
    #[error("denied")]
    Denied(Denied),
    /// Somebody else was faster; nothing was written and the draft is kept.
    #[error("changed meanwhile")]
    Stale(Box<Meanwhile>),
    /// What was given cannot be understood; each fault names its field.
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<Fault>),
    /// The machine is broken.
    #[error("the system is not available")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal, and the text of the law that governs it where it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which rule says no, and why.
    pub refusal: Refusal,
    /// Instrument and article, of the province or the procedure where they set a value of their own;
    /// none where no dossier was judged, and the text in force today stands for it.
    pub cited: Option<String>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            cited: None,
        }
    }
}

impl From<Refused> for No {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Whether a denied person may know that the thing exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It exists and is seen, but this may not be done.
    Seen,
    /// It may not even be known to exist.
    Unseen,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field's name in the form.
    pub field: &'static str,
    /// Key of the message that says how to mend it.
    pub key: &'static str,
    /// Values of the message's places.
    pub values: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault without values.
    pub fn new(field: &'static str, key: &'static str) -> Self {
        Self {
            field,
            key,
            values: Vec::new(),
        }
    }

    /// The same fault with a value for a place.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Denied> for No {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        Self::Broken(Box::new(error))
    }
}

impl From<KeyError> for No {
    fn from(error: KeyError) -> Self {
        Self::Broken(Box::new(error))
    }
}

impl From<PortError> for No {
    fn from(error: PortError) -> Self {
        match error {
            PortError::Deleted { at, rule } => Self::Invalid(vec![
                Fault::new("file", "fault.file_deleted")
                    .with("day", &at.strftime("%d/%m/%Y"))
                    .with("rule", &rule),
            ]),
            PortError::Retry(_) | PortError::Fail(_) => Self::Broken(Box::new(error)),
        }
    }
}

/// What a stale answer names when it was no dossier but the record of a person that changed.
pub(crate) const PARTY_CHANGED: &str = "party_changed";

impl No {
    /// Whether a person's record changed meanwhile, which nobody who acts on a dossier looked at:
    /// it is corrected once more.
    pub(crate) fn is_party_changed(&self) -> bool {
        matches!(self, Self::Stale(meanwhile) if meanwhile.kind == PARTY_CHANGED)
    }

    /// The answer to a failed append; a repeated one is no failure and is handled before.
    pub(crate) fn of_append(error: AppendError) -> Self {
        match error {
            AppendError::Stale(meanwhile) => Self::Stale(Box::new(meanwhile)),
            AppendError::Refused(refusal) => refusal.into(),
            AppendError::DraftGone => Self::Invalid(vec![Fault::new("draft", "fault.draft_filed")]),
            // Read anew, the record is corrected over what is there now.
            AppendError::PartyChanged => Self::Stale(Box::new(Meanwhile {
                by: String::new(),
                at: DateTime::MIN,
                kind: PARTY_CHANGED.to_owned(),
            })),
            AppendError::Broken(error) => error.into(),
            AppendError::Repeated(_) => Self::Broken("a repeated command was not answered".into()),
        }
    }
}

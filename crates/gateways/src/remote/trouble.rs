//! What services refuse, as keys of the message catalogue, and whether trying again may help.

use app::ports::PortError;

/// Why a service did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It answers something else than its protocol says, or with a fault of its own.
    Broken,
    /// Our account is refused.
    Account,
    /// It knows no such person or key.
    NoCredential,
    /// The key is another person's.
    Mismatch,
    /// The PIN is wrong; trying again by itself would lock the key.
    Pin,
    /// The key is locked.
    Locked,
    /// The code is wrong.
    Code,
    /// The person said no.
    Rejected,
    /// She did not decide in time.
    Expired,
    /// The approval ended before it was used.
    Approval,
    /// The key or its certificate is not in use.
    Unusable,
    /// More documents than one approval may be for.
    TooMany,
    /// It knows no such request.
    NotFound,
    /// It has this request already.
    Repeated,
    /// Fewer or more signatures than documents.
    Count,
    /// A signature of something else, or by another key.
    Signature,
    /// A document came back changed otherwise than by a signature at its end.
    Changed,
    /// It refuses for another reason.
    Refused,
}

impl Trouble {
    /// The message that says it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Broken => "remote.broken",
            Self::Account => "remote.account",
            Self::NoCredential => "remote.no_credential",
            Self::Mismatch => "remote.mismatch",
            Self::Pin => "remote.pin",
            Self::Locked => "remote.locked",
            Self::Code => "remote.code",
            Self::Rejected => "remote.rejected",
            Self::Expired => "remote.expired",
            Self::Approval => "remote.approval",
            Self::Unusable => "remote.unusable",
            Self::TooMany => "remote.too_many",
            Self::NotFound => "remote.not_found",
            Self::Repeated => "remote.repeated",
            Self::Count => "remote.count",
            Self::Signature => "remote.signature",
            Self::Changed => "remote.changed",
            Self::Refused => "remote.refused",
        }
    }

    /// As the caller hears it.
    pub(super) fn error(self) -> PortError {
        let key = self.key().to_owned();
        match self {
            Self::Broken => PortError::Retry(key),
            _ => PortError::Fail(key),
        }
    }
}

/// What the line told, as a message: nothing was taken, or nobody knows.
pub(super) fn of_line(error: PortError) -> PortError {
    match error {
        PortError::Retry(reason) if reason == "no_connection" => {
            PortError::Retry("remote.no_connection".to_owned())
        }
        PortError::Retry(_) => PortError::Retry("remote.no_answer".to_owned()),
        PortError::Fail(_) | PortError::Deleted { .. } => Trouble::Broken.error(),
    }
}

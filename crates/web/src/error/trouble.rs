//! Why a request is not answered, and with which status.

use app::No;
use app::no::Denied;
use app::people::NotSignedIn;
use axum::extract::multipart::MultipartError;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A use case said no.
    No(No),
    /// There is no such page.
    Missing,
    /// The page exists but not for this method.
    Method,
    /// Nobody is signed in.
    SignIn,
    /// The secret of the form is missing or old.
    Forged,
    /// The body is not what was expected.
    Unreadable,
    /// The body is too large.
    TooLarge,
    /// Too many questions from one address.
    TooMany,
    /// It took too long.
    Late,
    /// A program's request without a one-time key.
    Keyless,
    /// A program did not sign in.
    Unknown(NotSignedIn),
}

/// What handlers answer.
pub(crate) type Answer<T = Response> = Result<T, Trouble>;

impl<T: Into<No>> From<T> for Trouble {
    fn from(no: T) -> Self {
        Self::No(no.into())
    }
}

impl Trouble {
    /// A page that could not be written.
    pub(crate) fn of_page(error: askama::Error) -> Self {
        Self::No(No::Broken(Box::new(error)))
    }

    /// A body that could not be read.
    pub(crate) fn of_body(rejection: BytesRejection) -> Self {
        Self::of_status(rejection.into_response().status())
    }

    /// A multipart body that could not be read.
    pub(crate) fn of_multipart(error: &MultipartError) -> Self {
        Self::of_status(error.status())
    }

    /// A status that the router or an extractor answered with.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::Missing,
            StatusCode::METHOD_NOT_ALLOWED => Self::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Self::Late,
            _ => Self::Unreadable,
        }
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::No(No::Refused(_) | No::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::No(No::Denied(Denied::Unseen)) | Self::Missing => StatusCode::NOT_FOUND,
            Self::No(No::Denied(Denied::Seen)) | Self::Forged => StatusCode::FORBIDDEN,
            Self::No(No::Stale(_)) => StatusCode::CONFLICT,
            Self::No(No::Broken(_)) | Self::Late => StatusCode::SERVICE_UNAVAILABLE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignIn | Self::Unknown(_) => StatusCode::UNAUTHORIZED,
            Self::Unreadable | Self::Keyless => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The name of the trouble in message keys.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::No(No::Refused(_)) => "refused",
            Self::No(No::Invalid(_)) => "invalid",
            Self::No(No::Denied(Denied::Unseen)) | Self::Missing => "missing",
            Self::No(No::Denied(Denied::Seen)) => "denied",
            Self::No(No::Stale(_)) => "stale",
            Self::No(No::Broken(_)) => "broken",
            Self::Late => "late",
            Self::Method => "method",
            Self::SignIn => "sign_in",
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::Keyless => "keyless",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Said once, here where it is handled: refusals inform, denials warn, what is broken alarms.
    /// The route is logged, never the path, which may name a dossier.
    pub(super) fn log(&self, route: &str) {
        match self {
            Self::No(No::Broken(error)) => tracing::error!(%error, route, "Could not answer"),
            Self::No(No::Refused(refusal)) => {
                tracing::info!(rule = refusal.refusal.rule().id(), route, "Refused by rule");
            }
            Self::No(No::Denied(_)) | Self::Forged | Self::TooMany => {
                tracing::warn!(reason = self.key(), route, "Denied");
            }
            _ => tracing::debug!(reason = self.key(), route, "Not answered"),
        }
    }
}

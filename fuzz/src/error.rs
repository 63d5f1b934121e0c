//! Why a body is not read.

use axum::extract::multipart::MultipartError;
use axum::extract::rejection::BytesRejection;

#[derive(Debug)]
pub(crate) enum Trouble {
    TooLarge,
    Unreadable,
}

impl Trouble {
    pub(crate) fn of_body(_: BytesRejection) -> Self {
        Self::Unreadable
    }

    pub(crate) fn of_multipart(_: &MultipartError) -> Self {
        Self::Unreadable
    }
}

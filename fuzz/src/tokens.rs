//! Names by which the public asks for papers.

#[path = "../../crates/app/src/verification/token.rs"]
mod token;

use app::keys::Keyring;
use domain::ids::DossierId;

pub use token::{PaperKind, address};

/// The token of a paper.
pub fn written(keys: &Keyring, dossier: &DossierId, kind: PaperKind) -> String {
    token::written(keys, dossier, kind)
}

/// The paper that a token names.
pub fn read(keys: &Keyring, token: &str) -> Option<(DossierId, PaperKind)> {
    token::read(keys, token)
}

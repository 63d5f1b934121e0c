//! The outside world: slips on paper, files on disk, notices to people.
//!
//! Nothing here changes a dossier or decides anything about one.

mod calls;
pub mod certificates;
pub mod files;
pub mod notify;
pub mod pdf;
pub mod remote;
mod secrets;
pub mod sign;
pub mod signing;
pub mod slips;
pub mod tokens;
pub mod validation;
pub mod verify;

/// Names the one TLS library of the process; the first thing a program does.
pub fn prepare() {
    // Whoever came second finds the same library there.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
}

pub use certificates::X509Certificates;
pub use files::FileStore;
pub use signing::{Authorities, PdfSignatures, RemoteServices, SealPins, SigningParts, SoftKeys};
pub use slips::PdfSlips;
pub use validation::{PdfValidator, Turns};

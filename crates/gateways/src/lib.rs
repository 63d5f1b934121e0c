//! The outside world: slips on paper, files on disk, notices to people.
//!
//! Nothing here changes a dossier or decides anything about one.

mod calls;
pub mod files;
pub mod notify;
pub mod pdf;
pub mod remote;
pub mod sign;
pub mod slips;
pub mod verify;

pub use files::LocalFiles;
pub use slips::PdfSlips;

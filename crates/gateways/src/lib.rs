//! The outside world: slips on paper and files on disk.
//!
//! Nothing here changes a dossier or decides anything about one.

pub mod files;
pub mod slips;

pub use files::LocalFiles;
pub use slips::PdfSlips;

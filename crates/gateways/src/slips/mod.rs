//! Slips as PDF: tagged, archivable (PDF/A-2a), readable by machines, the same bytes for the same
//! slip. This module must not know why a slip is issued.

mod code128;
mod legible;
mod marks;
mod press;
mod typst_slips;
mod world;

pub use press::{Press, SlipError};
pub use typst_slips::TypstSlips;

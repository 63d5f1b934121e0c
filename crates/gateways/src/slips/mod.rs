//! Slips as PDF: tagged, archivable (PDF/A-2a), readable by machines, the same bytes for the same
//! slip. This module must not know why a slip is issued.

mod blanks;
mod code128;
mod drawing;
mod flat;
mod legible;
pub(crate) mod lettering;
mod marks;
mod names;
mod pdf_slips;
mod press;
mod world;

pub use names::{AGENCY, DAY, NUMBER, PERSON, WHOLE};
pub use pdf_slips::PdfSlips;
pub use press::{Press, SlipError};

//! At the counter: a draft that survives everything, the form read, the dossier received.

mod draft;
mod filing;
mod form;
mod number;
mod preview;
mod procedures;
mod receive;
mod scan;

pub use draft::{Draft, drafts, load_draft, open_draft, remove_draft, save_draft};
pub(crate) use filing::{audit_with, person};
pub use form::{Counter, Read, handed_of};
pub use preview::{ComponentRow, Preview, preview, promise};
pub use procedures::{ProcedureLine, find_procedures};
pub use receive::{AtCounter, Ending, Filed, asked, receive};
pub use scan::scan;

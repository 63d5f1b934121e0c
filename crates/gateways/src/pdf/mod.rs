//! The guarded reader of PDFs from outside.
//!
//! A document is read first by our own strict reader, which follows nothing twice, inflates
//! within limits and refuses what two readers could read differently. Only what passes is given to
//! the library that writes further revisions. [`File`] alone, without the refusal of what is
//! active, serves the validation of signatures.

mod file;
mod filters;
mod guard;
mod lex;
mod refused;
mod value;
mod xref;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use file::{File, Revision};
pub use refused::{Active, Limits, Refused};
pub(crate) use value::is_name;
pub use value::{Dict, Id, Stream, Text, Value};
pub use xref::Entry;

/// A PDF from outside that may be read and signed.
#[derive(Clone, Debug)]
pub struct Guarded {
    bytes: Vec<u8>,
    pages: usize,
    document: lopdf::Document,
}

impl Guarded {
    /// The document, byte for byte as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// The document as the library of the writer knows it.
    pub fn document(&self) -> &lopdf::Document {
        &self.document
    }

    /// The bytes and the document, for the writer of the next revision.
    pub fn into_parts(self) -> (Vec<u8>, lopdf::Document) {
        (self.bytes, self.document)
    }
}

/// Opens a PDF from outside, or says why not. It takes up to some seconds for the largest ones:
/// asynchronous callers run it among their blocking tasks.
pub fn open(bytes: &[u8]) -> Result<Guarded, Refused> {
    open_within(bytes, &Limits::default())
}

/// Opens a PDF within other limits than the usual ones.
pub fn open_within(bytes: &[u8], limits: &Limits) -> Result<Guarded, Refused> {
    let pages = inspect(bytes, limits)?;
    let options = lopdf::LoadOptions {
        max_decompressed_size: Some(limits.stream),
        ..lopdf::LoadOptions::default()
    };
    let load = || lopdf::Document::load_mem_with_options(bytes, options);
    // Our reader let nothing through that is known to make the library panic.
    let loaded = catch_unwind(AssertUnwindSafe(load));
    let document = loaded
        .map_err(|_| Refused::Malformed)?
        .map_err(|_| Refused::Malformed)?;
    if document.xref_recovery.is_some() || document.get_pages().len() != pages {
        return Err(Refused::Ambiguous);
    }
    Ok(Guarded {
        bytes: bytes.to_vec(),
        pages,
        document,
    })
}

/// Says how many pages a PDF has, or why it is refused, without making it ready for a writer.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<usize, Refused> {
    guard::inspect(&File::read(bytes, limits)?)
}

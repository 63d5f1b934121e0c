//! Why a PDF from outside is not opened, and how much one may ask of us.

use std::cell::Cell;

/// Why a document is refused. Each kind has its words under [`Refused::key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.key())]
pub enum Refused {
    /// No PDF header at the first byte.
    NotPdf,
    /// More bytes than the limit.
    TooLarge,
    /// More objects, values or revisions than the limit.
    TooManyObjects,
    /// Streams that inflate beyond the limit.
    Bomb,
    /// Values nested in each other, or a tree of pages, deeper than the limit.
    TooDeep,
    /// Parts that lead back to themselves.
    Loop,
    /// Encrypted, with or without a password.
    Encrypted,
    /// Does something when it is opened or carries something that could.
    Active(Active),
    /// The cross references do not lead where they say.
    CrossReferences,
    /// Two readers could see two different documents.
    Ambiguous,
    /// An object is not as the format wants it.
    Malformed,
    /// A signature claims bytes that it cannot cover.
    ByteRange,
    /// There is no page.
    NoPages,
}

/// What makes a document active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Active {
    /// JavaScript.
    Script,
    /// Starts a program or opens another file.
    Launch,
    /// Acts when the document is opened.
    OnOpen,
    /// Acts on events of pages, fields or the document.
    OnEvent,
    /// Sends or fetches data.
    Submission,
    /// Carries or refers to other files.
    Attachment,
    /// Sound, film, three-dimensional or rich media.
    Media,
    /// An XFA form, which replaces the pages.
    Xfa,
}

impl Refused {
    /// The key of the words that tell a person.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotPdf => "pdf.refused.not-pdf",
            Self::TooLarge => "pdf.refused.too-large",
            Self::TooManyObjects => "pdf.refused.too-many-objects",
            Self::Bomb => "pdf.refused.bomb",
            Self::TooDeep => "pdf.refused.too-deep",
            Self::Loop => "pdf.refused.loop",
            Self::Encrypted => "pdf.refused.encrypted",
            Self::Active(active) => active.key(),
            Self::CrossReferences => "pdf.refused.cross-references",
            Self::Ambiguous => "pdf.refused.ambiguous",
            Self::Malformed => "pdf.refused.malformed",
            Self::ByteRange => "pdf.refused.byte-range",
            Self::NoPages => "pdf.refused.no-pages",
        }
    }
}

impl Active {
    fn key(self) -> &'static str {
        match self {
            Self::Script => "pdf.refused.active.script",
            Self::Launch => "pdf.refused.active.launch",
            Self::OnOpen => "pdf.refused.active.on-open",
            Self::OnEvent => "pdf.refused.active.on-event",
            Self::Submission => "pdf.refused.active.submission",
            Self::Attachment => "pdf.refused.active.attachment",
            Self::Media => "pdf.refused.active.media",
            Self::Xfa => "pdf.refused.active.xfa",
        }
    }
}

/// How much a document may ask of its reader. The work is counted, not timed, so that a refusal
/// is the same on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Entries of all cross references together, and the highest object number.
    pub objects: usize,
    /// Values (numbers, names, strings, arrays …) read in all.
    pub values: usize,
    /// Members of one array.
    pub members: usize,
    /// Values nested in each other; also levels of the tree of pages.
    pub depth: usize,
    /// Bytes that one stream may inflate to.
    pub stream: usize,
    /// Bytes that all streams together may inflate to.
    pub inflated: usize,
    /// Values looked at, and bytes of names put together, while revisions are compared.
    pub looked: usize,
    /// Cross-reference sections, about one for each revision.
    pub sections: usize,
    /// Pages.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            objects: 400_000,
            values: 3_000_000,
            members: 250_000,
            depth: 64,
            stream: 96 << 20,
            inflated: 768 << 20,
            looked: 128_000_000,
            sections: 256,
            pages: 5_000,
        }
    }
}

/// What is left of the limits while one document is read.
#[derive(Debug)]
pub(crate) struct Work {
    values: Cell<usize>,
    inflated: Cell<usize>,
    read: Cell<usize>,
    looked: Cell<usize>,
}

/// Objects that do not lie in each other are as long as the file; cross references are read twice.
const TIMES_READ: usize = 4;

impl Work {
    /// For a file of that many bytes.
    pub(crate) fn new(limits: &Limits, bytes: usize) -> Self {
        Self {
            values: Cell::new(limits.values),
            inflated: Cell::new(limits.inflated),
            read: Cell::new(bytes.saturating_mul(TIMES_READ)),
            looked: Cell::new(limits.looked),
        }
    }

    /// Pays for one more value.
    pub(crate) fn value(&self) -> Result<(), Refused> {
        let left = self.values.get().checked_sub(1);
        self.values.set(left.ok_or(Refused::TooManyObjects)?);
        Ok(())
    }

    /// Pays for the bytes from which an object or a section was read.
    pub(crate) fn read(&self, bytes: usize) -> Result<(), Refused> {
        let left = self.read.get().checked_sub(bytes);
        self.read.set(left.ok_or(Refused::Bomb)?);
        Ok(())
    }

    /// Pays for a look at so many values, or at names of so many bytes.
    pub(crate) fn looked(&self, values: usize) -> Result<(), Refused> {
        let left = self.looked.get().checked_sub(values);
        self.looked.set(left.unwrap_or_default());
        left.map(drop).ok_or(Refused::TooManyObjects)
    }

    /// Pays for inflated bytes.
    pub(crate) fn inflated(&self, bytes: usize) -> Result<(), Refused> {
        let left = self.inflated.get().checked_sub(bytes);
        self.inflated.set(left.ok_or(Refused::Bomb)?);
        Ok(())
    }

    pub(crate) fn inflatable(&self) -> usize {
        self.inflated.get()
    }
}

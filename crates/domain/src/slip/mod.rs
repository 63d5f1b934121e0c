//! What a slip says: plain data. How it looks is no business of this crate.

mod form;
mod lists;
mod parts;
mod sheets;

pub use form::{Form, Slip};
pub use lists::{Handover, HandoverItem, HandoverKind, Register, RegisterLine};
pub use parts::{
    CertificationLine, ComponentLine, Contact, CorrectionLine, FeeTerms, Guidance, HandoverLine,
    Heading, Papers, Promise, Punctuality, Signer, StripCell, StripRole,
};
pub use sheets::{
    Apology, Collection, Control, Mended, PaperCopy, Payment, PostSlip, Progress, ProgressLine,
    Receipt, Refusal, ResultLetter, Stop, Supplement,
};

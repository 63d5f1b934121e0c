//! What a slip says: plain data. How it looks is no business of this crate.

mod form;
mod parts;
mod sheets;

pub use form::{Form, Slip};
pub use parts::{
    CertificationLine, ComponentLine, Contact, FeeTerms, Guidance, HandoverLine, Heading, Papers,
    Promise, Punctuality, Signer, StripCell, StripRole,
};
pub use sheets::{Control, Receipt, Refusal, ResultLetter, Supplement};

//! Results are signed: by the person who approves, then by the agency that issues.
//!
//! What is signed is made from the draft and the signer, the same bytes each time, so that what was
//! read is what is signed. The signed document is a file of its own before the dossier knows of it: a
//! crash in between leaves a file that nobody names, never half a signature.

mod approve;
mod attachments;
pub mod batch;
pub mod local;
mod paper;
mod port;
mod proof;
pub mod remote;
mod seal;
mod seal_key;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use approve::{Approval, Judged, Unlocked, approve, approve_signed, approved, judge, unlock};
pub(crate) use attachments::hashes;
pub use paper::{ReadWith, Readable, document_to_sign, readable};
pub use port::{Hand, NotWhole, Pin, SignError, Signatures, SigningAct, Sure, ToSign};
pub use proof::{Proof, Proofs, SignedBy};
pub(crate) use proof::{prove, prove_seal, signature_of};
pub(crate) use seal::{Sealed, judge_seal, sealed, sealed_copy};
pub(crate) use seal_key::SealStopped;
pub use seal_key::{PinState, StoppedSeal, order_try, stopped_seals};

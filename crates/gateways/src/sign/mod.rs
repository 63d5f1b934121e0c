//! Signatures on PDF documents: PAdES B-B, B-T and B-LT, with keys in files, on PKCS#11 tokens and
//! at remote services.
//!
//! A document is never rewritten. Whatever happens to it is one more revision at its end, so what
//! was signed before stays as it was, byte for byte. Who may sign, and with which certificate, is
//! decided elsewhere.

mod cms;
mod document_stamp;
mod dss;
mod face;
mod fault;
mod fetch;
mod fields;
mod heard;
mod hollow;
mod key;
mod login;
mod order;
mod places;
mod prepare;
mod revision;
mod revocation;
mod stamp;
mod token;
mod tsp;

pub use cms::certificates as certificates_of_token;
pub use document_stamp::{PreparedStamp, prepare_stamp};
pub use dss::{Material, add_validation};
pub use fault::{KeyFault, SignFault};
pub use fetch::Reach;
pub use fields::{Along, EmptyField, FieldKind, add_fields, empty_places, unsigned_fields};
pub use key::{Key, SoftKey};
pub use login::Try;
pub(crate) use login::{Unlocked, is_lost};
pub use order::{Algorithm, Appearance, Face, Ink, Order, Place, Standing};
pub use places::{Places, places};
pub use prepare::{Prepared, prepare, takes};
pub use revocation::{Moments, Revocation};
pub use stamp::TimeStamps;
pub use token::{KeyName, Locator, TokenKey, TokenModule};

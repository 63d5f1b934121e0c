//! Signing, with answers and faces of our own.

#[path = "../../crates/gateways/src/sign/cms.rs"]
mod cms;
#[path = "../../crates/gateways/src/sign/document_stamp.rs"]
mod document_stamp;
#[path = "../../crates/gateways/src/sign/dss.rs"]
mod dss;
mod face;
#[path = "../../crates/gateways/src/sign/fault.rs"]
mod fault;
mod fetch;
#[path = "../../crates/gateways/src/sign/fields.rs"]
mod fields;
#[path = "../../crates/gateways/src/sign/heard.rs"]
mod heard;
#[path = "../../crates/gateways/src/sign/hollow.rs"]
mod hollow;
#[path = "../../crates/gateways/src/sign/key.rs"]
mod key;
#[path = "../../crates/gateways/src/sign/order.rs"]
mod order;
#[path = "../../crates/gateways/src/sign/prepare.rs"]
mod prepare;
#[path = "../../crates/gateways/src/sign/revision.rs"]
mod revision;
#[path = "../../crates/gateways/src/sign/revocation.rs"]
mod revocation;
#[path = "../../crates/gateways/src/sign/tsp.rs"]
mod tsp;

pub use cms::certificates as certificates_of_token;
pub use document_stamp::prepare_stamp;
pub use dss::{Material, add_validation};
pub use fault::SignFault;
pub use fetch::Reach;
pub use fields::{Along, EmptyField, FieldKind, add_fields};
pub use key::{Key, SoftKey};
pub use order::{Algorithm, Appearance, Face, Ink, Order, Place, Standing};
pub use prepare::prepare;
pub use revocation::{Moments, Revocation};

/// The token in an authority's answer, if it answers what was asked.
pub fn token(digest: [u8; 32], nonce: [u8; 8], answer: &[u8]) -> Result<Vec<u8>, SignFault> {
    let asked = tsp::Asked {
        digest,
        nonce,
        policy: None,
    };
    asked.token(answer)
}

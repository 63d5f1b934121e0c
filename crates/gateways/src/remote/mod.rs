//! Remote signing: keys that stay with a service, each use approved by their owner, on her phone or
//! with her PIN. Services are given the digest of a signature's attributes, never the document; one
//! kind, the public gateway, takes whole documents and hands them back signed.
//!
//! Which services there are is configuration (`MOTCUA_REMOTE_SIGNING`, a file). PINs, codes,
//! passwords, tokens and personal numbers never reach a log. Nothing here decides who may sign.

mod account;
mod check;
mod csc;
mod line;
mod my_sign;
mod port;
mod public_gateway;
mod secret;
mod smart_ca;
mod tokens;
mod trouble;

pub(crate) use check::algorithm;
pub(crate) use trouble::Trouble;

pub use account::{BadService, Services, from_environment, parse};
pub use csc::Csc;
pub use my_sign::MySign;
pub use port::{
    Approval, Asks, Begun, Identity, Named, Polling, Progress, RemoteCertificate, RemoteSigning,
    Request,
};
pub use public_gateway::{GatewayCertificate, PublicGateway, ToSign};
pub use secret::Secret;
pub use smart_ca::SmartCa;

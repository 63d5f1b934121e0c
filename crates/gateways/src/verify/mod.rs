//! Validation of any signed PDF, pure and offline.
//!
//! Each signature is asked, in this order: does it cover its revision, is the document the one
//! that was signed, is the calculation right, what was done to the document afterwards, does its
//! certificate lead to an anchor, was it revoked. The worst answer is the verdict.

mod added;
mod algorithms;
mod alike;
mod brought;
mod chain;
mod changes;
mod coverage;
mod fields;
mod form;
mod frozen;
mod holder;
mod judge;
mod lock;
mod message;
mod pages;
mod revocation;
mod stamp;
mod store;
mod trust;
mod untouched;
mod verdict;

use jiff::Timestamp;

pub use added::{NotAdded, added};
pub use brought::{asked_about, stamp_paths};
pub(crate) use revocation::issued;
pub use revocation::{Evidence, Said, said};
pub use stamp::is_stamp_over;
pub use trust::{Anchor, BadTrust, Root, Trust};
pub use verdict::{
    Chain, Changes, Conclusion, Coverage, Doubt, Fault, Holder, Kind, Overall, Permission, Profile,
    Revocation, Signature, Stamp, Verdict,
};

use crate::pdf::{File, Limits, Refused};

/// Bytes of material that are read for all signatures together: each looks through all of it.
const MOST_READ: usize = 128 << 20;

/// Validates every signature of a document at a time, with the anchors that are trusted and the
/// material at hand beside what the document brings.
pub fn validate(document: &[u8], trust: &Trust, at: Timestamp, material: &Evidence) -> Verdict {
    match read(document, trust, at, material) {
        Ok(verdict) => verdict,
        Err(refused) => Verdict {
            overall: Overall::Unreadable(refused),
            signatures: Vec::new(),
            revisions: 0,
        },
    }
}

fn read(
    document: &[u8],
    trust: &Trust,
    at: Timestamp,
    material: &Evidence,
) -> Result<Verdict, Refused> {
    let file = File::read(document, &Limits::default())?;
    let embedded = fields::signatures(&file)?;
    let (evidence, brought) = store::evidence(&file, material)?;
    if embedded.len().saturating_mul(evidence.bytes()) > MOST_READ {
        return Err(Refused::Bomb);
    }
    let context = judge::Context {
        file: &file,
        trust,
        evidence: &evidence,
        brought,
        at,
    };
    let signatures = judge::all(&context, &embedded)?;
    let worst = signatures.iter().map(|each| each.conclusion).max();
    Ok(Verdict {
        overall: worst.map_or(Overall::NotSigned, Overall::Signed),
        signatures,
        revisions: file.revisions.len(),
    })
}

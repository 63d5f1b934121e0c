//! A time stamp of the whole document (`ETSI.RFC3161`): keeps its signatures provable for longer.

use lopdf::dictionary;

use super::fault::SignFault;
use super::hollow::{Hollow, hole_entries};
use super::order::Order;
use super::prepare::add_unseen;
use super::revision::Revision;

/// A document with a hole for its time stamp.
#[derive(Clone, Debug)]
pub struct PreparedStamp {
    hollow: Hollow,
}

/// Makes the revision that a time-stamp authority will stamp. `field` names a new field.
pub fn prepare_stamp(document: &[u8], field: &str) -> Result<PreparedStamp, SignFault> {
    let mut revision = Revision::open(document)?;
    if revision.fields()?.iter().any(|other| other.name == field) {
        return Err(SignFault::Field {
            name: field.to_owned(),
            why: "is there already",
        });
    }
    let mut stamp = dictionary! {
        "Type" => "DocTimeStamp",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.RFC3161",
    };
    hole_entries(&mut stamp, document, Order::STAMP_ROOM);
    let stamp = revision.add(stamp);
    add_unseen(&mut revision, field, stamp)?;
    revision.edit_form()?.set("SigFlags", 3);
    let hollow = Hollow::dig(revision.write()?, document)?;
    Ok(PreparedStamp { hollow })
}

impl PreparedStamp {
    /// What is to be stamped: SHA-256 of the document without the hole.
    pub fn digest(&self) -> [u8; 32] {
        self.hollow.digest()
    }

    /// The stamped document; `token` in DER.
    pub fn finish(self, token: &[u8]) -> Result<Vec<u8>, SignFault> {
        self.hollow.fill(token)
    }
}

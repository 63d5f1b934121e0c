//! What somebody added to a document that was given to be signed.

use jiff::Timestamp;

use super::changes::compared;
use super::trust::{Anchor, Root, Trust};
use super::untouched::{closes, untouched};
use super::verdict::{Changes, Conclusion, Coverage, Doubt, Kind, Permission, Signature};
use super::{Evidence, Overall, validate};
use crate::pdf::{File, Limits};

/// Why what came back is not what was to be signed, with one signature more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// The given bytes are not at its beginning.
    #[error("other bytes")]
    OtherBytes,
    /// It cannot be read safely.
    #[error("unreadable")]
    Unreadable,
    /// Not one signature more, or more than a signature.
    #[error("more or less than one signature was added")]
    NotOneSignature,
    /// By another certificate.
    #[error("another certificate signed")]
    OtherCertificate,
    /// The signature is wrong, weak, or does not cover the document.
    #[error("the signature is not sound")]
    Unsound,
    /// It forbids the signatures that are still to come.
    #[error("the signature forbids others after it")]
    Closed,
}

/// Judges a document that was signed elsewhere: the given bytes, then nothing but one sound signature
/// of the certificate (DER, with those of its issuers) over all of it. Whether the certificate itself
/// is good is for the register to say.
pub fn added(
    given: &[u8],
    signed: &[u8],
    chain: &[Vec<u8>],
    at: Timestamp,
) -> Result<Signature, NotAdded> {
    if signed.len() <= given.len() || !signed.starts_with(given) {
        return Err(NotAdded::OtherBytes);
    }
    let trust = Trust {
        anchors: chain.iter().skip(1).map(|one| anchor(one)).collect(),
    };
    let before = validate(given, &trust, at, &Evidence::default());
    let after = validate(signed, &trust, at, &Evidence::default());
    if matches!(after.overall, Overall::Unreadable(_)) {
        return Err(NotAdded::Unreadable);
    }
    let one_more = before.signatures.len().checked_add(1) == Some(after.signatures.len());
    let first = before.signatures.is_empty();
    if !one_more || after.revisions <= before.revisions {
        return Err(NotAdded::NotOneSignature);
    }
    let last = after.signatures.into_iter().next_back();
    let last = last.ok_or(NotAdded::NotOneSignature)?;
    let revisions = before.revisions..after.revisions;
    only_signed(signed, revisions, (first, &last.field))?;
    let own = last.signer.as_ref().map(|holder| &holder.certificate);
    if own.is_none() || own != chain.first() {
        return Err(NotAdded::OtherCertificate);
    }
    sound(&last)?;
    Ok(last)
}

fn anchor(certificate: &[u8]) -> Anchor {
    Anchor {
        name: String::new(),
        root: Root::Other,
        certificate: certificate.to_owned(),
    }
}

/// Nothing on the pages, no field but that of the signature.
fn only_signed(
    signed: &[u8],
    revisions: std::ops::Range<usize>,
    (first, field): (bool, &str),
) -> Result<(), NotAdded> {
    // What comes in must be harmless as any file from outside, and of use to whoever seals it.
    crate::pdf::open(signed).map_err(|_| NotAdded::Unreadable)?;
    let file = File::read(signed, &Limits::default()).map_err(|_| NotAdded::Unreadable)?;
    let given = revisions.start.saturating_sub(1);
    for number in revisions {
        let done = compared(&file, number, first);
        let mut named = done.filled.iter().chain(&done.signed);
        let filled = named.all(|name| name == field);
        if done.changes > Changes::Forms || !filled {
            return Err(NotAdded::NotOneSignature);
        }
    }
    let unreadable = |_| NotAdded::Unreadable;
    if !untouched(&file, given, field).map_err(unreadable)? {
        return Err(NotAdded::NotOneSignature);
    }
    if closes(&file, field).map_err(unreadable)? {
        return Err(NotAdded::Closed);
    }
    Ok(())
}

fn sound(signature: &Signature) -> Result<(), NotAdded> {
    let whole = signature.coverage == Coverage::WholeFile;
    if !whole || !signature.intact || !signature.genuine || signature.weak {
        return Err(NotAdded::Unsound);
    }
    match signature.kind {
        Kind::Approval | Kind::Certification(Permission::Forms | Permission::Annotations) => {}
        Kind::Certification(Permission::Nothing) | Kind::DocumentTimeStamp => {
            return Err(NotAdded::Closed);
        }
    }
    match signature.conclusion {
        Conclusion::Valid
        | Conclusion::RevocationUnknown
        // Authorities of time stamps are not issuers of persons' certificates.
        | Conclusion::Indeterminate(Doubt::TimeStamp | Doubt::Untrusted) => Ok(()),
        _ => Err(NotAdded::Unsound),
    }
}

//! What somebody added to a document that was given to be signed.

use jiff::Timestamp;

use super::changes::compared;
use super::fields::signatures;
use super::message::Message;
use super::trust::{Anchor, Root, Trust};
use super::untouched::{closes, untouched};
use super::verdict::{Changes, Conclusion, Coverage, Doubt, Kind, Permission, Signature};
use super::{Evidence, Overall, validate};
use crate::pdf::{File, Limits, Refused};
use crate::slips::PERSON;

/// The most bytes of a signature with its certificates and time stamp; they are written as digits, two
/// for each.
const ROOM: usize = 64 * 1024;
/// The most bytes that are added with a signature: its room, and 256 KiB for how it looks. What nobody
/// sees could make the result too large to be compared by whoever gets it.
const MOST: usize = 256 * 1024 + 2 * ROOM;

/// Why what came back is not what was to be signed, with one signature more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// The given bytes are not at its beginning.
    #[error("other bytes")]
    OtherBytes,
    /// More was added than a signature takes.
    #[error("too long")]
    TooLong,
    /// It cannot be read safely.
    #[error("unreadable")]
    Unreadable,
    /// In another place than that of the person, or in none.
    #[error("the signature is not in the place of the person")]
    OtherPlace,
    /// Not one signature more, or more than a signature.
    #[error("more or less than one signature was added")]
    NotOneSignature,
    /// By another certificate.
    #[error("another certificate signed")]
    OtherCertificate,
    /// The signature is wrong, weak, or does not cover the document.
    #[error("the signature is not sound")]
    Unsound,
    /// Its time stamp is broken, or of nobody in the trust list. It cannot be taken off.
    #[error("the time stamp of the signature is not trusted")]
    Stamp,
    /// It forbids the signatures that are still to come.
    #[error("the signature forbids others after it")]
    Closed,
}

/// Judges a document that was signed elsewhere: the given bytes, then nothing but one sound signature
/// of the certificate (DER, with those of its issuers) over all of it, in the field of the person.
/// Whether the certificate itself is good is for the register to say; a time stamp is none or leads to
/// an anchor.
pub fn added(
    given: &[u8],
    signed: &[u8],
    (chain, stamps): (&[Vec<u8>], &Trust),
    at: Timestamp,
) -> Result<Signature, NotAdded> {
    if signed.len() <= given.len() || !signed.starts_with(given) {
        return Err(NotAdded::OtherBytes);
    }
    if signed.len().saturating_sub(given.len()) > MOST {
        return Err(NotAdded::TooLong);
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
    if last.field != PERSON {
        return Err(NotAdded::OtherPlace);
    }
    let revisions = before.revisions..after.revisions;
    let stamped = only_signed(signed, revisions, first)?;
    let own = last.signer.as_ref().map(|holder| &holder.certificate);
    if own.is_none() || own != chain.first() {
        return Err(NotAdded::OtherCertificate);
    }
    sound(&last)?;
    if stamped && !rightly_stamped(signed, stamps, at) {
        return Err(NotAdded::Stamp);
    }
    Ok(last)
}

/// Whether the time stamp of the last signature is sound and leads to an anchor.
fn rightly_stamped(signed: &[u8], stamps: &Trust, at: Timestamp) -> bool {
    let verdict = validate(signed, stamps, at, &Evidence::default());
    let last = verdict.signatures.last();
    let stamp = last.and_then(|last| last.stamp.as_ref());
    stamp.is_some_and(|stamp| stamp.conclusion <= Conclusion::RevocationUnknown)
}

fn anchor(certificate: &[u8]) -> Anchor {
    Anchor {
        name: String::new(),
        root: Root::Other,
        certificate: certificate.to_owned(),
    }
}

/// Nothing on the pages, no field but that of the person. Says whether the signature has a time stamp,
/// whatever it is.
fn only_signed(
    signed: &[u8],
    revisions: std::ops::Range<usize>,
    first: bool,
) -> Result<bool, NotAdded> {
    // What comes in must be harmless as any file from outside, and of use to whoever seals it.
    crate::pdf::open(signed).map_err(|_| NotAdded::Unreadable)?;
    let file = File::read(signed, &Limits::default()).map_err(|_| NotAdded::Unreadable)?;
    let given = revisions.start.saturating_sub(1);
    for number in revisions {
        let done = compared(&file, number, first);
        let mut named = done.filled.iter().chain(&done.signed);
        let filled = named.all(|name| name == PERSON);
        if done.changes > Changes::Forms || !filled {
            return Err(NotAdded::NotOneSignature);
        }
    }
    let unreadable = |_| NotAdded::Unreadable;
    if !untouched(&file, given, PERSON).map_err(unreadable)? {
        return Err(NotAdded::NotOneSignature);
    }
    if closes(&file, PERSON).map_err(unreadable)? {
        return Err(NotAdded::Closed);
    }
    stamped(&file).map_err(unreadable)
}

fn stamped(file: &File<'_>) -> Result<bool, Refused> {
    let mut each = signatures(file)?.into_iter();
    let own = each.find(|one| one.field.name == PERSON);
    let contents = own.as_ref().and_then(|own| {
        let contents = own.value.as_dict()?.get(b"Contents".as_slice());
        contents?.as_text()
    });
    let message = contents.and_then(|contents| Message::read(&contents.bytes));
    Ok(message.is_some_and(|message| message.stamp().is_some()))
}

fn sound(signature: &Signature) -> Result<(), NotAdded> {
    let whole = signature.coverage == Coverage::WholeFile;
    if !whole || !signature.intact || !signature.genuine || signature.weak {
        return Err(NotAdded::Unsound);
    }
    match signature.kind {
        Kind::Approval | Kind::Certification(Permission::Forms) => {}
        // What lets notes be added later lets others cover what was signed.
        Kind::Certification(Permission::Nothing | Permission::Annotations)
        | Kind::DocumentTimeStamp => return Err(NotAdded::Closed),
    }
    match signature.conclusion {
        Conclusion::Valid
        | Conclusion::RevocationUnknown
        // The stamp is judged by other anchors.
        | Conclusion::Indeterminate(Doubt::TimeStamp | Doubt::Untrusted) => Ok(()),
        _ => Err(NotAdded::Unsound),
    }
}

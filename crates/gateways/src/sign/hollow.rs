//! A document with a hole in it for a message about all the rest.

use std::ops::Range;

use lopdf::{Dictionary, Object, StringFormat};

use super::cms::sha256;
use super::fault::SignFault;

/// What stands where the ranges will be is at least so much, and below ten times as much: wide enough
/// for any of them.
const BLANK: u64 = 1_000_000_000;
/// More than the longest ranges take, with their blanks.
const RANGES: usize = 64;

/// A document whose last signature is still zeros.
#[derive(Clone, Debug)]
pub(super) struct Hollow {
    pub(super) bytes: Vec<u8>,
    /// The hexadecimal digits, without their brackets.
    hole: Range<usize>,
}

impl Hollow {
    /// Finds the hole that was written after what was given and says in the document where it is.
    pub(super) fn dig(mut bytes: Vec<u8>, given: &[u8]) -> Result<Self, SignFault> {
        let [first, second, third] = blanks(given);
        let blank = format!("[0 {first} {second} {third}]");
        let missing = || SignFault::document("the place of its signature is lost");
        let at = position(&bytes, blank.as_bytes(), given.len()).ok_or_else(missing)?;
        let hole = zeros(&bytes, at).ok_or_else(missing)?;
        let (before, after) = (hole.start.saturating_sub(1), hole.end.saturating_add(1));
        let rest = bytes.len().saturating_sub(after);
        let ranges = format!("[0 {before} {after} {rest}");
        let width = blank.len().saturating_sub(1);
        let ranges = format!("{ranges:<width$}]");
        let place = bytes.get_mut(at..at.saturating_add(blank.len()));
        place
            .ok_or_else(missing)?
            .copy_from_slice(ranges.as_bytes());
        Ok(Self { bytes, hole })
    }

    /// Finds the hole again in what was kept.
    pub(super) fn find(bytes: Vec<u8>) -> Result<Self, SignFault> {
        let missing = || SignFault::document("it awaits no signature");
        let key = b"/ByteRange";
        let mut places = bytes.windows(key.len()).enumerate().rev();
        let hole = places.find_map(|(at, window)| {
            let behind = at.checked_add(key.len()).filter(|_| window == key)?;
            hole_said(&bytes, behind)
        });
        let hole = hole.ok_or_else(missing)?;
        Ok(Self { bytes, hole })
    }

    /// SHA-256 of everything but the hole.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        let (before, after) = (
            self.hole.start.saturating_sub(1),
            self.hole.end.saturating_add(1),
        );
        context.update(self.bytes.get(..before).unwrap_or_default());
        context.update(self.bytes.get(after..).unwrap_or_default());
        let hash = context.finish();
        hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    pub(super) fn fill(mut self, message: &[u8]) -> Result<Vec<u8>, SignFault> {
        let room = self.hole.len() / 2;
        let digits = hex::encode_upper(message);
        let end = self.hole.start.saturating_add(digits.len());
        if end > self.hole.end {
            let needed = message.len();
            return Err(SignFault::Room { needed, room });
        }
        let place = self.bytes.get_mut(self.hole.start..end);
        let place = place.ok_or_else(|| SignFault::document("its hole is lost"))?;
        place.copy_from_slice(digits.as_bytes());
        Ok(self.bytes)
    }
}

/// The signature's place in a dictionary: its ranges first, so that the hole follows them.
pub(super) fn hole_entries(signature: &mut Dictionary, given: &[u8], room: usize) {
    let [first, second, third] = blanks(given);
    let blanks = [0, first, second, third].map(Object::Integer);
    signature.set("ByteRange", Object::Array(blanks.into()));
    signature.set(
        "Contents",
        Object::String(vec![0; room], StringFormat::Hexadecimal),
    );
}

/// What stands where the ranges will be. It comes from the whole document, so that no text in it can be
/// taken for it.
fn blanks(given: &[u8]) -> [i64; 3] {
    let hash = sha256(given);
    let mut each = hash.chunks_exact(8).map(|part| {
        let number = part
            .iter()
            .fold(0_u64, |all, one| all << 8 | u64::from(*one));
        i64::try_from(BLANK + number % (9 * BLANK)).unwrap_or_default()
    });
    [(); 3].map(|()| each.next().unwrap_or_default())
}

fn position(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = rest
        .windows(wanted.len())
        .position(|window| window == wanted)?;
    from.checked_add(found)
}

/// The hole that the ranges at a place speak of, if it is one in all of these bytes.
fn hole_said(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let said = bytes.get(at..)?;
    let said = said.get(..RANGES.min(said.len()))?;
    let end = said.iter().position(|byte| *byte == b']')?;
    let said = std::str::from_utf8(said.get(..end)?).ok()?;
    let numbers = said.trim_start().strip_prefix('[')?;
    let numbers = numbers.split_ascii_whitespace().map(|one| one.parse().ok());
    let numbers: Option<Vec<usize>> = numbers.collect();
    let [0, before, after, rest] = numbers.as_deref()? else {
        return None;
    };
    let hole = before.checked_add(1)?..after.checked_sub(1)?;
    let whole = after.checked_add(*rest)? == bytes.len();
    let framed = bytes.get(*before) == Some(&b'<') && bytes.get(hole.end) == Some(&b'>');
    let digits = bytes.get(hole.clone()).filter(|_| whole && framed)?;
    (!digits.is_empty() && digits.iter().all(|digit| *digit == b'0')).then_some(hole)
}

/// The first hexadecimal string after a place, which must be zeros.
fn zeros(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let start = position(bytes, b"<", from)?.checked_add(1)?;
    let end = position(bytes, b">", start)?;
    let digits = bytes.get(start..end)?;
    (!digits.is_empty() && digits.iter().all(|digit| *digit == b'0')).then_some(start..end)
}

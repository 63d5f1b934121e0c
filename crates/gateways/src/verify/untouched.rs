//! Whether a document that was given away to be signed is seen as before but for the new signature.

use std::collections::BTreeSet;

use super::fields::{Field, fields, signatures};
use super::lock::Lock;
use crate::pdf::{File, Refused};
use crate::slips::{AGENCY, DAY, NUMBER, WHOLE};

/// What is filled in and signed after the person.
const LATER: [&str; 4] = [NUMBER, WHOLE, DAY, AGENCY];
/// What leads from a field to the page and to its neighbours.
const AROUND: [&[u8]; 3] = [b"P", b"Parent", b"Kids"];

/// Whether nothing that fields of the revision `given` show was written again since, but for the field
/// of the new signature.
pub(super) fn untouched(file: &File<'_>, given: usize, signed: &str) -> Result<bool, Refused> {
    let kept = |number: u32| file.entry(number, given) == file.entry(number, file.newest());
    for field in fields(file, given)? {
        if field.name == signed {
            continue;
        }
        let own = field.id.is_none_or(|id| kept(id.0));
        if !own || !shown(file, given, &field)?.into_iter().all(kept) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The objects that a field is made of: its value, its looks and what those use.
fn shown(file: &File<'_>, given: usize, field: &Field) -> Result<BTreeSet<u32>, Refused> {
    let mut seen = BTreeSet::new();
    let own = field.dict().into_iter().flatten();
    let own = own.filter(|(key, _)| !AROUND.contains(&key.as_slice()));
    let mut open: Vec<_> = own.flat_map(|(_, value)| value.references()).collect();
    while let Some(id) = open.pop() {
        if seen.insert(id.0) {
            let object = file.object(id, given)?;
            file.work.looked(object.weight())?;
            open.extend(object.references());
        }
    }
    Ok(seen)
}

/// Whether the new signature forbids what comes after it: the number, the day or the seal.
pub(super) fn closes(file: &File<'_>, signed: &str) -> Result<bool, Refused> {
    for signature in signatures(file)? {
        if signature.field.name != signed {
            continue;
        }
        let lock = Lock::of(file, &signature)?;
        let held = |name: &&str| lock.fields.iter().any(|fields| fields.holds(name));
        return Ok(lock.closes() || LATER.iter().any(held));
    }
    Ok(false)
}

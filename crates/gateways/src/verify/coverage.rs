//! Which bytes a signature covers: everything up to the end of its revision except itself.

use super::fields::Embedded;
use super::verdict::Coverage;
use crate::pdf::{Dict, File, Value};

/// The two stretches that are signed.
pub(crate) struct Covered<'a> {
    pub(crate) parts: [&'a [u8]; 2],
    pub(crate) coverage: Coverage,
}

/// Reads the range of a signature; without a possible one nothing is covered.
pub(crate) fn covered<'a>(file: &File<'a>, signature: &Embedded) -> Option<Covered<'a>> {
    let dict = signature.value.as_dict()?;
    let [start, first, second, length] = range(dict)?;
    let end = second.checked_add(length)?;
    let parts = [
        file.bytes.get(start..start.checked_add(first)?)?,
        file.bytes.get(second..end)?,
    ];
    let coverage = if start == 0 && signature.plain && is_hole(dict, first, second) {
        ends(file, signature.revision, end)
    } else {
        Coverage::Unclear
    };
    Some(Covered { parts, coverage })
}

fn range(dict: &Dict) -> Option<[usize; 4]> {
    let numbers = dict.get(b"ByteRange".as_slice())?.as_array()?;
    let numbers: Option<Vec<usize>> = numbers
        .iter()
        .map(|number| usize::try_from(number.as_integer()?).ok())
        .collect();
    numbers?.try_into().ok()
}

/// Whether what is left out is exactly the string with the message.
fn is_hole(dict: &Dict, from: usize, to: usize) -> bool {
    let contents = dict.get(b"Contents".as_slice()).and_then(Value::as_text);
    contents.is_some_and(|text| text.hexadecimal && text.place == (from..to))
}

fn ends(file: &File<'_>, revision: usize, end: usize) -> Coverage {
    let Some(saved) = file.revisions.get(revision) else {
        return Coverage::Unclear;
    };
    let after = file.bytes.get(saved.end..).unwrap_or_default();
    let line = match after {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    let newest = revision == file.newest();
    if newest && end == file.bytes.len() {
        Coverage::WholeFile
    } else if (saved.end..=saved.end + line).contains(&end) {
        Coverage::WholeRevision
    } else {
        Coverage::Unclear
    }
}

//! Material for validation that a document brings in its own store (DSS).

use super::revocation::Evidence;
use crate::pdf::{Dict, File, Refused, Value};

/// Bytes of all material that a document brings.
const MOST: usize = 16 << 20;

/// What is given together with what the document brings, and whether it brings any.
pub(crate) fn evidence(file: &File<'_>, given: &Evidence) -> Result<(Evidence, bool), Refused> {
    let newest = file.newest();
    let (mut all, mut left) = (given.clone(), MOST);
    let root = file.catalogue(newest)?;
    let store = match root.as_dict() {
        Some(dict) => file.get(dict, b"DSS", newest)?,
        None => return Ok((all, false)),
    };
    let Some(store) = store.as_dict() else {
        return Ok((all, false));
    };
    let mut brought = |key: &[u8]| streams(file, store, key, &mut left);
    all.certificates.extend(brought(b"Certs")?);
    let (lists, answers) = (brought(b"CRLs")?, brought(b"OCSPs")?);
    let brought = !(lists.is_empty() && answers.is_empty());
    all.lists.extend(lists);
    all.answers.extend(answers);
    Ok((all, brought))
}

fn streams(
    file: &File<'_>,
    store: &Dict,
    key: &[u8],
    left: &mut usize,
) -> Result<Vec<Vec<u8>>, Refused> {
    let newest = file.newest();
    let list = file.get(store, key, newest)?;
    let mut found = Vec::new();
    for each in list.as_array().unwrap_or_default().iter().take(1000) {
        if let Value::Stream(stream) = &*file.resolve(each, newest)? {
            let plain = file.plain(stream)?;
            *left = left.checked_sub(plain.len()).ok_or(Refused::Bomb)?;
            found.push(plain);
        }
    }
    Ok(found)
}

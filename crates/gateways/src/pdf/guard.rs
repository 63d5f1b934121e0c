//! What is refused although it can be read: active content, encryption, bombs, no pages.

use std::collections::BTreeSet;

use super::file::File;
use super::filters::decode;
use super::refused::{Active, Refused};
use super::value::{Dict, Value, is_name};
use super::xref::Entry;

/// Looks at every object of every revision, seen or overwritten.
pub(crate) fn inspect(file: &File<'_>) -> Result<usize, Refused> {
    encryption(file)?;
    let mut seen = BTreeSet::new();
    for (number, revision) in file.revisions.iter().enumerate() {
        for (object, entry) in &revision.entries {
            let place = match entry {
                Entry::Free => continue,
                Entry::At(at, _) => (Some(*at), usize::MAX),
                Entry::In(holder, index) => match file.entry(*holder, number) {
                    Some(Entry::At(at, _)) => (Some(at), *index),
                    _ => (None, *index),
                },
            };
            let value = file.stored(*object, *entry, number)?;
            // What stands at one place is the same in every revision that names it.
            if seen.insert(place) {
                values(file, &value, number)?;
            }
        }
        catalogue(file, number)?;
    }
    pages(file)
}

fn encryption(file: &File<'_>) -> Result<(), Refused> {
    let mut trailers = file.revisions.iter().map(|revision| &revision.trailer);
    if trailers.any(|trailer| trailer.contains_key(b"Encrypt".as_slice())) {
        return Err(Refused::Encrypted);
    }
    Ok(())
}

fn values(file: &File<'_>, value: &Value, revision: usize) -> Result<(), Refused> {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(each) => open.extend(each),
            Value::Dict(dict) => {
                active(file, dict, revision)?;
                byte_range(file, dict)?;
                open.extend(dict.values());
            }
            Value::Stream(stream) => {
                active(file, &stream.dict, revision)?;
                if stream.dict.contains_key(b"F".as_slice()) {
                    return Err(Refused::Active(Active::Attachment));
                }
                decode(stream, &file.limits, &file.work)?;
                open.extend(stream.dict.values());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Actions and annotations that do something, wherever they stand; their names may be objects of their
/// own, as they were then and as they are now.
fn active(file: &File<'_>, dict: &Dict, revision: usize) -> Result<(), Refused> {
    let named = [b"S".as_slice(), b"Subtype", b"Type"].map(|key| dict.get(key));
    let apart = named
        .iter()
        .flatten()
        .any(|value| value.as_reference().is_some());
    if !apart {
        return acting(dict, named.map(|value| value.and_then(Value::as_name)));
    }
    for revision in [revision, file.newest()] {
        let read = |value: Option<&Value>| file.resolve(value.unwrap_or(&Value::Null), revision);
        let [action, subtype, kind] = named;
        let held = [read(action)?, read(subtype)?, read(kind)?];
        acting(dict, held.each_ref().map(|value| value.as_name()))?;
    }
    Ok(())
}

/// What a dictionary with these names (`S`, `Subtype`, `Type`) does.
fn acting(dict: &Dict, names: [Option<&[u8]>; 3]) -> Result<(), Refused> {
    let has = |key: &[u8]| dict.contains_key(key);
    let [action, subtype, kind] = names.map(Option::unwrap_or_default);
    let found = match (action, subtype, kind) {
        (b"JavaScript", ..) => Some(Active::Script),
        (b"Launch" | b"GoToE" | b"GoToR", ..) => Some(Active::Launch),
        (b"SubmitForm" | b"ImportData", ..) => Some(Active::Submission),
        (b"Rendition" | b"Movie" | b"Sound" | b"RichMediaExecute" | b"GoTo3DView", ..)
        | (_, b"Movie" | b"Sound" | b"Screen" | b"RichMedia" | b"3D", _) => Some(Active::Media),
        (_, b"FileAttachment", _) | (_, _, b"EmbeddedFile") => Some(Active::Attachment),
        _ if has(b"JS") || has(b"JavaScript") => Some(Active::Script),
        _ if has(b"AA") => Some(Active::OnEvent),
        _ if has(b"EF") || has(b"EmbeddedFiles") => Some(Active::Attachment),
        _ if has(b"XFA") => Some(Active::Xfa),
        _ if has(b"RichMediaContent") || has(b"RichMediaSettings") => Some(Active::Media),
        _ => None,
    };
    found.map_or(Ok(()), |kind| Err(Refused::Active(kind)))
}

/// Opening may go to a page; it may not act.
fn catalogue(file: &File<'_>, revision: usize) -> Result<(), Refused> {
    let root = file.catalogue(revision)?;
    let Some(dict) = root.as_dict() else {
        return Err(Refused::CrossReferences);
    };
    if !is_name(dict, b"Type", b"Catalog") {
        return Err(Refused::CrossReferences);
    }
    let action = file.get(dict, b"OpenAction", revision)?;
    match &*action {
        Value::Dict(action) if !is_name(action, b"S", b"GoTo") => {
            Err(Refused::Active(Active::OnOpen))
        }
        _ => Ok(()),
    }
}

/// The bytes that a signature claims to cover must be two stretches of this file.
fn byte_range(file: &File<'_>, dict: &Dict) -> Result<(), Refused> {
    let Some(value) = dict.get(b"ByteRange".as_slice()) else {
        return Ok(());
    };
    let numbers: Option<Vec<usize>> = value
        .as_array()
        .unwrap_or_default()
        .iter()
        .map(|number| usize::try_from(number.as_integer()?).ok())
        .collect();
    let Some([0, first, second, length]) = numbers.as_deref() else {
        return Err(Refused::ByteRange);
    };
    let end = second.checked_add(*length).ok_or(Refused::ByteRange)?;
    if first < second && end <= file.bytes.len() {
        Ok(())
    } else {
        Err(Refused::ByteRange)
    }
}

/// Counts the pages of the newest revision.
fn pages(file: &File<'_>) -> Result<usize, Refused> {
    let newest = file.newest();
    let root = file.catalogue(newest)?;
    let top = root
        .as_dict()
        .and_then(|dict| dict.get(b"Pages".as_slice()));
    let mut open = vec![(top.ok_or(Refused::NoPages)?.clone(), 0)];
    let mut seen = BTreeSet::new();
    let mut pages = 0;
    while let Some((value, depth)) = open.pop() {
        if depth > file.limits.depth {
            return Err(Refused::TooDeep);
        }
        let id = value.as_reference().ok_or(Refused::Malformed)?;
        if !seen.insert(id) {
            return Err(Refused::Loop);
        }
        let node = file.resolve(&value, newest)?;
        let dict = node.as_dict().ok_or(Refused::NoPages)?;
        match &*file.get(dict, b"Kids", newest)? {
            Value::Array(kids) => {
                open.extend(kids.iter().map(|kid| (kid.clone(), depth + 1)));
            }
            Value::Null => pages += 1,
            _ => return Err(Refused::Malformed),
        }
        if pages > file.limits.pages {
            return Err(Refused::TooManyObjects);
        }
    }
    if pages == 0 {
        return Err(Refused::NoPages);
    }
    Ok(pages)
}

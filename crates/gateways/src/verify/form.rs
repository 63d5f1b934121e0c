//! Which changes of forms, fields and their places on pages are explained by filling and signing.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Pair, Suspicious, differing};
use super::fields::{Field, fields};
use super::verdict::Changes;
use crate::pdf::{Dict, Id, Value, is_name};

/// What filling a field changes of it.
const FILLING: [&[u8]; 8] = [b"Ff", b"Type", b"AP", b"AS", b"V", b"F", b"DA", b"Q"];

/// What a form says beside its fields that filling may touch.
const FORM: [&[u8]; 6] = [
    b"Fields",
    b"DR",
    b"DA",
    b"Q",
    b"NeedAppearances",
    b"SigFlags",
];

/// Explains what it can of a pair of revisions.
pub(crate) fn explain(pair: &mut Pair<'_>) -> Result<(), Suspicious> {
    let old = fields(pair.file, pair.old)?;
    let new = fields(pair.file, pair.new)?;
    dictionary(pair)?;
    let known: BTreeSet<Id> = old.iter().filter_map(|field| field.id).collect();
    let after: BTreeMap<Id, &Field> = new
        .iter()
        .filter_map(|field| Some((field.id?, field)))
        .collect();
    for field in &old {
        let Some(id) = field.id else {
            continue;
        };
        let now = after.get(&id).ok_or(Suspicious)?;
        compare(pair, field, now)?;
    }
    let unnamed = |nodes: &[Field]| nodes.iter().filter(|field| field.id.is_none()).count();
    if unnamed(&old) != unnamed(&new) {
        return Err(Suspicious);
    }
    let mut widgets = BTreeSet::new();
    for field in new.iter().filter(|field| field.id.is_some()) {
        let id = field.id.ok_or(Suspicious)?;
        if !known.contains(&id) {
            added(pair, id, field)?;
            widgets.insert(id);
        } else if field.is_signature() {
            widgets.insert(id);
        }
    }
    pages(pair, &widgets)
}

fn dictionary(pair: &mut Pair<'_>) -> Result<(), Suspicious> {
    let (old_root, new_root) = (
        pair.file.catalogue(pair.old)?,
        pair.file.catalogue(pair.new)?,
    );
    let (Some(old_root), Some(new_root)) = (old_root.as_dict(), new_root.as_dict()) else {
        return Err(Suspicious);
    };
    let old = pair.file.get(old_root, b"AcroForm", pair.old)?;
    let new = pair.file.get(new_root, b"AcroForm", pair.new)?;
    let Some(old) = old.as_dict() else {
        return Ok(());
    };
    let new = new.as_dict().ok_or(Suspicious)?;
    let different = differing(old, new);
    if different.iter().any(|key| !FORM.contains(key)) {
        return Err(Suspicious);
    }
    if !different.is_empty() {
        pair.reaches(Changes::Archival);
    }
    for (dict, key) in [(old_root, b"AcroForm".as_slice()), (old, b"Fields")] {
        let id = dict.get(key).and_then(Value::as_reference);
        pair.explained.extend(id.map(|id| id.0));
    }
    Ok(())
}

/// A field that existed.
fn compare(pair: &mut Pair<'_>, old: &Field, new: &Field) -> Result<(), Suspicious> {
    let (Some(before), Some(after)) = (old.dict(), new.dict()) else {
        return Err(Suspicious);
    };
    if old.kind != new.kind || old.name != new.name {
        return Err(Suspicious);
    }
    let different = differing(before, after);
    let appearance = appearances(pair, before)?;
    if different.is_empty() && !appearance && !value_changed(pair, before) {
        return Ok(());
    }
    let signed = old.is_signature() && old.is_filled();
    if signed || different.iter().any(|key| !FILLING.contains(key)) {
        return Err(Suspicious);
    }
    pair.explained.extend(old.id.map(|id| id.0));
    if new.is_signature() {
        signing(pair, new)
    } else {
        if different.contains(&b"V".as_slice()) || value_changed(pair, before) {
            let value = before.get(b"V".as_slice()).and_then(Value::as_reference);
            pair.explained.extend(value.map(|id| id.0));
            pair.filled.push(new.name.clone());
        }
        pair.reaches(Changes::Forms);
        Ok(())
    }
}

/// Whether the value of a field is an object of its own that was replaced in its place.
fn value_changed(pair: &Pair<'_>, dict: &Dict) -> bool {
    let value = dict.get(b"V".as_slice()).and_then(Value::as_reference);
    value.is_some_and(|id| pair.changed.contains_key(&id.0))
}

/// Explains appearances of a field that were replaced in their place, unless the page uses them
/// elsewhere, too.
fn appearances(pair: &mut Pair<'_>, field: &Dict) -> Result<bool, Suspicious> {
    let Some(appearance) = field.get(b"AP".as_slice()) else {
        return Ok(false);
    };
    let mut found = false;
    let mut open = appearance.references();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) || pair.shared.contains(&id.0) {
            continue;
        }
        pair.file.work.value()?;
        if pair.changed.contains_key(&id.0) {
            pair.explained.insert(id.0);
            found = true;
        }
        open.extend(pair.file.object(id, pair.old)?.references());
    }
    Ok(found)
}

/// A field that did not exist: only a signature's, and only in its own widget.
fn added(pair: &mut Pair<'_>, id: Id, field: &Field) -> Result<(), Suspicious> {
    let existed = pair.file.entry(id.0, pair.old).is_some()
        && *pair.file.object(id, pair.old)? != Value::Null;
    let dict = field.dict().ok_or(Suspicious)?;
    if existed || !field.is_signature() || dict.contains_key(b"Kids".as_slice()) {
        return Err(Suspicious);
    }
    signing(pair, field)
}

/// A document time stamp that nobody sees is archival; everything else about signatures is
/// filling.
fn signing(pair: &mut Pair<'_>, field: &Field) -> Result<(), Suspicious> {
    let dict = field.dict().ok_or(Suspicious)?;
    let value = pair.file.get(dict, b"V", pair.new)?;
    let stamp = value
        .as_dict()
        .is_some_and(|dict| is_name(dict, b"Type", b"DocTimeStamp"));
    let unsigned = *value == Value::Null;
    if (stamp || unsigned) && !is_visible(dict) {
        pair.reaches(Changes::Archival);
    } else {
        pair.reaches(Changes::Forms);
        pair.filled.push(field.name.clone());
    }
    Ok(())
}

fn is_visible(dict: &Dict) -> bool {
    let rect = dict.get(b"Rect".as_slice()).and_then(Value::as_array);
    match rect {
        Some([left, bottom, right, top]) => left != right && bottom != top,
        _ => dict.contains_key(b"AP".as_slice()),
    }
}

/// Pages may gain widgets of signatures, and nothing else.
fn pages(pair: &mut Pair<'_>, widgets: &BTreeSet<Id>) -> Result<(), Suspicious> {
    for id in leaves(pair)? {
        let old = pair.file.object(id, pair.old)?;
        let new = pair.file.object(id, pair.new)?;
        let (Some(old), Some(new)) = (old.as_dict(), new.as_dict()) else {
            return Err(Suspicious);
        };
        if differing(old, new).iter().any(|key| key != b"Annots") {
            return Err(Suspicious);
        }
        let list = old.get(b"Annots".as_slice()).and_then(Value::as_reference);
        let list_changed = list.is_some_and(|list| pair.changed.contains_key(&list.0));
        if !pair.changed.contains_key(&id.0) && !list_changed {
            continue;
        }
        annotations(pair, (old, new), widgets)?;
        pair.explained.insert(id.0);
        pair.explained.extend(list.map(|list| list.0));
        pair.reaches(Changes::Archival);
    }
    Ok(())
}

fn annotations(
    pair: &Pair<'_>,
    (old, new): (&Dict, &Dict),
    widgets: &BTreeSet<Id>,
) -> Result<(), Suspicious> {
    let old = pair.file.get(old, b"Annots", pair.old)?;
    let new = pair.file.get(new, b"Annots", pair.new)?;
    let old = old.as_array().unwrap_or_default();
    let mut rest = new.as_array().unwrap_or_default().iter();
    for annotation in old {
        // The old ones stay, in their order; between them only widgets may come.
        for found in rest.by_ref() {
            if found == annotation {
                break;
            }
            is_widget(found, widgets)?;
        }
    }
    rest.try_for_each(|found| is_widget(found, widgets))?;
    let kept = |annotation: &&Value| new.as_array().unwrap_or_default().contains(annotation);
    if old.iter().all(|annotation| kept(&annotation)) {
        Ok(())
    } else {
        Err(Suspicious)
    }
}

fn is_widget(annotation: &Value, widgets: &BTreeSet<Id>) -> Result<(), Suspicious> {
    match annotation.as_reference() {
        Some(id) if widgets.contains(&id) => Ok(()),
        _ => Err(Suspicious),
    }
}

/// The pages of the old revision.
fn leaves(pair: &Pair<'_>) -> Result<Vec<Id>, Suspicious> {
    let root = pair.file.catalogue(pair.old)?;
    let top = root
        .as_dict()
        .and_then(|dict| dict.get(b"Pages".as_slice())?.as_reference());
    let mut open: Vec<Id> = top.into_iter().collect();
    let mut seen = BTreeSet::new();
    let mut leaves = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            return Err(Suspicious);
        }
        let node = pair.file.object(id, pair.old)?;
        let Some(dict) = node.as_dict() else {
            continue;
        };
        match &*pair.file.get(dict, b"Kids", pair.old)? {
            Value::Array(kids) => open.extend(kids.iter().filter_map(Value::as_reference)),
            _ => leaves.push(id),
        }
    }
    Ok(leaves)
}

//! The form and its fields: they are filled and signed, and get new fields for signatures.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::alike::alike;
use super::changes::{Pair, Suspicious, differing, grown, same};
use super::fields::{Field, words};
use super::verdict::Changes;
use crate::pdf::{Dict, Id, Value, is_name};

/// What filling a field changes of it.
const FILLING: [&[u8]; 4] = [b"V", b"AP", b"AS", b"Ff"];

/// What signing an empty field changes of it.
const SIGNING: [&[u8]; 4] = [b"V", b"AP", b"AS", b"F"];

/// What a new field for a signature may say.
const NEW_FIELD: [&[u8]; 25] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"V",
    b"F",
    b"Ff",
    b"Rect",
    b"P",
    b"AP",
    b"AS",
    b"DA",
    b"DR",
    b"Lock",
    b"SV",
    b"MK",
    b"M",
    b"NM",
    b"H",
    b"Border",
    b"BS",
    b"C",
    b"Contents",
    b"StructParent",
];

/// The flag of a field that readers may not fill.
const READ_ONLY: i64 = 1;
/// The flags of an annotation that is printed and cannot be moved.
const PRINTED_LOCKED: i64 = 4 + 128;
/// The largest new signature that is seen, in square points: an eighth of a sheet of A4. A larger one
/// covers what others signed.
const LARGEST: f64 = 62_640.0;

/// The farthest edge of a field that is believed, in points: readers take numbers that are larger than
/// theirs for 0, or for anything else, each in its own way.
const FARTHEST: f64 = 100_000.0;

/// Compares the forms and their fields; gives the new ones, which may come to a page.
pub(crate) fn explain(pair: &mut Pair<'_>, fields: &[Field]) -> Result<BTreeSet<Id>, Suspicious> {
    let (old, new) = (dictionary(pair, pair.old)?, dictionary(pair, pair.new)?);
    let empty = Dict::new();
    let (old, new) = match (&*old, &*new) {
        (Value::Null, Value::Null) => return Ok(BTreeSet::new()),
        (Value::Null, Value::Dict(new)) => (&empty, new),
        (Value::Dict(old), Value::Dict(new)) => (old, new),
        _ => return Err(Suspicious),
    };
    bookkeeping(pair, (old, new), fields.iter().all(Field::is_signature))?;
    let added = listed(pair, (old, new))?;
    for field in fields {
        compare(pair, field)?;
    }
    let mut names: BTreeSet<String> = fields.iter().map(|field| field.name.clone()).collect();
    for id in &added {
        add(pair, *id, &mut names)?;
    }
    Ok(added)
}

/// What a form says beside its fields; about letters only where no field shows any.
fn bookkeeping(
    pair: &mut Pair<'_>,
    (old, new): (&Dict, &Dict),
    wordless: bool,
) -> Result<(), Suspicious> {
    for key in differing(old, new) {
        let permitted = match key {
            b"Fields" | b"SigFlags" => true,
            b"DR" | b"DA" => wordless,
            _ => false,
        };
        if !permitted {
            return Err(Suspicious);
        }
        pair.reaches(Changes::Archival);
    }
    for (key, value) in old {
        match key.as_slice() {
            b"Fields" => {}
            b"DR" | b"DA" if wordless => {}
            // The order in which fields are calculated.
            b"CO" => pair.freeze_list(value)?,
            _ => pair.freeze(value)?,
        }
    }
    Ok(())
}

fn dictionary(pair: &Pair<'_>, revision: usize) -> Result<Rc<Value>, Suspicious> {
    let root = pair.file.catalogue(revision)?;
    let root = root.as_dict().ok_or(Suspicious)?;
    Ok(pair.file.get(root, b"AcroForm", revision)?)
}

/// The new ones in the list of fields.
fn listed(pair: &mut Pair<'_>, (old, new): (&Dict, &Dict)) -> Result<BTreeSet<Id>, Suspicious> {
    let old = pair.file.get(old, b"Fields", pair.old)?;
    let new = pair.file.get(new, b"Fields", pair.new)?;
    if !same(&old, &new)
        && !matches!(
            (&*old, &*new),
            (Value::Null | Value::Array(_), Value::Array(_))
        )
    {
        return Err(Suspicious);
    }
    let old = old.as_array().unwrap_or_default();
    pair.freeze_members(old)?;
    let added = grown(old, new.as_array().unwrap_or_default())?;
    if !added.is_empty() {
        pair.reaches(Changes::Archival);
    }
    let added: Option<Vec<Id>> = added.into_iter().map(Value::as_reference).collect();
    let added = added.ok_or(Suspicious)?;
    let distinct: BTreeSet<Id> = added.iter().copied().collect();
    if distinct.len() == added.len() {
        Ok(distinct)
    } else {
        Err(Suspicious)
    }
}

/// A field that existed.
fn compare(pair: &mut Pair<'_>, field: &Field) -> Result<(), Suspicious> {
    let Some(id) = field.id else {
        // Written into a list, which stays as it was.
        return Ok(());
    };
    let now = pair.file.object(id, pair.new)?;
    let (Some(before), Value::Dict(after)) = (field.dict(), &*now) else {
        return Err(Suspicious);
    };
    let mut different = differing(before, after);
    different.retain(|key| !alike(key, before.get(*key), after.get(*key)));
    let signed = field.is_signature() && field.is_filled();
    for (key, value) in before {
        match key.as_slice() {
            b"V" | b"AP" if !signed => {}
            b"Kids" => pair.freeze_list(value)?,
            b"Parent" if pair.is_node(value) => {}
            _ => pair.freeze(value)?,
        }
    }
    if signed {
        return match different.as_slice() {
            [] => Ok(()),
            _ => Err(Suspicious),
        };
    }
    let value = before.get(b"V".as_slice()).and_then(Value::as_reference);
    let valued = value.map_or(Ok(false), |id| pair.is_changed(id.0))?;
    let redrawn = looks(pair, before)?;
    if different.is_empty() && !valued && !redrawn {
        Ok(())
    } else if field.is_signature() {
        sign(pair, field, (before, after), &different)
    } else {
        fill(pair, field, (before, after), &different)
    }
}

/// Whether a look of a field was replaced in its place. What a look is made of stays as it was, its
/// faces for example.
fn looks(pair: &mut Pair<'_>, field: &Dict) -> Result<bool, Suspicious> {
    let look = field.get(b"AP".as_slice()).cloned();
    let mut open: Vec<(Value, usize)> = look.map(|look| (look, 0)).into_iter().collect();
    let mut replaced = false;
    while let Some((value, depth)) = open.pop() {
        pair.file.work.looked(value.weight())?;
        let held = match value.as_reference() {
            Some(id) => {
                replaced |= pair.is_changed(id.0)?;
                pair.state(id.0, pair.old)?.map(|(_, held)| held)
            }
            None => Some(Rc::new(value)),
        };
        match held.as_deref() {
            // By occasion, then by state.
            Some(Value::Dict(dict)) if depth < 2 => {
                open.extend(dict.values().cloned().map(|value| (value, depth + 1)));
            }
            Some(Value::Stream(stream)) => {
                for value in stream.dict.values() {
                    pair.freeze(value)?;
                }
            }
            Some(other) => pair.freeze(other)?,
            None => {}
        }
    }
    Ok(replaced)
}

fn fill(
    pair: &mut Pair<'_>,
    field: &Field,
    (before, after): (&Dict, &Dict),
    different: &[&[u8]],
) -> Result<(), Suspicious> {
    let flags = |dict: &Dict| number(dict, b"Ff");
    let closed = flags(before).map(|flags| flags | READ_ONLY);
    let same_flags = flags(before) == flags(after) || closed == flags(after);
    let value = pair.file.get(after, b"V", pair.new)?;
    let text = match &*value {
        Value::Null | Value::Text(_) | Value::Name(_) => true,
        Value::Array(each) => each.iter().all(|one| one.as_text().is_some()),
        _ => false,
    };
    let permitted = different.iter().all(|key| FILLING.contains(key));
    if !permitted || !same_flags || !text || field.name.is_empty() {
        return Err(Suspicious);
    }
    pair.found.filled.push(field.name.clone());
    pair.reaches(Changes::Forms);
    Ok(())
}

/// An empty field is signed.
fn sign(
    pair: &mut Pair<'_>,
    field: &Field,
    (before, after): (&Dict, &Dict),
    different: &[&[u8]],
) -> Result<(), Suspicious> {
    let flags = |dict: &Dict| number(dict, b"F").map(|flags| flags | PRINTED_LOCKED);
    // Some programs say only then on which page it is.
    let page = after.get(b"P".as_slice()).and_then(Value::as_reference);
    let placed = page.is_some_and(|page| pair.frozen.pages.contains(&page));
    let placed = placed && !before.contains_key(b"P".as_slice());
    let permitted = |key: &&[u8]| SIGNING.contains(key) || placed && *key == b"P";
    let permitted = different.iter().all(permitted);
    let stamp = signature(pair, after)?.ok_or(Suspicious)?;
    if !permitted || flags(before) != flags(after) || field.name.is_empty() {
        return Err(Suspicious);
    }
    let area = area(pair, after)?;
    signed(pair, &field.name, stamp && area <= 0.0);
    Ok(())
}

fn signed(pair: &mut Pair<'_>, name: &str, archival: bool) {
    if archival {
        pair.reaches(Changes::Archival);
    } else {
        pair.reaches(Changes::Forms);
        pair.found.signed.push(name.to_owned());
    }
}

/// Whether the new signature in a field is a time stamp; nothing when there is none.
fn signature(pair: &Pair<'_>, field: &Dict) -> Result<Option<bool>, Suspicious> {
    let raw = field.get(b"V".as_slice()).unwrap_or(&Value::Null);
    if let Some(id) = raw.as_reference()
        && pair.existed(id.0)?
    {
        return Err(Suspicious);
    }
    match &*pair.file.resolve(raw, pair.new)? {
        Value::Null => Ok(None),
        Value::Dict(dict) => Ok(Some(is_name(dict, b"Type", b"DocTimeStamp"))),
        _ => Err(Suspicious),
    }
}

/// A field that did not exist: only a signature's, in its own widget.
fn add(pair: &mut Pair<'_>, id: Id, names: &mut BTreeSet<String>) -> Result<(), Suspicious> {
    let added = pair.file.object(id, pair.new)?;
    let Value::Dict(dict) = &*added else {
        return Err(Suspicious);
    };
    let name = pair.file.get(dict, b"T", pair.new)?;
    let name = name.as_text().map(words).unwrap_or_default();
    let known = !names.insert(name.clone());
    let foreign = dict.keys().any(|key| !NEW_FIELD.contains(&key.as_slice()));
    let widget = is_name(dict, b"Subtype", b"Widget") && is_name(dict, b"FT", b"Sig");
    if pair.existed(id.0)? || known || name.is_empty() || foreign || !widget {
        return Err(Suspicious);
    }
    let (stamp, area) = (signature(pair, dict)?, area(pair, dict)?);
    let seen = area > 0.0;
    if seen && (stamp.is_none() || area > LARGEST) {
        return Err(Suspicious);
    }
    pair.found.shown |= seen;
    signed(pair, &name, stamp != Some(false) && !seen);
    Ok(())
}

/// Square points of a widget; what is not seen has none.
fn area(pair: &Pair<'_>, widget: &Dict) -> Result<f64, Suspicious> {
    let edges = pair.file.get(widget, b"Rect", pair.new)?;
    if *edges == Value::Null && !widget.contains_key(b"AP".as_slice()) {
        return Ok(0.0);
    }
    let edges: Option<Vec<f64>> = edges
        .as_array()
        .unwrap_or_default()
        .iter()
        .map(edge)
        .collect();
    match edges.as_deref() {
        Some([left, low, right, high]) => Ok(((right - left) * (high - low)).abs()),
        _ => Err(Suspicious),
    }
}

/// An edge that every reader takes for the same number.
fn edge(value: &Value) -> Option<f64> {
    let edge: f64 = match value {
        Value::Integer(edge) => edge.to_string().parse().ok()?,
        Value::Real(edge) => std::str::from_utf8(edge).ok()?.parse().ok()?,
        _ => return None,
    };
    (edge.abs() <= FARTHEST).then_some(edge)
}

/// A whole number of a dictionary, 0 without one; nothing when it is something else.
fn number(dict: &Dict, key: &[u8]) -> Option<i64> {
    match dict.get(key) {
        None => Some(0),
        Some(value) => value.as_integer(),
    }
}

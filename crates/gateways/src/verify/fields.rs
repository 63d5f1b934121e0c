//! The form of a document: its fields, and the signatures in them.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::pdf::{Dict, Entry, File, Id, Refused, Text, Value};

/// A node of the tree of fields, with what it inherits.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// None for a node that is written directly into its parent's list.
    pub(crate) id: Option<Id>,
    /// The parts of the full name joined with dots.
    pub(crate) name: String,
    /// `Sig`, `Tx` …, its own or inherited.
    pub(crate) kind: Vec<u8>,
    pub(crate) value: Rc<Value>,
}

impl Field {
    pub(crate) fn dict(&self) -> Option<&Dict> {
        self.value.as_dict()
    }

    pub(crate) fn is_signature(&self) -> bool {
        self.kind == b"Sig"
    }

    /// Whether somebody gave it a value.
    pub(crate) fn is_filled(&self) -> bool {
        let value = self.dict().and_then(|dict| dict.get(b"V".as_slice()));
        value.is_some_and(|value| *value != Value::Null)
    }
}

/// Bytes of the whole name of a field, with the name of its kind.
const LONGEST: usize = 1_000;
/// What a node of the form costs beside its name.
const NODE: usize = 16;

/// Every node of the form, seen from a revision; parents come before their children.
pub(crate) fn fields(file: &File<'_>, revision: usize) -> Result<Vec<Field>, Refused> {
    let root = file.catalogue(revision)?;
    let form = match root.as_dict() {
        Some(dict) => file.get(dict, b"AcroForm", revision)?,
        None => return Ok(Vec::new()),
    };
    let Some(form) = form.as_dict() else {
        return Ok(Vec::new());
    };
    let top = file.get(form, b"Fields", revision)?;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<(Value, String, Vec<u8>, usize)> = Vec::new();
    for value in top.as_array().unwrap_or_default().iter().rev() {
        open.push((value.clone(), String::new(), Vec::new(), 0));
    }
    while let Some((value, above, kind, depth)) = open.pop() {
        let id = value.as_reference();
        if id.is_some_and(|id| !seen.insert(id)) || depth > 32 {
            return Err(Refused::Loop);
        }
        let value = file.resolve(&value, revision)?;
        // A stream is no field, whatever its dictionary says.
        let Value::Dict(dict) = &*value else {
            continue;
        };
        let (name, kind) = inherit(file, dict, above, kind, revision)?;
        let words = name.len() + kind.len();
        if words > LONGEST {
            return Err(Refused::Malformed);
        }
        let kids = file.get(dict, b"Kids", revision)?;
        let each = kids.as_array().map_or(0, <[Value]>::len) + 1;
        file.work.looked(each.saturating_mul(NODE + words))?;
        for kid in kids.as_array().unwrap_or_default().iter().rev() {
            open.push((kid.clone(), name.clone(), kind.clone(), depth + 1));
        }
        found.push(Field {
            id,
            name,
            kind,
            value: Rc::clone(&value),
        });
    }
    Ok(found)
}

fn inherit(
    file: &File<'_>,
    dict: &Dict,
    above: String,
    kind: Vec<u8>,
    revision: usize,
) -> Result<(String, Vec<u8>), Refused> {
    let part = file.get(dict, b"T", revision)?;
    let name = match part.as_text().map(words) {
        Some(part) if above.is_empty() => part,
        Some(part) => format!("{above}.{part}"),
        None => above,
    };
    let own = file.get(dict, b"FT", revision)?;
    let kind = own.as_name().map_or(kind, <[u8]>::to_vec);
    Ok((name, kind))
}

/// The words of a text string: UTF-16 with its mark, UTF-8 with its mark, or Latin letters.
pub(crate) fn words(text: &Text) -> String {
    if let Some(wide) = text.bytes.strip_prefix(&[0xFE, 0xFF]) {
        let units = wide.chunks_exact(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        });
        return char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    if let Some(utf8) = text.bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    text.bytes.iter().copied().map(char::from).collect()
}

/// More signatures than any paper has; each costs the digest of the file.
const MOST_SIGNATURES: usize = 32;
/// Bytes of all messages together; lists of revocation may lie in them.
const MOST_MESSAGES: usize = 8 << 20;

/// A signature as the document holds it.
#[derive(Clone, Debug)]
pub(crate) struct Embedded {
    pub(crate) field: Field,
    /// The dictionary of the signature.
    pub(crate) value: Rc<Value>,
    /// The revision that brought it.
    pub(crate) revision: usize,
    /// It stands in the file itself, not in an object stream.
    pub(crate) plain: bool,
}

/// The signatures of a document in the order in which they were made.
pub(crate) fn signatures(file: &File<'_>) -> Result<Vec<Embedded>, Refused> {
    let newest = file.newest();
    let mut found = Vec::new();
    let (mut seen, mut messages) = (BTreeSet::new(), 0_usize);
    for field in fields(file, newest)? {
        if !field.is_signature() || !field.is_filled() {
            continue;
        }
        let Some(raw) = field.dict().and_then(|dict| dict.get(b"V".as_slice())) else {
            continue;
        };
        let holder = raw.as_reference().or(field.id);
        if raw.as_reference().is_some_and(|id| !seen.insert(id)) {
            return Err(Refused::Ambiguous);
        }
        let (revision, plain) = holder.map_or((newest, false), |id| brought(file, id));
        // What only leads to the signature stands somewhere else than the signature itself.
        let leads = match holder {
            Some(id) => file.object(id, newest)?.as_reference().is_some(),
            None => false,
        };
        let value = file.resolve(raw, newest)?;
        messages = messages.saturating_add(message_length(&value));
        if found.len() >= MOST_SIGNATURES || messages > MOST_MESSAGES {
            return Err(Refused::TooManyObjects);
        }
        found.push(Embedded {
            field,
            value,
            revision,
            plain: plain && !leads,
        });
    }
    found.sort_by_key(|each| each.revision);
    Ok(found)
}

fn message_length(signature: &Value) -> usize {
    let contents = signature
        .as_dict()
        .and_then(|dict| dict.get(b"Contents".as_slice())?.as_text());
    contents.map_or(0, |text| text.bytes.len())
}

/// The newest revision that writes an object, and whether it writes it outside object streams.
fn brought(file: &File<'_>, id: Id) -> (usize, bool) {
    for (number, revision) in file.revisions.iter().enumerate().rev() {
        if let Some(entry) = revision.entries.get(&id.0) {
            return (number, matches!(entry, Entry::At(..)));
        }
    }
    (0, false)
}

//! What one revision did to the one before it. What no rule explains is suspicious.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::fields::fields;
use super::form;
use super::verdict::Changes;
use crate::pdf::{Dict, File, Refused, Value, is_name};

/// The difference of two revisions in a row.
pub(crate) struct Difference {
    pub(crate) changes: Changes,
    /// Fields whose values were changed.
    pub(crate) filled: Vec<String>,
}

/// Two revisions under comparison.
pub(crate) struct Pair<'a> {
    pub(crate) file: &'a File<'a>,
    pub(crate) old: usize,
    pub(crate) new: usize,
    /// Objects that existed and are different now.
    pub(crate) changed: BTreeMap<u32, (Rc<Value>, Rc<Value>)>,
    /// Those of them that a rule explains.
    pub(crate) explained: BTreeSet<u32>,
    pub(crate) level: Changes,
    pub(crate) filled: Vec<String>,
    /// Objects reachable without going through parts of their own: validation material, metadata
    /// and appearances.
    pub(crate) shared: BTreeSet<u32>,
    /// Whether nobody had signed before: the first who signs may certify.
    first: bool,
}

/// An unexplained change, or a document that cannot be followed.
pub(crate) struct Suspicious;

impl From<Refused> for Suspicious {
    fn from(_: Refused) -> Self {
        Self
    }
}

/// Compares a revision with the one before it.
pub(crate) fn difference(file: &File<'_>, new: usize) -> Difference {
    compared(file, new, false)
}

/// The same for what a signature brings with it, which may be the document's first.
pub(crate) fn compared(file: &File<'_>, new: usize, first: bool) -> Difference {
    let suspicious = |filled| Difference {
        changes: Changes::Suspicious,
        filled,
    };
    let Ok(mut pair) = Pair::new(file, new, first) else {
        return suspicious(Vec::new());
    };
    match pair.explain() {
        Ok(()) => Difference {
            changes: pair.level,
            filled: pair.filled,
        },
        Err(Suspicious) => suspicious(pair.filled),
    }
}

const ARCHIVAL: [&[u8]; 5] = [b"DSS", b"Metadata", b"Extensions", b"Version", b"MarkInfo"];

/// Keys of a trailer that say how the file is stored.
const STORAGE: [&[u8]; 11] = [
    b"Size",
    b"Prev",
    b"XRefStm",
    b"ID",
    b"W",
    b"Index",
    b"Type",
    b"Filter",
    b"DecodeParms",
    b"Length",
    b"Info",
];

impl<'a> Pair<'a> {
    fn new(file: &'a File<'a>, new: usize, first: bool) -> Result<Self, Suspicious> {
        let old = new.checked_sub(1).ok_or(Suspicious)?;
        let revision = file.revisions.get(new).ok_or(Suspicious)?;
        if revision.hybrid {
            return Err(Suspicious);
        }
        let mut changed = BTreeMap::new();
        for (number, entry) in &revision.entries {
            let Some(before) = file.entry(*number, old) else {
                continue;
            };
            let before = file.stored(*number, before, old)?;
            let after = file.stored(*number, *entry, new)?;
            if before != after && *before != Value::Null {
                changed.insert(*number, (before, after));
            }
        }
        let shared = reachable(file, old, Walk::Shared)?;
        Ok(Self {
            file,
            old,
            new,
            changed,
            explained: BTreeSet::new(),
            level: Changes::None,
            filled: Vec::new(),
            shared,
            first,
        })
    }

    pub(crate) fn reaches(&mut self, level: Changes) {
        self.level = self.level.max(level);
    }

    fn explain(&mut self) -> Result<(), Suspicious> {
        self.trailer()?;
        self.catalogue()?;
        form::explain(self)?;
        let left: Vec<u32> = self
            .changed
            .keys()
            .filter(|number| !self.explained.contains(number))
            .copied()
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        let reachable = reachable(self.file, self.old, Walk::All)?;
        let holds_objects = |number: &u32| {
            let before = self.changed.get(number).and_then(|(old, _)| old.as_dict());
            before.is_some_and(|dict| is_name(dict, b"Type", b"ObjStm"))
        };
        if left
            .iter()
            .any(|number| reachable.contains(number) || holds_objects(number))
        {
            return Err(Suspicious);
        }
        Ok(())
    }

    fn trailer(&mut self) -> Result<(), Suspicious> {
        let trailer = |number: usize| self.file.revisions.get(number).map(|each| &each.trailer);
        let (Some(old), Some(new)) = (trailer(self.old), trailer(self.new)) else {
            return Err(Suspicious);
        };
        let different = differing(old, new);
        if different.iter().any(|key| !STORAGE.contains(key)) {
            return Err(Suspicious);
        }
        if different.contains(&b"Info".as_slice()) {
            self.reaches(Changes::Archival);
        }
        let information = [old, new].map(|each| each.get(b"Info".as_slice()).cloned());
        if let [Some(Value::Reference(id)), _] = information
            && self.changed.contains_key(&id.0)
            && !self.shared.contains(&id.0)
        {
            self.explained.insert(id.0);
            self.reaches(Changes::Archival);
        }
        Ok(())
    }

    fn catalogue(&mut self) -> Result<(), Suspicious> {
        let (old, new) = (
            self.file.catalogue(self.old)?,
            self.file.catalogue(self.new)?,
        );
        let (Some(old), Some(new)) = (old.as_dict(), new.as_dict()) else {
            return Err(Suspicious);
        };
        for key in differing(old, new) {
            if ARCHIVAL.contains(&key) && new.contains_key(key) {
                self.reaches(Changes::Archival);
            } else if key != b"AcroForm" && !self.certifies(key, new)? {
                return Err(Suspicious);
            }
        }
        let trailer = self.file.revisions.get(self.old).map(|each| &each.trailer);
        let root = trailer.and_then(|trailer| trailer.get(b"Root".as_slice())?.as_reference());
        self.explained.extend(root.map(|id| id.0));
        self.metadata(old)?;
        self.material(old)
    }

    /// Whether what is new in the catalogue says that the first signature certifies the document.
    fn certifies(&self, key: &[u8], catalogue: &Dict) -> Result<bool, Suspicious> {
        if !self.first || key != b"Perms" {
            return Ok(false);
        }
        let permissions = self.file.get(catalogue, b"Perms", self.new)?;
        let only = |dict: &Dict| dict.len() == 1 && dict.contains_key(b"DocMDP".as_slice());
        Ok(permissions.as_dict().is_some_and(only))
    }

    /// A metadata stream replaced in its place.
    fn metadata(&mut self, catalogue: &Dict) -> Result<(), Suspicious> {
        let metadata = catalogue.get(b"Metadata".as_slice());
        let Some(id) = metadata.and_then(Value::as_reference) else {
            return Ok(());
        };
        let Some((old, new)) = self.changed.get(&id.0) else {
            return Ok(());
        };
        let is_metadata = |value: &Value| match value {
            Value::Stream(stream) => is_name(&stream.dict, b"Type", b"Metadata"),
            _ => false,
        };
        if self.shared.contains(&id.0) || !is_metadata(old) || !is_metadata(new) {
            return Err(Suspicious);
        }
        self.explained.insert(id.0);
        self.reaches(Changes::Archival);
        Ok(())
    }

    /// The dictionaries and lists of validation material, where nothing else refers to them.
    fn material(&mut self, catalogue: &Dict) -> Result<(), Suspicious> {
        let mut open: Vec<(Value, usize)> = catalogue
            .get(b"DSS".as_slice())
            .map(|value| (value.clone(), 0))
            .into_iter()
            .collect();
        while let Some((value, depth)) = open.pop() {
            if depth > 8 {
                return Err(Suspicious);
            }
            let held = match value.as_reference() {
                Some(id) => {
                    let held = self.file.object(id, self.old)?;
                    let ours = !matches!(*held, Value::Stream(_)) && !self.shared.contains(&id.0);
                    if ours && self.changed.contains_key(&id.0) {
                        self.explained.insert(id.0);
                        self.reaches(Changes::Archival);
                    }
                    held
                }
                None => Rc::new(value),
            };
            match &*held {
                Value::Array(each) => open.extend(each.iter().cloned().map(|one| (one, depth + 1))),
                Value::Dict(dict) => {
                    open.extend(dict.values().cloned().map(|one| (one, depth + 1)));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The keys under which two dictionaries differ.
pub(crate) fn differing<'d>(old: &'d Dict, new: &'d Dict) -> Vec<&'d [u8]> {
    let keys: BTreeSet<&[u8]> = old.keys().chain(new.keys()).map(Vec::as_slice).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .collect()
}

/// What a walk through the document passes by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    All,
    /// Not through validation material, metadata of the document and appearances of fields.
    Shared,
}

/// The objects that can be reached from the catalogue of a revision.
fn reachable(file: &File<'_>, revision: usize, walk: Walk) -> Result<BTreeSet<u32>, Suspicious> {
    let trailer = file.revisions.get(revision).map(|each| &each.trailer);
    let root = trailer
        .and_then(|trailer| trailer.get(b"Root".as_slice())?.as_reference())
        .ok_or(Suspicious)?;
    let mut skipped: BTreeSet<u32> = BTreeSet::new();
    if walk == Walk::Shared {
        let nodes = fields(file, revision)?;
        skipped.extend(nodes.iter().filter_map(|field| field.id).map(|id| id.0));
    }
    let mut seen = BTreeSet::from([root.0]);
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        file.work.value()?;
        let value = file.object(id, revision)?;
        let passed: &[&[u8]] = match walk {
            Walk::Shared if id == root => &[b"DSS", b"Metadata"],
            Walk::Shared if skipped.contains(&id.0) => &[b"AP"],
            _ => &[],
        };
        let references = match value.as_dict() {
            Some(dict) if !passed.is_empty() => dict
                .iter()
                .filter(|(key, _)| !passed.contains(&key.as_slice()))
                .flat_map(|(_, value)| value.references())
                .collect(),
            _ => value.references(),
        };
        open.extend(references.into_iter().filter(|id| seen.insert(id.0)));
    }
    Ok(seen)
}

//! What one revision did to the one before it.
//!
//! Everything that can be reached from the catalogue stays as it was, except at the few places that
//! have a rule of their own: the catalogue, the store, metadata, the form, its fields and their
//! appearances, and the lists of annotations. An object with a rule that is reached by any other
//! way, too, stays as it was. So nothing is explained away: what no rule permits is suspicious.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::frozen::Frozen;
use super::verdict::Changes;
use super::{form, pages};
use crate::pdf::{Dict, Entry, File, Refused, Value, is_name};

/// The difference of two revisions in a row.
pub(crate) struct Difference {
    pub(crate) changes: Changes,
    /// Fields whose values or looks were changed.
    pub(crate) filled: Vec<String>,
    /// Fields that were signed.
    pub(crate) signed: Vec<String>,
    /// A signature is seen where no field for it had been.
    pub(crate) shown: bool,
}

impl Difference {
    /// Fields that are not as they were.
    pub(crate) fn touched(&self) -> impl Iterator<Item = &String> {
        self.filled.iter().chain(&self.signed)
    }
}

/// Two revisions under comparison.
pub(crate) struct Pair<'a> {
    pub(crate) file: &'a File<'a>,
    pub(crate) old: usize,
    pub(crate) new: usize,
    pub(crate) found: Difference,
    pub(crate) frozen: Frozen,
    /// Whether nobody had signed before: the first who signs may certify.
    first: bool,
}

/// A change that no rule permits, or a document that cannot be followed.
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
    let nothing = Difference {
        changes: Changes::None,
        filled: Vec::new(),
        signed: Vec::new(),
        shown: false,
    };
    let mut pair = Pair {
        file,
        old: new.saturating_sub(1),
        new,
        found: nothing,
        frozen: Frozen::default(),
        first,
    };
    if pair.explain().is_err() {
        pair.reaches(Changes::Suspicious);
    }
    pair.found
}

const ARCHIVAL: [&[u8]; 5] = [b"DSS", b"Metadata", b"Extensions", b"Version", b"MarkInfo"];

/// What of the catalogue has rules of its own.
const RULED: [&[u8]; 3] = [b"AcroForm", b"DSS", b"Metadata"];

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

impl Pair<'_> {
    pub(crate) fn reaches(&mut self, level: Changes) {
        self.found.changes = self.found.changes.max(level);
    }

    fn explain(&mut self) -> Result<(), Suspicious> {
        let revision = self.file.revisions.get(self.new).ok_or(Suspicious)?;
        if revision.hybrid || self.old == self.new {
            return Err(Suspicious);
        }
        let fields = self.roles()?;
        self.trailer()?;
        self.catalogue()?;
        let widgets = form::explain(self, &fields)?;
        pages::explain(self, widgets)?;
        self.settle()
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
        let other = different.contains(&b"Info".as_slice());
        let information = old.get(b"Info".as_slice()).and_then(Value::as_reference);
        let rewritten = information.map_or(Ok(false), |id| self.is_changed(id.0))?;
        if other || rewritten {
            self.reaches(Changes::Archival);
        }
        Ok(())
    }

    fn catalogue(&mut self) -> Result<(), Suspicious> {
        let (old, new) = (
            self.file.catalogue(self.old)?,
            self.file.catalogue(self.new)?,
        );
        let (Value::Dict(old), Value::Dict(new)) = (&*old, &*new) else {
            return Err(Suspicious);
        };
        for key in differing(old, new) {
            if ARCHIVAL.contains(&key) && new.contains_key(key) {
                self.reaches(Changes::Archival);
            } else if key != b"AcroForm" && !self.certifies(key, new)? {
                return Err(Suspicious);
            }
        }
        for (key, value) in old {
            if !RULED.contains(&key.as_slice()) {
                self.freeze(value)?;
            }
        }
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
        if !self.is_changed(id.0)? {
            return Ok(());
        }
        for revision in [self.old, self.new] {
            match &*self.file.object(id, revision)? {
                Value::Stream(stream) if is_name(&stream.dict, b"Type", b"Metadata") => {}
                _ => return Err(Suspicious),
            }
        }
        self.reaches(Changes::Archival);
        Ok(())
    }

    /// The dictionaries and lists of validation material; the material itself stays.
    fn material(&mut self, catalogue: &Dict) -> Result<(), Suspicious> {
        let mut open: Vec<(Value, usize)> = catalogue
            .get(b"DSS".as_slice())
            .map(|value| (value.clone(), 0))
            .into_iter()
            .collect();
        let mut seen = BTreeSet::new();
        while let Some((value, depth)) = open.pop() {
            if depth > 8 {
                return Err(Suspicious);
            }
            self.file.work.looked(value.weight())?;
            let held = match value.as_reference() {
                Some(id) if !seen.insert(id) => continue,
                Some(id) => {
                    let held = self.file.object(id, self.old)?;
                    if matches!(*held, Value::Stream(_)) {
                        self.freeze(&value)?;
                    } else if self.is_changed(id.0)? {
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

    /// Whether an object was there before.
    pub(crate) fn existed(&self, number: u32) -> Result<bool, Suspicious> {
        Ok(self.state(number, self.old)?.is_some())
    }

    /// Whether an object came into being, went, or is another one now.
    pub(crate) fn is_changed(&self, number: u32) -> Result<bool, Suspicious> {
        let (before, after) = (
            self.file.entry(number, self.old),
            self.file.entry(number, self.new),
        );
        let rewritten = |holder: &u32| {
            let revision = self.file.revisions.get(self.new);
            revision.is_none_or(|revision| revision.entries.contains_key(holder))
        };
        let moved = match &before {
            Some(Entry::In(holder, _)) => rewritten(holder),
            _ => false,
        };
        if before == after && !moved {
            return Ok(false);
        }
        Ok(self.state(number, self.old)? != self.state(number, self.new)?)
    }

    /// An object with its generation, whichever is referred to; what is null is not there.
    pub(crate) fn state(
        &self,
        number: u32,
        revision: usize,
    ) -> Result<Option<(u16, Rc<Value>)>, Suspicious> {
        let Some(entry) = self.file.entry(number, revision) else {
            return Ok(None);
        };
        let generation = match entry {
            Entry::At(_, generation) => generation,
            Entry::Free | Entry::In(..) => 0,
        };
        let value = self.file.stored(number, entry, revision)?;
        Ok((*value != Value::Null).then_some((generation, value)))
    }
}

/// The keys under which two dictionaries differ.
pub(crate) fn differing<'d>(old: &'d Dict, new: &'d Dict) -> Vec<&'d [u8]> {
    if std::ptr::eq(old, new) {
        return Vec::new();
    }
    let keys: BTreeSet<&[u8]> = old.keys().chain(new.keys()).map(Vec::as_slice).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .collect()
}

/// Whether two values are the same; one that was not written again is not looked through.
pub(crate) fn same(old: &Rc<Value>, new: &Rc<Value>) -> bool {
    Rc::ptr_eq(old, new) || old == new
}

/// What a list got between its old members, which all stay, in their order.
pub(crate) fn grown<'v>(old: &[Value], new: &'v [Value]) -> Result<Vec<&'v Value>, Suspicious> {
    let mut known = old.iter().peekable();
    let mut added = Vec::new();
    for value in new {
        if known.next_if_eq(&value).is_none() {
            added.push(value);
        }
    }
    match known.next() {
        None => Ok(added),
        Some(_) => Err(Suspicious),
    }
}

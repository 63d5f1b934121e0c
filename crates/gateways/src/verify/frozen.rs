//! The walk through what must stay as it was.

use std::collections::BTreeSet;

use super::changes::{Pair, Suspicious, same};
use super::fields::{Field, fields};
use crate::pdf::{Dict, Entry, Id, Value, is_name};

/// What is known of the old revision, and how far the walk has come.
#[derive(Default)]
pub(crate) struct Frozen {
    root: u32,
    /// Nodes of the form.
    pub(crate) nodes: BTreeSet<u32>,
    pub(crate) pages: BTreeSet<Id>,
    seen: BTreeSet<u32>,
    open: Vec<u32>,
}

impl Pair<'_> {
    /// Learns which objects are the catalogue, pages and fields; gives the fields.
    pub(super) fn roles(&mut self) -> Result<Vec<Field>, Suspicious> {
        let trailer = self.file.revisions.get(self.old).map(|each| &each.trailer);
        let root = trailer.and_then(|trailer| trailer.get(b"Root".as_slice())?.as_reference());
        self.frozen.root = root.ok_or(Suspicious)?.0;
        let fields = fields(self.file, self.old)?;
        let nodes = fields.iter().filter_map(|field| Some(field.id?.0));
        self.frozen.nodes = nodes.collect();
        self.frozen.pages = self.leaves()?;
        Ok(fields)
    }

    /// The pages of the old revision.
    fn leaves(&self) -> Result<BTreeSet<Id>, Suspicious> {
        let root = self.file.catalogue(self.old)?;
        let top = root
            .as_dict()
            .and_then(|dict| dict.get(b"Pages".as_slice())?.as_reference());
        let mut open: Vec<Id> = top.into_iter().collect();
        let (mut seen, mut leaves) = (BTreeSet::new(), BTreeSet::new());
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                return Err(Suspicious);
            }
            self.file.work.looked(1)?;
            let node = self.file.object(id, self.old)?;
            let Value::Dict(dict) = &*node else {
                continue;
            };
            match &*self.file.get(dict, b"Kids", self.old)? {
                Value::Array(kids) => open.extend(kids.iter().filter_map(Value::as_reference)),
                _ if is_name(dict, b"Type", b"Page") => {
                    leaves.insert(id);
                }
                _ => {}
            }
        }
        Ok(leaves)
    }

    /// Everything to which this value leads stays as it was.
    pub(super) fn freeze(&mut self, value: &Value) -> Result<(), Suspicious> {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            self.file.work.looked(1)?;
            match value {
                Value::Reference(id) if self.frozen.seen.insert(id.0) => {
                    self.frozen.open.push(id.0);
                }
                Value::Array(each) => open.extend(each),
                Value::Dict(dict) => self.parts(dict, &mut open),
                Value::Stream(stream) => self.parts(&stream.dict, &mut open),
                _ => {}
            }
        }
        Ok(())
    }

    /// What is followed of a dictionary. Signatures name the catalogue as what they are about, and
    /// the structure names fields: that does not make them part of what is shown.
    fn parts<'v>(&self, dict: &'v Dict, open: &mut Vec<&'v Value>) {
        let transform = dict.contains_key(b"TransformMethod".as_slice());
        let structure = is_name(dict, b"Type", b"OBJR");
        for (key, value) in dict {
            let named = value.as_reference();
            let followed = match key.as_slice() {
                b"Data" if transform => named.is_none_or(|id| id.0 != self.frozen.root),
                b"Obj" if structure => !self.is_node(value),
                _ => true,
            };
            if followed {
                open.push(value);
            }
        }
    }

    /// Whether this refers to a field, which has a rule of its own.
    pub(super) fn is_node(&self, value: &Value) -> bool {
        let id = value.as_reference();
        id.is_some_and(|id| self.frozen.nodes.contains(&id.0))
    }

    /// A list, itself unchanged, whose fields have rules of their own.
    pub(super) fn freeze_list(&mut self, list: &Value) -> Result<(), Suspicious> {
        let old = self.file.resolve(list, self.old)?;
        if !same(&old, &self.file.resolve(list, self.new)?) {
            return Err(Suspicious);
        }
        self.freeze_members(old.as_array().unwrap_or_default())
    }

    /// The members of a list that are no fields.
    pub(super) fn freeze_members(&mut self, members: &[Value]) -> Result<(), Suspicious> {
        self.file.work.looked(members.len())?;
        for member in members {
            if !self.is_node(member) {
                self.freeze(member)?;
            }
        }
        Ok(())
    }

    /// What says how long the object stream is in which an object lies: others read anew how long it is.
    fn holder(&self, number: u32) -> Result<Option<Value>, Suspicious> {
        let Some(Entry::In(holder, _)) = self.file.entry(number, self.old) else {
            return Ok(None);
        };
        let Some((_, held)) = self.state(holder, self.old)? else {
            return Err(Suspicious);
        };
        let length = held
            .as_dict()
            .and_then(|dict| dict.get(b"Length".as_slice()));
        Ok(length
            .filter(|length| length.as_reference().is_some())
            .cloned())
    }

    /// Walks to the end of everything that stays. References to pages are not followed: pages have
    /// a rule of their own, however they are reached.
    pub(super) fn settle(&mut self) -> Result<(), Suspicious> {
        let pages: BTreeSet<u32> = self.frozen.pages.iter().map(|id| id.0).collect();
        while let Some(number) = self.frozen.open.pop() {
            if pages.contains(&number) {
                continue;
            }
            self.file.work.looked(1)?;
            if self.is_changed(number)? {
                return Err(Suspicious);
            }
            if let Some(holder) = self.holder(number)? {
                self.freeze(&holder)?;
            }
            if let Some((_, value)) = self.state(number, self.old)? {
                self.freeze(&value)?;
            }
        }
        Ok(())
    }
}

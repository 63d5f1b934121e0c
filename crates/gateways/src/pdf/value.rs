//! The values a PDF is made of, with the places of its strings: signatures are checked by place.

use std::collections::BTreeMap;
use std::ops::Range;

/// Number and generation of an indirect object.
pub type Id = (u32, u16);

/// A dictionary; a key that is written twice is refused, since readers disagree about which one counts.
pub type Dict = BTreeMap<Vec<u8>, Value>;

/// Bytes that cost as much to copy as a value.
const BYTES_OF_A_VALUE: usize = 32;

/// Any PDF value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    /// As it is written; we never calculate with it.
    Real(Vec<u8>),
    /// Without its slash, with its `#xx` resolved.
    Name(Vec<u8>),
    Text(Text),
    Array(Vec<Value>),
    Dict(Dict),
    Stream(Box<Stream>),
    Reference(Id),
}

/// A string and where it stands.
#[derive(Clone, Debug)]
pub struct Text {
    pub bytes: Vec<u8>,
    /// From its opening delimiter to behind its closing one; meaningless inside an object stream.
    pub place: Range<usize>,
    pub hexadecimal: bool,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Text {}

/// A stream: its dictionary and its bytes as stored in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    pub dict: Dict,
    pub raw: Vec<u8>,
}

impl Value {
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    pub fn as_reference(&self) -> Option<Id> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// How many values it is made of; long names and texts count as several.
    pub(crate) fn weight(&self) -> usize {
        let long = |bytes: &[u8]| bytes.len() / BYTES_OF_A_VALUE;
        let dict = |dict: &Dict| -> usize {
            let each = dict.iter();
            each.map(|(key, value)| long(key) + value.weight()).sum()
        };
        1 + match self {
            Self::Real(bytes) | Self::Name(bytes) => long(bytes),
            Self::Text(text) => long(&text.bytes),
            Self::Array(values) => values.iter().map(Self::weight).sum(),
            Self::Dict(inside) => dict(inside),
            Self::Stream(stream) => long(&stream.raw) + dict(&stream.dict),
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::Reference(_) => 0,
        }
    }

    /// Every reference anywhere in this value.
    pub fn references(&self) -> Vec<Id> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(value) = open.pop() {
            match value {
                Self::Reference(id) => found.push(*id),
                Self::Array(values) => open.extend(values),
                Self::Dict(dict) => open.extend(dict.values()),
                Self::Stream(stream) => open.extend(stream.dict.values()),
                _ => {}
            }
        }
        found
    }
}

/// What a non-negative integer under a key of a dictionary says.
pub(crate) fn size(dict: &Dict, key: &[u8]) -> Option<usize> {
    usize::try_from(dict.get(key)?.as_integer()?).ok()
}

/// Whether a key of a dictionary is this name.
pub(crate) fn is_name(dict: &Dict, key: &[u8], name: &[u8]) -> bool {
    dict.get(key).and_then(Value::as_name) == Some(name)
}

//! Cross references: one section after the other, from the newest to the oldest.

use std::collections::{BTreeMap, BTreeSet};

use super::filters::decode_exactly;
use super::lex::Lexer;
use super::refused::{Limits, Refused, Work};
use super::value::{Dict, Value, size};

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Free,
    /// At a byte of the file, with its generation.
    At(usize, u16),
    /// In an object stream, at a place in its list.
    In(u32, usize),
}

/// What one cross-reference section says.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) at: usize,
    /// Behind its trailer or its object.
    pub(crate) end: usize,
    pub(crate) entries: BTreeMap<u32, Entry>,
    pub(crate) trailer: Dict,
    /// It has a second part for newer readers.
    pub(crate) hybrid: bool,
}

/// The place that the last line of the file names.
pub(crate) fn last_start(bytes: &[u8]) -> Result<usize, Refused> {
    let trimmed = bytes.trim_ascii_end();
    let body = trimmed.strip_suffix(b"%%EOF").ok_or_else(|| {
        let somewhere = find_last(bytes, b"%%EOF").is_some();
        if somewhere {
            Refused::Ambiguous
        } else {
            Refused::CrossReferences
        }
    })?;
    let body = body.trim_ascii_end();
    let digits = body
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (before, digits) = body.split_at(body.len() - digits);
    if !before.trim_ascii_end().ends_with(b"startxref") {
        return Err(Refused::CrossReferences);
    }
    let text = std::str::from_utf8(digits).map_err(|_| Refused::CrossReferences)?;
    text.parse().map_err(|_| Refused::CrossReferences)
}

/// Where `what` begins last.
pub(crate) fn find_last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

/// Reads sections.
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) limits: &'a Limits,
    pub(crate) work: &'a Work,
}

impl Reader<'_> {
    /// All sections from the newest to the oldest.
    pub(crate) fn chain(&self) -> Result<Vec<Section>, Refused> {
        let mut at = last_start(self.bytes)?;
        let mut seen = BTreeSet::new();
        let mut sections: Vec<Section> = Vec::new();
        let mut entries = 0;
        loop {
            if !seen.insert(at) {
                return Err(Refused::Loop);
            }
            if sections.len() >= self.limits.sections {
                return Err(Refused::TooManyObjects);
            }
            let mut section = self.section(at)?;
            self.add_hybrid(&mut section)?;
            entries += section.entries.len();
            if entries > self.limits.objects {
                return Err(Refused::TooManyObjects);
            }
            let previous = previous(&section.trailer)?;
            sections.push(section);
            match previous {
                Some(previous) => at = previous,
                None => return Ok(sections),
            }
        }
    }

    fn section(&self, at: usize) -> Result<Section, Refused> {
        if at >= self.bytes.len() {
            return Err(Refused::CrossReferences);
        }
        let mut lexer = Lexer::new(self.bytes, at, self.limits, self.work);
        if lexer.word(b"xref") {
            let section = self.table(at, lexer)?;
            self.work.read(section.end.saturating_sub(at))?;
            Ok(section)
        } else {
            self.stream(at, lexer)
        }
    }

    fn table(&self, at: usize, mut lexer: Lexer<'_>) -> Result<Section, Refused> {
        let mut entries = BTreeMap::new();
        while !lexer.word(b"trailer") {
            let first = lexer.number().ok_or(Refused::CrossReferences)?;
            let count = lexer.number().ok_or(Refused::CrossReferences)?;
            if count > self.limits.objects || first > self.limits.objects {
                return Err(Refused::TooManyObjects);
            }
            for number in first..first + count {
                let entry = Self::line(&mut lexer).ok_or(Refused::CrossReferences)?;
                self.insert(&mut entries, number, entry)?;
            }
        }
        lexer.skip();
        let Value::Dict(trailer) = lexer.value(0)? else {
            return Err(Refused::CrossReferences);
        };
        Ok(Section {
            at,
            end: lexer.at,
            entries,
            trailer,
            hybrid: false,
        })
    }

    fn line(lexer: &mut Lexer<'_>) -> Option<Entry> {
        let offset = lexer.number()?;
        let generation = lexer.number()?;
        if lexer.word(b"n") {
            Some(Entry::At(offset, u16::try_from(generation).ok()?))
        } else {
            lexer.word(b"f").then_some(Entry::Free)
        }
    }

    fn insert(
        &self,
        entries: &mut BTreeMap<u32, Entry>,
        number: usize,
        entry: Entry,
    ) -> Result<(), Refused> {
        self.work.value()?;
        if number > self.limits.objects || entries.len() > self.limits.objects {
            return Err(Refused::TooManyObjects);
        }
        let number = u32::try_from(number).map_err(|_| Refused::TooManyObjects)?;
        match entries.insert(number, entry) {
            Some(other) if other != entry => Err(Refused::Ambiguous),
            _ => Ok(()),
        }
    }

    fn stream(&self, at: usize, mut lexer: Lexer<'_>) -> Result<Section, Refused> {
        let (_, value) = lexer.indirect(&|_| Err(Refused::CrossReferences))?;
        let Value::Stream(stream) = value else {
            return Err(Refused::CrossReferences);
        };
        if stream.dict.get(b"Type".as_slice()).and_then(Value::as_name) != Some(b"XRef") {
            return Err(Refused::CrossReferences);
        }
        let plain = decode_exactly(&stream, self.limits, self.work)?;
        let entries = self.packed(&stream.dict, &plain)?;
        Ok(Section {
            at,
            end: lexer.at,
            entries,
            trailer: stream.dict,
            hybrid: false,
        })
    }

    fn packed(&self, dict: &Dict, plain: &[u8]) -> Result<BTreeMap<u32, Entry>, Refused> {
        let widths = numbers(dict, b"W").ok_or(Refused::CrossReferences)?;
        let [kind, second, third] = widths[..] else {
            return Err(Refused::CrossReferences);
        };
        let wide = widths.iter().any(|width| *width > 8);
        let total = widths.iter().sum::<usize>();
        if wide || total == 0 {
            return Err(Refused::CrossReferences);
        }
        let all = vec![0, size(dict, b"Size").ok_or(Refused::CrossReferences)?];
        let index = match dict.get(b"Index".as_slice()) {
            Some(_) => numbers(dict, b"Index").ok_or(Refused::CrossReferences)?,
            None => all,
        };
        let mut rows = plain.chunks_exact(total);
        let mut entries = BTreeMap::new();
        for pair in index.chunks(2) {
            let [first, count] = *pair else {
                return Err(Refused::CrossReferences);
            };
            if count > self.limits.objects || first > self.limits.objects {
                return Err(Refused::TooManyObjects);
            }
            for number in first..first + count {
                let row = rows.next().ok_or(Refused::CrossReferences)?;
                let (kind_bytes, rest) = row.split_at(kind);
                let (second_bytes, third_bytes) = rest.split_at(second);
                debug_assert_eq!(third_bytes.len(), third);
                let kind = if kind == 0 { 1 } else { big(kind_bytes) };
                let entry = packed_entry(kind, big(second_bytes), big(third_bytes));
                self.insert(&mut entries, number, entry.ok_or(Refused::CrossReferences)?)?;
            }
        }
        Ok(entries)
    }

    /// Adds what the second part of a hybrid section says. Where both parts say where an object
    /// is, readers of the two kinds would see different documents.
    fn add_hybrid(&self, section: &mut Section) -> Result<(), Refused> {
        let Some(value) = section.trailer.get(b"XRefStm".as_slice()) else {
            return Ok(());
        };
        let at = value.as_integer().and_then(|at| usize::try_from(at).ok());
        let hidden = self.section(at.ok_or(Refused::CrossReferences)?)?;
        for (number, entry) in hidden.entries {
            let shown = section.entries.insert(number, entry);
            match shown {
                None | Some(Entry::Free) => {}
                Some(shown) if shown == entry => {}
                Some(_) => return Err(Refused::Ambiguous),
            }
        }
        section.hybrid = true;
        Ok(())
    }
}

fn previous(trailer: &Dict) -> Result<Option<usize>, Refused> {
    match trailer.get(b"Prev".as_slice()) {
        None => Ok(None),
        Some(value) => {
            let at = value.as_integer().and_then(|at| usize::try_from(at).ok());
            at.map(Some).ok_or(Refused::CrossReferences)
        }
    }
}

fn numbers(dict: &Dict, key: &[u8]) -> Option<Vec<usize>> {
    let each = dict.get(key)?.as_array()?.iter();
    each.map(|value| usize::try_from(value.as_integer()?).ok())
        .collect()
}

fn big(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn packed_entry(kind: u64, second: u64, third: u64) -> Option<Entry> {
    match kind {
        0 => Some(Entry::Free),
        1 => Some(Entry::At(
            usize::try_from(second).ok()?,
            u16::try_from(third).ok()?,
        )),
        2 => Some(Entry::In(
            u32::try_from(second).ok()?,
            usize::try_from(third).ok()?,
        )),
        _ => None,
    }
}

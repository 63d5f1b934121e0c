//! A PDF as its revisions, each object read once, each place checked.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::filters::decode_exactly;
use super::lex::Lexer;
use super::refused::{Limits, Refused, Work};
use super::value::{Dict, Id, Stream, Value, is_name, size};
use super::xref::{Entry, Reader, Section};

/// One state of the document: what was appended at one time.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The objects it brings, changes or removes.
    pub entries: BTreeMap<u32, Entry>,
    pub trailer: Dict,
    /// Behind its `%%EOF`, without the end of that line.
    pub end: usize,
    /// It has different cross references for older and for newer readers.
    pub hybrid: bool,
}

/// A document read within limits. Nothing of it is decoded or followed that was not asked for,
/// except its cross references.
pub struct File<'a> {
    pub bytes: &'a [u8],
    /// From the oldest to the newest; never empty.
    pub revisions: Vec<Revision>,
    pub(crate) limits: Limits,
    pub(crate) work: Work,
    /// Which revisions say where an object is, from the oldest.
    told: HashMap<u32, Vec<(usize, Entry)>>,
    at: RefCell<HashMap<usize, (Id, Rc<Value>)>>,
    packed: RefCell<HashMap<usize, Rc<Packed>>>,
}

/// The objects in an object stream, in the order of its list.
type Packed = Vec<(u32, Rc<Value>)>;

impl<'a> File<'a> {
    /// Reads the cross references of every revision.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refused> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(Refused::NotPdf);
        }
        if bytes.len() > limits.bytes {
            return Err(Refused::TooLarge);
        }
        let work = Work::new(limits, bytes.len());
        let sections = Reader {
            bytes,
            limits,
            work: &work,
        }
        .chain()?;
        let revisions = revisions(bytes, sections)?;
        let mut told: HashMap<u32, Vec<(usize, Entry)>> = HashMap::new();
        for (revision, each) in revisions.iter().enumerate() {
            for (number, entry) in &each.entries {
                told.entry(*number).or_default().push((revision, *entry));
            }
        }
        Ok(Self {
            bytes,
            revisions,
            limits: *limits,
            work,
            told,
            at: RefCell::default(),
            packed: RefCell::default(),
        })
    }

    /// The number of the newest revision, counted from 0.
    pub fn newest(&self) -> usize {
        self.revisions.len() - 1
    }

    /// Where an object is, seen from a revision.
    pub fn entry(&self, number: u32, revision: usize) -> Option<Entry> {
        let told = self.told.get(&number)?;
        let until = told.partition_point(|(told, _)| *told <= revision);
        let (_, entry) = told.get(until.checked_sub(1)?)?;
        Some(*entry)
    }

    /// An object, seen from a revision; what does not exist is null.
    pub fn object(&self, id: Id, revision: usize) -> Result<Rc<Value>, Refused> {
        match self.entry(id.0, revision) {
            Some(Entry::At(_, generation)) if generation != id.1 => Ok(Rc::new(Value::Null)),
            Some(Entry::In(..)) if id.1 != 0 => Ok(Rc::new(Value::Null)),
            Some(entry) => self.stored(id.0, entry, revision),
            None => Ok(Rc::new(Value::Null)),
        }
    }

    /// The object at the place that a cross reference names.
    pub fn stored(&self, number: u32, entry: Entry, revision: usize) -> Result<Rc<Value>, Refused> {
        match entry {
            Entry::Free => Ok(Rc::new(Value::Null)),
            Entry::At(at, generation) => {
                let read = self.indirect(at, revision)?;
                if read.0 != (number, generation) {
                    return Err(Refused::CrossReferences);
                }
                Ok(read.1)
            }
            Entry::In(holder, index) => self.member(number, holder, index, revision),
        }
    }

    /// Follows references until a value that is none.
    pub fn resolve(&self, value: &Value, revision: usize) -> Result<Rc<Value>, Refused> {
        self.work.looked(value.weight())?;
        let mut found = Rc::new(value.clone());
        for _ in 0..16 {
            match found.as_reference() {
                Some(id) => found = self.object(id, revision)?,
                None => return Ok(found),
            }
        }
        Err(Refused::Loop)
    }

    /// The value under a key, its references followed; null when there is none.
    pub fn get(&self, dict: &Dict, key: &[u8], revision: usize) -> Result<Rc<Value>, Refused> {
        match dict.get(key) {
            Some(value) => self.resolve(value, revision),
            None => Ok(Rc::new(Value::Null)),
        }
    }

    /// The catalogue, seen from a revision.
    pub fn catalogue(&self, revision: usize) -> Result<Rc<Value>, Refused> {
        let trailer = &self
            .revisions
            .get(revision)
            .ok_or(Refused::CrossReferences)?
            .trailer;
        let root = self.get(trailer, b"Root", revision)?;
        if root.as_dict().is_some() {
            Ok(root)
        } else {
            Err(Refused::CrossReferences)
        }
    }

    /// The bytes of a stream on which the structure rests.
    pub(crate) fn plain(&self, stream: &Stream) -> Result<Vec<u8>, Refused> {
        decode_exactly(stream, &self.limits, &self.work)
    }

    fn indirect(&self, at: usize, revision: usize) -> Result<(Id, Rc<Value>), Refused> {
        if let Some((id, known)) = self.at.borrow().get(&at) {
            return Ok((*id, Rc::clone(known)));
        }
        if at == 0 || at >= self.bytes.len() {
            return Err(Refused::CrossReferences);
        }
        let mut lexer = Lexer::new(self.bytes, at, &self.limits, &self.work);
        let (id, value) = lexer.indirect(&|id| self.length(id, revision))?;
        let value = Rc::new(value);
        self.at.borrow_mut().insert(at, (id, Rc::clone(&value)));
        Ok((id, value))
    }

    /// The length of a stream as an object of its own: a plain integer, not itself in a stream.
    fn length(&self, id: Id, revision: usize) -> Result<usize, Refused> {
        let Some(Entry::At(at, _)) = self.entry(id.0, revision) else {
            return Err(Refused::Malformed);
        };
        let mut lexer = Lexer::new(self.bytes, at, &self.limits, &self.work);
        let read = lexer.indirect(&|_| Err(Refused::Loop))?;
        match read {
            (found, Value::Integer(length)) if found == id => {
                usize::try_from(length).map_err(|_| Refused::Malformed)
            }
            _ => Err(Refused::Malformed),
        }
    }

    fn member(
        &self,
        number: u32,
        holder: u32,
        index: usize,
        revision: usize,
    ) -> Result<Rc<Value>, Refused> {
        let Some(Entry::At(at, _)) = self.entry(holder, revision) else {
            return Err(Refused::CrossReferences);
        };
        let packed = self.unpack(at, holder, revision)?;
        match packed.get(index) {
            Some((found, value)) if *found == number => Ok(Rc::clone(value)),
            _ => Err(Refused::CrossReferences),
        }
    }

    fn unpack(&self, at: usize, holder: u32, revision: usize) -> Result<Rc<Packed>, Refused> {
        if let Some(known) = self.packed.borrow().get(&at) {
            return Ok(Rc::clone(known));
        }
        let ((number, _), value) = self.indirect(at, revision)?;
        let Value::Stream(stream) = &*value else {
            return Err(Refused::CrossReferences);
        };
        if number != holder {
            return Err(Refused::CrossReferences);
        }
        if !is_name(&stream.dict, b"Type", b"ObjStm") {
            return Err(Refused::Malformed);
        }
        let packed = Rc::new(self.members(stream)?);
        self.packed.borrow_mut().insert(at, Rc::clone(&packed));
        Ok(packed)
    }

    fn members(&self, stream: &Stream) -> Result<Packed, Refused> {
        let count = size(&stream.dict, b"N").ok_or(Refused::Malformed)?;
        let first = size(&stream.dict, b"First").ok_or(Refused::Malformed)?;
        if count > self.limits.objects {
            return Err(Refused::TooManyObjects);
        }
        let plain = self.plain(stream)?;
        let mut list = Lexer::new(&plain, 0, &self.limits, &self.work);
        let mut packed = Packed::new();
        // Members do not lie in each other.
        let mut left = plain.len();
        for _ in 0..count {
            let number = list.number().and_then(|number| u32::try_from(number).ok());
            let offset = list.number().and_then(|offset| offset.checked_add(first));
            let (Some(number), Some(at)) = (number, offset) else {
                return Err(Refused::Malformed);
            };
            if list.at > first {
                return Err(Refused::Malformed);
            }
            let mut member = Lexer::new(&plain, at, &self.limits, &self.work);
            let value = member.value(0)?;
            left = left
                .checked_sub(member.at.saturating_sub(at))
                .ok_or(Refused::Bomb)?;
            packed.push((number, Rc::new(value)));
        }
        Ok(packed)
    }
}

/// Puts sections, newest first, together as revisions, oldest first.
fn revisions(bytes: &[u8], mut sections: Vec<Section>) -> Result<Vec<Revision>, Refused> {
    sections.reverse();
    let mut revisions: Vec<Revision> = Vec::new();
    let mut each = sections.into_iter().peekable();
    let mut first = true;
    while let Some(section) = each.next() {
        // A linearised file begins with the section that its last line names.
        let front = each.next_if(|next| first && next.at < section.at);
        first = false;
        let named = front.as_ref().map_or(section.at, |front| front.at);
        let end = end_of_revision(bytes, section.end, named)?;
        if revisions
            .last()
            .is_some_and(|before| before.end > section.at)
        {
            return Err(Refused::CrossReferences);
        }
        let hybrid = section.hybrid || front.as_ref().is_some_and(|front| front.hybrid);
        let mut entries = section.entries;
        let mut trailer = section.trailer;
        if let Some(front) = front {
            entries.extend(front.entries);
            trailer = front.trailer;
        }
        let inside = |entry: &Entry| !matches!(entry, Entry::At(at, _) if *at >= end);
        if !entries.values().all(inside) {
            return Err(Refused::CrossReferences);
        }
        revisions.push(Revision {
            entries,
            trailer,
            end,
            hybrid,
        });
    }
    let last = revisions.last().ok_or(Refused::CrossReferences)?.end;
    let trailing = bytes.get(last..).unwrap_or_default();
    if trailing.trim_ascii().is_empty() {
        Ok(revisions)
    } else {
        Err(Refused::Ambiguous)
    }
}

/// Behind the first `%%EOF` after `from` whose `startxref` names the section.
fn end_of_revision(bytes: &[u8], from: usize, named: usize) -> Result<usize, Refused> {
    let word = b"startxref";
    let mut at = from;
    loop {
        let rest = bytes.get(at..).ok_or(Refused::CrossReferences)?;
        let found = rest.windows(word.len()).position(|window| window == word);
        at += found.ok_or(Refused::CrossReferences)? + word.len();
        let after = bytes.get(at..).unwrap_or_default();
        let text = after.trim_ascii_start();
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, text) = text.split_at(digits);
        let number = std::str::from_utf8(number)
            .ok()
            .and_then(|n| n.parse().ok());
        let mark = text.trim_ascii_start();
        if number == Some(named) && mark.starts_with(b"%%EOF") {
            return Ok(bytes.len() - mark.len() + b"%%EOF".len());
        }
    }
}

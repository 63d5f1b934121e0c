//! Reads values from bytes, strictly: what two readers could read differently is refused.

use super::refused::{Limits, Refused, Work};
use super::value::{Dict, Id, Stream, Text, Value, size};

/// A place in bytes from which values are read.
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
    limits: &'a Limits,
    work: &'a Work,
}

/// Says how long a stream is whose length is an object of its own.
pub(crate) type Lengths<'a> = &'a dyn Fn(Id) -> Result<usize, Refused>;

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

fn nibble(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, limits: &'a Limits, work: &'a Work) -> Self {
        Self {
            bytes,
            at,
            limits,
            work,
        }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks and comments.
    pub(crate) fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                self.at += self
                    .rest()
                    .iter()
                    .take_while(|byte| !matches!(byte, 10 | 13))
                    .count();
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Takes a word that stands alone.
    pub(crate) fn word(&mut self, word: &[u8]) -> bool {
        self.skip();
        let rest = self.rest();
        let alone = rest.get(word.len()).is_none_or(|next| !is_regular(*next));
        let found = rest.starts_with(word) && alone;
        if found {
            self.at += word.len();
        }
        found
    }

    fn regular(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Takes a non-negative integer of digits alone.
    pub(crate) fn number(&mut self) -> Option<usize> {
        self.skip();
        let before = self.at;
        let digits = self.regular();
        let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        let number = plain
            .then(|| std::str::from_utf8(digits).ok()?.parse().ok())
            .flatten();
        if number.is_none() {
            self.at = before;
        }
        number
    }

    /// Reads one value that is not a stream.
    pub(crate) fn value(&mut self, depth: usize) -> Result<Value, Refused> {
        self.work.value()?;
        if depth > self.limits.depth {
            return Err(Refused::TooDeep);
        }
        self.skip();
        match self.peek().ok_or(Refused::Malformed)? {
            b'/' => self.name().map(Value::Name),
            b'(' => self.literal().map(Value::Text),
            b'[' => self.array(depth),
            b'<' if self.rest().starts_with(b"<<") => self.dict(depth).map(Value::Dict),
            b'<' => self.hexadecimal().map(Value::Text),
            _ => self.plain(),
        }
    }

    fn plain(&mut self) -> Result<Value, Refused> {
        let word = self.regular();
        match word {
            b"null" => return Ok(Value::Null),
            b"true" => return Ok(Value::Bool(true)),
            b"false" => return Ok(Value::Bool(false)),
            _ => {}
        }
        let numeric = word
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'));
        let text = std::str::from_utf8(word).map_err(|_| Refused::Malformed)?;
        if !numeric || !word.iter().any(u8::is_ascii_digit) {
            return Err(Refused::Malformed);
        }
        if word.contains(&b'.') {
            return Ok(Value::Real(word.to_vec()));
        }
        let Ok(integer) = text.parse::<i64>() else {
            // Drawing numbers such as `--5` or beyond 64 bits; never a place or a length.
            return Ok(Value::Real(word.to_vec()));
        };
        Ok(self.reference(integer).unwrap_or(Value::Integer(integer)))
    }

    /// The reference that an integer begins, if it does.
    fn reference(&mut self, number: i64) -> Option<Value> {
        let number = u32::try_from(number).ok()?;
        let before = self.at;
        let generation = self.number().and_then(|found| u16::try_from(found).ok());
        if let Some(generation) = generation
            && self.word(b"R")
        {
            return Some(Value::Reference((number, generation)));
        }
        self.at = before;
        None
    }

    fn name(&mut self) -> Result<Vec<u8>, Refused> {
        self.at += 1;
        let raw = self.regular();
        let mut name = Vec::with_capacity(raw.len());
        let mut bytes = raw.iter();
        while let Some(&byte) = bytes.next() {
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let mut digit = || nibble(*bytes.next()?);
            let (Some(high), Some(low)) = (digit(), digit()) else {
                return Err(Refused::Malformed);
            };
            name.push(high << 4 | low);
        }
        Ok(name)
    }

    fn array(&mut self, depth: usize) -> Result<Value, Refused> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(members));
            }
            if members.len() >= self.limits.members {
                return Err(Refused::TooManyObjects);
            }
            members.push(self.value(depth + 1)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Dict, Refused> {
        self.at += 2;
        let mut dict = Dict::new();
        loop {
            self.skip();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return Ok(dict);
            }
            if self.peek() != Some(b'/') {
                return Err(Refused::Malformed);
            }
            let key = self.name()?;
            let value = self.value(depth + 1)?;
            if dict.insert(key, value).is_some() {
                return Err(Refused::Ambiguous);
            }
        }
    }

    fn hexadecimal(&mut self) -> Result<Text, Refused> {
        let from = self.at;
        let inside = self.rest().get(1..).unwrap_or_default();
        let length = inside.iter().position(|byte| *byte == b'>');
        let length = length.ok_or(Refused::Malformed)?;
        let mut digits = Vec::with_capacity(length);
        for byte in inside.iter().take(length).filter(|byte| !is_space(**byte)) {
            digits.push(nibble(*byte).ok_or(Refused::Malformed)?);
        }
        self.at = from + length + 2;
        let bytes = digits
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => high << 4 | low,
                [high] => high << 4,
                _ => 0,
            })
            .collect();
        Ok(Text {
            bytes,
            place: from..self.at,
            hexadecimal: true,
        })
    }

    fn literal(&mut self) -> Result<Text, Refused> {
        let from = self.at;
        self.at += 1;
        let mut open = 1_usize;
        let mut bytes = Vec::new();
        loop {
            let byte = self.next().ok_or(Refused::Malformed)?;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escaped(&mut bytes)?;
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                break;
            }
            bytes.push(byte);
        }
        Ok(Text {
            bytes,
            place: from..self.at,
            hexadecimal: false,
        })
    }

    fn escaped(&mut self, bytes: &mut Vec<u8>) -> Result<(), Refused> {
        let byte = self.next().ok_or(Refused::Malformed)?;
        bytes.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                return Ok(());
            }
            b'\n' => return Ok(()),
            b'0'..=b'7' => self.octal(byte),
            other => other,
        });
        Ok(())
    }

    fn octal(&mut self, first: u8) -> u8 {
        let mut code = u32::from(first - b'0');
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.peek() else {
                break;
            };
            code = code * 8 + u32::from(digit - b'0');
            self.at += 1;
        }
        // Overflow of the three digits is ignored, as the format says.
        code.to_le_bytes()[0]
    }

    /// Reads `N G obj … endobj`, which may be a stream. Objects may lie in comments, strings and streams
    /// of others, so all that is passed over is paid for.
    pub(crate) fn indirect(&mut self, lengths: Lengths<'_>) -> Result<(Id, Value), Refused> {
        let from = self.at;
        let read = self.object(lengths);
        self.work.read(self.at.saturating_sub(from))?;
        read
    }

    fn object(&mut self, lengths: Lengths<'_>) -> Result<(Id, Value), Refused> {
        let id = self.heading().ok_or(Refused::CrossReferences)?;
        let value = self.value(0)?;
        let value = match value {
            Value::Dict(dict) if self.word(b"stream") => self.stream(dict, lengths)?,
            other => other,
        };
        if self.word(b"endobj") {
            Ok((id, value))
        } else {
            Err(Refused::Malformed)
        }
    }

    fn heading(&mut self) -> Option<Id> {
        let number = u32::try_from(self.number()?).ok()?;
        let generation = u16::try_from(self.number()?).ok()?;
        self.word(b"obj").then_some((number, generation))
    }

    fn stream(&mut self, dict: Dict, lengths: Lengths<'_>) -> Result<Value, Refused> {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.next() != Some(b'\n') {
            return Err(Refused::Malformed);
        }
        let length = match dict.get(b"Length".as_slice()) {
            Some(Value::Reference(id)) => lengths(*id)?,
            _ => size(&dict, b"Length").ok_or(Refused::Malformed)?,
        };
        let end = self.at.checked_add(length).ok_or(Refused::Malformed)?;
        let raw = self.bytes.get(self.at..end).ok_or(Refused::Malformed)?;
        self.at = end;
        if !self.word(b"endstream") {
            return Err(Refused::Malformed);
        }
        let raw = raw.to_vec();
        Ok(Value::Stream(Box::new(Stream { dict, raw })))
    }
}

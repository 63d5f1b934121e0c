//! Reads a file of national records: JSON lines of the shape `LayThuTuc`, plain or gzip.
//!
//! The file is read as a stream and every quantity is bounded, so a hostile file ends in a
//! [`FileFault`] and not in an exhausted machine. A fault means that the file as a whole cannot be
//! believed: the caller publishes nothing of it. A bad record in a sound file is a quarantined
//! [`Record`] and harms no other.
//!
//! This module must not know what is published already; that is [`super::import`].

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use domain::procedure::Procedure;
use flate2::read::MultiGzDecoder;

use super::reason::{Cause, Reason};
use super::record;
pub use super::record::SOURCE;
use super::wire::LayThuTuc;

/// Bounds of a file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest line in bytes.
    pub line_bytes: usize,
    /// The most lines, blank ones too.
    pub lines: usize,
    /// The most bytes, decompressed.
    pub bytes: u64,
    /// The most components of all records together.
    pub components: usize,
}

impl Default for Limits {
    /// Five times and more what the whole national catalogue needs (15 MB for 2,642 records, of
    /// which the longest has 79 kB).
    fn default() -> Self {
        Self {
            line_bytes: 2_000_000,
            lines: 200_000,
            bytes: 90_000_000,
            components: 1_000_000,
        }
    }
}

/// Why a file as a whole cannot be taken. Titles are `import.fault.<key>` in the message catalogue.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// The source failed while it was read.
    #[error("cannot read the file")]
    Read(#[source] io::Error),
    /// A gzip stream or the last record ends in the middle.
    #[error("the file is cut off at line {line}")]
    Truncated {
        /// The line that has no end.
        line: usize,
    },
    /// A gzip stream is damaged.
    #[error("the compressed file is damaged at line {line}")]
    Corrupt {
        /// The line at which it stops making sense.
        line: usize,
    },
    /// The text is not UTF-8.
    #[error("line {line} is not UTF-8 text")]
    NotUtf8 {
        /// The first such line.
        line: usize,
    },
    /// A line is longer than allowed.
    #[error("line {line} is longer than {most} bytes")]
    LineTooLong {
        /// The line.
        line: usize,
        /// The bound.
        most: usize,
    },
    /// The file has more lines than allowed.
    #[error("the file has more than {most} lines")]
    TooManyLines {
        /// The bound.
        most: usize,
    },
    /// The file is larger than allowed.
    #[error("the file is larger than {most} bytes, decompressed")]
    TooLarge {
        /// The bound.
        most: u64,
    },
    /// The records have more components than allowed.
    #[error("the records have more than {most} components together")]
    TooManyComponents {
        /// The bound.
        most: usize,
    },
    /// No line is a record with a procedure's code. Taking such a file for the catalogue would
    /// list every published procedure as gone.
    #[error("the file holds no procedure record")]
    NoRecords,
}

impl FileFault {
    /// The stable name of the fault.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Read(_) => "read",
            Self::Truncated { .. } => "truncated",
            Self::Corrupt { .. } => "corrupt",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::LineTooLong { .. } => "line_too_long",
            Self::TooManyLines { .. } => "too_many_lines",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyComponents { .. } => "too_many_components",
            Self::NoRecords => "no_records",
        }
    }

    /// The values its message names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Read(cause) => vec![("cause", cause.to_string())],
            Self::Truncated { line } | Self::Corrupt { line } | Self::NotUtf8 { line } => {
                vec![("line", line.to_string())]
            }
            Self::LineTooLong { line, most } => {
                vec![("line", line.to_string()), ("most", most.to_string())]
            }
            Self::TooManyLines { most } | Self::TooManyComponents { most } => {
                vec![("most", most.to_string())]
            }
            Self::TooLarge { most } => vec![("most", most.to_string())],
            Self::NoRecords => Vec::new(),
        }
    }
}

/// What became of a record.
///
/// The procedure is not published yet: its version is 0 and its validity starts on day zero until
/// [`super::import::plan`] gives it both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Taken as it stands.
    Accepted(Box<Procedure>),
    /// Taken; every part that was not taken as it stands has a reason.
    AcceptedWithWarnings(Box<Procedure>, Vec<Reason>),
    /// Not taken.
    Quarantined(Vec<Reason>),
}

impl Outcome {
    /// The procedure, when the record was taken.
    pub fn procedure(&self) -> Option<&Procedure> {
        match self {
            Self::Accepted(procedure) | Self::AcceptedWithWarnings(procedure, _) => Some(procedure),
            Self::Quarantined(_) => None,
        }
    }

    /// The reasons, in the order of the report.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Accepted(_) => &[],
            Self::AcceptedWithWarnings(_, reasons) | Self::Quarantined(reasons) => reasons,
        }
    }
}

/// One line of the file, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The procedure's code as written, however it is formed; empty when it could not be read.
    pub code: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Reads the whole file and judges every record.
///
/// # Errors
/// [`FileFault`] when the file as a whole cannot be taken.
pub fn read_file(reader: impl Read, limits: &Limits) -> Result<Vec<Record>, FileFault> {
    let mut lines = Lines::open(reader, limits)?;
    let mut records = Vec::new();
    let mut components = 0_usize;
    while let Some(line) = lines.next_filled()? {
        let record = judge(&line)?;
        components = components.saturating_add(component_count(&record.outcome));
        if components > limits.components {
            return Err(FileFault::TooManyComponents {
                most: limits.components,
            });
        }
        records.push(record);
    }
    if records.iter().all(|record| record.code.is_empty()) {
        return Err(FileFault::NoRecords);
    }
    settle_repetitions(&mut records);
    Ok(records)
}

fn judge(line: &Line<'_>) -> Result<Record, FileFault> {
    let read = if line.text.starts_with('{') {
        serde_json::from_str::<LayThuTuc>(line.text)
    } else {
        Err(serde::de::Error::custom("not an object"))
    };
    match read {
        Ok(raw) => {
            let (code, outcome) = record::judge(&raw);
            Ok(Record {
                line: line.number,
                code,
                outcome,
            })
        }
        // Only the last line can lack its end; inside the file the same defect is one bad record.
        Err(fault) if fault.is_eof() && !line.ended => {
            Err(FileFault::Truncated { line: line.number })
        }
        Err(fault) => {
            let reasons = vec![Reason::new(Cause::Unreadable, &fault.to_string())];
            let outcome = Outcome::Quarantined(reasons);
            Ok(Record {
                line: line.number,
                code: String::new(),
                outcome,
            })
        }
    }
}

fn component_count(outcome: &Outcome) -> usize {
    let cases = outcome
        .procedure()
        .map(|p| p.cases.as_slice())
        .unwrap_or_default();
    cases.iter().map(|case| case.components.len()).sum()
}

/// A code may stand in a file once. Equal records after the first are set aside as repetitions;
/// when they differ, all are, for nothing in the file says which one is in force.
fn settle_repetitions(records: &mut [Record]) {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, record) in records
        .iter()
        .enumerate()
        .filter(|(_, r)| !r.code.is_empty())
    {
        places.entry(record.code.clone()).or_default().push(index);
    }
    for (code, indices) in places.into_iter().filter(|(_, indices)| indices.len() > 1) {
        let first = indices
            .first()
            .and_then(|i| records.get(*i))
            .map(|r| r.outcome.clone());
        let alike = indices
            .iter()
            .all(|i| records.get(*i).map(|r| &r.outcome) == first.as_ref());
        let (skip, cause) = if alike {
            (1, Cause::Repeated)
        } else {
            (0, Cause::CodeConflict)
        };
        for index in indices.into_iter().skip(skip) {
            if let Some(record) = records.get_mut(index) {
                record.outcome = Outcome::Quarantined(vec![Reason::new(cause, &code)]);
            }
        }
    }
}

struct Line<'a> {
    number: usize,
    text: &'a str,
    ended: bool,
}

/// Lines of a bounded, possibly compressed stream.
struct Lines<'r> {
    input: BufReader<Box<dyn Read + 'r>>,
    buffer: Vec<u8>,
    number: usize,
    left: u64,
    limits: Limits,
}

impl<'r> Lines<'r> {
    fn open(mut reader: impl Read + 'r, limits: &Limits) -> Result<Self, FileFault> {
        let mut head = Vec::with_capacity(2);
        reader
            .by_ref()
            .take(2)
            .read_to_end(&mut head)
            .map_err(FileFault::Read)?;
        let compressed = head == [0x1f, 0x8b];
        let whole = Cursor::new(head).chain(reader);
        let input: Box<dyn Read + 'r> = if compressed {
            Box::new(MultiGzDecoder::new(whole))
        } else {
            Box::new(whole)
        };
        let input = BufReader::new(input);
        Ok(Self {
            input,
            buffer: Vec::new(),
            number: 0,
            left: limits.bytes,
            limits: *limits,
        })
    }

    /// The next line that is not blank.
    fn next_filled(&mut self) -> Result<Option<Line<'_>>, FileFault> {
        loop {
            if !self.fill()? {
                return Ok(None);
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let number = self.number;
        let ended = self.buffer.ends_with(b"\n");
        let text = std::str::from_utf8(&self.buffer).map_err(|fault| {
            // A letter without its last bytes at the very end of the file was cut off with it.
            if fault.error_len().is_none() && !ended {
                FileFault::Truncated { line: number }
            } else {
                FileFault::NotUtf8 { line: number }
            }
        })?;
        Ok(Some(Line {
            number,
            text: text.trim_start_matches('\u{feff}').trim(),
            ended,
        }))
    }

    /// Reads one line into the buffer; false at the end of the file.
    fn fill(&mut self) -> Result<bool, FileFault> {
        self.buffer.clear();
        self.number = self.number.saturating_add(1);
        let line = self.number;
        let most = self.limits.line_bytes;
        if line > self.limits.lines.saturating_add(1) {
            return Err(FileFault::TooManyLines {
                most: self.limits.lines,
            });
        }
        let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let read = self
            .input
            .by_ref()
            .take(bound)
            .read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => FileFault::Truncated { line },
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => FileFault::Corrupt { line },
            _ => FileFault::Read(cause),
        })?;
        let taken = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(taken).ok_or(FileFault::TooLarge {
            most: self.limits.bytes,
        })?;
        if self.buffer.len() > most && !self.buffer.ends_with(b"\n") {
            return Err(FileFault::LineTooLong { line, most });
        }
        Ok(read > 0)
    }
}

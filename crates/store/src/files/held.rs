//! Every file that something refers to.
//!
//! Of events, each text that has the form of a file's hash counts as a reference: one too many keeps a
//! file too long, one too few would lose it. Digests of other things are written in another form.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::FileHash;
use jiff::civil::DateTime;
use serde_json::Value;

use crate::backend::on;
use crate::dialect::Two;
use crate::time::from_millis;
use crate::{Position, Store, StoreError};

/// A file's hash, small: there may be millions.
type Digest = [u8; 32];

/// How a file is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    /// By drafts alone that were replaced, of dossiers that were closed at this time the latest.
    Replaced(i64),
    /// By something that stays.
    Stays,
}

/// The files that rows and events refer to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldFiles(BTreeMap<Digest, Held>);

impl HeldFiles {
    /// Every file that is referred to, by hash.
    pub fn iter(&self) -> impl Iterator<Item = FileHash> {
        self.0.keys().map(named)
    }

    /// Whether something refers to the file.
    pub fn holds(&self, file: &FileHash) -> bool {
        digest(file.as_str()).is_some_and(|digest| self.0.contains_key(&digest))
    }

    /// The columns that refer to files, besides events.
    pub fn columns() -> impl Iterator<Item = &'static str> {
        COLUMNS.into_iter().map(|(column, _)| column)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Drafts of results that another draft replaced, and nothing else refers to, of dossiers that were
    /// closed; with the time when the last of these was.
    pub fn replaced(&self) -> impl Iterator<Item = (FileHash, DateTime)> {
        self.0.iter().filter_map(|(digest, held)| match held {
            Held::Replaced(closed) => Some((named(digest), from_millis(*closed))),
            Held::Stays => None,
        })
    }

    fn add(&mut self, digest: Digest, held: Held) {
        let known = self.0.entry(digest).or_insert(held);
        *known = held.max(*known);
    }

    fn add_all(&mut self, files: Vec<Digest>, held: Held) {
        for file in files {
            self.add(file, held);
        }
    }
}

/// Columns that refer to files, besides events: each is read page by page.
const COLUMNS: [(&str, &str); 5] = [
    (
        "result_document.official_file",
        "SELECT DISTINCT official_file FROM result_document WHERE official_file > $1 \
         ORDER BY official_file LIMIT $2",
    ),
    (
        "slip.file",
        "SELECT file FROM slip WHERE file > $1 ORDER BY file LIMIT $2",
    ),
    (
        "register_volume.file",
        "SELECT file FROM register_volume WHERE file > $1 ORDER BY file LIMIT $2",
    ),
    (
        "signing_request_item.unfinished_file",
        "SELECT DISTINCT unfinished_file FROM signing_request_item WHERE unfinished_file > $1 \
         ORDER BY unfinished_file LIMIT $2",
    ),
    (
        "signing_request_item.piece_file",
        "SELECT DISTINCT piece_file FROM signing_request_item WHERE piece_file > $1 \
         ORDER BY piece_file LIMIT $2",
    ),
];
const EVENTS: &str = "
    SELECT stream, version, kind, body FROM event
    WHERE (stream, version) > ($1, $2) ORDER BY stream, version LIMIT $3";
/// The newest event before which none can appear any more.
const SETTLED: Two = Two {
    sqlite: "SELECT xact, position FROM event ORDER BY position DESC LIMIT 1",
    postgres: "SELECT xact, position FROM event \
         WHERE xact < (pg_snapshot_xmin(pg_current_snapshot())::text::bigint) \
         ORDER BY xact DESC, position DESC LIMIT 1",
};
/// Every event that is there by now, settled or not.
const SINCE: Two = Two {
    sqlite: "SELECT xact, position, body FROM event \
         WHERE xact >= $1 AND position > $2 ORDER BY position LIMIT $3",
    postgres: "SELECT xact, position, body FROM event \
         WHERE (xact, position) > ($1, $2) ORDER BY xact, position LIMIT $3",
};
const CLOSED: &str = "SELECT id, closed_at FROM dossier \
     WHERE closed_at IS NOT NULL AND id >= $1 AND id <= $2";
const PAGE: i64 = 2_000;
const DRAFTED: &str = "dossier.result_drafted.";

type EventRow = (String, i64, String, String);

impl Store {
    /// Collects every file that events, slips and registers refer to.
    pub async fn held_files(&self) -> Result<HeldFiles, StoreError> {
        let mut held = HeldFiles::default();
        for (column, sql) in COLUMNS {
            let mut last = String::new();
            loop {
                let page: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(sql)
                    .bind(&last)
                    .bind(PAGE)
                    .fetch_all(pool)
                    .await)?;
                for (file,) in &page {
                    let bad = || StoreError::inconsistent(column, file, "not a file's hash");
                    held.add(digest(file).ok_or_else(bad)?, Held::Stays);
                }
                match page.into_iter().next_back() {
                    Some((file,)) => last = file,
                    None => break,
                }
            }
        }
        self.held_by_events(&mut held).await?;
        Ok(held)
    }

    /// Where the log is now: no event that is read later stands before it.
    pub async fn settled(&self) -> Result<Position, StoreError> {
        let sql = SETTLED.on(&self.reads);
        let newest: Option<(i64, i64)> =
            on!(&self.reads, pool => sqlx::query_as(sql).fetch_optional(pool).await)?;
        Ok(newest.map_or(Position::START, |(xact, row)| Position::at(xact, row)))
    }

    /// Those of the files that something refers to by now: an event after that place of the log, or a
    /// row. What events before it refer to was collected before.
    pub async fn held_since(
        &self,
        since: Position,
        files: &[FileHash],
    ) -> Result<BTreeSet<FileHash>, StoreError> {
        let mut held = BTreeSet::new();
        for file in files {
            if self.is_held_by_row(file).await? {
                held.insert(file.clone());
            }
        }
        let (sql, mut at) = (SINCE.on(&self.reads), since.parts());
        loop {
            let page: Vec<(i64, i64, String)> = on!(&self.reads, pool => sqlx::query_as(sql)
                .bind(at.0)
                .bind(at.1)
                .bind(PAGE)
                .fetch_all(pool)
                .await)?;
            let Some((xact, row, _)) = page.last() else {
                return Ok(held);
            };
            at = (*xact, *row);
            for (_, row, body) in &page {
                let body: Value = serde_json::from_str(body)
                    .map_err(|why| StoreError::inconsistent("event", &row.to_string(), why))?;
                let mut named_there = Vec::new();
                gather(&body, &mut named_there);
                held.extend(named_there.iter().map(named));
            }
        }
    }

    /// The pages of a column begin after a text: the one that begins after all of a hash but its last
    /// digit begins with the hash, if it is there.
    async fn is_held_by_row(&self, file: &FileHash) -> Result<bool, StoreError> {
        let hash = file.as_str();
        let before = hash.get(..hash.len().saturating_sub(1)).unwrap_or_default();
        for (_, sql) in COLUMNS {
            let page: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(sql)
                .bind(before)
                .bind(1_i64)
                .fetch_all(pool)
                .await)?;
            if page.iter().any(|(found,)| found == hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn held_by_events(&self, held: &mut HeldFiles) -> Result<(), StoreError> {
        let (mut at, mut drafts) = ((String::new(), 0), Drafts::default());
        loop {
            let page: Vec<EventRow> = on!(&self.reads, pool => sqlx::query_as(EVENTS)
                .bind(&at.0)
                .bind(at.1)
                .bind(PAGE)
                .fetch_all(pool)
                .await)?;
            let (Some(first), Some(last)) = (page.first(), page.last()) else {
                break;
            };
            let next = (last.0.clone(), last.1);
            let closed = self.closed_between(&first.0, &last.0).await?;
            for (stream, version, kind, body) in page {
                if drafts.stream != stream {
                    drafts.settle(held);
                    drafts.closed = closed.get(&stream).copied();
                    drafts.stream = stream;
                }
                let body: Value = serde_json::from_str(&body).map_err(|why| {
                    let row = format!("{}/{version}", drafts.stream);
                    StoreError::inconsistent("event", &row, why)
                })?;
                let mut files = Vec::new();
                gather(&body, &mut files);
                if kind.starts_with(DRAFTED) {
                    drafts.add(files, held);
                } else {
                    held.add_all(files, Held::Stays);
                }
            }
            at = next;
        }
        drafts.settle(held);
        Ok(())
    }

    async fn closed_between(
        &self,
        first: &str,
        last: &str,
    ) -> Result<BTreeMap<String, i64>, StoreError> {
        let found: Vec<(String, i64)> = on!(&self.reads, pool => sqlx::query_as(CLOSED)
            .bind(first)
            .bind(last)
            .fetch_all(pool)
            .await)?;
        Ok(found.into_iter().collect())
    }
}

/// The drafts of one dossier's result: the last stays.
#[derive(Default)]
struct Drafts {
    stream: String,
    closed: Option<i64>,
    last: Vec<Digest>,
}

impl Drafts {
    fn add(&mut self, files: Vec<Digest>, held: &mut HeldFiles) {
        let how = self.closed.map_or(Held::Stays, Held::Replaced);
        held.add_all(std::mem::replace(&mut self.last, files), how);
    }

    fn settle(&mut self, held: &mut HeldFiles) {
        held.add_all(std::mem::take(&mut self.last), Held::Stays);
    }
}

/// Every text of the event that has the form of a file's hash.
fn gather(value: &Value, files: &mut Vec<Digest>) {
    match value {
        Value::String(text) => files.extend(digest(text)),
        Value::Array(values) => values.iter().for_each(|value| gather(value, files)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, files)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn digest(text: &str) -> Option<Digest> {
    FileHash::parse(text).ok()?;
    let mut digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).ok()?;
    Some(digest)
}

fn named(digest: &Digest) -> FileHash {
    FileHash::parse(&hex::encode(digest)).expect("a digest in hexadecimal is a file hash")
}

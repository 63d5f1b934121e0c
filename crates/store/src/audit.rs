//! The audit log: who did or read what, under which right. Lines are sealed into blocks, each with
//! the hash of the one before, so that a line changed afterwards is found.

use jiff::civil::DateTime;
use ring::digest::{Context, SHA256};

use crate::backend::{Engine, Tx, on, row};
use crate::rows::Cell;
use crate::store::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use crate::together::Together;

/// One line to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Who.
    pub actor: String,
    /// What was done or read: `dossier.received`, `party.read`.
    pub action: String,
    /// To what: the id of a dossier, a party, an account.
    pub subject: String,
    /// By which right and what for.
    pub purpose: String,
    /// The rest, without personal data.
    pub detail: String,
}

/// A line as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Order in the log.
    pub position: i64,
    /// When.
    pub at: DateTime,
    /// What.
    pub line: AuditLine,
}

row! {
    /// A row of the audit log.
    #[derive(Debug, Clone)]
    pub(crate) struct AuditRow {
        pub(crate) position: i64,
        at: i64,
        actor: String,
        action: String,
        subject: String,
        purpose: String,
        detail: String,
    }
}

row! {
    /// A row of the sealed blocks.
    #[derive(Debug, Clone)]
    pub(crate) struct BlockRow {
        pub(crate) number: i64,
        pub(crate) first_position: i64,
        pub(crate) last_position: i64,
        pub(crate) lines: i64,
        pub(crate) previous: String,
        pub(crate) hash: String,
    }
}

const HEAD: &str = "INSERT INTO audit (at, actor, action, subject, purpose, detail)";
const OF_SUBJECT: &str = "SELECT position, at, actor, action, subject, purpose, detail FROM audit \
     WHERE subject = $1 ORDER BY position";
const LAST_OF_SUBJECT: &str = "SELECT position, at, actor, action, subject, purpose, detail \
     FROM audit WHERE subject = $1 ORDER BY position DESC LIMIT $2";
pub(crate) const LINES: &str = "SELECT position, at, actor, action, subject, purpose, detail FROM audit \
     WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3";
pub(crate) const BLOCKS: &str = "SELECT number, first_position, last_position, lines, previous, \
     hash FROM audit_block WHERE number > $1 ORDER BY number LIMIT $2";
const LAST_BLOCK: &str = "SELECT number, first_position, last_position, lines, previous, hash \
     FROM audit_block ORDER BY number DESC LIMIT 1";
const INSERT_BLOCK: &str = "INSERT INTO audit_block \
     (number, first_position, last_position, lines, previous, hash, sealed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LAST_LINE: &str = "SELECT COALESCE(MAX(position), 0) FROM audit";

/// Lines read at a time while hashing.
const CHUNK: i64 = 2_000;
/// Lines of one block at most.
const BLOCK: i64 = 100_000;

/// A block's hash in the making.
pub(crate) struct Seal {
    context: Context,
    /// Lines taken in so far.
    pub(crate) lines: i64,
}

impl Seal {
    pub(crate) fn after(previous: &str) -> Self {
        let mut seal = Self {
            context: Context::new(&SHA256),
            lines: 0,
        };
        seal.field(previous);
        seal
    }

    fn field(&mut self, text: &str) {
        self.context.update(&text.len().to_be_bytes());
        self.context.update(text.as_bytes());
    }

    pub(crate) fn line(&mut self, row: &AuditRow) {
        self.context.update(&row.position.to_be_bytes());
        self.context.update(&row.at.to_be_bytes());
        for text in [
            &row.actor,
            &row.action,
            &row.subject,
            &row.purpose,
            &row.detail,
        ] {
            self.field(text);
        }
        self.lines = self.lines.saturating_add(1);
    }

    pub(crate) fn finish(self) -> String {
        hex::encode(self.context.finish())
    }
}

/// Writes lines with a write.
pub(crate) fn add(together: &mut Together, at: DateTime, lines: &[AuditLine]) {
    let row = |line: &AuditLine| {
        vec![
            Cell::Number(to_millis(at)),
            Cell::Text(line.actor.clone()),
            Cell::Text(line.action.clone()),
            Cell::Text(line.subject.clone()),
            Cell::Text(line.purpose.clone()),
            Cell::Text(line.detail.clone()),
        ]
    };
    together.add_rows(HEAD, lines.iter().map(row).collect());
}

/// Writes lines within a write.
pub(crate) async fn insert(
    tx: &mut Tx,
    at: DateTime,
    lines: &[AuditLine],
) -> Result<(), StoreError> {
    let mut together = Together::default();
    add(&mut together, at, lines);
    together.write(tx).await
}

impl Store {
    /// Writes audit lines that go with no other change: a read, a denial, a sign-in.
    pub async fn audit(&self, now: DateTime, lines: Vec<AuditLine>) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        self.write(move |tx| Box::pin(async move { insert(tx, now, &lines).await }))
            .await
    }

    /// The audit lines of a dossier, a party or an account, oldest first.
    pub async fn audited(&self, subject: &str) -> Result<Vec<Audited>, StoreError> {
        let rows: Vec<AuditRow> = on!(&self.reads, pool => {
            sqlx::query_as(OF_SUBJECT).bind(subject).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(AuditRow::read).collect())
    }

    /// The last lines of a subject, newest first.
    pub async fn last_audited(&self, subject: &str, most: u32) -> Result<Vec<Audited>, StoreError> {
        let rows: Vec<AuditRow> = on!(&self.reads, pool => sqlx::query_as(LAST_OF_SUBJECT)
            .bind(subject)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?;
        Ok(rows.into_iter().map(AuditRow::read).collect())
    }

    /// Seals the lines written since the last block into new blocks; returns how many lines.
    pub async fn seal_audit(&self, now: DateTime) -> Result<u64, StoreError> {
        let end = self.last_settled_line().await?;
        let mut sealed = 0_u64;
        while let Some(block) = self.next_block(end).await? {
            let lines = u64::try_from(block.lines).unwrap_or(0);
            match self.insert_block(block, now).await {
                Ok(()) => sealed = sealed.saturating_add(lines),
                // Another job sealed the same lines meanwhile.
                Err(cause) if cause.is_clash() => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(sealed)
    }

    /// The last line before which no running transaction can still write one. On PostgreSQL a
    /// share lock waits for the writers under way; it is held for no longer than one look-up.
    async fn last_settled_line(&self) -> Result<i64, StoreError> {
        self.write(|tx| {
            Box::pin(async move {
                if let Engine::Postgres(c) = tx {
                    sqlx::query("SET LOCAL lock_timeout = '500ms'")
                        .execute(&mut **c)
                        .await?;
                    sqlx::query("LOCK TABLE audit IN SHARE MODE")
                        .execute(&mut **c)
                        .await?;
                }
                let last: (i64,) =
                    on!(tx, c => sqlx::query_as(LAST_LINE).fetch_one(&mut **c).await)?;
                Ok(last.0)
            })
        })
        .await
    }

    async fn next_block(&self, end: i64) -> Result<Option<BlockRow>, StoreError> {
        let last: Option<BlockRow> = on!(&self.reads, pool => {
            sqlx::query_as(LAST_BLOCK).fetch_optional(pool).await
        })?;
        let (number, start, previous) = last.map_or((0, 0, String::new()), |b| {
            (b.number, b.last_position, b.hash)
        });
        let mut seal = Seal::after(&previous);
        let (mut first, mut at) = (None, start);
        while seal.lines < BLOCK {
            let rows = self.audit_lines(at, end).await?;
            let Some(last) = rows.last() else { break };
            at = last.position;
            first = first.or(rows.first().map(|row| row.position));
            for row in &rows {
                seal.line(row);
            }
        }
        let lines = seal.lines;
        Ok(first.map(|first_position| BlockRow {
            number: number.saturating_add(1),
            first_position,
            last_position: at,
            lines,
            previous,
            hash: seal.finish(),
        }))
    }

    /// Lines after `start` up to `end`, some at a time.
    pub(crate) async fn audit_lines(
        &self,
        start: i64,
        end: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        Ok(on!(&self.reads, pool => {
            sqlx::query_as(LINES).bind(start).bind(end).bind(CHUNK).fetch_all(pool).await
        })?)
    }

    /// Two jobs that seal at once clash on the block's number: one block is written.
    async fn insert_block(&self, block: BlockRow, now: DateTime) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => {
                    sqlx::query(INSERT_BLOCK)
                        .bind(block.number)
                        .bind(block.first_position)
                        .bind(block.last_position)
                        .bind(block.lines)
                        .bind(&block.previous)
                        .bind(&block.hash)
                        .bind(to_millis(now))
                        .execute(&mut **c)
                        .await
                        .map(drop)
                })?;
                Ok(())
            })
        })
        .await
    }
}

impl AuditRow {
    fn read(self) -> Audited {
        let (actor, action, subject) = (self.actor, self.action, self.subject);
        let line = AuditLine {
            actor,
            action,
            subject,
            purpose: self.purpose,
            detail: self.detail,
        };
        Audited {
            position: self.position,
            at: from_millis(self.at),
            line,
        }
    }
}

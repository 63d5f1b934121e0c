//! Which stored files rows and events refer to, and what remains of those that were removed.

mod held;

pub use held::HeldFiles;

use domain::ids::FileHash;
use jiff::civil::DateTime;

use crate::audit;
use crate::backend::{on, row};
use crate::dialect::Two;
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{AuditLine, Store, StoreError};

/// A file that was removed, or is about to be. The record stays for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDeletion {
    /// Hash of its content.
    pub file: FileHash,
    /// The stored object.
    pub object: String,
    /// Size of its content in bytes.
    pub bytes: u64,
    /// What kind of file it was.
    pub kind: String,
    /// The retention rule with its citation.
    pub rule: String,
    /// Who had it removed.
    pub decided_by: String,
    /// When that was decided.
    pub decided_at: DateTime,
    /// When it was gone; none while it is being removed.
    pub deleted_at: Option<DateTime>,
}

/// What is known of a file's removals, whatever clocks said when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removals {
    /// One was begun and has not ended.
    pub under_way: bool,
    /// How many ended.
    pub ended: i64,
}

row! {
    struct Row {
        file: String,
        object: String,
        bytes: i64,
        kind: String,
        rule: String,
        decided_by: String,
        decided_at: i64,
        deleted_at: Option<i64>,
    }
}

impl Row {
    fn read(self) -> Result<FileDeletion, StoreError> {
        let bad = |why| StoreError::inconsistent("file_deletion", &self.file, why);
        Ok(FileDeletion {
            bytes: u64::try_from(self.bytes).map_err(bad)?,
            file: rows::typed("file_deletion.file", &self.file)?,
            object: self.object,
            kind: self.kind,
            rule: self.rule,
            decided_by: self.decided_by,
            decided_at: from_millis(self.decided_at),
            deleted_at: self.deleted_at.map(from_millis),
        })
    }
}

const BEGIN: &str = "
    INSERT INTO file_deletion (file, object, bytes, kind, rule, decided_by, decided_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FINISH: &str = "UPDATE file_deletion SET deleted_at = $3 \
     WHERE file = $1 AND decided_at = $2 AND deleted_at IS NULL";
const FORGET: &str = "DELETE FROM validation WHERE file = $1";
const TAKE_BACK: &str =
    "DELETE FROM file_deletion WHERE file = $1 AND decided_at = $2 AND deleted_at IS NULL";
const LAST: &str = "
    SELECT file, object, bytes, kind, rule, decided_by, decided_at, deleted_at FROM file_deletion
    WHERE file = $1 ORDER BY decided_at DESC LIMIT 1";
const COUNTED: &str = "
    SELECT COUNT(*), COUNT(deleted_at) FROM file_deletion WHERE file = $1";
/// What the clock of the database's machine says: whoever looks after files goes by one clock.
const NOW: Two = Two {
    sqlite: "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    postgres: "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
};
const UNDER_WAY: &str = "
    SELECT file, object, bytes, kind, rule, decided_by, decided_at, deleted_at FROM file_deletion
    WHERE deleted_at IS NULL ORDER BY decided_at, file";
const TAKE_TURN: &str = "
    INSERT INTO file_turn (id, holder, until) VALUES (1, $1, $2)
    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE file_turn.holder = excluded.holder OR file_turn.until <= $3";
const END_TURN: &str = "DELETE FROM file_turn WHERE holder = $1";

impl Store {
    /// Records that a file is about to be removed; whoever stores it meanwhile stores it anew.
    pub async fn begin_file_deletion(&self, deletion: FileDeletion) -> Result<(), StoreError> {
        let bytes = i64::try_from(deletion.bytes).unwrap_or(i64::MAX);
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(BEGIN)
                    .bind(deletion.file.as_str())
                    .bind(&deletion.object)
                    .bind(bytes)
                    .bind(&deletion.kind)
                    .bind(&deletion.rule)
                    .bind(&deletion.decided_by)
                    .bind(to_millis(deletion.decided_at))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Records that the file is gone, with a line of the audit log; the second time nothing.
    pub async fn finish_file_deletion(
        &self,
        deletion: &FileDeletion,
        at: DateTime,
        line: AuditLine,
    ) -> Result<(), StoreError> {
        let (file, decided) = (deletion.file.clone(), to_millis(deletion.decided_at));
        self.write(move |tx| {
            Box::pin(async move {
                let ended = on!(tx, c => sqlx::query(FINISH)
                    .bind(file.as_str())
                    .bind(decided)
                    .bind(to_millis(at))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if ended == 0 {
                    return Ok(());
                }
                // What was found in it names its signers: it goes with it.
                on!(tx, c => sqlx::query(FORGET)
                    .bind(file.as_str())
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                audit::insert(tx, at, &[line]).await
            })
        })
        .await
    }

    /// Forgets a removal that was not carried out.
    pub async fn take_back_file_deletion(&self, deletion: &FileDeletion) -> Result<(), StoreError> {
        let (file, decided) = (deletion.file.clone(), to_millis(deletion.decided_at));
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(TAKE_BACK)
                    .bind(file.as_str())
                    .bind(decided)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// How many removals of a file there were, and whether one is under way.
    pub async fn file_removals(&self, file: &FileHash) -> Result<Removals, StoreError> {
        let (begun, ended): (i64, i64) = on!(&self.reads, pool => sqlx::query_as(COUNTED)
            .bind(file.as_str())
            .fetch_one(pool)
            .await)?;
        let under_way = begun > ended;
        Ok(Removals { under_way, ended })
    }

    /// What time it is for the database, local time of Viet Nam.
    pub async fn clock(&self) -> Result<DateTime, StoreError> {
        let sql = NOW.on(&self.reads);
        let (now,): (i64,) = on!(&self.reads, pool => sqlx::query_as(sql).fetch_one(pool).await)?;
        Ok(from_millis(now))
    }

    /// The last removal of a file.
    pub async fn file_deletion(&self, file: &FileHash) -> Result<Option<FileDeletion>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(LAST)
            .bind(file.as_str())
            .fetch_optional(pool)
            .await)?;
        found.map(Row::read).transpose()
    }

    /// Removals that were begun and not ended, the oldest first.
    pub async fn file_deletions_under_way(&self) -> Result<Vec<FileDeletion>, StoreError> {
        let found: Vec<Row> =
            on!(&self.reads, pool => sqlx::query_as(UNDER_WAY).fetch_all(pool).await)?;
        found.into_iter().map(Row::read).collect()
    }

    /// Takes or keeps the turn to rewrite or remove files until a time; false while another has it.
    pub async fn take_files_turn(
        &self,
        holder: &str,
        (now, until): (DateTime, DateTime),
    ) -> Result<bool, StoreError> {
        let holder = holder.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let taken = on!(tx, c => sqlx::query(TAKE_TURN)
                    .bind(&holder)
                    .bind(to_millis(until))
                    .bind(to_millis(now))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(taken > 0)
            })
        })
        .await
    }

    /// Gives the turn back.
    pub async fn end_files_turn(&self, holder: &str) -> Result<(), StoreError> {
        let holder = holder.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(END_TURN)
                    .bind(&holder)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }
}

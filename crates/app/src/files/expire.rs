//! Removes files under retention rules. A record of each removal stays.

use std::collections::BTreeSet;

use domain::ids::FileHash;
use domain::retention::{FileKind, Retention};
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{AuditLine, FileDeletion, HeldFiles, Position};

use super::{Keeping, Turn};
use crate::no::No;
use crate::ports::{Condition, Kept, PortError};

/// A file whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// Hash of its content.
    pub file: FileHash,
    /// The stored object.
    pub object: String,
    /// Size of its content in bytes.
    pub bytes: u64,
    /// The rule.
    pub rule: &'static Retention,
}

/// What was removed, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expired {
    /// Files whose time is over.
    pub files: Vec<Expiring>,
    /// How many were removed.
    pub removed: u64,
    /// Objects that nothing refers to and that do not open: a person must look.
    pub unopened: Vec<String>,
    /// Beginnings of files that were never stored whole, by name.
    pub unfinished: Vec<String>,
}

/// Whether to remove anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How<'a> {
    /// Only say what would be removed.
    DryRun,
    /// Remove it, in the name of this person.
    By(&'a str),
}

/// Removals that are decided together, before is asked what refers to them by now.
const BATCH: usize = 500;

/// What refers to files, and since when that is known.
struct Known {
    held: HeldFiles,
    /// Those of them that may go all the same.
    replaced: BTreeSet<FileHash>,
    /// Where the log was before they were collected.
    since: Position,
}

/// Removes the files whose time is over, `by` somebody; or only lists them.
///
/// # Errors
/// [`No::Broken`] when another command works on the files, or the database or the store of files
/// cannot be asked: run again, it goes on.
pub async fn expire(keeping: &Keeping, how: How<'_>) -> Result<Expired, No> {
    let turn = Turn::take(keeping).await?;
    let known = known(keeping).await?;
    let mut expired = Expired::default();
    if let How::By(by) = how {
        let begun = keeping.store.file_deletions_under_way().await?;
        expired.removed = carry_out(keeping, (&turn, &known), begun, by).await?;
    }
    let now = keeping.store.clock().await?;
    replaced(keeping, &known.held, now, &mut expired).await?;
    unreferenced(keeping, &known.held, now, (&turn, &mut expired)).await?;
    unfinished(keeping, now, (&turn, &mut expired)).await?;
    if let How::By(by) = how {
        for batch in expired.files.chunks(BATCH) {
            turn.insist()?;
            let decided = decide(keeping, batch, by).await?;
            let removed = carry_out(keeping, (&turn, &known), decided, by).await?;
            expired.removed = expired.removed.saturating_add(removed);
        }
        clear(keeping, (&turn, &expired.unfinished), (now, by)).await?;
    }
    turn.end().await?;
    Ok(expired)
}

async fn known(keeping: &Keeping) -> Result<Known, No> {
    let since = keeping.store.settled().await?;
    let held = keeping.store.held_files().await?;
    let replaced = held.replaced().map(|(file, _)| file).collect();
    Ok(Known {
        held,
        replaced,
        since,
    })
}

impl Known {
    /// Those of the files that are needed now.
    async fn needed(
        &self,
        keeping: &Keeping,
        files: &[FileHash],
    ) -> Result<BTreeSet<FileHash>, No> {
        let mut needed = keeping.store.held_since(self.since, files).await?;
        let stays = |file: &&FileHash| self.held.holds(file) && !self.replaced.contains(*file);
        needed.extend(files.iter().filter(stays).cloned());
        Ok(needed)
    }
}

async fn replaced(
    keeping: &Keeping,
    held: &HeldFiles,
    now: DateTime,
    expired: &mut Expired,
) -> Result<(), No> {
    let Some(rule) = Retention::of(FileKind::ReplacedDraft, now.date()) else {
        return Ok(());
    };
    for (file, closed) in held.replaced() {
        if rule.is_over(closed, now) {
            let object = keeping.files.object(&file);
            if keeping.files.kept(&object).await?.is_some() {
                note(keeping, object, rule, expired).await?;
            }
        }
    }
    Ok(())
}

async fn unreferenced(
    keeping: &Keeping,
    held: &HeldFiles,
    now: DateTime,
    (turn, expired): (&Turn, &mut Expired),
) -> Result<(), No> {
    let Some(rule) = Retention::of(FileKind::Unreferenced, now.date()) else {
        return Ok(());
    };
    let names: BTreeSet<String> = held
        .iter()
        .map(|file| keeping.files.object(&file))
        .collect();
    for shard in 0..=u8::MAX {
        turn.insist()?;
        for Kept { object, at, .. } in keeping.files.shard(shard).await? {
            if rule.is_over(at, now) && !names.contains(&object) {
                note(keeping, object, rule, expired).await?;
            }
        }
    }
    Ok(())
}

async fn unfinished(
    keeping: &Keeping,
    now: DateTime,
    (turn, expired): (&Turn, &mut Expired),
) -> Result<(), No> {
    let Some(rule) = Retention::of(FileKind::Unfinished, now.date()) else {
        return Ok(());
    };
    for shard in 0..=u8::MAX {
        turn.insist()?;
        for Kept { object, at, .. } in keeping.files.unfinished(shard).await? {
            if rule.is_over(at, now) {
                expired.unfinished.push(object);
            }
        }
    }
    Ok(())
}

/// Removes beginnings of files. There is no file of which a record could stay.
async fn clear(
    keeping: &Keeping,
    (turn, names): (&Turn, &[String]),
    (now, by): (DateTime, &str),
) -> Result<(), No> {
    let rule = Retention::of(FileKind::Unfinished, now.date());
    for name in names {
        turn.insist()?;
        keeping.files.remove_unfinished(name).await?;
        let line = AuditLine {
            actor: by.to_owned(),
            action: "file.unfinished_removed".to_owned(),
            subject: name.clone(),
            purpose: String::new(),
            detail: rule.map_or_else(String::new, Retention::line),
        };
        keeping.store.audit(now, vec![line]).await?;
    }
    Ok(())
}

async fn note(
    keeping: &Keeping,
    object: String,
    rule: &'static Retention,
    expired: &mut Expired,
) -> Result<(), No> {
    let condition = match keeping.files.condition(&object).await {
        Err(PortError::Fail(_)) => Condition::Altered,
        told => told?,
    };
    match condition {
        Condition::Whole { file, bytes } => expired.files.push(Expiring {
            file,
            object,
            bytes,
            rule,
        }),
        Condition::Altered => expired.unopened.push(object),
        Condition::Missing => {}
    }
    Ok(())
}

async fn decide(keeping: &Keeping, files: &[Expiring], by: &str) -> Result<Vec<FileDeletion>, No> {
    let decided_at = keeping.store.clock().await?;
    let mut decided = Vec::new();
    for one in files {
        let deletion = FileDeletion {
            file: one.file.clone(),
            object: one.object.clone(),
            bytes: one.bytes,
            kind: one.rule.kind.as_str().to_owned(),
            rule: one.rule.line(),
            decided_by: by.to_owned(),
            decided_at,
            deleted_at: None,
        };
        keeping.store.begin_file_deletion(deletion.clone()).await?;
        decided.push(deletion);
    }
    Ok(decided)
}

/// Carries out what was decided, unless something refers to the file by now or it was stored anew.
async fn carry_out(
    keeping: &Keeping,
    (turn, known): (&Turn, &Known),
    decided: Vec<FileDeletion>,
    by: &str,
) -> Result<u64, No> {
    let files: Vec<FileHash> = decided.iter().map(|one| one.file.clone()).collect();
    let needed = known.needed(keeping, &files).await?;
    let mut removed = 0_u64;
    for deletion in decided {
        turn.insist()?;
        store::faults::reach("in_expiry").await?;
        let kept = keeping.files.kept(&deletion.object).await?;
        // Clocks differ, and who stored it meanwhile may not yet have said what for.
        let lately = deletion.decided_at.saturating_sub(1.day());
        let anew = kept.is_some_and(|kept| kept.at >= lately);
        if anew || needed.contains(&deletion.file) {
            keeping.store.take_back_file_deletion(&deletion).await?;
            continue;
        }
        keeping.files.remove(&deletion.object).await?;
        store::faults::reach("in_expiry").await?;
        let now = keeping.store.clock().await?;
        let line = AuditLine {
            actor: by.to_owned(),
            action: "file.deleted".to_owned(),
            subject: deletion.file.to_string(),
            purpose: String::new(),
            detail: deletion.rule.clone(),
        };
        let finished = keeping.store.finish_file_deletion(&deletion, now, line);
        finished.await?;
        removed = removed.saturating_add(1);
    }
    Ok(removed)
}

//! Whether every file that something refers to is there and whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::ids::FileHash;
use jiff::ToSpan as _;
use tokio::task::JoinSet;

use super::{AT_ONCE, Keeping};
use crate::no::No;
use crate::ports::{Condition, FileKeeping, PortError};

/// What a check of the files found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilesReport {
    /// Files that something refers to.
    pub files: u64,
    /// Those of them that are not there, and no record says that they were removed.
    pub missing: Vec<FileHash>,
    /// Those of them that are not what was stored.
    pub altered: Vec<FileHash>,
    /// Those of them that cannot be opened, and why: a key that nobody has, or a header that was altered.
    pub unopened: Vec<(FileHash, String)>,
    /// Those of them that were removed under a retention rule.
    pub removed: u64,
    /// Objects older than a day that nothing refers to.
    pub orphans: u64,
    /// Beginnings of files older than a day whose upload never ended.
    pub unfinished: u64,
}

impl FilesReport {
    /// How many are missing, altered or do not open.
    pub fn faults(&self) -> usize {
        let known = self.missing.len().saturating_add(self.altered.len());
        known.saturating_add(self.unopened.len())
    }
}

type Looked = (FileHash, Result<Condition, PortError>);

/// Reads every file that events, slips or registers refer to, and counts what nothing refers to. May
/// run while the system works.
///
/// # Errors
/// [`No::Broken`] when the database or the store of files cannot be asked.
pub async fn check(keeping: &Keeping) -> Result<FilesReport, No> {
    let held = keeping.store.held_files().await?;
    let mut report = FilesReport::default();
    let mut names = BTreeSet::new();
    let mut looking: JoinSet<Looked> = JoinSet::new();
    for file in held.iter() {
        report.files = report.files.saturating_add(1);
        let object = keeping.files.object(&file);
        if looking.len() >= AT_ONCE
            && let Some(looked) = looking.join_next().await
        {
            note(keeping, &mut report, looked.map_err(joined)?).await?;
        }
        looking.spawn(look(Arc::clone(&keeping.files), file, object.clone()));
        names.insert(object);
    }
    while let Some(looked) = looking.join_next().await {
        note(keeping, &mut report, looked.map_err(joined)?).await?;
    }
    report.missing.sort();
    report.altered.sort();
    report.unopened.sort();
    (report.orphans, report.unfinished) = left_over(keeping, &names).await?;
    Ok(report)
}

async fn look(files: Arc<dyn FileKeeping>, file: FileHash, object: String) -> Looked {
    let condition = files.condition(&object).await;
    (file, condition)
}

async fn note(keeping: &Keeping, report: &mut FilesReport, looked: Looked) -> Result<(), No> {
    let (file, condition) = looked;
    let condition = match condition {
        // One that never opens is named, and what lies behind it is read.
        Err(PortError::Fail(why)) => {
            report.unopened.push((file, why));
            return Ok(());
        }
        told => told?,
    };
    match condition {
        Condition::Whole { file: is, .. } if is == file => {}
        Condition::Whole { .. } | Condition::Altered => report.altered.push(file),
        Condition::Missing => {
            let removal = keeping.store.file_deletion(&file).await?;
            if removal.is_some_and(|removal| removal.deleted_at.is_some()) {
                report.removed = report.removed.saturating_add(1);
            } else {
                report.missing.push(file);
            }
        }
    }
    Ok(())
}

/// What was begun today may still be referred to.
async fn left_over(keeping: &Keeping, names: &BTreeSet<String>) -> Result<(u64, u64), No> {
    let young = keeping.store.clock().await?.saturating_sub(1.day());
    let (mut orphans, mut unfinished) = (0_u64, 0_u64);
    for shard in 0..=u8::MAX {
        for kept in keeping.files.shard(shard).await? {
            if kept.at < young && !names.contains(&kept.object) {
                orphans = orphans.saturating_add(1);
            }
        }
        let begun = keeping.files.unfinished(shard).await?;
        let old = begun.iter().filter(|begun| begun.at < young).count();
        unfinished = unfinished.saturating_add(old as u64);
    }
    Ok((orphans, unfinished))
}

pub(super) fn joined(cause: tokio::task::JoinError) -> No {
    No::Broken(Box::new(cause))
}

//! Puts everything that is sealed under the newest master key: the data keys of files, and personal
//! data. Each object and each row is replaced in one step and says itself under which key it is, so a
//! rotation that died is simply run again.

use std::sync::Arc;

use store::SealedColumn;
use tokio::task::JoinSet;

use super::check::joined;
use super::{AT_ONCE, Keeping, Turn};
use crate::no::No;
use crate::ports::{FileKeeping, PortError};

/// What a rotation has done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Objects looked at.
    pub objects: u64,
    /// Those of them that were put under the newest key.
    pub rewrapped: u64,
    /// Those of them that could not be, with the reason.
    pub failed: Vec<(String, String)>,
    /// Rows of personal data looked at.
    pub rows: u64,
    /// Those of them that were put under the newest key.
    pub resealed: u64,
}

/// Rows that one transaction replaces.
const ROWS: u32 = 200;
/// Objects between two renewals of the turn.
const OBJECTS: usize = 64;

type Done = (String, Result<bool, PortError>);

/// Puts everything under the newest master key, and says now and then how far it has come.
///
/// # Errors
/// [`No::Broken`] when another command works on the files, or the database or the store of files
/// cannot be asked: run again, it goes on.
pub async fn rotate(
    keeping: &Keeping,
    mut progress: impl FnMut(&Rotated) + Send,
) -> Result<Rotated, No> {
    let turn = Turn::take(keeping).await?;
    let mut rotated = Rotated::default();
    for column in SealedColumn::ALL {
        reseal(keeping, column, &mut rotated).await?;
    }
    progress(&rotated);
    for shard in 0..=u8::MAX {
        let objects = keeping.files.shard(shard).await?;
        for batch in objects.chunks(OBJECTS) {
            turn.insist()?;
            let names = batch.iter().map(|kept| kept.object.clone());
            rewrap(keeping, names.collect(), &mut rotated).await?;
            progress(&rotated);
        }
    }
    turn.end().await?;
    Ok(rotated)
}

/// Whether nothing is left under another key than the newest: neither rows nor objects, nor orders that
/// wait in the outbox and may hold a sealed reason.
///
/// # Errors
/// [`No::Broken`].
pub async fn is_rotated(keeping: &Keeping) -> Result<bool, No> {
    let waiting = keeping.store.messages_left().await?;
    let rotated = rotate(keeping, |_| ()).await?;
    let stuck = keeping.store.stuck().await?;
    Ok(rotated.failed.is_empty() && waiting == 0 && stuck.is_empty())
}

async fn rewrap(keeping: &Keeping, names: Vec<String>, rotated: &mut Rotated) -> Result<(), No> {
    let mut working: JoinSet<Done> = JoinSet::new();
    for name in names {
        if working.len() >= AT_ONCE
            && let Some(done) = working.join_next().await
        {
            count(rotated, done.map_err(joined)?)?;
        }
        store::faults::reach("in_rotation").await?;
        working.spawn(one(Arc::clone(&keeping.files), name));
    }
    while let Some(done) = working.join_next().await {
        count(rotated, done.map_err(joined)?)?;
    }
    Ok(())
}

async fn one(files: Arc<dyn FileKeeping>, name: String) -> Done {
    let done = files.rewrap(&name).await;
    (name, done)
}

/// An object that cannot be opened is named and left as it is; what may work later ends the rotation.
fn count(rotated: &mut Rotated, (name, done): Done) -> Result<(), No> {
    rotated.objects = rotated.objects.saturating_add(1);
    match done {
        Ok(anew) => rotated.rewrapped = rotated.rewrapped.saturating_add(u64::from(anew)),
        Err(PortError::Fail(why)) => rotated.failed.push((name, why)),
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

async fn reseal(keeping: &Keeping, column: SealedColumn, rotated: &mut Rotated) -> Result<(), No> {
    let mut last = String::new();
    loop {
        let page = keeping.store.sealed_rows(column, &last, ROWS).await?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        last.clone_from(&end.key);
        rotated.rows = rotated.rows.saturating_add(page.len() as u64);
        let mut anew = Vec::new();
        for row in page {
            let sealed = keeping.keys.reseal(&about(column, &row.key), &row.sealed);
            match sealed {
                Ok(Some(sealed)) => anew.push((row, sealed)),
                Ok(None) => {}
                Err(why) => {
                    let name = format!("{} {}", column.name(), row.key);
                    rotated.failed.push((name, why.to_string()));
                }
            }
        }
        store::faults::reach("in_rotation_of_rows").await?;
        let replaced = keeping.store.replace_sealed(column, anew).await?;
        rotated.resealed = rotated.resealed.saturating_add(replaced);
    }
}

/// What the rows of a column are sealed for, as those who seal them say it.
fn about(column: SealedColumn, key: &str) -> String {
    let kind = match column {
        SealedColumn::Party => "party",
        SealedColumn::Text => "text",
        SealedColumn::Totp => "totp",
        SealedColumn::Draft => "draft",
        SealedColumn::DraftLabel => "draft-label",
        SealedColumn::ActDraft => "act",
        SealedColumn::Certificate => "certificate",
        SealedColumn::Validation => "validation",
    };
    format!("{kind}:{key}")
}

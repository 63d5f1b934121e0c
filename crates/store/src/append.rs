//! The one write of a dossier: its events, the rows derived from them, messages, audit lines and
//! the records they refer to, in one transaction and in as few statements as that takes.

use std::sync::Arc;

use domain::dossier::{Dossier, Event, Refusal};
use domain::ids::{DossierCode, DossierId};
use domain::process::Process;
use jiff::civil::DateTime;
use sqlx::{Pool, Postgres};

use crate::audit::{self, AuditLine};
use crate::backend::{Engine, Tx, on};
use crate::fold::{self, fold_events};
use crate::load::Loaded;
use crate::once::OnceKey;
use crate::outbox::{self, NewMessage};
use crate::parties::{self, PartyRow};
use crate::register;
use crate::store::{Failure, Store, StoreError};
use crate::texts::{self, NewText};
use crate::time::from_millis;
use crate::together::Together;
use crate::views::course::Course;
use crate::views::{DossierRow, Names, WorkRow, work};
use crate::{faults, numbers};

/// Makes the events of a command that needs a number, inside the write that draws it; called again
/// when the write is run again.
pub type MakeEvents = Box<dyn Fn(u32) -> Result<Vec<Event>, Refusal> + Send + Sync>;

/// Events to append.
pub enum NewEvents {
    /// They are decided.
    Ready(Vec<Event>),
    /// They carry the next number of a sequence; a refusal gives the number back.
    Numbered {
        /// The sequence's name.
        sequence: String,
        /// Decides with the number.
        make: MakeEvents,
    },
}

/// Everything that one decision changes.
pub struct Batch {
    /// Of which dossier.
    pub dossier: DossierId,
    /// The version that was seen; 0 for a new dossier.
    pub expected: u32,
    /// Hash of the last event seen ([`Loaded::head`]); empty for a new dossier.
    pub head: String,
    /// The state that was seen.
    pub before: Dossier,
    /// What happened.
    pub events: NewEvents,
    /// Who did it.
    pub actor: String,
    /// For whom, when somebody absent was stood in for.
    pub behalf: Option<String>,
    /// When.
    pub now: DateTime,
    /// What is to be done outside because of it.
    pub messages: Vec<NewMessage>,
    /// Lines for the audit log.
    pub audit: Vec<AuditLine>,
    /// The one-time key of the request.
    pub once: Option<OnceKey>,
    /// Free texts that the events refer to.
    pub texts: Vec<NewText>,
    /// Records of persons, new or corrected.
    pub parties: Vec<PartyRow>,
    /// The draft that this files; it must be there.
    pub drop_draft: Option<String>,
    /// What lists show of it; needed with the first event.
    pub names: Option<Names>,
    /// The process that the dossier runs under.
    pub process: Arc<Process>,
}

impl Batch {
    /// Whether it is written without a look at what is there.
    fn is_alone(&self) -> bool {
        matches!(self.events, NewEvents::Ready(_))
            && self.parties.is_empty()
            && self.drop_draft.is_none()
    }
}

/// What an append wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The dossier.
    pub dossier: DossierId,
    /// Its version afterwards.
    pub version: u32,
    /// Its number, when it has one.
    pub code: Option<DossierCode>,
}

impl Appended {
    pub(crate) fn of(after: Loaded) -> Self {
        let record = after.dossier.record();
        Self {
            code: record.and_then(|record| record.code.clone()),
            version: after.version,
            dossier: after.id,
        }
    }
}

/// Who was faster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// The kind of the last event.
    pub kind: String,
}

/// Why nothing was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Somebody else changed the dossier since it was seen.
    #[error("the dossier was changed meanwhile")]
    Stale(Meanwhile),
    /// The request was carried out before; this is what it did then.
    #[error("the request was carried out before")]
    Repeated(Appended),
    /// The law refuses.
    #[error("refused by rule {}", .0.rule())]
    Refused(Refusal),
    /// The draft that this files was filed or thrown away meanwhile.
    #[error("the draft is gone")]
    DraftGone,
    /// The record of a person that this corrects was corrected meanwhile.
    #[error("the record of a person was changed meanwhile")]
    PartyChanged,
    /// The machine failed.
    #[error(transparent)]
    Broken(#[from] StoreError),
}

impl Failure for AppendError {
    fn of_store(&self) -> Option<&StoreError> {
        match self {
            Self::Broken(cause) => Some(cause),
            Self::Stale(_)
            | Self::Repeated(_)
            | Self::Refused(_)
            | Self::DraftGone
            | Self::PartyChanged => None,
        }
    }
}

const LAST: &str = "SELECT version, actor, at, kind FROM event WHERE stream = $1 \
     ORDER BY version DESC LIMIT 1";
const DROP_DRAFT: &str = "DELETE FROM draft WHERE id = $1";

impl Store {
    /// Writes what one decision changes, or nothing.
    pub async fn append(&self, batch: Batch) -> Result<Appended, AppendError> {
        let (dossier, expected, once) = (batch.dossier.clone(), batch.expected, batch.once.clone());
        let alone = match &self.reads {
            Engine::Postgres(pool) if batch.is_alone() => Some(apply_alone(pool, &batch).await),
            Engine::Postgres(_) | Engine::Sqlite(_) => None,
        };
        let done = match alone {
            Some(Err(AppendError::Broken(cause))) if cause.is_undone() => {
                self.append_in_transaction(batch).await
            }
            Some(done) => done,
            None => self.append_in_transaction(batch).await,
        };
        match done {
            Err(AppendError::Broken(cause)) if cause.is_clash() => Err(self
                .why_clashed(&dossier, expected, once.as_ref(), cause)
                .await),
            done => done,
        }
    }

    async fn append_in_transaction(&self, batch: Batch) -> Result<Appended, AppendError> {
        let batch = Arc::new(batch);
        self.write_again_when_undone(move |tx| {
            let batch = Arc::clone(&batch);
            Box::pin(async move { apply(tx, &batch).await })
        })
        .await
    }

    /// A key that is there already: the same request came twice, or somebody was faster.
    async fn why_clashed(
        &self,
        dossier: &DossierId,
        expected: u32,
        once: Option<&OnceKey>,
        cause: StoreError,
    ) -> AppendError {
        match self.clash(dossier, expected, once).await {
            Ok(Some(answer)) => answer,
            Ok(None) => cause.into(),
            Err(broken) => broken.into(),
        }
    }

    pub(crate) async fn clash(
        &self,
        dossier: &DossierId,
        expected: u32,
        once: Option<&OnceKey>,
    ) -> Result<Option<AppendError>, StoreError> {
        if let Some(key) = once
            && let Some(first) = self.answered(key).await?
        {
            return Ok(Some(AppendError::Repeated(first)));
        }
        let last: Option<(i64, String, i64, String)> = on!(&self.reads, pool => {
            sqlx::query_as(LAST).bind(dossier.as_str()).fetch_optional(pool).await
        })?;
        Ok(last
            .filter(|last| last.0 != i64::from(expected))
            .map(|(_, by, at, kind)| {
                AppendError::Stale(Meanwhile {
                    by,
                    at: from_millis(at),
                    kind,
                })
            }))
    }
}

pub(crate) async fn apply(tx: &mut Tx, batch: &Batch) -> Result<Appended, AppendError> {
    let events = match &batch.events {
        NewEvents::Ready(events) => events.clone(),
        NewEvents::Numbered { sequence, make } => {
            let number = numbers::draw(tx, sequence).await?;
            make(number).map_err(AppendError::Refused)?
        }
    };
    let (after, rows) = rows_of(batch, events)?;
    rows.write(tx).await?;
    faults::reach("after_rows").await?;
    parties::save_each(tx, &batch.parties).await?;
    // After the events: there a request that came twice clashes, whose first time took the draft.
    if let Some(draft) = &batch.drop_draft {
        drop_draft(tx, draft).await?;
    }
    Ok(Appended::of(after))
}

/// Writes a batch that needs no look at what is there: one statement, hence one way to the server
/// where a transaction takes four.
async fn apply_alone(pool: &Pool<Postgres>, batch: &Batch) -> Result<Appended, AppendError> {
    let NewEvents::Ready(events) = &batch.events else {
        return Err(StoreError::Unsupported("a number is drawn in a transaction").into());
    };
    let (after, rows) = rows_of(batch, events.clone())?;
    faults::reach("before_begin").await?;
    rows.write_alone(pool).await?;
    faults::reach("after_commit").await?;
    Ok(Appended::of(after))
}

/// The state after the events, and everything that is written without a look at what is there:
/// events, derived rows, messages, audit, texts.
fn rows_of(batch: &Batch, events: Vec<Event>) -> Result<(Loaded, Together), StoreError> {
    let before = Loaded {
        dossier: batch.before.clone(),
        version: batch.expected,
        head: batch.head.clone(),
        ..Loaded::absent(batch.dossier.clone())
    };
    let once = batch.once.clone();
    let who = (batch.actor.as_str(), batch.behalf.as_deref());
    let (after, rows) = fold_events(before, events, (who, batch.now, once))?;
    let mut together = Together::default();
    together.add_rows(fold::HEAD, rows);
    views(&mut together, &after, batch)?;
    if let Some(line) = register::Line::of(&batch.before, &after.dossier, &after.id) {
        line.add(&mut together);
    }
    outbox::add(&mut together, &after.id, batch.now, &batch.messages);
    audit::add(&mut together, batch.now, &batch.audit);
    texts::add(&mut together, &batch.texts);
    Ok((after, together))
}

/// Of two dossiers filed from one draft, the one that takes the draft away is written.
async fn drop_draft(tx: &mut Tx, draft: &str) -> Result<(), AppendError> {
    let dropped = on!(tx, c => {
        let done = sqlx::query(DROP_DRAFT).bind(draft).execute(&mut **c).await;
        done.map(|done| done.rows_affected())
    });
    match dropped.map_err(StoreError::from)? {
        0 => Err(AppendError::DraftGone),
        _ => Ok(()),
    }
}

/// The derived rows of a dossier as it is now.
pub(crate) fn derived(
    after: &Loaded,
    process: &Process,
    names: &Names,
) -> Result<(DossierRow, Option<WorkRow>), StoreError> {
    let Some(row) = DossierRow::of(after, process, names)? else {
        return Err(StoreError::Unsupported("these events leave no dossier"));
    };
    let work = WorkRow::of(after, process, &row);
    Ok((row, work))
}

/// Brings the derived rows from the version that was seen to the state now.
fn views(together: &mut Together, after: &Loaded, batch: &Batch) -> Result<(), StoreError> {
    let names = match (&batch.names, batch.expected) {
        (Some(names), _) => names.clone(),
        (None, 0) => {
            return Err(StoreError::Unsupported(
                "the first event of a dossier needs its names",
            ));
        }
        (None, _) => Names::default(),
    };
    let (row, work) = derived(after, &batch.process, &names)?;
    Course::update(&batch.before, after, together);
    let id = row.id.clone();
    if batch.expected == 0 {
        row.insert(together);
        if let Some(work) = work {
            work.insert(together);
        }
        return Ok(());
    }
    row.update(batch.expected, together);
    match work {
        Some(work) => work.update(together),
        None => work::delete(id, together),
    }
    Ok(())
}

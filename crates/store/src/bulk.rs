//! Many decisions in one transaction. New dossiers, as an import brings them by the thousand, are
//! inserted many rows at a time; everything else is appended one by one.

use std::sync::Arc;

use domain::dossier::Dossier;
use jiff::civil::DateTime;

use crate::append::{self, AppendError, Appended, Batch, NewEvents, derived};
use crate::audit::{self, AuditLine};
use crate::backend::Tx;
use crate::fold::{self, fold_events};
use crate::load::Loaded;
use crate::parties::{self, PartyRow};
use crate::register;
use crate::rows::{self, Cell};
use crate::store::{Store, StoreError};
use crate::texts::{self, NewText};
use crate::views::course::Course;
use crate::views::tasks::TaskRow;
use crate::views::{DossierRow, WorkRow};

/// Rows of new dossiers that wait to be inserted together.
#[derive(Default)]
struct Rows {
    events: Vec<Vec<Cell>>,
    dossiers: Vec<DossierRow>,
    work: Vec<WorkRow>,
    tasks: Vec<TaskRow>,
    course: Vec<Course>,
    texts: Vec<NewText>,
    parties: Vec<PartyRow>,
    audit: Vec<(DateTime, Vec<AuditLine>)>,
    lines: Vec<register::Line>,
}

/// One part of a bulk write, in the order in which it was given.
enum Part {
    New(Box<Rows>),
    One(Box<Batch>),
}

impl Store {
    /// Writes decisions on several dossiers in one transaction, all or none, each as it would be
    /// written alone.
    pub async fn append_together(&self, batches: Vec<Batch>) -> Result<Vec<Appended>, AppendError> {
        let batches = Arc::new(batches);
        let writing = Arc::clone(&batches);
        let done = self
            .write_again_when_undone(move |tx| {
                let batches = Arc::clone(&writing);
                Box::pin(async move {
                    let mut done = Vec::with_capacity(batches.len());
                    for batch in batches.iter() {
                        done.push(append::apply(tx, batch).await?);
                    }
                    Ok(done)
                })
            })
            .await;
        match done {
            Err(AppendError::Broken(cause)) if cause.is_clash() => {
                Err(self.why_one_clashed(&batches, cause).await)
            }
            done => done,
        }
    }

    /// Of several decisions written together, the answer of the first that clashed.
    pub(crate) async fn why_one_clashed(
        &self,
        batches: &[Batch],
        cause: StoreError,
    ) -> AppendError {
        for batch in batches {
            let once = batch.once.as_ref();
            match self.clash(&batch.dossier, batch.expected, once).await {
                Ok(Some(answer)) => return answer,
                Ok(None) => {}
                Err(broken) => return broken.into(),
            }
        }
        cause.into()
    }

    /// Writes many decisions in one transaction, all or none: for imports and demonstration data.
    pub async fn append_all(&self, batches: Vec<Batch>) -> Result<Vec<Appended>, AppendError> {
        // Folding and hashing need no database; they are done before the transaction begins.
        let (parts, mut done) = parts(batches)?;
        self.write(move |tx| {
            Box::pin(async move {
                let mut one_by_one = Vec::new();
                for part in parts {
                    match part {
                        Part::New(rows) => rows.insert(tx).await?,
                        Part::One(batch) => one_by_one.push(append::apply(tx, &batch).await?),
                    }
                }
                let mut one_by_one = one_by_one.into_iter();
                for slot in done.iter_mut().filter(|slot| slot.is_none()) {
                    *slot = one_by_one.next();
                }
                Ok(done.into_iter().flatten().collect())
            })
        })
        .await
    }
}

/// What is known to be appended before anything is written; none where the write decides.
type Known = Vec<Option<Appended>>;

fn parts(batches: Vec<Batch>) -> Result<(Vec<Part>, Known), StoreError> {
    let (mut parts, mut known) = (Vec::new(), Vec::with_capacity(batches.len()));
    let mut rows = Rows::default();
    for batch in batches {
        if is_plain(&batch) {
            known.push(Some(rows.add(batch)?));
        } else {
            parts.push(Part::New(Box::new(std::mem::take(&mut rows))));
            parts.push(Part::One(Box::new(batch)));
            known.push(None);
        }
    }
    parts.push(Part::New(Box::new(rows)));
    Ok((parts, known))
}

/// Whether the batch only adds rows: a new dossier whose events are decided.
fn is_plain(batch: &Batch) -> bool {
    batch.expected == 0
        && batch.before == Dossier::Absent
        && batch.names.is_some()
        && batch.messages.is_empty()
        && batch.drop_draft.is_none()
        && matches!(batch.events, NewEvents::Ready(_))
}

impl Rows {
    fn add(&mut self, batch: Batch) -> Result<Appended, StoreError> {
        let events = match batch.events {
            NewEvents::Ready(events) => events,
            NewEvents::Numbered { .. } => Vec::new(), // never plain
        };
        let before = Loaded::absent(batch.dossier);
        let who = (batch.actor.as_str(), batch.behalf.as_deref());
        let (after, rows) = fold_events(before, events, (who, batch.now, batch.once))?;
        let (row, work) = derived(&after, &batch.process, &batch.names.unwrap_or_default())?;
        self.lines.extend(register::Line::of(
            &Dossier::Absent,
            &after.dossier,
            &after.id,
        ));
        self.events.extend(rows);
        self.dossiers.push(row);
        self.work.extend(work);
        self.course.push(Course::of(&after));
        self.tasks
            .extend(TaskRow::all_of(&after.id, &after.dossier));
        self.texts.extend(batch.texts);
        self.parties.extend(batch.parties);
        self.audit.push((batch.now, batch.audit));
        Ok(Appended::of(after))
    }

    async fn insert(self, tx: &mut Tx) -> Result<(), AppendError> {
        rows::insert_rows(tx, fold::HEAD, "", self.events).await?;
        DossierRow::insert_all(tx, self.dossiers).await?;
        WorkRow::insert_all(tx, self.work).await?;
        TaskRow::insert_all(tx, self.tasks).await?;
        Course::insert_all(tx, self.course, "").await?;
        register::insert_all(tx, self.lines).await?;
        texts::insert_all(tx, self.texts).await?;
        parties::save_all(tx, &self.parties).await?;
        for (now, lines) in &self.audit {
            audit::insert(tx, *now, lines).await?;
        }
        Ok(())
    }
}

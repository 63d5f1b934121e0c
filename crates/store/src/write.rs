//! The one write path: every change of the database is a job run in a transaction that begins as a
//! write. On SQLite one task owns the writing connection and commits jobs in groups at full
//! durability; on PostgreSQL each job has its own transaction, and the server groups the commits.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sqlx::{Postgres, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use crate::backend::{Engine, Pools, Tx, on};
use crate::{StoreError, faults};

/// Jobs that one commit on SQLite may carry.
const GROUP: usize = 64;
/// Jobs that may wait for the writer before callers are held back.
const WAITING: usize = 1024;

/// Where jobs go.
#[derive(Debug, Clone)]
pub(crate) enum Writer {
    Task(mpsc::Sender<Box<dyn Job>>),
    Pool(sqlx::Pool<Postgres>),
}

impl Writer {
    /// The writer of an opened database. On SQLite it ends when the last sender is dropped.
    pub(crate) fn start(writes: Pools) -> Self {
        match writes {
            Engine::Sqlite(pool) => {
                let (sender, jobs) = mpsc::channel(WAITING);
                tokio::spawn(run(pool, jobs));
                Self::Task(sender)
            }
            Engine::Postgres(pool) => Self::Pool(pool),
        }
    }

    /// Runs `work` in one transaction: committed when it is `Ok`, rolled back otherwise. The work
    /// waits for nothing but the database.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        match self {
            Self::Task(sender) => {
                let (answer, answered) = oneshot::channel();
                let job = Task {
                    work: Some(work),
                    done: None,
                    answer,
                };
                sender
                    .send(Box::new(job))
                    .await
                    .map_err(|_| StoreError::Closed)?;
                answered.await.map_err(|_| StoreError::Closed)?
            }
            Self::Pool(pool) => write_alone(pool, work).await,
        }
    }
}

async fn write_alone<T, E, F>(pool: &sqlx::Pool<Postgres>, work: F) -> Result<T, E>
where
    E: From<StoreError>,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    faults::reach("before_begin").await?;
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the write path that others must use"
    )]
    let begun = pool.begin().await.map_err(StoreError::from)?;
    let mut tx = Engine::Postgres(begun);
    let done = work(&mut tx).await?; // dropping an open transaction rolls it back
    faults::reach("before_commit").await?;
    if let Engine::Postgres(begun) = tx {
        begun.commit().await.map_err(StoreError::from)?;
    }
    faults::reach("after_commit").await?;
    Ok(done)
}

/// A job of the writer task, whatever it returns.
pub(crate) trait Job: Send {
    /// Runs the job; false when its changes must be undone.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool>;
    /// Answers the caller, once the group's commit has succeeded or failed.
    fn tell(self: Box<Self>, end: Result<(), StoreError>);
}

impl std::fmt::Debug for dyn Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

struct Task<T, E, F> {
    work: Option<F>,
    done: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Task<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return false;
            };
            let ended = AssertUnwindSafe(async { work(tx).await })
                .catch_unwind()
                .await;
            let done = ended.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
            let keep = done.is_ok();
            self.done = Some(done);
            keep
        })
    }

    fn tell(self: Box<Self>, end: Result<(), StoreError>) {
        let answer = match (self.done, end) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(end)) => Err(end.into()),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        // A caller who has gone away wants no answer; the job is done all the same.
        drop(self.answer.send(answer));
    }
}

async fn run(pool: SqlitePool, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut waiting = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut waiting, GROUP).await > 0 {
        while !waiting.is_empty() {
            let mut ran = Vec::with_capacity(waiting.len());
            let end = group(&pool, &mut waiting, &mut ran).await;
            if let Err(cause) = &end {
                tracing::error!(%cause, jobs = ran.len(), "A group of writes failed");
            }
            for job in ran {
                job.tell(end.clone());
            }
        }
    }
    pool.close().await;
}

/// Runs waiting jobs in one transaction and moves them to `ran`. Stops early when the engine has
/// given the transaction up: the jobs that did not run stay waiting for the next group.
async fn group(
    pool: &SqlitePool,
    waiting: &mut Vec<Box<dyn Job>>,
    ran: &mut Vec<Box<dyn Job>>,
) -> Result<(), StoreError> {
    let begun = begin(pool).await;
    if begun.is_err() {
        ran.append(waiting);
    }
    let mut tx = begun?;
    let mut rest = std::mem::take(waiting).into_iter();
    let mut alive = Ok(());
    while alive.is_ok()
        && let Some(mut job) = rest.next()
    {
        alive = one(&mut tx, job.as_mut()).await;
        ran.push(job);
    }
    waiting.extend(rest);
    let end = match alive {
        Ok(()) => commit(&mut tx).await,
        Err(cause) => Err(cause),
    };
    if end.is_err() {
        // After a full disk the engine may have rolled back by itself; then there is nothing to undo.
        drop(statement(&mut tx, "ROLLBACK").await);
    }
    end
}

async fn begin(pool: &SqlitePool) -> Result<Tx, StoreError> {
    faults::reach("before_begin").await?;
    let mut tx = Engine::Sqlite(pool.acquire().await?);
    statement(&mut tx, "BEGIN IMMEDIATE").await?;
    Ok(tx)
}

/// Runs one job within its own savepoint, so that its failure undoes nothing of its neighbours.
async fn one(tx: &mut Tx, job: &mut dyn Job) -> Result<(), StoreError> {
    statement(tx, "SAVEPOINT job").await?;
    if !job.run(tx).await {
        statement(tx, "ROLLBACK TO job").await?;
    }
    statement(tx, "RELEASE job").await
}

async fn commit(tx: &mut Tx) -> Result<(), StoreError> {
    faults::reach("before_commit").await?;
    statement(tx, "COMMIT").await?;
    faults::reach("after_commit").await
}

async fn statement(tx: &mut Tx, sql: &'static str) -> Result<(), StoreError> {
    on!(tx, c => sqlx::query(sql).execute(&mut **c).await.map(drop)).map_err(StoreError::from)
}

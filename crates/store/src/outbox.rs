//! The outbox: messages committed with the fact that causes them, and handled at least once.

use domain::ids::DossierId;
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on, row};
use crate::dialect::Two;
use crate::rows::{self, Cell};
use crate::store::{Store, StoreError};
use crate::time::to_millis;
use crate::together::Together;

/// A message to be put into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Which handler it is for.
    pub kind: &'static str,
    /// JSON.
    pub body: String,
}

row! {
    /// A message in the outbox.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Message {
        /// Its number.
        pub id: i64,
        /// The dossier whose event caused it.
        pub dossier: String,
        /// Which handler it is for.
        pub kind: String,
        /// JSON.
        pub body: String,
        /// How often it was claimed, this time included.
        pub attempts: i64,
        /// What went wrong last.
        pub error: Option<String>,
    }
}

const HEAD: &str = "INSERT INTO outbox (dossier, kind, body, created_at, available_at)";
/// Of which messages some are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// All.
    All,
    /// These two kinds.
    Of([&'static str; 2]),
    /// All but these two kinds.
    Except([&'static str; 2]),
}

macro_rules! due {
    ($rest:literal) => {
        concat!(
            "SELECT id FROM outbox WHERE buried = 0 AND available_at <= $1 \
                AND CASE WHEN kind IN ($2, $3) THEN 1 ELSE 0 END BETWEEN $4 AND $5 \
             ORDER BY available_at, id LIMIT ",
            $rest
        )
    };
}

macro_rules! claim {
    ($rest:literal) => {
        concat!(
            "UPDATE outbox SET available_at = $6, attempts = attempts + 1 WHERE id IN (",
            due!($rest),
            ") RETURNING id, dossier, kind, body, attempts, error"
        )
    };
}

/// A claimed message is not available until its lease ends.
const CLAIM: Two = Two {
    sqlite: claim!("$7"),
    postgres: claim!("$7 FOR UPDATE SKIP LOCKED"),
};
const WAITING: &str = due!("1");
const FINISH: &str = "DELETE FROM outbox WHERE id = $1";
const RETRY: &str = "UPDATE outbox SET available_at = $2, error = $3 WHERE id = $1 AND buried = 0";
const BURY: &str = "UPDATE outbox SET buried = 1, error = $2 WHERE id = $1";
const REVIVE: &str = "UPDATE outbox SET buried = 0, attempts = 0, available_at = $2 \
     WHERE id = $1 AND buried = 1";
const STUCK: &str = "SELECT id, dossier, kind, body, attempts, error FROM outbox \
     WHERE buried = 1 ORDER BY id";
const LEFT: &str = "SELECT COUNT(*) FROM outbox WHERE buried = 0";

/// Puts messages into the outbox with a write.
pub(crate) fn add(
    together: &mut Together,
    dossier: &DossierId,
    now: DateTime,
    messages: &[NewMessage],
) {
    let rows = messages.iter().map(|message| row(dossier, now, message));
    together.add_rows(HEAD, rows.collect());
}

/// Puts one message into the outbox with a write that is no event.
pub(crate) async fn insert(
    tx: &mut Tx,
    now: DateTime,
    (dossier, message): &(DossierId, NewMessage),
) -> Result<(), StoreError> {
    let cells = vec![row(dossier, now, message)];
    rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
}

fn row(dossier: &DossierId, now: DateTime, message: &NewMessage) -> Vec<Cell> {
    vec![
        Cell::Text(dossier.to_string()),
        Cell::Text(message.kind.to_owned()),
        Cell::Text(message.body.clone()),
        Cell::Number(to_millis(now)),
        Cell::Number(to_millis(now)),
    ]
}

impl Store {
    /// Puts messages into the outbox that no event causes, with the audit lines that say who sent
    /// them. Says whether it did: where a line is one that is written once and is there already,
    /// nothing is sent and nothing is written.
    ///
    /// # Errors
    /// [`StoreError`], but for the line that is there.
    pub async fn send_messages(
        &self,
        now: DateTime,
        messages: Vec<(DossierId, NewMessage)>,
        audit: Vec<AuditLine>,
    ) -> Result<bool, StoreError> {
        let sent = self.write(move |tx| {
            Box::pin(async move {
                audit::insert(tx, now, &audit).await?;
                let rows = messages
                    .iter()
                    .map(|(dossier, message)| row(dossier, now, message));
                rows::insert_rows(tx, HEAD, "", rows.collect()).await
            })
        });
        match sent.await {
            Ok(_) => Ok(true),
            Err(cause) if cause.is_clash() => Ok(false),
            Err(cause) => Err(cause),
        }
    }

    /// Takes at most `max` available messages for `lease` milliseconds. Nobody else gets them until
    /// they are finished, retried, or the lease has ended.
    pub async fn claim(
        &self,
        now: DateTime,
        lease: i64,
        max: u32,
    ) -> Result<Vec<Message>, StoreError> {
        self.claim_kinds((now, lease, max), Kinds::All).await
    }

    /// The same, of messages of some kinds.
    pub async fn claim_kinds(
        &self,
        (now, lease, max): (DateTime, i64, u32),
        kinds: Kinds,
    ) -> Result<Vec<Message>, StoreError> {
        let now = to_millis(now);
        let ([first, second], low, high) = match kinds {
            Kinds::All => (["", ""], 0, 1),
            Kinds::Of(these) => (these, 1, 1),
            Kinds::Except(these) => (these, 0, 0),
        };
        // An idle worker asks often; it writes nothing unless there is something to take.
        let waiting: Option<(i64,)> = on!(&self.reads, pool => {
            sqlx::query_as(WAITING)
                .bind(now)
                .bind(first)
                .bind(second)
                .bind(low)
                .bind(high)
                .fetch_optional(pool)
                .await
        })?;
        if waiting.is_none() {
            return Ok(Vec::new());
        }
        let sql = CLAIM.on(&self.reads);
        let until = now.saturating_add(lease);
        let mut taken: Vec<Message> = self
            .write(move |tx| {
                Box::pin(async move {
                    let taken = on!(tx, c => {
                        sqlx::query_as(sql)
                            .bind(now)
                            .bind(first)
                            .bind(second)
                            .bind(low)
                            .bind(high)
                            .bind(until)
                            .bind(i64::from(max))
                            .fetch_all(&mut **c)
                            .await
                    });
                    taken.map_err(StoreError::from)
                })
            })
            .await?;
        taken.sort_by_key(|message| message.id);
        Ok(taken)
    }

    /// The message was handled: it is gone. Finishing twice is no fault.
    pub async fn finish(&self, id: i64) -> Result<(), StoreError> {
        crate::faults::reach("between_claim_and_finish").await?;
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(FINISH).bind(id).execute(&mut **c).await.map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// The message was not handled: it comes again at `at`.
    pub async fn retry(&self, id: i64, at: DateTime, error: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => {
                    let query = sqlx::query(RETRY).bind(id).bind(to_millis(at)).bind(error);
                    query.execute(&mut **c).await.map(drop)
                })?;
                Ok(())
            })
        })
        .await
    }

    /// The message will never be handled: it is put aside for a person to judge.
    pub async fn bury(&self, id: i64, error: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => {
                    sqlx::query(BURY).bind(id).bind(error).execute(&mut **c).await.map(drop)
                })?;
                Ok(())
            })
        })
        .await
    }

    /// The messages that were put aside, oldest first.
    pub async fn stuck(&self) -> Result<Vec<Message>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(STUCK).fetch_all(pool).await)?)
    }

    /// Gives a buried message another life from `at` on; false when there is no such message.
    pub async fn revive(&self, id: i64, at: DateTime) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let done = on!(tx, c => {
                    let query = sqlx::query(REVIVE).bind(id).bind(to_millis(at));
                    query.execute(&mut **c).await.map(|done| done.rows_affected())
                })?;
                Ok(done > 0)
            })
        })
        .await
    }

    /// How many messages wait or are being handled.
    pub async fn messages_left(&self) -> Result<i64, StoreError> {
        let left: (i64,) = on!(&self.reads, pool => sqlx::query_as(LEFT).fetch_one(pool).await)?;
        Ok(left.0)
    }
}

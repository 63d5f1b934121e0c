//! Batches that nobody goes on with.

use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::rows::{Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

impl Store {
    /// Takes what may still be signed out of a batch, and ends what services were asked for it, for
    /// `reason`, the key of a message. Says how many documents those were; none while a run has the
    /// turn, or asks a service with what was typed: nothing is written then.
    pub async fn dissolve_signing(
        &self,
        (batch, reason): (&str, &str),
        (at, audit): (DateTime, AuditLine),
    ) -> Result<Option<u64>, StoreError> {
        let (batch, reason) = (batch.to_owned(), reason.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let id = || Cell::Text(batch.clone());
                let now = || Cell::Number(to_millis(at));
                // Whoever had the turn and slept over its end is told so by the name that is gone.
                if write_row(tx, FREE, vec![id(), now()]).await? == 0 {
                    return Ok(None);
                }
                write_row(tx, END_REQUESTS, vec![id(), Cell::Text(reason)]).await?;
                write_row(tx, FORGET, vec![id()]).await?;
                let left = write_row(tx, LEAVE, vec![id(), now()]).await?;
                if left > 0 {
                    audit::insert(tx, at, &[audit]).await?;
                }
                Ok(Some(left))
            })
        })
        .await
    }

    /// Whether the document at a place of a batch may still be signed.
    pub async fn is_signing_open(&self, (batch, place): (&str, i64)) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = on!(&self.reads, pool => {
            sqlx::query_as(OPEN).bind(batch).bind(place).fetch_optional(pool).await
        })?;
        Ok(found.is_some())
    }

    /// Whether a document of a request may still be signed.
    pub async fn is_signing_request_open(&self, id: &str) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = on!(&self.reads, pool => {
            sqlx::query_as(OPEN_OF).bind(id).fetch_optional(pool).await
        })?;
        Ok(found.is_some())
    }
}

const FREE: &str = "
    UPDATE signing_batch SET holder = NULL, held_until = NULL
    WHERE id = $1 AND (held_until IS NULL OR held_until < $2) AND NOT EXISTS
        (SELECT 1 FROM signing_request r WHERE r.batch = $1 AND r.state = 'typed')";
const END_REQUESTS: &str = "
    UPDATE signing_request SET state = 'failed', reason = $2
    WHERE batch = $1 AND state IN ('asked', 'waiting', 'signed')";
const FORGET: &str = "
    UPDATE signing_request_item SET unfinished_file = NULL, piece_file = NULL
    WHERE request IN (SELECT id FROM signing_request WHERE batch = $1)
        AND (unfinished_file IS NOT NULL OR piece_file IS NOT NULL)";
const LEAVE: &str = "
    UPDATE signing_item SET state = 'left', reason = '', done_at = $2
    WHERE batch = $1 AND state IN ('waiting', 'failed')";
const OPEN: &str = "
    SELECT place FROM signing_item
    WHERE batch = $1 AND place = $2 AND state IN ('waiting', 'failed')";
const OPEN_OF: &str = "
    SELECT i.place FROM signing_request r
        JOIN signing_request_item q ON q.request = r.id
        JOIN signing_item i ON i.batch = r.batch AND i.place = q.place
    WHERE r.id = $1 AND i.state IN ('waiting', 'failed') LIMIT 1";

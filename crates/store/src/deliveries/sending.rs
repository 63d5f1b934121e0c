//! Making deliveries, claiming them like messages of the outbox, and recording what came of them.

use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::dialect::Two;
use crate::rows::{Cell, insert_rows};
use crate::time::to_millis;
use crate::{Store, StoreError};

use super::{Attempt, Delivery, DeliveryState, NewDelivery, Row, delivery};

impl Store {
    /// Records deliveries; one whose message has one on that channel already changes nothing.
    pub async fn add_deliveries(&self, new: Vec<NewDelivery>) -> Result<(), StoreError> {
        if new.is_empty() {
            return Ok(());
        }
        self.write(move |tx| {
            Box::pin(async move {
                insert_rows(tx, ADD, ADD_ONCE, new.into_iter().map(cells).collect()).await?;
                Ok(())
            })
        })
        .await
    }

    /// Takes at most `max` deliveries whose time has come, for `lease` milliseconds. Nobody else gets
    /// them until an attempt is recorded or the lease has ended.
    pub async fn claim_deliveries(
        &self,
        now: DateTime,
        lease: i64,
        max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let now = to_millis(now);
        // An idle worker asks often; it writes nothing unless there is something to take.
        let waiting: Option<(i64,)> = on!(&self.reads, pool => {
            sqlx::query_as(WAITING).bind(now).fetch_optional(pool).await
        })?;
        if waiting.is_none() {
            return Ok(Vec::new());
        }
        let (sql, until) = (CLAIM.on(&self.reads), now.saturating_add(lease));
        let mut taken: Vec<Row> = self
            .write(move |tx| {
                Box::pin(async move {
                    let taken = on!(tx, c => sqlx::query_as(sql)
                        .bind(now)
                        .bind(until)
                        .bind(i64::from(max))
                        .fetch_all(&mut **c)
                        .await);
                    taken.map_err(StoreError::from)
                })
            })
            .await?;
        taken.sort_by_key(|row| row.id);
        taken.into_iter().map(delivery).collect()
    }

    /// Records what came of the attempt for which the delivery was claimed. One that came too late,
    /// when somebody else has claimed it since, changes nothing.
    pub async fn record_attempt(
        &self,
        claimed: &Delivery,
        attempt: Attempt,
        at: DateTime,
    ) -> Result<(), StoreError> {
        let (id, attempts) = (claimed.id, i64::from(claimed.attempts));
        let ended = attempt.next_try.is_none().then(|| to_millis(at));
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(RECORD)
                    .bind(id)
                    .bind(attempts)
                    .bind(attempt.state.as_str())
                    .bind(attempt.next_try.map(to_millis))
                    .bind(attempt.reason)
                    .bind(attempt.provider)
                    .bind(ended)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Has a delivery tried again at `at`; false when it was sent or is being sent.
    pub async fn send_again(
        &self,
        id: i64,
        at: DateTime,
        (now, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let done = on!(&mut *tx, c => sqlx::query(AGAIN)
                    .bind(id)
                    .bind(to_millis(at))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if done == 0 {
                    return Ok(false);
                }
                audit::insert(tx, now, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }
}

const ADD: &str = "INSERT INTO delivery (message, channel, code, dossier, dossier_code, unit, party, kind, \
    subject, body, state, attempts, next_try, reason, provider, created_at, ended_at) ";
const ADD_ONCE: &str = " ON CONFLICT (message, channel) DO NOTHING";
const WAITING: &str = "SELECT id FROM delivery WHERE next_try <= $1 ORDER BY next_try LIMIT 1";
const CLAIM: Two = Two {
    sqlite: "UPDATE delivery SET state = 'sending', next_try = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM delivery WHERE next_try <= $1 \
          ORDER BY next_try, id LIMIT $3) RETURNING *",
    postgres: "UPDATE delivery SET state = 'sending', next_try = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM delivery WHERE next_try <= $1 \
          ORDER BY next_try, id LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *",
};
const RECORD: &str = "UPDATE delivery SET state = $3, next_try = $4, reason = $5, provider = $6, \
    ended_at = $7 WHERE id = $1 AND attempts = $2 AND state = 'sending'";
const AGAIN: &str = "UPDATE delivery SET state = 'waiting', next_try = $2, ended_at = NULL \
    WHERE id = $1 AND state IN ('refused', 'failed', 'given_up')";

fn cells(new: NewDelivery) -> Vec<Cell> {
    let state = match new.first_try {
        Some(_) => DeliveryState::Waiting,
        None => DeliveryState::GivenUp,
    };
    let created = to_millis(new.created_at);
    vec![
        Cell::Number(new.message),
        Cell::Text(new.channel.as_str().to_owned()),
        Cell::Text(new.code),
        Cell::Text(new.dossier.to_string()),
        Cell::Text(new.dossier_code),
        Cell::Text(new.unit.to_string()),
        Cell::Text(new.party.to_string()),
        Cell::Text(new.kind.as_str().to_owned()),
        Cell::Text(new.subject),
        Cell::Text(new.body),
        Cell::Text(state.as_str().to_owned()),
        Cell::Number(0),
        Cell::MaybeNumber(new.first_try.map(to_millis)),
        Cell::Text(new.reason),
        Cell::Text(String::new()),
        Cell::Number(created),
        Cell::MaybeNumber(new.first_try.is_none().then_some(created)),
    ]
}

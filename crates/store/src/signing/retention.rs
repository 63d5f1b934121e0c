//! How long batches are kept of which nothing is left to be signed. The dossiers keep what was signed;
//! a batch only tells what somebody had on her list.

use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::check::Difference;
use crate::rows::{Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

const OVER: &str = "
    SELECT b.id FROM signing_batch b WHERE b.created_at < $1
        AND NOT EXISTS (SELECT 1 FROM signing_item i WHERE i.batch = b.id
            AND (i.state IN ('waiting', 'failed') OR i.done_at >= $1))
        AND NOT EXISTS (SELECT 1 FROM signing_request r WHERE r.batch = b.id
            AND r.state IN ('typed', 'asked', 'waiting', 'signed'))
    ORDER BY b.created_at, b.id LIMIT $2";
const REMOVE: [&str; 4] = [
    "DELETE FROM signing_request_item WHERE request IN \
         (SELECT id FROM signing_request WHERE batch = $1)",
    "DELETE FROM signing_request WHERE batch = $1",
    "DELETE FROM signing_item WHERE batch = $1",
    "DELETE FROM signing_batch WHERE id = $1",
];
/// What a batch calls signed and the dossier's own events do not.
const UNSIGNED: &str = "
    SELECT i.batch, i.place, i.dossier FROM signing_item i WHERE i.state = 'signed'
        AND NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = i.dossier
            AND e.kind = 'dossier.result_signed.v1')
    ORDER BY i.batch, i.place";

impl Store {
    /// Batches of which nothing was left to be signed before `before`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finished_batches(
        &self,
        before: DateTime,
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        let found: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(OVER)
            .bind(to_millis(before))
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// Removes such a batch with everything of it; says whether it was there. The line of the audit
    /// log stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_batch(
        &self,
        id: String,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let done = removed(tx, &id).await?;
                if done {
                    audit::insert(tx, at, &[audit]).await?;
                }
                Ok(done)
            })
        })
        .await
    }

    /// Batches that were to be removed before `before`, and documents that a batch calls signed and
    /// nobody signed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn check_batches(&self, before: DateTime) -> Result<Vec<Difference>, StoreError> {
        let kept = self.finished_batches(before, u32::MAX).await?;
        let kept = kept.into_iter().map(|id| {
            let pair = ("removed under its retention rule", "a row");
            Difference::new("signing_batch", &id, "row", pair)
        });
        let mut found: Vec<Difference> = kept.collect();
        let unsigned: Vec<(String, i64, String)> =
            on!(&self.reads, pool => sqlx::query_as(UNSIGNED).fetch_all(pool).await)?;
        found.extend(unsigned.into_iter().map(|(batch, place, dossier)| {
            let pair = (format!("a signature in dossier {dossier}"), "none");
            Difference::new("signing_item", &format!("{batch}/{place}"), "state", pair)
        }));
        Ok(found)
    }
}

async fn removed(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    let mut last = 0;
    for sql in REMOVE {
        last = write_row(tx, sql, vec![Cell::Text(id.to_owned())]).await?;
    }
    Ok(last > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::views::search::plan;

    /// The house is kept every few minutes.
    #[tokio::test]
    async fn what_is_over_is_found_by_its_age() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let plan = plan(&store, OVER).await;
        let by = "INDEX signing_batch_by_age (created_at<?)";
        assert!(plan.iter().any(|step| step.contains(by)), "{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN")), "{plan:#?}");
    }
}

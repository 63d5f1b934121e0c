//! Batches with how far they are.

use domain::ids::StaffId;

use crate::backend::{on, row};
use crate::{Store, StoreError};

row! {
    /// A batch with how far it is. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SigningBatchRow {
        /// Its identifier.
        pub id: String,
        /// Who signs.
        pub staff: String,
        /// When it was made.
        pub created_at: i64,
        /// The certificate of the last run; none before the first.
        pub certificate: Option<String>,
        /// Until when a run has the turn; none when none has.
        pub held_until: Option<i64>,
        /// Why the last run stopped early, by the key of a message; empty when it did not.
        pub told: String,
        /// Documents that were not taken out.
        pub listed: i64,
        /// Documents that are signed.
        pub signed: i64,
        /// Documents that may still be signed.
        pub open: i64,
        /// Requests for signatures that wait for a service, or there for the person.
        pub asked: i64,
        /// Requests that are being sent, or whose signatures are being put in.
        pub finishing: i64,
    }
}

impl Store {
    /// A batch.
    pub async fn signing_batch(&self, id: &str) -> Result<Option<SigningBatchRow>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(ONE).bind(id).fetch_optional(pool).await)?)
    }

    /// Somebody's batches: those that are open, then the newest.
    pub async fn signing_batches(
        &self,
        staff: &StaffId,
        most: u32,
    ) -> Result<Vec<SigningBatchRow>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(OF_STAFF)
            .bind(staff.as_str())
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }
}

macro_rules! batch {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.staff, b.created_at, b.certificate, b.held_until, b.told, \
             (SELECT COUNT(*) FROM signing_item i WHERE i.batch = b.id AND i.state <> 'left') \
                 AS listed, \
             (SELECT COUNT(*) FROM signing_item i WHERE i.batch = b.id AND i.state = 'signed') \
                 AS signed, \
             (SELECT COUNT(*) FROM signing_item i \
                 WHERE i.batch = b.id AND i.state IN ('waiting', 'failed')) AS open, \
             (SELECT COUNT(*) FROM signing_request r \
                 WHERE r.batch = b.id AND r.state IN ('asked', 'waiting')) AS asked, \
             (SELECT COUNT(*) FROM signing_request r \
                 WHERE r.batch = b.id AND r.state IN ('typed', 'signed')) AS finishing \
             FROM signing_batch b WHERE ",
            $rest
        )
    };
}

const ONE: &str = batch!("b.id = $1");
/// What is counted is counted for what is open and for the newest alone.
const OF_STAFF: &str = concat!(
    "SELECT * FROM (",
    batch!(
        "b.id IN (
            SELECT i.batch FROM signing_item i
                WHERE i.staff = $1 AND i.state IN ('waiting', 'failed')
            UNION SELECT newest.id FROM (
                SELECT n.id FROM signing_batch n WHERE n.staff = $1
                ORDER BY n.created_at DESC, n.id DESC LIMIT $2) newest)"
    ),
    ") known ORDER BY CASE WHEN open > 0 THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT $2"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::views::search::plan;

    /// With keys at services each single signature is a batch: a person has thousands.
    #[tokio::test]
    async fn only_what_is_open_and_the_newest_is_counted() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let plan = plan(&store, OF_STAFF).await;
        for step in [
            "SEARCH i USING INDEX signing_item_of_staff (staff=?)",
            "COVERING INDEX signing_batch_by_staff (staff=?)",
            "SEARCH b USING INDEX sqlite_autoindex_signing_batch_1 (id=?)",
        ] {
            assert!(
                plan.iter().any(|done| done.contains(step)),
                "{step}: {plan:#?}"
            );
        }
        let whole = ["SCAN b", "SCAN i", "SCAN n", "SCAN r"];
        let scanned = |done: &String| whole.iter().any(|table| done == table);
        assert!(!plan.iter().any(scanned), "{plan:#?}");
    }
}

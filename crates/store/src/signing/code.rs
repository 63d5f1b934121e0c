//! How often a service is asked to send somebody a code.

use jiff::civil::DateTime;

use crate::rows::Cell;
use crate::time::to_millis;
use crate::{Store, StoreError};

impl Store {
    /// Notes that a code is sent at `at` for the signer of a batch; false when one was sent to her
    /// after `since`, for whichever of her batches.
    pub async fn note_signing_code(
        &self,
        batch: &str,
        (at, since): (DateTime, DateTime),
    ) -> Result<bool, StoreError> {
        let cells = vec![
            Cell::Text(batch.to_owned()),
            Cell::Number(to_millis(at)),
            Cell::Number(to_millis(since)),
        ];
        self.one(NOTE, cells, None).await
    }
}

const NOTE: &str = "
    UPDATE signing_batch SET code_at = $2
    WHERE id = $1 AND (code_at IS NULL OR code_at <= $3) AND NOT EXISTS
        (SELECT 1 FROM signing_batch other
            WHERE other.staff = signing_batch.staff AND other.code_at > $3)";

//! Sequences without gaps: a number is drawn in the transaction that uses it, so a number that was
//! drawn and not used does not exist, and none is ever given twice.

use crate::backend::{Tx, on};
use crate::store::{Store, StoreError};

const DRAW: &str = "INSERT INTO number_sequence (name, last) VALUES ($1, 1) \
     ON CONFLICT (name) DO UPDATE SET last = number_sequence.last + 1 RETURNING last";
const RAISE: &str = "INSERT INTO number_sequence (name, last) VALUES ($1, $2) \
     ON CONFLICT (name) DO UPDATE SET last = excluded.last \
     WHERE number_sequence.last < excluded.last";

/// The next number of a sequence, from 1. Other writers of the same sequence wait for this
/// transaction to end.
pub(crate) async fn draw(tx: &mut Tx, sequence: &str) -> Result<u32, StoreError> {
    let (last,): (i64,) =
        on!(tx, c => sqlx::query_as(DRAW).bind(sequence).fetch_one(&mut **c).await)?;
    u32::try_from(last).map_err(|why| StoreError::inconsistent("number_sequence", sequence, why))
}

impl Store {
    /// Makes the sequence continue after `last` at least: for dossiers imported with their numbers.
    pub async fn raise_sequence(&self, sequence: String, last: u32) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => {
                    let query = sqlx::query(RAISE).bind(sequence).bind(i64::from(last));
                    query.execute(&mut **c).await.map(drop)
                })?;
                Ok(())
            })
        })
        .await
    }
}

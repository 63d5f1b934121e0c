//! Sequences without gaps: a number is drawn in the transaction that uses it, so a number that was
//! drawn and not used does not exist, and none is ever given twice.

use std::collections::BTreeMap;

use crate::backend::{Tx, on};
use crate::rows::{self, Cell};
use crate::store::{Store, StoreError};

const DRAW: &str = "INSERT INTO number_sequence (name, last) VALUES ($1, 1) \
     ON CONFLICT (name) DO UPDATE SET last = number_sequence.last + 1 RETURNING last";
const HOLD: &str = "INSERT INTO number_sequence (name, last) VALUES ($1, 0) \
     ON CONFLICT (name) DO UPDATE SET last = number_sequence.last";
const HEAD: &str = "INSERT INTO number_sequence (name, last) ";
const OR_RAISE: &str = " ON CONFLICT (name) DO UPDATE SET last = excluded.last \
     WHERE number_sequence.last < excluded.last";

/// The next number of a sequence, from 1. Other writers of the same sequence wait for this
/// transaction to end.
pub(crate) async fn draw(tx: &mut Tx, sequence: &str) -> Result<u32, StoreError> {
    let (last,): (i64,) =
        on!(tx, c => sqlx::query_as(DRAW).bind(sequence).fetch_one(&mut **c).await)?;
    u32::try_from(last).map_err(|why| StoreError::inconsistent("number_sequence", sequence, why))
}

/// Makes other writers that hold the same name wait for this transaction to end.
pub(crate) async fn hold(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    on!(tx, c => sqlx::query(HOLD).bind(name).execute(&mut **c).await.map(drop))?;
    Ok(())
}

impl Store {
    /// Makes sequences continue after a number at least: for dossiers imported with their numbers.
    pub async fn raise_sequences(&self, last: BTreeMap<String, u32>) -> Result<(), StoreError> {
        let row = |(name, last)| vec![Cell::Text(name), Cell::Number(i64::from(last))];
        let cells = last.into_iter().map(row).collect();
        self.write(move |tx| {
            Box::pin(async move { rows::insert_rows(tx, HEAD, OR_RAISE, cells).await.map(drop) })
        })
        .await
    }
}

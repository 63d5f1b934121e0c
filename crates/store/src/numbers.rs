//! Sequences without gaps: a number is drawn in the transaction that uses it, so a number that was
//! drawn and not used does not exist, and none is ever given twice.

use std::collections::BTreeMap;

use crate::backend::{Tx, on};
use crate::rows::{Cell, write_row};
use crate::store::{Store, StoreError};

const DRAW: &str = "INSERT INTO number_sequence (name, last) VALUES ($1, 1) \
     ON CONFLICT (name) DO UPDATE SET last = number_sequence.last + 1 RETURNING last";
const HOLD: &str = "INSERT INTO number_sequence (name, last) VALUES ($1, 0) \
     ON CONFLICT (name) DO UPDATE SET last = number_sequence.last";
const AT: &str = "SELECT last FROM number_sequence WHERE name = $1";
const RAISE: &str = "UPDATE number_sequence SET last = $2 WHERE name = $1";
const RAISED: &str = "INSERT INTO number_raised (name, first, last) VALUES ($1, $2, $3)";

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
    /// Makes sequences continue after a number at least: for dossiers imported with their numbers. A
    /// check does not miss what is passed over.
    pub async fn raise_sequences(&self, last: BTreeMap<String, u32>) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                for (name, last) in last {
                    raise(tx, name, i64::from(last)).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

async fn raise(tx: &mut Tx, name: String, last: i64) -> Result<(), StoreError> {
    hold(tx, &name).await?;
    let (at,): (i64,) =
        on!(&mut *tx, c => sqlx::query_as(AT).bind(&name).fetch_one(&mut **c).await)?;
    if last <= at {
        return Ok(());
    }
    let raised = vec![Cell::Text(name.clone()), Cell::Number(last)];
    write_row(tx, RAISE, raised).await?;
    let passed = vec![
        Cell::Text(name),
        Cell::Number(at.saturating_add(1)),
        Cell::Number(last),
    ];
    write_row(tx, RAISED, passed).await.map(drop)
}

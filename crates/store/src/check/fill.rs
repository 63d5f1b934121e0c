//! Fills derived tables that a migration made or changed, so that what was closed before it is in them.

use super::replay::{Cutter, EVENTS, PAGE, Replayed};
use super::rows::ABOVE_EVERY_ID;
use crate::backend::{Tx, on};
use crate::load::EventRow;
use crate::rows;
use crate::store::{Store, StoreError};
use crate::views::ResultRow;
use crate::views::results::{CLEAR, HEAD};

const TO_FILL: &str = "SELECT name FROM to_fill LIMIT 1";
const FILLED: &str = "DELETE FROM to_fill";

impl Store {
    /// Whether nothing is left to be filled.
    pub(crate) async fn is_filled(&self) -> Result<bool, StoreError> {
        let due: Option<(String,)> =
            on!(&self.reads, pool => sqlx::query_as(TO_FILL).fetch_optional(pool).await)?;
        Ok(due.is_none())
    }

    /// Fills what is to be filled, some dossiers at a time. One that was cut off begins again.
    pub(crate) async fn fill(&self) -> Result<(), StoreError> {
        if self.is_filled().await? {
            return Ok(());
        }
        let mut cutter = Cutter::default();
        let (mut at, mut done) = ((String::new(), 0_i64), String::new());
        loop {
            let rows: Vec<EventRow> = on!(&self.reads, pool => {
                sqlx::query_as(EVENTS).bind(&at.0).bind(at.1).bind(PAGE).fetch_all(pool).await
            })?;
            let Some(last) = rows.last() else { break };
            at = (last.stream.clone(), last.version);
            let complete = cutter.feed(rows)?;
            if let Some(end) = complete.last().map(|one| one.loaded.id.to_string()) {
                self.fill_range(&complete, (done, end.clone())).await?;
                done = end;
            }
        }
        let last: Vec<Replayed> = cutter.end()?.into_iter().collect();
        self.fill_range(&last, (done, ABOVE_EVERY_ID.to_owned()))
            .await?;
        self.write(|tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(FILLED).execute(&mut **c).await.map(drop))?;
                Ok(())
            })
        })
        .await
    }

    async fn fill_range(
        &self,
        replayed: &[Replayed],
        (after, to): (String, String),
    ) -> Result<(), StoreError> {
        let results = replayed.iter();
        let results = results.filter_map(|one| ResultRow::of(&one.loaded.id, &one.loaded.dossier));
        let cells = results.map(ResultRow::cells).collect();
        self.write(move |tx| Box::pin(async move { replace(tx, (&after, &to), cells).await }))
            .await
    }
}

async fn replace(
    tx: &mut Tx,
    (after, to): (&str, &str),
    cells: Vec<Vec<rows::Cell>>,
) -> Result<(), StoreError> {
    on!(&mut *tx, c => {
        sqlx::query(CLEAR).bind(after).bind(to).execute(&mut **c).await.map(drop)
    })?;
    rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
}

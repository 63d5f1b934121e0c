//! Makes the rows derived from each dossier anew.

use super::replay::{Cutter, EVENTS, PAGE, Replayed};
use super::rows::{ABOVE_EVERY_ID, Catalogue, Rows};
use crate::backend::{Tx, on};
use crate::load::EventRow;
use crate::store::{Store, StoreError};
use crate::views::course::{CLEAR as CLEAR_COURSE, Course, FIRST_STAYS};
use crate::views::tasks::{CLEAR as CLEAR_TASKS, TaskRow};
use crate::views::{DossierRow, WorkRow};

const CLEAR_WORK: &str = "DELETE FROM work_item WHERE dossier > $1 AND dossier <= $2";
const CLEAR_DOSSIERS: &str = "DELETE FROM dossier WHERE id > $1 AND id <= $2";

impl Store {
    /// Throws the derived rows away and makes them anew from the log, some dossiers at a time; says
    /// how many. A closed dossier keeps the name of its owner that its row shows. For an operator,
    /// while nobody else writes.
    pub async fn rebuild_views(&self) -> Result<u64, StoreError> {
        let (mut cutter, mut catalogue) = (Cutter::default(), Catalogue::default());
        let (mut at, mut done, mut rebuilt) = ((String::new(), 0_i64), String::new(), 0_u64);
        loop {
            let rows: Vec<EventRow> = on!(&self.reads, pool => {
                sqlx::query_as(EVENTS).bind(&at.0).bind(at.1).bind(PAGE).fetch_all(pool).await
            })?;
            let Some(last) = rows.last() else { break };
            at = (last.stream.clone(), last.version);
            let complete = cutter.feed(rows)?;
            if let Some(end) = complete.last().map(|one| one.loaded.id.as_str().to_owned()) {
                rebuilt += self
                    .rebuild_range(&mut catalogue, complete, (done, &end))
                    .await?;
                done = end;
            }
        }
        let last = cutter.end()?.into_iter().collect();
        rebuilt += self
            .rebuild_range(&mut catalogue, last, (done, ABOVE_EVERY_ID))
            .await?;
        Ok(rebuilt)
    }

    async fn rebuild_range(
        &self,
        catalogue: &mut Catalogue,
        replayed: Vec<Replayed>,
        (after, to): (String, &str),
    ) -> Result<u64, StoreError> {
        let stored = self.stored((&after, to)).await?;
        let mut all = Vec::with_capacity(replayed.len());
        for one in &replayed {
            let there = stored.dossiers.get(one.loaded.id.as_str());
            let seen = (there, &stored.owners);
            all.push(self.rows(catalogue, one, seen).await?);
        }
        let to = to.to_owned();
        self.write(move |tx| Box::pin(async move { replace(tx, (&after, &to), all).await }))
            .await
    }
}

/// Puts rows in the place of all those stored in a range of dossiers.
async fn replace(
    tx: &mut Tx,
    (after, to): (&str, &str),
    all: Vec<Rows>,
) -> Result<u64, StoreError> {
    let cleared = [CLEAR_WORK, CLEAR_TASKS, CLEAR_DOSSIERS];
    for clear in cleared.into_iter().chain(CLEAR_COURSE) {
        on!(&mut *tx, c => {
            sqlx::query(clear).bind(after).bind(to).execute(&mut **c).await.map(drop)
        })?;
    }
    let (mut dossiers, mut work, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    let mut courses = Vec::with_capacity(all.len());
    for rows in all {
        dossiers.extend(rows.dossier);
        work.extend(rows.work);
        tasks.extend(rows.tasks);
        courses.push(rows.course);
    }
    let written = u64::try_from(dossiers.len()).unwrap_or(u64::MAX);
    DossierRow::insert_all(tx, dossiers).await?;
    WorkRow::insert_all(tx, work).await?;
    TaskRow::insert_all(tx, tasks).await?;
    Course::insert_all(tx, courses, FIRST_STAYS).await?;
    Ok(written)
}

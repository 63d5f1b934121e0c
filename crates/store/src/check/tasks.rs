//! Compares the rows of tasks of other agencies with those that follow from the log.

use std::collections::BTreeMap;

use super::Difference;
use crate::backend::on;
use crate::store::{Store, StoreError};
use crate::views::tasks::{BY_DOSSIER, RANGE, TaskRow};

/// Rows as they are, by dossier.
pub(super) type Tasks = BTreeMap<String, Vec<TaskRow>>;

impl Store {
    pub(super) async fn tasks_between(
        &self,
        (after, to): (&str, &str),
    ) -> Result<Tasks, StoreError> {
        let rows: Vec<TaskRow> = on!(&self.reads, pool => {
            sqlx::query_as(RANGE).bind(after).bind(to).fetch_all(pool).await
        })?;
        Ok(by_dossier(rows))
    }

    pub(super) async fn tasks_of(&self, id: &str) -> Result<Tasks, StoreError> {
        let rows: Vec<TaskRow> = on!(&self.reads, pool => {
            sqlx::query_as(BY_DOSSIER).bind(id).fetch_all(pool).await
        })?;
        Ok(by_dossier(rows))
    }
}

fn by_dossier(rows: Vec<TaskRow>) -> Tasks {
    let mut all = Tasks::new();
    for row in rows {
        all.entry(row.dossier.clone()).or_default().push(row);
    }
    all
}

/// Every column of every task that differs, and every row that is missing or too many.
pub(super) fn task_differences(expected: &[TaskRow], stored: &[TaskRow]) -> Vec<Difference> {
    let name = |row: &TaskRow| format!("{}/{}", row.dossier, row.number);
    let of = |rows: &[TaskRow], number| rows.iter().find(|row| row.number == number).cloned();
    let mut found = Vec::new();
    for row in expected {
        match of(stored, row.number) {
            None => found.push(Difference::new(
                "task_item",
                &name(row),
                "row",
                ("a row", "none"),
            )),
            Some(there) => {
                let columns = row.differences(&there).into_iter();
                found.extend(columns.map(|(column, a, b)| {
                    Difference::new("task_item", &name(row), column, (a, b))
                }));
            }
        }
    }
    let foreign = stored
        .iter()
        .filter(|row| of(expected, row.number).is_none());
    found.extend(
        foreign.map(|row| Difference::new("task_item", &name(row), "row", ("none", "a row"))),
    );
    found
}

//! One row for each task of another agency that is open, or whose answer nobody has acknowledged.

use domain::dossier::{Dossier, Task, TaskKind, TaskState};
use domain::ids::{DossierId, UnitId};

use super::compared;
use super::work::NEVER;
use crate::backend::{Tx, row};
use crate::rows::{self, Cell};
use crate::store::StoreError;
use crate::time::to_millis;
use crate::together::Together;

row! {
    /// A task as the table keeps it. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct TaskRow {
        pub(crate) dossier: String,
        pub(crate) number: i64,
        pub(crate) agency: String,
        pub(crate) sender: String,
        pub(crate) receiving: String,
        pub(crate) kind: String,
        pub(crate) state: String,
        pub(crate) consents: i64,
        pub(crate) ends: i64,
        pub(crate) holder: Option<String>,
        pub(crate) opened_at: i64,
        pub(crate) due_at: i64,
        pub(crate) ended_at: Option<i64>,
    }
}

compared!(TaskRow: agency sender receiving kind state consents ends holder opened_at due_at ended_at);

const HEAD: &str = "INSERT INTO task_item (dossier, number, agency, sender, receiving, kind, state, \
     consents, ends, holder, opened_at, due_at, ended_at) ";
const UPDATE: &str = "UPDATE task_item SET state = $3, holder = $4, ended_at = $5, ends = $6 \
     WHERE dossier = $1 AND number = $2";
const DELETE: &str = "DELETE FROM task_item WHERE dossier = $1 AND number = $2";
pub(crate) const CLEAR: &str = "DELETE FROM task_item WHERE dossier > $1 AND dossier <= $2";
pub(crate) const RANGE: &str = "SELECT dossier, number, agency, sender, receiving, kind, state, \
     consents, ends, holder, opened_at, due_at, ended_at FROM task_item \
     WHERE dossier > $1 AND dossier <= $2 ORDER BY dossier, number";
pub(crate) const BY_DOSSIER: &str = "SELECT dossier, number, agency, sender, receiving, kind, state, \
     consents, ends, holder, opened_at, due_at, ended_at FROM task_item \
     WHERE dossier = $1 ORDER BY number";

impl TaskRow {
    /// The rows of a dossier's tasks as it is now: none before reception and after the result.
    pub(crate) fn all_of(id: &DossierId, dossier: &Dossier) -> Vec<Self> {
        let (Dossier::Received(record, _)
        | Dossier::Processing(record, _)
        | Dossier::Paused(record, ..)
        | Dossier::Obliged(record, _)) = dossier
        else {
            return Vec::new();
        };
        let filed = &record.filed;
        let tasks = &record.course.tasks;
        tasks
            .iter()
            .filter_map(|task| Self::of((id, &filed.competent, &filed.receiving), task, tasks))
            .collect()
    }

    fn of(
        (id, sender, receiving): (&DossierId, &UnitId, &UnitId),
        task: &Task,
        all: &[Task],
    ) -> Option<Self> {
        let (holder, ended_at) = match &task.state {
            TaskState::Open => (None, None),
            TaskState::Accepted { by, .. } => (Some(by.to_string()), None),
            TaskState::Answered {
                answer,
                acknowledged: None,
            } => (Some(answer.by.to_string()), Some(to_millis(answer.at))),
            TaskState::Waiting
            | TaskState::Answered { .. }
            | TaskState::Recalled { .. }
            | TaskState::Lapsed { .. } => return None,
        };
        Some(Self {
            dossier: id.to_string(),
            number: i64::from(task.sent.number),
            agency: task.sent.agency.to_string(),
            sender: sender.to_string(),
            receiving: receiving.to_string(),
            kind: task.sent.kind.as_str().to_owned(),
            state: task.state.as_str().to_owned(),
            consents: i64::from(task.sent.silence_is_consent),
            ends: i64::from(
                task.sent.silence_is_consent
                    || (task.sent.kind == TaskKind::Opinion && task.next_in(all).is_some()),
            ),
            holder,
            opened_at: to_millis(task.opened_at.unwrap_or(task.sent_at)),
            due_at: task.sent.due.map_or(NEVER, to_millis),
            ended_at,
        })
    }

    /// Brings the rows from those of the state that was seen to those of the state now.
    pub(crate) fn update(before: &[Self], after: Vec<Self>, together: &mut Together) {
        let key = |row: &Self| vec![Cell::Text(row.dossier.clone()), Cell::Number(row.number)];
        let gone = |old: &&Self| after.iter().all(|new| new.number != old.number);
        for old in before.iter().filter(gone) {
            together.add(DELETE, key(old));
        }
        let mut new = Vec::new();
        for row in after {
            match before.iter().find(|old| old.number == row.number) {
                None => new.push(row.cells()),
                Some(old) if *old == row => {}
                Some(_) => {
                    let mut cells = key(&row);
                    cells.extend([
                        Cell::Text(row.state),
                        Cell::MaybeText(row.holder),
                        Cell::MaybeNumber(row.ended_at),
                        Cell::Number(row.ends),
                    ]);
                    together.add(UPDATE, cells);
                }
            }
        }
        together.add_rows(HEAD, new);
    }

    /// Inserts rows many at a time.
    pub(crate) async fn insert_all(tx: &mut Tx, rows: Vec<Self>) -> Result<(), StoreError> {
        let cells: Vec<_> = rows.into_iter().map(Self::cells).collect();
        rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
    }

    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Number(self.number),
            Cell::Text(self.agency),
            Cell::Text(self.sender),
            Cell::Text(self.receiving),
            Cell::Text(self.kind),
            Cell::Text(self.state),
            Cell::Number(self.consents),
            Cell::Number(self.ends),
            Cell::MaybeText(self.holder),
            Cell::Number(self.opened_at),
            Cell::Number(self.due_at),
            Cell::MaybeNumber(self.ended_at),
        ]
    }
}

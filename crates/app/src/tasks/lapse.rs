//! What the program does once a task's own time is over: silence that is consent ends it, and behind
//! a late opinion the next agency has its turn.

use domain::dossier::{Command, TaskAct};
use store::views::TaskKey;

use crate::jobs::{Own, act_alone};
use crate::no::No;
use crate::state::App;

use super::order::noted;

/// Tasks looked at together.
const PAGE: u32 = 100;

/// Ends every task whose silence is consent and whose time is over, and gives those their turn that
/// wait behind a late opinion; says how many were over. A dossier that somebody moves meanwhile, or
/// that cannot be read, is looked at the next time and keeps no other one waiting.
///
/// # Errors
/// [`No::Broken`] when the list of tasks cannot be read.
pub async fn end_overdue(app: &App) -> Result<u32, No> {
    let now = app.clock().now();
    let (mut over, mut after) = (0_u32, TaskKey::default());
    loop {
        let found = app.store().views();
        let found = found.ended_tasks(now, &after, PAGE).await?;
        let Some(last) = found.last() else {
            return Ok(over);
        };
        after = last.clone();
        for late in &found {
            match lapse(app, late).await {
                Ok(true) => over = over.saturating_add(1),
                Ok(false) => {}
                Err(cause) => {
                    tracing::error!(task = %late, %cause, "Could not end a task");
                }
            }
        }
    }
}

async fn lapse(app: &App, late: &TaskKey) -> Result<bool, No> {
    let (dossier, task) = late.task()?;
    let own = Own {
        command: Command::Task(TaskAct::Lapse { task }),
        action: "task.time_over",
        purpose: "task_time",
        detail: noted(&dossier, task),
    };
    act_alone(app, &dossier, own).await
}

//! What the program does once a task's own time is over: silence that is consent ends it, and behind
//! a late opinion the next agency has its turn.

use domain::dossier::{Command, TaskAct};
use domain::ids::DossierId;

use crate::jobs::{Own, act_alone};
use crate::no::No;
use crate::state::App;

use super::order::noted;

/// Tasks looked at together.
const PAGE: u32 = 100;

/// Ends every task whose silence is consent and whose time is over, and gives those their turn that
/// wait behind a late opinion; says how many were over. A dossier that somebody moves meanwhile is
/// looked at the next time.
///
/// # Errors
/// [`No::Broken`].
pub async fn end_overdue(app: &App) -> Result<u32, No> {
    let now = app.clock().now();
    let mut over = 0_u32;
    loop {
        let before = over;
        let found = app.store().views().ended_tasks(now, PAGE).await?;
        for (dossier, task) in &found {
            if lapse(app, dossier, *task).await? {
                over = over.saturating_add(1);
            }
        }
        let full = u32::try_from(found.len()).is_ok_and(|there| there == PAGE);
        if !full || over == before {
            return Ok(over);
        }
    }
}

async fn lapse(app: &App, dossier: &DossierId, task: u16) -> Result<bool, No> {
    let own = Own {
        command: Command::Task(TaskAct::Lapse { task }),
        action: "task.time_over",
        purpose: "task_time",
        detail: noted(dossier, task),
    };
    act_alone(app, dossier, own).await
}

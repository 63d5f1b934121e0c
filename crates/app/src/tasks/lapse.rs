//! Silence that is consent ends a task, by the program, once the task's own time is over.

use domain::dossier::{Command, TaskAct};
use domain::ids::DossierId;

use crate::jobs::{Own, act_alone};
use crate::no::No;
use crate::state::App;

use super::order::noted;

/// Tasks looked at together.
const PAGE: u32 = 100;

/// Ends every task whose silence is consent and whose time is over; says how many. A dossier that
/// somebody moves meanwhile is looked at the next time.
///
/// # Errors
/// [`No::Broken`].
pub async fn lapse_silent(app: &App) -> Result<u32, No> {
    let now = app.clock().now();
    let mut lapsed = 0_u32;
    loop {
        let before = lapsed;
        let found = app.store().views().silent_tasks(now, PAGE).await?;
        for (dossier, task) in &found {
            if lapse(app, dossier, *task).await? {
                lapsed = lapsed.saturating_add(1);
            }
        }
        let full = u32::try_from(found.len()).is_ok_and(|there| there == PAGE);
        if !full || lapsed == before {
            return Ok(lapsed);
        }
    }
}

async fn lapse(app: &App, dossier: &DossierId, task: u16) -> Result<bool, No> {
    let own = Own {
        command: Command::Task(TaskAct::Lapse { task }),
        action: "task.lapsed",
        purpose: "silence",
        detail: noted(dossier, task),
    };
    act_alone(app, dossier, own).await
}

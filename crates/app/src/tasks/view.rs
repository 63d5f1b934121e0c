//! Tasks as the page of their dossier shows them.

use domain::dossier::{CommandKind, Dossier, Task, TaskState};
use domain::ids::DossierId;

use crate::access::{Actor, Resource, may_act, may_act_for, may_see};
use crate::no::{Denied, No};
use crate::processing::audit;
use crate::state::App;

/// A task, and what the reader may do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// Commands that the reader may give about it now.
    pub may: Vec<CommandKind>,
}

/// Commands about one task.
const OF_TASK: [CommandKind; 4] = [
    CommandKind::AcceptTask,
    CommandKind::AnswerTask,
    CommandKind::AcknowledgeAnswer,
    CommandKind::RecallTask,
];

/// The tasks of a dossier as `actor` sees them, in the order in which they were sent.
pub(crate) fn views(actor: &Actor, dossier: &Dossier, resource: &Resource) -> Vec<TaskView> {
    let tasks = dossier
        .record()
        .map(|record| record.course.tasks.as_slice());
    let begun = matches!(
        dossier,
        Dossier::Received(..)
            | Dossier::Processing(..)
            | Dossier::Paused(..)
            | Dossier::Obliged(..)
    );
    let view = |task: &Task| {
        let may = OF_TASK.into_iter().filter(|command| {
            begun && fits(*command, task) && permitted(actor, *command, (task, resource))
        });
        TaskView {
            task: task.clone(),
            may: may.collect(),
        }
    };
    tasks.unwrap_or_default().iter().map(view).collect()
}

/// Commands that the reader may give about any of the tasks, each once.
pub(crate) fn offered(views: &[TaskView]) -> impl Iterator<Item = CommandKind> {
    let any = |command: &CommandKind| views.iter().any(|view| view.may.contains(command));
    OF_TASK.into_iter().filter(any)
}

fn fits(command: CommandKind, task: &Task) -> bool {
    match command {
        CommandKind::AcceptTask => task.state == TaskState::Open,
        CommandKind::AnswerTask => matches!(task.state, TaskState::Accepted { .. }),
        CommandKind::RecallTask => task.is_open(),
        _ => matches!(
            task.state,
            TaskState::Answered {
                acknowledged: None,
                ..
            }
        ),
    }
}

fn permitted(actor: &Actor, command: CommandKind, (task, resource): (&Task, &Resource)) -> bool {
    let permit = match command {
        CommandKind::AcceptTask | CommandKind::AnswerTask => {
            may_act_for(actor, command, resource, &task.sent.agency)
        }
        _ => may_act(actor, command, resource),
    };
    permit.is_ok()
}

/// The document of the answer to a task; none where there is none. Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn answer_document(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    task: u16,
) -> Result<Option<Vec<u8>>, No> {
    let loaded = app.store().load(id).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_see(actor, &resource.passed_on(app))?;
    let mut tasks = record.course.tasks.iter();
    let answer = tasks.find(|one| one.sent.number == task);
    let Some(TaskState::Answered { answer, .. }) = answer.map(|task| &task.state) else {
        return Ok(None);
    };
    let Some(hash) = &answer.document else {
        return Ok(None);
    };
    let content = app.files().get(hash).await?;
    let line = audit(&permit, "answer.read", id);
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(Some(content))
}

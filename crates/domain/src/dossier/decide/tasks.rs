//! Tasks of other agencies: sent, taken, answered, acknowledged, taken back, lapsed. Each agency has
//! a clock of its own; both sides acknowledge each hand-over.

use jiff::civil::DateTime;

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::dossier::tasks::{
    Answer, Answering, NewTask, SentTask, Task, TaskAct, TaskKind, TaskOrder, TaskState, TasksSent,
};
use crate::ids::{TextId, UnitId};
use crate::rules::Rule;

use super::Judged;
use super::supplement::judge_holder;

impl Dossier {
    pub(super) fn task_act(&self, act: &TaskAct, facts: &Facts<'_>) -> Judged {
        match act {
            TaskAct::Send { tasks, order, lead } => self.send_tasks(tasks, (*order, lead), facts),
            TaskAct::Accept { task } => self.accept_task(*task, facts),
            TaskAct::Answer { task, answer } => self.answer_task(*task, answer, facts),
            TaskAct::Acknowledge { task } => self.acknowledge_answer(*task, facts),
            TaskAct::Recall { task, reason } => self.recall_task(*task, reason.as_ref(), facts),
            TaskAct::Lapse { task } => self.lapse_task(*task, facts),
        }
    }

    fn send_tasks(
        &self,
        tasks: &[NewTask],
        (order, lead): (TaskOrder, &UnitId),
        facts: &Facts<'_>,
    ) -> Judged {
        let (record, at) = self.processing(CommandKind::SendTasks)?;
        judge_holder(at, facts)?;
        if tasks.is_empty() {
            return Err(Refusal::NoTask);
        }
        let first = next_number(record);
        let mut sent = Vec::new();
        for (number, task) in (first..).zip(tasks) {
            let turn = order == TaskOrder::Together || number == first;
            sent.push(sent_task(record, (number, task), turn, facts)?);
        }
        Ok(vec![Event::TasksSent(TasksSent {
            at: facts.now,
            by: facts.by.clone(),
            behalf: facts.behalf(),
            order,
            lead: lead.clone(),
            tasks: sent,
        })])
    }

    fn accept_task(&self, number: u16, facts: &Facts<'_>) -> Judged {
        let (_, task) = self.task(number, CommandKind::AcceptTask)?;
        match task.state {
            TaskState::Open => Ok(vec![Event::TaskAccepted {
                at: facts.now,
                task: number,
                by: facts.by.clone(),
                behalf: facts.behalf(),
            }]),
            TaskState::Waiting
            | TaskState::Accepted { .. }
            | TaskState::Answered { .. }
            | TaskState::Recalled { .. }
            | TaskState::Lapsed { .. } => Err(Refusal::NotItsTurn { task: number }),
        }
    }

    fn answer_task(&self, number: u16, said: &Answering, facts: &Facts<'_>) -> Judged {
        let (record, task) = self.task(number, CommandKind::AnswerTask)?;
        if !matches!(task.state, TaskState::Accepted { .. }) {
            return Err(Refusal::NotItsTurn { task: number });
        }
        if task.sent.kind == TaskKind::Opinion && said.agrees.is_none() {
            return Err(Refusal::OpinionMissing);
        }
        let answered = Event::TaskAnswered {
            task: number,
            answer: Answer {
                at: facts.now,
                by: facts.by.clone(),
                behalf: facts.behalf(),
                text: said.text.clone().ok_or(Refusal::ReasonMissing)?,
                agrees: said.agrees,
                document: said.document.clone(),
                late: task.is_overdue(facts.now),
            },
        };
        followed(answered, record, task, facts)
    }

    fn acknowledge_answer(&self, number: u16, facts: &Facts<'_>) -> Judged {
        let (_, task) = self.task(number, CommandKind::AcknowledgeAnswer)?;
        match &task.state {
            TaskState::Answered {
                acknowledged: None, ..
            } => Ok(vec![Event::AnswerAcknowledged {
                at: facts.now,
                task: number,
                by: facts.by.clone(),
                behalf: facts.behalf(),
            }]),
            TaskState::Waiting
            | TaskState::Open
            | TaskState::Accepted { .. }
            | TaskState::Answered { .. }
            | TaskState::Recalled { .. }
            | TaskState::Lapsed { .. } => Err(Refusal::NothingToAcknowledge { task: number }),
        }
    }

    fn recall_task(&self, number: u16, reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        let (record, task) = self.task(number, CommandKind::RecallTask)?;
        if !task.is_open() {
            return Err(Refusal::TaskOver { task: number });
        }
        let recalled = Event::TaskRecalled {
            at: facts.now,
            task: number,
            by: facts.by.clone(),
            reason: reason.ok_or(Refusal::ReasonMissing)?.clone(),
        };
        followed(recalled, record, task, facts)
    }

    fn lapse_task(&self, number: u16, facts: &Facts<'_>) -> Judged {
        let (record, task) = self.task(number, CommandKind::LapseTask)?;
        if !task.sent.silence_is_consent {
            return Err(Refusal::SilenceIsNoConsent { task: number });
        }
        if !task.is_overdue(facts.now) {
            return Err(Refusal::TaskTime {
                task: number,
                until: task.sent.due,
            });
        }
        let lapsed = Event::TaskLapsed {
            at: facts.now,
            task: number,
            rule: Rule::SilenceConsents.id().to_owned(),
        };
        followed(lapsed, record, task, facts)
    }

    /// The task of that number of a dossier that is received and not settled.
    fn task(&self, number: u16, command: CommandKind) -> Result<(&Record, &Task), Refusal> {
        let (record, _) = self.begun(command)?;
        let mut tasks = record.course.tasks.iter();
        let task = tasks.find(|task| task.sent.number == number);
        Ok((record, task.ok_or(Refusal::NoSuchTask { task: number })?))
    }
}

/// Nothing is approved while work of another agency is open or an opinion may still come.
pub(super) fn judge_tasks(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    let open = record.course.tasks.iter();
    let open = open.filter(|task| task.holds_up(facts.now));
    let open: Vec<u16> = open.map(|task| task.sent.number).collect();
    if open.is_empty() {
        Ok(())
    } else {
        Err(Refusal::TasksOpen { tasks: open })
    }
}

fn next_number(record: &Record) -> u16 {
    let last = record.course.tasks.last();
    last.map_or(1, |task| task.sent.number.saturating_add(1))
}

/// A task with the terms that the procedure gives it.
fn sent_task(
    record: &Record,
    (number, task): (u16, &NewTask),
    turn: bool,
    facts: &Facts<'_>,
) -> Result<SentTask, Refusal> {
    if task.agency == record.filed.competent {
        return Err(Refusal::OwnTask);
    }
    let terms = facts.procedure.consultation.as_ref();
    let consents = task.kind == TaskKind::Opinion && terms.is_some_and(|t| t.silence_is_consent);
    if task.silence_is_consent && !consents {
        return Err(Refusal::SilenceIsNoConsent { task: number });
    }
    let limit = task.limit.or_else(|| terms.and_then(|terms| terms.limit));
    let limit = limit.ok_or(Refusal::TaskWithoutLimit { task: number })?;
    Ok(SentTask {
        number,
        agency: task.agency.clone(),
        kind: task.kind,
        content: task.content.clone().ok_or(Refusal::ReasonMissing)?,
        limit,
        silence_is_consent: task.silence_is_consent,
        due: turn.then(|| facts.due(facts.now, limit, &[])).transpose()?,
    })
}

/// What ends a task opens the next one that waits for its turn.
fn followed(ended: Event, record: &Record, task: &Task, facts: &Facts<'_>) -> Judged {
    let mut events = vec![ended];
    if let Some((number, due)) = next_turn(record, task, facts)? {
        events.push(Event::TaskOpened {
            at: facts.now,
            task: number,
            due,
        });
    }
    Ok(events)
}

/// The next task of the same sending that waits, when the one that ends had its turn.
fn next_turn(
    record: &Record,
    ended: &Task,
    facts: &Facts<'_>,
) -> Result<Option<(u16, DateTime)>, Refusal> {
    if !ended.is_turn() {
        return Ok(None);
    }
    let waits = |task: &&Task| task.state == TaskState::Waiting && task.batch == ended.batch;
    let next = record.course.tasks.iter().find(waits);
    next.map(|next| {
        let due = facts.due(facts.now, next.sent.limit, &[])?;
        Ok((next.sent.number, due))
    })
    .transpose()
}

//! Tasks of other agencies: sent, taken, answered, acknowledged, taken back, lapsed. Each agency has
//! a clock of its own; both sides acknowledge each hand-over.

use jiff::civil::DateTime;

use crate::deadline::Limit;
use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::dossier::tasks::{
    Answer, Answering, Lapsed, NewTask, SentTask, Task, TaskAct, TaskKind, TaskOrder, TaskState,
    TasksSent,
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

    /// What the program does once a task's time is over: silence that is consent ends it; an opinion
    /// that is only late gives the next agency its turn, and may still come.
    fn lapse_task(&self, number: u16, facts: &Facts<'_>) -> Judged {
        let (record, task) = self.task(number, CommandKind::LapseTask)?;
        let consents = task.sent.silence_is_consent;
        let followed_by = task.next_in(&record.course.tasks);
        let opens = task.sent.kind == TaskKind::Opinion && followed_by.is_some();
        if !consents && !opens {
            return Err(Refusal::SilenceIsNoConsent { task: number });
        }
        let until = ends(task, facts)?;
        if until.is_none_or(|until| facts.now <= until) || !task.is_turn() {
            return Err(Refusal::TaskTime {
                task: number,
                until,
            });
        }
        if !consents {
            return Ok(opened(record, task, facts)?.into_iter().collect());
        }
        let lapsed = Event::TaskLapsed(Lapsed {
            at: facts.now,
            task: number,
            rule: Rule::SilenceConsents.id().to_owned(),
        });
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

/// Nothing is approved while work of another agency is open, an opinion may still come, or one is
/// still to be asked.
pub(super) fn judge_tasks(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    let all = record.course.tasks.iter();
    let open = all.filter(|task| task.holds_up(facts.now));
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
    let silence = silence_after(facts).filter(|_| task.kind == TaskKind::Opinion);
    if task.silence_is_consent && silence.is_none() {
        return Err(Refusal::SilenceIsNoConsent { task: number });
    }
    let terms = facts.procedure.consultation.as_ref();
    let limit = task.limit.or_else(|| terms.and_then(|terms| terms.limit));
    let limit = limit.ok_or(Refusal::TaskWithoutLimit { task: number })?;
    if let Some(own) = silence.filter(|_| task.silence_is_consent) {
        let least = facts.due(facts.now, own, &[])?;
        if facts.due(facts.now, limit, &[])? < least {
            return Err(Refusal::SilenceTooSoon {
                task: number,
                least,
            });
        }
    }
    Ok(SentTask {
        number,
        agency: task.agency.clone(),
        kind: task.kind,
        content: task.content.clone().ok_or(Refusal::ReasonMissing)?,
        limit,
        silence_is_consent: task.silence_is_consent,
        due: turn
            .then(|| due_from(facts.now, (limit, task.silence_is_consent), facts))
            .transpose()?,
    })
}

/// After what time silence is consent; none unless the procedure says so and names the time.
fn silence_after(facts: &Facts<'_>) -> Option<Limit> {
    let terms = facts.procedure.consultation.as_ref()?;
    terms.limit.filter(|_| terms.silence_is_consent)
}

/// When a task's clock ends that begins at `from`: where silence is consent never before the
/// procedure's own time, in whatever days each is counted.
fn due_from(
    from: DateTime,
    (limit, consents): (Limit, bool),
    facts: &Facts<'_>,
) -> Result<DateTime, Refusal> {
    let due = facts.due(from, limit, &[])?;
    match silence_after(facts).filter(|_| consents) {
        Some(own) => Ok(due.max(facts.due(from, own, &[])?)),
        None => Ok(due),
    }
}

/// When the time of a task is over; none while it waits for its turn.
fn ends(task: &Task, facts: &Facts<'_>) -> Result<Option<DateTime>, Refusal> {
    let (Some(due), Some(from)) = (task.sent.due, task.opened_at) else {
        return Ok(None);
    };
    let terms = (task.sent.limit, task.sent.silence_is_consent);
    Ok(Some(due.max(due_from(from, terms, facts)?)))
}

/// What ends a task opens the next one that waits for its turn.
fn followed(ended: Event, record: &Record, task: &Task, facts: &Facts<'_>) -> Judged {
    let next = opened(record, task, facts)?;
    Ok(std::iter::once(ended).chain(next).collect())
}

/// The turn of the task behind the one whose turn is over; none where nothing waits.
fn opened(record: &Record, over: &Task, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    let next = over.next_in(&record.course.tasks);
    next.map(|next| {
        let terms = (next.sent.limit, next.sent.silence_is_consent);
        Ok(Event::TaskOpened {
            at: facts.now,
            task: next.sent.number,
            due: due_from(facts.now, terms, facts)?,
        })
    })
    .transpose()
}

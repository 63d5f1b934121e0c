//! Tasks of other agencies on the page of their dossier: each with its clock, and both names at each
//! hand-over.

use app::processing::DossierPage;
use app::tasks::TaskView;
use app::words;
use domain::dossier::{Answer, CommandKind, Event, Task, TaskState};

use crate::present::Mark;

use super::acts::is_direct;
use super::view::{Fact, Reader};

/// A task as the page shows it.
#[derive(Debug, Clone)]
pub(crate) struct TaskShown {
    pub(crate) number: u16,
    /// `1. Sở Tư pháp`.
    pub(crate) title: String,
    /// What is asked for, and whether silence is consent.
    pub(crate) kind: String,
    pub(crate) mark: Mark,
    pub(crate) content: String,
    /// Who gave and who took it, when; its due time.
    pub(crate) facts: Vec<Fact>,
    /// What the agency said.
    pub(crate) answer: String,
    /// Where the document of the answer is read; empty when there is none.
    pub(crate) document: String,
    pub(crate) acts: Vec<TaskAct>,
}

/// What the reader may do about a task.
#[derive(Debug, Clone)]
pub(crate) struct TaskAct {
    pub(crate) command: &'static str,
    pub(crate) label: String,
    pub(crate) direct: bool,
    /// The one-time key of an act at once.
    pub(crate) key_once: String,
    /// Whether it is what comes next.
    pub(crate) first: bool,
    /// Its key; the first on the page that comes next has one.
    pub(crate) key: &'static str,
}

/// The key of what comes next with the tasks.
const KEY: &str = "Y";

/// The tasks, in the order in which they were sent.
pub(super) fn tasks(reader: &Reader<'_>, page: &DossierPage) -> Vec<TaskShown> {
    let shown = page.tasks.iter();
    let mut shown: Vec<TaskShown> = shown.map(|view| task(reader, page, view)).collect();
    let mut acts = shown.iter_mut().flat_map(|task| &mut task.acts);
    if let Some(next) = acts.find(|act| act.first) {
        next.key = KEY;
    }
    shown
}

fn task(reader: &Reader<'_>, page: &DossierPage, view: &TaskView) -> TaskShown {
    let (w, task) = (reader.w, &view.task);
    let sent = &task.sent;
    let kind = w.of("task.kind", sent.kind.as_str());
    let kind = if sent.silence_is_consent {
        format!("{kind} · {}", w.t("task.consents").to_lowercase())
    } else {
        kind
    };
    let answered = answer(task);
    let text = answered.map(|answer| page.said(&answer.text).to_owned());
    let document = answered.filter(|answer| answer.document.is_some());
    let document = document.map(|_| format!("/ho-so/{}/y-kien/{}", page.id, sent.number));
    TaskShown {
        number: sent.number,
        title: format!("{}. {}", sent.number, (reader.unit)(&sent.agency)),
        kind,
        mark: mark(reader, task),
        content: page.said(&sent.content).to_owned(),
        facts: facts(reader, page, task),
        answer: text.unwrap_or_default(),
        document: document.unwrap_or_default(),
        acts: acts(reader, view),
    }
}

fn answer(task: &Task) -> Option<&Answer> {
    match &task.state {
        TaskState::Answered { answer, .. } => Some(answer),
        _ => None,
    }
}

/// The agency's own clock while it runs, and then how it ended.
fn mark(reader: &Reader<'_>, task: &Task) -> Mark {
    if task.is_turn() {
        return (reader.marks)(task.sent.due);
    }
    let class = match &task.state {
        TaskState::Waiting | TaskState::Recalled { .. } => "due-paused",
        _ => "due-done",
    };
    let words = match answer(task) {
        Some(answer) if answer.late => "answered_late",
        _ => task.state.as_str(),
    };
    Mark {
        class: class.to_owned(),
        words: reader.w.of("task.state", words),
    }
}

fn facts(reader: &Reader<'_>, page: &DossierPage, task: &Task) -> Vec<Fact> {
    let w = reader.w;
    let named = |who: &str| page.names.get(who).cloned().unwrap_or_default();
    let at = |when, who: &str| format!("{}, {}", w.moment(&when), named(who));
    let sender = page.story.iter().find_map(|told| match &told.event {
        Event::TasksSent(sent) if sent.tasks.iter().any(|t| t.number == task.sent.number) => {
            Some(sent.by.as_str())
        }
        _ => None,
    });
    let taken = page.story.iter().find_map(|told| match &told.event {
        Event::TaskAccepted {
            at: when,
            task: number,
            by,
            ..
        } if *number == task.sent.number => Some(at(*when, by.as_str())),
        _ => None,
    });
    let limit = words::limit(w.0, task.sent.limit);
    let due = match task.sent.due {
        Some(due) => format!("{} ({limit})", w.moment(&due)),
        None => limit,
    };
    let led = task.sent.agency == task.lead;
    let mut facts = vec![
        Fact::of(
            w,
            "task.sent_by",
            at(task.sent_at, sender.unwrap_or_default()),
        ),
        Fact::of(w, "task.taken_by", taken.unwrap_or_default()),
        Fact::of(w, "task.due", due),
        Fact::of(w, "task.lead", if led { w.t("task.leads") } else { "" }),
    ];
    facts.extend(ended(reader, page, task));
    facts.into_iter().flatten().collect()
}

/// What came of the task.
fn ended(reader: &Reader<'_>, page: &DossierPage, task: &Task) -> Vec<Option<Fact>> {
    let w = reader.w;
    let named = |who: &str| page.names.get(who).cloned().unwrap_or_default();
    let at = |when, who: &str| format!("{}, {}", w.moment(&when), named(who));
    let mut facts = Vec::new();
    match &task.state {
        TaskState::Answered {
            answer,
            acknowledged,
        } => {
            let agrees = answer.agrees.map(|yes| {
                let key = if yes { "task.agrees" } else { "task.disagrees" };
                w.t(key)
            });
            facts.push(Fact::of(
                w,
                "task.answered_by",
                at(answer.at, answer.by.as_str()),
            ));
            facts.push(Fact::of(w, "task.opinion", agrees.unwrap_or_default()));
            let acknowledged = acknowledged.as_ref();
            let acknowledged = acknowledged.map(|(by, when)| at(*when, by.as_str()));
            facts.push(Fact::of(
                w,
                "task.acknowledged_by",
                acknowledged.unwrap_or_default(),
            ));
        }
        TaskState::Recalled { at, reason } => {
            facts.push(Fact::of(w, "task.recalled_at", w.moment(at)));
            facts.push(Fact::of(w, "task.recalled_for", page.said(reason)));
        }
        TaskState::Lapsed { at } => {
            facts.push(Fact::of(w, "task.lapsed_at", w.moment(at)));
        }
        TaskState::Waiting | TaskState::Open | TaskState::Accepted { .. } => {}
    }
    facts
}

fn acts(reader: &Reader<'_>, view: &TaskView) -> Vec<TaskAct> {
    let act = |(index, command): (usize, &CommandKind)| {
        let direct = is_direct(*command);
        TaskAct {
            command: command.as_str(),
            label: reader.w.of("command", command.as_str()),
            direct,
            key_once: if direct {
                (reader.once)()
            } else {
                String::new()
            },
            first: index == 0 && *command != CommandKind::RecallTask,
            key: "",
        }
    };
    view.may.iter().enumerate().map(act).collect()
}

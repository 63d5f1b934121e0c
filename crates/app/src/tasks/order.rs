//! What a person orders about tasks, and the command that it becomes.

use domain::deadline::{HalfDays, Limit};
use domain::dossier::{
    Answering, Command, CommandKind, Dossier, Event, NewTask, TaskAct, TaskKind, TaskOrder,
};
use domain::ids::{DossierId, FileHash, TextId, UnitId};
use store::{Loaded, NewText};

use crate::facts::World;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::agencies::named;

/// What becomes of tasks of other agencies, before texts, files and agencies become references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskWork {
    /// Ask other agencies.
    Send {
        /// Whom, for what; rows that name nobody and ask nothing are left out.
        asked: Vec<AskedAgency>,
        /// Whether all at once.
        order: TaskOrder,
        /// The agency in the lead; the deciding one when it is empty.
        lead: String,
    },
    /// Acknowledge that the agency has the task.
    Accept {
        /// Its number.
        task: u16,
    },
    /// Answer.
    Answer {
        /// Its number.
        task: u16,
        /// What the agency says.
        text: String,
        /// Whether it agrees.
        agrees: Option<bool>,
        /// The document, a PDF; empty when there is none.
        document: Vec<u8>,
    },
    /// Acknowledge the answer.
    Acknowledge {
        /// Its number.
        task: u16,
    },
    /// Take the task back.
    Recall {
        /// Its number.
        task: u16,
        /// Why.
        reason: String,
    },
}

/// An agency to be asked, as a row of the form names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedAgency {
    /// Identifier or name.
    pub agency: String,
    /// For what.
    pub kind: TaskKind,
    /// What exactly.
    pub content: String,
    /// So many days; empty takes the limit of the procedure.
    pub days: String,
    /// Whether these are days of the calendar and not working days.
    pub calendar: bool,
}

impl TaskWork {
    /// The command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Send { .. } => CommandKind::SendTasks,
            Self::Accept { .. } => CommandKind::AcceptTask,
            Self::Answer { .. } => CommandKind::AnswerTask,
            Self::Acknowledge { .. } => CommandKind::AcknowledgeAnswer,
            Self::Recall { .. } => CommandKind::RecallTask,
        }
    }

    /// The agency whose task it is, where only that agency may do this; none when there is no such
    /// task, which is for the law to say.
    pub(crate) fn agency<'d>(&self, dossier: &'d Dossier) -> Option<&'d UnitId> {
        let (Self::Accept { task } | Self::Answer { task, .. }) = self else {
            return None;
        };
        let mut tasks = dossier.record()?.course.tasks.iter();
        let found = tasks.find(|one| one.sent.number == *task)?;
        Some(&found.sent.agency)
    }
}

/// Names of the fields of each row.
const ROWS: [(&str, &str, &str); 4] = [
    ("agency1", "content1", "days1"),
    ("agency2", "content2", "days2"),
    ("agency3", "content3", "days3"),
    ("agency4", "content4", "days4"),
];

/// A command with the texts that it refers to.
pub(crate) type Tasked = (Command, Vec<NewText>);

/// Keeps what was typed into a field.
type Keep<'a> = dyn Fn(&'static str, &str) -> Result<(Option<TextId>, Vec<NewText>), No> + 'a;

/// Turns texts and agencies into references; `said` keeps a text, `file` is the document on file.
pub(crate) fn prepared(
    (app, world, loaded): (&App, &World, &Loaded),
    work: TaskWork,
    said: &Keep<'_>,
    file: Option<FileHash>,
) -> Result<Tasked, No> {
    let mut texts = Vec::new();
    let act = match work {
        TaskWork::Send { asked, order, lead } => {
            let (act, new) = sending((app, world, loaded), (asked, order, &lead), said)?;
            texts = new;
            act
        }
        TaskWork::Accept { task } => TaskAct::Accept { task },
        TaskWork::Answer {
            task, text, agrees, ..
        } => {
            let (text, new) = said("text", &text)?;
            texts = new;
            let answer = Answering {
                text,
                agrees,
                document: file,
            };
            TaskAct::Answer { task, answer }
        }
        TaskWork::Acknowledge { task } => TaskAct::Acknowledge { task },
        TaskWork::Recall { task, reason } => {
            let (reason, new) = said("reason", &reason)?;
            texts = new;
            TaskAct::Recall { task, reason }
        }
    };
    Ok((Command::Task(act), texts))
}

/// Keeps a typed text.
type Said<'a> = &'a dyn Fn(&'static str, &str) -> Result<(Option<TextId>, Vec<NewText>), No>;

fn sending(
    (app, world, loaded): (&App, &World, &Loaded),
    (asked, order, lead): (Vec<AskedAgency>, TaskOrder, &str),
    said: Said<'_>,
) -> Result<(TaskAct, Vec<NewText>), No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let own = &filed.competent;
    let terms = world.procedure.consultation.as_ref();
    let silence = terms.is_some_and(|terms| terms.silence_is_consent && terms.limit.is_some());
    let (mut faults, mut tasks, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let rows = ROWS.into_iter().zip(asked);
    for ((agency_field, content_field, days_field), row) in rows.filter(|(_, row)| row.is_asked()) {
        let (content, new) = said(content_field, &row.content)?;
        texts.extend(new);
        if content.is_none() {
            faults.push(Fault::new(content_field, "fault.task_content"));
        }
        let Some(agency) = named(app, own, &row.agency) else {
            faults.push(Fault::new(agency_field, "fault.agency_unknown"));
            continue;
        };
        let limit = row.limit(days_field).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        tasks.push(NewTask {
            agency,
            kind: row.kind,
            content,
            limit,
            // The procedure says so, or nobody does.
            silence_is_consent: silence && row.kind == TaskKind::Opinion,
        });
    }
    let chosen = if lead.is_empty() {
        Some(own.clone())
    } else {
        named(app, own, lead)
    };
    let Some(lead) = chosen.filter(|_| faults.is_empty()) else {
        let unknown = named(app, own, lead).is_none() && !lead.is_empty();
        faults.extend(unknown.then(|| Fault::new("lead", "fault.agency_unknown")));
        return Err(No::Invalid(faults));
    };
    Ok((TaskAct::Send { tasks, order, lead }, texts))
}

impl AskedAgency {
    fn is_asked(&self) -> bool {
        !self.agency.is_empty() || !self.content.is_empty()
    }

    fn limit(&self, field: &'static str) -> Result<Option<Limit>, Fault> {
        if self.days.is_empty() {
            return Ok(None);
        }
        let days: Option<u32> = self.days.parse().ok();
        let limit = days.and_then(|days| {
            if self.calendar {
                Limit::Days(days).checked().ok()
            } else {
                HalfDays::days(days).map(Limit::WorkingDays).ok()
            }
        });
        limit
            .map(Some)
            .ok_or_else(|| Fault::new(field, "fault.task_days"))
    }
}

/// The texts that say what is asked for.
pub(crate) fn contents(event: &Event) -> Vec<&TextId> {
    match event {
        Event::TasksSent(sent) => sent.tasks.iter().map(|task| &task.content).collect(),
        _ => Vec::new(),
    }
}

/// What the program notes of a task in the audit log.
pub(super) fn noted(dossier: &DossierId, task: u16) -> String {
    format!("{dossier}/{task}")
}

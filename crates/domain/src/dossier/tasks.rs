//! Tasks that other agencies have in a dossier: opinions and work, each with a clock of its own.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{FileHash, StaffId, TextId, UnitId};

use super::commands::CommandKind;

/// What another agency is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// An opinion (lấy ý kiến): late, it is reported and holds nothing up.
    Opinion,
    /// Work of its own (liên thông): nothing is approved before it is done.
    Work,
}

impl TaskKind {
    /// The kind's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opinion => "opinion",
            Self::Work => "work",
        }
    }
}

/// In which order agencies get their tasks (NĐ 61/2018 Điều 19.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskOrder {
    /// All at once: electronic dossiers.
    #[default]
    Together,
    /// One after the other: paper dossiers.
    InOrder,
}

/// A task to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// To which agency.
    pub agency: UnitId,
    /// What is asked for.
    pub kind: TaskKind,
    /// What exactly.
    pub content: Option<TextId>,
    /// How long the agency has; none takes the limit of the procedure.
    pub limit: Option<Limit>,
    /// Whether silence is consent, which only the procedure can say.
    pub silence_is_consent: bool,
}

/// What becomes of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskAct {
    /// Send tasks to other agencies.
    Send {
        /// The tasks.
        tasks: Vec<NewTask>,
        /// Whether all at once.
        order: TaskOrder,
        /// The agency in the lead.
        lead: UnitId,
    },
    /// The agency acknowledges that it has the task.
    Accept {
        /// Its number.
        task: u16,
    },
    /// The agency answers.
    Answer {
        /// Its number.
        task: u16,
        /// What it says.
        answer: Answering,
    },
    /// The lead acknowledges the answer.
    Acknowledge {
        /// Its number.
        task: u16,
    },
    /// The lead takes the task back.
    Recall {
        /// Its number.
        task: u16,
        /// Why.
        reason: Option<TextId>,
    },
    /// Its time is over: silence that is consent ends it, and what waits behind it has its turn.
    Lapse {
        /// Its number.
        task: u16,
    },
}

impl TaskAct {
    /// The command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Send { .. } => CommandKind::SendTasks,
            Self::Accept { .. } => CommandKind::AcceptTask,
            Self::Answer { .. } => CommandKind::AnswerTask,
            Self::Acknowledge { .. } => CommandKind::AcknowledgeAnswer,
            Self::Recall { .. } => CommandKind::RecallTask,
            Self::Lapse { .. } => CommandKind::LapseTask,
        }
    }
}

/// An answer as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answering {
    /// What it says.
    pub text: Option<TextId>,
    /// Whether the agency agrees; an opinion says so.
    pub agrees: Option<bool>,
    /// The document.
    pub document: Option<FileHash>,
}

/// A task as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentTask {
    /// Its number in the dossier, from 1.
    pub number: u16,
    /// To which agency.
    pub agency: UnitId,
    /// What is asked for.
    pub kind: TaskKind,
    /// What exactly.
    pub content: TextId,
    /// How long the agency has.
    pub limit: Limit,
    /// Whether silence is consent.
    pub silence_is_consent: bool,
    /// When its clock ends; none while it waits for its turn.
    pub due: Option<DateTime>,
}

/// Tasks sent together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasksSent {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// In which order.
    pub order: TaskOrder,
    /// The agency in the lead.
    pub lead: UnitId,
    /// The tasks.
    pub tasks: Vec<SentTask>,
}

/// An answer of another agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// What it says.
    pub text: TextId,
    /// Whether the agency agrees; work needs no consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// The document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<FileHash>,
    /// Whether it came after the task's own time.
    pub late: bool,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// It waits for the one before it.
    Waiting,
    /// It is the agency's turn.
    Open,
    /// The agency acknowledged that it has it.
    Accepted {
        /// Who.
        by: StaffId,
        /// When.
        at: DateTime,
    },
    /// It is answered.
    Answered {
        /// The answer.
        answer: Answer,
        /// Who of the lead acknowledged it, and when.
        acknowledged: Option<(StaffId, DateTime)>,
    },
    /// The lead took it back.
    Recalled {
        /// When.
        at: DateTime,
        /// Why.
        reason: TextId,
    },
    /// Silence became consent.
    Lapsed {
        /// When.
        at: DateTime,
    },
}

impl TaskState {
    /// The state's name in message keys.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Accepted { .. } => "accepted",
            Self::Answered { .. } => "answered",
            Self::Recalled { .. } => "recalled",
            Self::Lapsed { .. } => "lapsed",
        }
    }
}

/// A task of another agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// As it was sent; `due` is that of its turn.
    pub sent: SentTask,
    /// When it was sent.
    pub sent_at: DateTime,
    /// The first number of those that were sent with it.
    pub batch: u16,
    /// The agency in the lead.
    pub lead: UnitId,
    /// When its turn came.
    pub opened_at: Option<DateTime>,
    /// Where it stands.
    pub state: TaskState,
}

impl Task {
    /// Whether the agency still has something to do now or later.
    pub fn is_open(&self) -> bool {
        match self.state {
            TaskState::Waiting | TaskState::Open | TaskState::Accepted { .. } => true,
            TaskState::Answered { .. } | TaskState::Recalled { .. } | TaskState::Lapsed { .. } => {
                false
            }
        }
    }

    /// Whether it is the agency's turn.
    pub fn is_turn(&self) -> bool {
        self.is_open() && self.state != TaskState::Waiting
    }

    /// Whether its own time is over at `now` and nothing came.
    pub fn is_overdue(&self, now: DateTime) -> bool {
        self.is_turn() && self.sent.due.is_some_and(|due| now > due)
    }

    /// Whether the agency may see the dossier for it: while it is its turn, and afterwards unless
    /// the task was taken back.
    pub fn shows_the_dossier(&self) -> bool {
        match self.state {
            TaskState::Open
            | TaskState::Accepted { .. }
            | TaskState::Answered { .. }
            | TaskState::Lapsed { .. } => true,
            TaskState::Waiting | TaskState::Recalled { .. } => false,
        }
    }

    /// The task that waits behind this one among `all` of the dossier, when it is this one's turn and
    /// nobody behind it has the turn already.
    pub fn next_in<'a>(&self, all: &'a [Self]) -> Option<&'a Self> {
        if !self.is_turn() {
            return None;
        }
        let behind = |task: &&Self| self.is_before(task);
        let passed = all.iter().filter(behind).any(Self::is_turn);
        let mut waiting = all
            .iter()
            .filter(behind)
            .filter(|task| task.state == TaskState::Waiting);
        waiting.next().filter(|_| !passed)
    }

    /// Whether it was sent with the other one and comes before it.
    fn is_before(&self, other: &Self) -> bool {
        self.batch == other.batch && self.sent.number < other.sent.number
    }

    /// Whether it holds the approval up at `now`: work until it is done or taken back, an opinion until
    /// its time is over. One that waits for its turn holds it up too, whatever is late before it: the
    /// program gives it its turn a little after the time of the one before is over, and until then it
    /// is still to be asked.
    pub fn holds_up(&self, now: DateTime) -> bool {
        match self.sent.kind {
            TaskKind::Work => self.is_open(),
            TaskKind::Opinion => self.is_open() && !self.is_overdue(now),
        }
    }
}

/// A task whose agency stayed silent, which is consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapsed {
    /// When.
    pub at: DateTime,
    /// Its number.
    pub task: u16,
    /// The rule's id.
    pub rule: String,
}

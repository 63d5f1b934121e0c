//! The state machine against a small model: a table of moves written by hand from the transitions
//! of the law, and the few facts that say which of its moves are possible. It folds commands, where
//! the crate folds events, and shares no judgement with it.

use std::collections::BTreeSet;

use domain::dossier::{
    Command, CommandKind, CorrectionEnd, CorrectionKind, Dossier, StateKind, TaskAct, TaskState,
};
use domain::ids::StaffId;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::dossier::{Ask, Asked, any_asks, any_beginning, any_world, history};

/// Each state, the commands that it knows, and the state after each; a dot is the state itself.
/// What stands under no state is no move there, whoever asks.
const MOVES: &str = "
    absent
        submit submitted, receive received
    submitted
        accept received, ask_supplement incomplete, decline declined,
        record_lookup ., scan ., hand_by_post .
    incomplete
        supply submitted, hand_by_post submitted, decline declined, withdraw withdrawn,
        close_unanswered stopped,
        record_lookup ., scan .
    declined
    received
        hand_over processing, withdraw withdrawn,
        record_lookup ., scan ., apologise ., admit_to_lane .
    processing
        ask_supplement paused, notice_obligation obliged, issue settled, withdraw withdrawn,
        stop stopped,
        draft_supplement ., approve_supplement ., discard_supplement ., record_lookup ., scan ., assign ., release .,
        draft_result ., sign_result ., forward ., send_back ., apologise ., admit_to_lane ., repin .,
        send_tasks ., accept_task ., answer_task ., acknowledge_answer ., recall_task .,
        lapse_task .
    paused
        supply processing, hand_by_post processing, withdraw withdrawn,
        close_unanswered stopped,
        record_lookup ., scan ., release ., admit_to_lane ., repin .,
        accept_task ., answer_task ., acknowledge_answer ., recall_task ., lapse_task .
    obliged
        meet_obligation processing, withdraw withdrawn,
        record_lookup ., scan ., release ., admit_to_lane ., repin .,
        accept_task ., answer_task ., acknowledge_answer ., recall_task ., lapse_task .
    withdrawn
    stopped
    settled
        return returned, acknowledge_result ., open_correction ., finish_correction .,
        copy_result .
    returned
        open_correction ., finish_correction ., copy_result ., scan_receipt .
";

/// The rules that say that there is no such move at all.
const NO_MOVE: [&str; 2] = ["TT-01", "TT-02"];

// Steps of the office: reception 0, check 1, then these, return 5.
const EXAMINATION: usize = 2;
const APPROVAL: usize = 3;
const ISSUE: usize = 4;

fn after(state: StateKind, command: CommandKind) -> Option<StateKind> {
    let mut here = false;
    for line in MOVES.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(state_of_line) = StateKind::parse(line) {
            here = state_of_line == state;
            continue;
        }
        for (name, to) in line.split(',').filter_map(|one| one.trim().split_once(' ')) {
            if here && name == command.as_str() {
                return Some(StateKind::parse(to).unwrap_or(state));
            }
        }
    }
    None
}

/// Where a task stands, seen by the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    Accepted,
    Answered,
    Over,
}

/// All that the model knows of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a plain table of facts is what makes the model independent"
)]
struct Model {
    state: StateKind,
    step: Option<usize>,
    holder: Option<StaffId>,
    has_draft: bool,
    is_signed: bool,
    is_approved: bool,
    /// Whether a request waits to be approved or sent.
    asks: bool,
    /// Whether it is approved.
    ask_approved: bool,
    /// Steps at which requests were sent; none is before reception.
    asked_at: Vec<Option<usize>>,
    apologies: usize,
    in_lane: bool,
    tasks: Vec<Stage>,
    /// What the correction that is open does to the result.
    correcting: Option<CorrectionKind>,
    /// Whether the result was withdrawn or replaced.
    superseded: bool,
    number_given: bool,
    clock_stands: bool,
    /// Of what came by post, whether its joint record is signed.
    record_signed: Option<bool>,
    /// Whether the centre acknowledged that the result is back; all of these go between agencies.
    result_back: bool,
}

impl Model {
    fn new() -> Self {
        Self {
            state: StateKind::Absent,
            step: None,
            holder: None,
            has_draft: false,
            is_signed: false,
            is_approved: false,
            asks: false,
            ask_approved: false,
            asked_at: Vec::new(),
            apologies: 0,
            in_lane: false,
            tasks: Vec::new(),
            correcting: None,
            superseded: false,
            number_given: false,
            clock_stands: false,
            record_signed: None,
            result_back: false,
        }
    }

    /// The same facts, read off a dossier of the crate.
    fn of(dossier: &Dossier) -> Self {
        let at = dossier.at_step();
        let mut model = Self {
            state: dossier.kind(),
            step: at.map(|at| at.index),
            holder: at.and_then(|at| at.holder.clone()),
            has_draft: at.is_some_and(|at| at.draft.is_some()),
            is_signed: at.is_some_and(|at| at.signed.is_some()),
            is_approved: at.is_some_and(|at| at.approved_by.is_some()),
            ..Self::new()
        };
        if let Some(record) = dossier.record() {
            let course = &record.course;
            model.asks = course.asking.is_some();
            let asking = course.asking.as_ref();
            model.ask_approved = asking.is_some_and(|asking| asking.approved.is_some());
            model.asked_at.clone_from(&course.asked_at);
            model.apologies = course.apologies.len();
            model.in_lane = course.lane.is_some();
            model.tasks = course.tasks.iter().map(|task| stage(&task.state)).collect();
            let open = course.corrections.iter().find(|one| one.is_open());
            model.correcting = open.map(|one| one.kind);
            let gone = |kind| kind != CorrectionKind::Amend;
            let mut done = course
                .corrections
                .iter()
                .filter(|one| one.done_at.is_some());
            model.superseded = done.any(|one| gone(one.kind));
            model.number_given = record.code.is_some();
            let by_agent = record.filed.agent.is_some();
            model.record_signed = by_agent.then_some(!course.posts.is_empty());
            model.result_back = course.result_back.is_some();
            model.clock_stands = record.pauses.iter().any(|pause| pause.to.is_none());
        }
        model
    }

    /// Whether the move could be made by somebody, at some time, with the right papers.
    fn is_possible(&self, command: &Command) -> bool {
        let Some(_) = after(self.state, command.kind()) else {
            return false;
        };
        match command {
            Command::DraftResult { .. } => self.step == Some(EXAMINATION),
            Command::Forward => match self.step {
                Some(EXAMINATION) => self.has_draft,
                Some(APPROVAL) => self.has_draft && self.is_signed,
                step => step < Some(ISSUE),
            },
            Command::SignResult { .. } => self.step == Some(APPROVAL) && self.has_draft,
            Command::SendBack { .. } => self.step >= Some(EXAMINATION),
            Command::Issue => self.step == Some(ISSUE) && self.has_draft && self.is_approved,
            Command::DraftSupplement(_) => self.may_ask() && self.examines(),
            Command::ApproveSupplement => self.asks && !self.ask_approved,
            Command::DiscardSupplement { .. } => self.asks,
            Command::AskSupplement { .. } => {
                self.may_ask() && (self.ask_approved || self.state == StateKind::Submitted)
            }
            Command::NoticeObligation(_) => self.examines(),
            Command::HandByPost(_) => match self.state {
                StateKind::Submitted => self.record_signed == Some(false),
                _ => self.record_signed.is_some(),
            },
            // What the post never brings is declined in the end.
            Command::Accept => self.record_signed != Some(false),
            Command::AcknowledgeResult => !self.result_back,
            Command::Apologise(_) => self.apologies == 0,
            Command::AdmitToLane { .. } => !self.in_lane,
            Command::Release => self.holder.is_some(),
            Command::Return { .. } => {
                self.result_back && self.correcting.is_none() && !self.superseded
            }
            Command::CopyResult { .. } => self.correcting.is_none() && !self.superseded,
            Command::OpenCorrection(_) => self.correcting.is_none(),
            Command::FinishCorrection { .. } => self.correcting.is_some(),
            Command::Task(act) => self.task_is_possible(act),
            Command::Repin(asked) => match (self.has_draft, self.is_approved) {
                (_, true) => asked.step == ISSUE,
                (true, false) => (1..=APPROVAL).contains(&asked.step),
                (false, false) => (1..=EXAMINATION).contains(&asked.step),
            },
            _ => true,
        }
    }

    /// Once a stage, twice in a lifetime.
    fn may_ask(&self) -> bool {
        self.asked_at.len() < 2 && !self.asked_at.contains(&self.step)
    }

    /// At a step of work, before approval.
    fn examines(&self) -> bool {
        self.step < Some(APPROVAL) && !self.is_approved
    }

    fn task_is_possible(&self, act: &TaskAct) -> bool {
        let stage = |number: u16| self.tasks.get(usize::from(number) - 1);
        match act {
            TaskAct::Send { tasks, .. } => !tasks.is_empty(),
            TaskAct::Accept { task } => stage(*task) == Some(&Stage::Open),
            TaskAct::Answer { task, .. } => stage(*task) == Some(&Stage::Accepted),
            TaskAct::Acknowledge { task } => stage(*task) == Some(&Stage::Answered),
            TaskAct::Recall { task, .. } | TaskAct::Lapse { task } => {
                matches!(stage(*task), Some(Stage::Open | Stage::Accepted))
            }
        }
    }

    /// What the move makes of the dossier.
    fn moved(mut self, command: &Command) -> Self {
        let target = after(self.state, command.kind()).unwrap_or(self.state);
        match command {
            Command::Receive(_) | Command::Accept => {
                self.number_given = true;
                self.step = Some(0);
            }
            Command::Submit(filed) => {
                self.record_signed = filed.agent.as_ref().map(|_| false);
            }
            Command::HandByPost(_) if self.state != StateKind::Paused => {
                self.record_signed = Some(true);
            }
            Command::HandOver => self.begin(1),
            Command::Assign { to } => self.holder = Some(to.clone()),
            Command::Release => self.holder = None,
            Command::DraftResult { .. } => {
                self.has_draft = true;
                self.is_signed = false;
                self.is_approved = false;
            }
            Command::SignResult { .. } => self.is_signed = true,
            Command::Forward => {
                self.is_approved |= self.step == Some(APPROVAL);
                self.begin(self.step.unwrap_or(0) + 1);
            }
            Command::Issue => self.begin(ISSUE + 1),
            Command::SendBack { .. } => {
                self.is_signed = false;
                self.is_approved = false;
                self.begin(self.step.unwrap_or(0) - 1);
            }
            Command::DraftSupplement(_) => {
                self.asks = true;
                self.ask_approved = false;
            }
            Command::ApproveSupplement => self.ask_approved = true,
            Command::DiscardSupplement { .. } => self.drop_request(),
            Command::AskSupplement { .. } => {
                self.drop_request();
                self.asked_at.push(self.step);
            }
            Command::Repin(asked) => {
                if self.step != Some(asked.step) {
                    self.drop_request();
                }
                self.step = Some(asked.step);
            }
            Command::Apologise(_) => self.apologies += 1,
            Command::AdmitToLane { .. } => self.in_lane = true,
            Command::AcknowledgeResult => self.result_back = true,
            Command::OpenCorrection(asked) => self.correcting = Some(asked.kind),
            Command::FinishCorrection { end, .. } => {
                let kind = self.correcting.take();
                self.superseded |=
                    *end == CorrectionEnd::Done && kind != Some(CorrectionKind::Amend);
            }
            Command::Task(act) => self.task_moved(act),
            _ => {}
        }
        self.enter(target)
    }

    fn begin(&mut self, step: usize) {
        self.step = Some(step);
        self.holder = None;
        self.drop_request();
    }

    fn drop_request(&mut self) {
        self.asks = false;
        self.ask_approved = false;
    }

    fn task_moved(&mut self, act: &TaskAct) {
        let (task, stage) = match act {
            TaskAct::Send { tasks, .. } => {
                return self.tasks.extend(tasks.iter().map(|_| Stage::Open));
            }
            TaskAct::Accept { task } => (*task, Stage::Accepted),
            TaskAct::Answer { task, .. } => (*task, Stage::Answered),
            TaskAct::Acknowledge { task }
            | TaskAct::Recall { task, .. }
            | TaskAct::Lapse { task } => (*task, Stage::Over),
        };
        self.tasks[usize::from(task) - 1] = stage;
    }

    /// The clock stands while the applicant is waited for; who is closed stands at no step.
    fn enter(mut self, state: StateKind) -> Self {
        self.state = state;
        match state {
            StateKind::Paused | StateKind::Obliged => self.clock_stands = true,
            StateKind::Processing => self.clock_stands = false,
            StateKind::Withdrawn | StateKind::Stopped | StateKind::Returned => {
                self.step = None;
                self.holder = None;
                self.has_draft = false;
                self.is_signed = false;
                self.is_approved = false;
            }
            _ => {}
        }
        self
    }
}

fn stage(state: &TaskState) -> Stage {
    match state {
        TaskState::Waiting | TaskState::Open => Stage::Open,
        TaskState::Accepted { .. } => Stage::Accepted,
        TaskState::Answered {
            acknowledged: None, ..
        } => Stage::Answered,
        TaskState::Answered { .. } | TaskState::Recalled { .. } | TaskState::Lapsed { .. } => {
            Stage::Over
        }
    }
}

/// Who the crate says gets work back after a refusal of the draft: the model does not know names.
fn named_as(mut model: Model, real: &Model) -> Model {
    if model.step == Some(EXAMINATION) && model.holder.is_none() {
        model.holder.clone_from(&real.holder);
    }
    model
}

/// What the crate did with each ask, and what the model says of it.
fn compare(asked: &Asked<'_>, model: &Model) -> Result<Model, String> {
    let kind = asked.command.kind();
    let at = format!("{} while {model:?}", kind.as_str());
    let is_move = after(model.state, kind).is_some();
    match &asked.said {
        Ok(_) if !model.is_possible(&asked.command) => Err(format!("done: {at}")),
        Ok(_) => {
            let real = Model::of(&asked.after.dossier);
            let moved = named_as(model.clone().moved(&asked.command), &real);
            if moved == real {
                Ok(moved)
            } else {
                Err(format!("{at}: became {real:?}, not {moved:?}"))
            }
        }
        Err(no) if is_move && NO_MOVE.contains(&no.rule().id()) => {
            Err(format!("no such move: {at}"))
        }
        Err(_) => Ok(model.clone()),
    }
}

fn any_course() -> impl Strategy<Value = Vec<Ask>> {
    (any_beginning(), any_asks()).prop_map(|(beginning, asks)| [beginning, asks].concat())
}

proptest! {
    #[test]
    fn the_crate_moves_as_the_model_says(world in any_world(), asks in any_course()) {
        let mut model = Model::new();
        for asked in history(&world, &asks) {
            let compared = compare(&asked, &model);
            prop_assert!(compared.is_ok(), "{}", compared.unwrap_err());
            model = compared.unwrap();
        }
    }
}

#[test]
fn random_histories_make_every_move_of_the_model_and_try_every_other() {
    let cells = StateKind::ALL
        .into_iter()
        .flat_map(|state| CommandKind::ALL.map(|kind| (state, kind)));
    let mut untried: BTreeSet<_> = cells.collect();
    let is_move = |cell: &&(StateKind, CommandKind)| after(cell.0, cell.1).is_some();
    let mut unmade: BTreeSet<_> = untried.iter().filter(is_move).copied().collect();
    let mut runner = TestRunner::deterministic();
    for _ in 0..40_000 {
        let world = any_world().new_tree(&mut runner).unwrap().current();
        let asks = any_course().new_tree(&mut runner).unwrap().current();
        for asked in history(&world, &asks) {
            let cell = (asked.before.dossier.kind(), asked.command.kind());
            untried.remove(&cell);
            if asked.said.is_ok() {
                unmade.remove(&cell);
            }
        }
        if untried.is_empty() && unmade.is_empty() {
            return;
        }
    }
    panic!("never tried: {untried:?}; never made: {unmade:?}");
}

#[test]
fn the_table_names_states_and_commands_that_exist() {
    let words = MOVES.split(|c: char| c.is_whitespace() || c == ',');
    for word in words.filter(|word| !word.is_empty() && *word != ".") {
        let known = StateKind::parse(word).is_some() || CommandKind::parse(word).is_some();
        assert!(known, "{word}");
    }
    let states = MOVES
        .lines()
        .filter_map(|line| StateKind::parse(line.trim()));
    assert_eq!(states.collect::<Vec<_>>(), StateKind::ALL);
}

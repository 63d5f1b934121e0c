//! Tasks of other agencies: each rule allows a case and refuses one.

use jiff::civil::{DateTime, date};

use super::commands::Given;
use super::rules::{allowed, refused};
use super::usual::{agency, agreeing, opinion, task, work};
use super::world::{Scene, text};
use crate::dossier::{
    Answering, Command, CommandKind, Event, NewTask, Refusal, Task, TaskAct, TaskOrder, TaskState,
};
use crate::rules::Rule;

fn november(day: i8, hour: i8) -> DateTime {
    date(2026, 11, day).at(hour, 0, 0, 0)
}

fn sending(tasks: Vec<NewTask>, order: TaskOrder) -> Command {
    Command::Task(TaskAct::Send {
        tasks,
        order,
        lead: agency("H56.14"),
    })
}

fn accepting(task: u16) -> Command {
    Command::Task(TaskAct::Accept { task })
}

fn answering(task: u16) -> Command {
    let answer = agreeing();
    Command::Task(TaskAct::Answer { task, answer })
}

fn recalling(task: u16) -> Command {
    let reason = Some(text("reason"));
    Command::Task(TaskAct::Recall { task, reason })
}

fn lapsing(task: u16) -> Command {
    Command::Task(TaskAct::Lapse { task })
}

/// At the step of approval, an opinion and work being asked of two agencies.
fn consulting(given: &Given, order: TaskOrder) -> Scene<'_> {
    let tasks = vec![opinion("H56.02"), work("H56.03")];
    given.at_step(3).does(&sending(tasks, order))
}

fn state(scene: &Scene<'_>, number: usize) -> TaskState {
    scene.dossier.record().unwrap().course.tasks[number - 1]
        .state
        .clone()
}

fn due(scene: &Scene<'_>, number: usize) -> Option<DateTime> {
    scene.dossier.record().unwrap().course.tasks[number - 1]
        .sent
        .due
}

#[test]
fn lt_01_tasks_are_sent_each_with_a_clock_of_its_own() {
    let given = Given::default();
    let sent = consulting(&given, TaskOrder::Together);
    assert_eq!(
        due(&sent, 1),
        Some(november(18, 17)),
        "the procedure's two days"
    );
    assert_eq!(due(&sent, 2), Some(november(17, 17)), "its own day");
}

#[test]
fn lt_01_a_task_without_terms_or_of_one_s_own_is_refused() {
    let mut given = Given::default();
    let rule = Rule::TaskTerms;
    let send = |tasks| sending(tasks, TaskOrder::Together);
    let scene = given.at_step(3);
    assert_eq!(refused(&scene, &send(Vec::new()), rule), Refusal::NoTask);
    let own = send(vec![work("H56.14")]);
    assert_eq!(refused(&scene, &own, rule), Refusal::OwnTask);
    given.world.procedure.consultation = None;
    let open = NewTask {
        silence_is_consent: false,
        ..opinion("H56.02")
    };
    let no = refused(&given.at_step(3), &send(vec![open]), rule);
    assert_eq!(no, Refusal::TaskWithoutLimit { task: 1 });
}

#[test]
fn lt_02_a_task_is_taken_answered_and_acknowledged_in_turn() {
    let given = Given::default();
    let scene = consulting(&given, TaskOrder::InOrder);
    assert_eq!(
        (state(&scene, 2), due(&scene, 2)),
        (TaskState::Waiting, None)
    );
    let taken = scene.by("other").does(&accepting(1));
    let answered = taken.hours_later(24).does(&answering(1));
    assert_eq!(state(&answered, 2), TaskState::Open);
    assert_eq!(
        due(&answered, 2),
        Some(november(18, 17)),
        "from its own turn"
    );
    let known = answered.does(&task(CommandKind::AcknowledgeAnswer));
    let TaskState::Answered { acknowledged, .. } = state(&known, 1) else {
        panic!("answered");
    };
    assert!(acknowledged.is_some());
    allowed(&known, &accepting(2));
}

#[test]
fn lt_02_out_of_turn_nothing_is_taken_answered_or_acknowledged() {
    let given = Given::default();
    let rule = Rule::TaskTurn;
    let scene = consulting(&given, TaskOrder::InOrder);
    let turn = |task| Refusal::NotItsTurn { task };
    assert_eq!(refused(&scene, &accepting(2), rule), turn(2));
    assert_eq!(
        refused(&scene, &answering(1), rule),
        turn(1),
        "not taken yet"
    );
    let gone = Refusal::NoSuchTask { task: 9 };
    assert_eq!(refused(&scene, &accepting(9), rule), gone);
    let acknowledge = task(CommandKind::AcknowledgeAnswer);
    let nothing = Refusal::NothingToAcknowledge { task: 1 };
    assert_eq!(refused(&scene, &acknowledge, rule), nothing);
    let taken = scene.does(&accepting(1));
    let undecided = Command::Task(TaskAct::Answer {
        task: 1,
        answer: Answering {
            agrees: None,
            ..agreeing()
        },
    });
    assert_eq!(refused(&taken, &undecided, rule), Refusal::OpinionMissing);
    let answered = taken.does(&answering(1));
    assert_eq!(refused(&answered, &answering(1), rule), turn(1));
    let over = Refusal::TaskOver { task: 1 };
    assert_eq!(refused(&answered, &recalling(1), rule), over);
}

#[test]
fn lt_03_approval_follows_when_work_is_done_and_opinions_are_there_or_late() {
    let given = Given::default();
    let scene = consulting(&given, TaskOrder::Together);
    let done = scene.does(&accepting(2)).does(&answering(2));
    let opined = done.clone().does(&accepting(1)).does(&answering(1));
    allowed(&opined, &Command::Forward);
    let late = done.hours_later(4 * 24);
    assert_eq!(
        late.dossier.record().unwrap().course.tasks[0].state,
        TaskState::Open
    );
    allowed(&late, &Command::Forward);
    let recalled = consulting(&given, TaskOrder::Together).does(&recalling(1));
    allowed(&recalled.does(&recalling(2)), &Command::Forward);
}

#[test]
fn lt_03_nothing_is_approved_while_work_is_open_or_an_opinion_may_come() {
    let given = Given::default();
    let rule = Rule::TasksAnswered;
    let scene = consulting(&given, TaskOrder::Together);
    let both = Refusal::TasksOpen { tasks: vec![1, 2] };
    assert_eq!(refused(&scene, &Command::Forward, rule), both);
    let late = scene.hours_later(10 * 24);
    let work = Refusal::TasksOpen { tasks: vec![2] };
    assert_eq!(refused(&late, &Command::Forward, rule), work);
}

#[test]
fn lt_04_silence_consents_when_its_time_is_over() {
    let given = Given::default();
    let late = consulting(&given, TaskOrder::InOrder).hours_later(2 * 24 + 10);
    let events = late.ask(&lapsing(1)).unwrap();
    let [
        Event::TaskLapsed { rule, .. },
        Event::TaskOpened { task: 2, .. },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(rule, "LT-04");
}

#[test]
fn lt_04_silence_does_not_consent_early_or_where_nothing_says_so() {
    let mut given = Given::default();
    let rule = Rule::SilenceConsents;
    let scene = consulting(&given, TaskOrder::Together);
    let early = Refusal::TaskTime {
        task: 1,
        until: Some(november(18, 17)),
    };
    assert_eq!(refused(&scene, &lapsing(1), rule), early);
    let work = Refusal::SilenceIsNoConsent { task: 2 };
    assert_eq!(refused(&scene.hours_later(240), &lapsing(2), rule), work);
    if let Some(terms) = &mut given.world.procedure.consultation {
        terms.silence_is_consent = false;
    }
    let send = sending(vec![opinion("H56.02")], TaskOrder::Together);
    let no = refused(&given.at_step(3), &send, rule);
    assert_eq!(no, Refusal::SilenceIsNoConsent { task: 1 });
}

#[test]
fn an_agency_sees_the_dossier_from_its_turn_on_unless_its_task_is_taken_back() {
    let given = Given::default();
    let shows = |scene: &Scene<'_>| -> Vec<bool> {
        let tasks = &scene.dossier.record().unwrap().course.tasks;
        tasks.iter().map(Task::shows_the_dossier).collect()
    };
    let scene = consulting(&given, TaskOrder::InOrder);
    assert_eq!(shows(&scene), [true, false]);
    let next = scene.does(&recalling(1));
    assert_eq!(shows(&next), [false, true]);
}

//! Tasks of other agencies: each rule allows a case and refuses one.

use jiff::civil::{DateTime, date};

use super::commands::Given;
use super::rules::{allowed, refused};
use super::usual::{agency, agreeing, opinion, task, work};
use super::world::{Scene, signing, text};
use crate::deadline::Limit;
use crate::dossier::{
    Answering, Command, CommandKind, Event, Lapsed, NewTask, Refusal, Task, TaskAct, TaskOrder,
    TaskState,
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
fn lt_01_tasks_each_with_a_clock_of_its_own_are_allowed() {
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
fn lt_02_taking_answering_and_acknowledging_in_turn_is_allowed() {
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
fn lt_02_taking_answering_or_acknowledging_out_of_turn_is_refused() {
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
fn lt_03_approval_is_allowed_when_work_is_done_and_opinions_are_there_or_late() {
    let given = Given::default();
    let scene = consulting(&given, TaskOrder::Together);
    let done = scene.does(&accepting(2)).does(&answering(2));
    let opined = done.clone().does(&accepting(1)).does(&answering(1));
    allowed(&opined, &signing());
    let late = done.hours_later(4 * 24);
    assert_eq!(
        late.dossier.record().unwrap().course.tasks[0].state,
        TaskState::Open
    );
    allowed(&late, &signing());
    let recalled = consulting(&given, TaskOrder::Together).does(&recalling(1));
    allowed(&recalled.does(&recalling(2)), &signing());
}

#[test]
fn lt_03_approval_is_refused_while_work_is_open_or_an_opinion_may_come() {
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
fn lt_04_consent_by_silence_is_allowed_when_its_time_is_over() {
    let given = Given::default();
    let late = consulting(&given, TaskOrder::InOrder).hours_later(2 * 24 + 10);
    let events = late.ask(&lapsing(1)).unwrap();
    let [
        Event::TaskLapsed(Lapsed { rule, .. }),
        Event::TaskOpened { task: 2, .. },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(rule, "LT-04");
}

#[test]
fn lt_04_consent_by_silence_is_refused_early_or_where_nothing_says_so() {
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
fn lt_04_silence_never_consents_before_the_time_of_the_procedure() {
    let mut given = Given::default();
    let rule = Rule::SilenceConsents;
    let within = |limit| NewTask {
        limit: Some(limit),
        ..opinion("H56.02")
    };
    let one_day = |order| sending(vec![within(Limit::working_days(1))], order);
    let soon = Refusal::SilenceTooSoon {
        task: 1,
        least: november(18, 17),
    };
    for order in [TaskOrder::Together, TaskOrder::InOrder] {
        let scene = given.at_step(3);
        assert_eq!(refused(&scene, &one_day(order), rule), soon);
    }
    // Other days are compared by the dates that they give.
    let calendar = |days| sending(vec![within(Limit::Days(days))], TaskOrder::Together);
    let scene = given.at_step(3);
    assert_eq!(refused(&scene, &calendar(1), rule), soon);
    allowed(&scene, &calendar(3));
    let long = scene.clone().does(&calendar(3));
    assert!(due(&long, 1) > Some(november(18, 17)));
    // Who does not wait for silence may ask for an answer sooner.
    let asked = NewTask {
        silence_is_consent: false,
        ..within(Limit::working_days(1))
    };
    allowed(&scene, &sending(vec![asked], TaskOrder::Together));
    // A procedure that names no time has none after which silence speaks.
    if let Some(terms) = &mut given.world.procedure.consultation {
        terms.limit = None;
    }
    let no = refused(&given.at_step(3), &calendar(30), rule);
    assert_eq!(no, Refusal::SilenceIsNoConsent { task: 1 });
}

#[test]
fn lt_04_a_task_on_record_with_less_time_consents_in_the_time_of_the_procedure() {
    let mut given = Given::default();
    let on_record = consulting(&given, TaskOrder::Together).dossier;
    if let Some(terms) = &mut given.world.procedure.consultation {
        terms.limit = Some(Limit::working_days(4));
    }
    let mut later = given.at_step(3);
    later.dossier = on_record;
    let after_its_own = later.clone().hours_later(3 * 24);
    let no = refused(&after_its_own, &lapsing(1), Rule::SilenceConsents);
    assert!(matches!(no, Refusal::TaskTime { task: 1, until } if until > Some(november(19, 17))));
    allowed(&later.hours_later(10 * 24), &lapsing(1));
}

/// Three opinions, one after the other, which silence does not give.
fn in_order(given: &Given) -> Scene<'_> {
    let asked = ["H56.02", "H56.03", "H56.04"].map(|at| NewTask {
        silence_is_consent: false,
        ..opinion(at)
    });
    given
        .at_step(3)
        .does(&sending(asked.to_vec(), TaskOrder::InOrder))
}

#[test]
fn lt_02_an_overdue_opinion_gives_the_next_agency_its_turn_and_may_still_come() {
    let given = Given::default();
    let scene = in_order(&given);
    let early = Refusal::TaskTime {
        task: 1,
        until: Some(november(18, 17)),
    };
    assert_eq!(refused(&scene, &lapsing(1), Rule::SilenceConsents), early);
    let late = scene.hours_later(3 * 24);
    let events = late.ask(&lapsing(1)).unwrap();
    assert!(
        matches!(&events[..], [Event::TaskOpened { task: 2, .. }]),
        "{events:?}"
    );
    let second = late.does(&lapsing(1));
    let states = [1, 2, 3].map(|number| state(&second, number));
    assert_eq!(
        states,
        [TaskState::Open, TaskState::Open, TaskState::Waiting]
    );
    // The turn goes on once; the late one is answered beside it and opens nothing.
    let again = refused(&second, &lapsing(1), Rule::SilenceConsents);
    assert_eq!(again, Refusal::SilenceIsNoConsent { task: 1 });
    let answered = second.does(&accepting(1)).does(&answering(1));
    assert_eq!(state(&answered, 3), TaskState::Waiting);
    let TaskState::Answered { answer, .. } = state(&answered, 1) else {
        panic!("answered");
    };
    assert!(answer.late);
    let both = answered.does(&accepting(2)).does(&answering(2));
    assert_eq!(state(&both, 3), TaskState::Open);
}

#[test]
fn lt_03_an_opinion_still_to_be_asked_holds_up_until_its_turn_is_over() {
    let given = Given::default();
    let scene = in_order(&given);
    let open = |tasks: &[u16]| Refusal::TasksOpen {
        tasks: tasks.to_vec(),
    };
    let rule = Rule::TasksAnswered;
    assert_eq!(refused(&scene, &Command::Forward, rule), open(&[1, 2, 3]));
    // The first is late; until the program has given the second its turn nobody approves past it.
    let late = scene.hours_later(3 * 24);
    assert_eq!(refused(&late, &Command::Forward, rule), open(&[2, 3]));
    let second = late.does(&lapsing(1));
    assert_eq!(refused(&second, &Command::Forward, rule), open(&[2, 3]));
    let third = second.hours_later(10 * 24);
    assert_eq!(refused(&third, &Command::Forward, rule), open(&[3]));
    let asked = third.does(&lapsing(2));
    assert_eq!(refused(&asked, &Command::Forward, rule), open(&[3]));
    allowed(&asked.hours_later(10 * 24), &signing());
}

#[test]
fn lt_03_silence_that_consents_opens_the_next_turn_before_anybody_approves() {
    let given = Given::default();
    let asked = ["H56.02", "H56.03"].map(opinion);
    let scene = given
        .at_step(3)
        .does(&sending(asked.to_vec(), TaskOrder::InOrder));
    let late = scene.hours_later(3 * 24);
    let two = Refusal::TasksOpen { tasks: vec![2] };
    assert_eq!(refused(&late, &Command::Forward, Rule::TasksAnswered), two);
    let turn = late.does(&lapsing(1));
    assert_eq!(refused(&turn, &Command::Forward, Rule::TasksAnswered), two);
    allowed(&turn.hours_later(10 * 24), &signing());
}

#[test]
fn lt_03_work_that_waits_behind_an_overdue_opinion_holds_up() {
    let given = Given::default();
    let late = consulting(&given, TaskOrder::InOrder).hours_later(3 * 24);
    let work = Refusal::TasksOpen { tasks: vec![2] };
    assert_eq!(refused(&late, &Command::Forward, Rule::TasksAnswered), work);
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

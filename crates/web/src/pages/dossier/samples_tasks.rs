//! Samples of tasks of other agencies: on the page of their dossier, in their forms, in their lists.

use app::forms::Typed;
use app::no::Fault;
use app::processing::{DossierPage, Told};
use app::tasks::{Side, TaskCounts, TaskLine, TaskList, TaskView};
use askama::Template;
use domain::deadline::Limit;
use domain::dossier::{
    Answer, CommandKind, Dossier, Event, SentTask, Task, TaskKind, TaskOrder, TaskState, TasksSent,
};
use domain::ids::{FileHash, TextId, UnitId};
use domain::procedure::ConsultationRule;
use jiff::ToSpan as _;
use jiff::civil::DateTime;

use crate::pages::intake::samples::desk;
use crate::pages::samples::{Shown, TasksPage};
use crate::present::Marker;
use crate::samples::page;
use crate::state::LocalToken;

use super::act::ActShown;
use super::form::{Making, form};
use super::page::DossierShown;
use super::samples::{EN, VI, at, received, record, shown, staff, unit, view};

fn text(id: &str) -> TextId {
    TextId::parse(id).unwrap()
}

fn hours(hours: i64) -> DateTime {
    received().checked_add(hours.hours()).unwrap()
}

fn task(number: u16, kind: TaskKind, state: TaskState) -> Task {
    let waits = state == TaskState::Waiting;
    Task {
        sent: SentTask {
            number,
            agency: UnitId::parse("H56.03").unwrap(),
            kind,
            content: text("asked"),
            limit: Limit::working_days(2),
            silence_is_consent: kind == TaskKind::Opinion,
            due: (!waits).then(|| hours(48)),
        },
        sent_at: received(),
        batch: 1,
        lead: unit(),
        opened_at: (!waits).then(received),
        state,
    }
}

fn answer() -> Answer {
    Answer {
        at: hours(20),
        by: staff(),
        behalf: None,
        text: text("answer"),
        agrees: Some(false),
        document: Some(FileHash::parse(&"c".repeat(64)).unwrap()),
        late: true,
    }
}

/// One task in each state.
fn tasks() -> Vec<Task> {
    let (opinion, work) = (TaskKind::Opinion, TaskKind::Work);
    let (by, taken) = (staff(), hours(1));
    vec![
        task(1, opinion, TaskState::Open),
        task(2, work, TaskState::Accepted { by, at: taken }),
        task(
            3,
            opinion,
            TaskState::Answered {
                answer: answer(),
                acknowledged: None,
            },
        ),
        task(
            4,
            opinion,
            TaskState::Answered {
                answer: Answer {
                    agrees: Some(true),
                    late: false,
                    document: None,
                    ..answer()
                },
                acknowledged: Some((staff(), hours(22))),
            },
        ),
        task(5, work, TaskState::Waiting),
        task(
            6,
            opinion,
            TaskState::Recalled {
                at: hours(3),
                reason: text("reason"),
            },
        ),
        task(7, opinion, TaskState::Lapsed { at: hours(49) }),
    ]
}

/// The page of a dossier whose tasks may be answered and so on.
fn consulted() -> DossierPage {
    let may = |task: &Task| match task.state {
        TaskState::Open => vec![CommandKind::AcceptTask, CommandKind::RecallTask],
        TaskState::Accepted { .. } => vec![CommandKind::AnswerTask],
        TaskState::Answered {
            acknowledged: None, ..
        } => vec![CommandKind::AcknowledgeAnswer],
        _ => Vec::new(),
    };
    let mut record = record();
    record.course.tasks = tasks();
    let actions = [
        CommandKind::Forward,
        CommandKind::SendTasks,
        CommandKind::AcceptTask,
        CommandKind::AnswerTask,
    ];
    let mut found = shown(Dossier::Processing(record, at(1, None)), &actions);
    let sent = TasksSent {
        at: received(),
        by: staff(),
        behalf: None,
        order: TaskOrder::Together,
        lead: unit(),
        tasks: tasks().into_iter().map(|task| task.sent).collect(),
    };
    let told = |event: Event| Told {
        version: 3,
        at: event.at(),
        event,
        who: "Lê Thị Minh Thu".to_owned(),
        behalf: String::new(),
        text: String::new(),
    };
    let accepted = Event::TaskAccepted {
        at: hours(1),
        task: 2,
        by: staff(),
        behalf: None,
    };
    found.story = [Event::TasksSent(sent), accepted].map(told).to_vec();
    found.words = [
        ("asked", "Hồ sơ có phù hợp <quy hoạch> không?"),
        ("answer", "Chưa phù hợp & cần chỉnh"),
        ("reason", "Gửi nhầm"),
    ]
    .map(|(id, words)| (id.to_owned(), words.to_owned()))
    .into();
    let view = |task: Task| TaskView {
        may: may(&task),
        task,
    };
    found.tasks = tasks().into_iter().map(view).collect();
    found
}

#[test]
fn each_task_shows_its_clock_and_both_names() {
    let found = consulted();
    for (name, w) in [("dossier-tasks", VI), ("dossier-tasks-en", EN)] {
        let v = view(w, &found);
        let commands: Vec<&str> = v.acts.iter().map(|act| act.command).collect();
        assert_eq!(
            commands,
            ["forward", "send_tasks"],
            "others stand with their task"
        );
        let states: Vec<&str> = v
            .tasks
            .iter()
            .map(|task| task.mark.class.as_str())
            .collect();
        let (runs, done, still) = ("due-far", "due-done", "due-paused");
        assert_eq!(states, [runs, runs, done, done, still, still, done]);
        let html = DossierShown {
            frame: desk(w),
            w,
            v,
        };
        page(name, &html.render().unwrap());
    }
}

fn drawn(command: CommandKind, typed: &Typed, faults: &[Fault]) -> String {
    let mut found = consulted();
    let procedure = std::sync::Arc::make_mut(&mut found.procedure);
    procedure.consultation = Some(ConsultationRule {
        limit: Some(Limit::Days(15)),
        silence_is_consent: true,
        basis: "QĐ 973/QĐ-BNNMT".to_owned(),
    });
    let making = Making {
        w: VI,
        page: &found,
        command,
        typed,
        faults,
        saved: None,
        key: "key-0001".to_owned(),
        agencies: vec!["H56.03 · Sở Tư pháp".to_owned()],
        readable: None,
        local_token: LocalToken::default(),
    };
    let v = form(making);
    ActShown {
        frame: desk(VI),
        w: VI,
        v,
    }
    .render()
    .unwrap()
}

#[test]
fn forms_of_tasks_keep_what_was_typed() {
    let mut typed = Typed::default();
    for (name, value) in [
        ("agency1", "Sở"),
        ("content3", "Hỏi <gì>"),
        ("task", "2"),
        ("agrees", "no"),
    ] {
        typed.set(name, value);
    }
    let wrong = [
        Fault::new("agency1", "fault.agency_unknown"),
        Fault::new("content1", "fault.task_content"),
        Fault::new("days3", "fault.task_days"),
    ];
    page(
        "act-send_tasks-wrong",
        &drawn(CommandKind::SendTasks, &typed, &wrong),
    );
    page(
        "act-answer_task-2",
        &drawn(CommandKind::AnswerTask, &typed, &[]),
    );
    typed.set("task", "3");
    let opinion = drawn(CommandKind::AnswerTask, &typed, &[]);
    assert!(opinion.contains("name=\"agrees\"") && opinion.contains("value=\"no\" checked"));
    page("act-answer_task-3", &opinion);
}

fn line(number: i64, state: &str) -> TaskLine {
    TaskLine {
        dossier: "01a".to_owned(),
        number,
        agency: "H56.03".to_owned(),
        sender: "H56.102".to_owned(),
        kind: "opinion".to_owned(),
        state: state.to_owned(),
        consents: number % 2,
        holder: None,
        opened_at: 1_795_280_400_000,
        due_at: 1_795_280_400_000,
        ended_at: (state == "answered").then_some(1_795_280_400_000),
        code: Some("H56.102-261112-0018".to_owned()),
        procedure_name: "Đăng ký <khai> sinh & nhận con".to_owned(),
        owner_name: "Phạm <Văn> Khánh".to_owned(),
    }
}

#[test]
fn lists_of_tasks() {
    let list = |rows: Vec<TaskLine>| TaskList {
        next: rows.first().map(TaskLine::key),
        rows,
        counts: TaskCounts {
            open: 3,
            late: 2,
            answered: 1,
            ..TaskCounts::default()
        },
        now: received(),
    };
    let both = [Side::Asked, Side::Sent];
    for (name, w, side, rows) in [
        (
            "tasks",
            VI,
            Side::Asked,
            vec![line(1, "open"), line(2, "accepted")],
        ),
        ("tasks-en", EN, Side::Sent, vec![line(1, "answered")]),
        ("tasks-none", VI, Side::Received, Vec::new()),
    ] {
        let sides: &[Side] = if side == Side::Received {
            &[Side::Received]
        } else {
            &both
        };
        let seen = Shown {
            side,
            part: "late",
            sides,
            at: None,
            units: &[],
            further: name == "tasks",
        };
        let marker = Marker::standing(w, received());
        let found = (&list(rows), &|id: &UnitId| {
            format!("Cơ quan {id}") as String
        });
        let html = TasksPage::new(desk(w), &marker, &seen, (found.0, found.1));
        page(name, &html.render().unwrap());
    }
}

//! Tasks of other agencies: their lists, their counts, and what the check finds.

use domain::deadline::{Limit, UrgencyBounds};
use domain::dossier::{Answer, Event, Lapsed, SentTask, TaskKind, TaskOrder, TasksSent};
use jiff::civil::DateTime;
use store::Store;
use store::faults::spoil;
use store::views::{TaskCounts, TaskFilter, TaskKey, TaskLine, TaskScope};

use crate::world::{
    CENTRE, DECIDES, after, finished, go_on, handed_over, id, noon, publish, receive, settled,
    staff, text, to_settled, unit,
};

const TAX: &str = "H56.20";
const LAND: &str = "H56.21";

fn sent(tasks: &[(u16, &str, Option<DateTime>)], order: TaskOrder) -> Event {
    let task = |(number, agency, due): &(u16, &str, Option<DateTime>)| SentTask {
        number: *number,
        agency: unit(agency),
        kind: TaskKind::Opinion,
        content: text("asked"),
        limit: Limit::working_days(2),
        silence_is_consent: *agency == TAX,
        due: *due,
    };
    Event::TasksSent(TasksSent {
        at: noon(),
        by: staff("officer"),
        behalf: None,
        order,
        lead: unit(DECIDES),
        tasks: tasks.iter().map(task).collect(),
    })
}

fn accepted(task: u16) -> Event {
    Event::TaskAccepted {
        at: noon(),
        task,
        by: staff("taxman"),
        behalf: None,
    }
}

fn answered(task: u16) -> Event {
    let answer = Answer {
        at: after(1),
        by: staff("taxman"),
        behalf: None,
        text: text("answer"),
        agrees: Some(true),
        document: None,
        late: false,
    };
    Event::TaskAnswered { task, answer }
}

fn acknowledged(task: u16) -> Event {
    Event::AnswerAcknowledged {
        at: after(2),
        task,
        by: staff("officer"),
        behalf: None,
    }
}

/// A dossier at work whose tasks were sent: tax within so many hours, land later.
async fn consulting(store: &Store, name: &str, hours: i64) {
    receive(store, name, "An").await;
    let tasks = [
        (1, TAX, Some(after(hours))),
        (2, LAND, Some(after(hours + 24))),
    ];
    let events = vec![handed_over(), sent(&tasks, TaskOrder::Together)];
    go_on(store, name, events).await.unwrap();
}

async fn list(store: &Store, scope: TaskScope) -> Vec<TaskLine> {
    let filter = TaskFilter {
        scope,
        due: None,
        after: None,
        limit: 50,
    };
    store.views().tasks(&filter).await.unwrap()
}

fn told(lines: &[TaskLine]) -> Vec<(&str, i64, &str)> {
    let told = lines.iter();
    told.map(|line| (line.dossier.as_str(), line.number, line.state.as_str()))
        .collect()
}

fn asked(agency: &str) -> TaskScope {
    TaskScope::Asked(unit(agency))
}

fn senders() -> TaskScope {
    TaskScope::Sent(unit(DECIDES))
}

async fn clean(store: &Store) {
    assert_eq!(store.check().await.unwrap().differences, []);
}

pub(crate) async fn a_task_is_listed_from_its_turn_until_it_is_acknowledged(store: &Store) {
    publish(store).await;
    consulting(store, "d-1", 4).await;
    let lines = list(store, asked(TAX)).await;
    assert_eq!(told(&lines), [("d-1", 1, "open")]);
    assert_eq!((lines[0].due(), lines[0].consents), (Some(after(4)), 1));
    assert_eq!(lines[0].owner_name, "An");
    assert_eq!(
        told(&list(store, senders()).await),
        [("d-1", 1, "open"), ("d-1", 2, "open")]
    );
    go_on(store, "d-1", vec![accepted(1)]).await.unwrap();
    let lines = list(store, asked(TAX)).await;
    assert_eq!(told(&lines), [("d-1", 1, "accepted")]);
    assert_eq!(lines[0].holder.as_deref(), Some("taxman"));
    clean(store).await;
    go_on(store, "d-1", vec![answered(1)]).await.unwrap();
    assert_eq!(told(&list(store, asked(TAX)).await), []);
    let lines = list(store, senders()).await;
    assert_eq!(told(&lines), [("d-1", 1, "answered"), ("d-1", 2, "open")]);
    assert_eq!(lines[0].ended(), Some(after(1)));
    clean(store).await;
    go_on(store, "d-1", vec![acknowledged(1)]).await.unwrap();
    assert_eq!(told(&list(store, senders()).await), [("d-1", 2, "open")]);
    clean(store).await;
}

pub(crate) async fn what_waits_for_its_turn_is_nobody_s(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let tasks = [(1, TAX, Some(after(4))), (2, LAND, None)];
    let events = vec![handed_over(), sent(&tasks, TaskOrder::InOrder)];
    go_on(store, "d-1", events).await.unwrap();
    assert_eq!(told(&list(store, asked(LAND)).await), []);
    let opened = Event::TaskOpened {
        at: after(1),
        task: 2,
        due: after(30),
    };
    let events = vec![accepted(1), answered(1), opened];
    go_on(store, "d-1", events).await.unwrap();
    let lines = list(store, asked(LAND)).await;
    assert_eq!(told(&lines), [("d-1", 2, "open")]);
    assert_eq!(
        (lines[0].opened(), lines[0].due()),
        (after(1), Some(after(30)))
    );
    clean(store).await;
}

pub(crate) async fn tasks_end_with_the_dossier(store: &Store) {
    publish(store).await;
    consulting(store, "d-1", 4).await;
    let done = to_settled()[1..].to_vec();
    assert!(done.contains(&finished(2)) && done.contains(&settled()));
    go_on(store, "d-1", done).await.unwrap();
    assert_eq!(told(&list(store, senders()).await), []);
    clean(store).await;
}

pub(crate) async fn tasks_are_read_page_by_page_and_counted(store: &Store) {
    publish(store).await;
    for n in 0..5_i64 {
        consulting(store, &format!("d-{n}"), n % 2 * 10 + 2).await;
    }
    let scope = TaskScope::Received(unit(CENTRE));
    let mut filter = TaskFilter {
        scope: scope.clone(),
        due: None,
        after: None,
        limit: 3,
    };
    let mut found = Vec::new();
    loop {
        let page = store.views().tasks(&filter).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some(last.key().to_string().parse::<TaskKey>().unwrap());
        found.extend(page);
    }
    let whole = list(store, scope.clone()).await;
    assert_eq!((found.len(), found == whole), (10, true));
    assert!(whole.is_sorted_by_key(|line| (line.due_at, line.dossier.clone(), line.number)));
    go_on(store, "d-0", vec![accepted(1), answered(1)])
        .await
        .unwrap();
    let bounds = UrgencyBounds {
        late_before: after(3),
        today_until: after(13),
        soon_until: after(27),
    };
    let views = store.views();
    let expected = TaskCounts {
        open: 10,
        late: 2,
        today: 2,
        soon: 3,
        far: 2,
        answered: 1,
    };
    assert_eq!(
        views.task_counts(&senders(), &bounds).await.unwrap(),
        expected
    );
    let of_tax = TaskCounts {
        open: 4,
        late: 2,
        today: 2,
        ..TaskCounts::default()
    };
    let counted = views.task_counts(&asked(TAX), &bounds).await.unwrap();
    assert_eq!(counted, of_tax);
    let late = TaskFilter {
        scope: senders(),
        due: Some(DateTime::MIN..after(3)),
        after: None,
        limit: 50,
    };
    let late = views.tasks(&late).await.unwrap();
    assert_eq!(told(&late), [("d-2", 1, "open"), ("d-4", 1, "open")]);
}

pub(crate) async fn silence_is_found_once_its_time_is_over(store: &Store) {
    publish(store).await;
    consulting(store, "d-1", 4).await;
    consulting(store, "d-2", 2).await;
    let silent = async |hours| {
        let (now, start) = (after(hours), TaskKey::default());
        let found = store.views().ended_tasks(now, &start, 9).await.unwrap();
        found
            .into_iter()
            .map(|found| found.task().unwrap())
            .map(|(dossier, task)| (dossier.to_string(), task))
            .collect::<Vec<_>>()
    };
    assert_eq!(silent(2).await, []);
    assert_eq!(silent(3).await, [("d-2".to_owned(), 1)]);
    // Land's silence is no consent, however late it is.
    let both = [("d-2".to_owned(), 1), ("d-1".to_owned(), 1)];
    assert_eq!(silent(999).await, both);
    // One by one, each after the one before, and none twice.
    let (views, mut last, mut paged) = (store.views(), TaskKey::default(), Vec::new());
    while let Some(next) = views.ended_tasks(after(999), &last, 1).await.unwrap().pop() {
        let (dossier, task) = next.task().unwrap();
        paged.push((dossier.to_string(), task));
        last = next;
    }
    assert_eq!(paged, both);
    let lapsed = Event::TaskLapsed(Lapsed {
        at: after(3),
        task: 1,
        rule: "LT-04".to_owned(),
    });
    go_on(store, "d-2", vec![lapsed]).await.unwrap();
    assert_eq!(silent(999).await, [("d-1".to_owned(), 1)]);
    clean(store).await;
}

pub(crate) async fn a_late_opinion_behind_which_another_waits_is_found_once(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let tasks = [(1, LAND, Some(after(4))), (2, "H56.22", None)];
    let events = vec![handed_over(), sent(&tasks, TaskOrder::InOrder)];
    go_on(store, "d-1", events).await.unwrap();
    let ended = async || {
        let (now, start) = (after(999), TaskKey::default());
        let found = store.views().ended_tasks(now, &start, 9).await.unwrap();
        let found = found.into_iter().map(|found| found.task().unwrap().1);
        found.collect::<Vec<u16>>()
    };
    assert_eq!(ended().await, [1]);
    let opened = Event::TaskOpened {
        at: after(5),
        task: 2,
        due: after(30),
    };
    go_on(store, "d-1", vec![opened]).await.unwrap();
    assert_eq!(ended().await, Vec::<u16>::new(), "the next has its turn");
    let both = [("d-1", 1, "open"), ("d-1", 2, "open")];
    assert_eq!(told(&list(store, senders()).await), both);
    clean(store).await;
}

pub(crate) async fn altered_missing_and_foreign_tasks_are_named_and_rebuilt(store: &Store) {
    publish(store).await;
    consulting(store, "d-1", 4).await;
    for sql in [
        "UPDATE task_item SET agency = 'H56.99' WHERE number = 1",
        "DELETE FROM task_item WHERE number = 2",
        "INSERT INTO task_item SELECT dossier, 7, agency, sender, receiving, kind, state, consents, \
         ends, holder, opened_at, due_at, ended_at FROM task_item WHERE number = 1",
        "INSERT INTO task_item SELECT 'zz', 1, agency, sender, receiving, kind, state, consents, \
         ends, holder, opened_at, due_at, ended_at FROM task_item WHERE number = 7",
    ] {
        assert_eq!(spoil(store, sql).await.unwrap(), 1, "{sql}");
    }
    let report = store.check().await.unwrap();
    let found: Vec<String> = report.differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "task_item d-1/1, agency: expected \"H56.20\", found \"H56.99\"",
            "task_item d-1/2, row: expected a row, found none",
            "task_item d-1/7, row: expected none, found a row",
            "task_item zz, row: expected none: it has no events, found a row",
        ]
    );
    store.rebuild_views().await.unwrap();
    clean(store).await;
    let again = store.load(&id("d-1")).await.unwrap();
    assert_eq!(again.dossier.record().unwrap().course.tasks.len(), 2);
}

//! Reading by position, work lists.

use domain::deadline::UrgencyBounds;
use domain::dossier::Event;
use domain::office::Role;
use store::views::{Counts, Filter, Scope, WorkClock};
use store::{Position, Store, faults};

use crate::world::{
    CENTRE, DECIDES, after, asked, assigned, go_on, handed_over, id, noon, receive, reception,
    returned, staff, submitted, to_settled, unit,
};

pub(crate) async fn a_reader_by_position_never_skips_a_late_commit(store: &Store) {
    receive(store, "d-0", "An").await;
    let gate = faults::hold("after_rows");
    let (slow, fast, reader) = (store.clone(), store.clone(), store.clone());
    let slow = tokio::spawn(async move { receive(&slow, "slow", "An").await });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let fast = tokio::spawn(async move {
        let batch = crate::world::batch(
            store::Loaded::absent(id("fast")),
            vec![submitted("Ba", noon())],
        );
        let names = Some(crate::world::names("Ba"));
        fast.append(store::Batch { names, ..batch }).await.unwrap()
    });
    let mut seen = Vec::new();
    let mut at = Position::START;
    // A database in memory has one connection, which the slow write holds: it is read afterwards.
    let wait = std::time::Duration::from_millis(300);
    if let Ok(page) = tokio::time::timeout(wait, reader.events_after(at, 100)).await {
        seen.extend(page.unwrap());
        at = seen.last().map_or(at, |recorded| recorded.position);
    }
    gate.notify_one();
    slow.await.unwrap();
    fast.await.unwrap();
    // On PostgreSQL other transactions of the cluster, too, delay what may be read.
    for _ in 0..200 {
        seen.extend(reader.events_after(at, 100).await.unwrap());
        at = seen.last().map_or(at, |recorded| recorded.position);
        if seen.len() >= 5 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let mut streams: Vec<(&str, u32)> = seen
        .iter()
        .map(|recorded| (recorded.dossier.as_str(), recorded.version))
        .collect();
    streams.sort_unstable();
    assert_eq!(
        streams,
        [
            ("d-0", 1),
            ("d-0", 2),
            ("fast", 1),
            ("slow", 1),
            ("slow", 2)
        ]
    );
    assert!(seen.is_sorted_by_key(|recorded| recorded.position));
}

pub(crate) async fn a_work_list_is_read_page_by_page(store: &Store) {
    for n in 0..7_i64 {
        let due = (n % 3 != 0).then(|| after(n % 3));
        store
            .append(reception(&format!("d-{n}"), "An", due))
            .await
            .unwrap();
    }
    let mut filter = Filter {
        limit: 3,
        ..Filter::new(Scope::Unit(unit(CENTRE)))
    };
    let mut found = Vec::new();
    loop {
        let page = store.views().work(&filter).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some(last.key().to_string().parse().unwrap());
        found.extend(page.into_iter().map(|row| row.dossier));
    }
    assert_eq!(found, ["d-1", "d-4", "d-2", "d-5", "d-0", "d-3", "d-6"]);
    let due = Some(after(1)..after(2));
    let filter = Filter {
        due,
        ..Filter::new(Scope::Unit(unit(CENTRE)))
    };
    let page = store.views().work(&filter).await.unwrap();
    assert_eq!(
        page.iter()
            .map(|row| row.dossier.as_str())
            .collect::<Vec<_>>(),
        ["d-1", "d-4"]
    );
    assert_eq!(page[0].due(), Some(after(1)));
}

fn bounds() -> UrgencyBounds {
    UrgencyBounds {
        late_before: noon(),
        today_until: after(12),
        soon_until: after(36),
    }
}

pub(crate) async fn work_is_counted_by_how_soon_it_is_due(store: &Store) {
    let views = store.views();
    let scope = Scope::Unit(unit(CENTRE));
    assert_eq!(
        views.work_counts(&scope, &bounds()).await.unwrap(),
        Counts::default()
    );
    for (n, due) in [Some(-1), Some(0), Some(11), Some(12), Some(36), None]
        .iter()
        .enumerate()
    {
        let due = due.map(after);
        store
            .append(reception(&format!("d-{n}"), "An", due))
            .await
            .unwrap();
    }
    let counts = views.work_counts(&scope, &bounds()).await.unwrap();
    let expected = Counts {
        open: 6,
        late: 1,
        today: 2,
        soon: 1,
        far: 1,
        no_limit: 1,
        paused: 0,
        done: 0,
    };
    assert_eq!(counts, expected);
    let clerks = Scope::UnitRoles(unit(CENTRE), vec![Role::ReceptionClerk, Role::Leader]);
    assert_eq!(
        views.work_counts(&clerks, &bounds()).await.unwrap(),
        expected
    );
    let leaders = Scope::UnitRoles(unit(CENTRE), vec![Role::Leader]);
    assert_eq!(
        views.work_counts(&leaders, &bounds()).await.unwrap(),
        Counts::default()
    );
}

pub(crate) async fn paused_and_settled_work_is_counted_apart(store: &Store) {
    for name in ["d-1", "d-2", "d-3"] {
        receive(store, name, "An").await;
    }
    go_on(store, "d-2", vec![asked()]).await.unwrap();
    go_on(store, "d-3", to_settled()).await.unwrap();
    let scope = Scope::Unit(unit(CENTRE));
    let counts = store.views().work_counts(&scope, &bounds()).await.unwrap();
    assert_eq!(
        (counts.open, counts.soon, counts.paused, counts.done),
        (3, 1, 1, 1)
    );
    for (clock, name) in [
        (WorkClock::Running, "d-1"),
        (WorkClock::Paused, "d-2"),
        (WorkClock::Done, "d-3"),
    ] {
        let filter = Filter {
            clock: Some(clock),
            ..Filter::new(scope.clone())
        };
        let page = store.views().work(&filter).await.unwrap();
        assert_eq!(
            page.iter().map(|r| r.dossier.as_str()).collect::<Vec<_>>(),
            [name]
        );
        assert_eq!(page[0].clock(), clock);
    }
}

pub(crate) async fn work_follows_the_dossier_until_it_is_closed(store: &Store) {
    let at = async |scope: Scope| {
        let rows = store.views().work(&Filter::new(scope)).await.unwrap();
        rows.into_iter()
            .map(|row| (row.role, row.step_name, row.note))
            .collect::<Vec<_>>()
    };
    let row = |role: &str, step: &str, note: &str| {
        vec![(
            role.to_owned(),
            step.to_owned(),
            format!("dossier.{note}.v1"),
        )]
    };
    let (centre, competent) = (Scope::Unit(unit(CENTRE)), Scope::Unit(unit(DECIDES)));
    let officer = Scope::Holder(staff("officer"));
    receive(store, "d-1", "An").await;
    assert_eq!(
        at(centre.clone()).await,
        row("reception_clerk", "Tiếp nhận", "received")
    );
    go_on(store, "d-1", vec![handed_over()]).await.unwrap();
    assert_eq!(at(centre.clone()).await, []);
    assert_eq!(
        at(competent.clone()).await,
        row("case_officer", "Thẩm định", "handed_over")
    );
    assert_eq!(at(officer.clone()).await, []);
    go_on(store, "d-1", vec![assigned("officer")])
        .await
        .unwrap();
    assert_eq!(
        at(officer.clone()).await,
        row("case_officer", "Thẩm định", "assigned")
    );
    go_on(store, "d-1", to_settled()[1..].to_vec())
        .await
        .unwrap();
    assert_eq!(at(officer).await, []);
    assert_eq!(
        at(centre.clone()).await,
        row("reception_clerk", "Trả kết quả", "settled")
    );
    go_on(store, "d-1", vec![returned()]).await.unwrap();
    assert_eq!((at(centre).await, at(competent).await), (vec![], vec![]));
    let slip = Event::SlipIssued {
        at: after(9),
        form: domain::slip::Form::Receipt,
        file: domain::ids::FileHash::parse(&"b".repeat(64)).unwrap(),
    };
    go_on(store, "d-1", vec![slip]).await.unwrap();
    let closed = store
        .views()
        .dossier_row(&id("d-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(closed.closed_at, Some(store::time::to_millis(noon())));
}

pub(crate) async fn a_restored_log_is_read_after_migrating(store: &Store) {
    receive(store, "d-1", "An").await;
    // As if the rows came from a server that had seen many more transactions.
    faults::spoil(store, "UPDATE event SET xact = 9000000000000")
        .await
        .unwrap();
    store.migrate().await.unwrap();
    let read = store.events_after(Position::START, 9).await.unwrap();
    assert_eq!(read.len(), 2);
}

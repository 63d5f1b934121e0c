//! Issuing in time, and numbers of results that are given once.

use domain::dossier::{Escalation, Event, Signature, Warning, Watch};
use domain::ids::CertificateId;
use jiff::civil::DateTime;
use store::faults::spoil;
use store::views::{Filter, Scope, UnitCount};
use store::{AlertFilter, AlertScope, AppendError, Look, NewAlert, Store};

use crate::counting::units;
use crate::world::{
    CENTRE, DECIDES, after, drafted, file, finished, go_on, handed_over, id, made, noon, publish,
    receive, settled, staff, to_settled, unit,
};

const REGISTER: &str = "result:H56.15:2026";

/// The way to a settlement with that number, which was to be issued until then.
fn numbered(number: u32, until: Option<DateTime>) -> Vec<Event> {
    let Event::Settled {
        mut issued,
        step_due,
        refund,
    } = settled()
    else {
        panic!("the world settles");
    };
    issued.number = format!("{number:02}/KQ-{DECIDES}");
    issued.issue_by = until;
    let mut events = to_settled();
    *events.last_mut().unwrap() = Event::Settled {
        issued,
        step_due,
        refund,
    };
    events
}

async fn settle(store: &Store, name: &str, number: u32) -> Result<(), AppendError> {
    receive(store, name, "An").await;
    let done = go_on(store, name, numbered(number, None)).await;
    done.map(drop)
}

async fn found(store: &Store) -> Vec<String> {
    let report = store.check().await.unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

async fn raise(store: &Store, last: u32) {
    let sequence = [(REGISTER.to_owned(), last)].into();
    store.raise_sequences(sequence).await.unwrap();
}

pub(crate) async fn a_register_gives_no_result_the_number_of_another(store: &Store) {
    publish(store).await;
    raise(store, 2).await;
    settle(store, "d-1", 1).await.unwrap();
    settle(store, "d-2", 2).await.unwrap();
    let again = settle(store, "d-3", 2).await;
    assert!(matches!(again, Err(AppendError::Broken(_))), "{again:?}");
    let loaded = store.load(&id("d-3")).await.unwrap();
    assert!(loaded.dossier.issued().is_none(), "nothing is written");
    assert_eq!(found(store).await, [""; 0]);
    numbers_of_an_earlier_release_are_kept(store).await;
}

pub(crate) async fn a_number_given_twice_and_a_gap_are_named(store: &Store) {
    publish(store).await;
    raise(store, 3).await;
    for (name, number) in [("d-1", 1), ("d-2", 2), ("d-3", 3)] {
        settle(store, name, number).await.unwrap();
    }
    assert_eq!(found(store).await, [""; 0]);
    // What an import passed over is missed by nobody, what was drawn here is.
    spoil(
        store,
        "UPDATE number_sequence SET last = 6 WHERE name LIKE 'result:%'",
    )
    .await
    .unwrap();
    let gap = |which| {
        format!("result_number {REGISTER}, number: expected {which}, found no result with it")
    };
    assert_eq!(found(store).await, [gap("04 to 06")]);
    spoil(store, "DELETE FROM number_raised").await.unwrap();
    let sql = "UPDATE event SET body = REPLACE(body, '02/KQ-', '03/KQ-') WHERE stream = 'd-2'";
    assert!(spoil(store, sql).await.unwrap() > 0);
    let found = found(store).await;
    for said in [
        format!("result_number {REGISTER}, number: expected 03 once, found d-2, d-3"),
        gap("02"),
        gap("04 to 06"),
    ] {
        assert!(found.contains(&said), "{said}: {found:#?}");
    }
    let told = ["event d-2/", "result_document d-2", "result_number d-2"];
    for start in told {
        let named = found.iter().any(|one| one.starts_with(start));
        assert!(named, "{start}: {found:#?}");
    }
    // Even then the rows can be made anew, with the number where it was first.
    store.rebuild_views().await.unwrap();
}

pub(crate) async fn results_issued_late_are_counted_at_their_agency(store: &Store) {
    publish(store).await;
    units(store).await;
    raise(store, 3).await;
    let day = |n: i64| Some(after(24 * n));
    for (name, number, until) in [("d-1", 1, day(-1)), ("d-2", 2, day(0)), ("d-3", 3, day(0))] {
        receive(store, name, "An").await;
        go_on(store, name, numbered(number, until)).await.unwrap();
    }
    let count = async || {
        let day = noon().date();
        let deciding = unit(DECIDES);
        let counts = store.views().unit_counts((day, day), Some(&deciding)).await;
        let of = |counts: Vec<UnitCount>| counts.iter().map(|one| one.issued_late).sum::<i64>();
        of(counts.unwrap())
    };
    assert_eq!(count().await, 1);
    // Numbered in time, and sealed two days later.
    let mut late = made();
    if let Event::ResultMade { at, .. } = &mut late {
        *at = after(48);
    }
    go_on(store, "d-2", vec![late]).await.unwrap();
    go_on(store, "d-3", vec![made()]).await.unwrap();
    assert_eq!(count().await, 2);
    assert_eq!(found(store).await, [""; 0]);
    store.rebuild_views().await.unwrap();
    assert_eq!(count().await, 2);
}

/// What a database of before the register of numbers has not.
const EARLIER: [&str; 5] = [
    "DROP TABLE result_number",
    "DROP TABLE number_raised",
    "ALTER TABLE work_item DROP COLUMN issue_by",
    "DROP INDEX signing_batch_by_age",
    "DELETE FROM _sqlx_migrations WHERE version = 21",
];

async fn numbers_of_an_earlier_release_are_kept(store: &Store) {
    let named = |name: String, number: &str| {
        let mut events = numbered(1, None);
        if let Some(Event::Settled { issued, .. }) = events.last_mut() {
            number.clone_into(&mut issued.number);
        }
        (name, events)
    };
    // Other systems write numbers in other ways, and longer ones than fit.
    let others = [
        "12/QĐ/KQ-H56.15",
        "07a/KQ-H56.15",
        "/KQ-H56.15",
        "99999999999999999999/KQ-H56.15",
    ];
    for (at, number) in others.into_iter().enumerate() {
        let (name, events) = named(format!("d-other{at}"), number);
        receive(store, &name, "An").await;
        go_on(store, &name, events).await.unwrap();
    }
    assert_eq!(found(store).await, [""; 0]);
    for harm in EARLIER {
        spoil(store, harm).await.unwrap();
    }
    store.migrate().await.unwrap();
    store.prepared().await.unwrap();
    assert_eq!(found(store).await, [""; 0]);
    let again = settle(store, "d-4", 2).await;
    assert!(matches!(again, Err(AppendError::Broken(_))), "{again:?}");
}

async fn its_issue_is_late(store: &Store) {
    let due = store.due_looks(noon(), 50).await.unwrap().remove(0);
    let look = Look {
        due,
        next: None,
        running: vec![(Watch::Issue, noon())],
        step: Some(3),
        unit: unit(DECIDES),
        receiving: unit(CENTRE),
        alerts: vec![NewAlert {
            watch: Watch::Issue,
            began: noon(),
            levels: Escalation::LINE.to_vec(),
            warning: Warning::Overdue,
        }],
    };
    store.record_looks(vec![look], after(40)).await.unwrap();
}

pub(crate) async fn what_is_signed_and_not_issued_stands_with_its_last_day(store: &Store) {
    publish(store).await;
    receive(store, "a", "An").await;
    let until = after(30);
    let signed = Event::ResultSigned(Signature {
        at: noon(),
        by: staff("leader"),
        behalf: None,
        certificate: CertificateId::parse("c-1").unwrap(),
        file: file(),
        agency: None,
        issue_by: Some(until),
        attachments: Vec::new(),
    });
    let way = vec![handed_over(), drafted(), finished(1), signed, finished(2)];
    go_on(store, "a", way).await.unwrap();
    let work = Filter::new(Scope::Unit(unit(DECIDES)));
    let work = store.views().work(&work).await.unwrap();
    assert_eq!(work[0].issue_by(), Some(until));
    its_issue_is_late(store).await;
    let alerts = async || {
        let filter = AlertFilter {
            scope: AlertScope::Headed {
                unit: unit(DECIDES),
                roles: Vec::new(),
            },
            after: None,
            limit: 50,
        };
        store.views().alerts(&filter).await.unwrap()
    };
    let found = alerts().await;
    let [one] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((one.watch(), one.due()), (Watch::Issue, Some(until)));
    let counts = store.views().alert_counts().await.unwrap();
    assert_eq!((counts[0].unissued, counts[0].clocks()), (1, 1));
    raise(store, 1).await;
    let issued = numbered(1, Some(until)).pop().unwrap();
    go_on(store, "a", vec![issued]).await.unwrap();
    store.clear_ended_alerts(after(41)).await.unwrap();
    assert!(alerts().await.is_empty());
    let work = Filter::new(Scope::Unit(unit(CENTRE)));
    let work = store.views().work(&work).await.unwrap();
    assert_eq!(work[0].issue_by(), None);
    assert!(store.check().await.unwrap().is_clean());
}

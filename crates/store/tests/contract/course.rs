//! Drafted requests that wait for a review, and lookups that failed.

use domain::dossier::{Event, Lookup, LookupOutcome, SupplementDraft};
use domain::procedure::Database;
use jiff::civil::date;
use store::Store;
use store::faults::spoil;

use crate::world::{
    CENTRE, DECIDES, after, go_on, handed_over, noon, publish, receive, staff, text, unit,
};

fn drafted() -> Event {
    Event::SupplementDrafted(SupplementDraft {
        at: noon(),
        step: 1,
        components: vec![1],
        corrections: Vec::new(),
        reason: text("why"),
        basis: None,
        by: staff("officer"),
        behalf: None,
    })
}

fn discarded() -> Event {
    Event::SupplementDiscarded {
        at: after(1),
        by: staff("leader"),
        reason: text("why"),
    }
}

fn lookup(found: LookupOutcome) -> Event {
    Event::LookupRecorded {
        at: noon(),
        by: staff("clerk"),
        lookup: Lookup {
            component: 1,
            database: Database::CivilStatus,
            found,
            note: None,
        },
    }
}

async fn waiting(store: &Store, at: &str, reviewer: &str) -> Vec<String> {
    let views = store.views();
    let (at, reviewer) = (unit(at), staff(reviewer));
    let rows = views.reviews(&at, &reviewer, 50).await.unwrap();
    let count = views.review_count(&at, &reviewer).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), rows.len());
    rows.into_iter().map(|row| row.dossier).collect()
}

async fn clean(store: &Store) {
    assert_eq!(store.check().await.unwrap().differences, []);
}

pub(crate) async fn a_drafted_request_waits_for_somebody_else(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2"] {
        receive(store, name, "An").await;
        let events = vec![handed_over(), drafted()];
        go_on(store, name, events).await.unwrap();
    }
    for at in [CENTRE, DECIDES] {
        assert_eq!(waiting(store, at, "leader").await, ["d-1", "d-2"]);
        assert_eq!(waiting(store, at, "officer").await, [""; 0], "the drafter");
    }
    assert_eq!(waiting(store, "H56.21", "leader").await, [""; 0]);
    clean(store).await;
    go_on(store, "d-1", vec![discarded()]).await.unwrap();
    assert_eq!(waiting(store, CENTRE, "leader").await, ["d-2"]);
    go_on(store, "d-1", vec![drafted(), discarded()])
        .await
        .unwrap();
    assert_eq!(waiting(store, CENTRE, "leader").await, ["d-2"]);
    clean(store).await;
}

pub(crate) async fn failed_lookups_are_counted_by_month_centre_and_database(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let all = [
        LookupOutcome::Failed,
        LookupOutcome::Wrong,
        LookupOutcome::Failed,
        LookupOutcome::Confirmed,
    ];
    go_on(store, "d-1", all.map(lookup).to_vec()).await.unwrap();
    let day = noon().date();
    let views = store.views();
    let counts = |days, at: &'static str| {
        let at = (!at.is_empty()).then(|| unit(at));
        async move { views.failed_lookups(days, at.as_ref()).await.unwrap() }
    };
    for at in ["", CENTRE] {
        let found = counts((day, day), at).await;
        assert_eq!(found.len(), 1);
        let one = &found[0];
        assert_eq!((one.failed, one.wrong), (2, 1));
        assert_eq!(
            (one.unit.as_str(), one.source.as_str()),
            (CENTRE, "civil_status")
        );
        assert_eq!(
            one.month,
            i64::from(day.year()) * 100 + i64::from(day.month())
        );
    }
    assert_eq!(counts((day, day), DECIDES).await, []);
    assert_eq!(counts((date(2020, 1, 1), date(2020, 12, 31)), "").await, []);
    clean(store).await;
}

pub(crate) async fn altered_missing_and_foreign_rows_of_the_course_are_named_and_rebuilt(
    store: &Store,
) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let events = vec![handed_over(), drafted(), lookup(LookupOutcome::Wrong)];
    go_on(store, "d-1", events).await.unwrap();
    for (harm, table) in [
        (
            "UPDATE request_item SET competent = 'H56.99'",
            "request_item",
        ),
        ("DELETE FROM request_item", "request_item"),
        ("UPDATE lookup_item SET found = 'failed'", "lookup_item"),
        ("DELETE FROM lookup_item", "lookup_item"),
        (
            "INSERT INTO request_item (dossier, receiving, competent, drafted_by, drafted_at) \
             VALUES ('d-9', 'a', 'b', 'c', 0)",
            "request_item or lookup_item",
        ),
    ] {
        spoil(store, harm).await.unwrap();
        let found = store.check().await.unwrap().differences;
        let tables: Vec<&str> = found.iter().map(|one| one.table).collect();
        assert_eq!(tables, [table], "{harm}");
        store.rebuild_views().await.unwrap();
        clean(store).await;
    }
}

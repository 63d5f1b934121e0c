//! Drafted requests that wait for a review, requests that wait for an answer, and lookups that failed.

use domain::deadline::PauseMode;
use domain::dossier::{
    Approval, Discarded, Event, Lookup, LookupOutcome, Request, SupplementDraft,
};
use domain::procedure::Database;
use jiff::civil::date;
use store::Store;
use store::faults::spoil;
use store::views::Reviewing;

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
        approved: None,
    })
}

fn approved() -> Event {
    Event::SupplementApproved(Approval {
        at: after(1),
        by: staff("leader"),
        behalf: None,
    })
}

fn requested(hours: i64) -> Event {
    Event::SupplementRequested {
        request: Request {
            at: after(1),
            number: None,
            components: vec![1],
            corrections: Vec::new(),
            reason: text("why"),
            answer_by: after(hours),
            mode: PauseMode::Restart,
            stage: Some(1),
            basis: None,
            drafted_by: None,
            approved: None,
            sent_by: None,
        },
    }
}

fn discarded() -> Event {
    Event::SupplementDiscarded(Discarded {
        at: after(1),
        by: staff("leader"),
        reason: text("why"),
    })
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

/// Who approves at the agency, and who sends at the centre.
fn reviewing(at: &str, reviewer: &str, sends: bool) -> Reviewing {
    Reviewing {
        unit: unit(at),
        reviewer: staff(reviewer),
        sends,
        approves: !sends,
    }
}

/// What waits for the reviewer, read in pages of one.
async fn waiting(store: &Store, reviewing: &Reviewing) -> Vec<String> {
    let views = store.views();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = views.reviews(reviewing, after.as_ref(), 1).await.unwrap();
        let Some(row) = page.into_iter().next() else {
            break;
        };
        after = Some(row.key());
        all.push(row.dossier);
    }
    let count = views.review_count(reviewing).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), all.len());
    all
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
    let (leader, clerk) = (
        reviewing(DECIDES, "leader", false),
        reviewing(CENTRE, "clerk", true),
    );
    assert_eq!(waiting(store, &leader).await, ["d-1", "d-2"]);
    assert_eq!(waiting(store, &clerk).await, [""; 0], "not approved");
    let drafter = reviewing(DECIDES, "officer", false);
    assert_eq!(waiting(store, &drafter).await, [""; 0], "the drafter");
    let elsewhere = reviewing("H56.21", "leader", false);
    assert_eq!(waiting(store, &elsewhere).await, [""; 0]);
    clean(store).await;
    go_on(store, "d-1", vec![approved()]).await.unwrap();
    assert_eq!(waiting(store, &leader).await, ["d-2"]);
    assert_eq!(waiting(store, &clerk).await, ["d-1"]);
    clean(store).await;
    go_on(store, "d-1", vec![discarded()]).await.unwrap();
    go_on(store, "d-2", vec![drafted(), approved(), requested(48)])
        .await
        .unwrap();
    assert_eq!(waiting(store, &leader).await, [""; 0]);
    assert_eq!(waiting(store, &clerk).await, [""; 0]);
    clean(store).await;
}

pub(crate) async fn a_request_that_is_not_answered_in_time_is_listed(store: &Store) {
    publish(store).await;
    for (name, hours) in [("d-1", 48), ("d-2", 24), ("d-3", 96)] {
        receive(store, name, "An").await;
        let events = vec![handed_over(), drafted(), approved(), requested(hours)];
        go_on(store, name, events).await.unwrap();
    }
    let views = store.views();
    let silent = |at: &'static str, hours| async move {
        let (at, now) = (unit(at), after(hours));
        let (mut all, mut key) = (Vec::new(), None);
        loop {
            let page = views.unanswered((&at, now), key.as_ref(), 1).await.unwrap();
            let Some(row) = page.into_iter().next() else {
                break;
            };
            key = Some(row.key());
            all.push(row.dossier);
        }
        let count = views.unanswered_count(&at, now).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), all.len());
        all
    };
    for at in [CENTRE, DECIDES] {
        assert_eq!(silent(at, 24).await, [""; 0], "not before it is over");
        assert_eq!(silent(at, 25).await, ["d-2"]);
        assert_eq!(silent(at, 49).await, ["d-1", "d-2"]);
    }
    assert_eq!(silent("H56.21", 49).await, [""; 0]);
    clean(store).await;
    let closed = Event::Stopped {
        at: after(50),
        rule: "BS-04".to_owned(),
        order: None,
        refund: None,
        number: None,
    };
    go_on(store, "d-2", vec![closed]).await.unwrap();
    assert_eq!(silent(CENTRE, 51).await, ["d-1"]);
    clean(store).await;
}

pub(crate) async fn failed_lookups_are_counted_by_month_unit_and_who_recorded_them(store: &Store) {
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
    for at in ["", CENTRE, DECIDES] {
        let found = counts((day, day), at).await;
        assert_eq!(found.len(), 1);
        let one = &found[0];
        assert_eq!((one.failed, one.wrong), (2, 1));
        assert_eq!(
            (one.unit.as_str(), one.source.as_str()),
            (CENTRE, "civil_status")
        );
        assert_eq!(one.competent, DECIDES);
        let at = (!at.is_empty()).then(|| unit(at));
        let clerks = views.lookups_by_clerk((day, day), at.as_ref()).await;
        let clerks = clerks.unwrap();
        assert_eq!(clerks.len(), 1);
        assert_eq!((clerks[0].failed, clerks[0].wrong), (2, 1));
        assert!(!clerks[0].clerk.is_empty());
        assert_eq!(
            one.month,
            i64::from(day.year()) * 100 + i64::from(day.month())
        );
    }
    assert_eq!(counts((day, day), "H56.21").await, []);
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
            "INSERT INTO request_item \
             (dossier, receiving, competent, drafted_by, drafted_at, approved) \
             VALUES ('d-9', 'a', 'b', 'c', 0, 0)",
            "request_item, lookup_item, answer_item, result_document or result_number",
        ),
        ("UPDATE request_item SET approved = 1", "request_item"),
        ("UPDATE lookup_item SET clerk = 'hoa'", "lookup_item"),
        (
            "INSERT INTO answer_item (dossier, receiving, competent, answer_by) \
             VALUES ('d-1', 'a', 'b', 0)",
            "answer_item",
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

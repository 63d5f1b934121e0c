//! What `check` finds, and that rebuilding gives the same tables.

use domain::dossier::Event;
use domain::ids::FileHash;
use domain::slip::Form;
use store::faults::spoil;
use store::{AppendError, Batch, NewSlip, Store};

use crate::world::{
    DECIDES, after, asked, batch, go_on, handed_over, id, line, made, noon, publish, receive,
    returned, settled, to_settled,
};

/// Dossiers in different states.
async fn busy(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2", "d-3", "d-4"] {
        receive(store, name, "Nguyễn An").await;
    }
    let moves = [
        ("d-2", vec![handed_over()]),
        ("d-3", vec![asked()]),
        ("d-4", to_settled()),
    ];
    for (name, events) in moves {
        go_on(store, name, events).await.unwrap();
    }
    go_on(store, "d-4", vec![made(), returned()]).await.unwrap();
}

/// What the check says after the database was changed by `sql` behind the store's back.
async fn after_spoiling(store: &Store, sql: &'static str) -> Vec<String> {
    busy(store).await;
    store.seal_audit(noon()).await.unwrap();
    assert!(spoil(store, sql).await.unwrap() > 0);
    let report = store.check().await.unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

fn named(differences: &[String], expected: &[&str]) {
    assert_eq!(differences.len(), expected.len(), "{differences:#?}");
    for (found, start) in differences.iter().zip(expected) {
        assert!(
            found.starts_with(start),
            "{found} does not begin with {start}"
        );
    }
}

pub(crate) async fn an_untouched_database_is_clean(store: &Store) {
    assert!(store.check().await.unwrap().is_clean());
    busy(store).await;
    store.seal_audit(noon()).await.unwrap();
    let report = store.check().await.unwrap();
    assert_eq!(report.differences, []);
    assert_eq!((report.dossiers, report.events, report.blocks), (4, 17, 1));
}

pub(crate) async fn an_altered_event_is_named(store: &Store) {
    let sql = "UPDATE event SET actor = 'nobody' WHERE stream = 'd-2' AND version = 2";
    named(&after_spoiling(store, sql).await, &["event d-2/2, hash:"]);
}

pub(crate) async fn for_whom_an_act_was_done_is_kept_and_cannot_be_altered(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let loaded = store.load(&id("d-1")).await.unwrap();
    let done = Batch {
        behalf: Some("leader".to_owned()),
        ..batch(loaded, vec![handed_over()])
    };
    store.append(done).await.unwrap();
    let loaded = store.load(&id("d-1")).await.unwrap();
    let behalf = loaded.events.iter().map(|one| one.behalf.as_deref());
    assert_eq!(behalf.collect::<Vec<_>>(), [None, None, Some("leader")]);
    assert!(store.check().await.unwrap().differences.is_empty());
    let sql = "UPDATE event SET behalf = NULL WHERE stream = 'd-1' AND version = 3";
    spoil(store, sql).await.unwrap();
    let report = store.check().await.unwrap();
    let found: Vec<String> = report.differences.iter().map(ToString::to_string).collect();
    named(&found, &["event d-1/3, hash:"]);
}

pub(crate) async fn a_removed_event_is_named(store: &Store) {
    let sql = "DELETE FROM event WHERE stream = 'd-4' AND version = 9";
    let found = after_spoiling(store, sql).await;
    assert!(
        found
            .iter()
            .any(|one| one.starts_with("dossier d-4, version: expected 8, found 9"))
    );
    spoil(
        store,
        "DELETE FROM event WHERE stream = 'd-1' AND version = 1",
    )
    .await
    .unwrap();
    let report = store.check().await.unwrap();
    assert!(
        report
            .differences
            .iter()
            .any(|one| (one.table, one.column) == ("event", "version"))
    );
}

pub(crate) async fn an_altered_view_is_named_with_its_column(store: &Store) {
    let sql = "UPDATE work_item SET holder = 'friend', due_at = 7 WHERE dossier = 'd-1'";
    let expected = [
        "work_item d-1, holder: expected None, found Some(\"friend\")",
        "work_item d-1, due_at: expected",
    ];
    named(&after_spoiling(store, sql).await, &expected);
}

pub(crate) async fn a_missing_or_foreign_row_is_named(store: &Store) {
    let sql = "DELETE FROM work_item WHERE dossier = 'd-1'";
    let missing = "work_item d-1, row: expected a row, found none";
    named(&after_spoiling(store, sql).await, &[missing]);
    spoil(
        store,
        "UPDATE work_item SET dossier = 'zz' WHERE dossier = 'd-2'",
    )
    .await
    .unwrap();
    let found: Vec<String> = store
        .check()
        .await
        .unwrap()
        .differences
        .iter()
        .map(ToString::to_string)
        .collect();
    let moved = "work_item d-2, row: expected a row, found none";
    named(
        &found,
        &[missing, moved, "work_item zz, row: expected none"],
    );
}

pub(crate) async fn a_sequence_that_lags_is_named(store: &Store) {
    let sql = "UPDATE number_sequence SET last = 3";
    let expected = "number_sequence dossier:H56.14:2026-11-23, last: expected at least 4, found 3";
    named(&after_spoiling(store, sql).await, &[expected]);
}

fn slip(message: i64, file: char) -> NewSlip {
    NewSlip {
        message,
        dossier: id("d-1"),
        form: Form::Receipt,
        file: FileHash::parse(&file.to_string().repeat(64)).unwrap(),
        issued_at: noon(),
    }
}

async fn issue(store: &Store, file: char) {
    let NewSlip { form, file, .. } = slip(0, file);
    let at = noon();
    let issued = Event::SlipIssued { at, form, file };
    go_on(store, "d-1", vec![issued]).await.unwrap();
}

async fn found(store: &Store) -> Vec<String> {
    let report = store.check().await.unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

pub(crate) async fn a_slip_that_differs_from_its_event_is_named(store: &Store) {
    busy(store).await;
    issue(store, 'a').await;
    named(&found(store).await, &[]); // its message waits and will bring it on record
    for message in store.claim(noon(), 1, 99).await.unwrap() {
        store.finish(message.id).await.unwrap();
    }
    let missing = format!("slip d-1/01, row: expected {}, found none", "a".repeat(64));
    named(&found(store).await, &[&missing]);
    store.record_slip(slip(1, 'a')).await.unwrap();
    named(&found(store).await, &[]);
    issue(store, 'b').await;
    store.record_slip(slip(2, 'c')).await.unwrap();
    let other = format!(
        "slip d-1/01, file: expected {}, found {}",
        "b".repeat(64),
        "c".repeat(64)
    );
    named(&found(store).await, &[&other]);
    spoil(store, "DELETE FROM slip WHERE message = 2")
        .await
        .unwrap();
    store.record_slip(slip(3, 'b')).await.unwrap();
    store.record_slip(slip(4, 'd')).await.unwrap();
    let foreign = NewSlip {
        dossier: id("zz"),
        ..slip(5, 'e')
    };
    store.record_slip(foreign).await.unwrap();
    let unknown = "slip d-1/01, row: expected none: no event says it was made, found dddd";
    named(
        &found(store).await,
        &[unknown, "slip zz, row: expected none: it has no events"],
    );
}

pub(crate) async fn a_result_has_one_official_document(store: &Store) {
    busy(store).await;
    go_on(store, "d-2", to_settled()[1..].to_vec())
        .await
        .unwrap();
    named(&found(store).await, &[]); // its message waits and will bring the document
    for message in store.claim(noon(), 1, 99).await.unwrap() {
        store.finish(message.id).await.unwrap();
    }
    let missing = "event d-2, result: expected an official document, found none";
    named(&found(store).await, &[missing]);
    go_on(store, "d-2", vec![made()]).await.unwrap();
    named(&found(store).await, &[]);
    go_on(store, "d-2", vec![made()]).await.unwrap();
    let twice = "event d-2, result: expected none: it has its official document, found ";
    named(&found(store).await, &[twice]);
}

pub(crate) async fn a_message_put_aside_is_named(store: &Store) {
    busy(store).await;
    let taken = store.claim(noon(), 1_000, 1).await.unwrap();
    let message = taken[0].id;
    let why = "the printer is on fire".to_owned();
    store.bury(message, why).await.unwrap();
    let expected = format!(
        "outbox {message}, buried: expected slip handled, found put aside: the printer is on fire"
    );
    named(&found(store).await, &[&expected]);
    assert!(store.revive(message, noon()).await.unwrap());
    named(&found(store).await, &[]);
}

pub(crate) async fn a_sequence_of_results_that_lags_is_named(store: &Store) {
    busy(store).await;
    let Event::Settled {
        mut issued,
        step_due,
        refund,
    } = settled()
    else {
        panic!("the world settles");
    };
    issued.number = format!("07/KQ-{DECIDES}");
    let mut events = to_settled();
    *events.last_mut().unwrap() = Event::Settled {
        issued,
        step_due,
        refund,
    };
    go_on(store, "d-1", events).await.unwrap();
    let lags = "number_sequence result:H56.15:2026, last: expected at least 7, found ";
    named(&found(store).await, &[&format!("{lags}0")]);
    let sequence = |last| [("result:H56.15:2026".to_owned(), last)].into();
    store.raise_sequences(sequence(6)).await.unwrap();
    named(&found(store).await, &[&format!("{lags}6")]);
    store.raise_sequences(sequence(7)).await.unwrap();
    named(&found(store).await, &[]);
}

pub(crate) async fn an_altered_audit_line_is_named(store: &Store) {
    let sql = "UPDATE audit SET actor = 'nobody' WHERE position = 3";
    named(&after_spoiling(store, sql).await, &["audit_block 1, hash:"]);
}

pub(crate) async fn a_removed_audit_line_is_named(store: &Store) {
    let sql = "DELETE FROM audit WHERE position = 3";
    let expected = ["audit_block 1, lines:", "audit_block 1, hash:"];
    named(&after_spoiling(store, sql).await, &expected);
    // Whoever removes the block too leaves a gap in the chain of the next one.
    store
        .audit(noon(), vec![line("clerk", "d-1")])
        .await
        .unwrap();
    store.seal_audit(after(1)).await.unwrap();
    spoil(store, "DELETE FROM audit_block WHERE number = 1")
        .await
        .unwrap();
    let report = store.check().await.unwrap();
    assert!(report.differences.iter().any(|one| one.column == "number"));
}

pub(crate) async fn rebuilding_views_from_the_log_gives_the_same_tables(store: &Store) {
    busy(store).await;
    spoil(store, "DELETE FROM work_item").await.unwrap();
    spoil(store, "UPDATE dossier SET state = 'lost', code = NULL")
        .await
        .unwrap();
    assert!(!store.check().await.unwrap().is_clean());
    assert_eq!(store.rebuild_views().await.unwrap(), 4);
    assert_eq!(store.check().await.unwrap().differences, []);
    let stale = go_on(store, "d-4", vec![returned()]).await;
    assert!(!matches!(stale, Err(AppendError::Stale(_))));
}

pub(crate) async fn sealing_twice_adds_nothing(store: &Store) {
    assert_eq!(store.seal_audit(noon()).await.unwrap(), 0);
    store
        .audit(noon(), vec![line("a", "x"), line("b", "x")])
        .await
        .unwrap();
    assert_eq!(store.seal_audit(noon()).await.unwrap(), 2);
    assert_eq!(store.seal_audit(after(1)).await.unwrap(), 0);
    store.audit(after(1), vec![line("c", "x")]).await.unwrap();
    assert_eq!(store.seal_audit(after(1)).await.unwrap(), 1);
    let report = store.check().await.unwrap();
    assert_eq!((report.blocks, report.is_clean()), (2, true));
}

pub(crate) async fn two_sealers_at_once_seal_every_line_once(store: &Store) {
    let lines: Vec<_> = (0..40).map(|n| line("a", &format!("x-{n}"))).collect();
    store.audit(noon(), lines).await.unwrap();
    let (a, b) = tokio::join!(store.seal_audit(noon()), store.seal_audit(noon()));
    assert_eq!(a.unwrap() + b.unwrap(), 40);
    let report = store.check().await.unwrap();
    assert_eq!((report.blocks, report.is_clean()), (1, true));
}

//! Issued results: what a person's store holds, and what waits for its seal.

use domain::dossier::{CorrectionKind, Event};
use store::faults::spoil;
use store::views::{ResultRow, Standing};
use store::{NotPrepared, Store};

use crate::world::{
    CENTRE, DECIDES, after, go_on, id, line, made, party, publish, receive, returned, text,
    to_settled, unit,
};

fn opened(kind: CorrectionKind) -> Event {
    Event::CorrectionOpened {
        at: after(1),
        by: id("d-other"),
        correction: kind,
        reason: text("why"),
        apology: text("sorry"),
    }
}

fn corrected(kind: CorrectionKind) -> Event {
    Event::Corrected {
        at: after(2),
        by: id("d-other"),
        correction: kind,
        number: None,
    }
}

async fn held(store: &Store, name: &str) -> Vec<(String, Standing)> {
    let owner = party(name).id;
    let rows = store.views().documents_of(&owner, None, 10).await.unwrap();
    let line = |row: ResultRow| (row.dossier.clone(), row.standing());
    rows.into_iter().map(line).collect()
}

async fn clean(store: &Store) {
    assert_eq!(store.check().await.unwrap().differences, []);
}

/// Settled and sealed, in two writes.
async fn sealed(store: &Store, name: &str) {
    receive(store, name, "An").await;
    go_on(store, name, to_settled()).await.unwrap();
    go_on(store, name, vec![made()]).await.unwrap();
}

pub(crate) async fn a_result_is_held_from_its_seal_on_until_it_is_taken_back(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    go_on(store, "d-1", to_settled()).await.unwrap();
    assert_eq!(held(store, "An").await, [], "not sealed yet");
    go_on(store, "d-1", vec![made()]).await.unwrap();
    let there = |standing| vec![("d-1".to_owned(), standing)];
    assert_eq!(held(store, "An").await, there(Standing::Valid));
    assert_eq!(held(store, "Bình").await, []);
    go_on(store, "d-1", vec![returned()]).await.unwrap();
    assert_eq!(held(store, "An").await, there(Standing::Valid), "returned");
    for (kind, standing) in [
        (CorrectionKind::Amend, Standing::Amended),
        (CorrectionKind::Replace, Standing::Replaced),
        (CorrectionKind::Withdraw, Standing::Withdrawn),
    ] {
        let name = format!("d-{}", kind.as_str());
        sealed(store, &name).await;
        go_on(store, &name, vec![opened(kind)]).await.unwrap();
        let row = store.views().result_row(&id(&name)).await.unwrap().unwrap();
        assert_eq!(row.standing(), Standing::Valid, "under way");
        go_on(store, &name, vec![corrected(kind)]).await.unwrap();
        let row = store.views().result_row(&id(&name)).await.unwrap().unwrap();
        assert_eq!(row.standing(), standing, "{kind:?}");
        assert_eq!(row.superseded_by.as_deref(), Some("d-other"));
    }
    clean(store).await;
}

pub(crate) async fn what_has_no_seal_is_listed_and_counted(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2", "d-3"] {
        receive(store, name, "An").await;
        go_on(store, name, to_settled()).await.unwrap();
    }
    go_on(store, "d-3", vec![returned()]).await.unwrap();
    let views = store.views();
    let listed = |at: &'static str, hours| async move {
        let (at, before) = (unit(at), after(hours));
        let (mut all, mut key) = (Vec::new(), None);
        loop {
            let page = views
                .unsealed((&at, before), key.as_ref(), 1)
                .await
                .unwrap();
            let Some(row) = page.into_iter().next() else {
                return all;
            };
            key = Some(row.key());
            all.push(row.dossier);
        }
    };
    assert_eq!(listed(DECIDES, 5).await, ["d-1", "d-2", "d-3"]);
    assert_eq!(listed(CENTRE, 5).await, ["d-1", "d-2", "d-3"]);
    assert_eq!(listed("H56.21", 5).await, [""; 0]);
    assert_eq!(listed(DECIDES, 0).await, [""; 0], "the worker has its time");
    let counted = views.unsealed_counts(after(5)).await.unwrap();
    assert_eq!(counted.len(), 1);
    assert_eq!(
        (counted[0].competent.as_str(), counted[0].results),
        (DECIDES, 3)
    );
    // A centre that decides nothing has its own figure, and it is that of its list.
    let figure = |at: &'static str, hours| async move {
        let (at, before) = (unit(at), after(hours));
        store.views().unsealed_of((&at, before)).await.unwrap()
    };
    assert_ne!(CENTRE, DECIDES);
    assert_eq!(figure(CENTRE, 5).await, 3);
    assert_eq!(figure(DECIDES, 5).await, 3);
    assert_eq!(figure("H56.21", 5).await, 0);
    assert_eq!(figure(CENTRE, 0).await, 0);
    for name in ["d-2", "d-3"] {
        go_on(store, name, vec![made()]).await.unwrap();
    }
    assert_eq!(figure(CENTRE, 5).await, 1);
    assert_eq!(listed(DECIDES, 5).await, ["d-1"]);
    clean(store).await;
}

pub(crate) async fn an_erased_owner_has_no_documents(store: &Store) {
    publish(store).await;
    sealed(store, "d-1").await;
    assert_eq!(held(store, "An").await.len(), 1);
    let erased = store.erase_party(party("An").id, after(1), line("root", "party"));
    assert!(erased.await.unwrap());
    assert_eq!(held(store, "An").await, []);
    let row = store.views().result_row(&id("d-1")).await.unwrap();
    assert!(row.is_some(), "the result itself stays");
    clean(store).await;
}

pub(crate) async fn altered_rows_of_results_are_named_and_rebuilt(store: &Store) {
    publish(store).await;
    sealed(store, "d-1").await;
    for harm in [
        "UPDATE result_document SET state = 'withdrawn'",
        "UPDATE result_document SET owner = 'p-9'",
        "DELETE FROM result_document",
    ] {
        spoil(store, harm).await.unwrap();
        let found = store.check().await.unwrap().differences;
        let tables: Vec<&str> = found.iter().map(|one| one.table).collect();
        assert_eq!(tables, ["result_document"], "{harm}");
        store.rebuild_views().await.unwrap();
        assert_eq!(held(store, "An").await.len(), 1);
        clean(store).await;
    }
}

/// What a database of an earlier release has not.
const EARLIER: [&str; 8] = [
    "DELETE FROM result_document",
    "DROP INDEX result_document_unsealed",
    "DROP INDEX result_document_returned",
    "ALTER TABLE result_document DROP COLUMN signed",
    "ALTER TABLE result_document DROP COLUMN digitised",
    "CREATE INDEX result_document_unsealed ON result_document (issued_at, dossier)",
    "DROP TABLE to_fill",
    "DELETE FROM _sqlx_migrations WHERE version = 19",
];

pub(crate) async fn results_of_an_earlier_release_are_listed_after_its_upgrade(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2"] {
        receive(store, name, "An").await;
        go_on(store, name, to_settled()).await.unwrap();
    }
    go_on(store, "d-2", vec![returned()]).await.unwrap();
    sealed(store, "d-3").await;
    for harm in EARLIER {
        spoil(store, harm).await.unwrap();
    }
    store.migrate().await.unwrap();
    let rows = store
        .views()
        .unsealed((&unit(DECIDES), after(5)), None, 10)
        .await
        .unwrap();
    let listed: Vec<&str> = rows.iter().map(|row| row.dossier.as_str()).collect();
    assert_eq!(listed, ["d-1", "d-2"]);
    assert_eq!(held(store, "An").await.len(), 1);
    clean(store).await;
    // A migration that was cut off begins again, and one that is done does nothing.
    for harm in [
        "DELETE FROM result_document WHERE dossier = 'd-2'",
        "INSERT INTO to_fill (name) VALUES ('result_document')",
    ] {
        spoil(store, harm).await.unwrap();
    }
    let prepared = store.prepared().await;
    assert!(matches!(prepared, Err(NotPrepared::Unfilled)), "not served");
    store.migrate().await.unwrap();
    store.prepared().await.unwrap();
    clean(store).await;
    spoil(store, "DELETE FROM result_document").await.unwrap();
    store.migrate().await.unwrap();
    assert!(held(store, "An").await.is_empty(), "only a rebuild would");
    store.rebuild_views().await.unwrap();
    clean(store).await;
}

pub(crate) async fn what_was_corrected_waits_for_no_seal(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    go_on(store, "d-1", to_settled()).await.unwrap();
    let row = store.views().result_row(&id("d-1")).await.unwrap().unwrap();
    assert_eq!(row.standing(), Standing::Unsealed);
    assert!(!row.is_digitised());
    go_on(store, "d-1", vec![opened(CorrectionKind::Replace)])
        .await
        .unwrap();
    go_on(store, "d-1", vec![corrected(CorrectionKind::Replace)])
        .await
        .unwrap();
    let row = store.views().result_row(&id("d-1")).await.unwrap().unwrap();
    assert_eq!(row.standing(), Standing::Replaced);
    assert_eq!(
        store
            .views()
            .unsealed_of((&unit(DECIDES), after(5)))
            .await
            .unwrap(),
        0
    );
    clean(store).await;
}

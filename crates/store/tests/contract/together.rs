//! Decisions on two dossiers in one write: both or neither.

use store::{AppendError, Batch, OnceKey, Store, faults};

use crate::world::{batch, code, handed_over, id, once, publish, receive, reception};

/// A move of `d-1`, and a dossier that is filed because of it.
async fn both(store: &Store, key: Option<OnceKey>) -> Vec<Batch> {
    let seen = store.load(&id("d-1")).await.unwrap();
    let moved = Batch {
        once: key,
        ..batch(seen, vec![handed_over()])
    };
    vec![moved, reception("d-2", "Ba", None)]
}

async fn versions(store: &Store) -> [u32; 2] {
    let first = store.load(&id("d-1")).await.unwrap().version;
    [first, store.load(&id("d-2")).await.unwrap().version]
}

pub(crate) async fn two_dossiers_move_together_and_once(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let key = Some(once("form-0001"));
    let sent = both(store, key.clone()).await;
    let done = store.append_together(sent).await.unwrap();
    let filed = done[1].code.clone();
    assert_eq!((done.len(), done[0].version, filed), (2, 3, Some(code(2))));
    let again = both(store, key).await;
    let Err(AppendError::Repeated(first)) = store.append_together(again).await else {
        panic!("the same request was carried out twice");
    };
    assert_eq!(first, done[0]);
    assert_eq!(versions(store).await, [3, 2]);
    assert!(store.check().await.unwrap().is_clean());
}

pub(crate) async fn of_two_dossiers_none_moves_when_one_cannot(store: &Store) {
    receive(store, "d-1", "An").await;
    for point in ["after_rows", "before_commit"] {
        let sent = both(store, None).await;
        faults::arm(point);
        assert!(store.append_together(sent).await.is_err(), "{point}");
        assert_eq!(versions(store).await, [2, 0], "{point}");
    }
    let stale = both(store, None).await;
    let seen = store.load(&id("d-1")).await.unwrap();
    let moved = batch(seen, vec![handed_over()]);
    store.append(moved).await.unwrap();
    let Err(AppendError::Stale(_)) = store.append_together(stale).await else {
        panic!("somebody was faster");
    };
    assert_eq!(versions(store).await, [3, 0]);
    // The number that the second dossier drew was given back.
    let seen = store.load(&id("d-1")).await.unwrap();
    assert_eq!(seen.version, 3);
    let next = store.append(reception("d-3", "Ba", None)).await.unwrap();
    assert_eq!(next.code, Some(code(2)));
}

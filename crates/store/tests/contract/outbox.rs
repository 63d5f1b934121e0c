//! The outbox.

use store::{AppendError, Batch, Kinds, NewEvents, Store};

use crate::world::{after, message, noon, receive, reception};

const LEASE: i64 = 60_000;

pub(crate) async fn a_message_is_claimed_by_one_worker_until_its_lease_ends(store: &Store) {
    for name in ["d-1", "d-2", "d-3"] {
        receive(store, name, "An").await;
    }
    let (a, b) = tokio::join!(store.claim(noon(), LEASE, 2), store.claim(noon(), LEASE, 2));
    let mut ids: Vec<i64> = a.unwrap().iter().chain(&b.unwrap()).map(|m| m.id).collect();
    ids.sort_unstable();
    let claimed = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), claimed, "a message was claimed twice");
    ids.extend(
        store
            .claim(noon(), LEASE, 9)
            .await
            .unwrap()
            .iter()
            .map(|m| m.id),
    );
    assert_eq!(ids.len(), 3);
    assert!(store.claim(noon(), LEASE, 9).await.unwrap().is_empty());
    let again = store.claim(after(1), LEASE, 9).await.unwrap();
    assert_eq!(
        again.iter().map(|m| m.attempts).collect::<Vec<_>>(),
        [2, 2, 2]
    );
}

pub(crate) async fn workers_of_their_own_take_messages_of_their_kinds(store: &Store) {
    for (name, kind) in [("d-1", "seal"), ("d-2", "prove"), ("d-3", "slip")] {
        let batch = Batch {
            messages: vec![message(kind)],
            ..reception(name, "An", None)
        };
        store.append(batch).await.unwrap();
    }
    let own = ["seal", "prove"];
    let take = (noon(), LEASE, 9);
    let kinds = async |kinds| {
        let taken = store.claim_kinds(take, kinds).await.unwrap();
        taken.iter().map(|m| m.kind.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(Kinds::Except(own)).await, ["slip"]);
    assert_eq!(kinds(Kinds::Of(own)).await, own);
    assert!(kinds(Kinds::All).await.is_empty());
}

pub(crate) async fn a_message_comes_again_until_it_is_finished(store: &Store) {
    receive(store, "d-1", "An").await;
    let [message] = &store.claim(noon(), LEASE, 9).await.unwrap()[..] else {
        panic!("one message");
    };
    assert_eq!(
        (message.kind.as_str(), message.dossier.as_str()),
        ("slip", "d-1")
    );
    store
        .retry(message.id, after(2), "no paper".to_owned())
        .await
        .unwrap();
    assert!(store.claim(after(1), LEASE, 9).await.unwrap().is_empty());
    let again = store.claim(after(2), LEASE, 9).await.unwrap();
    assert_eq!(
        (again[0].attempts, again[0].error.as_deref()),
        (2, Some("no paper"))
    );
    assert_eq!(store.messages_left().await.unwrap(), 1);
    store.finish(message.id).await.unwrap();
    store.finish(message.id).await.unwrap();
    assert_eq!(store.messages_left().await.unwrap(), 0);
    assert!(store.claim(after(99), LEASE, 9).await.unwrap().is_empty());
}

pub(crate) async fn a_buried_message_waits_for_a_person(store: &Store) {
    receive(store, "d-1", "An").await;
    let id = store.claim(noon(), LEASE, 9).await.unwrap()[0].id;
    store.bury(id, "broken template".to_owned()).await.unwrap();
    assert!(store.claim(after(99), LEASE, 9).await.unwrap().is_empty());
    let stuck = store.stuck().await.unwrap();
    assert_eq!(
        (stuck[0].id, stuck[0].error.as_deref()),
        (id, Some("broken template"))
    );
    assert!(store.revive(id, after(3)).await.unwrap());
    assert!(!store.revive(id, after(3)).await.unwrap());
    assert!(store.claim(after(2), LEASE, 9).await.unwrap().is_empty());
    assert_eq!(store.claim(after(3), LEASE, 9).await.unwrap()[0].id, id);
}

pub(crate) async fn a_message_of_a_refused_write_does_not_exist(store: &Store) {
    receive(store, "d-1", "An").await;
    let clash = Batch {
        messages: vec![message("notice")],
        events: NewEvents::Ready(vec![crate::world::submitted("An", noon())]),
        ..reception("d-1", "An", None)
    };
    assert!(matches!(
        store.append(clash).await,
        Err(AppendError::Stale(_))
    ));
    let kinds: Vec<String> = store
        .claim(noon(), LEASE, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|m| m.kind)
        .collect();
    assert_eq!(kinds, ["slip"]);
}

//! PINs of keys that seal: none is tried twice that was wrong once.

use futures_util::future::join_all;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{AuditLine, KeyedHash, PinState, PinTurn, SealPin, Store};

use crate::world::{after, go_on, handed_over, id, noon, publish, receive, settled, unit};

fn key(pin: u8) -> SealPin {
    SealPin {
        place: "token:dau".to_owned(),
        unit: unit("H56.102"),
        pin: KeyedHash([pin; 32]),
    }
}

fn order() -> AuditLine {
    AuditLine {
        actor: "quantri".to_owned(),
        action: "seal.try_ordered".to_owned(),
        subject: "token:dau".to_owned(),
        purpose: String::new(),
        detail: String::new(),
    }
}

async fn turn(store: &Store, pin: u8, now: DateTime) -> PinTurn {
    let until = now.saturating_add(1.minute());
    store.seal_turn(&key(pin), (now, until)).await.unwrap()
}

async fn came(store: &Store, pin: u8, state: PinState) {
    store.seal_tried(&key(pin), state, noon()).await.unwrap();
}

pub(crate) async fn a_pin_that_was_wrong_once_is_tried_no_more(store: &Store) {
    let stopped = PinTurn::Stopped(PinState::Wrong);
    assert_eq!(store.seal_state(&key(1)).await.unwrap(), None);
    assert_eq!(turn(store, 1, noon()).await, PinTurn::Try { sure: false });
    came(store, 1, PinState::Wrong).await;
    let known = store.seal_state(&key(1)).await.unwrap();
    assert_eq!(known, Some(PinState::Wrong));
    for hours in [1, 24, 2_400] {
        assert_eq!(turn(store, 1, after(hours)).await, stopped);
    }
    // Another one stands in the configuration: it is tried, though the token counts the first.
    assert_eq!(store.seal_state(&key(2)).await.unwrap(), None);
    assert_eq!(turn(store, 2, noon()).await, PinTurn::Try { sure: true });
    came(store, 2, PinState::Wrong).await;
    assert_eq!(turn(store, 2, noon()).await, stopped);
    assert_eq!(turn(store, 9, noon()).await, PinTurn::Try { sure: true });
    came(store, 9, PinState::Wrong).await;
    assert_eq!(turn(store, 3, noon()).await, stopped, "three are enough");
    let known = store.seal_state(&key(3)).await.unwrap();
    assert_eq!(known, Some(PinState::Wrong), "nothing gets a number for it");

    // A person has one more tried.
    let ordered = store.order_seal_try("token:dau", noon(), order()).await;
    assert!(ordered.unwrap());
    assert_eq!(turn(store, 3, noon()).await, PinTurn::Try { sure: true });
    came(store, 3, PinState::Good).await;
    for _ in 0..3 {
        assert_eq!(turn(store, 3, noon()).await, PinTurn::Good);
    }
    let again = store.order_seal_try("token:dau", noon(), order()).await;
    assert!(!again.unwrap(), "nothing had stopped");
    assert_eq!(store.audited("token:dau").await.unwrap().len(), 1);
    // It was changed on the token: wrong once, and no more.
    came(store, 3, PinState::Wrong).await;
    assert_eq!(turn(store, 3, noon()).await, stopped);
    assert_eq!(turn(store, 4, noon()).await, PinTurn::Try { sure: true });
}

pub(crate) async fn one_at_a_time_tries_a_pin_that_nobody_knows(store: &Store) {
    assert_eq!(turn(store, 1, noon()).await, PinTurn::Try { sure: false });
    assert_eq!(turn(store, 1, noon()).await, PinTurn::Wait);
    assert_eq!(turn(store, 2, noon()).await, PinTurn::Wait);
    // Who tried died: what the token counts decides.
    assert_eq!(turn(store, 1, after(1)).await, PinTurn::Try { sure: false });
    came(store, 1, PinState::Untried).await;
    assert_eq!(turn(store, 1, noon()).await, PinTurn::Try { sure: false });
    came(store, 1, PinState::LastTry).await;
    // The flags of the token are looked at again, by which no PIN is tried.
    assert_eq!(turn(store, 1, noon()).await, PinTurn::Try { sure: false });
    came(store, 1, PinState::Locked).await;
    let locked = PinTurn::Stopped(PinState::Locked);
    assert_eq!(turn(store, 1, noon()).await, locked);
    of_many_at_once_one_tries(store).await;
}

/// Servers that ask at the same moment: two wrong PINs are two of the few that a token takes.
async fn of_many_at_once_one_tries(store: &Store) {
    for round in 0..8 {
        let one = SealPin {
            place: format!("token:dau-{}", round / 2),
            ..key(round)
        };
        let asked = (0..6).map(|_| {
            let (store, key) = (store.clone(), one.clone());
            let when = (noon(), noon().saturating_add(1.minute()));
            tokio::spawn(async move { store.seal_turn(&key, when).await })
        });
        let told = join_all(asked).await.into_iter();
        let told: Vec<PinTurn> = told.map(|one| one.unwrap().unwrap()).collect();
        let tries = told.iter().filter(|one| matches!(one, PinTurn::Try { .. }));
        assert_eq!(tries.count(), 1, "{told:?}");
        // Every other round asks for a key of which something is known.
        store
            .seal_tried(&one, PinState::Untried, noon())
            .await
            .unwrap();
    }
}

pub(crate) async fn results_wait_for_a_key_until_they_are_sealed(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "Nguyễn An").await;
    let issued = vec![handed_over(), settled()];
    go_on(store, "d-1", issued).await.unwrap();
    let (dossier, agency) = (id("d-1"), unit("H56.102"));
    let wait = async || {
        let place = ("token:dau", &agency);
        store.wait_for_seal(&dossier, place, noon()).await.unwrap();
    };
    wait().await;
    wait().await;
    assert_eq!(store.stopped_keys().await.unwrap(), [], "none has stopped");
    turn(store, 1, noon()).await;
    came(store, 1, PinState::Wrong).await;
    let stopped = store.stopped_keys().await.unwrap();
    let [stopped] = stopped.as_slice() else {
        panic!("{stopped:?}")
    };
    assert_eq!((stopped.state, stopped.since), (PinState::Wrong, noon()));
    assert_eq!(stopped.waiting.len(), 1);
    assert_eq!(stopped.waiting[0].dossier, dossier);
    assert!(!stopped.waiting[0].number.is_empty());
    store.no_longer_waits(&dossier).await.unwrap();
    let stopped = store.stopped_keys().await.unwrap();
    assert!(stopped.len() == 1 && stopped[0].waiting.is_empty());
}

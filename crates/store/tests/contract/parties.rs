//! Records of persons and organisations.

use domain::ids::PartyId;
use domain::party::PartyKind;
use store::{AppendError, KeyedHash, PartyRow, Store};

use crate::samples::{at, audit};
use crate::world::bring_in;

fn party_id(text: &str) -> PartyId {
    PartyId::parse(text).unwrap()
}

fn party(id: &str, number: u8, minute: i64) -> PartyRow {
    PartyRow {
        id: party_id(id),
        kind: PartyKind::Citizen,
        name: "Đặng Thị Ngọc Quỳnh".to_owned(),
        sealed: vec![0, 255, number],
        number_hash: Some(KeyedHash([number; 32])),
        phone_hash: Some(KeyedHash([number.wrapping_add(100); 32])),
        updated_at: at(minute),
        erased: false,
        seen: None,
    }
}

async fn save(store: &Store, party: PartyRow) {
    bring_in(store, vec![party], Vec::new()).await.unwrap();
}

pub(crate) async fn a_party_is_read_as_it_was_written(store: &Store) {
    for kind in [
        PartyKind::Enterprise,
        PartyKind::StateAgency,
        PartyKind::Organisation,
    ] {
        let mut row = party("p1", 1, 0);
        row.kind = kind;
        row.phone_hash = None;
        save(store, row.clone()).await;
        assert_eq!(store.party(&row.id).await.unwrap(), Some(row));
    }
    assert_eq!(store.party(&party_id("p2")).await.unwrap(), None);
}

pub(crate) async fn many_parties_are_read_at_once(store: &Store) {
    let ids: Vec<PartyId> = (0..40).map(|n| party_id(&format!("p{n:02}"))).collect();
    for id in &ids {
        save(store, party(id.as_str(), 1, 0)).await;
    }
    let mut asked: Vec<PartyId> = ids.iter().rev().cloned().collect();
    asked.extend([party_id("nobody"), party_id("p00")]);
    let found = store.parties(&asked).await.unwrap();
    let found: Vec<PartyId> = found.into_iter().map(|row| row.id).collect();
    assert_eq!(found, ids, "each once, by id");
    assert!(store.parties(&[]).await.unwrap().is_empty());
}

pub(crate) async fn parties_are_found_by_their_hashes(store: &Store) {
    for row in [party("p1", 7, 1), party("p2", 7, 2), party("p3", 8, 3)] {
        save(store, row).await;
    }
    let found = store.parties_by_number(KeyedHash([7; 32])).await.unwrap();
    let ids: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["p2", "p1"], "the newest first");
    let ids = store
        .party_ids_by_phone(KeyedHash([108; 32]))
        .await
        .unwrap();
    assert_eq!(ids, [party_id("p3")]);
    assert!(
        store
            .party_ids_by_phone(KeyedHash([7; 32]))
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn an_erased_party_stays_erased(store: &Store) {
    save(store, party("p1", 7, 1)).await;
    let erase = async |minute| {
        store
            .erase_party(party_id("p1"), at(minute), audit("party.erased"))
            .await
            .unwrap()
    };
    assert!(erase(2).await);
    assert!(!erase(3).await);
    save(store, party("p1", 7, 4)).await;
    let row = store.party(&party_id("p1")).await.unwrap().unwrap();
    assert!(row.erased && row.name.is_empty() && row.sealed.is_empty());
    assert_eq!(
        (row.number_hash, row.phone_hash, row.updated_at),
        (None, None, at(2))
    );
    assert!(
        store
            .parties_by_number(KeyedHash([7; 32]))
            .await
            .unwrap()
            .is_empty()
    );
}

/// Two counters correct one record at the same time: who comes second reads it again.
pub(crate) async fn a_correction_is_written_over_what_was_seen_alone(store: &Store) {
    save(store, party("p1", 7, 1)).await;
    let corrected = |sealed: &[u8], minute, seen| PartyRow {
        sealed: sealed.to_vec(),
        seen: Some(at(seen)),
        ..party("p1", 7, minute)
    };
    save(store, corrected(b"phone", 2, 1)).await;
    let late = bring_in(store, vec![corrected(b"mail", 3, 1)], Vec::new()).await;
    assert!(matches!(late, Err(AppendError::PartyChanged)), "{late:?}");
    let there = store.party(&party_id("p1")).await.unwrap().unwrap();
    assert_eq!((there.sealed, there.updated_at), (b"phone".to_vec(), at(2)));
    save(store, corrected(b"phone and mail", 3, 2)).await;
    let erased = store.erase_party(party_id("p1"), at(4), audit("party.erased"));
    assert!(erased.await.unwrap());
    let gone = bring_in(store, vec![corrected(b"phone", 5, 4)], Vec::new()).await;
    assert!(matches!(gone, Err(AppendError::PartyChanged)), "{gone:?}");
}

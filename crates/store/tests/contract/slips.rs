//! Slips: one for each message, numbered without gaps, every print counted.

use domain::ids::{DossierId, FileHash};
use domain::slip::Form;
use store::{NewSlip, SlipKey, Store};

use crate::samples::{at, staff_id};

fn slip(message: i64, form: Form, file: char) -> NewSlip {
    NewSlip {
        message,
        dossier: DossierId::parse("d1").unwrap(),
        form,
        file: FileHash::parse(&file.to_string().repeat(64)).unwrap(),
        issued_at: at(message),
    }
}

pub(crate) async fn a_message_makes_one_slip_however_often_it_is_handled(store: &Store) {
    let first = store
        .record_slip(slip(1, Form::Receipt, 'a'))
        .await
        .unwrap();
    assert_eq!(
        (first.key.ordinal, first.copies, first.issued_at),
        (1, 0, at(1))
    );
    let again = store
        .record_slip(slip(1, Form::Receipt, 'b'))
        .await
        .unwrap();
    assert_eq!(again, first, "what was frozen first stays");
    let second = store
        .record_slip(slip(2, Form::Receipt, 'c'))
        .await
        .unwrap();
    assert_eq!(second.key.ordinal, 2);
    let other = store
        .record_slip(slip(3, Form::Supplement, 'd'))
        .await
        .unwrap();
    assert_eq!(other.key.ordinal, 1);
    let all = store.slips(&first.key.dossier).await.unwrap();
    assert_eq!(all, [first, second, other]);
    assert!(
        store
            .slips(&DossierId::parse("d2").unwrap())
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn racing_handlers_number_slips_without_gaps(store: &Store) {
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let store = store.clone();
            // Ten messages, each handled twice at once.
            tokio::spawn(async move { store.record_slip(slip(n / 2, Form::Control, 'a')).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let all = store.slips(&DossierId::parse("d1").unwrap()).await.unwrap();
    let mut ordinals: Vec<u32> = all.iter().map(|slip| slip.key.ordinal).collect();
    ordinals.sort_unstable();
    assert_eq!(ordinals, (1..=10).collect::<Vec<u32>>());
}

pub(crate) async fn every_print_is_counted(store: &Store) {
    let key = store
        .record_slip(slip(1, Form::Receipt, 'a'))
        .await
        .unwrap()
        .key;
    let tasks: Vec<_> = (0..10)
        .map(|n| {
            let (store, key) = (store.clone(), key.clone());
            tokio::spawn(async move { store.log_print(&key, &staff_id("an"), at(n)).await })
        })
        .collect();
    let mut copies = Vec::new();
    for task in tasks {
        copies.push(task.await.unwrap().unwrap());
    }
    copies.sort_unstable();
    assert_eq!(copies, (1..=10).collect::<Vec<u32>>());
    assert_eq!(store.slips(&key.dossier).await.unwrap()[0].copies, 10);
    let unknown = SlipKey { ordinal: 9, ..key };
    assert!(
        store
            .log_print(&unknown, &staff_id("an"), at(0))
            .await
            .is_err()
    );
}

//! Appending events.

use domain::dossier::Refusal;
use domain::ids::DraftId;
use futures_util::future::join_all;
use store::{
    AppendError, Batch, Loaded, NewDraft, NewEvents, NotPrepared, PartyRow, Store, StoreError,
    faults,
};

use crate::world::{
    CENTRE, after, batch, code, go_on, handed_over, id, made, noon, once, party, publish, receive,
    received, reception, staff, state, submitted, to_settled, unit,
};

pub(crate) async fn a_dossier_is_read_back_as_it_was_written(store: &Store) {
    assert_eq!(
        store.load(&id("d-1")).await.unwrap(),
        Loaded::absent(id("d-1"))
    );
    let appended = receive(store, "d-1", "Đặng Thị Ngọc").await;
    assert_eq!((appended.version, appended.code), (2, Some(code(1))));
    go_on(store, "d-1", to_settled()).await.unwrap();
    let loaded = store.load(&id("d-1")).await.unwrap();
    assert_eq!((loaded.version, state(&loaded.dossier)), (7, "settled"));
    let events: Vec<_> = loaded
        .events
        .iter()
        .map(|recorded| recorded.event.clone())
        .collect();
    assert_eq!(events[2..], to_settled());
    assert!(
        loaded
            .events
            .iter()
            .all(|e| (e.at, e.actor.as_str()) == (noon(), "clerk"))
    );
    let row = store
        .views()
        .dossier_row(&id("d-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.version, row.state.as_str(), row.status),
        (7, "settled", 9)
    );
    assert_eq!(row.owner_folded, "dang thi ngoc");
}

pub(crate) async fn appending_to_a_stale_version_changes_nothing(store: &Store) {
    receive(store, "d-1", "An").await;
    let seen = store.load(&id("d-1")).await.unwrap();
    go_on(store, "d-1", vec![handed_over()]).await.unwrap();
    let before = store.load(&id("d-1")).await.unwrap();
    let late = Batch {
        actor: "late".to_owned(),
        ..batch(seen, vec![handed_over()])
    };
    let Err(AppendError::Stale(meanwhile)) = store.append(late).await else {
        panic!("a stale append must say so");
    };
    assert_eq!((meanwhile.by.as_str(), meanwhile.at), ("clerk", noon()));
    assert_eq!(meanwhile.kind, "dossier.handed_over.v1");
    assert_eq!(store.load(&id("d-1")).await.unwrap(), before);
    assert_eq!(store.audited("d-1").await.unwrap().len(), 2);
}

pub(crate) async fn of_twenty_racing_writers_one_wins_and_nineteen_are_stale(store: &Store) {
    receive(store, "d-1", "An").await;
    let seen = store.load(&id("d-1")).await.unwrap();
    let race = (0..20).map(|_| store.append(batch(seen.clone(), vec![handed_over()])));
    let ends = join_all(race).await;
    let won = ends.iter().filter(|end| end.is_ok()).count();
    let stale = ends
        .iter()
        .filter(|end| matches!(end, Err(AppendError::Stale(_))))
        .count();
    assert_eq!((won, stale), (1, 19));
    assert_eq!(store.load(&id("d-1")).await.unwrap().version, 3);
}

pub(crate) async fn a_repeated_request_is_answered_as_the_first_time(store: &Store) {
    let key = once("form-0001");
    let first = Batch {
        once: Some(key.clone()),
        ..reception("d-1", "An", None)
    };
    let first = store.append(first).await.unwrap();
    go_on(store, "d-1", vec![handed_over()]).await.unwrap();
    let again = Batch {
        once: Some(key.clone()),
        ..reception("d-2", "An", None)
    };
    let Err(AppendError::Repeated(answer)) = store.append(again).await else {
        panic!("a repeated request must say so");
    };
    assert_eq!(answer, first);
    assert_eq!(store.answered(&key).await.unwrap(), Some(first));
    assert_eq!(store.load(&id("d-2")).await.unwrap().version, 0);
    assert_eq!(receive(store, "d-3", "An").await.code, Some(code(2)));
    assert_eq!(store.answered(&once("form-0002")).await.unwrap(), None);
}

pub(crate) async fn the_same_request_twice_at_once_is_carried_out_once(store: &Store) {
    let request = |name| Batch {
        once: Some(once("form-0001")),
        ..reception(name, "An", None)
    };
    let ends = join_all(["d-1", "d-2", "d-3"].map(|name| store.append(request(name)))).await;
    let answers: Vec<_> = ends
        .into_iter()
        .map(|end| match end {
            Ok(appended) | Err(AppendError::Repeated(appended)) => appended,
            Err(other) => panic!("{other}"),
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(answers[0].code, Some(code(1)));
}

pub(crate) async fn fifty_receptions_at_once_get_the_numbers_one_to_fifty(store: &Store) {
    let names: Vec<String> = (0..50).map(|n| format!("d-{n}")).collect();
    let race = names
        .iter()
        .map(|name| store.append(reception(name, "An", None)));
    let mut orders: Vec<u32> = join_all(race)
        .await
        .into_iter()
        .map(|end| end.unwrap().code.unwrap().order().parse().unwrap())
        .collect();
    orders.sort_unstable();
    assert_eq!(orders, (1..=50).collect::<Vec<u32>>());
}

pub(crate) async fn a_refusal_gives_its_number_back(store: &Store) {
    let refused = Batch {
        events: NewEvents::Numbered {
            sequence: format!("dossier:{}:{}", CENTRE, noon().date()),
            make: Box::new(|number| {
                assert_eq!(number, 1);
                Err(Refusal::MandateMissing)
            }),
        },
        ..reception("d-1", "An", None)
    };
    let end = store.append(refused).await;
    assert!(matches!(
        end,
        Err(AppendError::Refused(Refusal::MandateMissing))
    ));
    assert_eq!(receive(store, "d-2", "An").await.code, Some(code(1)));
}

/// Two counters that opened the same draft have keys of their own; a key that comes twice is answered
/// as before although the draft is gone.
pub(crate) async fn of_two_filings_of_one_draft_one_is_written(store: &Store) {
    let draft = NewDraft {
        id: DraftId::parse("draft-1").unwrap(),
        staff: staff("clerk"),
        unit: unit(CENTRE),
        sealed: vec![1],
        label: Vec::new(),
        seen: 0,
        at: noon(),
    };
    store.save_draft(draft).await.unwrap();
    let filing = |name: &str, key: &str| Batch {
        once: Some(once(key)),
        drop_draft: Some("draft-1".to_owned()),
        ..reception(name, "An", None)
    };
    let race = [("d-1", "form-0001"), ("d-2", "form-0002")];
    let ends = join_all(race.map(|(name, key)| store.append(filing(name, key)))).await;
    let gone = |end: &&Result<_, _>| matches!(end, Err(AppendError::DraftGone));
    assert_eq!(ends.iter().filter(gone).count(), 1, "{ends:?}");
    let won = ends.iter().position(Result::is_ok).unwrap();
    let (lost, again) = (
        race[1 - won],
        store.append(filing("d-3", race[won].1)).await,
    );
    let first = ends[won].as_ref().unwrap();
    assert!(matches!(again, Err(AppendError::Repeated(answer)) if answer == *first));
    assert_eq!(store.load(&id(lost.0)).await.unwrap().version, 0);
    assert_eq!(store.answered(&once(lost.1)).await.unwrap(), None);
    assert_eq!(store.audited(lost.0).await.unwrap(), []);
    assert_eq!(store.messages_left().await.unwrap(), 1);
    assert_eq!(receive(store, "d-4", "An").await.code, Some(code(2)));
}

/// Forty receptions with the same two persons, half of them in the other order.
pub(crate) async fn writes_with_the_same_persons_do_not_wait_crosswise(store: &Store) {
    let (an, ba) = (party("An"), party("Ba"));
    let race = (0..40).map(|n| {
        let filed = submitted("An", noon());
        let mut parties = vec![an.clone(), ba.clone()];
        if n % 2 == 1 {
            parties.reverse();
        }
        store.append(Batch {
            parties,
            events: NewEvents::Ready(vec![filed]),
            ..reception(&format!("d-{n}"), "An", None)
        })
    });
    for end in join_all(race).await {
        end.unwrap();
    }
    assert_eq!(
        store
            .parties(&[an.id.clone(), ba.id.clone()])
            .await
            .unwrap(),
        [an, ba]
    );
}

/// Each write holds its dossier, and carries a name into the other's: PostgreSQL undoes one of them.
pub(crate) async fn a_write_that_the_server_undid_is_run_again(store: &Store) {
    for name in ["d-1", "d-2"] {
        receive(store, name, "An").await;
    }
    let mut moves = Vec::new();
    for (name, owner) in [("d-1", "Ân"), ("d-2", "Ấn")] {
        let corrected = PartyRow {
            name: owner.to_owned(),
            ..party("An")
        };
        let seen = store.load(&id(name)).await.unwrap();
        moves.push(Batch {
            parties: vec![corrected],
            ..batch(seen, vec![handed_over()])
        });
    }
    let gate = faults::hold("after_rows");
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        gate.notify_one();
    };
    let ends = join_all(moves.into_iter().map(|one| store.append(one)));
    for end in tokio::join!(ends, release).0 {
        assert_eq!(end.unwrap().version, 3);
    }
    let stored = store.party(&party("An").id).await.unwrap().unwrap();
    for name in ["d-1", "d-2"] {
        let row = store.views().dossier_row(&id(name)).await.unwrap().unwrap();
        assert_eq!(row.owner_name, stored.name, "{name}");
    }
}

pub(crate) async fn many_batches_are_written_together_or_not_at_all(store: &Store) {
    let all = vec![reception("d-1", "An", None), reception("d-2", "Ba", None)];
    let done = store.append_all(all).await.unwrap();
    let codes: Vec<_> = done
        .into_iter()
        .map(|appended| appended.code.unwrap())
        .collect();
    assert_eq!(codes, [code(1), code(2)]);
    let again = vec![reception("d-3", "Ba", None), reception("d-1", "An", None)];
    assert!(store.append_all(again).await.is_err());
    assert_eq!(store.load(&id("d-3")).await.unwrap().version, 0);
}

/// A dossier with its whole history, up to the document of its result.
fn lived(name: &str, order: u32) -> Batch {
    let begun = [submitted(name, noon()), received(order, Some(after(30)))];
    Batch {
        events: NewEvents::Ready(
            begun
                .into_iter()
                .chain(to_settled())
                .chain([made()])
                .collect(),
        ),
        messages: Vec::new(),
        ..reception(name, name, None)
    }
}

/// Bulk writers beside each other draw numbers of the same book: each once, without gaps.
pub(crate) async fn bulk_writers_beside_each_other_share_a_book(store: &Store) {
    publish(store).await;
    let group = |group: u32| {
        let name = |order: &u32| format!("d-{order}");
        let orders = group * 10 + 1..group * 10 + 6;
        let lives = orders.map(|order| lived(&name(&order), order)).collect();
        store.append_all(lives)
    };
    for done in join_all((0..6).map(group)).await {
        assert_eq!(done.unwrap().len(), 5);
    }
    let counted = [(format!("dossier:{CENTRE}:{}", noon().date()), 60)];
    store.raise_sequences(counted.into()).await.unwrap();
    let report = store.check().await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}

/// New dossiers inserted together are what they would be one by one, whatever comes between them.
pub(crate) async fn a_history_brought_in_at_once_is_as_if_lived(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "An").await;
    let seen = store.load(&id("d-1")).await.unwrap();
    let moved = batch(seen, vec![handed_over()]);
    let all = vec![lived("d-2", 2), moved, lived("d-3", 3), lived("d-4", 4)];
    let done = store.append_all(all).await.unwrap();
    let versions: Vec<u32> = done.iter().map(|appended| appended.version).collect();
    assert_eq!(
        (versions, done[2].code.clone()),
        (vec![8, 3, 8, 8], Some(code(3)))
    );
    let alone = receive_and_settle(store, "d-3-alone").await;
    let together = store.load(&id("d-3")).await.unwrap();
    assert_eq!(alone.dossier.kind(), together.dossier.kind());
    let row = store
        .views()
        .dossier_row(&id("d-3"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.version, row.owner_name.as_str()), (8, "d-3"));
    assert_eq!(store.audited("d-3").await.unwrap().len(), 1);
    let parties = store.parties(&[party("d-3").id]).await.unwrap();
    assert_eq!(parties, [party("d-3")]);
}

async fn receive_and_settle(store: &Store, name: &str) -> Loaded {
    let counted = [(format!("dossier:{CENTRE}:{}", noon().date()), 4)];
    store.raise_sequences(counted.into()).await.unwrap();
    assert_eq!(receive(store, name, name).await.code, Some(code(5)));
    go_on(store, name, to_settled()).await.unwrap();
    let report = store.check().await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
    store.load(&id(name)).await.unwrap()
}

pub(crate) async fn sequences_are_raised_and_never_lowered(store: &Store) {
    let sequence = |day: &str| format!("dossier:{CENTRE}:{day}");
    let today = noon().date().to_string();
    let raised = [(sequence(&today), 7), (sequence("2026-01-05"), 3)];
    store.raise_sequences(raised.into()).await.unwrap();
    let lower = [(sequence(&today), 2), (sequence("2026-01-06"), 1)];
    store.raise_sequences(lower.into()).await.unwrap();
    assert_eq!(receive(store, "d-1", "An").await.code, Some(code(8)));
}

pub(crate) async fn a_failed_write_harms_no_neighbour(store: &Store) {
    faults::arm("after_rows");
    let names = ["d-1", "d-2", "d-3"];
    let ends = join_all(names.map(|name| store.append(reception(name, "An", None)))).await;
    let failed: Vec<bool> = ends
        .iter()
        .map(|end| {
            matches!(
                end,
                Err(AppendError::Broken(StoreError::Fault("after_rows")))
            )
        })
        .collect();
    assert_eq!(failed.iter().filter(|failed| **failed).count(), 1);
    for (name, failed) in names.iter().zip(failed) {
        let version = store.load(&id(name)).await.unwrap().version;
        assert_eq!(version, if failed { 0 } else { 2 }, "{name}");
    }
    let panicking = Batch {
        events: NewEvents::Numbered {
            sequence: "x".to_owned(),
            make: Box::new(|_| panic!("a defect in a rule")),
        },
        ..reception("d-4", "An", None)
    };
    let at_once = [panicking, reception("d-5", "An", None)];
    let ends = join_all(at_once.map(|batch| {
        let store = store.clone();
        async move { tokio::spawn(async move { store.append(batch).await }).await }
    }));
    let ends = ends.await;
    assert!(!matches!(ends[0], Ok(Ok(_))));
    assert!(matches!(ends[1], Ok(Ok(_))));
}

pub(crate) async fn an_unprepared_database_is_known(store: &Store) {
    store.prepared().await.unwrap();
    store.migrate().await.unwrap();
    let bare = Store::open(&store::Database::SqliteMemory).await.unwrap();
    assert!(matches!(bare.prepared().await, Err(NotPrepared::Empty)));
    faults::spoil(
        store,
        "UPDATE _sqlx_migrations SET checksum = checksum || checksum \
        WHERE version = 1",
    )
    .await
    .unwrap();
    assert!(matches!(
        store.prepared().await,
        Err(NotPrepared::Foreign(1))
    ));
    assert!(store.migrate().await.is_err());
    faults::spoil(
        store,
        "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 2",
    )
    .await
    .unwrap();
    assert!(matches!(
        store.prepared().await,
        Err(NotPrepared::Newer { at: 9999, .. })
    ));
    faults::spoil(store, "DELETE FROM _sqlx_migrations")
        .await
        .unwrap();
    assert!(matches!(
        store.prepared().await,
        Err(NotPrepared::Older { at: 0, .. })
    ));
}

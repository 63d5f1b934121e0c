use std::sync::Arc;

use domain::dossier::{Event, Refusal};
use domain::ids::DossierId;
use domain::office::Role;
use jiff::ToSpan as _;

use super::reasons::why_not;
use super::*;
use crate::clock::ManualClock;
use crate::people::testing::{audited, faults, key, printing};
use crate::processing::{Attached, Order};
use crate::signing::testing::{PIN, TORN, certify, sign};
use crate::signing::tests::{dossier_of, leader, orders, somebody, to_approve};
use crate::signing::{Approval, Pin, approve, unlock};

/// A batch of so many documents that were read.
async fn read(app: &App, many: usize) -> (String, Vec<DossierId>) {
    let (batch, dossiers) = made(app, many).await;
    for place in (1..).take(many) {
        batch_document(app, &leader(app), (&batch, place))
            .await
            .unwrap();
    }
    (batch, dossiers)
}

async fn made(app: &App, many: usize) -> (String, Vec<DossierId>) {
    let mut dossiers = Vec::new();
    for _ in 0..many {
        dossiers.push(to_approve(app).await);
    }
    let leader = leader(app);
    let batch = make_batch(app, &leader, (&key(), dossiers)).await.unwrap();
    prepare_batch(app, &leader, &batch).await.unwrap();
    let page = super::batch(app, &leader, &batch).await.unwrap();
    let dossiers = page
        .items
        .iter()
        .map(|item| super::dossier_of(item).unwrap());
    (batch, dossiers.collect())
}

async fn opened(app: &App, batch: &str, pin: &str) -> Result<Run, No> {
    let all = (batch, &Chosen::All);
    open_run(app, &leader(app), all, &Pin::new(pin)).await
}

async fn states(app: &App, batch: &str) -> Vec<SigningState> {
    let page = super::batch(app, &leader(app), batch).await.unwrap();
    page.items.iter().map(SigningItemRow::state).collect()
}

async fn signatures(app: &App, dossier: &DossierId) -> usize {
    let loaded = app.store().load(dossier).await.unwrap();
    let events = loaded.events.iter().map(|recorded| &recorded.event);
    events
        .filter(|event| matches!(event, Event::ResultSigned(_)))
        .count()
}

async fn ready() -> (App, Arc<ManualClock>) {
    let (app, clock) = printing().await;
    certify(&app).await;
    (app, clock)
}

#[tokio::test]
async fn a_batch_that_nobody_goes_on_with_is_dissolved_without_a_key() {
    let (app, clock) = ready().await;
    let leader = leader(&app);
    let (batch, dossiers) = read(&app, 2).await;
    sign(&app, &leader, &dossiers[0]).await.unwrap();
    let run = opened(&app, &batch, PIN).await.unwrap();
    let running = dissolve(&app, &leader, &batch).await.unwrap_err();
    assert_eq!(faults(running), [("dossier", "fault.signing_running")]);
    drop(run);
    let other = somebody(&app, "lanhdao-nguyetvien", Role::Leader);
    assert!(matches!(
        dissolve(&app, &other, &batch).await,
        Err(No::Denied(_))
    ));
    let (batch, waits) = read(&app, 1).await;
    // A run that slept over the end of its turn signs nothing of what was taken out.
    let slept = opened(&app, &batch, PIN).await.unwrap();
    clock.set(app.clock().now().saturating_add(1.minute()));
    assert!(to_sign(&app, &leader).await.unwrap().rows.is_empty());
    dissolve(&app, &leader, &batch).await.unwrap();
    slept.go().await.unwrap();
    assert_eq!(states(&app, &batch).await, [SigningState::Left]);
    let waiting = to_sign(&app, &leader).await.unwrap();
    let listed: Vec<&str> = waiting
        .rows
        .iter()
        .map(|row| row.dossier.as_str())
        .collect();
    assert_eq!(listed, [waits[0].as_str()]);
    dissolve(&app, &leader, &batch).await.unwrap();
    // What is open stands before what is newer and done.
    let stages: Vec<Stage> = waiting.batches.iter().map(|line| line.stage).collect();
    assert_eq!(stages, [Stage::Stopped, Stage::Done]);
}

#[tokio::test]
async fn one_document_that_cannot_be_made_keeps_no_other_from_being_made() {
    let (app, _) = ready().await;
    let leader = leader(&app);
    let dossiers = vec![to_approve(&app).await, to_approve(&app).await];
    let torn = Order::DraftResult {
        last_day: None,
        outcome: domain::dossier::Outcome::Granted,
        summary: "Chứng thực bản sao từ bản chính".to_owned(),
        document: b"%PDF-1.7 torn".to_vec(),
        attached: Attached::default(),
    };
    let back = Order::SendBack {
        reason: "Dùng bản của đơn vị".to_owned(),
    };
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    orders(&app, &leader, &dossiers[0], back).await.unwrap();
    for order in [torn, Order::Forward] {
        orders(&app, &officer, &dossiers[0], order).await.unwrap();
    }
    TORN.set(true);
    let batch = make_batch(&app, &leader, (&key(), dossiers.clone()))
        .await
        .unwrap();
    prepare_batch(&app, &leader, &batch).await.unwrap();
    let page = super::batch(&app, &leader, &batch).await.unwrap();
    assert_eq!(page.stage, Stage::Ready);
    let bad = page
        .items
        .iter()
        .find(|item| item.dossier == dossiers[0].as_str());
    let bad = bad.unwrap();
    assert_eq!((bad.state(), bad.made()), (SigningState::Failed, None));
    assert_eq!(bad.reason, "signing.why.broken");
    assert!(page.items.iter().any(|item| item.made().is_some()));
}

#[tokio::test]
async fn what_was_read_is_signed_with_one_pin_and_the_rest_is_listed_with_its_reason() {
    let (app, _) = ready().await;
    let leader = leader(&app);
    let (batch, dossiers) = read(&app, 5).await;
    assert!(to_sign(&app, &leader).await.unwrap().rows.is_empty());
    // The first is signed on its own page meanwhile, the second goes back, the third is taken out.
    sign(&app, &leader, &dossiers[0]).await.unwrap();
    give_back(&app, &leader, (&batch, 2), ("Sai tên mẹ", key()))
        .await
        .unwrap();
    let chosen = Chosen::These(vec![1, 4, 5]);
    let run = open_run(&app, &leader, (&batch, &chosen), &Pin::new(PIN)).await;
    run.unwrap().go().await.unwrap();
    let expected = [
        SigningState::Stale,
        SigningState::Returned,
        SigningState::Left,
        SigningState::Signed,
        SigningState::Signed,
    ];
    assert_eq!(states(&app, &batch).await, expected);
    let readings = audited(&app, dossiers[4].as_str()).await;
    let read = readings.iter().filter(|line| *line == "signing.read");
    assert_eq!(read.count(), 1, "who read it is logged");
    for (dossier, times) in dossiers.iter().zip([1, 0, 0, 1, 1]) {
        assert_eq!(signatures(&app, dossier).await, times);
    }
    let page = super::batch(&app, &leader, &batch).await.unwrap();
    assert_eq!(page.stage, Stage::Done);
    assert_eq!(page.items[0].reason, "signing.why.elsewhere");
    assert_eq!((page.row.listed, page.row.signed, page.row.open), (4, 2, 0));
    let drafter = dossier_of(&app, &dossiers[1]).await;
    assert_eq!(drafter.at_step().unwrap().index, 1, "at its drafter's step");
    let waiting = to_sign(&app, &leader).await.unwrap().rows;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].dossier, dossiers[2].as_str());
    let log = app.store().last_audited(&batch, 10).await.unwrap();
    let log: Vec<&str> = log.iter().map(|one| one.line.action.as_str()).collect();
    let whole = [
        "signing.ended",
        "signing.left",
        "signing.begun",
        "signing.made",
    ];
    assert_eq!(log, whole);
}

#[tokio::test]
async fn a_wrong_pin_or_an_unread_document_signs_nothing() {
    let (app, _) = ready().await;
    let (batch, dossiers) = made(&app, 2).await;
    let unread = opened(&app, &batch, PIN).await.err().unwrap();
    assert_eq!(faults(unread), [("dossier", "fault.signing_unread")]);
    for place in [1, 2] {
        batch_document(&app, &leader(&app), (&batch, place))
            .await
            .unwrap();
    }
    let wrong = opened(&app, &batch, "1").await.err().unwrap();
    assert_eq!(faults(wrong), [("pin", "fault.pin_wrong")]);
    let none = (batch.as_str(), &Chosen::These(Vec::new()));
    let none = open_run(&app, &leader(&app), none, &Pin::new(PIN)).await;
    assert_eq!(
        faults(none.err().unwrap()),
        [("dossier", "fault.signing_none")]
    );
    for dossier in &dossiers {
        assert_eq!(signatures(&app, dossier).await, 0);
    }
    let page = super::batch(&app, &leader(&app), &batch).await.unwrap();
    assert_eq!(page.stage, Stage::Ready);
}

#[tokio::test]
async fn a_run_that_dies_in_the_middle_is_gone_on_with_and_nothing_is_signed_twice() {
    let (app, clock) = ready().await;
    let (batch, dossiers) = read(&app, 6).await;
    let run = opened(&app, &batch, PIN).await.unwrap();
    let some_are_signed = async {
        loop {
            let row = app.store().signing_batch(&batch).await.unwrap().unwrap();
            if row.signed >= 2 {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = some_are_signed => {}
        done = run.go() => panic!("it was not stopped: {done:?}"),
    }
    let early = opened(&app, &batch, PIN).await.err().unwrap();
    assert_eq!(faults(early), [("dossier", "fault.signing_running")]);
    clock.set(app.clock().now().saturating_add(20.seconds()));
    let page = super::batch(&app, &leader(&app), &batch).await.unwrap();
    assert_eq!(page.stage, Stage::Stopped);
    assert!(page.row.signed < 6, "{}", page.row.signed);
    opened(&app, &batch, PIN).await.unwrap().go().await.unwrap();
    assert_eq!(states(&app, &batch).await, [SigningState::Signed; 6]);
    for dossier in &dossiers {
        assert_eq!(signatures(&app, dossier).await, 1);
    }
}

#[tokio::test]
async fn what_was_signed_but_not_noted_is_noted_and_not_signed_again() {
    let (app, _) = ready().await;
    let (batch, dossiers) = read(&app, 1).await;
    let page = super::batch(&app, &leader(&app), &batch).await.unwrap();
    let (version, document) = page.items[0].made().unwrap();
    let approval = Approval {
        dossier: dossiers[0].clone(),
        version,
        key: key_of(&batch, 1).unwrap(),
        document,
    };
    let pin = Pin::new(PIN);
    let open = async |signer| unlock(&app, signer, &pin).await;
    approve(&app, &leader(&app), approval, open).await.unwrap();
    assert_eq!(states(&app, &batch).await, [SigningState::Signed]);
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
}

#[tokio::test]
async fn a_batch_is_its_makers_alone_and_of_what_waits_for_her() {
    let (app, _) = ready().await;
    let (batch, dossiers) = read(&app, 1).await;
    let deputy = somebody(&app, "pholanhdao-hacthanh", Role::Leader);
    let unseen = super::batch(&app, &deputy, &batch).await.err().unwrap();
    assert!(matches!(unseen, No::Denied(Denied::Unseen)));
    let unseen = batch_document(&app, &deputy, (&batch, 1)).await;
    assert!(matches!(unseen, Err(No::Denied(Denied::Unseen))));
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    let denied = to_sign(&app, &officer).await;
    assert!(matches!(denied, Err(No::Denied(Denied::Seen))));
    let twice = make_batch(&app, &leader(&app), (&key(), dossiers.clone())).await;
    assert_eq!(
        faults(twice.unwrap_err()),
        [("dossier", "fault.signing_gone")]
    );
    let none = make_batch(&app, &leader(&app), (&key(), Vec::new())).await;
    assert_eq!(
        faults(none.unwrap_err()),
        [("dossier", "fault.signing_none")]
    );
}

#[tokio::test]
async fn what_the_law_forbids_meanwhile_is_listed_with_its_rule() {
    let refused: No = Refusal::DraftMissing.into();
    let (state, reason) = why_not(&refused).unwrap();
    assert_eq!(state, SigningState::Refused);
    assert_eq!(reason, "rule.XL-03.title");
    let (app, _) = ready().await;
    let (batch, dossiers) = read(&app, 1).await;
    let back = Order::SendBack {
        reason: "Sai tên".to_owned(),
    };
    orders(&app, &leader(&app), &dossiers[0], back)
        .await
        .unwrap();
    let moved = opened(&app, &batch, PIN).await.err().unwrap();
    assert_eq!(faults(moved), [("dossier", "fault.signing_moved")]);
    assert_eq!(states(&app, &batch).await, [SigningState::Stale]);
}

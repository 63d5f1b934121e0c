mod given_up;

use std::sync::Arc;

use domain::certificate::{Holder, KeyAt};
use domain::dossier::Event;
use domain::ids::DossierId;
use jiff::ToSpan as _;
use store::faults::arm;

use super::testing::{PIN, asked, asks, says};
use super::{Asks, Reply, Typed, ask_one, sign, work};
use crate::certificates::{Missing, NewCertificate, every_missing, register};
use crate::clock::ManualClock;
use crate::people::testing::{faults, key, printing};
use crate::ports::PortError;
use crate::processing::Order;
use crate::signing::batch::{
    Chosen, SigningItemRow, SigningState, Stage, batch, batch_document, make_batch, prepare_batch,
};
use crate::signing::tests::{leader, orders, to_approve};
use crate::signing::{Approval, Pin, readable};
use crate::{App, No};

/// The leader's key lies at a service.
async fn office() -> (App, Arc<ManualClock>) {
    let (app, clock) = printing().await;
    for line in every_missing(&app, |_| true).await.unwrap() {
        let Missing::Person { staff, name, role } = line.who else {
            continue;
        };
        let new = NewCertificate {
            unit: line.unit,
            holder: Holder::Person { staff, role },
            key: KeyAt::Remote {
                service: "phone".to_owned(),
                credential: "038076004321".to_owned(),
            },
            file: format!("{name};038076004321;2026-01-01;2028-01-01;signs").into_bytes(),
        };
        register(&app, "system", new).await.unwrap();
    }
    (app, clock)
}

/// A batch of so many documents that were read.
async fn read(app: &App, many: usize) -> (String, Vec<DossierId>) {
    let (leader, mut dossiers) = (leader(app), Vec::new());
    for _ in 0..many {
        dossiers.push(to_approve(app).await);
    }
    let made = make_batch(app, &leader, (&key(), dossiers)).await.unwrap();
    prepare_batch(app, &leader, &made).await.unwrap();
    let page = batch(app, &leader, &made).await.unwrap();
    let mut dossiers = Vec::new();
    for item in &page.items {
        batch_document(app, &leader, (&made, item.place))
            .await
            .unwrap();
        dossiers.push(DossierId::parse(&item.dossier).unwrap());
    }
    (made, dossiers)
}

fn typed(pin: &str, code: &str) -> Typed {
    Typed {
        pin: Pin::new(pin),
        code: Pin::new(code),
    }
}

/// Asks for all of it and waits until everything is asked that will be.
async fn ask(app: &App, made: &str, typed: Typed) -> Result<(), No> {
    sign(app, &leader(app), (made, &Chosen::All), typed).await?;
    loop {
        let row = app.store().signing_batch(made).await.unwrap().unwrap();
        if row.held_until.is_none() {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

/// The worker looks once after what is due ten seconds later.
async fn later(app: &App, clock: &ManualClock) -> usize {
    clock.set(app.clock().now().saturating_add(10.seconds()));
    work(app).await.unwrap()
}

async fn stage(app: &App, made: &str) -> (Stage, String, Vec<SigningState>) {
    let page = batch(app, &leader(app), made).await.unwrap();
    let states = page.items.iter().map(SigningItemRow::state).collect();
    (page.stage, page.row.told, states)
}

async fn signatures(app: &App, dossier: &DossierId) -> usize {
    let loaded = app.store().load(dossier).await.unwrap();
    let events = loaded.events.iter().map(|recorded| &recorded.event);
    let signed = events.filter(|event| matches!(event, Event::ResultSigned(_)));
    signed.count()
}

fn waits() -> Reply {
    Reply::Waiting("w-1".to_owned())
}

#[tokio::test]
async fn what_is_confirmed_on_the_phone_is_signed_in_requests_of_so_many() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (made, dossiers) = read(&app, 3).await;
    says([Ok(waits()), Ok(Reply::Pending)]);
    ask(&app, &made, typed("", "")).await.unwrap();
    let page = batch(&app, &leader(&app), &made).await.unwrap();
    assert_eq!(page.stage, Stage::Asked);
    assert_eq!(page.request.unwrap().documents, 2);
    let again = ask(&app, &made, typed("", "")).await.unwrap_err();
    assert_eq!(faults(again), [("dossier", "fault.signing_running")]);
    // Asked, pending, then signed and kept, then approved; the second request only after it.
    for _ in 0..3 {
        assert_eq!(later(&app, &clock).await, 1);
        assert_eq!(signatures(&app, &dossiers[0]).await, 0);
    }
    assert_eq!(later(&app, &clock).await, 1);
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
    assert_eq!(signatures(&app, &dossiers[2]).await, 0);
    while later(&app, &clock).await > 0 {}
    let (stage, told, states) = stage(&app, &made).await;
    assert_eq!((stage, told.as_str()), (Stage::Done, ""));
    assert_eq!(states, [SigningState::Signed; 3]);
    for dossier in &dossiers {
        assert_eq!(signatures(&app, dossier).await, 1);
    }
    let first = &asked()[0];
    assert_eq!(first.title, "Một Cửa: ký 2 văn bản");
    assert!(first.documents[0].name.starts_with("H56."));
    let held = app.store().held_files().await.unwrap();
    let files: Vec<_> = held.iter().collect();
    let items = app.store().signing_request_items(&first.reference).await;
    assert!(
        items
            .unwrap()
            .iter()
            .all(|item| item.unfinished_file.is_none())
    );
    assert!(!files.is_empty());
}

#[tokio::test]
async fn who_says_no_or_nothing_signs_nothing_and_may_sign_again() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 1);
    let (made, dossiers) = read(&app, 2).await;
    says([
        Ok(waits()),
        Ok(Reply::Rejected("remote.rejected".to_owned())),
    ]);
    ask(&app, &made, typed("", "")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    let (at, told, states) = stage(&app, &made).await;
    assert_eq!((at, told.as_str()), (Stage::Stopped, "remote.rejected"));
    assert_eq!(states, [SigningState::Failed, SigningState::Waiting]);
    assert_eq!(asked().len(), 1, "the second was asked no more");
    // She does not decide: asked three times, as the service wants it.
    says([
        Ok(waits()),
        Ok(Reply::Pending),
        Ok(Reply::Pending),
        Ok(Reply::Pending),
    ]);
    ask(&app, &made, typed("", "")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    assert_eq!(stage(&app, &made).await.1, "remote.expired");
    for dossier in &dossiers {
        assert_eq!(signatures(&app, dossier).await, 0);
    }
    ask(&app, &made, typed("", "")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    assert_eq!(stage(&app, &made).await.2, [SigningState::Signed; 2]);
}

#[tokio::test]
async fn a_service_that_is_down_is_asked_again_with_the_same_reference() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (made, dossiers) = read(&app, 1).await;
    let down = || Err(PortError::Retry("remote.no_answer".to_owned()));
    says([down(), Ok(waits()), down(), down()]);
    ask(&app, &made, typed("", "")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
    let asked = asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].reference, asked[1].reference);
    // One that is never reached is given up, in words.
    let (made, _) = read(&app, 1).await;
    says((0..100).map(|_| down()));
    ask(&app, &made, typed("", "")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    let (at, told, states) = stage(&app, &made).await;
    assert_eq!((at, told.as_str()), (Stage::Stopped, "remote.no_answer"));
    assert_eq!(states, [SigningState::Failed]);
}

#[tokio::test]
async fn a_crash_at_any_point_loses_and_doubles_nothing() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    for point in [
        "between_begin_and_note",
        "between_poll_and_keep",
        "between_keep_and_approve",
        "between_sign_and_append",
        "between_approve_and_note",
    ] {
        let (made, dossiers) = read(&app, 1).await;
        says([Ok(waits())]);
        if point == "between_begin_and_note" {
            says([Ok(waits())]);
        }
        ask(&app, &made, typed("", "")).await.unwrap();
        arm(point);
        // What one worker held is looked after by another when its time is over.
        for _ in 0..40 {
            later(&app, &clock).await;
        }
        let (at, _, states) = stage(&app, &made).await;
        assert_eq!(
            (at, states),
            (Stage::Done, vec![SigningState::Signed]),
            "{point}"
        );
        assert_eq!(signatures(&app, &dossiers[0]).await, 1, "{point}");
    }
}

#[tokio::test]
async fn what_was_typed_is_used_once_and_wrong_words_stop_it() {
    let (app, clock) = office().await;
    asks(Asks::PinAndCode, 2);
    let (made, dossiers) = read(&app, 2).await;
    let missing = ask(&app, &made, typed("", "")).await.unwrap_err();
    assert_eq!(faults(missing), [("pin", "fault.pin_missing")]);
    let missing = ask(&app, &made, typed(PIN, "")).await.unwrap_err();
    assert_eq!(faults(missing), [("code", "fault.code_missing")]);
    ask(&app, &made, typed("1", "2")).await.unwrap();
    let (at, told, states) = stage(&app, &made).await;
    assert_eq!((at, told.as_str()), (Stage::Stopped, "remote.pin"));
    assert_eq!(states, [SigningState::Failed; 2]);
    assert_eq!(asked().len(), 1, "a wrong PIN is not tried again");
    ask(&app, &made, typed(PIN, "2")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    assert_eq!(stage(&app, &made).await.2, [SigningState::Signed; 2]);
    // Whoever asks dies before the service answers: the PIN is gone, and nothing is signed.
    let (more, others) = read(&app, 1).await;
    arm("between_request_and_service");
    let all = (more.as_str(), &Chosen::All);
    sign(&app, &leader(&app), all, typed(PIN, "2"))
        .await
        .unwrap();
    // It is noted, and then the process that holds the PIN dies.
    while app
        .store()
        .signing_request_of(&more)
        .await
        .unwrap()
        .is_none()
    {
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    clock.set(app.clock().now().saturating_add(10.minutes()));
    work(&app).await.unwrap();
    assert_eq!(stage(&app, &more).await.1, "remote.interrupted");
    assert_eq!(signatures(&app, &others[0]).await, 0);
    asks(Asks::PinAndCode, 1);
    let (many, _) = read(&app, 2).await;
    let most = ask(&app, &many, typed(PIN, "2")).await.unwrap_err();
    assert_eq!(faults(most), [("dossier", "fault.remote_most")]);
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
}

#[tokio::test]
async fn a_dossier_that_moved_while_the_phone_rang_is_not_approved() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (made, dossiers) = read(&app, 2).await;
    says([Ok(waits())]);
    ask(&app, &made, typed("", "")).await.unwrap();
    later(&app, &clock).await;
    let back = Order::SendBack {
        reason: "Sai tên".to_owned(),
    };
    orders(&app, &leader(&app), &dossiers[0], back)
        .await
        .unwrap();
    while later(&app, &clock).await > 0 {}
    let (at, _, states) = stage(&app, &made).await;
    assert_eq!(at, Stage::Done);
    assert_eq!(states, [SigningState::Stale, SigningState::Signed]);
    assert_eq!(signatures(&app, &dossiers[0]).await, 0);
}

#[tokio::test]
async fn one_dossier_signed_from_its_page_is_a_batch_of_one() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (dossier, leader) = (to_approve(&app).await, leader(&app));
    let seen = readable(&app, &leader, &dossier).await.unwrap();
    let approval = || Approval {
        dossier: dossier.clone(),
        version: seen.version,
        key: store::OnceKey::parse("mot-lan-ky-tren-dien-thoai").unwrap(),
        document: seen.hash.clone(),
    };
    let (made, at_once) = tokio::join!(
        ask_one(&app, &leader, approval(), typed("", "")),
        ask_one(&app, &leader, approval(), typed("", "")),
    );
    let made = made.unwrap();
    assert_eq!(at_once.unwrap(), made, "nor does a second click");
    let again = ask_one(&app, &leader, approval(), typed("", ""))
        .await
        .unwrap();
    assert_eq!(made, again, "the same form asks once");
    while app
        .store()
        .signing_batch(&made)
        .await
        .unwrap()
        .unwrap()
        .held_until
        .is_some()
    {
        tokio::task::yield_now().await;
    }
    while later(&app, &clock).await > 0 {}
    assert_eq!(asked().len(), 1);
    assert_eq!(signatures(&app, &dossier).await, 1);
    assert_eq!(stage(&app, &made).await.0, Stage::Done);
}

#[tokio::test]
async fn a_code_is_sent_again_after_a_pause_only() {
    let (app, clock) = office().await;
    asks(Asks::PinAndCode, 2);
    let (made, _) = read(&app, 1).await;
    let send = async || super::send_code(&app, &leader(&app), &made).await;
    send().await.unwrap();
    let soon = send().await.unwrap_err();
    assert_eq!(faults(soon), [("code", "fault.code_sent")]);
    clock.set(app.clock().now().saturating_add(30.seconds()));
    send().await.unwrap();
}

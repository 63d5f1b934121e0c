//! Requests that somebody gives up, and services that keep others waiting.

use domain::ids::CertificateId;
use store::faults::hold;
use store::{AuditLine, SigningRun};
use tokio::task::JoinSet;

use super::*;
use crate::signing::batch::{dissolve, to_sign};
use crate::signing::remote::testing::{finished, silent};
use crate::signing::remote::work::begin;

#[tokio::test]
async fn a_request_is_given_up_and_what_comes_later_is_not_used() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 1);
    let (made, dossiers) = read(&app, 2).await;
    says([Ok(waits()), Ok(Reply::Pending)]);
    ask(&app, &made, typed("", "")).await.unwrap();
    later(&app, &clock).await;
    assert_eq!(stage(&app, &made).await.0, Stage::Asked);
    let leader = leader(&app);
    dissolve(&app, &leader, &made).await.unwrap();
    let (at, _, states) = stage(&app, &made).await;
    assert_eq!((at, states), (Stage::Done, vec![SigningState::Left; 2]));
    for _ in 0..20 {
        assert_eq!(later(&app, &clock).await, 0, "the service is asked no more");
    }
    // Both wait again, and are signed in another batch.
    assert_eq!(to_sign(&app, &leader).await.unwrap().rows.len(), 2);
    let new = key();
    let again = make_batch(&app, &leader, (&new, dossiers.clone()));
    let again = again.await.unwrap();
    prepare_batch(&app, &leader, &again).await.unwrap();
    for place in [1, 2] {
        let at = (again.as_str(), place);
        batch_document(&app, &leader, at).await.unwrap();
    }
    ask(&app, &again, typed("", "")).await.unwrap();
    while later(&app, &clock).await > 0 {}
    for dossier in &dossiers {
        assert_eq!(signatures(&app, dossier).await, 1);
    }
}

#[tokio::test]
async fn what_was_given_up_while_it_was_being_finished_is_not_approved() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (made, dossiers) = read(&app, 1).await;
    ask(&app, &made, typed("", "")).await.unwrap();
    later(&app, &clock).await;
    // The service gave its signature, which is kept and not yet put in.
    assert_eq!(stage(&app, &made).await.0, Stage::Running);
    dissolve(&app, &leader(&app), &made).await.unwrap();
    for _ in 0..5 {
        later(&app, &clock).await;
    }
    assert_eq!(signatures(&app, &dossiers[0]).await, 0);
}

#[tokio::test]
async fn nobody_takes_the_turn_while_a_service_is_asked() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (made, _) = read(&app, 1).await;
    says([Ok(waits())]);
    ask(&app, &made, typed("", "")).await.unwrap();
    later(&app, &clock).await;
    let now = app.clock().now();
    let run = SigningRun {
        batch: made.clone(),
        holder: "another".to_owned(),
        until: now.saturating_add(1.minutes()),
    };
    let line = AuditLine {
        actor: String::new(),
        action: "signing.begun".to_owned(),
        subject: made.clone(),
        purpose: String::new(),
        detail: String::new(),
    };
    let row = app.store().signing_batch(&made).await.unwrap().unwrap();
    let with = CertificateId::parse(&row.certificate.unwrap()).unwrap();
    let taken = app.store().take_signing_turn((run, &with), (now, line));
    assert!(!taken.await.unwrap());
}

#[tokio::test]
async fn one_that_is_silent_keeps_no_other_request_waiting() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (first, _) = read(&app, 1).await;
    let (second, dossiers) = read(&app, 1).await;
    silent(Some("begin"));
    ask(&app, &first, typed("", "")).await.unwrap();
    clock.set(app.clock().now().saturating_add(1.second()));
    let mut under_way = JoinSet::new();
    assert_eq!(begin(&app, &mut under_way).await.unwrap(), 1);
    while asked().is_empty() {
        tokio::task::yield_now().await;
    }
    silent(None);
    ask(&app, &second, typed("", "")).await.unwrap();
    // Asked and kept, then approved; the silent one is under way all the time.
    for _ in 0..2 {
        clock.set(app.clock().now().saturating_add(10.seconds()));
        begin(&app, &mut under_way).await.unwrap();
        while under_way.len() > 1 {
            under_way.join_next().await;
        }
    }
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
    assert_eq!(stage(&app, &first).await.0, Stage::Asked);
}

#[tokio::test]
async fn nobody_takes_a_request_over_whose_many_documents_take_longer_than_a_lease() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (made, dossiers) = read(&app, 2).await;
    ask(&app, &made, typed("", "")).await.unwrap();
    later(&app, &clock).await;
    let point = "between_keep_and_approve";
    let mut under_way = JoinSet::new();
    let first = hold(point);
    clock.set(app.clock().now().saturating_add(10.seconds()));
    assert_eq!(begin(&app, &mut under_way).await.unwrap(), 1);
    while finished() < 1 {
        tokio::task::yield_now().await;
    }
    clock.set(app.clock().now().saturating_add(100.seconds()));
    let second = hold(point);
    first.notify_one();
    while finished() < 2 {
        tokio::task::yield_now().await;
    }
    clock.set(app.clock().now().saturating_add(30.seconds()));
    assert_eq!(begin(&app, &mut under_way).await.unwrap(), 0);
    second.notify_one();
    while under_way.join_next().await.is_some() {}
    let (_, _, states) = stage(&app, &made).await;
    assert_eq!(states, [SigningState::Signed; 2]);
    for dossier in &dossiers {
        assert_eq!(signatures(&app, dossier).await, 1);
    }
}

#[tokio::test]
async fn the_page_does_not_wait_for_a_service_that_is_silent() {
    let (app, _) = office().await;
    asks(Asks::Phone, 2);
    let (made, _) = read(&app, 1).await;
    silent(Some("terms"));
    let page = batch(&app, &leader(&app), &made).await.unwrap();
    assert_eq!(page.remote, Some(Err("remote.no_answer")));
    dissolve(&app, &leader(&app), &made).await.unwrap();
    silent(None);
}

#[tokio::test]
async fn what_lies_in_a_batch_may_be_signed_from_its_own_page() {
    let (app, clock) = office().await;
    asks(Asks::Phone, 2);
    let (_, dossiers) = read(&app, 1).await;
    let leader = leader(&app);
    let seen = readable(&app, &leader, &dossiers[0]).await.unwrap();
    let approval = Approval {
        dossier: dossiers[0].clone(),
        version: seen.version,
        key: key(),
        document: seen.hash,
    };
    let made = ask_one(&app, &leader, approval, typed("", "")).await;
    let made = made.unwrap();
    while stage(&app, &made).await.0 == Stage::Running {
        tokio::task::yield_now().await;
    }
    while later(&app, &clock).await > 0 {}
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
}

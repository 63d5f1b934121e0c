use domain::certificate::{Holder, KeyAt};
use domain::dossier::Event;
use domain::ids::DossierId;
use domain::office::Role;
use jiff::ToSpan as _;
use store::NewSession;

use super::*;
use crate::access::Actor;
use crate::certificates::{NewCertificate, register};
use crate::clock::ManualClock;
use crate::people::testing::{audited, faults, key, printing};
use crate::processing::Order;
use crate::signing::readable;
use crate::signing::testing::certify;
use crate::signing::tests::{leader, orders, to_approve};

const SESSION: &str = "a session of the leader";

/// An office whose leader has a token at her desk and a session that is open all day.
async fn office() -> (App, std::sync::Arc<ManualClock>, DossierId) {
    let (app, clock) = printing().await;
    certify(&app).await;
    let leader = leader(&app);
    let name = app.store().staff(std::slice::from_ref(&leader.staff)).await;
    let name = name.unwrap().remove(0).name;
    let new = NewCertificate {
        unit: leader.posts[0].0.clone(),
        holder: Holder::Person {
            staff: leader.staff.clone(),
            role: Role::Leader,
        },
        key: KeyAt::LocalToken,
        file: format!("{name};038076004321;2026-02-01;2029-01-01;signs").into_bytes(),
    };
    register(&app, "system", new).await.unwrap();
    let now = app.clock().now();
    let session = NewSession {
        token: token_hash(SESSION),
        staff: leader.staff.clone(),
        csrf: "csrf".to_owned(),
        language: "vi".to_owned(),
        at: now,
        expires_at: now.saturating_add(12.hours()),
    };
    let line = audit_line();
    app.store().open_session(session, line).await.unwrap();
    let dossier = to_approve(&app).await;
    (app, clock, dossier)
}

fn audit_line() -> AuditLine {
    AuditLine {
        actor: "test".to_owned(),
        action: "session.opened".to_owned(),
        subject: "test".to_owned(),
        purpose: String::new(),
        detail: String::new(),
    }
}

async fn approval(app: &App, dossier: &DossierId) -> Approval {
    let read = readable(app, &leader(app), dossier).await.unwrap();
    Approval {
        dossier: dossier.clone(),
        version: read.version,
        key: key(),
        document: read.hash,
    }
}

async fn begun(app: &App, dossier: &DossierId) -> GivenOut {
    let approval = approval(app, dossier).await;
    begin(app, &leader(app), SESSION, &approval).await.unwrap()
}

/// What the program at the desk makes of the document.
async fn signed(app: &App, given: &GivenOut) -> Vec<u8> {
    let document = give_out(app, &given.download).await.unwrap().unwrap();
    [document, b"signed at the desk".to_vec()].concat()
}

async fn signatures(app: &App, dossier: &DossierId) -> usize {
    let loaded = app.store().load(dossier).await.unwrap();
    let events = loaded.events.iter().map(|recorded| &recorded.event);
    events
        .filter(|event| matches!(event, Event::ResultSigned(_)))
        .count()
}

async fn stands(app: &App, dossier: &DossierId, given: &GivenOut) -> Attempt {
    let which = (dossier, given.attempt.as_str());
    attempt(app, &leader(app), which).await.unwrap()
}

#[tokio::test]
async fn what_comes_back_signed_is_approved_once() {
    let (app, _, dossier) = office().await;
    let given = begun(&app, &dossier).await;
    assert!(matches!(
        stands(&app, &dossier, &given).await,
        Attempt::Waiting { .. }
    ));
    let document = signed(&app, &given).await;
    let taken = take_back(&app, &given.upload, document.clone()).await;
    taken.unwrap().unwrap().came.unwrap();
    assert_eq!(stands(&app, &dossier, &given).await, Attempt::Approved);
    let again = take_back(&app, &given.upload, document).await.unwrap();
    assert!(again.is_none(), "the word is used");
    assert!(give_out(&app, &given.download).await.unwrap().is_none());
    assert_eq!(signatures(&app, &dossier).await, 1);
    let log = audited(&app, dossier.as_str()).await;
    assert!(log.contains(&"signing.local_begun".to_owned()), "{log:?}");
}

#[tokio::test]
async fn what_was_altered_is_not_taken_and_the_reason_stays() {
    let (app, _, dossier) = office().await;
    let given = begun(&app, &dossier).await;
    let mut document = signed(&app, &given).await;
    document[0] ^= 1;
    let taken = take_back(&app, &given.upload, document).await.unwrap();
    let faults = faults(taken.unwrap().came.unwrap_err());
    let [(_, why)] = faults[..] else {
        panic!("{faults:?}")
    };
    let reason = why.to_owned();
    let stands = stands(&app, &dossier, &given).await;
    assert_eq!(stands, Attempt::Refused { reason });
    assert_eq!(signatures(&app, &dossier).await, 0);
    let log = audited(&app, dossier.as_str()).await;
    assert!(log.contains(&"signing.local_refused".to_owned()), "{log:?}");
    // The next attempt has words of its own.
    let next = begun(&app, &dossier).await;
    let document = signed(&app, &next).await;
    let taken = take_back(&app, &next.upload, document).await.unwrap();
    taken.unwrap().came.unwrap();
    assert_eq!(signatures(&app, &dossier).await, 1);
}

#[tokio::test]
async fn words_end_with_their_minutes_and_with_the_session() {
    let (app, clock, dossier) = office().await;
    let given = begun(&app, &dossier).await;
    let document = signed(&app, &given).await;
    let before = app.clock().now();
    clock.set(before.saturating_add((MINUTES * 60 + 1).seconds()));
    let late = take_back(&app, &given.upload, document.clone()).await;
    assert!(late.unwrap().is_none());
    assert!(give_out(&app, &given.download).await.unwrap().is_none());
    assert_eq!(stands(&app, &dossier, &given).await, Attempt::Over);
    clock.set(before);
    let session = token_hash(SESSION);
    app.store().close_session(session).await.unwrap();
    let left = take_back(&app, &given.upload, document).await;
    assert!(left.unwrap().is_none());
    let unknown = Word::new("somebody's guess");
    assert!(give_out(&app, &unknown).await.unwrap().is_none());
    assert_eq!(signatures(&app, &dossier).await, 0);
    assert_eq!(format!("{:?}", given.upload), "Word");
}

#[tokio::test]
async fn a_document_is_given_out_a_few_times_and_not_once_the_dossier_moved() {
    let (app, _, dossier) = office().await;
    let given = begun(&app, &dossier).await;
    for _ in 0..MOST_DOWNLOADS {
        assert!(give_out(&app, &given.download).await.unwrap().is_some());
    }
    assert!(give_out(&app, &given.download).await.unwrap().is_none());
    let log = audited(&app, dossier.as_str()).await;
    let read = log.iter().filter(|line| *line == "signing.read").count();
    assert_eq!(read, 5, "each names a person and leaves the house: {log:?}");
    let next = begun(&app, &dossier).await;
    let back = Order::SendBack {
        reason: "Sai tên".to_owned(),
    };
    orders(&app, &leader(&app), &dossier, back).await.unwrap();
    assert!(give_out(&app, &next.download).await.unwrap().is_none());
    let stands = stands(&app, &dossier, &next).await;
    assert!(matches!(stands, Attempt::Refused { .. }), "{stands:?}");
}

#[tokio::test]
async fn a_machine_that_fails_in_between_approves_once() {
    for point in ["between_sign_and_append", "between_local_approval_and_note"] {
        let (app, _, dossier) = office().await;
        let given = begun(&app, &dossier).await;
        let document = signed(&app, &given).await;
        store::faults::arm(point);
        let died = take_back(&app, &given.upload, document.clone()).await;
        assert!(matches!(died, Err(No::Broken(_))), "{point}: {died:?}");
        let again = take_back(&app, &given.upload, document).await.unwrap();
        again.unwrap().came.unwrap();
        assert_eq!(signatures(&app, &dossier).await, 1, "{point}");
        assert_eq!(stands(&app, &dossier, &given).await, Attempt::Approved);
    }
}

#[tokio::test]
async fn older_attempts_end_with_newer_ones() {
    let (app, clock, dossier) = office().await;
    let mut all = Vec::new();
    for _ in 0..=MOST_OPEN {
        all.push(begun(&app, &dossier).await);
        clock.set(app.clock().now().saturating_add(1.seconds()));
    }
    let (first, last) = (&all[0], &all[all.len() - 1]);
    assert!(give_out(&app, &first.download).await.unwrap().is_none());
    let reason = REPLACED.to_owned();
    let ended = Attempt::Refused { reason };
    assert_eq!(stands(&app, &dossier, first).await, ended);
    let document = signed(&app, last).await;
    let taken = take_back(&app, &last.upload, document).await.unwrap();
    taken.unwrap().came.unwrap();
    assert_eq!(stands(&app, &dossier, last).await, Attempt::Approved);
    assert_eq!(signatures(&app, &dossier).await, 1);
}

#[tokio::test]
async fn an_attempt_is_seen_by_its_signer_alone() {
    let (app, _, dossier) = office().await;
    let given = begun(&app, &dossier).await;
    let other = Actor {
        staff: domain::ids::StaffId::parse("giamdoc-hacthanh").unwrap(),
        ..leader(&app)
    };
    let which = (&dossier, given.attempt.as_str());
    let unseen = attempt(&app, &other, which).await;
    assert!(matches!(unseen, Err(No::Denied(Denied::Unseen))));
}

#[tokio::test]
async fn whose_key_is_elsewhere_is_given_no_words() {
    let (app, _) = printing().await;
    certify(&app).await;
    let dossier = to_approve(&app).await;
    let approval = approval(&app, &dossier).await;
    let no = begin(&app, &leader(&app), SESSION, &approval).await;
    let elsewhere = [("certificate", "fault.key_elsewhere")];
    assert_eq!(faults(no.unwrap_err()), elsewhere);
    let no = hand_in(&app, &leader(&app), approval, b"%PDF-1.7".to_vec()).await;
    assert_eq!(faults(no.unwrap_err()), elsewhere);
}

#[tokio::test]
async fn who_signs_with_her_own_program_hands_the_document_in() {
    let (app, _, dossier) = office().await;
    let leader = leader(&app);
    let approval = approval(&app, &dossier).await;
    let read = readable(&app, &leader, &dossier).await.unwrap().content;
    let none = hand_in(&app, &leader, approval.clone(), Vec::new()).await;
    assert_eq!(
        faults(none.unwrap_err()),
        [("signed", "fault.signed_missing")]
    );
    let other = hand_in(&app, &leader, approval.clone(), b"%PDF-1.7".to_vec()).await;
    let other = faults(other.unwrap_err());
    assert_eq!(other[0].0, "signed", "{other:?}");
    let document = [read, b"signed".to_vec()].concat();
    for _ in 0..2 {
        let done = hand_in(&app, &leader, approval.clone(), document.clone());
        done.await.unwrap();
    }
    assert_eq!(signatures(&app, &dossier).await, 1);
}

#[tokio::test]
async fn the_seal_of_an_agency_lies_on_no_desk() {
    let (app, _) = printing().await;
    let new = NewCertificate {
        unit: leader(&app).posts[0].0.clone(),
        holder: Holder::Agency,
        key: KeyAt::LocalToken,
        file: b"Phuong Hac Thanh;1;2026-02-01;2029-01-01;signs".to_vec(),
    };
    let no = register(&app, "system", new).await.unwrap_err();
    assert_eq!(faults(no), [("key", "fault.certificate.seal_at_desk")]);
}

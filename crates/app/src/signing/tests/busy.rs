//! Keys that are in use, authorities that do not answer, what is sent twice at once, batches whose time
//! is over, and a batch at the desk.

use jiff::ToSpan as _;
use store::faults::hold;

use super::{dossier_of, leader, to_approve};
use crate::access::Actor;
use crate::no::Fault;
use crate::people::testing::{audited, faults, key, printing};
use crate::signing::batch::retention::{check_batches, remove_finished};
use crate::signing::batch::{dissolve, make_batch};
use crate::signing::testing::{PIN, SILENT, certify, sign};
use crate::signing::{Approval, Pin, SignError, approve, approve_signed, readable, unlock};
use crate::{App, No};

async fn approval(app: &App, actor: &Actor) -> Approval {
    let dossier = to_approve(app).await;
    let read = readable(app, actor, &dossier).await.unwrap();
    Approval {
        dossier,
        version: read.version,
        key: key(),
        document: read.hash,
    }
}

#[tokio::test]
async fn what_keeps_a_key_from_signing_is_said_at_the_pin() {
    let (app, _) = printing().await;
    certify(&app).await;
    let leader = leader(&app);
    let dossier = to_approve(&app).await;
    for (error, said) in [
        (SignError::Busy, "fault.key_busy"),
        (SignError::Paused, "fault.key_paused"),
        (
            SignError::NoStamp("no answer".to_owned()),
            "fault.stamps_down",
        ),
        (
            SignError::Unavailable("unplugged".to_owned()),
            "fault.key_silent",
        ),
    ] {
        SILENT.replace(Some(error));
        let no = sign(&app, &leader, &dossier).await.unwrap_err();
        assert_eq!(faults(no), [("pin", said)]);
        assert!(crate::words::has(said));
    }
    SILENT.replace(None);
    let step = dossier_of(&app, &dossier).await;
    assert!(
        step.at_step().unwrap().signed.is_none(),
        "nothing is written"
    );
    sign(&app, &leader, &dossier).await.unwrap();
}

#[tokio::test]
async fn what_is_sent_twice_at_once_answers_with_the_first() {
    let (app, _) = printing().await;
    certify(&app).await;
    let leader = leader(&app);
    let approval = approval(&app, &leader).await;
    let pin = Pin::new(PIN);
    // The second has judged the dossier and finds the key in use: meanwhile the first signs.
    let second = approve(&app, &leader, approval.clone(), async |_| {
        let first = approve(&app, &leader, approval.clone(), async |signer| {
            unlock(&app, signer, &pin).await
        });
        Box::pin(first).await.unwrap();
        Err(No::Invalid(vec![Fault::new("pin", "fault.key_busy")]))
    });
    let second = second.await.unwrap();
    let signed = dossier_of(&app, &approval.dossier).await;
    assert!(signed.at_step().unwrap().signed.is_some());
    assert_eq!(second.dossier, approval.dossier);
    let dossiers = vec![to_approve(&app).await, to_approve(&app).await];
    let (once, again) = (key(), dossiers.clone());
    let (first, second) = tokio::join!(
        make_batch(&app, &leader, (&once, dossiers)),
        make_batch(&app, &leader, (&once, again)),
    );
    assert_eq!(first.unwrap(), second.unwrap());
}

#[tokio::test]
async fn what_was_signed_elsewhere_and_is_sent_twice_at_once_answers_with_the_first() {
    let (app, _) = printing().await;
    certify(&app).await;
    let leader = leader(&app);
    let approval = approval(&app, &leader).await;
    let read = readable(&app, &leader, &approval.dossier).await.unwrap();
    let certificate = read.signer.unwrap().certificate.id;
    let document = [&read.content[..], b" signed"].concat();
    let send = || {
        approve_signed(
            &app,
            &leader,
            approval.clone(),
            &certificate,
            document.clone(),
        )
    };
    // The second has asked whether it was approved, and goes on when the first has moved the dossier.
    let gate = hold("between_asking_and_judging");
    let first = async {
        let done = send().await;
        gate.notify_one();
        done
    };
    let (second, first) = tokio::join!(send(), first);
    assert_eq!(second.unwrap(), first.unwrap());
}

#[tokio::test]
async fn a_finished_batch_is_kept_for_its_days_and_then_removed_with_a_line() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let leader = leader(&app);
    let dossiers = vec![to_approve(&app).await];
    let batch = make_batch(&app, &leader, (&key(), dossiers)).await.unwrap();
    clock.set(app.clock().now().saturating_add(200.days()));
    assert_eq!(remove_finished(&app).await.unwrap(), 0, "it is open");
    dissolve(&app, &leader, &batch).await.unwrap();
    clock.set(app.clock().now().saturating_add(90.days()));
    assert_eq!(
        remove_finished(&app).await.unwrap(),
        0,
        "to the end of its days"
    );
    clock.set(app.clock().now().saturating_add(3.days()));
    let found = check_batches(app.store(), app.clock().now()).await.unwrap();
    assert_eq!(found.len(), 1, "a worker forgot it: {found:?}");
    assert_eq!(remove_finished(&app).await.unwrap(), 1);
    let found = check_batches(app.store(), app.clock().now()).await.unwrap();
    assert!(found.is_empty());
    let lines = audited(&app, &batch).await;
    assert!(lines.contains(&"signing.removed".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn a_key_at_the_server_is_not_worked_through_at_the_desk() {
    use crate::signing::local::begin_item;
    let (app, _) = printing().await;
    certify(&app).await;
    let leader = leader(&app);
    let dossiers = vec![to_approve(&app).await];
    let batch = make_batch(&app, &leader, (&key(), dossiers)).await.unwrap();
    crate::signing::batch::prepare_batch(&app, &leader, &batch)
        .await
        .unwrap();
    let begun = begin_item(&app, &leader, "session", (&batch, 1)).await;
    assert_eq!(
        faults(begun.unwrap_err()),
        [("dossier", "fault.signing_unread")]
    );
    crate::signing::batch::batch_document(&app, &leader, (&batch, 1))
        .await
        .unwrap();
    let begun = begin_item(&app, &leader, "session", (&batch, 1)).await;
    assert_eq!(
        faults(begun.unwrap_err()),
        [("certificate", "fault.key_elsewhere")]
    );
}

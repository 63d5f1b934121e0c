mod attachments;
mod busy;
mod succession;

use domain::certificate::Holder;
use domain::dossier::{Dossier, Event, Refusal};
use domain::ids::DossierId;
use domain::office::Role;

use super::testing::{certify, handout, sign, sign_with};
use crate::access::{Actor, StandIn};
use crate::forms::Typed;
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::work_off;
use crate::people::testing::{clerk, faults, key, printing, typed};
use crate::processing::{Act, Attached, Collector, Order, act};
use crate::{App, No};

pub(super) fn somebody(app: &App, login: &str, role: Role) -> Actor {
    let ward = if login.ends_with("-nguyetvien") {
        "Phường Nguyệt Viên"
    } else {
        "Phường Hạc Thành"
    };
    let clerk = clerk(app, ward);
    Actor {
        staff: domain::ids::StaffId::parse(login).unwrap(),
        posts: app.posts_with_forerunners(vec![(clerk.posts[0].0.clone(), role)]),
        ..clerk
    }
}

fn form() -> Typed {
    typed(&[
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
    ])
}

pub(super) async fn orders(
    app: &App,
    actor: &Actor,
    dossier: &DossierId,
    order: Order,
) -> Result<(), No> {
    let version = app.store().load(dossier).await.unwrap().version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order,
    };
    act(app, actor, input).await.map(|_| ())
}

/// A dossier of the ward that waits for its leader.
pub(super) async fn to_approve(app: &App) -> DossierId {
    to_approve_in(app, "hacthanh").await
}

/// The same, of the ward whose accounts end so.
async fn to_approve_in(app: &App, ward: &str) -> DossierId {
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: form(),
        draft: None,
        key: key(),
    };
    let counter = somebody(app, &format!("tiepnhan-{ward}"), Role::ReceptionClerk);
    let officer = somebody(app, &format!("chuyenvien-{ward}"), Role::CaseOfficer);
    let dossier = receive(app, &counter, input).await.unwrap().dossier;
    orders(app, &counter, &dossier, Order::HandOver)
        .await
        .unwrap();
    let draft = Order::DraftResult {
        last_day: None,
        outcome: domain::dossier::Outcome::Granted,
        summary: "Chứng thực bản sao từ bản chính".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    orders(app, &officer, &dossier, draft).await.unwrap();
    orders(app, &officer, &dossier, Order::Forward)
        .await
        .unwrap();
    dossier
}

pub(super) fn leader(app: &App) -> Actor {
    somebody(app, "lanhdao-hacthanh", Role::Leader)
}

pub(super) async fn dossier_of(app: &App, id: &DossierId) -> Dossier {
    app.store().load(id).await.unwrap().dossier
}

#[tokio::test]
async fn what_has_no_place_left_for_number_and_seal_gets_no_number() {
    let (app, _) = printing().await;
    certify(&app).await;
    let (dossier, leader) = (to_approve(&app).await, leader(&app));
    let read = super::readable(&app, &leader, &dossier).await.unwrap();
    let approval = super::Approval {
        dossier: dossier.clone(),
        version: read.version,
        key: key(),
        document: read.hash,
    };
    let certificate = read.signer.unwrap().certificate.id;
    let document = [&read.content[..], b"closed"].concat();
    let done = super::approve_signed(&app, &leader, approval, &certificate, document);
    done.await.unwrap();
    let seal = somebody(&app, "vanthu-hacthanh", Role::SealClerk);
    let no = orders(&app, &seal, &dossier, Order::Issue).await;
    let Err(No::Invalid(faults)) = no else {
        panic!("{no:?}")
    };
    assert_eq!(faults[0].key, "fault.document_unsealable");
    assert!(dossier_of(&app, &dossier).await.issued().is_none());
}

#[tokio::test]
async fn what_is_approved_is_signed_sealed_and_only_then_returned() {
    let (app, _) = printing().await;
    certify(&app).await;
    let dossier = to_approve(&app).await;
    let unsigned = orders(&app, &leader(&app), &dossier, Order::Forward).await;
    let Err(No::Refused(refused)) = unsigned else {
        panic!("{unsigned:?}")
    };
    assert_eq!(refused.refusal, Refusal::NotSigned);
    sign(&app, &leader(&app), &dossier).await.unwrap();
    let seal = somebody(&app, "vanthu-hacthanh", Role::SealClerk);
    orders(&app, &seal, &dossier, Order::Issue).await.unwrap();
    let counter = somebody(&app, "tiepnhan-hacthanh", Role::ReceptionClerk);
    let hand = || Order::Return {
        collector: Collector::Applicant,
        told: handout(),
    };
    let early = orders(&app, &counter, &dossier, hand()).await;
    let Err(No::Refused(refused)) = early else {
        panic!("{early:?}")
    };
    assert_eq!(refused.refusal, Refusal::NotSealed);
    while work_off(&app).await.unwrap() > 0 {}
    let issued = dossier_of(&app, &dossier).await.issued().unwrap().clone();
    let official = app
        .files()
        .get(&issued.official.unwrap().hash)
        .await
        .unwrap();
    let official = String::from_utf8(official).unwrap();
    let signed = app.files().get(&issued.document.hash).await.unwrap();
    assert!(official.starts_with(&String::from_utf8(signed).unwrap()));
    assert!(official.contains("Seal") && official.contains("ngày 23 tháng 11 năm 2026"));
    orders(&app, &counter, &dossier, hand()).await.unwrap();
}

#[tokio::test]
async fn a_wrong_pin_or_no_certificate_signs_nothing_and_says_why() {
    let (app, _) = printing().await;
    let dossier = to_approve(&app).await;
    let none = sign(&app, &leader(&app), &dossier).await.unwrap_err();
    assert_eq!(faults(none), [("certificate", "certificate.no.none")]);
    certify(&app).await;
    let wrong = sign_with(&app, &leader(&app), (&dossier, "1"))
        .await
        .unwrap_err();
    assert_eq!(faults(wrong), [("pin", "fault.pin_wrong")]);
    let missing = sign_with(&app, &leader(&app), (&dossier, " "))
        .await
        .unwrap_err();
    assert_eq!(faults(missing), [("pin", "fault.pin_missing")]);
    let at = dossier_of(&app, &dossier).await;
    assert!(at.at_step().unwrap().signed.is_none());
}

#[tokio::test]
async fn who_stands_in_signs_in_a_post_of_her_own() {
    let (app, _) = printing().await;
    certify(&app).await;
    let dossier = to_approve(&app).await;
    let leader = leader(&app);
    let unit = leader.posts[0].0.clone();
    let deputy = Actor {
        standing: vec![StandIn {
            unit: unit.clone(),
            role: Role::Leader,
            whom: leader.staff.clone(),
            name: leader.name.clone(),
            last: app.clock().now().date(),
            signing: true,
        }],
        ..somebody(&app, "giamdoc-hacthanh", Role::CentreDirector)
    };
    let read = super::readable(&app, &deputy, &dossier).await.unwrap();
    let certificate = read.signer.unwrap().certificate;
    let own = Holder::Person {
        staff: deputy.staff.clone(),
        role: Role::CentreDirector,
    };
    assert_eq!((&certificate.holder, &certificate.unit), (&own, &unit));
    sign(&app, &deputy, &dossier).await.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let signed = loaded
        .events
        .iter()
        .find(|recorded| matches!(recorded.event, Event::ResultSigned(_)));
    let signed = signed.unwrap();
    assert_eq!(
        (signed.actor.as_str(), signed.behalf.as_deref()),
        ("giamdoc-hacthanh", Some("lanhdao-hacthanh"))
    );
    // Who signs nowhere has nothing to sign with, whomever she stands in for.
    let other = to_approve(&app).await;
    let stranger = Actor {
        staff: domain::ids::StaffId::parse("chuyenvien-hacthanh").unwrap(),
        posts: Vec::new(),
        ..deputy
    };
    let no = sign(&app, &stranger, &other).await.unwrap_err();
    assert_eq!(faults(no), [("certificate", "certificate.no.other_post")]);
}

#[tokio::test]
async fn what_is_signed_is_what_was_read_and_by_its_signer_alone() {
    let (app, _) = printing().await;
    certify(&app).await;
    let dossier = to_approve(&app).await;
    let read = super::readable(&app, &leader(&app), &dossier)
        .await
        .unwrap();
    let again = super::readable(&app, &leader(&app), &dossier)
        .await
        .unwrap();
    assert_eq!(read.content, again.content, "the same bytes each time");
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    assert!(matches!(
        super::readable(&app, &officer, &dossier).await,
        Err(No::Denied(_))
    ));
    let other = super::Approval {
        dossier: dossier.clone(),
        version: read.version,
        key: key(),
        document: domain::ids::FileHash::parse(&"0".repeat(64)).unwrap(),
    };
    let pin = super::Pin::new(super::testing::PIN);
    let open = async |signer| super::unlock(&app, signer, &pin).await;
    let no = super::approve(&app, &leader(&app), other, open)
        .await
        .unwrap_err();
    assert_eq!(faults(no), [("document", "fault.document_changed")]);
    sign(&app, &leader(&app), &dossier).await.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let signed = loaded
        .events
        .iter()
        .find_map(|recorded| match &recorded.event {
            Event::ResultSigned(signature) => Some(signature.clone()),
            _ => None,
        });
    assert_eq!(signed.unwrap().by, leader(&app).staff);
}

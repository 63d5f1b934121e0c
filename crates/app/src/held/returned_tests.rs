//! A result that was issued is handed out: to whom, with which papers, how the receipt is signed.

use domain::dossier::{Event, Handing, ReceiptSigned, Refusal, SeenBy};
use domain::ids::DossierId;
use domain::slip::Form;

use super::one_of;
use super::tests::{counter, owner_of, sealed};
use crate::jobs::{slip_content, work_off};
use crate::people::testing::{faults, key, printing};
use crate::processing::{Act, Collector, Handout, Order, act};
use crate::signing::testing::{certify, handout};
use crate::{App, No};

async fn hand(
    app: &App,
    dossier: &DossierId,
    (collector, told): (Collector, Handout),
) -> Result<(), No> {
    let version = app.store().load(dossier).await?.version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order: Order::Return { collector, told },
    };
    act(app, &counter(app), input).await.map(|_| ())
}

fn refused(no: Result<(), No>) -> Refusal {
    match no {
        Err(No::Refused(refused)) => refused.refusal,
        other => panic!("{other:?}"),
    }
}

async fn handing(app: &App, dossier: &DossierId) -> Handing {
    let loaded = app.store().load(dossier).await.unwrap();
    let handed = loaded.events.iter().rev().find_map(|one| match &one.event {
        Event::Returned(returned) => Some(returned.handing.clone()),
        _ => None,
    });
    handed.unwrap()
}

#[tokio::test]
async fn who_comes_shows_who_that_is_and_gets_every_paper_back() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let with = |told| (Collector::Applicant, told);
    let unseen = Handout {
        seen: None,
        ..handout()
    };
    let no = refused(hand(&app, &given, with(unseen)).await);
    assert_eq!(no, Refusal::IdentityUnseen);
    let other = Handout {
        digits: "038199000018".to_owned(),
        ..handout()
    };
    let no = refused(hand(&app, &given, with(other)).await);
    assert_eq!(no, Refusal::IdentityOther);
    let half = Handout {
        given_back: vec![1],
        ..handout()
    };
    let no = refused(hand(&app, &given, with(half)).await);
    assert_eq!(no, Refusal::PapersKept { missing: vec![2] });
    let short = Handout {
        digits: "17".to_owned(),
        ..handout()
    };
    let no = hand(&app, &given, with(short)).await.unwrap_err();
    assert_eq!(faults(no), [("digits", "fault.digits")]);
    let scribbled = Handout {
        signature: b"scribble".to_vec(),
        ..handout()
    };
    let no = hand(&app, &given, with(scribbled)).await.unwrap_err();
    assert_eq!(faults(no), [("signature", "fault.signature")]);
}

#[tokio::test]
async fn the_receipt_says_what_went_from_hand_to_hand_and_the_log_names_nobody() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let told = Handout {
        given_back: vec![1],
        kept_reason: "Lưu hồ sơ".to_owned(),
        phone: "0912345678".to_owned(),
        signature: b"lines of An".to_vec(),
        ..handout()
    };
    let told = (Collector::Applicant, told);
    hand(&app, &given, told).await.unwrap();
    while work_off(&app).await.unwrap() > 0 {}
    let handed = handing(&app, &given).await;
    assert_eq!((handed.given_back, handed.kept), (vec![1], vec![2]));
    let Some(ReceiptSigned::Screen { file }) = handed.receipt else {
        panic!("signed on the screen");
    };
    assert_eq!(app.files().get(&file).await.unwrap(), b"lines of An");
    let event = app.store().load(&given).await.unwrap().events;
    let event = serde_json::to_string(&event.iter().map(|one| &one.event).collect::<Vec<_>>());
    let event = event.unwrap();
    for personal in ["0017", "0912345678", "Lưu hồ sơ"] {
        assert!(!event.contains(personal), "{personal} is in the log");
    }
    let receipt = receipt(&app, &given).await;
    assert_eq!(
        receipt["seen"],
        "Thẻ căn cước, số cuối 0017, khớp với hồ sơ"
    );
    assert_eq!(receipt["collector"]["phone"], "0912345678");
    assert_eq!(receipt["given_back"].as_array().unwrap().len(), 1);
    assert_eq!(receipt["kept"].as_array().unwrap().len(), 1);
    assert_eq!(receipt["kept_reason"], "Lưu hồ sơ");
    assert_eq!(receipt["signed"], "Đã ký trên màn hình");
}

async fn receipt(app: &App, dossier: &DossierId) -> serde_json::Value {
    let counter = counter(app);
    let printed = slip_content(app, &counter, dossier, Form::Collection).await;
    serde_json::from_slice(&printed.unwrap().unwrap()).unwrap()
}

#[tokio::test]
async fn a_result_goes_electronically_when_the_applicant_wished_it_and_stands_in_the_owner_s_store()
{
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let unwished = Handout {
        given_back: vec![1, 2],
        ..Handout::default()
    };
    let no = refused(hand(&app, &given, (Collector::Electronic, unwished.clone())).await);
    assert_eq!(no, Refusal::OtherDelivery);
    let wished = Handout {
        wish: "Gọi điện lúc 9 giờ, đồng ý nhận bản điện tử".to_owned(),
        seen: Some(SeenBy::Card),
        ..unwished
    };
    hand(&app, &given, (Collector::Electronic, wished))
        .await
        .unwrap();
    while work_off(&app).await.unwrap() > 0 {}
    let handed = handing(&app, &given).await;
    assert!(
        handed.seen.is_none() && handed.receipt.is_none(),
        "nobody came"
    );
    let owner = owner_of(&app, &given).await;
    let held = one_of(&app, &owner, &given).await.unwrap();
    assert!(held.is_some(), "in the person's store");
    let receipt = receipt(&app, &given).await;
    assert_eq!(
        receipt["wish"],
        "Gọi điện lúc 9 giờ, đồng ý nhận bản điện tử"
    );
    assert!(receipt["collector"].is_null());
}

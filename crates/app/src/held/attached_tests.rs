//! Attachments of a result go with it: in the store, to who reuses it, on its receipt and in public tracking.

use domain::dossier::Outcome;
use domain::ids::DossierId;
use domain::office::Role;
use domain::slip::Form;

use super::held_page;
use super::reuse_tests::agreed;
use super::tests::{counter, file, issue, orders, somebody, to_approve};
use crate::intake::{Ending, reuse_value};
use crate::jobs::{slip_content, work_off};
use crate::no::Denied;
use crate::people::testing::{audited, clerk, printing};
use crate::processing::{
    Attached, AttachedRow, Collector, Handout, Order, attachment_of_reused, track,
};
use crate::signing::testing::certify;
use crate::{App, No};

/// A result with two attachments, issued and sealed.
async fn with_two(app: &App) -> DossierId {
    let dossier = to_approve(app).await;
    let leader = somebody(app, "lanhdao-hacthanh", Role::Leader);
    let officer = somebody(app, "chuyenvien-hacthanh", Role::CaseOfficer);
    let reason = "Thiếu phụ lục".to_owned();
    orders(app, &leader, &dossier, Order::SendBack { reason }).await;
    let row = |number, title: &str| AttachedRow {
        number,
        title: title.to_owned(),
        content: format!("%PDF-1.7 {title}").into_bytes(),
        ..AttachedRow::default()
    };
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Giấy xác nhận khuyết tật".to_owned(),
        document: Vec::new(),
        attached: Attached {
            same_document: false,
            rows: vec![row(1, "Biên bản giám định"), row(2, "Bảng điểm")],
        },
    };
    orders(app, &officer, &dossier, draft).await;
    orders(app, &officer, &dossier, Order::Forward).await;
    issue(app, &dossier).await;
    while work_off(app).await.unwrap() > 0 {}
    dossier
}

#[tokio::test]
async fn attachments_are_listed_with_their_result_and_opened_by_who_opens_it() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = with_two(&app).await;
    let taken = reuse_value(&given);
    let dossier = file(&app, Ending::Receive, agreed(&[("c2", &taken)])).await;
    let dossier = dossier.unwrap();
    let counter = counter(&app);
    let page = held_page(&app, &counter, &dossier, None).await.unwrap();
    let listed = page.documents.iter();
    let listed: Vec<_> = listed.map(|one| (one.used, &one.attachments[..])).collect();
    let titles = ["Biên bản giám định", "Bảng điểm"].map(str::to_owned);
    assert_eq!(listed, [(Some(2), &titles[..])]);

    let issued = app.store().load(&given).await.unwrap().dossier;
    let sealed = issued.issued().unwrap().attachments[1].official.clone();
    let sealed = app.files().get(&sealed.unwrap().hash).await.unwrap();
    let open = async |who, which| attachment_of_reused(&app, who, &dossier, which).await;
    assert_eq!(open(&counter, (2, 2)).await.unwrap(), Some(sealed));
    let logged = audited(&app, dossier.as_str()).await;
    assert!(logged.contains(&"attachment.read".to_owned()), "{logged:?}");
    // The dossier that gave the result reuses nothing.
    let own = attachment_of_reused(&app, &counter, &given, (2, 1)).await;
    assert_eq!(own.unwrap(), None);
    for none in [(2, 0), (2, 3), (1, 1), (3, 1)] {
        assert_eq!(open(&counter, none).await.unwrap(), None, "{none:?}");
    }
    let unseen = open(&clerk(&app, "Phường Đông Sơn"), (2, 2)).await;
    assert!(
        matches!(unseen, Err(No::Denied(Denied::Unseen))),
        "{unseen:?}"
    );
}

#[tokio::test]
async fn receipt_and_tracking_say_how_many_attachments_go_with_the_result() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = with_two(&app).await;
    let loaded = app.store().load(&given).await.unwrap();
    let code = loaded.dossier.record().unwrap().code.clone().unwrap();
    assert_eq!(track(&app, &code).await.unwrap().attachments, 2);
    let told = Handout {
        wish: "Đồng ý nhận bản điện tử".to_owned(),
        given_back: vec![1, 2],
        ..Handout::default()
    };
    let collector = Collector::Electronic;
    let counter = counter(&app);
    orders(&app, &counter, &given, Order::Return { collector, told }).await;
    while work_off(&app).await.unwrap() > 0 {}
    let printed = slip_content(&app, &counter, &given, Form::Collection).await;
    let receipt: serde_json::Value = serde_json::from_slice(&printed.unwrap().unwrap()).unwrap();
    assert_eq!(receipt["attachments"], 2);
}

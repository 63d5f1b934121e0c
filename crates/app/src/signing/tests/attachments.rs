//! Attachments of a result in files of their own, from its draft to its seal.

use domain::dossier::{Event, Outcome};
use domain::ids::DossierId;
use domain::office::Role;
use jiff::ToSpan as _;

use super::{dossier_of, leader, orders, somebody, to_approve};
use crate::App;
use crate::jobs::work_off;
use crate::people::testing::{faults, printing};
use crate::processing::{
    Attached, AttachedRow, Made, Order, attachment_of_result, attachments, dossier_page,
};
use crate::signing::testing::{UNPROVED, certify, sign};
use crate::signing::{document_to_sign, readable};
use crate::verification::{PaperKind, Sameness, address, compare};

fn row(number: usize, title: &str, content: &str) -> AttachedRow {
    AttachedRow {
        number,
        title: title.to_owned(),
        content: content.as_bytes().to_vec(),
        ..AttachedRow::default()
    }
}

fn draft(rows: Vec<AttachedRow>) -> Order {
    Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Chứng thực bản sao từ bản chính".to_owned(),
        document: Vec::new(),
        attached: Attached {
            same_document: false,
            rows,
        },
    }
}

fn two() -> Vec<AttachedRow> {
    vec![
        row(1, "Bản vẽ vị trí", "%PDF-1.7 drawing"),
        row(2, "Danh sách hộ dân", "%PDF-1.7 list"),
    ]
}

/// A dossier of the ward, drafted anew with these attachments.
async fn drafted(app: &App, rows: Vec<AttachedRow>) -> DossierId {
    let dossier = to_approve(app).await;
    let back = Order::SendBack {
        reason: "Thiếu phụ lục".to_owned(),
    };
    orders(app, &leader(app), &dossier, back).await.unwrap();
    let officer = somebody(app, "chuyenvien-hacthanh", Role::CaseOfficer);
    orders(app, &officer, &dossier, draft(rows)).await.unwrap();
    dossier
}

async fn titles(app: &App, dossier: &DossierId) -> Vec<String> {
    let page = dossier_page(app, &leader(app), dossier).await.unwrap();
    let all = attachments(&page.dossier).iter();
    all.map(|one| page.said(&one.title).to_owned()).collect()
}

#[tokio::test]
async fn a_new_draft_keeps_attachments_unless_they_are_taken_off() {
    let (app, _) = printing().await;
    let dossier = drafted(&app, two()).await;
    assert_eq!(
        titles(&app, &dossier).await,
        ["Bản vẽ vị trí", "Danh sách hộ dân"]
    );
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    // Nothing is said of the first; the second goes before it; another is added.
    let first = AttachedRow {
        place: Some(0),
        ..row(2, "Danh sách 12 hộ", "")
    };
    let rows = vec![first, row(3, "Bảng tính", "%PDF-1.7 sums")];
    orders(&app, &officer, &dossier, draft(rows)).await.unwrap();
    assert_eq!(
        titles(&app, &dossier).await,
        ["Danh sách 12 hộ", "Bản vẽ vị trí", "Bảng tính"]
    );
    let off = AttachedRow {
        off: true,
        ..row(2, "", "")
    };
    orders(&app, &officer, &dossier, draft(vec![off]))
        .await
        .unwrap();
    orders(&app, &officer, &dossier, Order::Forward)
        .await
        .unwrap();
    assert_eq!(
        titles(&app, &dossier).await,
        ["Danh sách 12 hộ", "Bảng tính"]
    );
    let back = Order::SendBack {
        reason: "Sửa câu chữ".to_owned(),
    };
    orders(&app, &leader(&app), &dossier, back).await.unwrap();
    assert_eq!(
        titles(&app, &dossier).await,
        ["Danh sách 12 hộ", "Bảng tính"]
    );
}

#[tokio::test]
async fn what_is_no_attachment_is_said_at_its_field() {
    let (app, _) = printing().await;
    let dossier = drafted(&app, Vec::new()).await;
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    let cases = [
        (
            row(1, "Bản vẽ", "PK, no PDF"),
            ("attachment1", "fault.file_pdf"),
        ),
        (
            row(2, "Bản vẽ", ""),
            ("attachment2", "fault.attachment_none"),
        ),
        (
            row(3, "  ", "%PDF-1.7 drawing"),
            ("attachment_title3", "fault.attachment_title"),
        ),
        (
            row(4, "Bản vẽ", "%PDF-1.7 signed"),
            ("attachment4", "fault.attachment_signed"),
        ),
        (
            row(5, &"a".repeat(201), "%PDF-1.7 drawing"),
            ("attachment_title5", "fault.long"),
        ),
        (
            row(11, "Bản vẽ", "%PDF-1.7 drawing"),
            ("attachment1", "fault.attachments_many"),
        ),
        (
            row(6, "Bản vẽ", "%PDF-1.7 script"),
            ("attachment6", "pdf.refused.active.script"),
        ),
    ];
    for (row, expected) in cases {
        let no = orders(&app, &officer, &dossier, draft(vec![row])).await;
        assert_eq!(faults(no.unwrap_err()), [expected]);
    }
    let twice = vec![
        row(1, "Một", "%PDF-1.7 drawing"),
        row(2, "Hai", "%PDF-1.7 drawing"),
    ];
    let no = orders(&app, &officer, &dossier, draft(twice)).await;
    let twice = [("attachment2", "fault.attachment_twice")];
    assert_eq!(faults(no.unwrap_err()), twice);
    assert!(titles(&app, &dossier).await.is_empty(), "nothing was kept");
}

#[tokio::test]
async fn attachments_are_signed_with_their_document_sealed_and_known() {
    let (app, _) = printing().await;
    certify(&app).await;
    let dossier = drafted(&app, two()).await;
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    orders(&app, &officer, &dossier, Order::Forward)
        .await
        .unwrap();
    let leader = leader(&app);
    let read = document_to_sign(&app, &leader, &dossier).await.unwrap();
    let names: Vec<_> = read.attachments.iter().map(|one| &one.title).collect();
    assert_eq!(names, ["Bản vẽ vị trí", "Danh sách hộ dân"]);
    let drawing = attachment_of_result(&app, &leader, (&dossier, 1)).await;
    assert_eq!(drawing.unwrap(), Made::Yes(b"%PDF-1.7 drawing".to_vec()));
    sign(&app, &leader, &dossier).await.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let signed = loaded.events.iter().find_map(|one| match &one.event {
        Event::ResultSigned(signature) => Some(signature.clone()),
        _ => None,
    });
    let hashes: Vec<_> = read.attachments.into_iter().map(|one| one.file).collect();
    assert_eq!(signed.unwrap().attachments, hashes);
    let seal = somebody(&app, "vanthu-hacthanh", Role::SealClerk);
    orders(&app, &seal, &dossier, Order::Issue).await.unwrap();
    let early = attachment_of_result(&app, &leader, (&dossier, 1)).await;
    assert_eq!(
        early.unwrap(),
        Made::Soon,
        "nobody reads what bears no seal"
    );
    while work_off(&app).await.unwrap() > 0 {}
    let Made::Yes(sealed) = attachment_of_result(&app, &leader, (&dossier, 2))
        .await
        .unwrap()
    else {
        panic!("the second attachment was not made");
    };
    let words = String::from_utf8(sealed.clone()).unwrap();
    assert!(words.starts_with("%PDF-1.7 listAttachment"), "{words}");
    assert!(words.contains("Kèm theo Văn bản số 01/KQ-"), "{words}");
    let none = attachment_of_result(&app, &leader, (&dossier, 3)).await;
    assert_eq!(none.unwrap(), Made::No);
    assert!(
        dossier_of(&app, &dossier)
            .await
            .issued()
            .unwrap()
            .is_sealed()
    );
    let address = address(&app, &dossier, PaperKind::Result);
    let token = address.rsplit('/').next().unwrap();
    let found = compare(&app, token, sealed.clone()).await.unwrap().unwrap();
    assert_eq!(
        (found.same, found.attachment),
        (Sameness::Attachment, Some(2))
    );
    assert_eq!(found.paper.attachments, 2);
    let changed = [sealed, b" and more".to_vec()].concat();
    let found = compare(&app, token, changed).await.unwrap().unwrap();
    assert_eq!((found.same, found.attachment), (Sameness::Changed, Some(2)));
}

#[tokio::test]
async fn a_document_names_its_attachments() {
    let (app, _) = printing().await;
    certify(&app).await;
    let dossier = drafted(&app, two()).await;
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    orders(&app, &officer, &dossier, Order::Forward)
        .await
        .unwrap();
    let found = readable(&app, &leader(&app), &dossier).await.unwrap();
    let said = String::from_utf8_lossy(&found.content).into_owned();
    assert!(said.contains("Phụ lục 1. Bản vẽ vị trí"), "{said}");
    assert!(said.contains("Phụ lục 2. Danh sách hộ dân"), "{said}");
}

/// What was made of the result so far: the document, and then its attachments.
async fn made(app: &App, dossier: &DossierId) -> Vec<Vec<String>> {
    let loaded = app.store().load(dossier).await.unwrap();
    let mut all = Vec::new();
    for one in loaded.events {
        let Event::ResultMade {
            file, attachments, ..
        } = one.event
        else {
            continue;
        };
        let mut documents = Vec::new();
        for file in std::iter::once(&file).chain(&attachments) {
            let content = app.files().get(&file.hash).await.unwrap();
            documents.push(String::from_utf8_lossy(&content).into_owned());
        }
        all.push(documents);
    }
    all
}

#[tokio::test]
async fn what_is_proved_is_kept_while_an_authority_of_the_rest_is_silent() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let dossier = drafted(&app, two()).await;
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    orders(&app, &officer, &dossier, Order::Forward)
        .await
        .unwrap();
    sign(&app, &leader(&app), &dossier).await.unwrap();
    let seal = somebody(&app, "vanthu-hacthanh", Role::SealClerk);
    orders(&app, &seal, &dossier, Order::Issue).await.unwrap();
    let later = async || {
        clock.set(app.clock().now().saturating_add(1.hour()));
        while work_off(&app).await.unwrap() > 0 {}
        made(&app, &dossier).await
    };
    let carried = |documents: &[String]| -> Vec<usize> {
        let carried = documents.iter().map(|one| one.matches("proved").count());
        carried.collect()
    };
    UNPROVED.set("%PDF-1.7 ");
    assert_eq!(later().await.len(), 1, "the document alone has its proof");
    UNPROVED.set("list");
    let after = later().await;
    assert_eq!(carried(after.last().unwrap()), [1, 1, 0]);
    let page = dossier_page(&app, &leader(&app), &dossier).await.unwrap();
    assert_eq!(page.signatures.len(), 2, "what each attachment is worth");
    assert_eq!(later().await.len(), after.len(), "nothing new was proved");
    UNPROVED.set("");
    assert_eq!(carried(later().await.last().unwrap()), [1, 1, 1]);
    let ended = made(&app, &dossier).await.len();
    assert_eq!(later().await.len(), ended, "nothing is asked for any more");
}

//! Results and papers of a unit that ended: from the day of the succession on their numbers, symbols
//! and headings are those of who took over, and what was issued before stays.

use domain::slip::Form;
use jiff::civil::date;
use serde_json::Value;

use super::super::readable;
use super::*;
use crate::clock::ManualClock;
use crate::office::{Ending as End, end_unit};
use crate::verification::{PaperKind, address, paper};

fn of(app: &App, post: &str, ward: &str) -> Actor {
    let role = match post {
        "lanhdao" => Role::Leader,
        "vanthu" => Role::SealClerk,
        _ => Role::ReceptionClerk,
    };
    somebody(app, &format!("{post}-{ward}"), role)
}

async fn issue(app: &App, dossier: &DossierId, ward: &str) -> String {
    sign(app, &of(app, "lanhdao", ward), dossier).await.unwrap();
    let seal = of(app, "vanthu", ward);
    orders(app, &seal, dossier, Order::Issue).await.unwrap();
    while work_off(app).await.unwrap() > 0 {}
    dossier_of(app, dossier)
        .await
        .issued()
        .unwrap()
        .number
        .clone()
}

/// Hạc Thành ends on Tuesday 1 December, and it is that day.
async fn succeed(app: &App, clock: &ManualClock) -> (String, String) {
    let unit = |ward: &str| of(app, "lanhdao", ward).posts[0].0.clone();
    let (gone, heir) = (unit("hacthanh"), unit("nguyetvien"));
    let end = End {
        unit: gone.clone(),
        successor: heir.clone(),
        from: date(2026, 12, 1),
        basis: "Nghị quyết 1".to_owned(),
    };
    let now = app.clock().now();
    end_unit(app.store(), end, now, "operator").await.unwrap();
    app.reload().await.unwrap();
    clock.set(date(2026, 12, 1).at(8, 0, 0, 0));
    (gone.to_string(), heir.to_string())
}

/// What the sheet with that content says.
fn says(content: &[u8], path: &str) -> String {
    let end = content
        .windows(6)
        .position(|at| at == b"Person")
        .unwrap_or(content.len());
    let mut stream = serde_json::Deserializer::from_slice(&content[..end]).into_iter::<Value>();
    let sheet = stream.next().unwrap().unwrap();
    let inner = sheet.as_object().unwrap().values().next().unwrap();
    let found = inner.pointer(path).or_else(|| sheet.pointer(path));
    found.unwrap().as_str().unwrap().to_owned()
}

/// Who is said to have issued a paper of the dossier when its code is followed.
async fn issuer(app: &App, dossier: &DossierId, kind: PaperKind) -> String {
    let address = address(app, dossier, kind);
    let (_, token) = address.rsplit_once('/').unwrap();
    paper(app, token).await.unwrap().unwrap().agency
}

#[tokio::test]
async fn results_after_a_succession_have_number_heading_and_seal_of_the_successor() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let own = to_approve_in(&app, "nguyetvien").await;
    let own = issue(&app, &own, "nguyetvien").await;
    let before = to_approve(&app).await;
    let number = issue(&app, &before, "hacthanh").await;
    let (drafted, signed) = (to_approve(&app).await, to_approve(&app).await);
    sign(&app, &leader(&app), &signed).await.unwrap();
    let (gone, heir) = succeed(&app, &clock).await;
    assert_eq!(own, format!("01/KQ-{heir}"));
    assert_eq!(number, format!("01/KQ-{gone}"));

    let read = readable(&app, &of(&app, "lanhdao", "nguyetvien"), &drafted).await;
    let content = read.unwrap().content;
    let agency = "Ủy ban nhân dân phường Nguyệt Viên";
    assert_eq!(says(&content, "/heading/agency"), agency);
    assert_eq!(says(&content, "/symbol"), format!("KQ-{heir}"));
    let number = issue(&app, &drafted, "nguyetvien").await;
    assert_eq!(number, format!("02/KQ-{heir}"), "its own book goes on");
    // What bears the name of the unit that ended gets no number any more, and is signed anew.
    let seal = of(&app, "vanthu", "nguyetvien");
    let no = orders(&app, &seal, &signed, Order::Issue).await;
    let Err(No::Refused(refused)) = no else {
        panic!("{no:?}")
    };
    assert_eq!(refused.refusal, Refusal::SignedForAnother);
    let reason = "Cơ quan đã kết thúc".to_owned();
    let back = Order::SendBack { reason };
    orders(&app, &seal, &signed, back).await.unwrap();
    let number = issue(&app, &signed, "nguyetvien").await;
    assert_eq!(number, format!("03/KQ-{heir}"), "no number is lost");
    let issued = dossier_of(&app, &signed).await.issued().unwrap().clone();
    let official = app.files().get(&issued.official.unwrap().hash).await;
    let official = String::from_utf8(official.unwrap()).unwrap();
    assert!(official.contains(r#"agency: "Phường Nguyệt Viên""#));
    // What was issued before stays what it was.
    let gone = "Ủy ban nhân dân phường Hạc Thành";
    assert_eq!(issuer(&app, &before, PaperKind::Result).await, gone);
    assert_eq!(issuer(&app, &signed, PaperKind::Result).await, agency);
    let report = app.store().check().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.differences);
}

#[tokio::test]
async fn papers_of_a_centre_after_a_succession_are_numbered_in_the_books_of_the_successor() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let withdraws = async |dossier: &DossierId, ward: &str| {
        let request = b"%PDF-1.7".to_vec();
        let counter = of(&app, "tiepnhan", ward);
        orders(&app, &counter, dossier, Order::Withdraw { request })
            .await
            .unwrap();
        while work_off(&app).await.unwrap() > 0 {}
        let slips = app.store().slips(dossier).await.unwrap();
        let stop = slips.iter().find(|slip| slip.key.form == Form::Stop);
        app.files().get(&stop.unwrap().file).await.unwrap()
    };
    let own = to_approve_in(&app, "nguyetvien").await;
    withdraws(&own, "nguyetvien").await;
    let (before, after) = (to_approve(&app).await, to_approve(&app).await);
    let first = withdraws(&before, "hacthanh").await;
    let (gone, heir) = succeed(&app, &clock).await;
    let second = withdraws(&after, "nguyetvien").await;
    let said =
        |paper: &[u8]| ["/number", "/symbol", "/heading/agency"].map(|path| says(paper, path));
    let centre = |ward: &str| format!("Trung tâm Phục vụ hành chính công phường {ward}");
    let expected = ["01".to_owned(), format!("TB-{gone}"), centre("Hạc Thành")];
    assert_eq!(said(&first), expected);
    let expected = ["02".to_owned(), format!("TB-{heir}"), centre("Nguyệt Viên")];
    assert_eq!(said(&second), expected);
    let stop = PaperKind::Form(Form::Stop);
    assert_eq!(
        issuer(&app, &before, stop).await,
        "Ủy ban nhân dân phường Hạc Thành"
    );
    assert_eq!(
        issuer(&app, &after, stop).await,
        "Ủy ban nhân dân phường Nguyệt Viên"
    );
    let report = app.store().check().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.differences);
}

#[tokio::test]
async fn a_number_whose_symbol_names_nobody_is_looked_for_in_the_book_of_the_successor() {
    let (app, clock) = printing().await;
    let mut form = form();
    form.set("c1", "");
    form.set("ask", "1");
    form.set("reason", "Thiếu bản chính");
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::AskSupplement,
        typed: form,
        draft: None,
        key: key(),
    };
    let counter = of(&app, "tiepnhan", "hacthanh");
    let dossier = receive(&app, &counter, input).await.unwrap().dossier;
    succeed(&app, &clock).await;
    clock.set(date(2027, 3, 1).at(8, 0, 0, 0));
    let reason = "Quá thời hạn bổ sung".to_owned();
    let heir = of(&app, "tiepnhan", "nguyetvien");
    orders(&app, &heir, &dossier, Order::Decline { reason })
        .await
        .unwrap();
    while work_off(&app).await.unwrap() > 0 {}
    let report = app.store().check().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.differences);
}

//! Scans of components: taken in with the form or afterwards, by the clerk and by the agent of the
//! post, through pages and programs.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, Desk, fill_intake, id_of, receive};
use super::programs::{CLERK, Program, place};
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    a_scan_comes_with_the_form_and_whoever_sees_the_dossier_opens_it,
    a_refused_form_keeps_its_words_asks_for_the_file_again_and_stores_nothing,
    a_paper_is_scanned_after_reception_and_a_better_scan_counts,
    programs_scan_and_the_law_says_what_is_not_digitised,
    an_agent_of_the_post_scans_her_own_until_she_hands_over,
    a_supplement_comes_with_its_scan,
);

/// Served by post, one paper.
const PARKING: &str = "1.013313";
/// Three working days; the population database holds component 4.
const BIRTH: &str = "1.000689";

/// A PDF with so many empty pages.
pub(crate) fn pdf(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {pages} >>",
            kids.join(" ")
        ),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>";
    objects.extend((0..pages).map(|_| page.to_owned()));
    let (mut text, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (index, object) in objects.iter().enumerate() {
        writeln!(places, "{:010} 00000 n ", text.len()).unwrap();
        write!(text, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let (table, size) = (text.len(), objects.len() + 1);
    write!(
        text,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer << /Size {size} /Root 1 0 R >>\n\
         startxref\n{table}\n%%EOF\n"
    )
    .unwrap();
    text.into_bytes()
}

/// A whole picture of one point.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\
    \x3a\x7e\x9b\x55\0\0\0\x0aIDAT\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0\xb1\x38\xf6\x14\0\0\0\0IEND\
    \xae\x42\x60\x82";

fn scans(of: &[(&str, &[u8])]) -> Value {
    let one = |(n, content): &(&str, &[u8])| ((*n).to_owned(), json!(STANDARD.encode(content)));
    let scans = of.iter().map(one);
    Value::Object(scans.collect())
}

/// The scan as it lies on file, with the headers that let it run nothing.
fn opened(page: &Page, kind: &str, content: &[u8]) {
    page.is(200);
    assert_eq!(page.bytes, content);
    let header = |name: &str| page.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), kind);
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").starts_with("inline; filename=\"giay-to-1."));
    assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(header("cache-control"), "no-store");
}

/// How often somebody opened a scan of the dossier, by the log.
async fn readings(desk: &Desk, id: &str) -> usize {
    let log = desk.office.app.store().audited(id).await.unwrap();
    log.iter()
        .filter(|one| one.line.action == "scan.read")
        .count()
}

async fn a_scan_comes_with_the_form_and_whoever_sees_the_dossier_opens_it(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = fill_intake(&mut clerk, CARD).await;
    let form = page.form("/tiep-nhan").press("action", "tiep-nhan");
    assert!(form.multipart);
    let content = pdf(3);
    let received = clerk.send(&Sent::form(&form, Some(("s1", &content)))).await;
    let received = received.is(303).location().unwrap().to_owned();
    let id = id_of(&clerk.get(&received).await);
    let page = clerk.get(&format!("/ho-so/{id}")).await;
    let scan = format!("/ho-so/{id}/ban-quet/1");
    page.is(200).says("Bản giấy và bản quét 3 trang");
    assert!(page.offers(&scan));
    let before = readings(&desk, &id).await;
    opened(&clerk.get(&scan).await, "application/pdf", &content);
    let mut officer = desk.officer().await;
    opened(&officer.get(&scan).await, "application/pdf", &content);
    let rest = format!("/api/v1/dossiers/{id}/scans/1");
    opened(&officer.get(&rest).await, "application/pdf", &content);
    assert_eq!(
        readings(&desk, &id).await,
        before + 3,
        "each reading is logged"
    );
    let read = officer.get(&format!("/api/v1/dossiers/{id}")).await.json();
    assert_eq!(
        read["scans"],
        json!([{"component": 1, "pages": 3, "paper": true}])
    );
    officer
        .get(&format!("/ho-so/{id}/ban-quet/2"))
        .await
        .is(404);
    officer.get(&format!("{scan}?lan=99")).await.is(404);
    let mut stranger = desk.person("chuyenvien.nguyetvien").await;
    stranger.get(&scan).await.is(404);
    desk.stranger().get(&rest).await.is(401);
    desk.finish().await;
}

async fn a_refused_form_keeps_its_words_asks_for_the_file_again_and_stores_nothing(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = fill_intake(&mut clerk, CARD).await;
    let filled = page.form("/tiep-nhan");
    let written = desk.office.written().await;
    let receive = filled.clone().press("action", "tiep-nhan");
    for (content, said) in [
        (
            &b"MZ a program"[..],
            "Giấy tờ số 1: chọn tệp PDF, PNG hoặc JPEG",
        ),
        (b"%PDF-1.7 broken", "Giấy tờ số 1: không mở được tệp PDF"),
        (&PNG[..40], "Giấy tờ số 1: không mở được ảnh"),
        (b"\xff\xd8\xff\xe0 picture", "Ảnh hỏng hoặc không trọn vẹn"),
        (
            &[b"%PDF-1.7".to_vec(), vec![0; 10 * 1024 * 1024]].concat(),
            "không quá 10 MB",
        ),
    ] {
        let page = clerk
            .send(&Sent::form(&receive, Some(("s1", content))))
            .await;
        page.is(422).says(said).says("chưa được lưu");
        let form = page.form("/tiep-nhan");
        assert_eq!(form.value("c1"), Some("paper"), "what was typed stays");
        assert_eq!(form.value("pages1"), Some("1"));
    }
    // Shown only: the law has it not digitised.
    let shown = filled
        .clone()
        .fill("c1", "seen")
        .press("action", "tiep-nhan");
    let page = clerk.send(&Sent::form(&shown, Some(("s1", &pdf(1))))).await;
    page.is(422).says("SH-01").says("chỉ xuất trình");
    // A step of filling in keeps no file, and says so.
    let step = filled.press("action", "du");
    let page = clerk.send(&Sent::form(&step, Some(("s1", &pdf(1))))).await;
    let next = page.is(303).location().unwrap().to_owned();
    clerk
        .get(&next)
        .await
        .is(200)
        .says("Tệp quét của giấy tờ số 1 chưa được lưu");
    let files = desk.office.app.files();
    let stored = files.get(&files.name(&pdf(1))).await;
    assert!(stored.is_err(), "what was refused is not on file");
    assert_eq!(desk.office.written().await, written);
    desk.finish().await;
}

async fn a_paper_is_scanned_after_reception_and_a_better_scan_counts(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let id = id_of(&receive(&mut clerk).await);
    let action = format!("/ho-so/{id}/scan");
    clerk
        .get(&format!("/ho-so/{id}"))
        .await
        .says("Quét giấy tờ");
    let form = clerk.get(&action).await.is(200).form(&action);
    let none = clerk.send(&Sent::form(&form, None)).await;
    none.is(422).says("Chọn ít nhất một tệp quét");
    let wrong = clerk.send(&Sent::form(&form, Some(("s1", b"text")))).await;
    wrong.is(422).says("Chọn lại tệp");
    let first = Sent::form(&wrong.form(&action), Some(("s1", &pdf(2))));
    clerk.send(&first).await.is(303);
    clerk.send(&first).await.is(303);
    let page = clerk.get(&format!("/ho-so/{id}?da=scan")).await;
    page.says("Đã lưu bản quét")
        .says("bản quét 2 trang")
        .says("Quét giấy tờ số 1: 2 trang");
    let form = clerk.get(&action).await.form(&action);
    clerk
        .send(&Sent::form(&form, Some(("s1", PNG))))
        .await
        .is(303);
    let page = clerk.get(&format!("/ho-so/{id}")).await;
    page.says("bản quét 1 trang")
        .says("Quét giấy tờ số 1: 2 trang")
        .says("Quét giấy tờ số 1: 1 trang");
    let newest = clerk.get(&format!("/ho-so/{id}/ban-quet/1")).await;
    opened(&newest, "image/png", PNG);
    let story = clerk.get(&format!("/api/v1/dossiers/{id}")).await.json();
    let story = story["story"].as_array().unwrap();
    let mut made = story
        .iter()
        .filter(|one| one["kind"] == "dossier.component_scanned.v1");
    assert_eq!(made.clone().count(), 2, "sent twice, it came once");
    let old = made.next_back().unwrap()["version"].as_u64().unwrap();
    let old = clerk
        .get(&format!("/ho-so/{id}/ban-quet/1?lan={old}"))
        .await;
    opened(&old, "application/pdf", &pdf(2));
    // Who examines reads, and scans nothing.
    let mut officer = desk.officer().await;
    let page = officer.get(&format!("/ho-so/{id}")).await;
    assert!(!page.offers(&action));
    desk.finish().await;
}

async fn programs_scan_and_the_law_says_what_is_not_digitised(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let fields = [
        ("procedure", BIRTH),
        ("c1", "paper"),
        ("c2", "paper"),
        ("c3", "seen"),
    ];
    let filed = place(&clerk.file(&fields).await);
    let refused = |page: &Page| page.is(422).json()["rule"].as_str().map(str::to_owned);
    for (component, rule) in [("3", "SH-01"), ("4", "SH-01"), ("9", "TN-04")] {
        let body = json!({"scans": scans(&[(component, PNG)])});
        let no = clerk.give(&filed, "scan", body).await;
        assert_eq!(refused(&no).as_deref(), Some(rule), "component {component}");
    }
    // One that is refused keeps the others off too.
    let both = json!({"scans": scans(&[("1", PNG), ("3", PNG)])});
    clerk.give(&filed, "scan", both).await.is(422);
    let garbled = json!({"scans": {"1": "không phải base64"}});
    clerk.give(&filed, "scan", garbled).await.is(400);
    let both = json!({"scans": scans(&[("1", &pdf(4)), ("2", PNG)])});
    clerk.give(&filed, "scan", both).await.is(200);
    let read = clerk.browser.get(&filed).await.json();
    let two = json!([
        {"component": 1, "pages": 4, "paper": true},
        {"component": 2, "pages": 1, "paper": true}
    ]);
    assert_eq!(read["scans"], two);
    // At filing too, alone or beside the paper.
    let body = json!({
        "fields": {"name": "Nguyễn Thị An", "number": "038199000017", "birth": "31/12/1999",
            "procedure": BIRTH, "c2": "paper", "c3": "paper"},
        "scans": scans(&[("1", &pdf(2)), ("2", PNG)]),
    });
    let filed = place(&clerk.post("/api/v1/dossiers", &body).await);
    let read = clerk.browser.get(&filed).await.json();
    let two = json!([
        {"component": 1, "pages": 2, "paper": false},
        {"component": 2, "pages": 1, "paper": true}
    ]);
    assert_eq!(read["scans"], two);
    let mut officer = Program::open(&desk, "chuyenvien.hacthanh").await;
    let body = json!({"scans": scans(&[("1", PNG)])});
    officer.give(&filed, "scan", body).await.is(403);
    desk.finish().await;
}

/// The agent's form for a paper that is with her.
async fn sent_by_post(agent: &mut Browser) -> String {
    let page = agent.get("/tiep-nhan").await;
    let form = page.is(200).form("/tiep-nhan").fill("card", CARD);
    let page = agent.submit(&form.press("action", "quet-the")).await;
    let form = page.form("/tiep-nhan").fill("procedure", PARKING);
    let page = agent.submit(&form.press("action", "chon")).await;
    let page = agent
        .submit(&page.form("/tiep-nhan").press("action", "du"))
        .await;
    let form = page.form("/tiep-nhan").press("action", "nop");
    agent.submit(&form).await.is(200);
    let items = agent.get("/api/v1/submissions").await.json();
    items[0]["dossier"].as_str().unwrap().to_owned()
}

async fn an_agent_of_the_post_scans_her_own_until_she_hands_over(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut agent = desk.person("buudien.hacthanh").await;
    let id = sent_by_post(&mut agent).await;
    let action = format!("/da-nop/{id}/quet");
    assert!(agent.get("/da-nop").await.offers(&action));
    let form = agent.get(&action).await.is(200).form(&action);
    let bad = agent.send(&Sent::form(&form, Some(("s1", b"text")))).await;
    bad.is(422).says("Giấy tờ số 1").says("Chọn lại tệp");
    let scan = Sent::form(&bad.form(&action), Some(("s1", &pdf(2))));
    agent.send(&scan).await.is(303);
    let written = desk.office.written().await;
    agent.send(&scan).await.is(303);
    assert_eq!(
        desk.office.written().await,
        written,
        "sent twice, it is made once"
    );
    let read = format!("/ho-so/{id}/ban-quet/1");
    let page = agent.get(&action).await;
    page.is(200).says("Bản giấy và bản quét 2 trang");
    assert!(page.offers(&read));
    opened(&agent.get(&read).await, "application/pdf", &pdf(2));
    agent.get(&format!("/ho-so/{id}")).await.is(404);
    let mut other = desk.person("buudien.nguyetvien").await;
    other.get(&action).await.is(404);
    other.get(&read).await.is(404);
    let mut clerk = desk.clerk().await;
    opened(&clerk.get(&read).await, "application/pdf", &pdf(2));
    // Once both have signed, it is the centre's.
    let page = agent.get("/giao-nhan").await;
    agent.submit(&page.form("/giao-nhan")).await.is(200);
    let page = clerk.get("/giao-nhan").await;
    clerk.submit(&page.form("/giao-nhan")).await.is(200);
    assert!(!agent.get("/da-nop").await.offers(&action));
    for path in [&action, &read] {
        agent.get(path).await.is(404);
    }
    let late = agent.send(&Sent::form(&form, Some(("s1", PNG)))).await;
    late.is(404);
    let items = agent.get("/api/v1/submissions").await.json();
    assert!(items[0]["dossier"].is_null());
    desk.finish().await;
}

async fn a_supplement_comes_with_its_scan(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let asked = [
        ("procedure", BIRTH),
        ("c1", "paper"),
        ("c3", "paper"),
        ("ask", "2"),
        ("c2", ""),
        ("reason", "Thiếu"),
    ];
    let filed = place(&clerk.file_as("ask_supplement", &asked).await);
    let id = filed.rsplit('/').next().unwrap().to_owned();
    let action = format!("/ho-so/{id}/supply");
    let mut desk_clerk = desk.clerk().await;
    let form = desk_clerk.get(&action).await.is(200).form(&action);
    assert!(form.multipart);
    let bad = Sent::form(&form.clone().fill("c2", "paper"), Some(("s2", b"text")));
    let bad = desk_clerk.send(&bad).await;
    bad.is(422).says("Giấy tờ số 2").says("Chọn lại tệp");
    assert_eq!(
        bad.form(&action).value("c2"),
        Some("paper"),
        "the tick stays"
    );
    let good = Sent::form(&bad.form(&action), Some(("s2", &pdf(5))));
    desk_clerk.send(&good).await.is(303);
    let read = clerk.browser.get(&filed).await.json();
    assert_eq!(
        read["scans"],
        json!([{"component": 2, "pages": 5, "paper": true}])
    );
    assert_eq!(read["state"], "submitted");
    let scan = clerk.browser.get(&format!("{filed}/scans/2")).await;
    assert_eq!(scan.is(200).bytes, pdf(5));
    desk.finish().await;
}

//! Who fills in without deciding: agents of the post submit, volunteers help.

use serde_json::json;

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, COPIES, Desk, give};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    an_agent_of_the_post_submits_and_the_clerk_receives,
    an_agent_submits_what_is_served_by_post_and_decides_nothing,
    a_supplement_that_came_by_post_is_handed_over_by_a_record,
    a_volunteer_fills_in_and_a_clerk_goes_on,
);

/// A certificate of a place to park: one paper, served by post.
const PARKING: &str = "1.013313";

async fn filled(browser: &mut Browser, procedure: &str) -> Page {
    let page = browser.get("/tiep-nhan").await;
    let form = page.is(200).form("/tiep-nhan").fill("card", CARD);
    let page = browser.submit(&form.press("action", "quet-the")).await;
    let form = page.form("/tiep-nhan").fill("procedure", procedure);
    let page = browser.submit(&form.press("action", "chon")).await;
    browser
        .submit(&page.form("/tiep-nhan").press("action", "du"))
        .await
}

async fn an_agent_of_the_post_submits_and_the_clerk_receives(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut agent = desk.person("buudien.hacthanh").await;
    agent.get("/").await.says("Chưa nộp hồ sơ nào");
    let page = filled(&mut agent, PARKING).await;
    let form = page.is(200).form("/tiep-nhan");
    let buttons = form.buttons();
    let offers = |action: &str| buttons.iter().any(|(_, value)| value == action);
    assert!(offers("nop"));
    assert!(!offers("tiep-nhan") && !offers("mo-tu-choi") && !offers("mo-bo-sung"));
    let page = agent.submit(&form.press("action", "nop")).await;
    page.is(200)
        .says("Đã nộp về Trung tâm")
        .says("Xác nhận nơi thường xuyên");
    assert!(!page.words().contains("Nguyễn Thị An"), "{}", page.words());
    // The clerk finds it; until the joint record is signed no time to answer runs (QĐ 45/2016).
    let mut clerk = desk.clerk().await;
    let list = clerk.get("/viec-cua-toi").await;
    list.says("Nguyễn Thị An");
    assert!(!list.words().contains("25/11 08:00"), "{}", list.words());
    let read = clerk.get("/api/v1/work").await.json();
    let id = read["items"][0]["dossier"].as_str().unwrap().to_owned();
    assert_eq!(read["items"][0]["channel"], "post");
    agent.get(&format!("/ho-so/{id}")).await.is(404);
    // Nothing is received before both sides have signed.
    let no = give(&mut clerk, &id, "accept", &[]).await;
    no.is(422).says("BC-01");
    handed_over(&mut agent, &mut clerk, &id).await;
    give(&mut clerk, &id, "accept", &[])
        .await
        .is(200)
        .says("0001");
    let page = agent.get("/da-nop").await;
    page.says("0001").says("Được tiếp nhận");
    let items = agent.get("/api/v1/submissions").await.json();
    assert_eq!(items[0]["state"], "received");
    // Another agent sees nothing of it.
    let mut other = desk.person("buudien.nguyetvien").await;
    assert_eq!(other.get("/api/v1/submissions").await.json(), json!([]));
    clerk.get("/da-nop").await.is(403);
    desk.finish().await;
}

/// The agent lists and prints, the clerk counts and signs: all on the page of the post.
async fn handed_over(agent: &mut Browser, clerk: &mut Browser, dossier: &str) {
    let slip = format!("/giao-nhan/phieu-gui/{dossier}");
    for person in [&mut *agent, &mut *clerk] {
        let printed = person.get(&slip).await;
        printed.is(200);
        assert!(printed.bytes.starts_with(b"%PDF"));
    }
    let page = agent.get("/giao-nhan").await;
    let page = agent.submit(&page.is(200).form("/giao-nhan")).await;
    page.is(200)
        .says("Đã lập biên bản")
        .says("Chờ bộ phận một cửa ký");
    let records = agent.get("/api/v1/post-records").await.json();
    let record = records["records"][0]["id"].as_str().unwrap().to_owned();
    let paper = agent.get(&format!("/giao-nhan/{record}/bien-ban")).await;
    assert!(paper.is(200).bytes.starts_with(b"%PDF"));
    // Who hands over does not sign for the centre.
    let secret = csrf(agent).await;
    let signing = format!("/api/v1/post-records/{record}/signature");
    let sign = Sent::json(axum::http::Method::POST, &signing, &json!({}));
    agent
        .send(&sign.with("x-csrf-token", &secret))
        .await
        .is(403);
    let page = clerk.get("/giao-nhan").await;
    let page = clerk.submit(&page.is(200).form("/giao-nhan")).await;
    page.is(200)
        .says("Đã ký biên bản")
        .says("thời điểm nộp hồ sơ");
    let paper = clerk
        .get(&format!("/api/v1/post-records/{record}/paper"))
        .await;
    assert!(paper.is(200).bytes.starts_with(b"%PDF"));
    let read = clerk.get("/api/v1/post-records").await.json();
    assert!(read["records"][0]["signed"].is_string());
}

/// What came to the agent as a supplement is handed over by a record of its own, through programs.
async fn a_supplement_that_came_by_post_is_handed_over_by_a_record(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut agent = desk.person("buudien.hacthanh").await;
    let page = filled(&mut agent, PARKING).await;
    let form = page.is(200).form("/tiep-nhan");
    agent.submit(&form.press("action", "nop")).await.is(200);
    let records = agent.get("/api/v1/post-records").await.json();
    let id = records["unhanded"][0]["dossier"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut clerk = desk.clerk().await;
    handed_over(&mut agent, &mut clerk, &id).await;
    let asking = [
        ("w1", "Tờ khai thiếu chữ ký."),
        ("reason", "Tờ khai thiếu chữ ký."),
    ];
    give(&mut clerk, &id, "ask_supplement", &asking)
        .await
        .is(200);
    let page = agent.get("/giao-nhan").await;
    page.is(200).says("Người gửi mang giấy tờ bổ sung");
    let waiting = agent.get("/api/v1/post-records").await.json();
    assert_eq!(waiting["awaiting"][0]["asked"], json!([1]));
    let secret = csrf(&mut agent).await;
    let making = |supplied: &[u16]| {
        let body = json!({"lines": [{"dossier": id, "supplied": supplied}]});
        Sent::json(axum::http::Method::POST, "/api/v1/post-records", &body)
            .with("x-csrf-token", &secret)
            .with("idempotency-key", &app::clock::Ids::default().token())
    };
    agent.send(&making(&[])).await.is(422);
    let once = making(&[1]);
    let made = agent.send(&once).await.is(201).json();
    // Pressed twice, it is one record.
    assert_eq!(agent.send(&once).await.is(201).json(), made);
    let record = made["id"].as_str().unwrap();
    let secret = csrf(&mut clerk).await;
    let signing = format!("/api/v1/post-records/{record}/signature");
    let order = Sent::json(axum::http::Method::POST, &signing, &json!({}));
    let signed = clerk.send(&order.with("x-csrf-token", &secret)).await;
    let number = signed.is(200).json()["number"].as_str().unwrap().to_owned();
    let page = clerk.get(&format!("/ho-so/{id}")).await;
    page.is(200).says(&number);
    let id = domain::ids::DossierId::parse(&id).unwrap();
    let loaded = desk.office.app.store().load(&id).await.unwrap();
    assert_eq!(loaded.dossier.kind().as_str(), "submitted");
    desk.finish().await;
}

async fn an_agent_submits_what_is_served_by_post_and_decides_nothing(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut agent = desk.person("buudien.hacthanh").await;
    let secret = csrf(&mut agent).await;
    let file = |ending: &str, procedure: &str| {
        let fields = json!({"name": "Nguyễn Thị An", "number": "038199000017",
            "procedure": procedure, "c1": "paper", "channel": "direct", "reason": "Không đủ."});
        let once = app::clock::Ids::default().token();
        let body = json!({"ending": ending, "fields": fields});
        Sent::json(axum::http::Method::POST, "/api/v1/dossiers", &body)
            .with("idempotency-key", &once)
            .with("x-csrf-token", &secret)
    };
    for ending in ["receive", "ask_supplement", "decline"] {
        agent.send(&file(ending, PARKING)).await.is(403);
    }
    // Certified copies are not served by post.
    let no = agent.send(&file("submit", COPIES)).await;
    assert_eq!(no.is(422).json()["rule"], "TN-06");
    let found = agent.get("/api/v1/procedures?q=2.000815").await.json();
    assert_eq!(found, json!([]));
    let filed = agent.send(&file("submit", PARKING)).await;
    assert_eq!(filed.is(201).json()["code"], json!(null));
    let id = filed.json()["dossier"].as_str().unwrap().to_owned();
    let id = domain::ids::DossierId::parse(&id).unwrap();
    let loaded = desk.office.app.store().load(&id).await.unwrap();
    let filed = &loaded.dossier.record().unwrap().filed;
    assert_eq!(filed.channel.as_str(), "post", "whatever the form said");
    for path in ["/viec-cua-toi", "/viec-don-vi", "/tra-ket-qua"] {
        agent.get(path).await.is(403);
    }
    desk.finish().await;
}

async fn a_volunteer_fills_in_and_a_clerk_goes_on(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut volunteer = desk.person("tinhnguyen.hacthanh").await;
    let page = filled(&mut volunteer, COPIES).await;
    let draft = page.form("/tiep-nhan").value("nhap").unwrap().to_owned();
    let mut clerk = desk.clerk().await;
    let resumed = format!("/tiep-nhan?nhap={draft}");
    clerk.get(&resumed).await.is(404);
    // Whatever is sent, a volunteer files nothing.
    let form = page.form("/tiep-nhan");
    assert!(!form.buttons().iter().any(|(_, value)| value == "nop"));
    for action in ["nop", "tiep-nhan"] {
        let mut forged = form.clone().press("action", "chuyen");
        forged.fields.pop();
        forged.fields.push(("action".to_owned(), action.to_owned()));
        volunteer.submit(&forged).await.is(403);
    }
    let page = volunteer.submit(&form.press("action", "chuyen")).await;
    page.is(200).says("Đã chuyển cho cán bộ tiếp nhận");
    volunteer.get(&resumed).await.is(404);
    let page = clerk.get(&resumed).await;
    page.is(200)
        .says("đã giúp điền hồ sơ này")
        .says("Nguyễn Thị An");
    let form = page.form("/tiep-nhan").fill("pages1", "1");
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    page.is(200);
    let id = super::desk::id_of(&page);
    clerk.get(&format!("/ho-so/{id}")).await.says("giúp điền");
    let id = domain::ids::DossierId::parse(&id).unwrap();
    let loaded = desk.office.app.store().load(&id).await.unwrap();
    let help = loaded.dossier.record().unwrap().filed.help.clone().unwrap();
    assert_eq!(
        (help.at, help.by.as_str()),
        (desk.office.ward(), "tinhnguyen-hacthanh")
    );
    desk.finish().await;
}

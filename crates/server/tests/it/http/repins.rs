//! Moves to other versions as programs order them, and as the page shows what they promise.

use app::clock::Ids;
use app::intake::Ending;
use axum::http::Method;
use domain::deadline::Limit;
use serde_json::{Value, json};

use super::browser::Sent;
use super::desk::Desk;
use super::scene::csrf;
use crate::repin::publish_limit;
use crate::support::{Engine, file_copies, on_both_engines};

on_both_engines!(
    a_longer_limit_is_said_not_to_hold_for_each_dossier,
    a_program_names_what_it_moves_and_reads_why_a_batch_stays,
);

const PLAN: &str = "procedure=2.000815&to_procedure=2&to_process=1";

async fn a_longer_limit_is_said_not_to_hold_for_each_dossier(engine: Engine) {
    let desk = Desk::open(engine).await;
    file_copies(&desk.office.app, Ending::Receive).await;
    publish_limit(&desk.office, Limit::working_days(15)).await;
    publish_limit(&desk.office, Limit::Hours(4)).await;
    let mut control = desk.person("kiemsoat").await;
    let page = control.get(&format!("/chuyen-quy-trinh?{PLAN}")).await;
    page.is(200)
        .says("Thời hạn 15 ngày làm việc, dài hơn hoặc bằng: giữ hẹn trả");
    let read = control.get(&format!("/api/v1/repins?{PLAN}")).await;
    let item = read.is(200).json()["items"][0].clone();
    assert_eq!(item["new_limit"], "longer");
    assert_eq!(item["limit"], "15wd");
    assert_eq!(
        (&item["due"], item["due"].is_string()),
        (&item["due_now"], true)
    );
    assert!(!item["at_step"].as_str().unwrap().is_empty());
    let shorter = "procedure=2.000815&to_procedure=3&to_process=1";
    let page = control.get(&format!("/chuyen-quy-trinh?{shorter}")).await;
    page.is(200)
        .says("Thời hạn 4 giờ làm việc, ngắn hơn: hẹn trả");
    let read = control.get(&format!("/api/v1/repins?{shorter}")).await;
    let item = read.is(200).json()["items"][0].clone();
    assert_eq!(item["new_limit"], "shorter");
    assert!(item["due"].as_str() < item["due_now"].as_str());
    desk.finish().await;
}

async fn a_program_names_what_it_moves_and_reads_why_a_batch_stays(engine: Engine) {
    let desk = Desk::open(engine).await;
    let id = file_copies(&desk.office.app, Ending::Receive).await;
    publish_limit(&desk.office, Limit::Hours(4)).await;
    let mut control = desk.person("kiemsoat").await;
    let secret = csrf(&mut control).await;
    let post = |path: &str, body: &Value| {
        let sent = Sent::json(Method::POST, path, body);
        let sent = sent.with("x-csrf-token", &secret);
        sent.with("idempotency-key", &Ids::default().token())
    };
    let plan = json!({"procedure": "2.000815", "to_procedure": "2", "to_process": "1"});
    let order = |more: Value| {
        let mut body = json!({"plan": plan, "reason": "QĐ 9"});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        post("/api/v1/repins", &body)
    };
    for (body, said) in [
        (json!({}), "Nêu các hồ sơ"),
        (json!({"dossiers": []}), "Nêu các hồ sơ"),
        (
            json!({"dossiers": [id.as_str()], "all": true}),
            "Nêu các hồ sơ",
        ),
        (json!({"dossiers": ["no such!"]}), "không phải mã hồ sơ"),
        (
            json!({"dossiers": [id.as_str(), "typo"]}),
            "typo không thuộc diện chuyển",
        ),
    ] {
        let told = control.send(&order(body)).await.is(422).json();
        assert!(told.to_string().contains(said), "{told}");
    }
    let ordered = control
        .send(&order(json!({"dossiers": [id.as_str()]})))
        .await;
    let batch = ordered.is(202).json()["batch"].as_str().unwrap().to_owned();
    let undo = format!("/api/v1/repins/{batch}/undo");
    let undo = post(&undo, &json!({"reason": "QĐ 10"}));
    desk.office.settle_outbox().await;
    control.send(&undo).await.is(202);
    desk.office.settle_outbox().await;
    let read = control.get(&format!("/api/v1/repins/{batch}")).await;
    assert!(read.is(200).json()["undone_by"].is_string());
    desk.finish().await;
}

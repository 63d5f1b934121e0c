//! A ward asks two departments: one answers through the forms, without script; the other takes its
//! task through the interface for programs and stays silent.

use app::clock::Ids;
use axum::http::Method;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use super::browser::{Browser, Page, Sent};
use super::desk::{Desk, give, id_of, receive};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    a_department_answers_and_the_ward_acknowledges,
    programs_ask_take_and_answer_each_its_own,
    what_is_wrong_with_a_row_stands_at_its_field,
);

const JUSTICE: &str = "chuyenvien.sotuphap";
const BUILDING: &str = "chuyenvien.soxaydung";

/// A dossier that the ward's officer has.
async fn handed_over(desk: &Desk) -> String {
    let mut clerk = desk.clerk().await;
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    id
}

/// Gives a command about a task by its button, or by the form that it leads to.
async fn task(browser: &mut Browser, id: &str, command: &str, fields: &[(&str, &str)]) -> Page {
    let action = format!("/ho-so/{id}/{command}");
    let mut page = browser.get(&format!("/ho-so/{id}")).await;
    if !page.offers(&action) {
        let links = format!("href=\"{action}?viec=1\"");
        assert!(
            page.text().contains(&links),
            "no {command}: {}",
            page.words()
        );
        page = browser.get(&format!("{action}?viec=1")).await;
    }
    let mut form = page.form(&action);
    for (name, value) in fields {
        form = form.fill(name, value);
    }
    browser.submit(&form).await
}

async fn a_department_answers_and_the_ward_acknowledges(engine: Engine) {
    let desk = Desk::open(engine).await;
    let id = handed_over(&desk).await;
    let (mut officer, mut justice) = (desk.officer().await, desk.person(JUSTICE).await);
    justice.get(&format!("/ho-so/{id}")).await.is(404);
    justice
        .get("/viec-phoi-hop")
        .await
        .is(200)
        .says("Không có việc nào");
    let asked = [
        ("agency1", "sở tư pháp"),
        ("days1", "2"),
        ("content1", "Bản chính có hợp lệ không?"),
    ];
    let page = give(&mut officer, &id, "send_tasks", &asked).await;
    page.is(200).says("Đã gửi các cơ quan phối hợp");
    page.says("1. Sở Tư pháp")
        .says("Bản chính có hợp lệ không?");
    justice
        .get("/viec-phoi-hop")
        .await
        .is(200)
        .says("Phường Hạc Thành");
    let page = task(&mut justice, &id, "accept_task", &[]).await;
    page.is(200).says("Đã tiếp nhận việc phối hợp");
    let silent = task(&mut justice, &id, "answer_task", &[("text", "Hợp lệ.")]).await;
    silent
        .is(422)
        .says("Ý kiến chưa nêu đồng ý hay không")
        .says("Hợp lệ.");
    let said = [("text", "Hợp lệ."), ("agrees", "yes")];
    let page = task(&mut justice, &id, "answer_task", &said).await;
    page.is(200).says("Đã trả lời việc phối hợp");
    let list = officer.get("/viec-phoi-hop?phia=sent").await;
    list.is(200).says("Đã trả lời").says("Sở Tư pháp");
    let page = task(&mut officer, &id, "acknowledge_answer", &[]).await;
    page.is(200).says("Nhận trả lời").says("Đồng ý");
    let missing = officer.get(&format!("/ho-so/{id}/y-kien/1")).await;
    missing.is(404);
    desk.finish().await;
}

async fn command(browser: &mut Browser, id: &str, name: &str, fields: Value) -> Page {
    let path = format!("/api/v1/dossiers/{id}");
    let version = browser.get(&path).await.is(200).json()["version"].clone();
    let body = json!({"version": version, "fields": fields});
    let sent = Sent::json(Method::POST, &format!("{path}/commands/{name}"), &body);
    let secret = csrf(browser).await;
    let once = Ids::default().token();
    let sent = sent
        .with("x-csrf-token", &secret)
        .with("idempotency-key", &once);
    browser.send(&sent).await
}

async fn programs_ask_take_and_answer_each_its_own(engine: Engine) {
    let desk = Desk::open(engine).await;
    let id = handed_over(&desk).await;
    let (mut officer, mut justice) = (desk.officer().await, desk.person(JUSTICE).await);
    let mut building = desk.person(BUILDING).await;
    let found = officer.get("/api/v1/tasks/agencies?q=tu%20phap").await;
    let agency = found.is(200).json()[0]["id"].as_str().unwrap().to_owned();
    let asked = json!({
        "agency1": agency, "days1": "2", "content1": "Ý kiến?",
        "agency2": "Sở Xây dựng", "kind2": "work", "days2": "1", "content2": "Kiểm tra.",
    });
    command(&mut officer, &id, "send_tasks", asked)
        .await
        .is(200);
    let list = building.get("/api/v1/tasks").await.is(200).json();
    assert_eq!(list["items"][0]["number"], 2);
    assert_eq!(list["items"][0]["state"], "open");
    let taken = json!({"task": "2"});
    command(&mut justice, &id, "accept_task", taken.clone())
        .await
        .is(403);
    command(&mut building, &id, "accept_task", taken.clone())
        .await
        .is(200);
    let answer = json!({"task": "2", "text": "Đã kiểm tra."});
    command(&mut justice, &id, "answer_task", answer.clone())
        .await
        .is(403);
    command(&mut officer, &id, "answer_task", answer.clone())
        .await
        .is(403);
    command(&mut building, &id, "forward", json!({}))
        .await
        .is(403);
    command(&mut building, &id, "answer_task", answer)
        .await
        .is(200);
    command(&mut officer, &id, "lapse_task", json!({"task": "1"}))
        .await
        .is(422);
    // What is late is seen by the head of the centre.
    desk.wait(5.days());
    let mut director = desk.person("giamdoc.hacthanh").await;
    let late = director.get("/api/v1/tasks?part=late").await.is(200).json();
    assert_eq!(late["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&late["items"][0]["number"], &late["counts"]["late"]),
        (&json!(1), &json!(1))
    );
    director.get("/api/v1/tasks?side=asked").await.is(403);
    desk.finish().await;
}

async fn what_is_wrong_with_a_row_stands_at_its_field(engine: Engine) {
    let desk = Desk::open(engine).await;
    let id = handed_over(&desk).await;
    let mut officer = desk.officer().await;
    let asked = [("agency1", "sở"), ("days1", "0"), ("content1", "")];
    let page = give(&mut officer, &id, "send_tasks", &asked).await;
    page.is(422).says("Nêu nội dung cần cơ quan này cho ý kiến");
    page.says("không có hoặc có nhiều cơ quan tên như vậy");
    let asked = [
        ("agency1", "sở tư pháp"),
        ("days1", "0"),
        ("content1", "Hỏi"),
    ];
    let page = give(&mut officer, &id, "send_tasks", &asked).await;
    page.is(422).says("Nhập số ngày từ 1 trở lên");
    assert_eq!(
        page.form(&format!("/ho-so/{id}/send_tasks"))
            .value("content1"),
        Some("Hỏi")
    );
    desk.finish().await;
}

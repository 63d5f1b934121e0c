//! A result that was issued in error: the agency corrects it at its own cost, and everybody sees it.

use axum::http::Method;
use serde_json::json;

use super::browser::{Page, Sent};
use super::desk::{Desk, give, id_of, receive};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    a_result_issued_in_error_is_replaced,
    only_the_leader_of_the_agency_opens_a_correction_once,
);

const WRONG: [(&str, &str); 3] = [
    ("correction", "replace"),
    ("reason", "Bản sao ghi sai số tờ."),
    ("apology", "Ủy ban nhân dân phường xin lỗi ông, bà."),
];

/// The dossier that the page of a result in error links to.
pub(crate) fn linked(page: &Page) -> String {
    let text = page.text();
    let section = text.split("id=\"corrections\"").nth(1).unwrap();
    let link = section.split("href=\"/ho-so/").nth(1).unwrap();
    link.split('"').next().unwrap().to_owned()
}

async fn a_result_issued_in_error_is_replaced(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let page = receive(&mut team.clerk).await;
    let id = id_of(page.is(200));
    team.settle(&id).await;
    let page = give(&mut team.leader, &id, "open_correction", &WRONG).await;
    page.is(200).says("Đã mở hồ sơ đính chính");
    page.says("Thay thế bằng kết quả mới, đang xử lý");
    let by = linked(&page);
    let read = team.leader.get(&format!("/api/v1/dossiers/{by}")).await;
    let read = read.is(200).json();
    assert_eq!(read["state"], "processing", "{read}");
    assert_eq!(read["corrections"][0]["dossier"], json!(id));
    assert_eq!(read["corrections"][0]["side"], "original");
    let page = team.officer.get(&format!("/ho-so/{by}")).await;
    page.is(200).says("Đính chính kết quả của hồ sơ");
    let original = team.leader.get(&format!("/api/v1/dossiers/{id}")).await;
    let code = original.json()["code"].as_str().unwrap().to_owned();
    let track = format!("/tra-cuu/{code}");
    let public = desk.stranger().get(&track).await;
    public.is(200).says("Kết quả đang được đính chính");
    team.decide(&by).await;
    let page = team.leader.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("Kết quả đã được thay thế");
    let original = team.leader.get(&format!("/api/v1/dossiers/{id}")).await;
    let corrections = &original.json()["corrections"];
    assert_eq!(corrections[0]["side"], "done");
    assert_eq!(corrections[0]["dossier"], json!(by));
    let public = desk.stranger().get(&track).await;
    public.is(200).says("Kết quả đã được thay thế");
    desk.finish().await;
}

async fn only_the_leader_of_the_agency_opens_a_correction_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = id_of(receive(&mut team.clerk).await.is(200));
    let path = format!("/api/v1/dossiers/{id}");
    let read = team.leader.get(&path).await.is(200).json();
    let secret = csrf(&mut team.leader).await;
    let ask = |version: &serde_json::Value, fields: serde_json::Value, secret: &str| {
        let body = json!({"version": version, "fields": fields});
        let sent = Sent::json(
            Method::POST,
            &format!("{path}/commands/open_correction"),
            &body,
        );
        let once = app::clock::Ids::default().token();
        sent.with("x-csrf-token", secret)
            .with("idempotency-key", &once)
    };
    let whole = json!({"correction": "amend", "reason": "Sai tên.", "apology": "Xin lỗi."});
    let early = ask(&read["version"], whole.clone(), &secret);
    team.leader.send(&early).await.is(422);
    team.settle(&id).await;
    let read = team.leader.get(&path).await.is(200).json();
    let bare = ask(
        &read["version"],
        json!({"correction": "amend", "reason": "Sai."}),
        &secret,
    );
    let no = team.leader.send(&bare).await;
    assert_eq!(no.is(422).json()["rule"], "DC-02");
    let theirs = csrf(&mut team.clerk).await;
    let clerk = ask(&read["version"], whole.clone(), &theirs);
    team.clerk.send(&clerk).await.is(403);
    let first = ask(&read["version"], whole.clone(), &secret);
    let done = team.leader.send(&first).await.is(200).json();
    let again = ask(&done["version"], whole, &secret);
    let no = team.leader.send(&again).await;
    assert_eq!(no.is(422).json()["rule"], "DC-01");
    desk.finish().await;
}

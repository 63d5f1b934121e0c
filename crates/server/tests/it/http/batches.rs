//! Batches of results to sign, made and given back twice as an impatient browser does.

use app::access::Actor;
use app::clock::Ids;
use app::signing::batch::prepare_batch;
use axum::http::Method;
use domain::ids::StaffId;
use domain::office::Role;
use serde_json::json;

use super::browser::Sent;
use super::desk::{Desk, Team, give, id_of, receive};
use super::scene::csrf;
use super::twice::{same, twice};
use crate::support::{Engine, actor, on_both_engines};

on_both_engines!(
    a_batch_made_twice_is_one_and_goes_back_once,
    a_program_s_batch_made_twice_is_one_and_goes_back_once,
);

const WHY: &str = "Sai tên mẹ.";

/// A dossier that waits for its leader.
async fn to_sign(team: &mut Team) -> String {
    let id = id_of(&receive(&mut team.clerk).await);
    let draft = [("outcome", "granted"), ("summary", "Đồng ý chứng thực.")];
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    give(&mut team.officer, &id, "draft_result", &draft)
        .await
        .is(200);
    give(&mut team.officer, &id, "forward", &[]).await.is(200);
    id
}

/// Makes the documents of the leader's batch.
async fn prepare(desk: &Desk, batch: &str) {
    let leader = Actor {
        staff: StaffId::parse("lanhdao-hacthanh").unwrap(),
        ..actor(Role::Leader, &desk.office.ward())
    };
    let made = prepare_batch(&desk.office.app, &leader, batch).await;
    made.unwrap();
}

async fn a_batch_made_twice_is_one_and_goes_back_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = to_sign(&mut team).await;
    let leader = &mut team.leader;
    let form = leader.get("/ky-so").await.is(200).form("/ky-so");
    let making = Sent::form(&form.fill("ho-so", &id), None);
    let page = same(leader, &making).await;
    let batch = page.location().unwrap().to_owned();
    prepare(&desk, batch.strip_prefix("/ky-so/").unwrap()).await;
    let listed = leader.get("/api/v1/signing-batches").await.is(200).json();
    assert_eq!(listed["batches"].as_array().unwrap().len(), 1);
    let back = format!("{batch}/1/tra-lai");
    let form = leader.get(&batch).await.is(200).form(&back);
    twice(&desk, leader, &Sent::form(&form.fill("reason", WHY), None)).await;
    leader.get(&batch).await.is(200).says("Đã trả lại");
    desk.finish().await;
}

async fn a_program_s_batch_made_twice_is_one_and_goes_back_once(engine: Engine) {
    const ALL: &str = "/api/v1/signing-batches";
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = to_sign(&mut team).await;
    let leader = &mut team.leader;
    let secret = csrf(leader).await;
    let post = |path: &str, body: &serde_json::Value| {
        let sent = Sent::json(Method::POST, path, body).with("x-csrf-token", &secret);
        sent.with("idempotency-key", &Ids::default().token())
    };
    let made = same(leader, &post(ALL, &json!({"dossiers": [id]}))).await;
    let batch = made.json()["batch"].as_str().unwrap().to_owned();
    prepare(&desk, &batch).await;
    let listed = leader.get(ALL).await.is(200).json();
    assert_eq!(listed["batches"].as_array().unwrap().len(), 1);
    let back = format!("{ALL}/{batch}/1/return");
    let order = post(&back, &json!({"reason": WHY}));
    twice(&desk, leader, &order).await.is(204);
    // Another order finds the dossier moved.
    leader
        .send(&post(&back, &json!({"reason": WHY})))
        .await
        .is(409);
    desk.finish().await;
}

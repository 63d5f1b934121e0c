//! A leader on leave: the director of the ward's centre stands in, both names stand on the act, and
//! the work returns by itself. And what is left of somebody whose post has ended.

use axum::http::Method;
use domain::ids::{DossierId, StaffId};
use jiff::ToSpan as _;
use jiff::civil::date;
use serde_json::{Value, json};
use server::demonstration::PIN;
use store::{AuditLine, NewPost};

use super::browser::{Browser, Page, Sent};
use super::desk::{Desk, Team, give, id_of, order, receive};
use super::html::{Form, forms};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines, pdf_text};

on_both_engines!(
    a_delegate_approves_with_both_names_until_the_last_day,
    without_signing_nothing_is_approved_and_the_rule_is_named,
    a_delegation_is_given_and_ended_through_the_interface,
    who_is_away_alone_is_listed_with_her_work_and_it_is_handed_out,
    what_is_wrong_stands_at_its_field,
    the_work_of_a_post_that_ended_is_offered_anew,
);

const LEADER: &str = "lanhdao-hacthanh";
const DIRECTOR: &str = "giamdoc-hacthanh";
const SIGNED: [(&str, &str); 1] = [("pin", PIN)];

/// A dossier that waits for the leader's approval.
async fn drafted(team: &mut Team) -> String {
    let id = id_of(&receive(&mut team.clerk).await);
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    let draft = [("outcome", "granted"), ("summary", "Đồng ý chứng thực.")];
    give(&mut team.officer, &id, "draft_result", &draft)
        .await
        .is(200);
    give(&mut team.officer, &id, "forward", &[]).await.is(200);
    id
}

async fn director(desk: &Desk) -> Browser {
    desk.person("giamdoc.hacthanh").await
}

/// The form of a new delegation, the leader's own post being chosen.
fn new_form(page: &Page) -> Form {
    let found = forms(&page.text())
        .into_iter()
        .find(|form| form.value("action") == Some("uy-quyen"));
    found.expect("the form of a new delegation")
}

/// The leader goes on leave from the day of the tests to the day after.
async fn leave(leader: &mut Browser, signing: bool) -> Page {
    let page = leader.get("/vang-mat").await;
    let form = new_form(page.is(200)).fill("to", DIRECTOR);
    let form = form.fill("first", "23/11/2026").fill("last", "24/11/2026");
    let form = if signing {
        form.fill("signing", "1")
    } else {
        form
    };
    leader.submit(&form).await
}

fn lacks(page: &Page, words: &str) {
    assert!(
        !page.is(200).words().contains(words),
        "{words}: {}",
        page.words()
    );
}

async fn names(desk: &Desk) -> (String, String) {
    let ids = [LEADER, DIRECTOR].map(|id| StaffId::parse(id).unwrap());
    let found = desk.office.app.store().staff(&ids).await.unwrap();
    let name = |id: &str| {
        let member = found.iter().find(|member| member.id.as_str() == id);
        member.unwrap().name.clone()
    };
    (name(LEADER), name(DIRECTOR))
}

/// The text of the official document.
async fn official_text(desk: &Desk, id: &str) -> String {
    let app = &desk.office.app;
    let loaded = app.store().load(&DossierId::parse(id).unwrap()).await;
    let loaded = loaded.unwrap();
    let issued = loaded.dossier.issued().unwrap();
    let made = issued.official.as_ref().unwrap();
    pdf_text(&app.files().get(&made.hash).await.unwrap())
}

async fn a_delegate_approves_with_both_names_until_the_last_day(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let (first, second) = (drafted(&mut team).await, drafted(&mut team).await);
    let (leader, delegate) = names(&desk).await;
    let mut deputy = director(&desk).await;
    lacks(&deputy.get("/viec-don-vi").await, "Đang thay");
    let done = leave(&mut team.leader, true).await;
    done.is(200).says("Đã ghi vắng mặt").says(&delegate);

    let page = deputy.get("/ky-duyet").await;
    page.is(200)
        .says(&format!("Đang thay: {leader} (đến 24/11)"));
    page.says("Chứng thực bản sao");
    let page = give(&mut deputy, &first, "sign_result", &SIGNED).await;
    page.is(200).says(&format!("{delegate} thay {leader}"));
    let lines = desk.office.app.store().audited(&first).await.unwrap();
    let line = &lines.last().unwrap().line;
    assert_eq!(
        (line.actor.as_str(), line.detail.as_str()),
        (DIRECTOR, "for lanhdao-hacthanh")
    );

    // So do they on the official document.
    give(&mut team.seal, &first, "issue", &[]).await.is(200);
    desk.make_slips().await;
    let text = official_text(&desk, &first).await;
    for said in ["TUQ. CHỦ TỊCH", "GIÁM ĐỐC", &delegate] {
        assert!(text.contains(said), "{said} is not in {text}");
    }

    // The leader may still sign herself, in her own name alone.
    let page = team.leader.get(&format!("/ho-so/{second}")).await;
    assert!(page.text().contains("/sign_result"));
    let late = order(&mut deputy, &second, "sign_result", &SIGNED).await;
    desk.wait(48.hours());
    let mut deputy = director(&desk).await;
    lacks(&deputy.get("/viec-cua-toi").await, "Đang thay");
    let page = deputy.get(&format!("/ho-so/{second}")).await;
    assert!(!page.is(200).text().contains("/sign_result"));
    let secret = csrf(&mut deputy).await;
    let body = String::from_utf8(late.body.clone()).unwrap();
    let fields: Vec<(String, String)> = serde_html_form::from_str(&body).unwrap();
    let fields = fields.into_iter().map(|(name, value)| match name.as_str() {
        "_csrf" => (name, secret.clone()),
        _ => (name, value),
    });
    let fields: Vec<(String, String)> = fields.collect();
    let body = serde_html_form::to_string(fields).unwrap().into_bytes();
    deputy.send(&Sent { body, ..late }).await.is(403);
    let mut leader = desk.leader().await;
    let page = give(&mut leader, &second, "sign_result", &SIGNED).await;
    lacks(&page, " thay ");
    desk.finish().await;
}

/// A program's command on the newest version.
async fn command(browser: &mut Browser, id: &str, command: &str) -> Page {
    let place = format!("/api/v1/dossiers/{id}");
    let version = browser.get(&place).await.is(200).json()["version"].clone();
    let secret = csrf(browser).await;
    let fields = json!({"document": "0".repeat(64), "pin": PIN});
    let path = format!("{place}/commands/{command}");
    let sent = Sent::json(
        Method::POST,
        &path,
        &json!({"version": version, "fields": fields}),
    );
    let sent = sent.with("x-csrf-token", &secret);
    let once = app::clock::Ids::default().token();
    browser.send(&sent.with("idempotency-key", &once)).await
}

async fn without_signing_nothing_is_approved_and_the_rule_is_named(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = drafted(&mut team).await;
    leave(&mut team.leader, false).await.is(200);
    let mut deputy = director(&desk).await;
    let page = deputy.get(&format!("/ho-so/{id}")).await;
    for approval in ["/forward", "/sign_result"] {
        assert!(!page.is(200).text().contains(approval), "not offered");
    }
    assert!(
        page.text().contains("/send_back"),
        "the rest of the work is"
    );
    for approval in ["forward", "sign_result"] {
        let refused = command(&mut deputy, &id, approval).await;
        assert_eq!(refused.is(422).json()["rule"], "UQ-06", "{approval}");
    }
    let rules = deputy.get("/quy-tac").await;
    rules.is(200).says("UQ-06").says("Ký thay phải được ghi");
    desk.finish().await;
}

async fn a_delegation_is_given_and_ended_through_the_interface(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut leader = desk.leader().await;
    let mut deputy = director(&desk).await;
    let secret = csrf(&mut leader).await;
    let ward = desk.office.ward().to_string();
    let body = json!({"from": LEADER, "unit": ward, "role": "leader", "to": DIRECTOR,
        "first": "2026-11-23", "last": "2026-11-24", "signing": true});
    let post = |body: &Value, secret: &str| {
        let sent = Sent::json(Method::POST, "/api/v1/absences", body);
        sent.with("x-csrf-token", secret)
    };
    let given = leader.send(&post(&body, &secret)).await;
    let id = given.is(201).json()["id"].as_str().unwrap().to_owned();
    let twice = leader.send(&post(&body, &secret)).await;
    let fault = twice.is(422).json()["faults"][0].clone();
    assert_eq!(fault["field"], "first");
    assert!(
        fault["message"].as_str().unwrap().contains("UQ-05"),
        "{fault}"
    );
    let theirs = csrf(&mut deputy).await;
    let taken = deputy.send(&post(&body, &theirs)).await;
    taken.is(404);
    let listed = deputy.get("/api/v1/absences").await.is(200).json();
    assert_eq!(listed["items"][0]["stage"], "runs");
    let end = |secret: &str| {
        let path = format!("/api/v1/absences/{id}");
        Sent::json(Method::DELETE, &path, &json!({})).with("x-csrf-token", secret)
    };
    deputy.send(&end(&theirs)).await.is(404);
    leader.send(&end(&secret)).await.is(204);
    leader.send(&end(&secret)).await.is(204);
    let listed = leader.get("/api/v1/absences").await.is(200).json();
    assert_eq!(listed["items"][0]["stage"], "ended");
    let mut admin = desk.person("quantri").await;
    admin.get("/api/v1/absences").await.is(403);
    admin.get("/vang-mat").await.is(403);
    desk.finish().await;
}

async fn who_is_away_alone_is_listed_with_her_work_and_it_is_handed_out(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let officer = "chuyenvien-hacthanh";
    let id = id_of(&receive(&mut team.clerk).await);
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    give(&mut team.leader, &id, "assign", &[("to", officer)])
        .await
        .is(200);
    let leader = &mut team.leader;
    let page = leader.get("/vang-mat").await;
    let post = format!("{officer}/{}/case_officer", desk.office.ward());
    let form = new_form(page.is(200)).fill("post", &post).fill("to", "-");
    let form = form.fill("first", "23/11/2026").fill("last", "25/11/2026");
    let page = leader.submit(&form).await;
    page.is(200)
        .says("Đã ghi vắng mặt")
        .says("Chưa có người thay");
    page.says("Việc chờ giao lại")
        .says("vắng đến 25/11: 1 hồ sơ");
    assert!(page.text().contains(&format!("/ho-so/{id}/assign")));
    let listed = leader.get("/api/v1/absences").await.is(200).json();
    assert_eq!(listed["items"][0]["to"], Value::Null);
    let open = &listed["open"][0];
    assert_eq!(
        (&open["dossier"], &open["holder"]),
        (&json!(id), &json!(officer))
    );
    assert_eq!(
        (&open["away_until"], &open["may_assign"]),
        (&json!("2026-11-25"), &json!(true))
    );
    let assignees = leader.get(&format!("/ho-so/{id}/assign")).await;
    assignees.is(200).says("vắng đến 25/11, chưa có người thay");
    // No authority has moved: nobody stands in, and her own list is as it was.
    let mut deputy = director(&desk).await;
    lacks(&deputy.get("/viec-cua-toi").await, "Đang thay");
    let secret = csrf(leader).await;
    let body = json!({"from": officer, "unit": desk.office.ward().to_string(),
        "role": "case_officer", "to": "-", "first": "2026-11-24", "last": "2026-11-24"});
    let again = Sent::json(Method::POST, "/api/v1/absences", &body);
    let again = leader.send(&again.with("x-csrf-token", &secret)).await;
    let fault = again.is(422).json()["faults"][0].clone();
    assert!(
        fault["message"].as_str().unwrap().contains("UQ-05"),
        "{fault}"
    );
    desk.finish().await;
}

async fn what_is_wrong_stands_at_its_field(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut leader = desk.leader().await;
    let page = leader.get("/vang-mat").await;
    let form = new_form(page.is(200));
    let officer = form.clone().fill("to", "chuyenvien-hacthanh");
    let officer = officer
        .fill("first", "23/11/2026")
        .fill("last", "22/11/2026");
    let page = leader.submit(&officer.clone().fill("signing", "1")).await;
    page.is(422)
        .says("Ngày cuối không được trước ngày đầu")
        .says("UQ-01");
    let kept = new_form(&page);
    assert_eq!(kept.value("last"), Some("22/11/2026"));
    assert_eq!(kept.value("to"), Some("chuyenvien-hacthanh"));
    let signing = officer.fill("last", "25/11/2026").fill("signing", "1");
    let page = leader.submit(&signing).await;
    page.is(422).says("không giữ vị trí ký duyệt").says("UQ-06");
    desk.finish().await;
}

/// The holder of the dossier's step.
async fn holder(desk: &Desk, id: &str) -> Option<String> {
    let id = DossierId::parse(id).unwrap();
    let loaded = desk.office.app.store().load(&id).await.unwrap();
    let at = loaded.dossier.at_step().unwrap();
    at.holder.as_ref().map(StaffId::to_string)
}

async fn the_work_of_a_post_that_ended_is_offered_anew(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = id_of(&receive(&mut team.clerk).await);
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    let officer = "chuyenvien-hacthanh";
    give(&mut team.officer, &id, "assign", &[("to", officer)])
        .await
        .is(200);
    assert_eq!(holder(&desk, &id).await.as_deref(), Some(officer));
    let (app, today) = (&desk.office.app, date(2026, 11, 23));
    let staff = StaffId::parse(officer).unwrap();
    let mut post = app.store().posts_of(&staff, today).await.unwrap().remove(0);
    post.post.valid_to = Some(today);
    let line = AuditLine {
        actor: "quantri".to_owned(),
        action: "post.ended".to_owned(),
        subject: officer.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    let new = NewPost {
        post: post.post,
        counter: None,
        title: post.title,
    };
    let now = app.clock().now();
    app.store().give_post(new, now, line).await.unwrap();
    assert_eq!(
        app::absence::release_held(app).await.unwrap(),
        0,
        "not today"
    );
    desk.wait(24.hours());
    assert_eq!(app::absence::release_held(app).await.unwrap(), 1);
    assert_eq!(app::absence::release_held(app).await.unwrap(), 0, "once");
    assert_eq!(holder(&desk, &id).await, None);
    let mut leader = desk.leader().await;
    let page = leader.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("Thu lại");
    let mut gone = desk.officer().await;
    gone.get(&format!("/ho-so/{id}")).await.is(404);
    desk.finish().await;
}

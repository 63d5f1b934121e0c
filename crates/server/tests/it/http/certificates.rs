//! The register of certificates on the site: registering by file, what is missing, warnings, ending.

use app::certificates::{CertificatesOf, every_certificate};
use axum::http::Method;
use domain::certificate::{EndReason, Ended};
use jiff::ToSpan as _;
use serde_json::json;
use store::AuditLine;

use super::browser::{Browser, Sent};
use super::desk::Desk;
use super::scene::csrf;
use crate::program::Installation;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    an_administrator_registers_by_file_and_the_holder_is_warned,
    programs_read_register_and_end_certificates,
    an_operator_lists_and_registers_certificates,
);

/// A leader's, until 8 December 2026, 09:00, of a test authority.
const LEADER: &[u8] = include_bytes!("../../../../gateways/tests/it/certificates/leader.pem");
/// The ward's seal, DER.
const SEAL: &[u8] = include_bytes!("../../../../gateways/tests/it/certificates/seal.cer");

/// An office whose certificates of the demonstration were taken out of use.
async fn bare(engine: Engine) -> Desk {
    let desk = Desk::open(engine).await;
    let app = &desk.office.app;
    let now = app.clock().now();
    let all = every_certificate(app, CertificatesOf::Everybody).await;
    for line in all.unwrap() {
        let id = line.registered.row.certificate.id;
        let ended = Ended {
            from: now,
            why: EndReason::Mistake,
        };
        let audit = AuditLine {
            actor: "test".to_owned(),
            action: "certificate.ended".to_owned(),
            subject: id.to_string(),
            purpose: String::new(),
            detail: String::new(),
        };
        let done = app.store().end_certificate(&id, ended, (now, audit));
        assert!(done.await.unwrap());
    }
    desk
}

async fn an_administrator_registers_by_file_and_the_holder_is_warned(engine: Engine) {
    let desk = bare(engine).await;
    let ward = desk.office.ward().to_string();
    let mut admin = desk.person("quantri.hacthanh").await;
    let missing = admin.get("/chung-thu?loc=missing").await;
    missing
        .is(200)
        .says("Nguyễn Văn Bình")
        .says("CK-01")
        .says("Con dấu của cơ quan");
    let form = admin.get("/chung-thu/nap").await.form("/chung-thu/nap");
    let holder = format!("lanhdao-hacthanh/{ward}/leader");
    let form = form.fill("holder", &holder).fill("key", "token");
    let form = form.fill("token", "motcua");
    // The file is read and kept as text, while something else is mended.
    let wrong = admin.send(&Sent::form(&form, Some(("file", LEADER)))).await;
    wrong.is(422).says("Nhập mã khóa");
    let again = wrong.form("/chung-thu/nap").fill("key_id", "0A1B");
    let done = admin.submit(&again).await;
    done.is(200)
        .says("Đã đăng ký chứng thư")
        .says("CCCD:0380****4321")
        .says("Còn 15 ngày");
    assert!(!done.text().contains("038076004321"));
    let page = done.path.clone();

    let mut leader = desk.leader().await;
    let told = "1 chứng thư sắp hết hạn, sớm nhất 08/12/2026";
    leader.get("/canh-bao").await.is(200).says(told);
    leader.get("/tai-khoan").await.is(200).says(told);
    admin.get("/quan-tri/can-bo").await.is(200).says(told);
    let own = leader.get("/chung-thu").await;
    own.is(200).says("Nguyễn Văn Bình").says("Còn 15 ngày");
    leader.get("/chung-thu/nap").await.is(403);
    let path = page.split('?').next().unwrap().to_owned();
    desk.clerk().await.get(&path).await.is(404);

    let form = leader.get(&path).await.is(200).form(&path);
    let unsaid = leader.submit(&form).await;
    unsaid.is(422).says("Chọn lý do");
    let lost = leader.submit(&form.fill("why", "key_lost")).await;
    lost.is(200).says("Đã dừng").says("Mất hoặc lộ khóa");
    let ended = admin.get("/chung-thu?loc=ended").await;
    ended.is(200).says("Nguyễn Văn Bình");
    desk.finish().await;
}

async fn post(browser: &mut Browser, path: &str, body: serde_json::Value) -> super::browser::Page {
    let secret = csrf(browser).await;
    let sent = Sent::json(Method::POST, path, &body).with("x-csrf-token", &secret);
    browser.send(&sent).await
}

async fn programs_read_register_and_end_certificates(engine: Engine) {
    const ALL: &str = "/api/v1/certificates";
    let desk = bare(engine).await;
    let ward = desk.office.ward().to_string();
    let mut admin = desk.person("quantri.hacthanh").await;
    let pem = std::str::from_utf8(LEADER).unwrap();
    let body = json!({"unit": ward, "staff": "lanhdao-hacthanh", "role": "leader",
        "certificate": pem, "key": "remote", "service": "smartca", "credential": "038076004321"});
    let made = post(&mut admin, ALL, body.clone()).await;
    let id = made.is(201).json()["id"].as_str().unwrap().to_owned();
    let twice = post(&mut admin, ALL, body.clone()).await;
    assert_eq!(twice.is(422).json()["faults"][0]["field"], "file");
    let mut other = body;
    other["staff"] = json!("giamdoc-hacthanh");
    other["role"] = json!("centre_director");
    let named = post(&mut admin, ALL, other).await;
    named.is(422);

    let list = admin
        .get(&format!("{ALL}?part=expiring"))
        .await
        .is(200)
        .json();
    assert_eq!(list["items"][0]["id"], id.as_str());
    assert_eq!(list["items"][0]["stage"], "expiring");
    assert_eq!(list["warned_days"], 30);
    assert!(!list.to_string().contains("038076004321"));
    let missing = admin.get(&format!("{ALL}?part=missing")).await.json();
    let rules: Vec<&str> = missing["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["rule"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["CK-01", "CK-01"], "the seal and the director");

    // The day after its last moment it signs no more.
    desk.wait(16.days());
    let mut admin = desk.person("quantri.hacthanh").await;
    let over = admin.get(&format!("{ALL}/{id}")).await.is(200).json();
    assert_eq!(over["stage"], "expired");
    let end = format!("{ALL}/{id}/end");
    let done = post(&mut admin, &end, json!({"why": "replaced"})).await;
    assert_eq!(done.status, 204);
    let again = post(&mut admin, &end, json!({"why": "mistake"})).await;
    assert_eq!(again.status, 204, "ending it twice is no fault");
    let ended = admin.get(&format!("{ALL}/{id}")).await.json();
    assert_eq!(ended["ended_why"], "replaced");
    let mut elsewhere = desk.person("lanhdao.nguyetvien").await;
    elsewhere.get(&format!("{ALL}/{id}")).await.is(404);
    desk.finish().await;
}

async fn an_operator_lists_and_registers_certificates(engine: Engine) {
    let at = Installation::begun(engine);
    let app = at.app().await;
    app::demo::seed(&app).await.unwrap();
    app.store().close().await;
    let missing = at.run(&["certificates", "missing"]);
    let said = missing.succeeds().out().to_owned();
    assert!(said.contains("lanhdao-hacthanh, leader"), "{said}");
    let line = said.lines().find(|line| line.contains("lanhdao-hacthanh"));
    let unit = line.unwrap().split_whitespace().next().unwrap().to_owned();
    let file = at.file("seal.cer");
    std::fs::write(&file, SEAL).unwrap();
    let path = file.to_str().unwrap();
    let seal = ["certificates", "import", path, "--unit", &unit];
    let key = ["--token", "motcua", "--key", "0a1b"];
    let done = at.run(&[&seal[..], &key].concat());
    assert!(done.succeeds().out().starts_with("Registered: "));
    at.run(&[&seal[..], &key].concat())
        .fails_with("is registered for that post already");
    let whose = ["--staff", "lanhdao-hacthanh", "--role", "leader"];
    at.run(&[&seal[..], &whose].concat())
        .fails_with("It names ỦY BAN NHÂN DÂN PHƯỜNG HẠC THÀNH");
    let listed = at.run(&["certificates", "list", "--unit", &unit]);
    let said = listed.succeeds().out();
    assert!(said.contains("2099-12-31  valid"), "{said}");
    assert!(said.contains("1 certificates."), "{said}");
    let missing = at.run(&["certificates", "missing", "--unit", &unit]);
    assert!(!missing.succeeds().out().contains("seal"));
}

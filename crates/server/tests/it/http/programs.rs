//! Programs at the interface: what pages can do, refused alike and said at its field.

use app::clock::Ids;
use app::people::totp_now;
use axum::http::Method;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, COPIES, Desk};
use crate::support::{Engine, PDF, PDF_BASE64, on_both_engines};

on_both_engines!(
    a_program_withdraws_with_the_signed_request,
    what_is_too_long_is_said_at_its_field,
    no_program_renames_anybody_by_a_card,
);

/// A document, as base64.
pub(super) const REQUEST: &str = PDF_BASE64;

/// A program at the interface, signed in.
pub(super) struct Program {
    pub(super) browser: Browser,
    secret: String,
}

impl Program {
    pub(super) async fn open(desk: &Desk, login: &str) -> Self {
        let mut browser = desk.stranger();
        let who = json!({"login": login, "password": app::demo::PASSWORD});
        let opened = Sent::json(Method::POST, "/api/v1/sessions", &who);
        let mut opened = browser.send(&opened).await;
        if opened.status != 201 {
            // A code holds for thirty seconds and once.
            desk.wait(31.seconds());
            let code = totp_now(&desk.office.app, login).await.unwrap();
            let who = json!({"login": login, "password": app::demo::PASSWORD, "code": code});
            let again = Sent::json(Method::POST, "/api/v1/sessions", &who);
            opened = browser.send(&again).await;
        }
        let secret = opened.is(201).json()["csrf"].as_str().unwrap().to_owned();
        Self { browser, secret }
    }

    pub(super) async fn post(&mut self, path: &str, body: &Value) -> Page {
        let sent = Sent::json(Method::POST, path, body).with("x-csrf-token", &self.secret);
        let sent = sent.with("idempotency-key", &Ids::default().token());
        self.browser.send(&sent).await
    }

    /// Files certified copies with these fields laid over.
    pub(super) async fn file(&mut self, fields: &[(&str, &str)]) -> Page {
        self.file_as("receive", fields).await
    }

    /// The same with another end of the intake; components to ask for may be several.
    pub(super) async fn file_as(&mut self, ending: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = json!({
            "name": "Nguyễn Thị An", "number": "038199000017", "birth": "31/12/1999",
            "address": "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa", "procedure": COPIES, "c1": "paper",
            "pages1": "1",
        });
        let asked = fields.iter().filter(|(name, _)| *name == "ask");
        let asked: Vec<&str> = asked.map(|(_, value)| *value).collect();
        for (name, value) in fields {
            form[*name] = json!(value);
        }
        form["ask"] = json!(asked);
        self.post(
            "/api/v1/dossiers",
            &json!({"ending": ending, "fields": form}),
        )
        .await
    }

    /// Gives a command on the newest version.
    pub(super) async fn give(&mut self, place: &str, command: &str, mut body: Value) -> Page {
        let version = self.browser.get(place).await.is(200).json()["version"].clone();
        body["version"] = version;
        self.post(&format!("{place}/commands/{command}"), &body)
            .await
    }
}

pub(super) const CLERK: &str = "tiepnhan.hacthanh";

pub(super) fn place(filed: &Page) -> String {
    filed.is(201).location().unwrap().to_owned()
}

async fn a_program_withdraws_with_the_signed_request(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut program = Program::open(&desk, CLERK).await;
    let place = place(&program.file(&[]).await);
    let without = program.give(&place, "withdraw", json!({})).await;
    assert!(without.is(422).json()["rule"].is_string());
    let garbled = json!({"request": "không phải base64"});
    program.give(&place, "withdraw", garbled).await.is(400);
    let text = json!({"request": "xJDGoW4="});
    let other = program.give(&place, "withdraw", text).await;
    assert_eq!(other.is(422).json()["faults"][0]["field"], "request");
    let request = json!({"request": REQUEST});
    program.give(&place, "withdraw", request).await.is(200);
    let dossier = program.browser.get(&place).await;
    assert_eq!(dossier.is(200).json()["state"], "withdrawn");
    let id = dossier.json()["dossier"].as_str().unwrap().to_owned();
    let kept = program.browser.get(&format!("/ho-so/{id}/don-rut")).await;
    assert_eq!(kept.is(200).bytes, PDF);
    assert_eq!(kept.headers["content-type"], "application/pdf");
    desk.finish().await;
}

async fn what_is_too_long_is_said_at_its_field(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let place = place(&clerk.file(&[]).await);
    clerk.give(&place, "hand_over", json!({})).await.is(200);
    let mut officer = Program::open(&desk, "chuyenvien.hacthanh").await;
    let long = "ấ".repeat(2_001);
    for (command, field) in [
        ("draft_supplement", "reason"),
        ("draft_result", "summary"),
        ("notice_obligation", "notice"),
    ] {
        let body = json!({"fields": {field: long, "ask": ["1"], "outcome": "granted"}});
        let problem = officer.give(&place, command, body).await;
        let fault = problem.is(422).json()["faults"][0].clone();
        assert_eq!(fault["field"], field);
        let message = fault["message"].as_str().unwrap();
        assert!(message.contains("2000"), "{message}");
    }
    // The page says the same at the field, and loses nothing.
    let id = place.rsplit('/').next().unwrap();
    let action = format!("/ho-so/{id}/draft_result");
    let page = officer.browser.get(&action).await;
    let form = page.form(&action).fill("summary", &long);
    let page = officer.browser.submit(&form).await;
    page.is(422).says("2000");
    assert!(page.text().contains("id=\"summary-e\""));
    assert_eq!(page.form(&action).value("summary"), Some(long.as_str()));
    let fits = json!({"fields": {"summary": "ấ".repeat(2_000)}});
    officer.give(&place, "draft_result", fits).await.is(200);
    desk.finish().await;
}

async fn no_program_renames_anybody_by_a_card(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut program = Program::open(&desk, CLERK).await;
    let filed = place(&program.file(&[]).await);
    let other = [("name", "Trần Văn Bình"), ("card_text", CARD)];
    let problem = program.file(&other).await;
    assert_eq!(problem.is(422).json()["faults"][0]["field"], "number");
    let dossier = program.browser.get(&filed).await;
    assert_eq!(dossier.json()["owner"], "Nguyễn Thị An");
    desk.finish().await;
}

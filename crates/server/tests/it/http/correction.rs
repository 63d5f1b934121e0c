//! A result that was issued in error: the agency corrects it at its own cost, and everybody sees it.

use std::collections::BTreeMap;

use app::processing::{Act, Order};
use axum::http::Method;
use domain::dossier::{CorrectionKind, Filed};
use domain::ids::DossierId;
use domain::office::Role;
use serde_json::json;
use server::demonstration::PIN;

use super::browser::{Page, Sent};
use super::desk::{Desk, HANDED_OUT, Team, give, id_of, receive};
use super::scene::csrf;
use crate::support::{Engine, PDF, actor, key, on_both_engines, pdf_text};

on_both_engines!(
    a_result_issued_in_error_is_replaced,
    a_result_in_error_is_not_handed_out_until_it_is_amended,
    a_correction_that_is_refused_or_withdrawn_leaves_the_result_as_it_was,
    a_correction_outlives_the_version_and_the_agency_of_its_result,
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
    team.settle(&desk, &id).await;
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
    // The apology is printed, and lies with the corrected result to be handed over.
    desk.make_slips().await;
    let letter = format!("/ho-so/{id}/phieu/thu-xin-loi");
    let page = team.clerk.get(&format!("/ho-so/{by}")).await;
    assert!(page.is(200).text().contains(&letter), "{}", page.words());
    let text = pdf_text(&team.clerk.get(&letter).await.is(200).bytes);
    for said in [
        format!("Số: 01/XL-{}", desk.office.ward()),
        code,
        "Bản sao ghi sai số tờ.".to_owned(),
        "Kết quả đã được thay thế bằng văn bản số 02/KQ-".to_owned(),
        "Ủy ban nhân dân phường xin lỗi ông, bà.".to_owned(),
    ] {
        assert!(text.contains(&said), "{said}: {text}");
    }
    let page = team.leader.get(&format!("/ho-so/{id}")).await;
    page.says("Lời xin lỗi: Ủy ban nhân dân phường xin lỗi ông, bà.");
    desk.finish().await;
}

/// Hands a dossier over and decides it; it is sealed and not returned.
async fn settled(desk: &Desk, team: &mut Team) -> String {
    let id = id_of(receive(&mut team.clerk).await.is(200));
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    team.decide(&id).await;
    desk.make_slips().await;
    id
}

/// Whether the clerk is offered to return the result, and what happens when she tries anyway.
pub(super) async fn returns(team: &mut Team, id: &str) -> (bool, Page) {
    let page = team.clerk.get(&format!("/ho-so/{id}")).await;
    let offered = page.is(200).text().contains(&format!("/ho-so/{id}/return"));
    let place = format!("/api/v1/dossiers/{id}");
    let version = team.clerk.get(&place).await.is(200).json()["version"].clone();
    let secret = csrf(&mut team.clerk).await;
    let body = json!({"version": version, "fields": BTreeMap::from(HANDED_OUT)});
    let sent = Sent::json(Method::POST, &format!("{place}/commands/return"), &body);
    let sent = sent.with("x-csrf-token", &secret);
    let sent = sent.with("idempotency-key", &app::clock::Ids::default().token());
    (offered, team.clerk.send(&sent).await)
}

async fn a_result_in_error_is_not_handed_out_until_it_is_amended(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    for (kind, returned) in [("amend", true), ("replace", false), ("withdraw", false)] {
        let id = settled(&desk, &mut team).await;
        let wrong = [("correction", kind), WRONG[1], WRONG[2]];
        let page = give(&mut team.leader, &id, "open_correction", &wrong).await;
        let by = linked(page.is(200));
        let (offered, no) = returns(&mut team, &id).await;
        assert!(!offered, "{kind}: offered under correction");
        assert_eq!(no.is(422).json()["rule"], "DC-01", "{kind}");
        team.decide(&by).await;
        desk.make_slips().await;
        let (offered, done) = returns(&mut team, &id).await;
        assert_eq!(offered, returned, "{kind}");
        if returned {
            done.is(200);
        } else {
            assert_eq!(done.is(422).json()["rule"], "DC-01", "{kind}");
        }
        // Nothing was left for comparison in the dossier of a correction.
        give(&mut team.clerk, &by, "return", &HANDED_OUT[..3])
            .await
            .is(200);
    }
    desk.finish().await;
}

async fn a_correction_that_is_refused_or_withdrawn_leaves_the_result_as_it_was(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = settled(&desk, &mut team).await;
    let page = give(&mut team.leader, &id, "open_correction", &WRONG).await;
    let refused = linked(page.is(200));
    let draft = [
        ("outcome", "refused"),
        ("summary", "Kết quả không có sai sót."),
    ];
    give(&mut team.officer, &refused, "draft_result", &draft)
        .await
        .is(200);
    give(&mut team.officer, &refused, "forward", &[])
        .await
        .is(200);
    give(&mut team.leader, &refused, "sign_result", &[("pin", PIN)])
        .await
        .is(200);
    give(&mut team.seal, &refused, "issue", &[]).await.is(200);
    let page = team.leader.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("kết thúc không đính chính");
    // The link is closed, so another correction may be opened; it is withdrawn.
    let page = give(&mut team.leader, &id, "open_correction", &WRONG).await;
    page.is(200);
    let read = team.leader.get(&format!("/api/v1/dossiers/{id}")).await;
    let read = read.is(200).json();
    let sides = [
        &read["corrections"][0]["side"],
        &read["corrections"][1]["side"],
    ];
    assert_eq!(sides, [&json!("dropped"), &json!("open")]);
    let by = read["corrections"][1]["dossier"]
        .as_str()
        .unwrap()
        .to_owned();
    let request = [("request", PDF)];
    give(&mut team.clerk, &by, "withdraw", &request)
        .await
        .is(200);
    let (offered, done) = returns(&mut team, &id).await;
    assert!(offered, "the result stands as it was issued");
    done.is(200);
    desk.make_slips().await;
    let page = team.clerk.get(&format!("/ho-so/{id}")).await;
    assert!(
        !page.is(200).text().contains("thu-xin-loi"),
        "nothing was wrong"
    );
    desk.finish().await;
}

async fn a_correction_outlives_the_version_and_the_agency_of_its_result(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = settled(&desk, &mut team).await;
    let app = &desk.office.app;
    // The next day the ward is merged into another, and the procedure is withdrawn.
    let (ward, heir) = (desk.office.ward(), desk.office.unit("Phường Nguyệt Viên"));
    let today = app.clock().now();
    let ended = domain::office::Unit {
        valid_to: Some(today.date()),
        successor: Some(heir.clone()),
        ..app.unit(&ward).unwrap()
    };
    let line = store::AuditLine {
        actor: "op".to_owned(),
        action: "unit.ended".to_owned(),
        subject: ward.to_string(),
        purpose: "NQ 1".to_owned(),
        detail: String::new(),
    };
    app.store()
        .save_units(vec![ended], today, line)
        .await
        .unwrap();
    desk.wait(jiff::ToSpan::hours(48));
    app.reload().await.unwrap();
    assert_eq!(app.unit(&ward), None, "it exists no more");
    let leader = actor(Role::Leader, &heir);
    let order = Order::OpenCorrection {
        kind: CorrectionKind::Replace,
        reason: "Sai tên.".to_owned(),
        apology: "Xin lỗi.".to_owned(),
    };
    let dossier = DossierId::parse(&id).unwrap();
    let version = app.store().load(&dossier).await.unwrap().version;
    let key = key();
    let act = Act {
        dossier: dossier.clone(),
        version,
        key,
        order,
    };
    app::processing::act(app, &leader, act).await.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let record = loaded.dossier.record().unwrap();
    let by = &record.course.correction_open().unwrap().by;
    let linked = app.store().load(by).await.unwrap();
    let filed = &linked.dossier.record().unwrap().filed;
    assert_eq!((&filed.receiving, &filed.competent), (&heir, &heir));
    let versions = |filed: &Filed| (filed.procedure_version, filed.process_version);
    assert_eq!(versions(filed), versions(&record.filed));
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
    team.settle(&desk, &id).await;
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

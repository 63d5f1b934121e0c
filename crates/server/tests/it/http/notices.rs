//! Notices through the interface for programs: words are checked and kept, kinds switched, hours set,
//! by the province alone.

use serde_json::json;

use super::desk::Desk;
use super::programs::{CLERK, Program, place};
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    a_program_words_switches_and_sets_hours_for_the_province_alone,
    a_financial_obligation_is_printed_and_its_paper_is_linked,
);

const TEMPLATES: &str = "/api/v1/notice-templates";
const CHECK: &str = "/api/v1/notice-templates/check";
const SWITCH: &str = "/api/v1/notices/switch";
const HOURS: &str = "/api/v1/notices/quiet-hours";

async fn a_program_words_switches_and_sets_hours_for_the_province_alone(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut province = Program::open(&desk, "quantri").await;
    let mut ward = Program::open(&desk, "quantri.hacthanh").await;
    let words = |version: u32, body: &str| {
        json!({"kind": "apology", "channel": "sms", "language": "vi", "version": version,
            "subject": "", "body": body})
    };
    let good = "{don_vi}: ho so {ma_ho_so} hen lai {hen_tra}.";
    let shown = province.post(CHECK, &words(0, good)).await;
    let shown = shown.is(200).json();
    assert_eq!(shown["parts"], 1);
    assert!(
        shown["body"]
            .as_str()
            .unwrap()
            .ends_with("hen lai 17:00 27/11/2026.")
    );
    let bad = province.post(CHECK, &words(0, "{don_vi} {ho_ten}")).await;
    let faults = bad.is(422).json()["faults"].clone();
    assert_eq!(faults.as_array().unwrap().len(), 3, "{faults}");
    let kept = province.post(TEMPLATES, &words(0, good)).await;
    assert_eq!(kept.is(201).json()["version"], 1);
    let stale = province.post(TEMPLATES, &words(0, good)).await;
    assert_eq!(stale.is(422).json()["faults"][0]["field"], "version");
    let list = province.browser.get(TEMPLATES).await;
    let items = list.is(200).json();
    let mut items = items.as_array().unwrap().iter();
    let saved = items.find(|item| item["kind"] == "apology" && item["channel"] == "sms");
    let saved = (&saved.unwrap()["version"], &saved.unwrap()["body"]);
    assert_eq!(saved, (&json!(1), &json!(good)));

    let off = |kind: &str| json!({"kind": kind, "off": true});
    province.post(SWITCH, &off("transferred")).await.is(204);
    let required = province.post(SWITCH, &off("filed")).await;
    let message = required.is(422).json()["faults"][0]["message"].clone();
    assert!(
        message
            .as_str()
            .unwrap()
            .contains("NĐ 224/2026/NĐ-CP, Điều 15"),
        "{message}"
    );
    province.post(SWITCH, &off("nothing")).await.is(404);

    let hours = |from: &str, to: &str| json!({"from": from, "to": to});
    let set = province.post(HOURS, &hours("22:00", "06:30")).await;
    assert_eq!(set.is(200).json(), hours("22:00", "06:30"));
    let day = province.post(HOURS, &hours("00:00", "23:00")).await;
    assert_eq!(day.is(422).json()["faults"][0]["field"], "to");

    ward.post(CHECK, &words(1, good)).await.is(403);
    ward.post(TEMPLATES, &words(1, good)).await.is(403);
    ward.post(SWITCH, &off("withdrawn")).await.is(403);
    ward.post(HOURS, &hours("23:00", "05:00")).await.is(403);
    let read = ward.browser.get(HOURS).await;
    assert_eq!(read.is(200).json(), hours("22:00", "06:30"));
    // The ward sees what was told to its own, and has no form to change anything.
    ward.browser.get("/api/v1/notices").await.is(200);
    let page = ward.browser.get("/thong-bao").await;
    assert!(!page.is(200).text().contains("/thong-bao/bat-tat"));
    desk.finish().await;
}

async fn a_financial_obligation_is_printed_and_its_paper_is_linked(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let place = place(&clerk.file(&[]).await);
    clerk.give(&place, "hand_over", json!({})).await.is(200);
    let mut officer = Program::open(&desk, "chuyenvien.hacthanh").await;
    let fields = |pay_by: &str| json!({"fields": {"notice": "Lệ phí trước bạ", "amount": "150.000", "pay_by": pay_by}});
    let past = officer
        .give(&place, "notice_obligation", fields("01/01/2020"))
        .await;
    assert_eq!(past.is(422).json()["faults"][0]["field"], "pay_by");
    officer
        .give(&place, "notice_obligation", fields("31/12/2099"))
        .await
        .is(200);
    desk.make_slips().await;
    let id = place.rsplit('/').next().unwrap();
    let url = format!("/ho-so/{id}/phieu/nghia-vu");
    let page = clerk.browser.get(&format!("/ho-so/{id}")).await;
    page.is(200)
        .says("Thông báo nghĩa vụ tài chính")
        .says("31/12/2099");
    let links = page.text().matches(&format!("href=\"{url}\"")).count();
    assert_eq!(links, 2, "among the papers, and in the story");
    let paper = clerk.browser.get(&url).await;
    assert!(paper.is(200).bytes.starts_with(b"%PDF-"));
    desk.finish().await;
}

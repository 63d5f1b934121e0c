//! Supplements, lookups, stops, obligations, apologies and lanes as programs order them.

use jiff::ToSpan as _;
use serde_json::{Value, json};

use super::desk::Desk;
use super::programs::{CLERK, Program, REQUEST, place};
use crate::support::{Engine, PDF, on_both_engines};

on_both_engines!(
    a_request_is_drafted_by_one_approved_by_another_and_sent_by_the_centre,
    a_failed_lookup_opens_the_paper_and_is_counted,
    a_lookup_that_failed_at_the_counter_lets_the_paper_be_taken,
    what_a_database_holds_is_taken_by_no_way_to_file,
    before_reception_a_paper_that_is_there_is_asked_for_with_what_is_wrong,
    the_rule_book_is_open_to_programs,
    a_stop_has_its_decision_on_file,
    an_obligation_is_noticed_and_proved,
    an_apology_and_a_lane_have_dates_of_their_own,
);

const OFFICER: &str = "chuyenvien.hacthanh";
const LEADER: &str = "lanhdao.hacthanh";
const DIRECTOR: &str = "giamdoc.hacthanh";
/// Three working days; the population database holds component 4.
const BIRTH: &str = "1.000689";
/// Charged, and in a green lane.
const BUSINESS: &str = "1.001612";

/// A dossier of the procedure that the officer works on; its address.
async fn handed_over(desk: &Desk, procedure: &str) -> String {
    let mut clerk = Program::open(desk, CLERK).await;
    let fields = [
        ("procedure", procedure),
        ("c1", "paper"),
        ("c2", "paper"),
        ("c3", "paper"),
    ];
    let place = place(&clerk.file(&fields).await);
    clerk.give(&place, "hand_over", json!({})).await.is(200);
    place
}

async fn read(program: &mut Program, place: &str) -> Value {
    program.browser.get(place).await.is(200).json()
}

/// Drafted requests that wait for somebody.
async fn waiting(program: &mut Program) -> usize {
    let list = program.browser.get("/api/v1/work?part=review").await;
    list.is(200).json()["items"].as_array().unwrap().len()
}

/// The fields of a draft, and more.
fn asking(more: &Value) -> Value {
    let mut fields = json!({"w3": "Mờ chữ ký", "w1": "Sai tên mẹ", "reason": "Chứng cứ chưa rõ"});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    json!({"fields": fields})
}

async fn a_request_is_drafted_by_one_approved_by_another_and_sent_by_the_centre(engine: Engine) {
    let desk = Desk::open(engine).await;
    let place = handed_over(&desk, BIRTH).await;
    let mut officer = Program::open(&desk, OFFICER).await;
    let held = officer
        .give(&place, "draft_supplement", asking(&json!({"ask": ["4"]})))
        .await;
    assert!(
        held.is(422).json()["rule"].is_string(),
        "a database holds 4"
    );
    officer
        .give(&place, "draft_supplement", asking(&json!({})))
        .await
        .is(200);
    let own = officer.give(&place, "ask_supplement", json!({})).await;
    own.is(403);
    let mut clerk = Program::open(&desk, CLERK).await;
    assert_eq!(waiting(&mut clerk).await, 0, "nothing is approved");
    let mut leader = Program::open(&desk, LEADER).await;
    assert_eq!(waiting(&mut leader).await, 1);
    leader
        .give(&place, "approve_supplement", json!({}))
        .await
        .is(200);
    assert_eq!(waiting(&mut leader).await, 0);
    assert_eq!(waiting(&mut clerk).await, 1);
    let other = json!({"fields": {"ask": ["2"]}});
    let other = clerk.give(&place, "ask_supplement", other).await;
    assert!(other.is(422).json()["rule"].is_string(), "not as drafted");
    let back = json!({"fields": {"reason": "Nêu rõ chứng cứ nào"}});
    clerk.give(&place, "discard_supplement", back).await.is(200);
    officer
        .give(&place, "draft_supplement", asking(&json!({})))
        .await
        .is(200);
    let unapproved = clerk.give(&place, "ask_supplement", json!({})).await;
    assert_eq!(unapproved.is(422).json()["rule"], "BS-05");
    leader
        .give(&place, "approve_supplement", json!({}))
        .await
        .is(200);
    let past = leader.give(&place, "ask_supplement", json!({})).await;
    past.is(403);
    clerk
        .give(&place, "ask_supplement", json!({}))
        .await
        .is(200);
    let there = read(&mut clerk, &place).await;
    assert_eq!(there["state"], "paused");
    assert!(there["answer_by"].is_string());
    assert_eq!(waiting(&mut clerk).await, 0);
    let early = clerk.give(&place, "close_unanswered", json!({})).await;
    assert!(early.is(422).json()["rule"].is_string());
    let came = json!({"fields": {"c1": "paper", "c3": "paper"}});
    clerk.give(&place, "supply", came).await.is(200);
    assert_eq!(read(&mut clerk, &place).await["state"], "processing");
    desk.finish().await;
}

async fn a_failed_lookup_opens_the_paper_and_is_counted(engine: Engine) {
    let desk = Desk::open(engine).await;
    let place = handed_over(&desk, BIRTH).await;
    let mut officer = Program::open(&desk, OFFICER).await;
    let lookup = |component: &str, found: &str| json!({"fields": {"component": component, "found": found, "note": "Lỗi 500"}});
    let paper = officer
        .give(&place, "record_lookup", lookup("1", "failed"))
        .await;
    assert!(
        paper.is(422).json()["rule"].is_string(),
        "no database holds 1"
    );
    let unknown = officer
        .give(&place, "record_lookup", lookup("4", "mai"))
        .await;
    assert_eq!(unknown.is(422).json()["faults"][0]["field"], "found");
    officer
        .give(&place, "record_lookup", lookup("4", "failed"))
        .await
        .is(200);
    let ask = json!({"fields": {"ask": ["4"], "reason": "Không tra được"}});
    officer.give(&place, "draft_supplement", ask).await.is(200);
    officer
        .browser
        .get("/api/v1/statistics/lookups")
        .await
        .is(403);
    let mut director = Program::open(&desk, DIRECTOR).await;
    let counted = director.browser.get("/api/v1/statistics/lookups").await;
    let counted = counted.is(200).json();
    assert_eq!(counted["months"].as_array().unwrap().len(), 1);
    for one in [&counted["months"][0], &counted["clerks"][0]] {
        assert_eq!(one["database"], "population");
        assert_eq!((&one["failed"], &one["wrong"]), (&json!(1), &json!(0)));
    }
    assert_eq!(counted["clerks"][0]["clerk"], "Lê Thị Minh Thu");
    let silent = json!({"fields": {"component": "4", "found": "wrong"}});
    let silent = officer.give(&place, "record_lookup", silent).await;
    assert_eq!(silent.is(422).json()["rule"], "TN-09");
    let page = director.browser.get("/thong-ke/tra-cuu").await;
    page.is(200).says("CSDL dân cư");
    desk.finish().await;
}

async fn a_lookup_that_failed_at_the_counter_lets_the_paper_be_taken(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let papers = [
        ("procedure", BIRTH),
        ("c1", "paper"),
        ("c2", "paper"),
        ("c3", "paper"),
        ("c4", "paper"),
    ];
    let taken = clerk.file(&papers).await;
    assert!(
        taken.is(422).json()["rule"].is_string(),
        "a database holds 4"
    );
    let mut failed: Vec<_> = papers.into_iter().chain([("tc4", "wrong")]).collect();
    let silent = clerk.file(&failed).await;
    assert_eq!(silent.is(422).json()["rule"], "TN-09", "nothing is said");
    failed.push(("tn4", "CSDL ghi sai năm sinh"));
    let place = place(&clerk.file(&failed).await);
    let mut director = Program::open(&desk, DIRECTOR).await;
    let counted = director.browser.get("/api/v1/statistics/lookups").await;
    assert_eq!(counted.json()["months"][0]["wrong"], json!(1));
    assert_eq!(read(&mut clerk, &place).await["state"], "received");
    desk.finish().await;
}

async fn what_a_database_holds_is_taken_by_no_way_to_file(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let papers = [
        ("procedure", BIRTH),
        ("c1", "paper"),
        ("c2", "paper"),
        ("c3", "paper"),
        ("c4", "paper"),
        ("reason", "Xem lại"),
        ("w1", "Sai tên mẹ"),
    ];
    for ending in ["submit", "ask_supplement", "receive"] {
        let taken = clerk.file_as(ending, &papers).await;
        assert_eq!(taken.is(422).json()["rule"], "TN-05", "{ending}");
    }
    desk.finish().await;
}

async fn before_reception_a_paper_that_is_there_is_asked_for_with_what_is_wrong(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let mut papers = vec![
        ("procedure", BIRTH),
        ("c1", "paper"),
        ("c2", "paper"),
        ("ask", "1"),
        ("ask", "3"),
        ("reason", "Tờ khai sai, thiếu giấy chứng sinh"),
    ];
    let silent = clerk.file_as("ask_supplement", &papers).await;
    assert_eq!(silent.is(422).json()["rule"], "BS-03");
    papers.push(("w1", "Sai tên mẹ"));
    let place = place(&clerk.file_as("ask_supplement", &papers).await);
    let there = read(&mut clerk, &place).await;
    assert_eq!(there["state"], "incomplete");
    let id = place.rsplit('/').next().unwrap().to_owned();
    let page = clerk.browser.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("Sai tên mẹ");
    let close = json!({});
    desk.wait(60.days());
    let mut clerk = Program::open(&desk, CLERK).await;
    let list = clerk.browser.get("/api/v1/work?part=unanswered").await;
    assert_eq!(list.is(200).json()["items"][0]["dossier"], id.as_str());
    let page = clerk.browser.get("/viec-cua-toi?phan=unanswered").await;
    page.is(200);
    clerk.give(&place, "close_unanswered", close).await.is(200);
    let list = clerk.browser.get("/api/v1/work?part=unanswered").await;
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 0);
    desk.finish().await;
}

async fn the_rule_book_is_open_to_programs(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut anybody = desk.stranger();
    let book = anybody.get("/api/v1/rules").await.is(200).json();
    let rules = book.as_array().unwrap();
    assert_eq!(rules.len(), domain::rules::Rule::ALL.len());
    let second = rules.iter().find(|rule| rule["id"] == "BS-06").unwrap();
    assert!(second["title"].as_str().unwrap().contains("người duyệt"));
    assert!(second["citations"][0]["text"].is_string());
    let once = rules.iter().find(|rule| rule["id"] == "BS-01").unwrap();
    assert_eq!(once["parameters"][0]["key"], "supplement.most");
    assert_eq!(once["parameters"][0]["applies_by"], "received");
    desk.finish().await;
}

async fn a_stop_has_its_decision_on_file(engine: Engine) {
    let desk = Desk::open(engine).await;
    let place = handed_over(&desk, BUSINESS).await;
    let mut leader = Program::open(&desk, LEADER).await;
    let stop = |document: &str| json!({"fields": {"ground": "decision", "reason": "Không còn đủ điều kiện"}, "document": document});
    let without = leader.give(&place, "stop", stop("")).await;
    assert!(without.is(422).json()["rule"].is_string());
    let text = leader.give(&place, "stop", stop("xJDGoW4=")).await;
    assert_eq!(text.is(422).json()["faults"][0]["field"], "document");
    let mut clerk = Program::open(&desk, CLERK).await;
    clerk.give(&place, "stop", stop(REQUEST)).await.is(403);
    leader.give(&place, "stop", stop(REQUEST)).await.is(200);
    assert_eq!(read(&mut leader, &place).await["state"], "stopped");
    let kept = leader.browser.get(&format!("{place}/documents/stop")).await;
    assert_eq!(kept.is(200).bytes, PDF);
    let none = leader
        .browser
        .get(&format!("{place}/documents/proof"))
        .await;
    none.is(404);
    let id = place.rsplit('/').next().unwrap();
    let page = leader.browser.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("Không hoàn");
    desk.finish().await;
}

async fn an_obligation_is_noticed_and_proved(engine: Engine) {
    let desk = Desk::open(engine).await;
    let place = handed_over(&desk, BUSINESS).await;
    let mut officer = Program::open(&desk, OFFICER).await;
    let notice = |amount: &str| json!({"fields": {"notice": "Lệ phí môn bài", "amount": amount}, "document": REQUEST});
    let without = officer.give(&place, "notice_obligation", notice("")).await;
    assert!(without.is(422).json()["rule"].is_string());
    officer
        .give(&place, "notice_obligation", notice("300.000 đ"))
        .await
        .is(200);
    let due = read(&mut officer, &place).await["due"].clone();
    let unproved = officer.give(&place, "meet_obligation", json!({})).await;
    assert!(unproved.is(422).json()["rule"].is_string());
    desk.wait(48.hours());
    // Nobody stays signed in so long.
    let mut officer = Program::open(&desk, OFFICER).await;
    let proof = json!({"document": REQUEST});
    officer.give(&place, "meet_obligation", proof).await.is(200);
    let after = read(&mut officer, &place).await;
    assert_eq!(after["state"], "processing");
    assert!(after["due"].as_str() > due.as_str(), "the date moved");
    for what in ["obligation", "proof"] {
        let address = format!("{place}/documents/{what}");
        let kept = officer.browser.get(&address).await;
        assert_eq!(kept.is(200).bytes, PDF, "{what}");
    }
    desk.finish().await;
}

async fn an_apology_and_a_lane_have_dates_of_their_own(engine: Engine) {
    let desk = Desk::open(engine).await;
    let place = handed_over(&desk, BUSINESS).await;
    let mut director = Program::open(&desk, DIRECTOR).await;
    let due = read(&mut director, &place).await["due"].clone();
    let lane = |code: &str| json!({"fields": {"lane": code, "ground": "Dự án trọng điểm"}});
    let unknown = director.give(&place, "admit_to_lane", lane("do")).await;
    assert!(unknown.is(422).json()["rule"].is_string());
    director
        .give(&place, "admit_to_lane", lane("kinh-doanh-16h"))
        .await
        .is(200);
    let apologise = |until: &str| json!({"fields": {"reason": "Chờ xác minh", "until": until}});
    let wrong = director.give(&place, "apologise", apologise("mai")).await;
    assert_eq!(wrong.is(422).json()["faults"][0]["field"], "until");
    let early = director
        .give(&place, "apologise", apologise("2026-11-23"))
        .await;
    assert!(early.is(422).json()["rule"].is_string());
    director
        .give(&place, "apologise", apologise("09/12/2026"))
        .await
        .is(200);
    let there = read(&mut director, &place).await;
    assert_eq!(there["apologised"], "2026-12-09T17:00:00+07:00");
    assert_eq!(there["legal_due"], due, "the date of the law stays");
    assert!(there["due"].as_str() < due.as_str(), "the published one");
    let code = there["code"].as_str().unwrap();
    let page = desk.stranger().get(&format!("/tra-cuu/{code}")).await;
    page.is(200).says("xin lỗi vì chậm trả kết quả");
    desk.finish().await;
}

//! Papers of ends without the result that was asked for: numbered, with what is given back; and an
//! apology that somebody signs who stands in.

use app::access::{Actor, StandIn};
use app::processing::{Act, Order};
use domain::ids::{DossierId, StaffId};
use domain::office::Role;
use domain::slip::Form;
use jiff::ToSpan as _;
use jiff::civil::date;
use serde_json::{Value, json};

use super::desk::{COPIES, Desk};
use super::programs::{CLERK, Program, REQUEST, place};
use crate::support::{Engine, actor, key, on_both_engines, pdf_text};

on_both_engines!(
    a_withdrawal_is_answered_with_the_notice_of_form_05,
    a_dossier_closed_unanswered_has_its_notice_too,
    papers_of_a_centre_are_numbered_in_the_order_in_which_they_were_made,
    who_stands_in_signs_an_apology_by_authority,
);

/// Charged 150.000 đ beforehand.
const BUSINESS: &str = "1.001612";

fn id_of(place: &str) -> String {
    place.rsplit('/').next().unwrap().to_owned()
}

/// Files certified copies that end so, without papers; its address.
async fn ends(clerk: &mut Program, ending: &str, reason: &str) -> String {
    let fields: Value = json!({
        "name": "Nguyễn Thị An", "number": "038199000017", "birth": "31/12/1999",
        "address": "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa", "procedure": COPIES, "ask": ["1"],
        "reason": reason,
    });
    let body = json!({"ending": ending, "fields": fields});
    place(&clerk.post("/api/v1/dossiers", &body).await)
}

/// The words of the slip, once it is made.
async fn slip(desk: &Desk, program: &mut Program, (id, form): (&str, Form)) -> String {
    desk.make_slips().await;
    let path = format!("/ho-so/{id}/phieu/{}", form.number());
    let made = program.browser.get(&path).await;
    pdf_text(&made.is(200).bytes)
}

/// The number that a slip bears.
fn number(text: &str) -> &str {
    let after = text.split("Số: ").nth(1).expect(text);
    after.split_whitespace().next().unwrap()
}

async fn a_withdrawal_is_answered_with_the_notice_of_form_05(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let filed = [
        ("procedure", BUSINESS),
        ("c1", "paper"),
        ("c2", "paper"),
        ("c3", "paper"),
    ];
    let place = place(&clerk.file(&filed).await);
    let request = json!({"request": REQUEST});
    clerk.give(&place, "withdraw", request).await.is(200);
    let id = id_of(&place);
    let text = slip(&desk, &mut clerk, (&id, Form::Stop)).await;
    let ward = desk.office.ward();
    assert_eq!(number(&text), format!("01/TB-{ward}"));
    for said in [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "đơn đề nghị rút hồ sơ của Ông (Bà)",
        "Giấy tờ trả lại Ông (Bà):",
        "Phí, lệ phí đã nộp: không hoàn",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // The line of the story leads to the notice.
    let page = clerk.browser.get(&format!("/ho-so/{id}")).await;
    let html = page.is(200).text();
    assert!(html.contains(&format!("href=\"/ho-so/{id}/phieu/05\"")));
    desk.finish().await;
}

async fn a_dossier_closed_unanswered_has_its_notice_too(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let place = ends(&mut clerk, "ask_supplement", "Thiếu bản chính").await;
    desk.wait((24 * 60).hours());
    let mut clerk = Program::open(&desk, CLERK).await;
    clerk
        .give(&place, "close_unanswered", json!({}))
        .await
        .is(200);
    let text = slip(&desk, &mut clerk, (&id_of(&place), Form::Stop)).await;
    for said in [
        "thời hạn bổ sung hồ sơ đã hết",
        "chưa nhận được giấy tờ bổ sung",
        "chưa được tiếp nhận",
        "Không có giấy tờ bản giấy phải trả lại.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    desk.finish().await;
}

async fn papers_of_a_centre_are_numbered_in_the_order_in_which_they_were_made(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let place = ends(&mut clerk, "decline", "Không thuộc thẩm quyền").await;
        let text = slip(&desk, &mut clerk, (&id_of(&place), Form::Refusal)).await;
        numbers.push(number(&text).to_owned());
    }
    assert_eq!(numbers, ["01/TCHS", "02/TCHS"]);
    let place = ends(&mut clerk, "ask_supplement", "Thiếu bản chính").await;
    let text = slip(&desk, &mut clerk, (&id_of(&place), Form::Supplement)).await;
    assert_eq!(number(&text), "01/HDHS");
    desk.finish().await;
}

async fn who_stands_in_signs_an_apology_by_authority(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = Program::open(&desk, CLERK).await;
    let filed = [
        ("procedure", BUSINESS),
        ("c1", "paper"),
        ("c2", "paper"),
        ("c3", "paper"),
    ];
    let place = place(&clerk.file(&filed).await);
    clerk.give(&place, "hand_over", json!({})).await.is(200);
    let id = id_of(&place);
    let ward = desk.office.ward();
    // The director of the centre, in the leader's post alone.
    let stands_in = StandIn {
        unit: ward.clone(),
        role: Role::Leader,
        whom: StaffId::parse("lanhdao-hacthanh").unwrap(),
        name: "Lãnh đạo".to_owned(),
        last: desk.office.app.clock().now().date(),
        signing: true,
    };
    let deputy = Actor {
        staff: StaffId::parse("giamdoc-hacthanh").unwrap(),
        posts: Vec::new(),
        standing: vec![stands_in],
        ..actor(Role::Leader, &ward)
    };
    let dossier = DossierId::parse(&id).unwrap();
    let order = Order::Apologise {
        reason: "Chờ xác minh".to_owned(),
        until: date(2026, 12, 9),
    };
    let version = desk
        .office
        .app
        .store()
        .load(&dossier)
        .await
        .unwrap()
        .version;
    let act = Act {
        dossier,
        version,
        key: key(),
        order,
    };
    app::processing::act(&desk.office.app, &deputy, act)
        .await
        .unwrap();
    let text = slip(&desk, &mut clerk, (&id, Form::Apology)).await;
    assert_eq!(number(&text), format!("01/XL-{ward}"));
    assert!(text.contains("TUQ. CHỦ TỊCH"), "{text}");
    desk.finish().await;
}

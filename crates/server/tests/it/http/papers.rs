//! Papers about many dossiers: slips printed together, lists of hand-over, the register.

use app::clock::Ids;
use axum::http::Method;
use domain::ids::DossierId;
use serde_json::json;

use super::browser::{Browser, Page, Sent};
use super::desk::{Desk, HANDED_OUT, give, id_of, receive};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines, pdf_text};

on_both_engines!(
    slips_chosen_on_a_list_come_as_one_print,
    results_and_their_receipts_go_from_hand_to_hand,
);

async fn a_book_is_read(clerk: &mut Browser, stranger: &mut Browser, page: &Page) {
    let book = clerk.get("/api/v1/register").await;
    let book = book.is(200).json();
    assert_eq!(book["entries"][1]["number"], 2);
    let unit = book["unit"].as_str().unwrap().to_owned();
    let volume = clerk.get(&format!("/so-theo-doi/{unit}/2026/1")).await;
    let text = pdf_text(&volume.is(200).bytes);
    for said in ["SỔ THEO DÕI HỒ SƠ", "Năm 2026, quyển số 01", "Mẫu số 07"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    clerk
        .get(&format!("/so-theo-doi/{unit}/2026/2"))
        .await
        .is(404);
    let path = format!("/so-theo-doi/{unit}/2026/1");
    stranger.get(&path).await.is(404);
    let found = page
        .form("/so-theo-doi")
        .fill("q", "Nguyễn Thị")
        .press("action", "tim");
    clerk.submit(&found).await.is(200).says("Nguyễn Thị An");
}

async fn slips_chosen_on_a_list_come_as_one_print(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let ids = [
        id_of(&receive(&mut clerk).await),
        id_of(&receive(&mut clerk).await),
    ];
    let secret = csrf(&mut clerk).await;
    let print = |paper: &str| {
        let body = json!({"paper": paper, "dossiers": ids});
        Sent::json(Method::POST, "/api/v1/prints", &body)
            .with("idempotency-key", &Ids::default().token())
            .with("x-csrf-token", &secret)
    };
    clerk.send(&print("01")).await.is(422);
    desk.make_slips().await;
    let day = "/so-theo-doi?ngay=2026-11-23";
    let page = clerk.get(day).await;
    page.is(200).says("Sổ theo dõi hồ sơ năm 2026");
    // Everything of the day is chosen: one press prints it.
    let form = page.form("/in-phieu").press("giay", "01");
    let printed = clerk.submit(&form).await;
    let text = pdf_text(&printed.is(200).bytes);
    assert_eq!(text.matches("GIẤY TIẾP NHẬN HỒ SƠ").count(), 2, "{text}");
    let twin = clerk.send(&print("01")).await;
    assert_eq!(twin.is(200).headers["content-type"], "application/pdf");
    for id in &ids {
        let id = DossierId::parse(id).unwrap();
        let slips = desk.office.app.store().slips(&id).await.unwrap();
        assert_eq!(slips[0].copies, 2, "each print is counted");
    }
    let list = pdf_text(&clerk.send(&print("dossiers")).await.is(200).bytes);
    assert!(list.contains("PHIẾU BÀN GIAO HỒ SƠ"), "{list}");
    clerk.send(&print("results")).await.is(422);
    clerk.send(&print("to_post")).await.is(422);
    clerk.send(&print("07")).await.is(404);
    let stranger = desk.person("tiepnhan.nguyetvien").await;
    let mut stranger = stranger;
    let secret = csrf(&mut stranger).await;
    let body = json!({"paper": "01", "dossiers": ids});
    let foreign = Sent::json(Method::POST, "/api/v1/prints", &body)
        .with("idempotency-key", &Ids::default().token())
        .with("x-csrf-token", &secret);
    stranger.send(&foreign).await.is(404);

    a_book_is_read(&mut clerk, &mut stranger, &page).await;
    desk.finish().await;
}

async fn results_and_their_receipts_go_from_hand_to_hand(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = id_of(&receive(&mut team.clerk).await);
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    team.decide(&id).await;
    let way = team.clerk.get(&format!("/ho-so/{id}/qua-trinh")).await;
    let text = pdf_text(&way.is(200).bytes);
    for said in ["QUÁ TRÌNH XỬ LÝ HỒ SƠ", "Đã chuyển giải quyết"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let secret = csrf(&mut team.clerk).await;
    let body = json!({"paper": "results", "dossiers": [id]});
    let print = Sent::json(Method::POST, "/api/v1/prints", &body)
        .with("idempotency-key", &Ids::default().token())
        .with("x-csrf-token", &secret);
    let list = pdf_text(&team.clerk.send(&print).await.is(200).bytes);
    for said in ["PHIẾU BÀN GIAO KẾT QUẢ", "01/KQ-", "Nguyễn Thị An"] {
        assert!(list.contains(said), "{said} is not in {list}");
    }
    desk.make_slips().await;
    give(&mut team.clerk, &id, "return", &HANDED_OUT)
        .await
        .is(200);
    desk.make_slips().await;
    let page = team.clerk.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("Biên nhận trả kết quả");
    let slip = team
        .clerk
        .get(&format!("/ho-so/{id}/phieu/bien-nhan"))
        .await;
    let text = pdf_text(&slip.is(200).bytes);
    for said in [
        "GIẤY BIÊN NHẬN TRẢ KẾT QUẢ",
        "Trực tiếp, người nộp hồ sơ",
        "01/KQ-",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    // The control slip that was made when the result was issued shows the whole way.
    let control = team.clerk.get(&format!("/ho-so/{id}/phieu/06")).await;
    let text = pdf_text(&control.is(200).bytes);
    assert!(text.contains("Kết quả số 01/KQ-"), "{text}");
    desk.finish().await;
}

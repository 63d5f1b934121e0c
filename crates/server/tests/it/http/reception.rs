//! The main job: a card is scanned, and in the end the result is in the applicant's hands.

use domain::ids::DossierId;

use super::correction::returns;
use super::desk::{Desk, HANDED_OUT, give, id_of, receive};
use crate::support::{Engine, on_both_engines, pdf_lines};

on_both_engines!(a_scanned_card_becomes_a_returned_result,);

async fn a_scanned_card_becomes_a_returned_result(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = receive(&mut clerk).await;
    page.says("H56").says("Nguyễn Thị An");
    let id = id_of(&page);
    let waiting = clerk.get(&format!("/ho-so/{id}/phieu/01")).await;
    waiting.is(202);
    desk.make_slips().await;
    // Printing is a button of its own, which counts; looking at the slip does not.
    let print = page.form(&format!("/ho-so/{id}/phieu/01/in"));
    for _ in 0..2 {
        let printed = clerk.submit(&print).await;
        assert!(printed.is(200).bytes.starts_with(b"%PDF-"));
    }
    assert_eq!(copies(&desk, &id).await, 2);
    let mut team = desk.team().await;
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    team.decide(&id).await;
    // Number and day come with the seal of the agency, before which nobody gets the result.
    let paths = [
        format!("/ho-so/{id}/ket-qua"),
        format!("/api/v1/dossiers/{id}/result"),
    ];
    for path in &paths {
        clerk.get(path).await.is(202);
    }
    clerk.get(&format!("/ho-so/{id}")).await.says("đang lập");
    let (offered, early) = returns(&mut team, &id).await;
    assert!(!offered, "nobody gets what bears no seal");
    assert_eq!(early.is(422).json()["rule"], "KQ-05");
    desk.make_slips().await;
    give(&mut team.clerk, &id, "return", &HANDED_OUT)
        .await
        .is(200);
    desk.make_slips().await;
    for form in ["01", "06"] {
        let slip = clerk.get(&format!("/ho-so/{id}/phieu/{form}")).await;
        assert!(slip.is(200).bytes.starts_with(b"%PDF-"), "slip {form}");
        assert_eq!(slip.headers["content-type"], "application/pdf");
    }
    for path in &paths {
        let result = clerk.get(path).await;
        assert_eq!(result.is(200).headers["content-type"], "application/pdf");
        let text = pdf_lines(&result.bytes);
        for said in ["Số: 01/KQ-", "ngày 23 tháng 11 năm 2026", "CHỦ TỊCH"] {
            assert!(text.contains(said), "{path} lacks {said:?}: {text}");
        }
    }
    let page = clerk.get(&format!("/ho-so/{id}")).await;
    page.is(200).says("Đã trả");
    assert!(!page.words().contains("đang lập"));
    desk.finish().await;
}

/// How often the first slip was printed.
async fn copies(desk: &Desk, id: &str) -> u32 {
    let id = DossierId::parse(id).unwrap();
    let slips = desk.office.app.store().slips(&id).await.unwrap();
    slips[0].copies
}

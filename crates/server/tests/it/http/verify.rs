//! Anybody verifies a paper by the code on it, and compares a file with the one that was issued;
//! signatures of what comes from outside are judged, and hostile files are not taken.

use app::verification::{PaperKind, address};
use axum::http::Method;
use domain::ids::DossierId;
use domain::slip::Form;
use serde_json::json;

use super::browser::{Browser, Page, Sent};
use super::desk::{Desk, give, id_of, order, receive};
use super::scene::csrf;
use crate::support::{Engine, PDF, on_both_engines};

on_both_engines!(
    a_citizen_verifies_a_result_and_compares_files,
    papers_that_no_longer_hold_or_were_never_issued_say_so,
    no_wrong_token_is_told_from_another,
    signatures_of_what_comes_from_outside_are_judged_and_hostile_files_refused,
);

/// The local address of a paper's verification.
fn place(desk: &Desk, id: &str, kind: PaperKind) -> String {
    let app = &desk.office.app;
    let whole = address(app, &DossierId::parse(id).unwrap(), kind);
    let local = whole.strip_prefix(app.public_address()).unwrap();
    local.to_owned()
}

async fn drop(browser: &mut Browser, place: &str, content: &[u8]) -> Page {
    let form = browser.get(place).await.form(place);
    assert!(form.multipart);
    let file = (!content.is_empty()).then_some(("tep", content));
    browser.send(&Sent::form(&form, file)).await
}

async fn a_citizen_verifies_a_result_and_compares_files(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = id_of(receive(&mut team.clerk).await.is(200));
    team.settle(&desk, &id).await;
    let mut citizen = desk.stranger();
    let result = place(&desk, &id, PaperKind::Result);
    let page = citizen.get(&result).await;
    page.is(200).says("Giấy tờ do cơ quan phát hành");
    page.says("Kết quả giải quyết thủ tục hành chính");
    page.says("Ủy ban nhân dân phường Hạc Thành")
        .says("23/11/2026");
    page.says("chưa kiểm tra được việc thu hồi");
    page.says("nội dung nguyên vẹn, sau đó chỉ điền ô trống hoặc ký thêm");
    page.says("tệp nguyên vẹn từ khi ký");
    for secret in ["Nguyễn Thị An", "038199000017", "Đồng ý", "Chứng thực"] {
        assert!(!page.text().contains(secret), "it says {secret}");
    }
    let english = citizen.get(&format!("{result}?ngon-ngu=en")).await;
    english.is(200).says("Issued by the agency");
    citizen.get(&format!("{result}?ngon-ngu=vi")).await.is(200);

    let official = team.clerk.get(&format!("/ho-so/{id}/ket-qua")).await;
    let official = official.is(200).bytes.to_vec();
    let read = desk.office.written().await;
    let page = drop(&mut citizen, &result, &official).await;
    page.is(200).says("Đúng tệp đã phát hành");
    let mut changed = official.clone();
    let at = changed.windows(9).position(|nine| nine == b"/MediaBox");
    changed[at.unwrap() + 12] ^= 1;
    let page = drop(&mut citizen, &result, &changed).await;
    page.is(200).says("Tệp đã bị sửa sau khi ký hoặc phát hành");
    page.says("tệp bị sửa sau chữ ký này");
    let continued = [official.as_slice(), b"\n% and more\n"].concat();
    let page = drop(&mut citizen, &result, &continued).await;
    page.is(200).says("Tệp đã bị sửa sau khi ký hoặc phát hành");
    let page = drop(&mut citizen, &result, PDF.as_bytes()).await;
    page.is(200).says("Tệp khác, không phải tệp đã phát hành");
    drop(&mut citizen, &result, b"")
        .await
        .is(422)
        .says("Chọn tệp cần so");
    let large = [PDF.as_bytes(), &vec![0; 20 << 20]].concat();
    let page = drop(&mut citizen, &result, &large).await;
    page.is(422).says("Chọn tệp không quá 20 MB");
    assert_eq!(desk.office.written().await, read, "nothing is kept");

    let receipt = place(&desk, &id, PaperKind::Form(Form::Receipt));
    let page = citizen.get(&receipt).await;
    page.is(200).says("Giấy tiếp nhận hồ sơ và hẹn trả kết quả");
    page.says("Trung tâm Phục vụ hành chính công phường Hạc Thành");
    let slip = team.clerk.get(&format!("/ho-so/{id}/phieu/01")).await;
    let page = drop(&mut citizen, &receipt, &slip.is(200).bytes).await;
    page.is(200).says("Đúng tệp đã phát hành");
    desk.finish().await;
}

async fn papers_that_no_longer_hold_or_were_never_issued_say_so(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = id_of(receive(&mut team.clerk).await.is(200));
    let mut citizen = desk.stranger();
    let result = place(&desk, &id, PaperKind::Result);
    citizen
        .get(&result)
        .await
        .is(200)
        .says("Chưa phát hành giấy tờ này");
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    team.decide(&id).await;
    citizen
        .get(&result)
        .await
        .is(200)
        .says("Đã có số, đang đóng dấu");
    desk.make_slips().await;
    let page = citizen.get(&result).await;
    page.is(200).says("Giấy tờ do cơ quan phát hành");
    let wrong = [
        ("correction", "replace"),
        ("reason", "Bản sao ghi sai số tờ."),
        ("apology", "Ủy ban nhân dân phường xin lỗi ông, bà."),
    ];
    let page = give(&mut team.leader, &id, "open_correction", &wrong).await;
    let by = super::correction::linked(&page);
    let page = citizen.get(&result).await;
    page.is(200).says("Cơ quan đang xem lại kết quả này");
    team.decide(&by).await;
    desk.make_slips().await;
    let page = citizen.get(&result).await;
    page.is(200).says("Đã được thay bằng bản mới");
    let newer = place(&desk, &by, PaperKind::Result);
    citizen
        .get(&newer)
        .await
        .is(200)
        .says("Giấy tờ do cơ quan phát hành");
    desk.finish().await;
}

async fn no_wrong_token_is_told_from_another(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = id_of(receive(&mut team.clerk).await.is(200));
    let mut citizen = desk.stranger();
    let right = place(&desk, &id, PaperKind::Form(Form::Receipt));
    citizen.get(&right).await.is(200);
    let other = if right.ends_with('A') { "B" } else { "A" };
    let near = format!("{}{other}", &right[..right.len() - 1]);
    let nobody = place(&desk, "0123456789abcdef0123456789abcdef", PaperKind::Result);
    citizen.get(&nobody).await.is(200).says("Chưa phát hành");
    let page = citizen.get("/xac-thuc/x").await;
    page.is(404).says("Không xác thực được");
    let said = page.text().replace("/xac-thuc/x", "");
    for wrong in [
        near,
        format!("/xac-thuc/{id}"),
        format!("/xac-thuc/{}", "A".repeat(36)),
    ] {
        let page = citizen.get(&wrong).await;
        assert_eq!(page.is(404).text().replace(&wrong, ""), said, "{wrong}");
        let form = citizen.get(&right).await.form(&right);
        let mut sent = Sent::form(&form, Some(("tep", PDF.as_bytes())));
        sent.path.clone_from(&wrong);
        citizen
            .send(&sent)
            .await
            .is(404)
            .says("Không xác thực được");
    }
    desk.finish().await;
}

async fn signatures_of_what_comes_from_outside_are_judged_and_hostile_files_refused(
    engine: Engine,
) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let signed = id_of(receive(&mut team.clerk).await.is(200));
    team.settle(&desk, &signed).await;
    let official = team.clerk.get(&format!("/ho-so/{signed}/ket-qua")).await;
    let official = official.is(200).bytes.to_vec();

    let id = id_of(receive(&mut team.clerk).await.is(200));
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    let hostile = PDF.replace(
        "/Pages 2 0 R",
        "/OpenAction<</S/JavaScript/JS(1)>>/Pages 2 0 R",
    );
    let mut sent = order(&mut team.clerk, &id, "withdraw", &[("request", &hostile)]).await;
    let page = team.clerk.send(&sent).await;
    assert_eq!(page.status, 422, "{}", page.words());
    page.says("Tệp PDF");
    assert!(!page.text().contains("pdf.refused"), "{}", page.words());
    sent = order(&mut team.clerk, &id, "withdraw", &[]).await;
    let form = team.clerk.get(&format!("/ho-so/{id}/withdraw")).await;
    let form = form.form(&sent.path);
    let page = team
        .clerk
        .follow(&Sent::form(&form, Some(("request", &official))))
        .await;
    page.is(200).says("Kiểm tra lại chữ ký số");
    page.says("tệp nguyên vẹn từ khi ký");

    let place = format!("/api/v1/dossiers/{id}");
    let read = team.clerk.get(&place).await.is(200).json();
    let file = &read["signatures"][0];
    assert_eq!(file["verdict"], "signature.revocation-unknown", "{file}");
    assert_eq!(file["signatures"].as_array().unwrap().len(), 2, "{file}");
    assert_eq!(file["signatures"][1]["root"], "other");
    assert_eq!(file["signatures"][1]["since"], "signature.since.nothing");
    let secret = csrf(&mut team.clerk).await;
    let again = Sent::json(Method::POST, &format!("{place}/signatures"), &json!({}));
    let again = again.with("x-csrf-token", &secret);
    let found = team.clerk.send(&again).await.is(200).json();
    assert_eq!(found[0]["verdict"], file["verdict"], "{found}");
    let form = format!("/ho-so/{id}/kiem-tra-chu-ky");
    let page = team.clerk.get(&format!("/ho-so/{id}")).await.form(&form);
    team.clerk.submit(&page).await.is(200);
    desk.finish().await;
}

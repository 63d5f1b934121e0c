//! What the law forbids, what was mistyped, and what somebody else did first: said at its place,
//! with nothing lost.

use super::browser::Sent;
use super::desk::{CARD, COPIES, Desk, give, id_of, order, receive};
use crate::support::{Engine, PDF, on_both_engines};

on_both_engines!(
    missing_papers_are_refused_by_rule_and_asked_for,
    a_second_request_for_supplements_is_refused,
    what_is_mistyped_is_said_at_its_field_and_kept,
    the_slower_of_two_people_learns_who_was_faster,
    a_form_that_came_too_late_is_given_back_whole,
    what_is_refused_leaves_no_file,
    signing_in_says_no_in_the_same_words_and_locks,
);

async fn missing_papers_are_refused_by_rule_and_asked_for(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tiep-nhan").await;
    let form = page
        .form("/tiep-nhan")
        .fill("card", CARD)
        .fill("procedure", COPIES);
    let page = clerk.submit(&form.press("action", "quet-the")).await;
    let form = page.form("/tiep-nhan").fill("phone", "0912 345 678");
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    page.is(422).says("TN-03").says("NĐ 118/2025/NĐ-CP");
    let form = page.form("/tiep-nhan");
    assert_eq!(form.value("phone"), Some("0912 345 678"));
    assert_eq!(form.value("number"), Some("038199000017"));
    // The page opens the way out: what is missing is ticked, the reason is to be typed.
    assert!(form.value("ask").is_some());
    let form = form.fill("reason", "Chưa có bản chính để đối chiếu.");
    let page = clerk.submit(&form.press("action", "bo-sung")).await;
    page.is(200)
        .says("Đã lập phiếu yêu cầu bổ sung")
        .says("Chưa cấp số");
    let id = id_of(&page);
    desk.make_slips().await;
    let slip = clerk.get(&format!("/ho-so/{id}/phieu/02")).await;
    assert!(slip.is(200).bytes.starts_with(b"%PDF-"));
    let page = give(&mut clerk, &id, "supply", &[]).await;
    page.is(422).says("BS-03");
    let supplied = page
        .form(&format!("/ho-so/{id}/supply"))
        .fill("c1", "paper");
    clerk.submit(&supplied).await.is(200);
    give(&mut clerk, &id, "accept", &[])
        .await
        .is(200)
        .says("0001");
    desk.finish().await;
}

async fn a_second_request_for_supplements_is_refused(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let ask = [
        ("w1", "Trang 2 mờ."),
        ("reason", "Bản chính mờ, không đọc được."),
    ];
    give(&mut officer, &id, "draft_supplement", &ask)
        .await
        .is(200);
    let mut leader = desk.leader().await;
    give(&mut leader, &id, "approve_supplement", &[])
        .await
        .is(200);
    give(&mut clerk, &id, "ask_supplement", &[]).await.is(200);
    give(&mut clerk, &id, "supply", &[("c1", "paper")])
        .await
        .is(200);
    let again = give(&mut officer, &id, "draft_supplement", &ask).await;
    again.is(422).says("BS-01").says("NĐ 118/2025/NĐ-CP");
    let form = again.form(&format!("/ho-so/{id}/draft_supplement"));
    assert_eq!(form.value("reason"), Some("Bản chính mờ, không đọc được."));
    assert_eq!(form.value("w1"), Some("Trang 2 mờ."));
    desk.finish().await;
}

async fn what_is_mistyped_is_said_at_its_field_and_kept(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tiep-nhan").await;
    let typed = [
        ("name", "Nguyễn Thị An"),
        ("number", "03819900001"),
        ("birth", "30/02/1999"),
        ("phone", "12"),
        ("procedure", COPIES),
    ];
    let form = page.form("/tiep-nhan");
    let form = typed
        .iter()
        .fold(form, |form, (name, value)| form.fill(name, value));
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    page.is(422);
    for (name, value) in typed {
        let kept = page.form("/tiep-nhan");
        let kept = kept.value(name).unwrap_or_default();
        assert!(kept.starts_with(value), "{name} became {kept}");
    }
    for name in ["number", "birth", "phone"] {
        assert!(
            page.text().contains(&format!("id=\"{name}-e\"")),
            "{name} has no fault"
        );
    }
    let garbled = page.form("/tiep-nhan").fill("card", "0381|99");
    let page = clerk.submit(&garbled.press("action", "quet-the")).await;
    page.is(422);
    assert_eq!(page.form("/tiep-nhan").value("card"), Some("0381|99"));
    desk.finish().await;
}

async fn the_slower_of_two_people_learns_who_was_faster(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let mut director = desk.person("giamdoc.hacthanh").await;
    let id = id_of(&receive(&mut clerk).await);
    let slower = order(&mut director, &id, "hand_over", &[]).await;
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let page = director.send(&slower).await;
    page.is(409)
        .says("Hồ sơ vừa có thay đổi")
        .says("Hoàng Thị Ngân");
    assert!(page.offers(&format!("/ho-so/{id}")));
    desk.finish().await;
}

/// What was typed into a form that can no longer be sent is on the page, field by field.
async fn a_form_that_came_too_late_is_given_back_whole(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let typed = [
        ("w1", "Tờ khai ghi sai tên mẹ"),
        ("reason", "Cần sửa tờ khai"),
    ];
    let slower = order(&mut officer, &id, "draft_supplement", &typed).await;
    let request = [("request", PDF)];
    give(&mut clerk, &id, "withdraw", &request).await.is(200);
    let page = officer.send(&slower).await;
    page.is(409).says("Hồ sơ vừa có thay đổi");
    for (_, words) in typed {
        page.says(words);
    }
    desk.finish().await;
}

/// A refused order leaves no file behind: it is judged before anything is put on file or printed.
async fn what_is_refused_leaves_no_file(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let files = desk.office.files();
    let action = format!("/ho-so/{id}/notice_obligation");
    let form = officer.get(&action).await.form(&action);
    let sent = Sent::form(&form, Some(("document", PDF.as_bytes())));
    officer.send(&sent).await.is(422);
    assert_eq!(
        desk.office.files(),
        files,
        "a notice without words is refused"
    );
    let form = form.fill("notice", "Nộp lệ phí.").fill("amount", "300.000");
    let sent = Sent::form(&form, Some(("document", PDF.as_bytes())));
    officer.send(&sent).await.is(303);
    assert!(desk.office.files() > files);
    desk.finish().await;
}

async fn signing_in_says_no_in_the_same_words_and_locks(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut browser = desk.stranger();
    for (login, password) in [
        ("tiepnhan.hacthanh", "sai"),
        ("khong.co", app::demo::PASSWORD),
    ] {
        let form = browser.get("/dang-nhap").await.form("/dang-nhap");
        let page = browser
            .submit(&form.fill("login", login).fill("password", password))
            .await;
        page.is(422)
            .says("Kiểm tra lại tên đăng nhập, mật khẩu và mã xác thực");
        assert_eq!(page.form("/dang-nhap").value("login"), Some(login));
        assert_eq!(page.form("/dang-nhap").value("password"), Some(""));
    }
    let wrong = browser.get("/dang-nhap").await.form("/dang-nhap");
    let wrong = wrong
        .fill("login", "tiepnhan.hacthanh")
        .fill("password", "sai");
    for _ in 0..4 {
        browser.submit(&wrong).await.is(422);
    }
    let right = wrong.clone().fill("password", app::demo::PASSWORD);
    browser.submit(&right).await.is(422).says("tạm khóa");
    desk.wait(jiff::ToSpan::minutes(16));
    browser.submit(&right).await.is(200);
    // Signed out means signed out: the old cookie opens nothing.
    let mut copy = browser.clone();
    let page = browser.get("/tiep-nhan").await;
    browser.submit(&page.form("/dang-xuat")).await.is(200);
    let refused = copy.send(&Sent::get("/tiep-nhan")).await;
    assert_eq!(refused.location(), Some("/dang-nhap?tiep=%2Ftiep-nhan"));
    desk.finish().await;
}

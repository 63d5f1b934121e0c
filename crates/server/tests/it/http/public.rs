//! What everybody may see: progress by number, in two languages, and nothing of any person.

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, COPIES, Desk, give, id_of};
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    tracking_shows_progress_and_no_person,
    the_desk_and_the_public_pages_speak_english,
    anybody_reads_what_is_not_served_by_post,
);

/// Whatever belongs to the applicant or names who works.
const PERSONAL: [&str; 10] = [
    "Nguyễn Thị An",
    "038199000017",
    "0017",
    "0912345678",
    "0912 345 678",
    "an@vidu.vn",
    "Thôn 1",
    "31/12/1999",
    "Hoàng Thị Ngân",
    "Lê Thị Minh Thu",
];

fn shows_nobody(page: &Page) {
    let everything = format!("{}{:?}", page.text(), page.headers);
    for personal in PERSONAL {
        assert!(
            !everything.contains(personal),
            "{} shows {personal}",
            page.path
        );
    }
}

/// Receives with every contact that the form takes; gives the dossier's id and number.
async fn receive(desk: &Desk, clerk: &mut Browser) -> (String, String) {
    let page = clerk.get("/tiep-nhan").await;
    let form = page
        .form("/tiep-nhan")
        .fill("card", CARD)
        .fill("procedure", COPIES);
    let page = clerk.submit(&form.press("action", "quet-the")).await;
    let page = clerk
        .submit(&page.form("/tiep-nhan").press("action", "du"))
        .await;
    let form = page.form("/tiep-nhan");
    let form = form
        .fill("phone", "0912 345 678")
        .fill("email", "an@vidu.vn")
        .fill("pages1", "1");
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    let id = id_of(page.is(200));
    let known = domain::ids::DossierId::parse(&id).unwrap();
    let loaded = desk.office.app.store().load(&known).await.unwrap();
    let code = loaded.dossier.record().unwrap().code.clone().unwrap();
    (id, code.to_string())
}

async fn tracking_shows_progress_and_no_person(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let (id, code) = receive(&desk, &mut clerk).await;
    let mut citizen = desk.stranger();
    let tracked = format!("/tra-cuu/{code}");
    let form = citizen.get("/tra-cuu").await.form("/tra-cuu");
    assert!(form.value("ma").is_some());
    let typed = format!("/tra-cuu?ma={}", code.to_lowercase());
    let page = citizen.get(&typed).await;
    assert_eq!(page.path, tracked);
    page.is(200).says("Đã tiếp nhận, đúng tiến độ");
    shows_nobody(&page);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let ask = [
        ("w1", "Nguyễn Thị An ghi sai năm sinh."),
        ("reason", "Nguyễn Thị An chưa nộp bản chính."),
    ];
    give(&mut officer, &id, "draft_supplement", &ask)
        .await
        .is(200);
    let mut leader = desk.leader().await;
    give(&mut leader, &id, "approve_supplement", &[])
        .await
        .is(200);
    give(&mut clerk, &id, "ask_supplement", &[]).await.is(200);
    let page = citizen.get(&tracked).await;
    shows_nobody(page.says("Chờ ông (bà) bổ sung giấy tờ"));
    give(&mut clerk, &id, "supply", &[("c1", "paper")])
        .await
        .is(200);
    let page = citizen.get(&tracked).await;
    shows_nobody(page.says("Đang giải quyết, đúng tiến độ"));
    desk.wait(jiff::ToSpan::days(3));
    let page = citizen.get(&tracked).await;
    shows_nobody(page.says("Hồ sơ đã quá ngày hẹn"));
    citizen
        .get("/tra-cuu/H56.14-261123-9999")
        .await
        .is(404)
        .says("Chưa tìm thấy hồ sơ");
    citizen
        .get("/tra-cuu/abc")
        .await
        .is(404)
        .says("Nhập đủ mã hồ sơ");
    // A number is all that the public has: a dossier's own address leads to the sign-in.
    let page = citizen.send(&Sent::get(&format!("/ho-so/{id}"))).await;
    assert!(page.is(303).location().unwrap().starts_with("/dang-nhap"));
    desk.finish().await;
}

async fn the_desk_and_the_public_pages_speak_english(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let (id, code) = receive(&desk, &mut clerk).await;
    let page = clerk.get(&format!("/ho-so/{id}")).await;
    assert!(page.text().contains("<html lang=\"vi\""));
    let page = clerk.submit(&page.form("/ngon-ngu")).await;
    assert_eq!(page.path, format!("/ho-so/{id}"));
    assert!(page.is(200).text().contains("<html lang=\"en\""));
    page.says("Sign out");
    clerk.get("/tiep-nhan").await.says("Reception");
    desk.team().await.settle(&desk, &id).await;
    clerk
        .get(&format!("/ho-so/{id}"))
        .await
        .says("Result returned");
    let mut citizen = desk.stranger();
    let page = citizen.get(&format!("/tra-cuu/{code}?ngon-ngu=en")).await;
    page.is(200).says("The result was returned");
    shows_nobody(&page);
    // Remembered by a cookie, until the other language is asked for.
    citizen.get("/tra-cuu").await.says("Track a dossier");
    citizen
        .get("/tra-cuu?ngon-ngu=vi")
        .await
        .says("Tra cứu hồ sơ");
    desk.finish().await;
}

async fn anybody_reads_what_is_not_served_by_post(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut citizen = desk.stranger();
    let page = citizen.get("/khong-qua-buu-chinh").await;
    page.is(200).says("2.000815").says("QĐ 45/2016/QĐ-TTg");
    assert!(!page.words().contains("1.013313"), "{}", page.words());
    let read = citizen
        .get("/api/v1/procedures/not-by-post?q=2.000815")
        .await;
    let listed = read.is(200).json();
    assert_eq!(listed[0]["code"], "2.000815");
    // Figures are not public.
    citizen.get("/api/v1/statistics/dossiers").await.is(401);
    desk.finish().await;
}

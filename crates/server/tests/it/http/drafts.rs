//! What is typed is on the server before anything is asked of it.

use axum::http::Method;
use axum::http::header::ACCEPT;

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, COPIES, Desk, give, id_of, receive};
use super::html::elements;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    a_draft_saves_itself_and_is_resumed_at_another_counter,
    an_ended_session_keeps_the_draft,
    a_save_that_comes_late_takes_no_scan_away,
    an_intake_is_put_aside_and_thrown_away,
    words_for_an_act_survive_the_browser_until_the_act_is_done,
);

/// Where the page's script saves its form.
fn saver(page: &Page) -> (String, String) {
    let elements = elements(&page.text());
    let found = elements.iter().find_map(|element| {
        let address = element.attribute("data-draft")?;
        Some((
            address.to_owned(),
            element.attribute("data-draft-id")?.to_owned(),
        ))
    });
    found.expect("the form says where it is saved")
}

/// What the script sends while somebody types.
fn typing(page: &Page) -> Sent {
    let form = page.form("/tiep-nhan");
    let form = form.fill("name", "Nguyễn Thị An").fill("procedure", COPIES);
    let (address, _) = saver(page);
    let sent = Sent::form(&form, None).with(ACCEPT.as_str(), "application/json");
    Sent {
        path: address,
        ..sent
    }
}

async fn a_draft_saves_itself_and_is_resumed_at_another_counter(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tiep-nhan").await;
    let (address, id) = saver(&page);
    let saved = clerk.send(&typing(&page)).await;
    assert!(
        saved.is(200).json()["message"]
            .as_str()
            .unwrap()
            .contains("08:00")
    );
    assert!(saved.json()["at"].is_i64());
    let mut colleague = desk.person("giamdoc.hacthanh").await;
    let resumed = format!("/tiep-nhan?nhap={id}");
    assert!(colleague.get("/tiep-nhan").await.offers(&resumed));
    let page = colleague.get(&resumed).await;
    let form = page.is(200).form("/tiep-nhan");
    assert_eq!(form.value("name"), Some("Nguyễn Thị An"));
    // It is no other unit's, and its clerks are not told that it exists.
    let mut elsewhere = desk.person("tiepnhan.nguyetvien").await;
    elsewhere.get(&resumed).await.is(404);
    let page = elsewhere.get("/tiep-nhan").await;
    let foreign = Sent {
        path: address,
        ..typing(&page)
    };
    elsewhere.send(&foreign).await.is(404);
    // Resumed there, it ends there.
    let form = form.fill("card", CARD).press("action", "quet-the");
    let page = colleague.submit(&form).await;
    let page = colleague
        .submit(&page.form("/tiep-nhan").press("action", "du"))
        .await;
    let form = page.form("/tiep-nhan").fill("pages1", "1");
    let page = colleague.submit(&form.press("action", "tiep-nhan")).await;
    page.is(200).says("Nguyễn Thị An");
    colleague.get(&resumed).await.is(404);
    desk.finish().await;
}

async fn an_ended_session_keeps_the_draft(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tiep-nhan").await;
    let (_, id) = saver(&page);
    clerk.send(&typing(&page)).await.is(200);
    desk.wait(jiff::ToSpan::hours(13));
    let late = clerk.send(&typing(&page)).await;
    assert_eq!(late.is(401).json()["status"], 401);
    let form = page.form("/tiep-nhan").press("action", "tiep-nhan");
    let sent = clerk.send(&Sent::form(&form, None)).await;
    sent.is(401);
    assert!(sent.offers("/dang-nhap?tiep=%2Ftiep-nhan"));
    let held = sent.form("/tiep-nhan");
    assert_eq!(held.value("name"), form.value("name"));
    let mut clerk: Browser = desk.clerk().await;
    let page = clerk.get(&format!("/tiep-nhan?nhap={id}")).await;
    assert_eq!(
        page.is(200).form("/tiep-nhan").value("name"),
        Some("Nguyễn Thị An")
    );
    desk.finish().await;
}

async fn a_save_that_comes_late_takes_no_scan_away(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tiep-nhan").await;
    let (_, id) = saver(&page);
    // What was typed is under way when the card is scanned, and arrives after it.
    let late = typing(&page);
    let form = page.form("/tiep-nhan").fill("card", CARD);
    let scanned = clerk.submit(&form.press("action", "quet-the")).await;
    scanned.is(200).says("Quét thẻ căn cước lúc 08:00");
    let lost = clerk.send(&late).await;
    let lost = lost.is(409).json();
    assert_eq!((&lost["version"], &lost["own"]), (&2.into(), &true.into()));
    let page = clerk.get(&format!("/tiep-nhan?nhap={id}")).await;
    let form = page.is(200).form("/tiep-nhan");
    assert_eq!(form.value("number"), Some("038199000017"));
    assert_eq!(form.value("_luot"), Some("2"));
    let next = Sent {
        path: late.path,
        ..Sent::form(&form, None).with(ACCEPT.as_str(), "application/json")
    };
    let saved = clerk.send(&next).await;
    assert_eq!(saved.is(200).json()["version"], 3);
    clerk.get("/tiep-nhan?dv=H56.99").await.is(403);
    desk.finish().await;
}

async fn an_intake_is_put_aside_and_thrown_away(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tiep-nhan").await;
    let (address, id) = saver(&page);
    let form = page.form("/tiep-nhan").fill("name", "Lê Văn Bảy");
    let page = clerk.submit(&form.press("action", "tam-giu")).await;
    page.says("Lê Văn Bảy");
    assert_ne!(saver(&page).1, id);
    let form = page.form("/tiep-nhan");
    let sent = Sent::form(&form, None);
    let thrown = Sent {
        method: Method::POST,
        path: format!("{address}/bo"),
        ..sent
    };
    let page = clerk.follow(&thrown).await;
    assert!(!page.is(200).offers(&format!("/tiep-nhan?nhap={id}")));
    desk.finish().await;
}

async fn words_for_an_act_survive_the_browser_until_the_act_is_done(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let action = format!("/ho-so/{id}/draft_result");
    let page = officer.get(&action).await;
    let (address, name) = saver(&page);
    assert_eq!(name, format!("{id}.draft_result"));
    let form = page.form(&action).fill("summary", "Đồng ý chứng thực");
    let form = form.fill("outcome", "refused");
    let typing = Sent {
        path: address,
        ..Sent::form(&form, None).with(ACCEPT.as_str(), "application/json")
    };
    let saved = officer.send(&typing).await;
    let message = saved.is(200).json()["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "Đã lưu 08:00");
    // Another machine: the words are there.
    let mut again = desk.officer().await;
    let page = again.get(&action).await;
    let kept = page.says("Đã lưu 08:00").form(&action);
    assert_eq!(kept.value("summary"), Some("Đồng ý chứng thực"));
    assert_eq!(kept.value("outcome"), Some("refused"));
    let kept = kept.fill("summary", "Đồng ý chứng thực 02 bản sao.");
    again.submit(&kept).await.is(200);
    // It is done: a new draft begins with the one that was made, and words that come late are not kept.
    officer.send(&typing).await.is(409);
    let page = again.get(&action).await;
    let begun = page.is(200).form(&action);
    assert_eq!(
        begun.value("summary"),
        Some("Đồng ý chứng thực 02 bản sao.")
    );
    desk.finish().await;
}

//! How long a session lives, what becomes of a form that came after its end, and who is told to
//! wait.

use jiff::ToSpan as _;
use web::WebConfig;

use super::browser::{Browser, Sent, Site};
use super::desk::{Desk, give, id_of, receive};
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    a_session_ends_when_it_is_not_used_and_after_twelve_hours,
    a_form_held_for_signing_in_again_is_taken_by_one_press,
    the_words_of_a_form_with_a_file_outlive_the_session,
    whoever_asks_too_often_is_told_when_to_ask_again,
    what_is_broken_says_when_to_try_again,
);

const LIST: &str = "/viec-cua-toi";

async fn a_session_ends_when_it_is_not_used_and_after_twelve_hours(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut left = desk.clerk().await;
    desk.wait(119.minutes());
    left.send(&Sent::get(LIST)).await.is(200);
    desk.wait(2.hours());
    left.send(&Sent::get(LIST)).await.is(303);
    let mut used = desk.clerk().await;
    for _ in 0..7 {
        desk.wait(100.minutes());
        used.send(&Sent::get(LIST)).await.is(200);
    }
    desk.wait(20.minutes());
    used.send(&Sent::get(LIST)).await.is(303);
    desk.finish().await;
}

async fn a_form_held_for_signing_in_again_is_taken_by_one_press(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let action = format!("/ho-so/{id}/draft_result");
    let form = officer.get(&action).await.form(&action);
    let form = form.fill("summary", "Chứng thực 02 bản sao.");
    desk.wait(3.hours());
    let held = officer.send(&Sent::form(&form, None)).await;
    let form = held.is(401).form(&action);
    assert_eq!(form.value("summary"), Some("Chứng thực 02 bản sao."));
    assert!(form.value("_csrf").is_none() && form.value("_giu").is_some());
    // Before signing in it is held again, by the same cookie.
    let held = officer.send(&Sent::form(&form, None)).await;
    assert_eq!(held.is(401).form(&action).value("_giu"), form.value("_giu"));
    // Without the cookie that went out with it, nobody can send it.
    let written = desk.office.written().await;
    let mut other = desk.officer().await;
    other.submit(&form).await.is(403);
    other
        .cookies
        .insert("__Host-motcua-giu".to_owned(), "0".repeat(64));
    other.submit(&form).await.is(403);
    assert_eq!(desk.office.written().await, written);
    officer
        .sign_in("chuyenvien.hacthanh", async || String::new())
        .await;
    let done = officer.submit(&form).await;
    done.is(200).says("Đã lưu dự thảo kết quả");
    desk.finish().await;
}

/// The words of the form come back to be sent again; the file is asked for again at its place.
async fn the_words_of_a_form_with_a_file_outlive_the_session(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (mut clerk, mut officer) = (desk.clerk().await, desk.officer().await);
    let id = id_of(&receive(&mut clerk).await);
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    let action = format!("/ho-so/{id}/notice_obligation");
    let form = officer.get(&action).await.form(&action);
    assert!(form.multipart);
    let form = form.fill("notice", "Nộp lệ phí trước bạ.");
    let form = form.fill("amount", "không rõ");
    desk.wait(3.hours());
    let written = desk.office.written().await;
    let sent = Sent::form(&form, Some(("document", b"%PDF-1.7 \0")));
    let held = officer.send(&sent).await;
    held.is(401).says("chọn lại tệp");
    let form = held.form(&action);
    assert_eq!(form.value("notice"), Some("Nộp lệ phí trước bạ."));
    officer
        .sign_in("chuyenvien.hacthanh", async || String::new())
        .await;
    let page = officer.submit(&form).await;
    let again = page.is(422).form(&action);
    assert!(again.multipart, "the file can be chosen again");
    assert_eq!(again.value("notice"), Some("Nộp lệ phí trước bạ."));
    assert_eq!(desk.office.written().await, written);
    // A form of an earlier session comes back in the same way to who is signed in by now.
    let mut old = Sent::form(&again, Some(("document", b"%PDF-1.7")));
    let text = String::from_utf8(old.body).unwrap();
    old.body = text
        .replace(again.value("_csrf").unwrap(), "0")
        .into_bytes();
    let held = officer.send(&old).await;
    let given = held.is(403).form(&action);
    assert_eq!(given.value("notice"), Some("Nộp lệ phí trước bạ."));
    desk.finish().await;
}

async fn whoever_asks_too_often_is_told_when_to_ask_again(engine: Engine) {
    let desk = Desk::open(engine).await;
    let config = WebConfig {
        behind_proxy: true,
        ..WebConfig::default()
    };
    let site = Site::Within(web::router(desk.office.app.clone(), config));
    let mut citizen = Browser::new(site);
    let ask = Sent::get("/tra-cuu/H56.14-261123-9999").with("x-forwarded-for", "203.0.113.7");
    let mut last = citizen.send(&ask).await;
    for _ in 0..120 {
        assert!(last.headers.get("retry-after").is_none());
        last = citizen.send(&ask).await;
    }
    last.is(429);
    assert_eq!(last.headers["retry-after"], "60", "a minute begins");
    desk.wait(45.seconds());
    let read = ask.clone().with("accept", "application/json");
    let problem = citizen.send(&read).await;
    assert_eq!(problem.is(429).headers["retry-after"], "15");
    desk.wait(15.seconds());
    assert_ne!(citizen.send(&ask).await.status, 429);
    desk.finish().await;
}

async fn what_is_broken_says_when_to_try_again(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let store = desk.office.app.store();
    let away = "ALTER TABLE session RENAME TO session_away";
    store::faults::spoil(store, away).await.unwrap();
    let page = clerk.send(&Sent::get(LIST)).await;
    assert_eq!(page.is(503).headers["retry-after"], "30");
    assert!(
        !page.words().contains("session"),
        "what broke is for the log"
    );
    let read = Sent::get("/api/v1/work");
    let problem = clerk.send(&read).await;
    assert_eq!(problem.is(503).json()["status"], 503);
    assert_eq!(problem.headers["retry-after"], "30");
    let back = "ALTER TABLE session_away RENAME TO session";
    store::faults::spoil(store, back).await.unwrap();
    clerk.send(&Sent::get(LIST)).await.is(200);
    desk.finish().await;
}

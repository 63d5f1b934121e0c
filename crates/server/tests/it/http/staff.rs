//! Accounts: what everybody does to the own one, and administrators to those of their units.

use axum::http::Method;
use serde_json::json;

use super::browser::{Browser, Page, Sent};
use super::desk::{Desk, id_of, receive};
use super::html::{Form, forms};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    an_administrator_keeps_accounts_and_posts_and_sees_no_dossier,
    accounts_and_posts_are_kept_through_the_interface,
    a_password_is_changed_by_who_knows_it,
    one_time_codes_are_set_up_on_the_page,
);

const CLERK: &str = "/quan-tri/can-bo/tiepnhan-hacthanh";

/// The form that has this button or hidden action.
fn form_of(page: &Page, action: &str) -> Form {
    let does = |form: &Form| {
        let pressed = form.buttons().iter().any(|(_, value)| value == action);
        pressed || form.value("action") == Some(action)
    };
    let form = forms(&page.text()).into_iter().find(does);
    form.unwrap_or_else(|| panic!("no form does {action}: {}", page.words()))
}

async fn press(browser: &mut Browser, path: &str, action: &str) -> Page {
    let page = browser.get(path).await;
    let form = form_of(page.is(200), action);
    let form = match form.value("action") {
        Some(hidden) if hidden == action => form,
        _ => form.press("action", action),
    };
    browser.submit(&form).await
}

async fn an_administrator_keeps_accounts_and_posts_and_sees_no_dossier(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let dossier = id_of(&receive(&mut clerk).await);
    let mut admin = desk.person("quantri").await;
    let page = admin.get("/").await;
    assert_eq!(page.path, "/quan-tri/can-bo");
    page.says("quantri").says("Tỉnh Thanh Hóa");
    let ward = desk.office.ward().to_string();
    let page = admin.get(&format!("/quan-tri/can-bo?don-vi={ward}")).await;
    page.is(200)
        .says("tiepnhan.hacthanh")
        .says("Đăng nhập được");
    admin.get(&format!("/ho-so/{dossier}")).await.is(404);

    press(&mut admin, CLERK, "khoa")
        .await
        .says("Đã khóa tài khoản");
    let out = clerk.send(&Sent::get("/tiep-nhan")).await;
    assert_eq!(out.status, 303, "the session is closed");
    let mut again = desk.stranger();
    let form = again.get("/dang-nhap").await.form("/dang-nhap");
    let form = form.fill("login", "tiepnhan.hacthanh");
    let form = form.fill("password", app::demo::PASSWORD);
    let page = again.submit(&form).await;
    page.is(422).says("gặp quản trị của đơn vị");
    press(&mut admin, CLERK, "mo-khoa").await.says("Đã mở khóa");
    desk.clerk().await;

    let page = admin.get(CLERK).await;
    let form = form_of(&page, "vi-tri").fill("unit", &ward);
    let form = form.fill("role", "case_officer");
    let bad = admin
        .submit(&form.clone().fill("valid_from", "31/11/2026"))
        .await;
    bad.is(422).says("Nhập ngày có thật");
    let kept = form_of(&bad, "vi-tri");
    assert_eq!(kept.value("valid_from"), Some("31/11/2026"));
    let good = admin.submit(&form.fill("valid_from", "23/11/2026")).await;
    good.is(200).says("Đã giao vị trí");
    let mut both = desk.clerk().await;
    both.get("/viec-cua-toi").await.is(200);
    let page = press(&mut admin, CLERK, "ket-thuc").await;
    page.is(200).says("Đã ghi ngày kết thúc");
    desk.finish().await;
}

/// What the pages do, programs do by the same use cases: with the same ends and the same refusals.
async fn accounts_and_posts_are_kept_through_the_interface(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let mut admin = desk.person("quantri").await;
    let secret = csrf(&mut admin).await;
    let ward = desk.office.ward().to_string();
    let of = |rest: &str| format!("/api/v1/staff/tiepnhan-hacthanh{rest}");
    let send = |method, path: String, body: &serde_json::Value| {
        Sent::json(method, &path, body).with("x-csrf-token", &secret)
    };

    let listed = admin.get(&format!("/api/v1/staff?unit={ward}")).await;
    let listed = listed.is(200).json();
    let items = listed["items"].as_array().unwrap();
    let is_clerk = |one: &&serde_json::Value| one["login"] == "tiepnhan.hacthanh";
    let found = items.iter().find(is_clerk).unwrap();
    assert_eq!(
        (&found["account"], &found["posts"][0]["role"]),
        (&json!("open"), &json!("reception_clerk"))
    );
    clerk.get("/api/v1/staff").await.is(403);
    clerk.get(&of("")).await.is(404);

    let locked = send(Method::PUT, of("/lock"), &json!({"locked": true}));
    admin.send(&locked).await.is(204);
    clerk.get("/api/v1/absences").await.is(401);
    let shown = admin.get(&of("")).await.is(200).json();
    assert_eq!(shown["person"]["account"], "locked");
    assert_eq!(shown["history"][0]["action"], "account.locked");
    let unlocked = send(Method::PUT, of("/lock"), &json!({"locked": false}));
    admin.send(&unlocked).await.is(204);
    desk.clerk().await;

    let post = json!({"unit": ward, "role": "case_officer", "valid_from": "2026-11-23"});
    let mut bad = post.clone();
    bad["valid_from"] = json!("2026-11-31");
    let refused = admin.send(&send(Method::POST, of("/posts"), &bad)).await;
    assert_eq!(refused.is(422).json()["faults"][0]["field"], "valid_from");
    let given = send(Method::POST, of("/posts"), &post);
    admin.send(&given).await.is(204);
    admin.send(&given).await.is(204);
    let mut last = post;
    last["valid_to"] = json!("2026-11-24");
    let ended = send(Method::DELETE, of("/posts"), &last);
    admin.send(&ended).await.is(204);
    let shown = admin.get(&of("")).await.is(200).json();
    let posts = shown["posts"].as_array().unwrap();
    let officer = posts.iter().filter(|post| post["role"] == "case_officer");
    let last: Vec<_> = officer.map(|post| &post["valid_to"]).collect();
    assert_eq!(last, ["2026-11-24"], "given twice, it is there once");

    let reset = |staff: &str| {
        let path = format!("/api/v1/staff/{staff}/totp");
        send(Method::DELETE, path, &json!({}))
    };
    admin.send(&reset("lanhdao-hacthanh")).await.is(204);
    let leader = admin.get("/api/v1/staff/lanhdao-hacthanh").await;
    assert_eq!(leader.is(200).json()["person"]["totp"], false);
    admin.send(&reset("quantri")).await.is(403);
    desk.finish().await;
}

async fn a_password_is_changed_by_who_knows_it(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut here = desk.clerk().await;
    let mut there = desk.clerk().await;
    let form = here.get("/tai-khoan").await.is(200).form("/tai-khoan");
    let new = " một câu dễ nhớ ";
    let typed = |old: &str, new: &str, again: &str| {
        let form = form.clone().fill("old_password", old);
        form.fill("new_password", new).fill("again_password", again)
    };
    let short = here
        .submit(&typed(app::demo::PASSWORD, "ngan", "ngan"))
        .await;
    short.is(422).says("ít nhất 12 ký tự");
    let wrong = here.submit(&typed("sai", new, new)).await;
    wrong.is(422).says("chưa đúng");
    there.get("/tiep-nhan").await.is(200);
    let done = here.submit(&typed(app::demo::PASSWORD, new, new)).await;
    done.is(200).says("Đã đổi mật khẩu");
    let out = there.send(&Sent::get("/tai-khoan")).await;
    assert_eq!(out.status, 303, "every other session is closed");
    let mut again = desk.stranger();
    let form = again.get("/dang-nhap").await.form("/dang-nhap");
    let form = form
        .fill("login", "tiepnhan.hacthanh")
        .fill("password", new);
    again.submit(&form).await.is(200);
    desk.finish().await;
}

async fn one_time_codes_are_set_up_on_the_page(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = clerk.get("/tai-khoan/ma-xac-thuc").await;
    page.is(200).says("quét");
    assert!(page.text().contains("<svg class=\"qr\" role=\"img\""));
    let form = page.form("/tai-khoan/ma-xac-thuc");
    let wrong = form.clone().fill("code", "12345");
    let wrong = wrong.fill("totp_password", app::demo::PASSWORD);
    let again = clerk.submit(&wrong).await;
    again.is(422).says("Mã chưa đúng");
    let same = again.form("/tai-khoan/ma-xac-thuc");
    assert_eq!(same.value("offer"), form.value("offer"));
    // Until a code was right the password alone is enough.
    let mut other = desk.stranger();
    let entered = other.sign_in("tiepnhan.hacthanh", async || panic!("no code yet"));
    entered.await.is(200);
    desk.finish().await;
}

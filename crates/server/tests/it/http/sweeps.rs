//! Four sweeps over the route table: unauthenticated, by every role, without the secret of the
//! forms; the fourth, sent twice, is in `twice`.

use std::fmt::Write as _;

use super::browser::{Browser, Page};
use super::desk::Desk;
use super::routes::{Route, all};
use super::scene::{Scene, csrf};
use crate::support::{Engine, golden, on_both_engines};

on_both_engines!(
    whoever_is_not_signed_in_sees_the_public_pages_alone,
    every_route_answers_every_role_as_agreed,
    nothing_is_changed_without_the_secret_of_the_forms,
);

/// Routes for everybody.
const PUBLIC: [&str; 18] = [
    "GET /api/v1/openapi.json",
    "GET /api/v1/procedures/not-by-post",
    "GET /api/v1/procedures/{procedure}",
    "GET /api/v1/rules",
    "GET /dang-nhap",
    "POST /dang-nhap",
    "GET /healthz",
    "GET /khong-qua-buu-chinh",
    "GET /ky-tai-cho/{word}/van-ban-ky.pdf",
    "POST /ky-tai-cho/{word}",
    "GET /tep/{*file}",
    "GET /quy-tac",
    "GET /thu-tuc/{procedure}",
    "GET /tra-cuu",
    "GET /tra-cuu/{code}",
    "GET /xac-thuc/{token}",
    "POST /xac-thuc/{token}",
    "POST /api/v1/sessions",
];

async fn whoever_is_not_signed_in_sees_the_public_pages_alone(engine: Engine) {
    let scene = Scene::set(Desk::open(engine).await).await;
    let written = scene.desk.office.written().await;
    for route in all() {
        let mut nobody = scene.desk.stranger();
        let request = scene.request(&route, "").await;
        let typed = String::from_utf8_lossy(&request.body).into_owned();
        let page = nobody.send(&request).await;
        let public = PUBLIC.contains(&route.name().as_str());
        assert_eq!(
            public,
            !turned_away(&route, &page),
            "{}: {}",
            route.name(),
            page.status
        );
        // A form that was not taken gives its own words back, and no others.
        let said = String::from_utf8_lossy(&page.bytes).contains("Nguyễn Thị An");
        let own = typed.contains("Nguy%E1%BB%85n");
        assert!(!said || own, "{}: {typed}", page.path);
        // A made-up session is none.
        nobody
            .cookies
            .insert("__Host-motcua".to_owned(), "0".repeat(64));
        let page = nobody.send(&scene.request(&route, "").await).await;
        assert_eq!(
            public,
            !turned_away(&route, &page),
            "{}: {}",
            route.name(),
            page.status
        );
    }
    assert_eq!(scene.desk.office.written().await, written);
    scene.desk.finish().await;
}

/// To the sign-in, or for programs 401; a wrong password is 401 as well.
fn turned_away(route: &Route, page: &Page) -> bool {
    let to_sign_in = page
        .location()
        .is_some_and(|to| to.starts_with("/dang-nhap"));
    to_sign_in || (page.status == 401 && route.name() != "POST /api/v1/sessions")
}

/// Columns of the golden matrix: whose session it is.
const PEOPLE: [(&str, &str); 12] = [
    ("nobody", ""),
    ("clerk", "tiepnhan.hacthanh"),
    ("officer", "chuyenvien.hacthanh"),
    ("leader", "lanhdao.hacthanh"),
    ("seal", "vanthu.hacthanh"),
    ("director", "giamdoc.hacthanh"),
    ("post", "buudien.hacthanh"),
    ("volunteer", "tinhnguyen.hacthanh"),
    ("control", "kiemsoat"),
    ("admin", "quantri"),
    ("wardadmin", "quantri.hacthanh"),
    ("elsewhere", "tiepnhan.nguyetvien"),
];

async fn every_route_answers_every_role_as_agreed(engine: Engine) {
    let scene = Scene::set(Desk::open(engine).await).await;
    let mut routes = all();
    // Whoever signs out is signed out for the routes after it.
    routes.sort_by_key(ends_session);
    let mut columns = Vec::new();
    for (_, login) in PEOPLE {
        columns.push(column(&scene, &routes, login).await);
    }
    let mut rows: Vec<(usize, &Route)> = routes.iter().enumerate().collect();
    rows.sort_by_key(|(_, route)| *route);
    let mut text = String::from(
        "# The status that each route answers to each role. Written by a test.\n\
         # A dossier of the ward is at its officer's step; commands name a version long past.\n\n",
    );
    write!(text, "{:<50}", "").unwrap();
    for (name, _) in PEOPLE {
        write!(text, " {name:>9}").unwrap();
    }
    for (row, route) in rows {
        write!(text, "\n{:<50}", route.name()).unwrap();
        for column in &columns {
            write!(text, " {:>9}", column[row]).unwrap();
        }
    }
    text.push('\n');
    golden("tests/it/golden/routes.txt", &text);
    scene.desk.finish().await;
}

fn ends_session(route: &Route) -> u8 {
    match route.name().as_str() {
        "POST /dang-xuat" => 1,
        "DELETE /api/v1/sessions" => 2,
        _ => 0,
    }
}

async fn column(scene: &Scene, routes: &[Route], login: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    let mut person: Option<Browser> = None;
    for route in routes {
        if person.is_none() || ends_session(route) > 0 {
            person = Some(match login {
                "" => scene.desk.stranger(),
                _ => scene.desk.person(login).await,
            });
        }
        let browser = person.as_mut().unwrap();
        let secret = secret_for(browser, route).await;
        let page = browser.send(&scene.request(route, &secret).await).await;
        statuses.push(page.status.as_u16());
    }
    statuses
}

/// The sign-in form has a secret of its own.
async fn secret_for(browser: &mut Browser, route: &Route) -> String {
    if route.name() == "POST /dang-nhap" {
        let form = browser.get("/dang-nhap").await.form("/dang-nhap");
        return form.value("_csrf").unwrap().to_owned();
    }
    csrf(browser).await
}

async fn nothing_is_changed_without_the_secret_of_the_forms(engine: Engine) {
    let scene = Scene::set(Desk::open(engine).await).await;
    let written = scene.desk.office.written().await;
    let mut clerk = scene.desk.clerk().await;
    let other = csrf(&mut scene.desk.officer().await).await;
    for route in all().iter().filter(|route| !route.is_safe()) {
        if route.name() == "POST /api/v1/sessions" {
            // Only a page of our own can send JSON here, and whoever has no session has no secret.
            continue;
        }
        if route.name() == "POST /ky-tai-cho/{word}" {
            // A program without a session hands in here; the word is its right.
            continue;
        }
        if route.name() == "POST /xac-thuc/{token}" {
            // Anybody compares a file, and it changes nothing.
            continue;
        }
        for secret in ["", &other] {
            let forged = scene.request(route, secret).await;
            clerk.send(&forged).await.is(403);
            let read = forged.with("accept", "application/json");
            assert_eq!(
                clerk.send(&read).await.json()["status"],
                403,
                "{}",
                route.name()
            );
        }
    }
    assert_eq!(scene.desk.office.written().await, written);
    clerk.get("/tiep-nhan").await.is(200);
    scene.desk.finish().await;
}

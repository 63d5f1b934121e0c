//! Received at any centre, decided where the competence is.

use serde_json::json;

use super::browser::{Browser, Page, Sent};
use super::desk::{CARD, COPIES, Desk, give, id_of};
use super::scene::csrf;
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    the_provincial_centre_receives_what_a_ward_decides,
    a_program_names_the_agency_that_decides,
);

const WARD: &str = "Phường Nguyệt Viên";

/// An intake of certified copies at the provincial centre, without an agency yet.
async fn begun(clerk: &mut Browser) -> Page {
    let page = clerk.get("/tiep-nhan").await;
    let form = page.form("/tiep-nhan").fill("card", CARD);
    let page = clerk.submit(&form.press("action", "quet-the")).await;
    let form = page.form("/tiep-nhan").fill("procedure", COPIES);
    let page = clerk.submit(&form.press("action", "chon")).await;
    clerk
        .submit(&page.form("/tiep-nhan").press("action", "du"))
        .await
}

async fn the_provincial_centre_receives_what_a_ward_decides(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.person("tiepnhan.tinh").await;
    let page = begun(&mut clerk).await;
    let form = page.is(200).form("/tiep-nhan");
    assert_eq!(form.value("competent"), Some(""));
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    page.is(422).says("Chọn cơ quan giải quyết");
    let form = page.form("/tiep-nhan").fill("competent", "nguyệt viên");
    let page = clerk.submit(&form.press("action", "chon")).await;
    let ward = desk.office.unit(WARD);
    assert_eq!(
        page.form("/tiep-nhan").value("competent"),
        Some(format!("{ward} · {WARD}").as_str())
    );
    // A name that fits several is answered with a list, without script.
    let form = page.form("/tiep-nhan").fill("competent", "phường");
    let page = clerk.submit(&form.press("action", "chon")).await;
    let picks = page.form("/tiep-nhan");
    assert!(
        picks
            .buttons()
            .iter()
            .any(|(name, _)| name == "competent_pick")
    );
    // An agency of another level is refused by the law, in plain words.
    let form = picks.fill("competent", "H56.03");
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    page.is(422)
        .says("TN-07")
        .says("không giải quyết thủ tục này");
    let form = page.form("/tiep-nhan").fill("competent", WARD);
    // What is charged by pages is counted by somebody.
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    page.is(422).says("Đếm và nhập số trang");
    let form = page.form("/tiep-nhan").fill("pages1", "1");
    let page = clerk.submit(&form.press("action", "tiep-nhan")).await;
    let id = id_of(page.is(200));
    let centre = desk.office.centre();
    let read = clerk.get(&format!("/api/v1/dossiers/{id}")).await.json();
    assert_eq!(read["competent"], ward.as_str());
    assert_eq!(read["receiving"], centre.as_str());
    assert!(read["code"].as_str().unwrap().starts_with(centre.as_str()));
    give(&mut clerk, &id, "hand_over", &[]).await.is(200);
    // The work is the ward's; both see it, a third ward does not.
    let mut officer = desk.person("chuyenvien.nguyetvien").await;
    officer
        .get("/viec-cua-toi")
        .await
        .says("Chứng thực bản sao");
    officer.get(&format!("/ho-so/{id}")).await.is(200);
    clerk.get(&format!("/ho-so/{id}")).await.is(200).says(WARD);
    desk.officer()
        .await
        .get(&format!("/ho-so/{id}"))
        .await
        .is(404);
    desk.finish().await;
}

async fn a_program_names_the_agency_that_decides(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.person("tiepnhan.tinh").await;
    let secret = csrf(&mut clerk).await;
    let ward = desk.office.unit(WARD);
    let found = clerk
        .get("/api/v1/agencies?procedure=2.000815&q=nguyet+vien")
        .await
        .json();
    assert_eq!(found, json!([{"id": ward.as_str(), "name": WARD}]));
    let offered = clerk
        .get("/co-quan.json?thu-tuc=2.000815&q=nguyet+vien")
        .await;
    assert_eq!(offered.json()[0]["label"], format!("{ward} · {WARD}"));
    let receive = |competent: &str| {
        let fields = json!({"name": "Nguyễn Thị An", "number": "038199000017",
            "procedure": COPIES, "c1": "paper", "competent": competent,
            "pages1": "5", "copies1": "2", "pages2": "300"});
        let once = app::clock::Ids::default().token();
        Sent::json(
            axum::http::Method::POST,
            "/api/v1/dossiers",
            &json!({"fields": fields}),
        )
        .with("idempotency-key", &once)
        .with("x-csrf-token", &secret)
    };
    let no = clerk.send(&receive("")).await;
    assert_eq!(no.is(422).json()["faults"][0]["field"], "competent");
    let no = clerk.send(&receive("H26.101")).await;
    assert_eq!(no.is(422).json()["rule"], "TN-07");
    let filed = clerk.send(&receive(ward.as_str())).await;
    let id = filed.is(201).json()["dossier"].as_str().unwrap().to_owned();
    let id = domain::ids::DossierId::parse(&id).unwrap();
    let loaded = desk.office.app.store().load(&id).await.unwrap();
    let filed = &loaded.dossier.record().unwrap().filed;
    assert_eq!(filed.competent, ward);
    assert_eq!(
        filed.fee.0,
        14_000 + 200_000,
        "5 pages twice, and the most for a copy"
    );
    desk.make_slips().await;
    let slip = clerk.get(&format!("/ho-so/{id}/phieu/01")).await;
    let text = crate::support::pdf_text(&slip.is(200).bytes);
    for said in ["14.000", "200.000", "300"] {
        assert!(text.contains(said), "the slip lacks {said}: {text}");
    }
    desk.finish().await;
}

//! Search from the bar: what is asked names somebody, so it stands in no address, and what is found
//! is logged.

use jiff::ToSpan as _;

use super::browser::{Browser, Page};
use super::desk::{CARD, Desk, fill_intake, id_of};
use crate::support::{Engine, on_both_engines};

on_both_engines!(what_is_asked_finds_a_dossier_and_stands_in_no_address,);

/// Receives for Nguyễn Thị An, with a telephone.
async fn receive(clerk: &mut Browser) -> Page {
    let page = fill_intake(clerk, CARD).await;
    let form = page.form("/tiep-nhan").fill("phone", "0912 345 678");
    clerk.submit(&form.press("action", "tiep-nhan")).await
}

async fn what_is_asked_finds_a_dossier_and_stands_in_no_address(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut clerk = desk.clerk().await;
    let page = receive(&mut clerk).await;
    let id = id_of(page.is(200));
    let dossier = domain::ids::DossierId::parse(&id).unwrap();
    let loaded = desk.office.app.store().load(&dossier).await.unwrap();
    let code = loaded.dossier.record().unwrap().code.clone().unwrap();
    let bar = clerk.get("/viec-cua-toi").await.form("/tim");
    let mut found = Vec::new();
    for asked in ["nguyen thi", "0381 9900 0017", "0912.345.678", "1"] {
        let page = clerk.submit(&bar.clone().fill("q", asked)).await;
        page.is(200).says("Nguyễn Thị An");
        assert!(page.offers(&format!("/ho-so/{id}")), "{asked}");
        let kept = format!("value=\"{asked}\"");
        assert!(page.text().contains(&kept), "{asked} is not kept");
        let sealed = page.path.strip_prefix("/tim?hoi=").unwrap();
        assert!(sealed.bytes().all(|b| b.is_ascii_hexdigit()), "{sealed}");
        found.push(page.path);
    }
    let none = clerk.submit(&bar.clone().fill("q", "Lê Văn Bảy")).await;
    none.is(200).says("Không tìm thấy hồ sơ nào");
    let whole = clerk.submit(&bar.clone().fill("q", code.as_str())).await;
    assert_eq!(whole.is(200).path, format!("/ho-so/{id}"));
    // What was asked in the old way is not answered, and nobody else's question is.
    for address in ["/tim?q=nguyen", "/tim", "/tim?hoi=nguyen"] {
        let page = clerk.get(address).await;
        assert!(!page.is(200).words().contains("Nguyễn Thị An"), "{address}");
    }
    let mut officer = desk.officer().await;
    for address in &found {
        let page = officer.get(address).await;
        assert!(!page.is(200).words().contains("Nguyễn Thị An"));
        clerk.get(address).await.is(200).says("Nguyễn Thị An");
    }
    let logged = desk
        .office
        .app
        .store()
        .audited("search:tiepnhan-hacthanh")
        .await;
    let logged = logged.unwrap().into_iter().map(|audited| audited.line);
    let searches: Vec<_> = logged
        .filter(|line| line.action == "dossier.searched")
        .map(|line| (line.purpose, line.detail))
        .collect();
    assert_eq!(searches.len(), 6 + found.len());
    assert_eq!(searches[1], ("number".to_owned(), id));
    assert_eq!(searches[4], ("name".to_owned(), String::new()));
    // A question that was open when the session ended is asked again after signing in.
    desk.wait(13.hours());
    let late = clerk.get(&found[0]).await;
    assert!(late.is(200).path.starts_with("/dang-nhap?tiep="));
    desk.finish().await;
}

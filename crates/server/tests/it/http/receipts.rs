//! The receipt of a result that was signed on paper: its scan comes on file later, and one that is
//! missing is seen.

use std::collections::BTreeMap;

use serde_json::json;

use super::browser::Sent;
use super::desk::{Desk, HANDED_OUT, Team, give, id_of, receive};
use super::programs::{CLERK, Program};
use crate::support::{Engine, PDF, PDF_BASE64, on_both_engines};

on_both_engines!(
    a_receipt_signed_on_paper_is_scanned_later_and_missing_ones_are_seen,
    a_receipt_signed_on_the_screen_has_no_scan,
);

/// A result that bears its seal.
async fn sealed(desk: &Desk, team: &mut Team) -> String {
    let id = id_of(receive(&mut team.clerk).await.is(200));
    give(&mut team.clerk, &id, "hand_over", &[]).await.is(200);
    team.decide(&id).await;
    desk.make_slips().await;
    id
}

/// Sends the form with that file, or without any.
async fn scan(team: &mut Team, id: &str, file: Option<&str>) -> super::browser::Page {
    let action = format!("/ho-so/{id}/scan_receipt");
    let page = team.clerk.get(&action).await;
    let file = file.map(|content| ("document", content.as_bytes()));
    let sent = Sent::form(&page.is(200).form(&action), file);
    team.clerk.follow(&sent).await
}

/// A line across the pad.
const DRAWN: &str = "iVBORw0KGgoAAAANSUhEUgAAADwAAAAUCAAAAAD0aAH1AAAAG0lEQVR42mP4TwFgGNU8qpmg5oEDo1E1IjQDAHqcNAV+Wb5xAAAAAElFTkSuQmCC";
const MISSING: &str = "giấy biên nhận ký trên giấy chưa có bản quét";

async fn a_receipt_signed_on_paper_is_scanned_later_and_missing_ones_are_seen(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = sealed(&desk, &mut team).await;
    let back = give(&mut team.clerk, &id, "return", &HANDED_OUT).await;
    back.is(200);
    let page = format!("/ho-so/{id}");
    team.clerk.get(&page).await.is(200).says(MISSING);
    // Nothing was chosen; then something that is no scan.
    scan(&mut team, &id, None).await.is(422).says("TR-05");
    let other = scan(&mut team, &id, Some("đây không phải bản quét")).await;
    other.is(422);
    scan(&mut team, &id, Some(PDF)).await.is(200);
    let shown = team.clerk.get(&page).await;
    assert!(!shown.is(200).words().contains(MISSING));
    shown.says("Giấy biên nhận đã ký, bản quét");
    let kept = format!("{page}/giay-to/receipt");
    assert_eq!(team.clerk.get(&kept).await.is(200).bytes, PDF.as_bytes());
    // Others see what is on file, and file nothing.
    let place = format!("/api/v1/dossiers/{id}");
    let scan = json!({"document": PDF_BASE64});
    let mut officer = Program::open(&desk, "chuyenvien.hacthanh").await;
    officer.give(&place, "scan_receipt", scan).await.is(403);
    // A better scan takes its place, over the interface too.
    let mut program = Program::open(&desk, CLERK).await;
    let better = json!({"document": PDF_BASE64});
    program.give(&place, "scan_receipt", better).await.is(200);
    let read = format!("{place}/documents/receipt");
    let read = program.browser.get(&read).await;
    assert_eq!(read.is(200).bytes, PDF.as_bytes());
    desk.finish().await;
}

async fn a_receipt_signed_on_the_screen_has_no_scan(engine: Engine) {
    let desk = Desk::open(engine).await;
    let mut team = desk.team().await;
    let id = sealed(&desk, &mut team).await;
    let mut program = Program::open(&desk, CLERK).await;
    let place = format!("/api/v1/dossiers/{id}");
    let mut fields: BTreeMap<&str, &str> = HANDED_OUT.into_iter().collect();
    fields.extend([("receipt", "screen"), ("signature", DRAWN)]);
    let back = program.give(&place, "return", json!({"fields": fields}));
    back.await.is(200);
    let page = team.clerk.get(&format!("/ho-so/{id}")).await;
    assert!(!page.is(200).words().contains(MISSING));
    let scan = json!({"document": PDF_BASE64});
    let no = program.give(&place, "scan_receipt", scan).await;
    assert_eq!(no.is(422).json()["rule"], "TR-05");
    desk.finish().await;
}

//! Samples of the list of what an agent of the post submitted.

use std::sync::Arc;

use app::processing::ScanPage;
use app::words::Language;
use askama::Template;
use domain::dossier::HandedAs;
use domain::ids::{DossierId, FileHash};

use super::scans::{ScanShown, ScanView};
use super::{Row, SubmissionsPage};
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::words::Words;

fn list(rows: Vec<Row>, done: bool) -> SubmissionsPage {
    let w = Words(Language::Vi);
    SubmissionsPage {
        frame: desk(w),
        w,
        rows,
        done,
    }
}

#[test]
fn nothing_submitted_leads_to_the_first() {
    page(
        "submissions-empty",
        &list(Vec::new(), false).render().unwrap(),
    );
}

#[test]
fn what_was_submitted_stands_with_its_state_and_without_names() {
    let row = |code: &str, state: &str, due: &str| Row {
        at: "23/11 08:00".to_owned(),
        code: code.to_owned(),
        procedure: "Đăng ký lại <khai sinh>".to_owned(),
        state: state.to_owned(),
        due: due.to_owned(),
        scan: if code.is_empty() {
            "/da-nop/01a/quet".to_owned()
        } else {
            String::new()
        },
    };
    let rows = vec![
        row("", "Chờ tiếp nhận", ""),
        row("H56.101-261123-0001", "Đã tiếp nhận", "30/11 17:00"),
    ];
    page("submissions", &list(rows, true).render().unwrap());
}

#[test]
fn an_agent_scans_what_is_with_her() {
    let procedure = app::catalogue::starter::procedures()[0].clone();
    let component = procedure.cases[0].components[0].clone();
    let other = procedure.cases[0].components[1].clone();
    let scanned = HandedAs::Scanned {
        file: FileHash::parse(&"5".repeat(64)).unwrap(),
        pages: 2,
        paper: true,
    };
    let found = ScanPage {
        dossier: DossierId::parse("01a").unwrap(),
        version: 1,
        procedure: Arc::new(procedure),
        papers: vec![(component, HandedAs::Paper), (other, scanned)],
    };
    let nothing = ScanPage {
        papers: Vec::new(),
        ..found.clone()
    };
    for (name, found) in [("agent-scan", &found), ("agent-scan-none", &nothing)] {
        let w = Words(Language::Vi);
        let v = ScanView::of(w, found, ("key-0001".to_owned(), &[]));
        let shown = ScanShown {
            frame: desk(w),
            w,
            v,
        };
        page(name, &shown.render().unwrap());
    }
}

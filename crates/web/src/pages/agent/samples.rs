//! Samples of the list of what an agent of the post submitted.

use app::words::Language;
use askama::Template;

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
    };
    let rows = vec![
        row("", "Chờ tiếp nhận", ""),
        row("H56.101-261123-0001", "Đã tiếp nhận", "30/11 17:00"),
    ];
    page("submissions", &list(rows, true).render().unwrap());
}

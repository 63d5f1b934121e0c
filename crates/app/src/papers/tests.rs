//! The register through its use cases.

use std::sync::Arc;

use domain::ids::StaffId;
use domain::office::Role;
use jiff::civil::date;

use super::*;
use crate::App;
use crate::clock::ManualClock;
use crate::demo;
use crate::intake::{AtCounter, Ending, receive};
use crate::no::Denied;
use crate::people::testing::{clerk, empty, faults, key, typed};

async fn office() -> (App, Arc<ManualClock>) {
    let (app, clock) = empty().await;
    demo::seed(&app).await.unwrap();
    (app, clock)
}

async fn received(app: &App, actor: &Actor, name: &str) -> domain::ids::DossierId {
    let sum: u32 = name.bytes().map(u32::from).sum();
    let number = format!("03819900{sum:04}");
    let form = [
        ("name", name),
        ("number", &number),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
    ];
    let input = AtCounter {
        ending: Ending::Receive,
        typed: typed(&form),
        draft: None,
        key: key(),
    };
    receive(app, actor, input).await.unwrap().dossier
}

fn director(app: &App) -> Actor {
    let clerk = clerk(app, "Phường Hạc Thành");
    let unit = clerk.posts[0].0.clone();
    Actor {
        staff: StaffId::parse("giamdoc-hacthanh").unwrap(),
        posts: vec![(unit, Role::CentreDirector)],
        ..clerk
    }
}

#[tokio::test]
async fn a_book_lists_its_centre_s_receptions_and_no_others() {
    let (app, _) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let theirs = clerk(&app, "Phường Nguyệt Viên");
    for name in ["Nguyễn Thị An", "Trần Văn Ba"] {
        received(&app, &ours, name).await;
    }
    received(&app, &theirs, "Lê Thị Cúc").await;
    let asked = RegisterAsked::default();
    let page = register_page(&app, &ours, &asked).await.unwrap();
    assert_eq!((page.year, page.volume, page.volumes), (2026, 1, 1));
    let numbers: Vec<i64> = page.entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2]);
    let like = RegisterAsked {
        like: "tran van".to_owned(),
        ..RegisterAsked::default()
    };
    let found = register_page(&app, &ours, &like).await.unwrap();
    assert_eq!(found.entries.len(), 1);
    let day = |day| RegisterAsked {
        day: Some(day),
        ..RegisterAsked::default()
    };
    let today = register_page(&app, &ours, &day(date(2026, 11, 23))).await;
    assert_eq!(today.unwrap().entries.len(), 2);
    let before = register_page(&app, &ours, &day(date(2026, 11, 22))).await;
    assert_eq!(before.unwrap().entries.len(), 0);
    let named = RegisterAsked {
        unit: Some(ours.posts[0].0.clone()),
        ..RegisterAsked::default()
    };
    let no = register_page(&app, &theirs, &named).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
}

#[tokio::test]
async fn a_book_is_closed_by_the_head_once_its_year_is_over() {
    let (app, clock) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let unit = ours.posts[0].0.clone();
    received(&app, &ours, "Nguyễn Thị An").await;
    let head = director(&app);
    let no = close_book(&app, &head, &unit, 2026).await.unwrap_err();
    assert_eq!(faults(no), [("nam", "fault.book_running")]);
    clock.set(date(2027, 1, 4).at(8, 0, 0, 0));
    let no = close_book(&app, &ours, &unit, 2026).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
    close_book(&app, &head, &unit, 2026).await.unwrap();
    let no = close_book(&app, &head, &unit, 2026).await.unwrap_err();
    assert_eq!(faults(no), [("nam", "fault.book_closed")]);
    let no = close_book(&app, &head, &unit, 2025).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
    // The next year counts from 1 again, and the closed book stays as long as it was.
    received(&app, &ours, "Trần Văn Ba").await;
    let page = register_page(&app, &head, &RegisterAsked::default()).await;
    let page = page.unwrap();
    assert_eq!((page.year, page.entries[0].number), (2027, 1));
    let books: Vec<(i16, u32, bool)> = page
        .books
        .iter()
        .map(|line| {
            (
                line.book.year,
                line.book.entries,
                line.book.closed.is_some(),
            )
        })
        .collect();
    assert_eq!(books, [(2027, 1, false), (2026, 1, true)]);
}

#[tokio::test]
async fn nothing_and_too_much_is_not_printed() {
    let (app, _) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let dossier = received(&app, &ours, "Nguyễn Thị An").await;
    let form = domain::slip::Form::Receipt;
    let none = print_slips(&app, &ours, &[], form).await.unwrap_err();
    assert_eq!(faults(none), [("ho-so", "fault.print_none")]);
    let many = vec![dossier.clone(); MOST + 1];
    let no = print_slips(&app, &ours, &many, form).await.unwrap_err();
    assert_eq!(faults(no), [("ho-so", "fault.print_many")]);
    let one = [dossier];
    let no = print_slips(&app, &ours, &one, form).await.unwrap_err();
    assert_eq!(faults(no), [("ho-so", "fault.print_missing")]);
    let results = domain::slip::HandoverKind::Results;
    let no = handover_list(&app, &ours, &one, results).await.unwrap_err();
    assert_eq!(faults(no), [("ho-so", "fault.list_unfit")]);
    let theirs = clerk(&app, "Phường Nguyệt Viên");
    let no = print_slips(&app, &theirs, &one, form).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
}

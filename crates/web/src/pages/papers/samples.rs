//! Samples of the register.

use app::papers::{Book, BookLine, Entry, RegisterPage as Shown, Stuck};
use app::words::Language;
use askama::Template;
use domain::ids::{FileHash, StaffId, UnitId};
use jiff::civil::date;

use super::register::RegisterPage;
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::words::Words;

fn unit() -> UnitId {
    UnitId::parse("H56.101").unwrap()
}

fn entry(number: i64, owner: &str, closed: bool) -> Entry {
    // 23 November 2026, 08:30 in Ha Noi.
    let at = |day: i64| 1_795_397_400_000 + (day - 23) * 86_400_000;
    Entry {
        number,
        dossier: format!("dossier-{number}"),
        code: Some(format!("H56.101-261123-{number:04}")),
        procedure_name: "Đăng ký <khai sinh>".to_owned(),
        owner_name: owner.to_owned(),
        competent: "H56.101".to_owned(),
        state: if closed { "returned" } else { "processing" }.to_owned(),
        received_at: Some(at(23)),
        due_at: Some(at(27)),
        settled_at: closed.then(|| at(25)),
        closed_at: closed.then(|| at(26)),
    }
}

fn book(year: i16, entries: u32, closed: bool) -> BookLine {
    let by = StaffId::parse("ngan").unwrap();
    let at = date(2026, 1, 4).at(8, 0, 0, 0);
    BookLine {
        book: Book {
            year,
            entries,
            ordered: closed.then_some((at, by)),
            kept: if closed {
                entries.div_ceil(Book::VOLUME)
            } else {
                0
            },
            is_closed: closed,
        },
        closer: if closed { "Đỗ Ngọc Mai" } else { "" }.to_owned(),
        may_close: year < 2026 && !closed,
    }
}

fn shown(year: i16, books: Vec<BookLine>, entries: Vec<Entry>) -> Shown {
    Shown {
        unit: unit(),
        units: vec![unit()],
        books,
        year,
        volume: 1,
        volumes: 2,
        frozen: None,
        stuck: Vec::new(),
        ended: Vec::new(),
        entries,
        now: date(2026, 11, 23).at(9, 0, 0, 0),
    }
}

fn html(language: Language, shown: &Shown, asked: (&str, bool)) -> String {
    let asked = (asked.0.to_owned(), asked.1);
    let name = |_: &UnitId| "Phường Hạc Thành".to_owned();
    let built = RegisterPage::new(desk(Words(language)), shown, asked, name);
    built.render().unwrap()
}

#[test]
fn the_open_book_has_its_entries_volumes_and_years() {
    let books = || vec![book(2026, 180, false), book(2025, 90, true)];
    let entries = || vec![entry(1, "Nguyễn Thị An", true), entry(2, "Trần Ba", false)];
    let open = shown(2026, books(), entries());
    page("register", &html(Language::Vi, &open, ("", false)));
    page("register-en", &html(Language::En, &open, ("", false)));
    let index = |entry: Entry| Entry {
        owner_name: String::new(),
        state: String::new(),
        due_at: None,
        settled_at: None,
        closed_at: None,
        ..entry
    };
    let closed = Shown {
        frozen: Some(FileHash::parse(&"a4".repeat(32)).unwrap()),
        ..shown(2025, books(), entries().into_iter().map(index).collect())
    };
    page("register-closed", &html(Language::Vi, &closed, ("", false)));
    let mut half = book(2025, 180, true);
    (half.book.kept, half.book.is_closed) = (1, false);
    let closing = Shown {
        units: vec![unit(), UnitId::parse("H56.101").unwrap()],
        ended: vec![UnitId::parse("H56.101").unwrap()],
        stuck: vec![Stuck {
            volume: 1,
            number: 7,
            dossier: "d-7".to_owned(),
            why: "entry 7 cannot be drawn".to_owned(),
            since: date(2026, 11, 23).at(8, 0, 0, 0),
        }],
        ..shown(2025, vec![half], vec![entry(1, "Nguyễn Thị An", true)])
    };
    page(
        "register-closing",
        &html(Language::Vi, &closing, ("", false)),
    );
    let english = html(Language::En, &closing, ("", false));
    page("register-closing-en", &english);
}

#[test]
fn a_day_is_chosen_whole_and_a_search_says_what_was_asked() {
    let day = Shown {
        volume: 0,
        ..shown(
            2026,
            vec![book(2026, 2, false)],
            vec![entry(1, "An", false)],
        )
    };
    let html_of_day = html(Language::Vi, &day, ("", true));
    assert!(html_of_day.contains("value=\"dossier-1\" checked"));
    page("register-day", &html_of_day);
    let none = Shown {
        volume: 0,
        ..shown(2025, vec![book(2025, 2, false)], Vec::new())
    };
    page(
        "register-none",
        &html(Language::Vi, &none, ("Nguyễn", false)),
    );
    let empty = shown(2026, Vec::new(), Vec::new());
    page("register-empty", &html(Language::Vi, &empty, ("", false)));
}

//! Samples of the page of absences.

use app::absence::{self, AbsenceLine, GivenDelegation, PostChoice, Stage};
use app::forms::Typed;
use app::no::Fault;
use app::words::Language;
use askama::Template;
use domain::delegation::Delegation;
use domain::ids::{DelegationId, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::{Date, date};

use super::page::{AbsencePage, Lying, LyingWith};
use crate::error::fault_lines;
use crate::layout::{Bar, Frame};
use crate::samples::page;
use crate::words::Words;

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);
const TODAY: Date = date(2026, 11, 23);

/// The desk of the director, who stands in for the ward's leader.
fn desk(w: Words) -> Frame {
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/vang-mat".to_owned(),
        bar: Some(Bar {
            staff: "giamdoc-hacthanh".to_owned(),
            name: "Phạm Quốc Khánh".to_owned(),
            post: w.of("role", "centre_director"),
            standing: w.fill("web.standing", "names", "Nguyễn <Văn> Bình (đến 27/11)"),
            absence: true,
            entries: Vec::new(),
        }),
    }
}

fn staff(id: &str) -> StaffId {
    StaffId::parse(id).unwrap()
}

fn ward() -> UnitId {
    UnitId::parse("H56.102").unwrap()
}

fn line(id: &str, (first, last): (Date, Date), stage: Stage) -> AbsenceLine {
    let running = matches!(stage, Stage::Runs | Stage::ToCome);
    AbsenceLine {
        given: GivenDelegation {
            id: DelegationId::parse(id).unwrap(),
            delegation: Delegation {
                from: staff("lanhdao-hacthanh"),
                to: (id != "d5").then(|| staff("giamdoc-hacthanh")),
                unit: ward(),
                role: Role::Leader,
                first,
                last,
                signing: id == "d3",
            },
            from_name: "Nguyễn <Văn> Bình".to_owned(),
            to_name: if id == "d5" {
                String::new()
            } else {
                "Phạm Quốc Khánh".to_owned()
            },
            by_name: "Nguyễn <Văn> Bình".to_owned(),
            ended_at: (stage == Stage::Ended).then(|| last.at(9, 0, 0, 0)),
        },
        may_end: running,
        stage,
    }
}

/// What lies with an officer in whose place nobody stands.
fn lying(w: Words) -> LyingWith {
    let row = |id: &str, code: &str| Lying {
        href: format!("/ho-so/{id}/assign"),
        code: code.to_owned(),
        procedure: "Đăng ký <khai sinh>".to_owned(),
        step: "Thẩm định".to_owned(),
        due: "25/11 17:00".to_owned(),
    };
    let values = [("name", "Vũ <Thị> Mai"), ("last", "25/11"), ("n", "2")];
    LyingWith {
        title: w.fills("absence.open_of", &values),
        act: "absence.open_assign",
        rows: vec![row("d-1", "H56.102-261120-0003"), row("d-2", "")],
    }
}

fn found(lines: Vec<AbsenceLine>) -> absence::AbsencePage {
    let choice = |who: &str, name: &str, role| PostChoice {
        staff: staff(who),
        name: name.to_owned(),
        unit: ward(),
        role,
    };
    absence::AbsencePage {
        open: Vec::new(),
        lines,
        posts: vec![
            choice("giamdoc-hacthanh", "Phạm Quốc Khánh", Role::CentreDirector),
            choice(
                "tiepnhan-hacthanh",
                "Hoàng <Thị> Ngân",
                Role::ReceptionClerk,
            ),
        ],
        delegates: vec![
            (staff("tiepnhan-hacthanh"), "Hoàng <Thị> Ngân".to_owned()),
            (staff("giamdoc-hacthanh"), "Phạm Quốc Khánh".to_owned()),
        ],
        today: TODAY,
        most_days: 90,
    }
}

fn lines() -> Vec<AbsenceLine> {
    let days = |first, last| (date(2026, 11, first), date(2026, 11, last));
    vec![
        line("d4", days(30, 30), Stage::ToCome),
        line("d5", days(23, 25), Stage::Runs),
        line("d3", days(23, 27), Stage::Runs),
        line("d2", days(9, 12), Stage::Ended),
        line("d1", days(2, 4), Stage::Over),
    ]
}

fn absences(w: Words, lines: Vec<AbsenceLine>, typed: &Typed, faults: &[Fault]) -> AbsencePage {
    let faults = fault_lines(w, faults);
    AbsencePage::new(desk(w), &found(lines), (typed, faults), |_| {
        "Phường Hạc Thành".to_owned()
    })
}

fn shown(name: &str, template: &impl Template) {
    page(name, &template.render().unwrap());
}

#[test]
fn who_is_away_and_who_stands_in() {
    let nothing = Typed::default();
    let done = AbsencePage {
        done: "absence.done.given",
        open: vec![lying(VI)],
        ..absences(VI, lines(), &nothing, &[])
    };
    shown("absence", &done);
    let english = AbsencePage {
        open: vec![lying(EN)],
        ..absences(EN, lines(), &nothing, &[])
    };
    shown("absence-en", &english);
    shown("absence-none", &absences(VI, Vec::new(), &nothing, &[]));
}

#[test]
fn what_is_wrong_stands_at_its_field() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let typed = Typed::new(vec![
        pair("post", "tiepnhan-hacthanh/H56.102/reception_clerk"),
        pair("to", "giamdoc-hacthanh"),
        pair("first", "<mai>"),
        pair("last", "22/11/2026"),
        pair("signing", "1"),
    ]);
    let faults = [
        Fault::new("to", "fault.delegation.delegate_away")
            .with("last", &"27/11/2026")
            .with("rule", &"UQ-04"),
        Fault::new("first", "fault.delegation.first"),
        Fault::new("signing", "fault.delegation.nothing_to_sign").with("rule", &"UQ-06"),
    ];
    shown("absence-faults", &absences(VI, lines(), &typed, &faults));
}

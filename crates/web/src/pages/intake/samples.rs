//! Samples of the counter form.

use app::access::Desk;
use app::catalogue::starter;
use app::facts::Settings;
use app::forms::Typed;
use app::intake::{ComponentRow, IntakeDraft, Preview, promise};
use app::no::Fault;
use app::words::Language;
use askama::Template;
use domain::dossier::Refusal;
use domain::ids::{DraftId, UnitId};
use domain::money::Dong;
use domain::procedure::Channel;
use jiff::civil::{DateTime, date};

use crate::error::RefusalPanel;
use crate::layout::{Bar, Entry, Frame};
use crate::samples::page;
use crate::words::Words;

use super::field::Choice;
use super::page::IntakePage;
use super::view::{Held, IntakeView, Making, Offer};

/// The desk's frame of a sample.
pub(crate) fn desk(w: Words) -> Frame {
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/tiep-nhan".to_owned(),
        bar: Some(Bar {
            staff: "ngan".to_owned(),
            name: "Hoàng Thị Ngân".to_owned(),
            post: w.of("role", "reception_clerk"),
            standing: String::new(),
            absence: false,
            entries: vec![Entry {
                href: "/tiep-nhan",
                key: "web.nav.intake",
                count: None,
                here: true,
            }],
        }),
    }
}

pub(super) fn now() -> DateTime {
    date(2026, 11, 23).at(10, 42, 0, 0)
}

pub(super) fn typed(fields: &[(&str, &str)]) -> Typed {
    Typed::new(
        fields
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
    )
}

/// The preview of a starter procedure with what is ticked.
pub(super) fn preview(code: &str, typed: &Typed) -> Preview {
    let procedure = starter::procedures()
        .iter()
        .find(|p| p.code.as_str() == code)
        .unwrap();
    let limit = procedure
        .offer(Channel::Direct)
        .and_then(|offer| offer.limit)
        .unwrap();
    let row = |component: &domain::procedure::Component| ComponentRow {
        ticked: typed.get(&format!("c{}", component.number)).to_owned(),
        lookup: None,
        lookup_note: String::new(),
        component: component.clone(),
    };
    Preview {
        case: 1,
        components: procedure.cases[0].components.iter().map(row).collect(),
        channel: Channel::Direct,
        competent: UnitId::parse("H56.102").ok(),
        usual: UnitId::parse("H56.102").ok(),
        fit: true,
        certified: Vec::new(),
        promise: promise(&Settings::default(), now(), limit),
        fee: Dong(15_000),
        procedure: std::sync::Arc::new(procedure.clone()),
    }
}

fn view(w: Words, typed: &Typed, faults: &[Fault], found: Option<&Preview>) -> IntakeView {
    at_desk(Desk::Counter, w, (typed, faults, found))
}

pub(super) fn at_desk(
    desk: Desk,
    w: Words,
    (typed, faults, found): (&Typed, &[Fault], Option<&Preview>),
) -> IntakeView {
    let id = DraftId::parse("d1").unwrap();
    let draft = IntakeDraft {
        id,
        unit: UnitId::parse("H56.102").unwrap(),
        version: 3,
        saved: now(),
        typed: typed.clone(),
    };
    let decides = found.map_or("", |found| {
        found.competent.as_ref().map_or("", |_| "Phường Hạc Thành")
    });
    let decides = decides.to_owned();
    let making = Making {
        w,
        now: now(),
        draft: &draft,
        typed,
        faults,
        preview: found,
        decides,
        desk,
    };
    IntakeView {
        key: "key-0001".to_owned(),
        centre: "Phường Hạc Thành".to_owned(),
        ..IntakeView::of(&making)
    }
}

pub(super) fn shown(name: &str, w: Words, v: IntakeView) {
    page(
        name,
        &IntakePage {
            frame: desk(w),
            w,
            v,
        }
        .render()
        .unwrap(),
    );
}

pub(super) const VI: Words = Words(Language::Vi);
pub(super) const EN: Words = Words(Language::En);
const SCANNED: [(&str, &str); 7] = [
    ("name", "Nguyễn <Thị> Hường"),
    ("birth", "14/08/1996"),
    ("sex", "female"),
    ("number", "038196002028"),
    ("address", "27 phố \"Lê Thánh Tông\""),
    ("source", "10:40"),
    ("procedure", "1.004873"),
];

#[test]
fn an_empty_intake() {
    let empty = Typed::default();
    let mut v = view(VI, &empty, &[], None);
    assert_eq!(v.focus, "card");
    v.centres = vec![Choice {
        value: "H56.140".to_owned(),
        label: "Xã Hoằng Hóa".to_owned(),
        on: false,
    }];
    v.held = vec![Held {
        id: "d2".to_owned(),
        name: "Trần An".to_owned(),
        detail: "09:10".to_owned(),
    }];
    shown("intake", VI, v);
    shown("intake-en", EN, view(EN, &empty, &[], None));
}

#[test]
fn a_known_citizen_with_a_procedure_needs_the_papers_next() {
    let typed = typed(&SCANNED);
    let found = preview("1.004873", &typed);
    let v = view(VI, &typed, &[], Some(&found));
    assert_eq!(v.focus, "papers");
    assert_eq!(v.person.as_ref().unwrap().number, "0381****2028");
    let rows = &v.chosen.as_ref().unwrap().components;
    assert!(
        rows.iter().any(|row| !row.held.is_empty()),
        "a database holds some of it"
    );
    shown("intake-chosen", VI, v);
}

#[test]
fn a_refusal_for_missing_papers_offers_the_supplement() {
    let mut typed = typed(&SCANNED);
    typed.set("ending", "bo-sung");
    let found = preview("1.004873", &typed);
    let mut v = view(VI, &typed, &[], Some(&found));
    let refusal = Refusal::Incomplete {
        missing: found.missing(),
    };
    v.refusal = Some(RefusalPanel::of(VI, &refusal.into(), now().date()));
    let asks = &v.ending.as_ref().unwrap().asks;
    let ticked = asks.iter().filter(|ask| ask.on).count();
    assert_eq!(ticked, found.missing().len());
    assert!(
        asks.len() < found.components.len(),
        "what a database holds cannot be asked for"
    );
    assert_eq!(v.focus, "reason");
    shown("intake-incomplete", VI, v);
}

#[test]
fn faults_stand_at_their_fields_and_nothing_typed_is_lost() {
    let typed = typed(&[
        ("name", "Đặng Thị Ngọc Quỳnh"),
        ("number", "03819100417"),
        ("mandate", "authorised"),
        ("procedure", "chứng thực"),
        ("card", "xyz"),
        ("ending", "tu-choi"),
    ]);
    let faults = [
        Fault::new("card", "fault.card_fields").with("there", &1),
        Fault::new("number", "fault.number_length").with("there", &11),
        Fault::new("owner_name", "fault.required"),
        Fault::new("procedure", "fault.procedure"),
        Fault::new("reason", "fault.reason"),
    ];
    let mut v = view(VI, &typed, &faults, None);
    v.offers = vec![Offer {
        value: "2.000815".to_owned(),
        label: "Chứng thực bản sao".to_owned(),
        hint: "Chứng thực".to_owned(),
    }];
    assert!(
        v.applicant
            .iter()
            .any(|field| field.value == "03819100417" && !field.error.is_empty())
    );
    shown("intake-faults", VI, v);
}

#[test]
fn the_agency_comes_next_where_the_clerk_has_to_say_it() {
    let typed = typed(&[("procedure", "2.000815"), ("competent", "phường")]);
    let found = Preview {
        competent: None,
        usual: None,
        fit: false,
        ..preview("2.000815", &typed)
    };
    let fault = Fault::new("competent", "fault.agency_unknown");
    let mut v = view(VI, &typed, &[fault], Some(&found));
    assert_eq!(v.focus, "competent");
    let agency = v.agency.as_mut().unwrap();
    assert_eq!(
        (agency.value.as_str(), agency.usual.as_str()),
        ("phường", "")
    );
    agency.offers = vec![Offer {
        value: "H56.102".to_owned(),
        label: "Phường Hạc Thành".to_owned(),
        hint: String::new(),
    }];
    shown("intake-agency", VI, v);
}

#[test]
fn papers_to_certify_are_counted_one_row_further_than_typed() {
    let typed = typed(&[
        ("procedure", "2.000815"),
        ("pages1", "5"),
        ("copies1", "1"),
        ("pages2", "300"),
        ("copies2", "x"),
    ]);
    let found = preview("2.000815", &typed);
    let fault = Fault::new("copies2", "fault.copies").with("most", &999);
    let v = view(VI, &typed, &[fault], Some(&found));
    let rows = &v.certifying.as_ref().unwrap().rows;
    let fees: Vec<&str> = rows.iter().map(|row| row.fee.as_str()).collect();
    assert_eq!(fees, ["7.000 đ", "", ""]);
    shown(
        "intake-certified",
        EN,
        at_desk(Desk::Counter, EN, (&typed, &[], Some(&found))),
    );
    shown("intake-certified-fault", VI, v);
    let first = |fields: &[(&str, &str)]| {
        let typed = self::typed(fields);
        view(VI, &typed, &[], Some(&found)).certifying.unwrap()
    };
    let empty = first(&[]);
    let counts = empty.rows[0].counts.iter();
    assert!(counts.map(|count| &count.value).all(String::is_empty));
    let full = first(&[("pages5", "1")]);
    assert_eq!(
        (full.rows.len(), full.full),
        (5, true),
        "a sixth is told of"
    );
}

#[test]
fn whoever_decides_nothing_has_one_way_to_end() {
    let typed = typed(&SCANNED);
    let found = preview("1.004873", &typed);
    for (desk, name) in [(Desk::Post, "intake-post"), (Desk::Help, "intake-help")] {
        let mut v = at_desk(desk, VI, (&typed, &[], Some(&found)));
        v.handed = desk == Desk::Help;
        let drawn = IntakePage {
            frame: self::desk(VI),
            w: VI,
            v: v.clone(),
        };
        let html = drawn.render().unwrap();
        for act in ["tiep-nhan", "mo-bo-sung", "mo-tu-choi"] {
            assert!(
                !html.contains(&format!("value=\"{act}\"")),
                "{name} offers {act}"
            );
        }
        shown(name, VI, v);
    }
}

#[test]
fn an_enterprise_has_neither_birth_nor_sex() {
    let names = |kind: &str| {
        let typed = typed(&[("kind", kind), ("name", "Công ty Hạc Thành")]);
        let fields = view(VI, &typed, &[], None).applicant.into_iter();
        fields.map(|field| field.name).collect::<Vec<_>>()
    };
    let reach = ["phone", "email", "mandate"];
    let citizen = ["kind", "name", "birth", "sex", "number", "address"];
    assert_eq!(names("citizen"), [&citizen[..], &reach].concat());
    let firm = ["kind", "name", "number", "address"];
    assert_eq!(names("enterprise"), [&firm[..], &reach].concat());
}

//! Samples of the pages about accounts: everybody's own, and those that administrators keep.

use app::forms::Typed;
use app::no::Fault;
use app::people::{
    AccountState, OwnAccount, PastLine, PostLine, StaffLine, StaffList, StaffPage, TotpOffer,
};
use app::words::Language;
use askama::Template;
use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Role, Unit, UnitKind};
use jiff::civil::{Date, date};

use super::list::StaffListPage;
use super::person::PersonPage;
use crate::error::fault_lines;
use crate::layout::{Bar, Entry, Frame};
use crate::pages::account::{AccountPage, TotpPage};
use crate::pages::stopped::samples::stops;
use crate::samples::page;
use crate::words::Words;

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);
const TODAY: Date = date(2026, 11, 23);

fn desk(w: Words) -> Frame {
    Frame {
        w,
        unit: "Tỉnh Thanh Hóa".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/quan-tri/can-bo".to_owned(),
        bar: Some(Bar {
            staff: "quantri".to_owned(),
            name: "Lê Văn Tú".to_owned(),
            post: w.of("role", "administrator"),
            standing: String::new(),
            absence: false,
            entries: vec![Entry {
                href: "/quan-tri/can-bo",
                key: "web.nav.staff",
                count: None,
                here: true,
            }],
        }),
    }
}

fn shown(name: &str, template: &impl Template) {
    page(name, &template.render().unwrap());
}

fn unit(id: &str, name: &str, kind: UnitKind) -> Unit {
    Unit {
        id: UnitId::parse(id).unwrap(),
        parent: None,
        kind,
        name: name.to_owned(),
        area_code: "38".to_owned(),
        valid_from: date(2025, 7, 1),
        valid_to: None,
        successor: None,
    }
}

fn units() -> Vec<Unit> {
    vec![
        unit("H56", "Tỉnh Thanh Hóa", UnitKind::Province),
        unit("H56.102", "Phường Hạc Thành", UnitKind::Commune),
    ]
}

fn post(role: Role, valid_from: Date, valid_to: Option<Date>) -> Post {
    Post {
        staff: StaffId::parse("ngan").unwrap(),
        unit: UnitId::parse("H56.102").unwrap(),
        role,
        valid_from,
        valid_to,
    }
}

fn line(name: &str, account: AccountState, posts: Vec<Post>) -> StaffLine {
    StaffLine {
        id: StaffId::parse("ngan").unwrap(),
        name: name.to_owned(),
        login: "tiepnhan.hacthanh".to_owned(),
        account,
        totp: account == AccountState::Locked,
        posts,
    }
}

fn people() -> Vec<StaffLine> {
    let begun = date(2025, 7, 1);
    let clerk = post(Role::ReceptionClerk, begun, None);
    let until = post(Role::Leader, begun, Some(date(2026, 12, 31)));
    let ended = post(Role::Volunteer, begun, Some(date(2026, 6, 30)));
    let to_come = post(Role::SealClerk, date(2026, 12, 1), None);
    let locked_until = TODAY.at(10, 57, 0, 0);
    vec![
        line("Hoàng Thị Ngân", AccountState::Open, vec![clerk, ended]),
        line("Lê <Thị> Thu", AccountState::Locked, vec![until]),
        line(
            "Nguyễn Văn Bình",
            AccountState::Paused(locked_until),
            vec![to_come],
        ),
    ]
}

fn list(w: Words, people: Vec<StaffLine>) -> StaffListPage {
    let list = StaffList {
        unit: units().remove(1),
        units: units(),
        people,
        today: TODAY,
    };
    StaffListPage::new(desk(w), list)
}

#[test]
fn the_staff_of_a_unit() {
    shown("staff", &list(VI, people()));
    shown("staff-en", &list(EN, people()));
    shown("staff-none", &list(VI, Vec::new()));
    for (name, w) in [("staff-stopped", VI), ("staff-stopped-en", EN)] {
        let stopped = StaffListPage {
            stops: stops(w),
            tried: true,
            ..list(w, people())
        };
        shown(name, &stopped);
    }
}

fn person(account: AccountState, may: bool) -> StaffPage {
    let held = |post: Post| PostLine {
        title: (post.role == Role::Leader).then(|| "Phó Chủ tịch UBND phường".to_owned()),
        may_end: may && post.valid_to.is_none_or(|last| TODAY <= last),
        post,
    };
    let [clerk, ..] = &people()[..] else {
        panic!("there are people");
    };
    let past = |action: &str, detail: &str| PastLine {
        at: TODAY.at(8, 5, 0, 0),
        action: action.to_owned(),
        by: "quantri".to_owned(),
        detail: detail.to_owned(),
    };
    StaffPage {
        line: StaffLine {
            account,
            totp: may,
            ..clerk.clone()
        },
        posts: clerk.posts.iter().cloned().map(held).collect(),
        may_manage: may,
        may_give: may,
        units: units(),
        history: vec![
            past("account.locked", ""),
            past("post.given", "leader at H56.102 from 2026-11-23"),
            past("another.action", ""),
        ],
        today: TODAY,
    }
}

fn person_page(w: Words, shown: &StaffPage, typed: &Typed, faults: &[Fault]) -> PersonPage {
    let faults = fault_lines(w, faults);
    PersonPage::new(desk(w), shown, (typed, faults), |_| {
        "Phường Hạc Thành".to_owned()
    })
}

#[test]
fn a_member_of_staff() {
    let nothing = Typed::default();
    let open = person(AccountState::Open, true);
    let done = person_page(VI, &open, &nothing, &[]);
    let done = PersonPage {
        done: "admin.done.unlocked",
        ..done
    };
    shown("person", &done);
    let locked = person(AccountState::Locked, true);
    shown("person-en", &person_page(EN, &locked, &nothing, &[]));
    let foreign = person(AccountState::Open, false);
    shown("person-foreign", &person_page(VI, &foreign, &nothing, &[]));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let typed = Typed::new(vec![
        pair("unit", "H56.102"),
        pair("role", "province_controller"),
        pair("valid_from", "31/<11>/2026"),
    ]);
    let faults = [
        Fault::new("role", "fault.post_not_here"),
        Fault::new("valid_from", "fault.post_day"),
    ];
    shown("person-faults", &person_page(VI, &open, &typed, &faults));
    let faults = [Fault::new("last_day", "fault.post_end")];
    shown(
        "person-end-fault",
        &person_page(VI, &open, &nothing, &faults),
    );
}

#[test]
fn the_own_account() {
    let own = |has_totp| OwnAccount {
        login: "tiepnhan.hacthanh".to_owned(),
        has_totp,
    };
    let done = AccountPage {
        done: "account.done.password",
        ..AccountPage::new(desk(VI), own(true), Vec::new())
    };
    shown("account", &done);
    shown(
        "account-en",
        &AccountPage::new(desk(EN), own(false), Vec::new()),
    );
    let faults = [
        Fault::new("old_password", "fault.password_wrong"),
        Fault::new("new_password", "fault.password_short").with("least", &12),
    ];
    let faults = fault_lines(VI, &faults);
    shown(
        "account-faults",
        &AccountPage::new(desk(VI), own(true), faults),
    );
}

#[test]
fn setting_up_one_time_codes() {
    let offer = || TotpOffer {
        address: "otpauth://totp/Mot%20Cua:ngan?secret=JBSWY3DPEHPK3PXP&issuer=Mot%20Cua"
            .to_owned(),
        secret: "JBSW Y3DP EHPK 3PXP".to_owned(),
        sealed: "00ff".to_owned(),
    };
    shown("totp", &TotpPage::new(desk(VI), offer(), Vec::new()));
    let faults = fault_lines(EN, &[Fault::new("code", "fault.totp_code")]);
    let again = TotpPage {
        replaces: true,
        ..TotpPage::new(desk(EN), offer(), faults)
    };
    shown("totp-en", &again);
}

//! Samples of the pages of this crate's own ground.

use app::facts::Settings;
use app::processing::{Progress, Stage};
use app::words::Language;
use askama::Template;
use domain::deadline::{Limit, due};
use domain::dossier::{Refusal, StateKind};
use domain::ids::{DossierCode, UnitId};
use domain::office::Role;
use domain::parameters::Parameters;
use domain::process::{Place, Product, Step};
use jiff::civil::{DateTime, date};

use crate::error::{ConflictPage, ErrorPage, FaultLine, KeptPage, Said, Trouble};
use crate::layout::{Bar, Entry, Frame};
use crate::pages::dossier::Fact;
use crate::pages::samples::{
    FilterView, Hit, Row, RulesPage, SearchPage, SignInPage, TrackPage, UnitView, WaitPage,
    WorkPage,
};
use crate::present::Mark;
use crate::session::Visitor;
use crate::words::Words;

use super::page;

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);

/// The desk's frame of a sample.
fn desk(w: Words) -> Frame {
    let entry = |href, key, count, here| Entry {
        href,
        key,
        count,
        here,
    };
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/viec-cua-toi?phan=late".to_owned(),
        bar: Some(Bar {
            staff: "ngan".to_owned(),
            name: "Hoàng Thị Ngân".to_owned(),
            post: w.of("role", "reception_clerk"),
            standing: String::new(),
            absence: false,
            entries: vec![
                entry("/tiep-nhan", "web.nav.intake", None, false),
                entry("/viec-cua-toi", "web.nav.mine", Some(50), true),
            ],
        }),
    }
}

fn visitor(w: Words) -> Visitor {
    Visitor {
        w,
        here: "/tra-cuu".to_owned(),
    }
}

fn shown(name: &str, template: &impl Template) {
    page(name, &template.render().unwrap());
}

#[test]
fn signing_in() {
    let form = |w: Words, fault: &str, code_needed| SignInPage {
        frame: Frame::public(&visitor(w)),
        w,
        csrf: "s3cret".to_owned(),
        next: "/viec-cua-toi".to_owned(),
        login: if code_needed {
            "lanh\"dao".to_owned()
        } else {
            String::new()
        },
        fault: fault.to_owned(),
        code_needed,
    };
    shown("sign-in", &form(VI, "", false));
    shown("sign-in-en", &form(EN, "", false));
    shown("sign-in-code", &form(VI, "", true));
    shown("sign-in-wrong", &form(VI, VI.t("web.sign_in.wrong"), true));
}

fn row(order: u32, mark: &str, words: &str) -> Row {
    Row {
        id: format!("01a{order}"),
        code: if order == 3 {
            String::new()
        } else {
            format!("H56.112-261112-{order:04}")
        },
        mark: Mark {
            class: mark.to_owned(),
            words: words.to_owned(),
        },
        due: "19/11 17:00".to_owned(),
        procedure: "Đăng ký <khai> sinh & nhận con".to_owned(),
        owner: "Lê Thị Mỹ Khánh".to_owned(),
        step: "Thẩm định".to_owned(),
        note: "Bước sau trả lại".to_owned(),
        channel: "Trực tiếp".to_owned(),
        came: "12/11".to_owned(),
    }
}

fn list(w: Words, rows: Vec<Row>) -> WorkPage {
    let filter = |part: &str, due, count, here| FilterView {
        href: format!("/viec-cua-toi?phan={part}"),
        words: w.of("web.work", part),
        nothing: "web.work.nothing.late",
        show: "web.work.show.today",
        due,
        count,
        here,
    };
    WorkPage {
        frame: desk(w),
        w,
        title: w.t("web.nav.mine").to_owned(),
        meta: w.promise(&date(2026, 11, 23).at(10, 42, 0, 0)),
        units: Vec::new(),
        filters: vec![
            filter("all", "", 50, false),
            filter("late", "due-late dot-late", 0, true),
            filter("today", "due-today dot-today", 7, false),
        ],
        count: 50,
        first: "/viec-cua-toi?phan=late".to_owned(),
        next: if rows.is_empty() {
            String::new()
        } else {
            "/viec-cua-toi?sau=1.a".to_owned()
        },
        further: !rows.is_empty(),
        receives: true,
        rows,
    }
}

#[test]
fn work_lists() {
    let rows = || {
        vec![
            row(1, "due-late", "Quá 2 ngày"),
            row(3, "due-paused", "Chờ bổ sung"),
        ]
    };
    shown("work", &list(VI, rows()));
    shown("work-en", &list(EN, rows()));
    shown("work-empty", &list(VI, Vec::new()));
    let unit = |name: &str, here| UnitView {
        href: "/viec-don-vi?dv=H56.14".to_owned(),
        name: name.to_owned(),
        here,
    };
    let units = vec![unit("Phường Hạc Thành", true), unit("Sở Tư pháp", false)];
    let of_two = WorkPage {
        units,
        ..list(EN, rows())
    };
    shown("work-units-en", &of_two);
}

#[test]
fn searching() {
    let hit = Hit {
        id: "01a".to_owned(),
        code: "H56.112-261112-0018".to_owned(),
        procedure: "Đăng ký lại khai sinh".to_owned(),
        owner: "Phạm Văn Khánh".to_owned(),
        state: VI.of("state", "processing"),
        came: "12/11/2026".to_owned(),
    };
    let asked = "<b>khánh".to_owned();
    shown(
        "search",
        &SearchPage {
            frame: desk(VI),
            w: VI,
            asked: asked.clone(),
            hits: vec![hit],
        },
    );
    shown(
        "search-none",
        &SearchPage {
            frame: desk(EN),
            w: EN,
            asked,
            hits: Vec::new(),
        },
    );
}

fn progress(state: StateKind, now: DateTime) -> Progress {
    let received = date(2026, 11, 12).at(9, 15, 0, 0);
    let settings = Settings::default();
    let step = |name: &str, product| Step {
        name: name.to_owned(),
        name_en: format!("{name} (en)"),
        role: Role::CaseOfficer,
        place: Place::Competent,
        minutes: 240,
        product,
    };
    Progress {
        code: DossierCode::parse("H56.112-261112-0018").unwrap(),
        state,
        procedure: "Đăng ký lại khai sinh".to_owned(),
        receiving: UnitId::parse("H56.112").unwrap(),
        received: Some(received),
        deadline: due(received, Limit::working_days(5), &[], &settings.clock()).ok(),
        apologised: None,
        legal: None,
        attachments: if state == StateKind::Settled { 2 } else { 0 },
        corrected: None,
        correcting: false,
        stages: vec![
            (step("Tiếp nhận", Product::Reception), Stage::Done),
            (step("Thẩm định", Product::Draft), Stage::Now),
            (step("Trả kết quả", Product::Return), Stage::Ahead),
        ],
        now,
    }
}

/// In a green lane: its date is the promise, and the law's stands beside it.
fn hastened(w: Words, now: DateTime) -> TrackPage {
    let slow = progress(StateKind::Processing, now);
    let received = slow.received.unwrap();
    let settings = Settings::default();
    let legal = slow
        .deadline
        .map(|legal| (legal.derivation.limit, legal.due));
    let hastened = Progress {
        deadline: due(received, Limit::Hours(16), &[], &settings.clock()).ok(),
        legal,
        ..progress(StateKind::Processing, now)
    };
    TrackPage::found(&visitor(w), &hastened, "Phường Hạc Thành")
}

#[test]
fn tracking() {
    let now = date(2026, 11, 16).at(10, 42, 0, 0);
    let found =
        |w, state, now| TrackPage::found(&visitor(w), &progress(state, now), "Phường Hạc Thành");
    shown("track", &found(VI, StateKind::Processing, now));
    shown("track-en", &found(EN, StateKind::Processing, now));
    let late = date(2026, 11, 30).at(8, 0, 0, 0);
    shown("track-late", &found(VI, StateKind::Processing, late));
    for (name, w) in [("track-lane", VI), ("track-lane-en", EN)] {
        shown(name, &hastened(w, date(2026, 11, 13).at(10, 42, 0, 0)));
    }
    shown("track-settled", &found(VI, StateKind::Settled, now));
    shown("track-settled-en", &found(EN, StateKind::Settled, now));
    for state in StateKind::ALL {
        for w in [VI, EN] {
            let html = found(w, state, now).render().unwrap();
            assert_eq!(super::faults(&html), Vec::<String>::new(), "{state:?}");
        }
    }
    shown(
        "track-unknown",
        &TrackPage::form(&visitor(VI), "H56\"", VI.t("web.track.unknown")),
    );
    shown("track-form", &TrackPage::form(&visitor(EN), "", ""));
}

#[test]
fn rules_and_slips() {
    let today = date(2026, 11, 22);
    shown(
        "rules",
        &RulesPage::new(Frame::public(&visitor(VI)), Parameters::shipped(), today),
    );
    shown(
        "rules-en",
        &RulesPage::new(desk(EN), Parameters::shipped(), today),
    );
    let waiting = |path: &str, words| WaitPage {
        frame: desk(VI),
        w: VI,
        dossier: "01a".to_owned(),
        url: format!("/ho-so/01a/{path}"),
        words,
    };
    shown("slip-wait", &waiting("phieu/01", "web.slip"));
    shown("result-wait", &waiting("ket-qua", "web.result"));
}

#[test]
fn troubles_in_both_languages() {
    let today = date(2026, 11, 22);
    let at = date(2026, 11, 16).at(16, 5, 0, 0);
    let refused = || Trouble::No(Refusal::AlreadyAsked { at }.into());
    let said = Said::of(&refused(), VI, today);
    shown(
        "error-refused",
        &ErrorPage {
            frame: desk(VI),
            w: VI,
            said,
        },
    );
    let all = [
        Trouble::Missing,
        Trouble::Method,
        Trouble::SignIn,
        Trouble::Forged,
        Trouble::Unreadable,
        Trouble::TooLarge,
        Trouble::TooMany,
        Trouble::Late,
        Trouble::Keyless,
        Trouble::No(app::No::Broken("a disk".into())),
        Trouble::No(app::No::Denied(app::no::Denied::Seen)),
        refused(),
    ];
    for trouble in all {
        for w in [VI, EN] {
            let said = Said::of(&trouble, w, today);
            let html = ErrorPage {
                frame: desk(w),
                w,
                said,
            }
            .render()
            .unwrap();
            assert_eq!(super::faults(&html), Vec::<String>::new(), "{trouble:?}");
            assert!(!html.contains("a disk"), "what broke is for the log alone");
        }
    }
}

#[test]
fn what_was_typed_is_given_back() {
    let today = date(2026, 11, 22);
    let kept = |w: Words, frame, trouble: &Trouble, sign_in: &str| KeptPage {
        frame,
        w,
        said: Said::of(trouble, w, today),
        action: "/ho-so/01a/ask_supplement".to_owned(),
        fields: vec![
            ("reason".to_owned(), "Thiếu <trang 2>".to_owned()),
            ("ask".to_owned(), "1".to_owned()),
        ],
        files: !sign_in.is_empty(),
        held: if sign_in.is_empty() { "" } else { "h3ld" }.to_owned(),
        sign_in: sign_in.to_owned(),
    };
    let outside = Frame::public(&visitor(VI));
    let sign_in = "/dang-nhap?tiep=%2Fho-so%2F01a";
    shown("kept", &kept(VI, outside, &Trouble::SignIn, sign_in));
    shown("kept-renewed", &kept(EN, desk(EN), &Trouble::Forged, ""));
}

#[test]
fn conflicts_and_faults() {
    let said = |faults| Said {
        status: axum::http::StatusCode::CONFLICT,
        title: VI.t("web.trouble.stale.title").to_owned(),
        text: "Đã chuyển bước sau, lúc 23/11 10:40.".to_owned(),
        refusal: None,
        faults,
    };
    let back = "/ho-so/01a".to_owned();
    shown(
        "conflict",
        &ConflictPage {
            frame: desk(VI),
            w: VI,
            said: said(Vec::new()),
            back,
            typed: vec![Fact {
                label: "Nội dung kết quả".to_owned(),
                value: "Chứng thực 02 bản sao.".to_owned(),
            }],
        },
    );
    let fault = FaultLine {
        field: "reason".to_owned(),
        message: "Nêu lý do".to_owned(),
    };
    shown(
        "error-invalid",
        &ErrorPage {
            frame: desk(VI),
            w: VI,
            said: said(vec![fault]),
        },
    );
}

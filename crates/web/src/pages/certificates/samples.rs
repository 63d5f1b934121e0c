//! Samples of the pages of certificates.

use app::certificates::{
    CertificateLine, CertificateList, CertificatePage, CertificateWarning, Missing, MissingLine,
    Part, Registered, StaffPost, TokenChoice,
};
use app::forms::Typed;
use app::no::Fault;
use app::words::Language;
use askama::Template;
use domain::certificate::{Certificate, EndReason, Ended, Holder, KeyAt, NotSigning, Stage};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::office::{Post, Role, Unit, UnitKind};
use jiff::civil::{Date, DateTime, date};

use super::import::{Choices, ImportPage};
use super::list::ListPage;
use super::one::{OnePage, PastRow};
use super::warning;
use crate::error::fault_lines;
use crate::layout::{Bar, Frame};
use crate::samples::page;
use crate::words::Words;

const VI: Words = Words(Language::Vi);
const EN: Words = Words(Language::En);

fn now() -> DateTime {
    date(2026, 11, 23).at(8, 0, 0, 0)
}

fn desk(w: Words) -> Frame {
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/chung-thu".to_owned(),
        bar: Some(Bar {
            staff: "quantri-hacthanh".to_owned(),
            name: "Lê Văn Tú".to_owned(),
            post: w.of("role", "administrator"),
            standing: String::new(),
            absence: false,
            entries: Vec::new(),
        }),
    }
}

fn shown(name: &str, template: &impl Template) {
    page(name, &template.render().unwrap());
}

fn ward() -> UnitId {
    UnitId::parse("H56.102").unwrap()
}

fn unit(id: &str, name: &str) -> Unit {
    Unit {
        id: UnitId::parse(id).unwrap(),
        parent: None,
        kind: UnitKind::Commune,
        name: name.to_owned(),
        area_code: "38".to_owned(),
        valid_from: date(2025, 7, 1),
        valid_to: None,
        successor: None,
    }
}

fn leader() -> Holder {
    Holder::Person {
        staff: StaffId::parse("lanhdao-hacthanh").unwrap(),
        role: Role::Leader,
    }
}

fn line(id: &str, holder: Holder, stage: Stage) -> CertificateLine {
    let seal = holder == Holder::Agency;
    let last = if stage == Stage::Expired {
        date(2026, 11, 20)
    } else {
        date(2026, 12, 8)
    };
    let name = if seal {
        "ỦY BAN NHÂN DÂN PHƯỜNG <HẠC THÀNH>"
    } else {
        "Nguyễn <Văn> Bình"
    };
    let key = if seal {
        KeyAt::Token {
            token: "motcua".to_owned(),
            key: "0a1b".to_owned(),
        }
    } else {
        KeyAt::Remote {
            service: "smartca".to_owned(),
            credential: String::new(),
        }
    };
    let ended = Ended {
        from: date(2026, 11, 21).at(9, 30, 0, 0),
        why: EndReason::KeyLost,
    };
    let row = store_row(Certificate {
        id: CertificateId::parse(id).unwrap(),
        unit: ward(),
        holder,
        subject: format!("CN={name}, UID=CCCD:0380****4321"),
        issuer: "Cơ quan chứng thực <thử nghiệm>".to_owned(),
        serial: "54010abc".to_owned(),
        valid_from: date(2024, 12, 8).at(9, 0, 0, 0),
        valid_to: last.at(9, 0, 0, 0),
        key,
        ended: (stage == Stage::Ended).then_some(ended),
    });
    CertificateLine {
        registered: Registered {
            row,
            holder_name: if seal { String::new() } else { name.to_owned() },
            post_last: Some(Date::MAX),
        },
        stage,
    }
}

fn store_row(certificate: Certificate) -> app::certificates::CertificateRow {
    app::certificates::CertificateRow {
        name: "ỦY BAN NHÂN DÂN PHƯỜNG <HẠC THÀNH>".to_owned(),
        certificate,
        fingerprint: "ab12".repeat(16),
        algorithm: "RSA 2048".to_owned(),
        sealed: Vec::new(),
        registered_by: "quantri-hacthanh".to_owned(),
        registered_at: now(),
    }
}

fn list(w: Words, part: Part, keeps: bool) -> ListPage {
    let all = [
        line("c1", leader(), Stage::Expired),
        line("c2", leader(), Stage::Expiring),
        line("c3", Holder::Agency, Stage::Valid),
        line("c4", leader(), Stage::ToCome),
        line("c5", leader(), Stage::NoPost),
    ];
    let person = Missing::Person {
        staff: StaffId::parse("giamdoc-hacthanh").unwrap(),
        name: "Phạm <Quốc> Khánh".to_owned(),
        role: Role::CentreDirector,
    };
    let since = date(2026, 11, 20).at(9, 0, 0, 0);
    let missing = [
        (Missing::Seal, NotSigning::None),
        (person, NotSigning::Expired { since }),
    ];
    let missing = missing.map(|(who, why)| MissingLine {
        unit: ward(),
        who,
        why,
    });
    let units = [unit("H56.102", "Phường Hạc Thành"), unit("H56", "Tỉnh")];
    let counts = Part::ALL.into_iter().zip([5, 2, 1, 1, 2, 1]);
    let list = CertificateList {
        unit: None,
        units: if keeps { units.into() } else { Vec::new() },
        part,
        counts: counts.collect(),
        lines: match part {
            Part::All => all.into(),
            Part::Ended => vec![line("c6", leader(), Stage::Ended)],
            _ => Vec::new(),
        },
        next: (part == Part::Ended).then(|| "1763000000000.c6".parse().unwrap()),
        missing: if part == Part::Missing && keeps {
            missing.into()
        } else {
            Vec::new()
        },
        warned: 30,
        now: now(),
    };
    ListPage::new(desk(w), &list, |_| "Phường Hạc Thành".to_owned())
}

#[test]
fn the_register_of_certificates() {
    shown("certificates", &list(VI, Part::All, true));
    shown("certificates-en", &list(EN, Part::All, true));
    shown("certificates-missing", &list(VI, Part::Missing, true));
    shown("certificates-missing-en", &list(EN, Part::Missing, true));
    shown("certificates-ended", &list(VI, Part::Ended, true));
    shown("certificates-none", &list(VI, Part::Expired, true));
    shown("certificates-none-missing", &list(EN, Part::Missing, false));
}

fn one(w: Words, line: CertificateLine, typed: &Typed, faults: &[Fault]) -> OnePage {
    let shown = CertificatePage {
        person: true,
        credential: "0380****4321".to_owned(),
        issuers: 2,
        may_end: line.stage != Stage::Ended,
        line,
        history: Vec::new(),
        warned: 30,
        now: now(),
    };
    let faults = fault_lines(w, faults);
    let past = PastRow {
        at: "23/11/2026 08:00".to_owned(),
        what: w.of("admin.action", "certificate.registered"),
        by: "quantri-hacthanh".to_owned(),
    };
    let page = OnePage::new(desk(w), &shown, (typed, faults), |_| {
        "Phường Hạc Thành".to_owned()
    });
    OnePage {
        past: vec![past],
        ..page
    }
}

#[test]
fn a_certificate_s_own_page() {
    let nothing = Typed::default();
    let done = OnePage {
        done: "certificate.done.registered",
        ..one(VI, line("c2", leader(), Stage::Expiring), &nothing, &[])
    };
    shown("certificate", &done);
    let seal = line("c3", Holder::Agency, Stage::Valid);
    shown("certificate-en", &one(EN, seal, &nothing, &[]));
    let ended = line("c1", leader(), Stage::Ended);
    shown("certificate-ended", &one(VI, ended, &nothing, &[]));
    let mut typed = Typed::default();
    typed.set("last", "<hôm qua>");
    let faults = [
        Fault::new("why", "fault.certificate.why"),
        Fault::new("last", "fault.certificate.last"),
    ];
    let wrong = line("c2", leader(), Stage::Expiring);
    shown("certificate-faults", &one(VI, wrong, &typed, &faults));
}

fn choices(tokens: Option<Vec<TokenChoice>>) -> Choices {
    let held = |staff: &str, name: &str, role| StaffPost {
        post: Post {
            staff: StaffId::parse(staff).unwrap(),
            unit: ward(),
            role,
            valid_from: date(2025, 7, 1),
            valid_to: None,
        },
        name: name.to_owned(),
        counter: None,
        title: None,
    };
    Choices {
        units: vec![unit("H56.102", "Phường Hạc Thành")],
        posts: vec![
            held("lanhdao-hacthanh", "Nguyễn <Văn> Bình", Role::Leader),
            held("vanthu-hacthanh", "Trần Thu Hà", Role::SealClerk),
        ],
        tokens,
    }
}

fn form(w: Words, choices: &Choices, typed: &Typed, faults: &[Fault]) -> ImportPage {
    let faults = fault_lines(w, faults);
    ImportPage::new(desk(w), choices, (typed, faults), |_| {
        "Phường Hạc Thành".to_owned()
    })
}

#[test]
fn registering_a_certificate() {
    let token = TokenChoice {
        value: "motcua/0a1b/ab12".to_owned(),
        token: "motcua".to_owned(),
        key: "0a1b".to_owned(),
        name: "Nguyễn <Văn> Bình".to_owned(),
        valid_to: date(2028, 1, 1).at(9, 0, 0, 0),
    };
    let nothing = Typed::default();
    let with = choices(Some(vec![token]));
    shown("certificate-import", &form(VI, &with, &nothing, &[]));
    let silent = choices(None);
    shown("certificate-import-en", &form(EN, &silent, &nothing, &[]));
    let mut typed = Typed::default();
    typed.set("holder", "lanhdao-hacthanh/H56.102/leader");
    typed.set("key", "token");
    typed.set("token", "mot<cua>");
    typed.set("pem", "-----BEGIN <CERTIFICATE>-----");
    let faults = [
        Fault::new("file", "fault.certificate.unread"),
        Fault::new("key_id", "fault.certificate.key_id"),
    ];
    let none = choices(Some(Vec::new()));
    shown(
        "certificate-import-faults",
        &form(VI, &none, &typed, &faults),
    );
}

#[test]
fn warnings_say_how_many_and_when() {
    let said = CertificateWarning {
        expiring: 2,
        soonest: Some(date(2026, 12, 8).at(9, 0, 0, 0)),
        missing: 3,
    };
    let vi = warning(VI, &said);
    assert_eq!(
        vi,
        [
            "2 chứng thư sắp hết hạn, sớm nhất 08/12/2026",
            "3 vị trí ký, con dấu chưa có chứng thư"
        ]
    );
    let missing = CertificateWarning {
        soonest: None,
        expiring: 0,
        ..said
    };
    assert_eq!(warning(EN, &missing).len(), 1);
    assert!(warning(EN, &CertificateWarning::default()).is_empty());
}

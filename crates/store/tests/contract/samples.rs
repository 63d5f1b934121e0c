//! Small values that several suites need.

use domain::deadline::Limit;
use domain::ids::{ProcedureCode, StaffId, UnitId};
use domain::office::{Post, Role, Unit, UnitKind};
use domain::procedure::{
    Case, Channel, Component, Level, Offer, OnlineClass, Procedure, SupplementRule,
};
use jiff::civil::{Date, DateTime, date};
use store::{AuditLine, NewPost, StaffMember, Store};

pub(crate) fn code(text: &str) -> ProcedureCode {
    ProcedureCode::parse(text).unwrap()
}

pub(crate) fn unit_id(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

pub(crate) fn staff_id(text: &str) -> StaffId {
    StaffId::parse(text).unwrap()
}

/// A day on which everything below is in force.
pub(crate) fn today() -> Date {
    date(2026, 11, 24)
}

/// So many minutes after eight o'clock of that day.
pub(crate) fn at(minute: i64) -> DateTime {
    today()
        .at(8, 0, 0, 0)
        .checked_add(jiff::Span::new().minutes(minute))
        .unwrap()
}

pub(crate) fn audit(action: &str) -> AuditLine {
    AuditLine {
        actor: "admin".to_owned(),
        action: action.to_owned(),
        subject: "register".to_owned(),
        purpose: String::new(),
        detail: "{}".to_owned(),
    }
}

pub(crate) fn procedure(code_text: &str, name: &str) -> Procedure {
    let component = Component {
        number: 1,
        code: None,
        name: "Tờ khai theo mẫu".to_owned(),
        mandatory: true,
        originals: 1,
        copies: 0,
        held_by: None,
        replaced_by: None,
    };
    let offer = |channel| Offer {
        channel,
        limit: Some(Limit::working_days(5)),
        note: String::new(),
        fees: Vec::new(),
    };
    Procedure {
        code: code(code_text),
        version: 0,
        name: name.to_owned(),
        field: "Hộ tịch".to_owned(),
        decision: "QĐ 1".to_owned(),
        valid_from: date(2026, 1, 1),
        valid_to: None,
        levels: vec![Level::Commune],
        online: OnlineClass::Full,
        audience: vec!["Công dân Việt Nam".to_owned()],
        offers: vec![offer(Channel::Direct), offer(Channel::Post)],
        cases: vec![Case {
            number: 1,
            name: String::new(),
            components: vec![component],
        }],
        results: Vec::new(),
        legal_basis: Vec::new(),
        agencies: Vec::new(),
        conditions: String::new(),
        supplement: SupplementRule::default(),
        consultation: None,
        lanes: Vec::new(),
        result_text: String::new(),
        without_paper: false,
        own_terms: None,
        source: "national".to_owned(),
    }
}

pub(crate) fn unit(id: &str, parent: Option<&str>, kind: UnitKind, name: &str) -> Unit {
    Unit {
        id: unit_id(id),
        parent: parent.map(unit_id),
        kind,
        name: name.to_owned(),
        area_code: "38".to_owned(),
        valid_from: date(2025, 7, 1),
        valid_to: None,
        successor: None,
    }
}

pub(crate) fn post(staff: &str, unit: &str, role: Role) -> NewPost {
    let post = Post {
        staff: staff_id(staff),
        unit: unit_id(unit),
        role,
        valid_from: date(2026, 1, 1),
        valid_to: None,
    };
    NewPost {
        post,
        counter: None,
        title: None,
    }
}

/// Two wards of a province, and three members of staff of the first.
pub(crate) async fn office(store: &Store) {
    let units = vec![
        unit("H56", None, UnitKind::Province, "Tỉnh Thanh Hóa"),
        unit(
            "H56.112",
            Some("H56"),
            UnitKind::Commune,
            "Phường Hạc Thành",
        ),
        unit("H56.113", Some("H56"), UnitKind::Commune, "Phường Đông Sơn"),
    ];
    store
        .save_units(units, at(0), audit("units.saved"))
        .await
        .unwrap();
    for (id, name) in [
        ("an", "Lê Thị An"),
        ("binh", "Đỗ Văn Bình"),
        ("chi", "Dương Kim Chi"),
    ] {
        let member = StaffMember {
            id: staff_id(id),
            name: name.to_owned(),
        };
        store.save_staff(member).await.unwrap();
    }
}

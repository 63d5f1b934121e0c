//! Samples of the form with documents of the owner's store.

use app::access::Desk;
use app::catalogue::starter;
use app::held::{Held, StandIns, Standing};
use app::intake::Offered;
use app::no::Fault;
use domain::ids::{DossierId, UnitId};
use domain::procedure::Validity;
use jiff::civil::{Date, date};

use super::reuse::{Offering, show};
use super::samples::{EN, VI, at_desk, now, preview, shown, typed};

const TODAY: Date = date(2026, 11, 23);

fn one(dossier: &str, validity: Option<Validity>) -> (u16, Held) {
    let given = starter::procedures().iter();
    let mut given = given.filter(|p| p.code.as_str() == "1.001699");
    let held = Held {
        dossier: DossierId::parse(dossier).unwrap(),
        procedure: std::sync::Arc::new(given.next_back().unwrap().clone()),
        agency: UnitId::parse("H56.102").unwrap(),
        number: "12/KQ-H56.102".to_owned(),
        issued: now(),
        standing: Standing::Valid,
        validity,
        file: None,
    };
    (2, held)
}

fn found(valid: Vec<(u16, Held)>, expired: Vec<(u16, Held)>, more: Vec<u16>) -> Offered {
    Offered {
        looked: true,
        documents: StandIns {
            valid,
            expired,
            more,
        },
        refused: None,
        today: TODAY,
    }
}

fn nothing() -> Offered {
    Offered {
        looked: false,
        ..found(Vec::new(), Vec::new(), Vec::new())
    }
}

#[test]
fn documents_of_the_store_stand_beside_the_papers_that_they_stand_in_for() {
    let until = |day| Some(Validity::Until(day));
    let offers = || {
        let valid = vec![one("d7", until(date(2027, 5, 23))), one("d8", None)];
        found(valid, Vec::new(), vec![2])
    };
    let expired = found(
        Vec::new(),
        vec![one("d7", until(date(2026, 11, 22)))],
        Vec::new(),
    );
    let many = Fault::new("reuse_consent", "fault.store_looks");
    let many = Offered {
        refused: Some(many.with("most", &60).with("rule", &"KHO-04")),
        ..nothing()
    };
    let agreed = [("c2", "kho-d7"), ("reuse_consent", "on")];
    for (name, w, fields, offered) in [
        ("intake-reuse", VI, &agreed[..], offers()),
        ("intake-reuse-en", EN, &agreed[..], offers()),
        ("intake-reuse-fault", VI, &agreed[..1], nothing()),
        ("intake-reuse-ask", VI, &[], nothing()),
        ("intake-reuse-expired", VI, &agreed[1..], expired.clone()),
        ("intake-reuse-expired-en", EN, &agreed[1..], expired),
        ("intake-reuse-many", VI, &agreed[1..], many),
    ] {
        let owner = [
            ("procedure", "1.001776"),
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
        ];
        let typed = typed(&[&owner[..], fields].concat());
        let found = preview("1.001776", &typed);
        let unagreed = Fault::new("reuse_consent", "fault.reuse_consent");
        let unagreed = [unagreed.with("rule", &"KHO-01")];
        let faults = if name == "intake-reuse-fault" {
            &unagreed[..]
        } else {
            &[]
        };
        let mut v = at_desk(Desk::Counter, w, (&typed, faults, Some(&found)));
        let offering = Offering {
            w,
            typed: &typed,
            offers: &offered,
            unit: &|_| "Phường <Hạc Thành>".to_owned(),
        };
        show(&mut v, &offering);
        assert!(v.consent.is_some(), "{name}");
        shown(name, w, v);
    }
}

//! Samples of the store's page and of the list of results without a seal.

use std::sync::Arc;

use app::catalogue::starter;
use app::held::{Held, HeldPage, Listed, Standing, Unsealed, UnsealedPage, UnsealedUnit};
use app::words::Language;
use askama::Template as _;
use domain::ids::{DossierId, UnitId};
use domain::procedure::Validity;
use jiff::civil::date;

use super::of_dossier::HeldShown;
use super::unsealed::UnsealedShown;
use crate::pages::intake::samples::desk;
use crate::pages::stopped::samples::stops;
use crate::samples::page;
use crate::words::Words;

fn dossier(id: &str) -> DossierId {
    DossierId::parse(id).unwrap()
}

fn ward() -> UnitId {
    UnitId::parse("H56.102").unwrap()
}

fn named(unit: &UnitId) -> String {
    match unit.as_str() {
        "H56.102" => "Ủy ban nhân dân phường <Hạc Thành>".to_owned(),
        _ => "Sở Tư pháp".to_owned(),
    }
}

fn document(id: &str, code: &str, standing: Standing) -> Held {
    let procedures = starter::procedures();
    let procedure = procedures.iter().find(|p| p.code.as_str() == code).unwrap();
    Held {
        dossier: dossier(id),
        procedure: Arc::new(procedure.clone()),
        agency: ward(),
        number: "12/KQ-H56.102".to_owned(),
        issued: date(2026, 11, 20).at(9, 30, 0, 0),
        standing,
        validity: Some(Validity::Unlimited),
        file: None,
    }
}

fn listed(document: Held) -> Listed {
    Listed {
        document,
        used: None,
        attachments: Vec::new(),
    }
}

/// With two attachments in files of their own.
fn with_two(document: Held, used: Option<u16>) -> Listed {
    let attachments = ["Bản vẽ <vị trí>", "Danh sách hộ dân"];
    Listed {
        used,
        attachments: attachments.map(str::to_owned).to_vec(),
        ..listed(document)
    }
}

#[test]
fn the_store_of_a_dossier_s_owner() {
    for (name, language, there) in [
        ("held", Language::Vi, true),
        ("held-en", Language::En, true),
        ("held-none", Language::Vi, false),
    ] {
        let until = |day| Held {
            validity: Some(Validity::Until(day)),
            ..document("d5", "1.004873", Standing::Valid)
        };
        let unstated = Held {
            validity: None,
            ..document("d6", "1.001699", Standing::Valid)
        };
        let documents = vec![
            with_two(document("d2", "1.001699", Standing::Valid), Some(2)),
            listed(document("d3", "1.000689", Standing::Withdrawn)),
            with_two(document("d4", "1.000894", Standing::Replaced), None),
            listed(until(date(2026, 11, 22))),
            listed(until(date(2027, 5, 20))),
            listed(unstated),
        ];
        let found = HeldPage {
            dossier: dossier("d1"),
            today: date(2026, 11, 23),
            next: there.then(|| "1763000000000.d4".parse().unwrap()),
            documents: if there { documents } else { Vec::new() },
        };
        let shown = HeldShown::of(desk(Words(language)), &found, &named);
        page(name, &shown.render().unwrap());
    }
}

fn list(units: Vec<UnsealedUnit>, rows: Vec<Unsealed>) -> UnsealedPage {
    UnsealedPage {
        unit: (!rows.is_empty()).then(ward),
        rows,
        next: "1763000000000.d2".parse().ok(),
        units,
    }
}

fn figures() -> Vec<UnsealedUnit> {
    let department = UnitId::parse("H56.02").unwrap();
    let figure = |agency, results| UnsealedUnit { agency, results };
    vec![figure(ward(), 2), figure(department, 31)]
}

fn row(id: &str, (may_seal, signed, digitised): (bool, bool, bool)) -> Unsealed {
    Unsealed {
        dossier: dossier(id),
        code: "H56.102-261120-0007".to_owned(),
        procedure: "Đăng ký <khai sinh>".to_owned(),
        agency: ward(),
        number: "12/KQ-H56.102".to_owned(),
        issued: date(2026, 11, 20).at(9, 30, 0, 0),
        may_seal,
        signed,
        digitised,
    }
}

#[test]
fn results_without_a_seal() {
    let rows = || {
        vec![
            row("d1", (true, true, false)),
            row("d2", (false, true, false)),
            row("d3", (true, false, false)),
            row("d4", (true, false, true)),
        ]
    };
    for (name, language) in [("unsealed", Language::Vi), ("unsealed-en", Language::En)] {
        let found = list(figures(), rows());
        let shown = UnsealedShown::of(desk(Words(language)), &found, &named);
        page(name, &shown.render().unwrap());
    }
    let w = Words(Language::Vi);
    let ordered = UnsealedShown {
        ordered: "unsealed.ordered",
        ..UnsealedShown::of(desk(w), &list(figures(), rows()), &named)
    };
    page("unsealed-ordered", &ordered.render().unwrap());
    for (name, language) in [
        ("unsealed-stopped", Language::Vi),
        ("unsealed-stopped-en", Language::En),
    ] {
        let w = Words(language);
        let stopped = UnsealedShown {
            ordered: "seal.stop.ordered",
            stops: stops(w),
            ..UnsealedShown::of(desk(w), &list(figures(), rows()), &named)
        };
        page(name, &stopped.render().unwrap());
    }
    let fault = UnsealedShown {
        fault: w.t("fault.seal_anew_unsigned").to_owned(),
        ..UnsealedShown::of(desk(w), &list(figures(), rows()), &named)
    };
    page("unsealed-fault", &fault.render().unwrap());
    let province = UnsealedShown::of(desk(w), &list(figures(), Vec::new()), &named);
    page("unsealed-province", &province.render().unwrap());
    let none = UnsealedShown::of(desk(w), &list(Vec::new(), Vec::new()), &named);
    page("unsealed-none", &none.render().unwrap());
}

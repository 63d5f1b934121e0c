//! What ships with the product: procedures, processes, units.

use std::collections::BTreeSet;

use domain::deadline::Limit;
use domain::ids::UnitId;
use domain::money::Dong;
use domain::office::{Unit, UnitKind};
use domain::procedure::{Channel, Level, Procedure};
use domain::process::{Place, Product};

use super::super::processes::default_process;
use super::super::{starter, units};
use super::RECORDS;

fn starter_of(code: &str) -> &'static Procedure {
    starter::procedures()
        .iter()
        .find(|p| p.code.as_str() == code)
        .expect(code)
}

#[test]
fn a_hundred_and_seventy_procedures_ship() {
    let all = starter::procedures();
    let codes: BTreeSet<&str> = all.iter().map(|p| p.code.as_str()).collect();
    assert_eq!((all.len(), codes.len()), (170, 170));
    let count = |level| all.iter().filter(|p| p.levels == [level]).count();
    assert_eq!((count(Level::Commune), count(Level::Province)), (152, 18));
    assert!(
        all.iter()
            .all(|p| !p.name.is_empty() && !p.cases[0].components.is_empty())
    );
    assert!(
        all.iter()
            .all(|p| !p.results[0].name.is_empty() && !p.source.is_empty())
    );
}

#[test]
fn every_starter_procedure_is_received_at_the_counter_unless_published_online_only() {
    let online_only: Vec<&str> = starter::procedures()
        .iter()
        .filter(|p| p.offer(Channel::Direct).is_none())
        .map(|p| p.code.as_str())
        .collect();
    assert_eq!(
        online_only,
        ["1.003197", "1.010039", "1.010041", "1.003677", "1.012575"]
    );
    assert!(
        online_only
            .iter()
            .all(|code| starter_of(code).offer(Channel::Online).is_some())
    );
    let silent = starter_of("3.000722");
    assert_eq!(silent.offers.len(), 1);
    assert!(
        silent.offers[0]
            .note
            .starts_with("Nguồn không công bố cách thức")
    );
}

#[test]
fn starter_limits_and_charges_are_those_of_the_source() {
    let limit = |code, channel| {
        starter_of(code)
            .offer(channel)
            .unwrap()
            .limit
            .map(|l| l.to_string())
    };
    for (code, channel, expected) in [
        ("2.000815", Channel::Direct, Some("sameday")),
        ("1.001193", Channel::Post, Some("sameday")),
        ("1.011443", Channel::Direct, Some("sameday")),
        ("1.004873", Channel::Direct, Some("3wd")),
        ("2.001159", Channel::Direct, Some("1h")),
        ("1.013133", Channel::Online, Some("2h")),
        ("1.013133", Channel::Direct, Some("1wd")),
        ("1.013225", Channel::Direct, Some("15d")),
        ("1.013225", Channel::Online, Some("20d")),
        ("3.000722", Channel::Direct, None),
    ] {
        assert_eq!(
            limit(code, channel).as_deref(),
            expected,
            "{code} {channel:?}"
        );
    }
    let fee = |code, channel| starter_of(code).offer(channel).unwrap().fees[0].amount;
    assert_eq!(fee("2.000815", Channel::Direct), Some(Dong(2_000)));
    assert_eq!(fee("1.004222", Channel::Direct), Some(Dong(20_000)));
    assert_eq!(fee("1.004222", Channel::Online), Some(Dong(10_000)));
    assert_eq!(
        fee("2.001610", Channel::Online),
        None,
        "the source names no online amount"
    );
    assert_eq!(
        fee("1.004873", Channel::Direct),
        None,
        "the province decides"
    );
    assert_eq!(starter_of("1.001193").decision, "163/QĐ-BTP");
}

#[test]
fn what_a_database_holds_is_not_handed_in() {
    let components = starter::procedures()
        .iter()
        .flat_map(|p| &p.cases[0].components);
    let (held, handed): (Vec<_>, Vec<_>) = components.partition(|c| c.held_by.is_some());
    assert_eq!((held.len(), handed.len()), (118, 392));
    assert!(held.iter().all(|c| c.originals + c.copies == 0));
    assert!(handed.iter().all(|c| c.originals + c.copies == 1));
}

#[test]
fn every_process_fits_every_limit_of_its_procedure() {
    let imported = RECORDS
        .iter()
        .filter_map(|record| record.outcome.procedure());
    let mut checked = 0;
    for procedure in starter::procedures().iter().chain(imported) {
        let process = default_process(procedure);
        process
            .check(None)
            .unwrap_or_else(|fault| panic!("{}: {fault}", procedure.code));
        for offer in &procedure.offers {
            process
                .check(offer.limit)
                .unwrap_or_else(|fault| panic!("{}: {fault}", procedure.code));
        }
        assert!(
            process.steps.iter().all(|step| step.minutes >= 5),
            "{}",
            procedure.code
        );
        checked += 1;
    }
    assert!(checked > 2_700, "{checked}");
}

#[test]
fn time_is_spread_by_the_kind_of_limit() {
    let minutes = |code: &str, limit: Option<Limit>| -> Vec<u32> {
        let mut procedure = starter_of(code).clone();
        procedure.offers.truncate(1);
        procedure.offers[0].limit = limit;
        default_process(&procedure)
            .steps
            .iter()
            .map(|step| step.minutes)
            .collect()
    };
    assert_eq!(
        minutes("2.001159", Some(Limit::Hours(1))),
        [10, 25, 10, 10, 5]
    );
    assert_eq!(
        minutes("2.000815", Some(Limit::SameDay)),
        [60, 240, 60, 60, 60]
    );
    assert_eq!(minutes("2.000815", None).iter().sum::<u32>(), 5 * 480);
    let department = minutes("1.012790", Some(Limit::working_days(10)));
    assert_eq!(
        (department.len(), department.iter().sum::<u32>()),
        (7, 4_800)
    );
    assert!(department.iter().all(|step| step.is_multiple_of(30)));
}

#[test]
fn steps_are_worked_on_where_they_belong() {
    let process = default_process(starter_of("2.000815"));
    let at_the_centre: Vec<Product> = process
        .steps
        .iter()
        .filter(|s| s.place == Place::Centre)
        .map(|s| s.product)
        .collect();
    assert_eq!(at_the_centre, [Product::Reception, Product::Return]);
}

#[test]
fn the_country_has_34_provinces_and_3321_communes() {
    let all = units::all();
    let count = |kind| all.iter().filter(|unit| unit.kind == kind).count();
    assert_eq!(
        (count(UnitKind::Province), count(UnitKind::Commune)),
        (34, 3_321)
    );
    assert_eq!(
        (
            count(UnitKind::Department),
            count(UnitKind::ProvincialCentre)
        ),
        (14, 1)
    );
    let ids: BTreeSet<&UnitId> = all.iter().map(|unit| &unit.id).collect();
    assert_eq!(ids.len(), all.len(), "identifiers are unique");
    let mut known = BTreeSet::new();
    for unit in &all {
        assert!(
            unit.parent
                .as_ref()
                .is_none_or(|parent| known.contains(parent)),
            "{}",
            unit.id
        );
        known.insert(&unit.id);
    }
    assert_eq!(units::all(), all, "identifiers do not depend on the run");
}

#[test]
fn thanh_hoa_has_its_166_communes() {
    let all = units::all();
    let thanh_hoa = UnitId::parse("H56").unwrap();
    let communes: Vec<&Unit> = all
        .iter()
        .filter(|u| u.kind == UnitKind::Commune && u.parent.as_ref() == Some(&thanh_hoa))
        .collect();
    assert_eq!(communes.len(), 166);
    assert_eq!(
        (communes[0].id.as_str(), communes[165].id.as_str()),
        ("H56.101", "H56.266")
    );
    assert!(communes.is_sorted_by_key(|commune| &commune.area_code));
    for name in ["Phường Hạc Thành", "Phường Nguyệt Viên"] {
        assert!(
            communes.iter().any(|commune| commune.name == name),
            "{name}"
        );
    }
}

#[test]
fn competence_follows_the_level_and_the_field() {
    let all = units::all();
    let unit = |id: &str| all.iter().find(|unit| unit.id.as_str() == id).expect(id);
    let (ward, centre) = (unit("H56.101"), unit("H56.99"));
    let usual = |code, receiving| units::usual_agency(starter_of(code), receiving, &all);
    let decides = |code, receiving| usual(code, receiving).unwrap();
    assert_eq!(decides("2.000815", ward).as_str(), "H56.101");
    assert_eq!(
        decides("1.012790", centre).as_str(),
        "H56.06",
        "land: agriculture and environment"
    );
    assert_eq!(
        decides("1.012790", ward).as_str(),
        "H56.06",
        "regardless of where it came in"
    );
    assert_eq!(
        decides("1.000828", centre).as_str(),
        "H56.03",
        "lawyers: justice"
    );
    assert_eq!(
        decides("1.001456", centre).as_str(),
        "H56",
        "passports: not a department"
    );
    assert_eq!(
        usual("2.000815", centre),
        None,
        "the centre names no commune"
    );
    assert_eq!(
        decides("1.012790", unit("H26.101")).as_str(),
        "H26",
        "no departments shipped"
    );
}

#[test]
fn every_field_of_the_table_names_a_shipped_department() {
    let all = units::all();
    let table = include_str!("../../../data/field-departments.csv");
    for row in super::super::csv::rows(table) {
        assert!(all.iter().any(|unit| unit.name == row[1]), "{row:?}");
    }
    for procedure in starter::procedures()
        .iter()
        .filter(|p| p.levels == [Level::Province])
    {
        let centre = all
            .iter()
            .find(|unit| unit.kind == UnitKind::ProvincialCentre)
            .unwrap();
        let department = units::usual_agency(procedure, centre, &all).unwrap();
        let known = department.as_str() != "H56";
        let police = [
            "Quản lý xuất nhập cảnh",
            "Lý lịch tư pháp",
            "Sát hạch, cấp giấy phép lái xe",
        ];
        assert_eq!(
            known,
            !police.contains(&procedure.field.as_str()),
            "{}",
            procedure.field
        );
    }
}

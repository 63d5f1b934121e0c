//! The plan of an import, against a catalogue that is empty, the same, or another.

use domain::ids::ProcedureCode;
use domain::procedure::{Offer, Procedure};
use jiff::civil::{Date, date};

use super::super::import::{Curated, NewVersion, Plan, Published, content_hash, plan};
use super::super::national::{Record, SOURCE};
use super::super::reason::Cause;
use super::super::starter;
use super::{RECORDS, judged, sound};

const TODAY: Date = date(2026, 11, 22);

fn published(plan: &Plan) -> Published {
    let entry = |v: &NewVersion| {
        (
            v.procedure.code.clone(),
            (v.procedure.version, v.content_hash.clone()),
        )
    };
    plan.publish.iter().map(entry).collect()
}

#[test]
fn the_second_import_of_the_same_file_changes_nothing() {
    let first = plan(
        RECORDS.clone(),
        &Published::new(),
        &Curated::default(),
        TODAY,
    );
    let taken = first.report.accepted + first.report.warned;
    assert_eq!(
        (first.publish.len(), first.report.new, first.unchanged),
        (taken, taken, 0)
    );
    assert!(
        first
            .publish
            .iter()
            .all(|v| v.procedure.version == 1 && v.procedure.valid_from == TODAY)
    );
    let second = plan(
        RECORDS.clone(),
        &published(&first),
        &Curated::default(),
        date(2026, 12, 1),
    );
    assert_eq!(
        (second.publish.len(), second.unchanged, second.gone.len()),
        (0, taken, 0)
    );
}

#[test]
fn a_changed_record_is_the_next_version_and_a_missing_one_is_listed() {
    let records = |name: &str| -> Vec<Record> {
        let mut changed = sound("1.001193");
        changed["TENTTHC"] = name.into();
        vec![judged(&changed), judged(&sound("2.000815"))]
    };
    let first = plan(records("Cũ"), &Published::new(), &Curated::default(), TODAY);
    let second = plan(
        records("Mới"),
        &published(&first),
        &Curated::default(),
        TODAY,
    );
    let [version] = second.publish.as_slice() else {
        panic!("{:?}", second.publish)
    };
    assert_eq!(
        (version.procedure.name.as_str(), version.procedure.version),
        ("Mới", 2)
    );
    assert_eq!((second.report.changed, second.unchanged), (1, 1));

    let third = plan(
        records("Mới").split_off(1),
        &published(&first),
        &Curated::default(),
        TODAY,
    );
    let gone: Vec<&str> = third.gone.iter().map(ProcedureCode::as_str).collect();
    assert_eq!(
        (gone, third.publish.len(), third.report.gone),
        (vec!["1.001193"], 0, 1)
    );
}

#[test]
fn the_national_file_takes_nothing_from_the_starter_catalogue() {
    let starter = starter::procedures();
    let own = Curated::of(starter.to_vec(), Vec::new());
    let hashed = |p: &Procedure| (p.code.clone(), (1, content_hash(p)));
    let shipped: Published = starter.iter().map(hashed).collect();
    let first = plan(RECORDS.clone(), &shipped, &own, TODAY);
    let mut merged = own.clone();
    let mut versions = shipped;
    for new in &first.publish {
        let new = new.procedure.clone();
        versions.insert(new.code.clone(), (new.version, content_hash(&new)));
        merged.in_force.insert(new.code.clone(), new);
    }
    for before in starter {
        let after = &merged.in_force[&before.code];
        for offer in after.offers.iter().filter(|offer| offer.limit.is_none()) {
            let was = before.offer(offer.channel).and_then(|was| was.limit);
            let of_channel = |o: &&Offer| o.channel == offer.channel;
            let any = after
                .offers
                .iter()
                .filter(of_channel)
                .any(|o| o.limit.is_some());
            assert!(was.is_none() || any, "{} lost {was:?}", before.code);
        }
    }
    let code = ProcedureCode::parse("2.000815").unwrap();
    let limit = |all: &Curated| all.in_force[&code].offers[0].limit;
    assert_eq!(limit(&merged), limit(&own));
    assert!(first.report.reasons[&Cause::KeptCurated].records > 100);
    merged
        .in_force
        .retain(|_, procedure| procedure.source != SOURCE);
    let second = plan(RECORDS.clone(), &versions, &merged, date(2026, 12, 1));
    assert_eq!((second.publish.len(), second.report.new), (0, 0));
    assert_eq!(second.report.reasons, first.report.reasons);
}

#[test]
fn a_quarantined_record_leaves_what_is_published_and_is_not_gone() {
    let first = plan(
        vec![judged(&sound("1.001193"))],
        &Published::new(),
        &Curated::default(),
        TODAY,
    );
    let mut hidden = sound("1.001193");
    hidden["TRANGTHAI"] = "0".into();
    let second = plan(
        vec![judged(&hidden)],
        &published(&first),
        &Curated::default(),
        TODAY,
    );
    assert!(second.publish.is_empty() && second.gone.is_empty());
    let [set_aside] = second.report.quarantine.as_slice() else {
        panic!("one record")
    };
    assert_eq!((set_aside.line, set_aside.code.as_str()), (1, "1.001193"));
}

#[test]
fn the_hash_is_of_what_is_said_and_not_of_when() {
    let record = judged(&sound("1.001193"));
    let procedure = record.outcome.procedure().unwrap();
    let hash = content_hash(procedure);
    let mut later = procedure.clone();
    (later.version, later.valid_from, later.valid_to) = (7, TODAY, Some(TODAY));
    assert_eq!(content_hash(&later), hash);
    later.name.push('!');
    assert_ne!(content_hash(&later), hash);
    assert_eq!(hash.len(), 64);
}

#[test]
fn the_report_is_a_table_and_json() {
    let report = plan(
        RECORDS.clone(),
        &Published::new(),
        &Curated::default(),
        TODAY,
    )
    .report;
    let table = report.table(|key| format!("«{key}»"));
    let starts: Vec<&str> = table
        .lines()
        .take(4)
        .map(|l| l.split("  ").next().unwrap())
        .collect();
    assert_eq!(
        starts,
        [
            "«import.report.records»",
            "«import.report.accepted»",
            "«import.report.warned»",
            "«import.report.quarantined»",
        ]
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["records"], 2_642);
    assert_eq!(json["reasons"]["channel_missing"]["records"], 15);
}

//! One defect at a time, then all of the real file.

use std::time::{Duration, Instant};

use domain::deadline::Limit;
use domain::money::Dong;
use domain::procedure::{Channel, Procedure};
use serde_json::{Value, json};

use super::super::national::Outcome;
use super::super::reason::Cause;
use super::super::report::Report;
use super::{NATIONAL, RECORDS, judged, read, sound};

#[test]
fn a_sound_record_is_taken_as_it_stands() {
    let record = judged(&sound("1.001193"));
    let Outcome::Accepted(procedure) = record.outcome else {
        panic!("{:?}", record.outcome)
    };
    let offer = procedure.offer(Channel::Direct).unwrap();
    assert_eq!(offer.limit, Some(Limit::working_days(5)));
    assert_eq!(offer.fees[0].amount, Some(Dong(8_000)));
    assert_eq!(procedure.case(1).unwrap().components[0].originals, 1);
    assert_eq!((record.line, record.code.as_str()), (1, "1.001193"));
}

/// The record with the value at `pointer` replaced, judged.
fn with(pointer: &str, value: Value) -> Outcome {
    let mut record = sound("1.001193");
    *record.pointer_mut(pointer).expect(pointer) = value;
    judged(&record).outcome
}

fn causes(outcome: &Outcome) -> Vec<Cause> {
    outcome
        .reasons()
        .iter()
        .map(|reason| reason.cause)
        .collect()
}

fn taken(outcome: &Outcome) -> &Procedure {
    outcome.procedure().expect("the record is taken")
}

#[test]
fn a_record_without_which_nothing_can_be_received_is_set_aside() {
    for (pointer, value, cause) in [
        ("/MATTHC", json!(""), Cause::CodeInvalid),
        ("/MATTHC", json!("1.00119"), Cause::CodeInvalid),
        ("/TENTTHC", json!("  "), Cause::NameMissing),
        ("/TRANGTHAI", json!("0"), Cause::NotPublic),
        ("/TRANGTHAI", json!(null), Cause::NotPublic),
        ("/CACHTHUCTHUCHIEN", json!([]), Cause::ChannelMissing),
        ("/CACHTHUCTHUCHIEN", json!(null), Cause::ChannelMissing),
    ] {
        let mut record = sound("1.001193");
        *record.pointer_mut(pointer).unwrap() = value;
        let lines = format!("{}\n{record}\n", sound("2.000815"));
        let outcome = read(lines.as_bytes()).unwrap().remove(1).outcome;
        assert!(matches!(outcome, Outcome::Quarantined(_)), "{pointer}");
        assert_eq!(causes(&outcome), [cause], "{pointer}");
    }
}

/// Count, unit and note as published, and what is read from them.
type LimitCase = (
    &'static str,
    &'static str,
    &'static str,
    Result<&'static str, Cause>,
);
const LIMITS: [LimitCase; 16] = [
    ("1.5", "Ngày làm việc", "", Ok("1.5wd")),
    ("05", "Ngày", "", Ok("5d")),
    ("5", "Ngày", "05 ngày hoặc 05 ngày làm việc", Ok("5d")),
    ("2", "Giờ", "", Ok("2h")),
    ("3", "Tháng", "", Ok("3mo")),
    ("", "Ngày", "", Err(Cause::LimitMissing)),
    ("120,000", "", "", Err(Cause::LimitUnreadable)),
    ("0", "Ngày", "", Err(Cause::LimitUnreadable)),
    ("1.5", "Ngày", "", Err(Cause::LimitUnreadable)),
    ("4001", "Ngày", "", Err(Cause::LimitUnreadable)),
    (
        "1100",
        "",
        "VNĐ(Phí công bố: 100.000 đồng/lần)",
        Err(Cause::LimitHoldsCharge),
    ),
    ("1", "", "", Err(Cause::LimitWithoutUnit)),
    ("1", "Tuần", "", Err(Cause::LimitUnitUnknown)),
    (
        "7",
        "Ngày",
        "07 ngày làm việc",
        Err(Cause::LimitUnitDisputed),
    ),
    (
        "60",
        "Ngày làm việc",
        "là 60 ngày, kể từ",
        Err(Cause::LimitUnitDisputed),
    ),
    ("24", "Giờ", "", Err(Cause::LimitHoursUnclear)),
];

#[test]
fn a_time_limit_is_read_only_when_it_can_mean_one_thing() {
    let time = "/CACHTHUCTHUCHIEN/0/THOIGIAN/0";
    for (count, unit, note, expected) in LIMITS {
        let value = json!({"THOIGIANGIAIQUYET": count, "DONVITINH": unit, "MOTA": note});
        let outcome = with(time, value);
        let offer = &taken(&outcome).offers[0];
        match expected {
            Ok(limit) => {
                assert_eq!(
                    offer.limit.map(|l| l.to_string()).as_deref(),
                    Some(limit),
                    "{count} {unit}"
                );
                assert_eq!(causes(&outcome), [], "{count} {unit}");
            }
            Err(cause) => {
                assert_eq!(
                    (offer.limit, causes(&outcome)),
                    (None, vec![cause]),
                    "{count} {unit}"
                );
                assert!(
                    offer.note.contains(count) && offer.note.ends_with(note),
                    "{}",
                    offer.note
                );
            }
        }
    }
}

#[test]
fn a_charge_is_read_only_when_it_is_certain() {
    let fee = "/CACHTHUCTHUCHIEN/0/THOIGIAN/0/PHILEPHI/0";
    let cases = [
        ("0", "", Ok(Some(0))),
        ("0", "Miễn phí", Ok(Some(0))),
        ("1,200,000 VNĐ", "1.200.000đ/thẻ", Ok(Some(1_200_000))),
        ("50000", "", Ok(Some(50_000))),
        ("50 VNĐ", "", Err(Cause::FeeTooSmall)),
        ("100 VNĐ", "100.000 đồng/lần", Err(Cause::FeeTooSmall)),
        ("145 USD", "", Err(Cause::FeeUnreadable)),
        ("12,00 VNĐ", "", Err(Cause::FeeUnreadable)),
        (
            "800,000 VNĐ",
            "áp dụng mức phí 400.000 đồng đến hết năm",
            Err(Cause::FeeDisputed),
        ),
        (
            "0",
            "Mức lệ phí do HĐND cấp tỉnh quyết định",
            Err(Cause::FeeDisputed),
        ),
        ("", "Lệ phí theo quy định", Err(Cause::FeeInText)),
    ];
    for (amount, note, expected) in cases {
        let outcome = with(fee, json!({"SOTIEN": amount, "DONVI": "VND", "MOTA": note}));
        let line = &taken(&outcome).offers[0].fees[0];
        match expected {
            Ok(dong) => {
                assert_eq!(
                    (line.amount, causes(&outcome)),
                    (dong.map(Dong), vec![]),
                    "{amount} {note}"
                );
            }
            Err(cause) => {
                assert_eq!(
                    (line.amount, causes(&outcome)),
                    (None, vec![cause]),
                    "{amount} {note}"
                );
                assert!(
                    line.note.contains(amount) && line.note.ends_with(note),
                    "{}",
                    line.note
                );
            }
        }
    }
    let silent = with(fee, json!({"SOTIEN": "", "DONVI": "VND", "MOTA": ""}));
    assert!(taken(&silent).offers[0].fees.is_empty() && causes(&silent).is_empty());
}

#[test]
fn components_keep_their_names_and_lose_what_is_no_count() {
    let paper = |name: &str, form: &str, originals: &str| {
        let papers = json!([
            {"TENGIAYTO": "Tờ khai", "SOBANCHINH": "1"},
            {"TENGIAYTO": name, "TENMAUDON": form, "SOBANCHINH": originals, "SOBANSAO": "0"}]);
        with("/THANHPHANHOSO/0/GIAYTO", papers)
    };
    let long_form = format!("o tạm trú cho người nước ngoài{}.doc", " mẫu".repeat(14));
    for (name, form, originals, expected, cause) in [
        ("Đơn", "", "01", Some(("Đơn", 1)), None),
        (
            "Đơn ngày 01/01/",
            "",
            "20261",
            Some(("Đơn ngày 01/01/", 0)),
            Some(Cause::CopiesUnreadable),
        ),
        (
            "Đơn;",
            "Mẫu 1.docx",
            "1",
            Some(("Đơn; Mẫu 1.docx", 1)),
            Some(Cause::ComponentNameCut),
        ),
        (
            "",
            "Mẫu 1.docx",
            "1",
            Some(("Mẫu 1.docx", 1)),
            Some(Cause::ComponentNamedByForm),
        ),
        (";", "", "1", None, Some(Cause::ComponentNameless)),
        ("", "", "1", None, Some(Cause::ComponentNameless)),
    ] {
        let outcome = paper(name, form, originals);
        let second = taken(&outcome).cases[0].components.get(1);
        assert_eq!(
            second.map(|c| (c.name.as_str(), c.originals)),
            expected,
            "{name}"
        );
        assert_eq!(causes(&outcome), Vec::from_iter(cause), "{name}");
    }
    let outcome = paper("Phiếu khai bá", &long_form, "1");
    assert!(
        taken(&outcome).cases[0].components[1]
            .name
            .starts_with("Phiếu khai bá…o tạm trú")
    );
    assert!(!taken(&paper("Giấy ủy quyền (nếu có)", "", "1")).cases[0].components[1].mandatory);
}

#[test]
fn defects_of_cases_have_their_causes() {
    let papers = json!([{"TENGIAYTO": "Đơn", "SOBANCHINH": "1"}]);
    let case = |name: &str| json!({"TRUONGHOP": name, "GIAYTO": papers});
    for (value, cause) in [
        (json!([]), Cause::ComponentsMissing),
        (json!([case("A"), case("A")]), Cause::CaseRepeated),
        (json!([case("A"), case("")]), Cause::CaseUnnamed),
        (
            json!([case("A"), case("* Giấy tờ phải nộp:")]),
            Cause::CaseHeading,
        ),
        (json!([case("A"), {"TRUONGHOP": "B"}]), Cause::CaseEmpty),
    ] {
        let outcome = with("/THANHPHANHOSO", value);
        assert!(outcome.procedure().is_some(), "{cause:?}");
        assert_eq!(causes(&outcome), [cause]);
    }
}

#[test]
fn every_other_defect_has_its_cause() {
    let way = |count: &str| {
        let time = json!({"THOIGIANGIAIQUYET": count, "DONVITINH": "Ngày"});
        json!({"KENH": "1", "THOIGIAN": [time]})
    };
    let cut =
        json!([{"TENDOITUONG": "Tổ chức (không bao gồm doanh nghiệp"}, {"TENDOITUONG": "HTX)"}]);
    for (pointer, value, cause) in [
        ("/LINHVUCTHUCHIEN", json!([]), Cause::FieldMissing),
        ("/QUYETDINH", json!(""), Cause::DecisionMissing),
        ("/CAPTHUCHIEN", json!([]), Cause::LevelMissing),
        ("/DOITUONGTHUCHIEN", cut, Cause::AudienceCut),
        ("/COQUANTHUCHIEN", json!([]), Cause::AgenciesMissing),
        ("/CANCUPHAPLY", json!(null), Cause::LegalBasisMissing),
        (
            "/CACHTHUCTHUCHIEN",
            json!([way("5"), way("7")]),
            Cause::LimitsDiffer,
        ),
        ("/KETQUATHUCHIEN", json!([]), Cause::ResultsMissing),
        (
            "/KETQUATHUCHIEN/0/MAKETQUA",
            json!("dsfas"),
            Cause::ResultCodeInvalid,
        ),
        (
            "/KETQUATHUCHIEN/0/MAKETQUA",
            json!("KQ.G01.00263"),
            Cause::ResultCodeInvalid,
        ),
        (
            "/TENTTHC",
            json!("Đăng\u{200e} ký"),
            Cause::CharactersRemoved,
        ),
        ("/TENTTHC", json!("<b>Đăng ký</b>"), Cause::MarkupRemoved),
    ] {
        let outcome = with(pointer, value);
        assert!(outcome.procedure().is_some(), "{pointer}");
        assert_eq!(causes(&outcome), [cause], "{pointer}");
    }
    let way_unknown = with("/CACHTHUCTHUCHIEN/0/KENH", json!("9"));
    assert_eq!(
        causes(&way_unknown),
        [Cause::ChannelMissing, Cause::ChannelUnknown]
    );
    let level_unknown = with("/CAPTHUCHIEN/0/TENCAP", json!("Cấp huyện"));
    assert_eq!(
        causes(&level_unknown),
        [Cause::LevelUnknown, Cause::LevelMissing]
    );
    let cut = with(
        "/DOITUONGTHUCHIEN",
        json!([{"TENDOITUONG": "A (b"}, {"TENDOITUONG": "c)"}]),
    );
    assert_eq!(taken(&cut).audience, ["A (b, c)"]);
}

#[test]
fn the_real_file_is_counted_to_the_last_record() {
    let report = Report::of(&*RECORDS);
    let golden = include_str!("../../../tests/data/national-report.golden.txt");
    assert_eq!(report.to_string(), golden, "the report is now:\n{report}");
}

#[test]
fn the_real_file_is_read_well_within_ten_seconds() {
    let (clock, cpu) = (Instant::now(), cpu_time());
    let records = read(NATIONAL).unwrap();
    assert_eq!(records.len(), 2_642);
    let taken = match (cpu, cpu_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => clock.elapsed(),
    };
    println!("2,642 records read in {} ms", taken.as_millis());
    assert!(taken < Duration::from_secs(10), "{taken:?}");
}

/// What this thread has used of a processor: other tests run beside it, and their time is not its
/// own. Known on Linux only.
fn cpu_time() -> Option<Duration> {
    let used = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    used.split(' ')
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

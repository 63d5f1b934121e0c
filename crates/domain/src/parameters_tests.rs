use jiff::civil::date;

use super::*;

fn days(filed: Date, received: Date, act: Date) -> Dates {
    Dates {
        filed,
        received,
        act,
    }
}

fn province(key: &str, value: &str, valid_from: Date) -> Override {
    Override {
        key: key.to_owned(),
        value: value.to_owned(),
        valid_from,
        citation: "QĐ 12/2026/QĐ-UBND".to_owned(),
    }
}

#[test]
fn every_key_has_a_value_of_its_unit_on_every_day() {
    for day in [date(2010, 1, 1), date(2024, 1, 1), date(2026, 11, 22)] {
        let rows: Vec<_> = Parameters::shipped().on(day).collect();
        assert_eq!(rows.len(), Key::ALL.len());
        for row in rows {
            let written = row.value.to_string();
            assert_eq!(Value::parse(&written, row.key.unit()), Some(row.value));
            assert_eq!(Key::parse(row.key.as_str()), Some(row.key));
        }
    }
}

#[test]
fn a_version_applies_by_the_day_that_its_row_names() {
    let changed = Parameters::shipped().with(&[
        province("supplement.within", "5wd", date(2026, 12, 1)),
        province("supplement.answer", "15d", date(2026, 12, 1)),
    ]);
    let changed = changed.unwrap();
    let (before, after) = (date(2026, 11, 30), date(2026, 12, 1));
    // Within: by reception. A dossier received before keeps the old value whenever it is asked.
    let old = changed.limit(Key::SupplementWithin, days(before, before, after));
    let new = changed.limit(Key::SupplementWithin, days(before, after, after));
    assert_eq!((old, new), (Limit::working_days(3), Limit::working_days(5)));
    // Answer: by the act.
    let old = changed.limit(Key::SupplementAnswer, days(before, before, before));
    let new = changed.limit(Key::SupplementAnswer, days(before, before, after));
    assert_eq!((old, new), (Limit::Days(30), Limit::Days(15)));
}

#[test]
fn the_later_of_two_values_of_the_province_holds_from_its_day() {
    let changed = Parameters::shipped().with(&[
        province("warning.first", "60%", date(2027, 1, 1)),
        province("warning.first", "50%", date(2026, 12, 1)),
    ]);
    let changed = changed.unwrap();
    let on = |day| changed.number(Key::WarningFirst, Dates::all(day));
    assert_eq!(on(date(2026, 11, 30)), 70);
    assert_eq!(on(date(2026, 12, 31)), 50);
    assert_eq!(on(date(2027, 1, 1)), 60);
    let local: Vec<bool> = changed
        .of_rule(Rule::ApologyInTime)
        .map(|r| r.local)
        .collect();
    assert!(local.contains(&true) && local.contains(&false));
}

#[test]
fn a_value_without_name_unit_or_decision_is_not_taken() {
    let day = date(2026, 12, 1);
    let said = |one: Override| Parameters::shipped().with(&[one]).map(|_| ());
    assert_eq!(
        said(province("supplement.colour", "3wd", day)),
        Err(BadParameter::Key("supplement.colour".to_owned()))
    );
    for (key, value) in [
        (Key::SupplementWithin, "3"),
        (Key::WarningFirst, "70"),
        (Key::ApologyMost, "one"),
        (Key::SameDayCutoff, "3pm"),
    ] {
        let bad = BadParameter::Value {
            key,
            value: value.to_owned(),
        };
        assert_eq!(said(province(key.as_str(), value, day)), Err(bad));
    }
    let bare = Override {
        citation: " ".to_owned(),
        ..province("warning.first", "60%", day)
    };
    assert_eq!(said(bare), Err(BadParameter::Citation(Key::WarningFirst)));
}

#[test]
fn a_line_that_cannot_be_read_is_not_guessed() {
    let good = "warning.first;QH-01;70%;QĐ 1;2026-01-01;;act;verified";
    assert!(row(good).is_some());
    for bad in [
        "warning.third;QH-01;70%;QĐ 1;2026-01-01;;act;verified",
        "warning.first;ZZ-01;70%;QĐ 1;2026-01-01;;act;verified",
        "warning.first;QH-01;70;QĐ 1;2026-01-01;;act;verified",
        "warning.first;QH-01;70%;QĐ 1;January;;act;verified",
        "warning.first;QH-01;70%;QĐ 1;2026-01-01;;sometime;verified",
        "warning.first;QH-01;70%;QĐ 1;2026-01-01;;act;perhaps",
    ] {
        assert!(row(bad).is_none(), "{bad}");
    }
}

use jiff::civil::{Date, date};

use super::*;

fn working_days(calendar: &Calendar, year: i16) -> u32 {
    let before = date(year, 1, 1);
    let first = u32::from(calendar.is_working_day(before).unwrap());
    first
        + calendar
            .working_days_between(before, date(year, 12, 31))
            .unwrap()
}

#[test]
fn the_national_calendar_has_the_published_number_of_working_days() {
    let calendar = Calendar::national();
    assert_eq!(calendar.version(), "2026-10-02");
    assert_eq!(
        [2025, 2026, 2027].map(|year| working_days(&calendar, year)),
        [250, 249, 249]
    );
}

#[test]
fn a_make_up_saturday_is_worked_and_a_swapped_monday_is_not() {
    let calendar = Calendar::national();
    assert_eq!(calendar.is_working_day(date(2026, 8, 22)), Ok(true));
    assert_eq!(calendar.is_working_day(date(2026, 8, 31)), Ok(false));
    assert_eq!(calendar.is_working_day(date(2026, 8, 29)), Ok(false));
    assert_eq!(
        calendar.next_working_day(date(2026, 8, 21)),
        Ok(date(2026, 8, 22))
    );
    assert_eq!(
        calendar.working_day_on_or_after(date(2026, 8, 29)),
        Ok(date(2026, 9, 3))
    );
    assert_eq!(
        calendar.working_day_after(date(2026, 2, 13), 5),
        Ok(date(2026, 2, 27))
    );
    assert_eq!(
        calendar.working_day_after(date(2026, 2, 14), 0),
        Ok(date(2026, 2, 14))
    );
}

#[test]
fn a_year_that_is_not_covered_is_an_error_and_never_a_guess() {
    let calendar = Calendar::national();
    assert!(calendar.covers(2027) && !calendar.covers(2028));
    assert_eq!(
        calendar.is_working_day(date(2028, 1, 3)),
        Err(Uncovered { year: 2028 })
    );
    assert_eq!(
        calendar.next_working_day(date(2027, 12, 31)),
        Err(Uncovered { year: 2028 })
    );
    assert_eq!(
        calendar.is_working_day(date(2024, 12, 31)),
        Err(Uncovered { year: 2024 })
    );
    let last = Calendar::parse("v,version,a,b,c\n9999,year,a,b,c\n")
        .unwrap()
        .next_working_day(Date::MAX);
    assert_eq!(last, Err(Uncovered { year: 10_000 }));
}

fn closure() -> SpecialDay {
    let name = Name {
        vi: "Nghỉ tránh bão".into(),
        en: "Closed for a storm".into(),
    };
    SpecialDay {
        kind: DayKind::Off,
        name,
        source: "Công điện 01/CĐ-UBND".into(),
    }
}

#[test]
fn a_province_closes_a_day_and_works_another() {
    let local_work = SpecialDay {
        kind: DayKind::Work,
        ..closure()
    };
    let days = [
        (date(2026, 9, 15), closure()),
        (date(2026, 9, 19), local_work),
    ];
    let calendar = Calendar::national().with_overrides("H56.1", days).unwrap();
    assert_eq!(calendar.version(), "2026-10-02+H56.1");
    assert_eq!(calendar.is_working_day(date(2026, 9, 15)), Ok(false));
    assert_eq!(calendar.is_working_day(date(2026, 9, 19)), Ok(true));
    assert_eq!(
        calendar.special_day(date(2026, 9, 15)).unwrap().name.en,
        "Closed for a storm"
    );
    let outside = Calendar::national().with_overrides("x", [(date(2030, 1, 1), closure())]);
    assert_eq!(outside, Err(Uncovered { year: 2030 }));
}

#[test]
fn a_bad_calendar_names_its_line() {
    let text = |line: &str| format!("v1,version,a,b,c\n# note\n2026,year,a,b,c\n{line}\n");
    let error = |line: &str| Calendar::parse(&text(line)).unwrap_err().to_string();
    assert!(error("2026-01-01,off,Tết").starts_with("line 4: expected five fields"));
    assert!(error("2026-01-01,off,,b,c").starts_with("line 4: expected five fields"));
    assert_eq!(
        error("2026-01-01,rest,a,b,c"),
        "line 4: `rest` is not one of version, year, off, work"
    );
    assert_eq!(
        error("01/01/2026,off,a,b,c"),
        "line 4: `01/01/2026` is not a date as 2026-11-24"
    );
    assert_eq!(error("now,year,a,b,c"), "line 4: `now` is not a year");
    assert_eq!(error("2026,year,a,b,c"), "line 4: `2026` is given twice");
    assert_eq!(error("v2,version,a,b,c"), "line 4: `v2` is given twice");
    assert_eq!(
        error("2026-01-01,off,a,b,c\n2026-01-01,work,a,b,c"),
        "line 5: `2026-01-01` is given twice"
    );
    assert_eq!(
        error("2027-01-01,off,a,b,c"),
        "2027-01-01 lies in a year that no `year` line covers"
    );
    assert_eq!(
        Calendar::parse("2026,year,a,b,c"),
        Err(BadCalendar::NoVersion)
    );
}

#[test]
fn a_calendar_reads_back_as_it_is_written() {
    let text = "storm-1,version,Nghỉ bão,Storm,CĐ 1\n2026-12-01,off,Nghỉ bão,Storm,CĐ 1\n";
    let (label, days) = Calendar::parse_overrides(text).unwrap();
    let own = Calendar::national().with_overrides(&label, days).unwrap();
    assert!(own.version().ends_with("+storm-1"));
    assert_eq!(own.is_working_day(date(2026, 12, 1)), Ok(false));
    assert_eq!(Calendar::parse(&own.to_string()), Ok(own));
}

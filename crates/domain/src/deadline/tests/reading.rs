use super::*;

#[test]
fn a_limit_is_read_written_and_bounded() {
    for text in [
        "5wd", "2.5wd", "0.5wd", "16h", "20d", "2mo", "sameday", "4000wd",
    ] {
        let limit: Limit = text.parse().unwrap();
        assert_eq!(limit.to_string(), text);
        assert_eq!(
            serde_json::to_string(&limit).unwrap(),
            format!("\"{text}\"")
        );
        assert_eq!(
            serde_json::from_str::<Limit>(&format!("\"{text}\"")).unwrap(),
            limit
        );
    }
    for (text, error) in [
        ("", BadLimit::Unit),
        ("5", BadLimit::Unit),
        ("5wk", BadLimit::Unit),
        ("wd", BadLimit::Number),
        ("2.5h", BadLimit::Number),
        ("2.25wd", BadLimit::Number),
        ("2,5wd", BadLimit::Number),
        ("-1d", BadLimit::Number),
        ("+1d", BadLimit::Number),
        (".5wd", BadLimit::Number),
        ("0wd", BadLimit::Range),
        ("0h", BadLimit::Range),
        ("4001d", BadLimit::Range),
        ("4000.5wd", BadLimit::Range),
        ("99999999999999h", BadLimit::Range),
    ] {
        assert_eq!(text.parse::<Limit>(), Err(error), "{text}");
    }
    let calendar = Calendar::national();
    let zero = with(&calendar, |clock| {
        due(at("2026-11-09 10:00"), Limit::Hours(0), &[], clock)
    });
    assert_eq!(zero, Err(DeadlineError::Limit(BadLimit::Range)));
    assert!(serde_json::from_str::<Limit>("\"0d\"").is_err());
}

#[test]
fn opening_hours_are_read_checked_and_used() {
    let hours = OpeningHours::default();
    assert_eq!(hours.to_string(), "07:00-11:30,13:30-17:00");
    assert_eq!("07:00-11:30, 13:30-17:00".parse(), Ok(hours.clone()));
    assert_eq!(
        (hours.minutes_per_day(), hours.noon_close()),
        (480, time(11, 30, 0, 0))
    );
    assert_eq!(
        (hours.open(), hours.close()),
        (time(7, 0, 0, 0), time(17, 0, 0, 0))
    );
    let through: OpeningHours = "08:00-15:00".parse().unwrap();
    assert_eq!(
        (through.noon_close(), through.minutes_per_day()),
        (time(11, 30, 0, 0), 420)
    );
    assert_eq!("7-11".parse::<OpeningHours>(), Err(BadHours::Form));
    assert_eq!("".parse::<OpeningHours>(), Err(BadHours::Form));
    assert_eq!("11:00-07:00".parse::<OpeningHours>(), Err(BadHours::Order));
    assert_eq!(
        "07:00-12:00,11:00-17:00".parse::<OpeningHours>(),
        Err(BadHours::Order)
    );
    let calendar = Calendar::national();
    let clock = Clock {
        calendar: &calendar,
        hours: &through,
        same_day_cutoff: time(15, 0, 0, 0),
    };
    let found = due(at("2026-11-09 16:00"), "8h".parse().unwrap(), &[], &clock).unwrap();
    assert_eq!(found.due, at("2026-11-11 09:00"));
}

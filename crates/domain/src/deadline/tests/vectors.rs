use super::*;

#[test]
fn the_published_vectors_hold() {
    for (received, limit, due) in [
        ("2026-02-13 09:00", "5wd", "2026-02-27 17:00"),
        ("2026-08-20 09:00", "3wd", "2026-08-24 17:00"),
        ("2026-08-27 09:00", "2wd", "2026-09-03 17:00"),
        ("2026-11-23 09:00", "1wd", "2026-11-25 17:00"),
        ("2027-02-02 09:00", "3wd", "2027-02-12 17:00"),
        ("2026-01-22 09:00", "30d", "2026-02-23 17:00"),
        ("2026-11-09 09:00", "15d", "2026-11-25 17:00"),
    ] {
        assert_eq!(due_at(received, limit), due, "{received} + {limit}");
    }
}

#[test]
fn a_real_receipt_of_2023_is_matched_under_a_calendar_of_its_own_year() {
    let calendar = Calendar::parse("test,version,a,b,c\n2023,year,a,b,c\n").unwrap();
    let found = with(&calendar, |clock| {
        due(at("2023-10-27 09:32"), "5wd".parse().unwrap(), &[], clock)
    });
    assert_eq!(found.unwrap().due, at("2023-11-03 17:00"));
    let uncovered = Err(DeadlineError::Uncovered(Uncovered { year: 2023 }));
    assert_eq!(ask("2023-10-27 09:32", "5wd", &[]), uncovered);
    let uncovered = Err(DeadlineError::Uncovered(Uncovered { year: 2028 }));
    assert_eq!(ask("2027-12-31 09:00", "1wd", &[]), uncovered);
}

#[test]
fn what_comes_outside_opening_hours_counts_from_the_next_opening() {
    for (received, limit, due) in [
        // Monday 09/11/2026: before opening, in the lunch break, at and after closing.
        ("2026-11-09 06:00", "1h", "2026-11-09 08:00"),
        ("2026-11-09 11:30", "1h", "2026-11-09 14:30"),
        ("2026-11-09 12:00", "1h", "2026-11-09 14:30"),
        ("2026-11-09 16:59", "1wd", "2026-11-10 17:00"),
        ("2026-11-09 17:00", "1wd", "2026-11-11 17:00"),
        ("2026-11-09 22:00", "1h", "2026-11-10 08:00"),
        // Saturday evening, the eve of a holiday, and inside Tết.
        ("2026-11-14 20:00", "1wd", "2026-11-17 17:00"),
        ("2026-11-23 17:30", "4h", "2026-11-25 11:00"),
        ("2026-02-17 08:00", "1wd", "2026-02-24 17:00"),
        ("2026-02-17 08:00", "5d", "2026-03-02 17:00"),
        // A make-up Saturday is an ordinary working day.
        ("2026-08-22 09:00", "1h", "2026-08-22 10:00"),
    ] {
        assert_eq!(due_at(received, limit), due, "{received} + {limit}");
    }
}

#[test]
fn hours_half_days_months_and_same_day_end_where_the_law_says() {
    for (received, limit, due) in [
        ("2026-11-09 10:00", "2h", "2026-11-09 14:00"),
        ("2026-11-09 07:00", "8h", "2026-11-09 17:00"),
        ("2026-11-13 16:00", "2h", "2026-11-16 08:00"),
        ("2026-11-09 10:00", "16h", "2026-11-11 10:00"),
        ("2026-11-09 10:00", "0.5wd", "2026-11-10 11:30"),
        ("2026-11-09 10:00", "2.5wd", "2026-11-12 11:30"),
        ("2026-11-20 10:00", "1.5wd", "2026-11-25 11:30"),
        ("2025-12-31 10:00", "2mo", "2026-03-02 17:00"),
        ("2026-01-30 10:00", "1mo", "2026-03-02 17:00"),
        ("2026-01-26 10:00", "1mo", "2026-02-26 17:00"),
        ("2026-11-09 14:59", "sameday", "2026-11-09 17:00"),
        ("2026-11-09 15:00", "sameday", "2026-11-10 17:00"),
        ("2026-11-23 15:01", "sameday", "2026-11-25 17:00"),
        ("2026-11-09 18:00", "sameday", "2026-11-10 17:00"),
    ] {
        assert_eq!(due_at(received, limit), due, "{received} + {limit}");
    }
}

#[test]
fn seconds_are_dropped() {
    assert_eq!(due_at("2026-11-09 10:00:59", "2h"), "2026-11-09 14:00");
}

#[test]
fn a_pause_that_does_not_count_moves_the_due_time_by_its_working_time() {
    for (limit, from, to, due) in [
        (
            "5wd",
            "2026-11-11 10:00",
            "2026-11-13 10:00",
            "2026-11-18 17:00",
        ),
        (
            "5wd",
            "2026-11-11 10:00",
            "2026-11-11 10:30",
            "2026-11-17 07:30",
        ),
        (
            "5wd",
            "2026-11-11 12:00",
            "2026-11-11 13:00",
            "2026-11-16 17:00",
        ),
        (
            "2.5wd",
            "2026-11-10 07:00",
            "2026-11-11 07:00",
            "2026-11-13 11:30",
        ),
        (
            "5wd",
            "2026-11-13 18:00",
            "2026-11-16 07:00",
            "2026-11-16 17:00",
        ),
        (
            "10d",
            "2026-11-11 10:00",
            "2026-11-16 08:00",
            "2026-11-25 17:00",
        ),
        (
            "10d",
            "2026-11-11 10:00",
            "2026-11-11 16:00",
            "2026-11-19 17:00",
        ),
        // Stopped on the last day and resumed after closing: the next working day is left.
        (
            "2d",
            "2026-11-11 16:00",
            "2026-11-12 20:00",
            "2026-11-13 17:00",
        ),
    ] {
        let found = ask(
            "2026-11-09 10:00",
            limit,
            &[pause(from, to, PauseMode::Exclude)],
        )
        .unwrap();
        assert_eq!(found.due, at(due), "{limit}, {from} to {to}");
    }
}

#[test]
fn an_expired_clock_is_not_saved_by_a_pause_but_a_restart_counts_anew() {
    let late = |mode| [pause("2026-11-10 17:00", "2026-11-16 09:00", mode)];
    let kept = ask("2026-11-09 10:00", "1wd", &late(PauseMode::Exclude)).unwrap();
    assert_eq!(kept.due, at("2026-11-10 17:00"));
    assert!(keys(&kept).contains(&"deadline.paused-late"));
    let anew = ask("2026-11-09 10:00", "1wd", &late(PauseMode::Restart)).unwrap();
    assert_eq!(anew.due, at("2026-11-17 17:00"));
    assert!(keys(&anew).contains(&"deadline.paused-late-restart"));
}

#[test]
fn impossible_pauses_are_named() {
    let first = pause("2026-11-10 10:00", "2026-11-11 10:00", PauseMode::Exclude);
    let bad = |pauses: &[Pause]| ask("2026-11-09 10:00", "5wd", pauses).unwrap_err();
    let early = pause("2026-11-09 09:59", "2026-11-09 11:00", PauseMode::Exclude);
    assert_eq!(
        bad(&[early]),
        DeadlineError::Pause(BadPause::BeforeReception { number: 1 })
    );
    let overlap = pause("2026-11-11 09:59", "2026-11-12 10:00", PauseMode::Exclude);
    assert_eq!(
        bad(&[first, overlap]),
        DeadlineError::Pause(BadPause::Overlap { number: 2 })
    );
    let open = Pause { to: None, ..first };
    assert_eq!(
        bad(&[open, first]),
        DeadlineError::Pause(BadPause::Overlap { number: 2 })
    );
    let backwards = pause("2026-11-12 10:00", "2026-11-12 09:00", PauseMode::Restart);
    assert_eq!(
        bad(&[first, backwards]),
        DeadlineError::Pause(BadPause::Backwards { number: 2 })
    );
}

#[test]
fn urgency_follows_the_working_days_left() {
    let calendar = Calendar::national();
    let monday = at("2026-11-23 10:00");
    for (due, expected) in [
        ("2026-11-23 09:59", Urgency::Late),
        ("2026-11-23 10:00", Urgency::Today),
        ("2026-11-23 17:00", Urgency::Today),
        ("2026-11-25 17:00", Urgency::Soon),
        ("2026-11-26 07:30", Urgency::Far),
    ] {
        assert_eq!(urgency(at(due), monday, &calendar), Ok(expected), "{due}");
    }
    let bounds = urgency_bounds(monday, &calendar).unwrap();
    let midnight = |day: Date| day.to_datetime(time(0, 0, 0, 0));
    assert_eq!(bounds.late_before, monday);
    assert_eq!(bounds.today_until, midnight(date(2026, 11, 24)));
    assert_eq!(bounds.soon_until, midnight(date(2026, 11, 26)));
    let outside = urgency_bounds(at("2027-12-31 10:00"), &calendar);
    assert_eq!(outside, Err(Uncovered { year: 2028 }));
}

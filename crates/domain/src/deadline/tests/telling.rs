use super::*;

/// The strip in one letter a day: received, off, counted, void, stopped, due, plain.
fn strip(deadline: &Deadline) -> String {
    let letter = |role: &Role| match role {
        Role::Start => 'r',
        Role::Off(None) => 'o',
        Role::Off(Some(_)) => 'O',
        Role::Counted(_) => 'c',
        Role::Void(_) => 'v',
        Role::Paused => 's',
        Role::Due(_) => 'D',
        Role::Plain => '-',
    };
    deadline
        .derivation
        .strip()
        .iter()
        .map(|cell| letter(&cell.role))
        .collect()
}

#[test]
fn a_restart_is_told_as_on_the_page_of_a_dossier() {
    let pauses = [pause(
        "2026-11-16 16:05",
        "2026-11-18 14:20",
        PauseMode::Restart,
    )];
    let found = ask("2026-11-12 09:15", "5wd", &pauses).unwrap();
    assert_eq!(found.due, at("2026-11-26 17:00"));
    assert_eq!(strip(&found), "rvoovsrccoocOcD");
    assert_eq!(
        keys(&found),
        [
            "deadline.received",
            "deadline.counted-days",
            "deadline.paused-restart",
            "deadline.voided",
            "deadline.restarted",
            "deadline.counted-days",
            "deadline.days-off",
            "deadline.counted-days",
            "deadline.due",
        ]
    );
    let said = |what: &LineKind| found.derivation.lines.iter().any(|line| line.what == *what);
    assert!(said(&LineKind::VoidedDays {
        counted: Tally::HalfDays(4)
    }));
    let (first, last, of) = (Tally::HalfDays(2), Tally::HalfDays(6), Tally::HalfDays(10));
    assert!(said(&LineKind::Counted {
        until: date(2026, 11, 23),
        first,
        last,
        of
    }));
    assert!(said(&LineKind::Due { counted: of }));
    assert_eq!(
        found.derivation.lines[6].basis,
        Basis::Announcement("NQ 28/2026/QH16".to_owned())
    );
}

#[test]
fn days_off_of_one_name_are_one_line_and_a_make_up_day_has_its_own() {
    let tet = ask("2027-02-02 09:00", "3wd", &[]).unwrap();
    assert_eq!(strip(&tet), "rcOOooOOOcD");
    let [off] = tet
        .derivation
        .lines
        .iter()
        .filter(|line| line.what.key() == "deadline.days-off")
        .collect::<Vec<_>>()[..]
    else {
        panic!("one line for Tết: {:?}", tet.derivation.lines)
    };
    assert_eq!(off.at, When::Day(date(2027, 2, 4)));
    assert!(matches!(&off.what, LineKind::DaysOff { until, .. } if *until == date(2027, 2, 10)));
    let made_up = ask("2026-08-20 09:00", "3wd", &[]).unwrap();
    assert_eq!(strip(&made_up), "rccoD");
    assert!(keys(&made_up).contains(&"deadline.made-up"));
}

#[test]
fn a_strip_shows_pauses_moves_and_rolling() {
    let two_days = [pause(
        "2026-11-10 10:00",
        "2026-11-12 10:00",
        PauseMode::Exclude,
    )];
    let paused = ask("2026-11-09 10:00", "3wd", &two_days).unwrap();
    assert_eq!(strip(&paused), "rsscc--D".replace("--", "oo"));
    let evening = ask("2026-11-13 18:00", "1wd", &[]).unwrap();
    assert_eq!(strip(&evening), "roo-D");
    let rolled = ask("2026-11-19 10:00", "5d", &[]).unwrap();
    assert_eq!(strip(&rolled), "rccccOD");
    assert!(keys(&rolled).contains(&"deadline.rolled"));
    let same_day = ask("2026-11-09 10:00", "sameday", &[]).unwrap();
    assert_eq!(strip(&same_day), "D");
    let months = ask("2026-11-02 10:00", "1mo", &[]).unwrap();
    assert_eq!(months.derivation.strip().len(), 31);
    assert!(keys(&months).contains(&"deadline.counted-months"));
}

#[test]
fn while_the_clock_stands_the_due_time_is_that_of_resuming_at_once() {
    let open = |mode| {
        [Pause {
            from: at("2026-11-11 10:00"),
            to: None,
            mode,
        }]
    };
    for (mode, due) in [
        (PauseMode::Exclude, "2026-11-16 17:00"),
        (PauseMode::Restart, "2026-11-18 17:00"),
    ] {
        let found = ask("2026-11-09 10:00", "5wd", &open(mode)).unwrap();
        assert_eq!(found.due, at(due));
        assert_eq!(
            found.state,
            DeadlineState::Paused {
                since: at("2026-11-11 10:00")
            }
        );
        assert_eq!(strip(&found), "rcs");
        assert_eq!(keys(&found).last(), Some(&"deadline.waiting"));
    }
}

#[test]
fn a_deadline_is_written_as_json_for_the_command_line() {
    let found = ask("2026-11-23 09:00", "1wd", &[]).unwrap();
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["due"], "2026-11-25T17:00:00");
    assert_eq!(json["state"], "running");
    assert_eq!(json["derivation"]["limit"], "1wd");
    assert_eq!(json["derivation"]["lines"][0]["at"], "2026-11-23T09:00:00");
    assert_eq!(json["derivation"]["lines"][0]["what"]["kind"], "received");
    assert_eq!(
        json["derivation"]["lines"][1]["what"]["name"]["vi"],
        "Ngày Văn hóa Việt Nam"
    );
}

//! `motcua due`: the vectors of the reference, through the program.

use crate::program::{Installation, Ran};
use crate::support::Engine;

fn due(arguments: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["due"].iter().chain(arguments).copied().collect();
    Installation::new(Engine::Sqlite).run(&arguments)
}

/// Received, limit, due: what the calendars of 2026 and 2027 give.
const VECTORS: [(&str, &str, &str); 7] = [
    ("2026-02-13T09:00", "5wd", "2026-02-27"),
    ("2026-08-20T09:00", "3wd", "2026-08-24"),
    ("2026-08-27T09:00", "2wd", "2026-09-03"),
    ("2026-11-23T09:00", "1wd", "2026-11-25"),
    ("2027-02-02T09:00", "3wd", "2027-02-12"),
    ("2026-01-22T09:00", "30d", "2026-02-23"),
    ("2026-11-09T09:00", "15d", "2026-11-25"),
];

#[test]
fn the_vectors_of_the_reference_hold() {
    for (received, limit, expected) in VECTORS {
        let ran = due(&["--received", received, "--limit", limit]);
        let first = ran.succeeds().out().lines().next().unwrap();
        assert!(
            first.starts_with(&format!("{expected}T17:00")),
            "{received} {limit}: {first}"
        );
    }
}

#[test]
fn every_way_to_write_a_limit_is_read() {
    for (limit, expected) in [
        ("2.5wd", "2026-11-27T11:30"),
        ("16h", "2026-11-25T17:00"),
        ("2mo", "2027-01-25"),
        ("sameday", "2026-11-23T17:00"),
    ] {
        let ran = due(&["--received", "2026-11-23T07:00", "--limit", limit]);
        assert!(
            ran.succeeds().out().starts_with(expected),
            "{limit}: {}",
            ran.out()
        );
    }
}

#[test]
fn a_pause_moves_the_due_day_or_begins_the_limit_again() {
    let limit = ["--received", "2026-11-02T09:00", "--limit", "5wd"];
    let pause = ["--pause", "2026-11-04T09:00/2026-11-06T09:00"];
    let paused = |mode: &[&str]| {
        let ran = due(&[&limit[..], &pause, mode].concat());
        ran.succeeds().out()[..10].to_owned()
    };
    assert_eq!(due(&limit).out()[..10], *"2026-11-09");
    assert_eq!(paused(&["--mode", "exclude"]), "2026-11-11");
    assert_eq!(paused(&["--mode", "restart"]), "2026-11-13");
    assert_eq!(paused(&[]), paused(&["--mode", "exclude"]));
}

#[test]
fn the_reason_is_told_line_by_line_and_as_json() {
    let arguments = ["--received", "2026-11-23T09:00", "--limit", "1wd"];
    let why = due(&[&arguments[..], &["--why"]].concat());
    let text = why.succeeds().out();
    assert!(text.lines().count() >= 4, "{text}");
    for part in ["24/11", "Văn hóa", "Điều"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let english = due(&[&arguments[..], &["--why", "--english"]].concat());
    for part in ["Viet Nam Culture Day", "Working calendar, version"] {
        assert!(english.succeeds().out().contains(part), "{}", english.out());
    }
    let json = due(&[&arguments[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(json.succeeds().out()).unwrap();
    assert_eq!(json["due"], "2026-11-25T17:00:00");
    assert!(json["derivation"].is_object());
}

#[test]
fn bad_input_is_named() {
    let good = ["--received", "2026-11-23T09:00", "--limit", "1wd"];
    due(&["--received", "2026-02-30T09:00", "--limit", "1wd"]).fails_with("2026-02-30");
    due(&["--received", "2026-11-23T09:00", "--limit", "5x"]).fails_with("5x");
    due(&["--received", "2026-11-23T09:00", "--limit", "-1wd"]).fails_with("-1");
    due(&["--received", "2026-11-23T09:00"]).fails_with("--limit");
    due(&[&good[..], &["--pause", "soon"]].concat()).fails_with("FROM/TO");
    due(&[&good[..], &["--pause", "2026-11-23T10:00/soon"]].concat()).fails_with("`soon`");
    due(&[&good[..], &["--mode", "restart"]].concat()).fails_with("--pause");
    due(&["--received", "2035-11-23T09:00", "--limit", "1wd"]).fails_with("2035");
    // The reference's receipt of 2023 is older than the calendars that the program holds.
    due(&["--received", "2023-10-27T09:00", "--limit", "5wd"]).fails_with("2023");
}

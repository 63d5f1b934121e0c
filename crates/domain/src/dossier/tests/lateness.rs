//! How much time is used, and whom that concerns.

use jiff::civil::date;

use super::commands::Given;
use super::usual::admitting;
use super::world::{meeting, noticing};
use crate::deadline::{Limit, time_before};
use crate::dossier::{Escalation, Used, Warning, Watch};
use crate::parameters::{Dates, Parameters};

fn judged(used: u32, left: u32, over: u32) -> (Warning, Escalation) {
    let used = Used { used, left, over };
    let (parameters, dates) = (Parameters::shipped(), Dates::all(date(2026, 11, 22)));
    (
        Warning::of(used, parameters, dates),
        Escalation::of(used, parameters, dates),
    )
}

#[test]
fn warnings_and_levels_follow_the_share_of_the_working_time() {
    for (used, left, over, warning, level) in [
        (0, 1000, 0, Warning::None, Escalation::Nobody),
        (699, 301, 0, Warning::None, Escalation::Nobody),
        (700, 300, 0, Warning::First, Escalation::Holder),
        (899, 101, 0, Warning::First, Escalation::Holder),
        (900, 100, 0, Warning::Second, Escalation::Leader),
        (1000, 0, 0, Warning::Second, Escalation::Centre),
        (1001, 0, 1, Warning::Overdue, Escalation::Centre),
        (1479, 0, 479, Warning::Overdue, Escalation::Centre),
        (1480, 0, 480, Warning::Overdue, Escalation::Province),
    ] {
        assert_eq!(judged(used, left, over), (warning, level), "{used} {left}");
    }
}

#[test]
fn a_night_uses_no_time_and_a_wait_uses_none_either() {
    let given = Given::default();
    let clock = given.world.clock();
    let used = |scene: &super::world::Scene<'_>| {
        let used = scene.dossier.time_used(scene.now, &clock).unwrap().unwrap();
        (used.used, used.left)
    };
    // Received Monday 08:00, due Monday after 17:00: 5 working days and seven hours.
    let scene = given.at_step(1);
    assert_eq!(used(&scene), (0, 5 * 480 + 420));
    assert_eq!(used(&scene.clone().hours_later(9)), (420, 5 * 480));
    assert_eq!(used(&scene.clone().hours_later(20)), (420, 5 * 480));
    let waiting = scene.hours_later(24).does(&noticing());
    let before = used(&waiting);
    assert_eq!(used(&waiting.clone().hours_later(48)), before);
    let again = waiting.hours_later(24).does(&meeting());
    assert_eq!(used(&again), before);
    assert_eq!(
        given.settled().dossier.time_used(again.now, &clock),
        Ok(None)
    );
    let step = again.step().time_used(again.now, &clock).unwrap();
    assert!(step.over > 0 || step.left > 0);
}

#[test]
fn a_dossier_in_a_green_lane_is_urgent_by_its_published_date() {
    let given = Given::default();
    let clock = given.world.clock();
    let scene = given.at_step(1);
    let hastened = scene.clone().does(&admitting("16h"));
    let left = |scene: &super::world::Scene<'_>| {
        let used = scene.dossier.time_used(scene.now, &clock).unwrap();
        used.unwrap().left
    };
    assert_eq!((left(&scene), left(&hastened)), (5 * 480 + 420, 960));
}

#[test]
fn the_last_moment_before_the_end_skips_days_off() {
    let given = Given::default();
    let clock = given.world.clock();
    let due = date(2026, 11, 25).at(17, 0, 0, 0);
    for (limit, before) in [
        ("1wd", date(2026, 11, 23).at(17, 0, 0, 0)),
        ("2wd", date(2026, 11, 20).at(17, 0, 0, 0)),
        ("4h", date(2026, 11, 25).at(11, 0, 0, 0)),
        ("8h", date(2026, 11, 25).at(7, 0, 0, 0)),
        ("9h", date(2026, 11, 23).at(16, 0, 0, 0)),
        ("2d", date(2026, 11, 23).at(17, 0, 0, 0)),
    ] {
        let limit: Limit = limit.parse().unwrap();
        assert_eq!(time_before(due, limit, &clock), Ok(before), "{limit}");
    }
}

#[test]
fn the_next_look_comes_exactly_when_a_threshold_is_reached() {
    let (parameters, dates) = (Parameters::shipped(), Dates::all(date(2026, 11, 22)));
    let whole = 997;
    let state = |passed: u32| {
        let over = passed.saturating_sub(whole);
        let used = Used {
            used: passed,
            left: whole.saturating_sub(passed),
            over,
        };
        let warning = Warning::of(used, parameters, dates);
        let level = Escalation::of(used, parameters, dates);
        (warning, level, used.minutes_to_next(parameters, dates))
    };
    for passed in 0..=whole + 600 {
        let (warning, level, next) = state(passed);
        let changes = (passed + 1..=whole + 600).find(|later| {
            let (other, up, _) = state(*later);
            (other, up) != (warning, level)
        });
        // A look that finds nothing new is allowed; one that comes too late is not.
        let late = changes.is_some_and(|at| next.is_none_or(|next| passed + next > at));
        assert!(!late, "{passed}: {next:?}, but {changes:?}");
        assert!(next != Some(0));
    }
    assert_eq!(state(0).2, Some(698));
    assert_eq!(state(whole + 480).2, None);
}

#[test]
fn a_step_and_its_dossier_are_watched_while_their_clocks_run() {
    let given = Given::default();
    let clock = given.world.clock();
    let watched = |scene: &super::world::Scene<'_>| {
        let watched = scene
            .dossier
            .watched(scene.now, &clock, Parameters::shipped());
        let names = watched.unwrap();
        names.iter().map(|one| one.watch).collect::<Vec<_>>()
    };
    let both = vec![Watch::Step, Watch::Dossier];
    let scene = given.at_step(1);
    assert_eq!(watched(&scene), both);
    assert_eq!(watched(&scene.clone().does(&noticing())), Vec::new());
    assert_eq!(watched(&given.settled()), Vec::new());
    assert_eq!(watched(&given.submitted(&[1])), vec![Watch::Step]);
    for watch in both {
        assert_eq!(Watch::parse(watch.as_str()), Some(watch));
    }
}

#[test]
fn a_look_is_never_due_outside_working_time() {
    let given = Given::default();
    let clock = given.world.clock();
    let mut scene = given.at_step(1);
    for _ in 0..300 {
        let watched = scene
            .dossier
            .watched(scene.now, &clock, Parameters::shipped());
        for one in watched.unwrap() {
            let Some(next) = one.changes_at(scene.now, &clock).unwrap() else {
                continue;
            };
            assert!(next > scene.now);
            // The end of a stretch belongs to it.
            let before = next.checked_sub(jiff::ToSpan::minutes(1)).unwrap();
            assert_eq!(clock.opening(before), Ok(before), "{next}");
        }
        scene = scene.hours_later(1);
    }
}

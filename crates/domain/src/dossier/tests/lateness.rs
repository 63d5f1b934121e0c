//! How much time is used, and whom that concerns.

use jiff::civil::date;

use super::commands::Given;
use super::usual::admitting;
use super::world::{meeting, noticing};
use crate::deadline::{Limit, time_before};
use crate::dossier::{Escalation, Used, Warning};
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

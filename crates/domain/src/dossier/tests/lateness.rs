//! How much time is used, and whom that concerns.

use jiff::civil::date;

use super::commands::{Given, asking};
use super::usual::admitting;
use super::world::{Scene, handed, meeting, noticing};
use crate::deadline::{Limit, PauseMode, after_working_minutes, time_before};
use crate::dossier::{Command, Escalation, Used, Warning, Watch, Watched};
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
    let used = |scene: &Scene<'_>| {
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
}

#[test]
fn a_step_uses_no_time_while_the_dossier_waits_and_all_of_it_anew_after_a_restart() {
    for mode in [PauseMode::Exclude, PauseMode::Restart] {
        let given = Given::under(mode);
        let clock = given.world.clock();
        let used = |scene: &Scene<'_>| {
            let pauses = &scene.dossier.record().unwrap().pauses;
            scene.step().time_used(pauses, scene.now, &clock).unwrap()
        };
        // An hour of the step is used, and ten days go by.
        let before = given.at_step(1).hours_later(1);
        let whole = used(&before).used + used(&before).left;
        assert_eq!((used(&before).used, whole > 120), (60, true));
        let asked = before.asks(&[2]).hours_later(10 * 24);
        let again = asked.natural();
        let again = asked.does(&again);
        let (at, left) = match mode {
            PauseMode::Exclude => (60, whole - 60),
            PauseMode::Restart => (0, whole),
        };
        let over = 0;
        let expected = Used {
            used: at,
            left,
            over,
        };
        assert_eq!(used(&again), expected, "{mode:?}");
        let watched = again
            .dossier
            .watched(again.now, &clock, Parameters::shipped());
        assert_eq!(watched.unwrap()[0].warning, Warning::None, "{mode:?}");
    }
}

#[test]
fn a_wait_after_the_end_of_a_step_makes_it_no_later() {
    let given = Given::default();
    let clock = given.world.clock();
    let late = given.at_step(1).hours_later(7 * 24);
    let used = |scene: &Scene<'_>| {
        let pauses = &scene.dossier.record().unwrap().pauses;
        scene.step().time_used(pauses, scene.now, &clock).unwrap()
    };
    let before = used(&late);
    assert!(before.over > 0);
    let again = late.does(&noticing()).hours_later(7 * 24).does(&meeting());
    assert_eq!(used(&again), before);
}

#[test]
fn a_dossier_in_a_green_lane_is_urgent_by_its_published_date() {
    let given = Given::default();
    let clock = given.world.clock();
    let scene = given.at_step(1);
    let hastened = scene.clone().does(&admitting("16h"));
    let left = |scene: &Scene<'_>| {
        let used = scene.dossier.time_used(scene.now, &clock).unwrap();
        used.unwrap().left
    };
    assert_eq!((left(&scene), left(&hastened)), (5 * 480 + 420, 960));
    let watched = |scene: &Scene<'_>| {
        let watched = scene
            .dossier
            .watched(scene.now, &clock, Parameters::shipped());
        let left = |one: &Watched| (one.watch, one.used.left);
        watched
            .unwrap()
            .iter()
            .map(left)
            .skip(1)
            .collect::<Vec<_>>()
    };
    assert_eq!(watched(&scene), [(Watch::Dossier, 5 * 480 + 420)]);
    let both = [(Watch::Dossier, 960), (Watch::Legal, 5 * 480 + 420)];
    assert_eq!(watched(&hastened), both, "the law's time is watched too");
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
    let watched = |scene: &Scene<'_>| {
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
    for watch in Watch::ALL {
        assert_eq!(Watch::parse(watch.as_str()), Some(watch));
    }
}

#[test]
fn what_is_signed_and_not_issued_in_time_is_told_up_the_line() {
    let given = Given::default();
    let clock = given.world.clock();
    let scene = given.at_step(4);
    let signed = scene.step().signed.unwrap();
    let by = signed.issue_by.unwrap();
    let watched = |now| {
        let watched = scene.dossier.watched(now, &clock, Parameters::shipped());
        let mut found = watched.unwrap().into_iter().rev();
        found.find(|one| one.watch == Watch::Issue).unwrap()
    };
    for last in [by, by.date().at(23, 59, 59, 0)] {
        let open: Watched = watched(last);
        assert_eq!((open.began, open.warning), (signed.at, Warning::None));
        assert_eq!(open.level, Escalation::Nobody);
    }
    let next = watched(scene.now).changes_at(scene.now, &clock).unwrap();
    assert!(next.unwrap() > by);
    let over: Watched = watched(next.unwrap());
    assert_eq!(
        (over.warning, over.level),
        (Warning::Overdue, Escalation::Centre)
    );
    let later = over.changes_at(next.unwrap(), &clock).unwrap().unwrap();
    assert_eq!(watched(later).level, Escalation::Province);
    let issued = scene.does(&Command::Issue);
    let watched = issued.dossier.watched(later, &clock, Parameters::shipped());
    assert_eq!(watched, Ok(Vec::new()));
}

#[test]
fn after_a_supply_before_reception_the_centre_answers_anew() {
    let given = Given::default();
    let clock = given.world.clock();
    let asked = given.submitted(&[1]).hours_later(1).does(&asking(&[2]));
    let supplied = asked.hours_later(24 * 10).does(&Command::Supply {
        handed: handed(&[2]),
    });
    let record = supplied.dossier.record().unwrap().clone();
    let within = after_working_minutes(supplied.now, 480, &clock);
    assert_eq!(record.answer_by, within.ok(), "eight hours from the supply");
    assert_eq!(record.answer_began(), supplied.now);
    let watched = supplied
        .dossier
        .watched(supplied.now, &clock, Parameters::shipped());
    let watched = watched.unwrap();
    assert_eq!(watched[0].began, supplied.now);
    assert_eq!((watched[0].used.used, watched[0].used.over), (0, 0));
}

#[test]
fn a_silent_applicant_is_told_of_once_the_time_to_answer_is_over() {
    let given = Given::default();
    let clock = given.world.clock();
    for asked in [given.incomplete(), given.paused()] {
        let request = asked.dossier.record().unwrap().asked.clone().unwrap();
        let watched = |now| {
            let watched = asked.dossier.watched(now, &clock, Parameters::shipped());
            let [one] = watched.unwrap().try_into().unwrap();
            one
        };
        let open: Watched = watched(request.answer_by);
        assert_eq!((open.watch, open.warning), (Watch::Answer, Warning::None));
        assert_eq!(open.level, Escalation::Nobody);
        let next = watched(asked.now).changes_at(asked.now, &clock).unwrap();
        let over: Watched = watched(next.unwrap());
        assert_eq!(over.warning, Warning::Overdue);
        assert_eq!(over.level, Escalation::Holder);
        assert_eq!(over.changes_at(next.unwrap(), &clock), Ok(None));
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

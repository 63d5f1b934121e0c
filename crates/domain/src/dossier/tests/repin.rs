//! Moves of running dossiers to other versions: what is kept, what is promised, and the way back.

use jiff::civil::{DateTime, date};

use super::commands::Given;
use super::rules::{allowed, refused};
use super::usual::{admitting, repin, repinning};
use super::world::{Scene, World, text};
use crate::deadline::{Limit, PauseMode};
use crate::dossier::{Command, Dossier, NewLimit, Record, Refusal, Repinning};
use crate::rules::Rule;

fn november(day: i8, hour: i8) -> DateTime {
    date(2026, 11, day).at(hour, 0, 0, 0)
}

/// The same office with a second version: another limit, another check, a step more.
fn second_version(given: &Given) -> World {
    let mut world = version(2, Some(Limit::working_days(3)));
    let check = given.world.process.steps[1].clone();
    world.process.steps.insert(1, check);
    world.procedure.cases[0].components.remove(2);
    world
}

/// The same office with that version of procedure and process, and that limit.
fn version(number: u32, limit: Option<Limit>) -> World {
    let mut world = World::new(PauseMode::Exclude, limit);
    world.procedure.version = number;
    world.process.version = number;
    world
}

impl<'w> Scene<'w> {
    /// Moved to the versions of that world, for that reason; the step stays.
    fn moved(mut self, world: &'w World, reason: &str) -> Self {
        let asked = Repinning {
            reason: Some(text(reason)),
            ..repin(
                world.procedure.version,
                world.process.version,
                self.step().index,
            )
        };
        self.world = world;
        self.does(&Command::Repin(asked))
    }

    fn record(&self) -> &Record {
        self.dossier.record().unwrap()
    }

    fn promised(&self) -> DateTime {
        self.record().due.unwrap()
    }

    fn lane(&self) -> DateTime {
        self.record().course.lane.as_ref().unwrap().due
    }
}

/// Takes a move back to that world and step.
fn back(world: &World, step: usize, undoes: &str) -> Command {
    Command::Repin(Repinning {
        undoes: Some(text(undoes)),
        ..repin(world.procedure.version, world.process.version, step)
    })
}

#[test]
fn qt_01_a_running_dossier_is_allowed_to_move_to_another_version_and_back() {
    let given = Given::default();
    let world = second_version(&given);
    let mut moving = given.at_step(2).hours_later(5);
    moving.world = &world;
    let moved = moving.clone().does(&repinning(2, 2, 3));
    let record = moved.record();
    assert_eq!(
        (record.filed.procedure_version, record.filed.process_version),
        (2, 2)
    );
    assert_eq!(moved.step().index, 3);
    assert_eq!(
        moved.promised(),
        november(19, 17),
        "from the same reception"
    );
    let mut undone = moved.hours_later(24);
    undone.world = &given.world;
    let undone = undone.does(&back(&given.world, 2, "decision"));
    let (after, before) = (undone.record(), moving.record());
    assert_eq!(after.filed, before.filed);
    assert_eq!(after.promise(), before.promise());
    assert_eq!(undone.step(), moving.step());
}

#[test]
fn qt_01_a_move_that_skips_repeats_or_changes_nothing_is_refused() {
    let given = Given::default();
    let rule = Rule::Repinning;
    let same = refused(&given.at_step(2), &repinning(1, 1, 2), rule);
    assert_eq!(same, Refusal::NothingChanges);
    let other = refused(&given.at_step(2), &repinning(2, 1, 2), rule);
    assert_eq!(other, Refusal::OtherVersion);
    let world = second_version(&given);
    for (scene, steps) in [
        (given.received(), vec![1]),
        (given.at_step(2), vec![0, 4, 5, 9]),
        (given.at_step(3), vec![0, 5, 6]),
        (given.at_step(4), vec![3, 4, 6]),
    ] {
        for step in steps {
            let mut scene = scene.clone();
            scene.world = &world;
            let no = refused(&scene, &repinning(2, 2, step), rule);
            assert_eq!(no, Refusal::StepNotReached, "{step}");
        }
    }
}

#[test]
fn qt_01_the_last_move_is_taken_back_before_the_one_before() {
    let given = Given::default();
    let (second, third) = (
        version(2, Some(Limit::working_days(4))),
        version(3, Some(Limit::working_days(3))),
    );
    let mut moved = given
        .at_step(2)
        .moved(&second, "first")
        .moved(&third, "second");
    assert_eq!(moved.promised(), november(19, 17));
    moved.world = &given.world;
    let early = refused(&moved, &back(&given.world, 2, "first"), Rule::Repinning);
    assert_eq!(early, Refusal::MovedSince);
    moved.world = &second;
    let mut undone = moved.does(&back(&second, 2, "second"));
    assert_eq!(undone.record().filed.procedure_version, 2);
    assert_eq!(undone.promised(), november(20, 17));
    let again = refused(&undone, &back(&second, 2, "second"), Rule::Repinning);
    assert_eq!(again, Refusal::NotMoved);
    undone.world = &given.world;
    let first = undone.does(&back(&given.world, 2, "first"));
    assert_eq!(first.record().filed, given.at_step(2).record().filed);
    assert_eq!(
        first.record().promise(),
        given.at_step(2).record().promise()
    );
    assert!(first.record().course.moves.is_empty());
}

#[test]
fn a_move_taken_back_after_further_steps_gives_the_first_limit_and_date_back() {
    let given = Given::under(PauseMode::Exclude);
    let shorter = version(2, Some(Limit::working_days(4)));
    // A day at the applicant's, and a step more, with and without the move.
    let goes_on = |scene: Scene<'_>| {
        let waiting = scene.hours_later(24).asks(&[2]).hours_later(24);
        let supplied = waiting.natural();
        let there = waiting.does(&supplied);
        let on = there.natural();
        there.does(&on).dossier
    };
    let here = given.at_step(1);
    let mut moved = here.clone().moved(&shorter, "decision");
    moved.dossier = goes_on(moved.clone());
    moved.now = november(18, 9);
    assert_eq!(
        moved.promised(),
        november(23, 17),
        "counted by the new limit"
    );
    let untouched = goes_on(here);
    let first = moved.record().course.first.clone().unwrap();
    assert_eq!(
        (Some(first.limit), Some(first.due)),
        (
            untouched.record().unwrap().limit,
            untouched.record().unwrap().due
        ),
        "what was promised first is counted anew with it"
    );
    moved.world = &given.world;
    let index = moved.step().index;
    let undone = moved.does(&back(&given.world, index, "decision"));
    let (after, never) = (undone.record(), untouched.record().unwrap());
    assert_eq!((after.limit, after.due), (never.limit, never.due));
    assert_eq!(after.course.first, None);
    assert_eq!(after.filed.procedure_version, 1);
}

#[test]
fn a_longer_limit_promises_nothing_later_and_what_is_late_stays_late() {
    let given = Given::default();
    let longer = version(2, Some(Limit::working_days(15)));
    for hours in [1, 24 * 10] {
        let here = given.at_step(2).hours_later(hours);
        let mut asked = here.clone();
        asked.world = &longer;
        let preview = asked.preview(&repin(2, 2, 2), &given.world).unwrap();
        assert_eq!(preview.new_limit, NewLimit::Longer);
        assert_eq!(preview.offered, Some(Limit::working_days(15)));
        let moved = here.clone().moved(&longer, "decision");
        assert_eq!(moved.record().promise(), here.record().promise());
        assert_eq!(moved.record().lawful(here.now), Some(hours == 1));
    }
    let without = version(2, None);
    let moved = given.at_step(2).moved(&without, "decision");
    assert_eq!(moved.promised(), november(23, 17));
}

#[test]
fn a_limit_that_would_be_over_is_not_promised() {
    let given = Given::default();
    let shorter = version(2, Some(Limit::working_days(1)));
    let mut here = given.at_step(2).hours_later(48);
    let before = here.record().promise();
    here.world = &shorter;
    let preview = here.preview(&repin(2, 2, 2), &given.world).unwrap();
    assert_eq!(preview.new_limit, NewLimit::Over);
    assert_eq!(here.moved(&shorter, "decision").record().promise(), before);
}

#[test]
fn a_shorter_limit_holds_and_the_first_date_stays_for_statistics() {
    let given = Given::default();
    let shorter = version(2, Some(Limit::working_days(3)));
    let moved = given.at_step(2).moved(&shorter, "decision");
    let record = moved.record();
    assert_eq!(record.limit, Some(Limit::working_days(3)));
    assert_eq!(record.published_due(), Some(november(19, 17)));
    assert_eq!(record.first_due(), Some(november(23, 17)));
    let between = november(20, 9);
    assert_eq!(record.on_time(between), Some(true));
    assert_eq!(record.lawful(between), Some(true));
    assert_eq!(record.on_time(november(24, 9)), Some(false));
    // Nothing was promised at first: what the new version promises is the first promise.
    let nothing = Given {
        world: World::new(PauseMode::Restart, None),
    };
    let moved = nothing.at_step(2).moved(&shorter, "decision");
    assert_eq!(moved.record().first_due(), Some(november(19, 17)));
    assert_eq!(moved.record().course.first, None);
}

#[test]
fn a_promise_that_was_missed_is_not_taken_back() {
    let given = Given::default();
    let shorter = version(2, Some(Limit::working_days(2)));
    let mut late = given
        .at_step(2)
        .moved(&shorter, "decision")
        .hours_later(24 * 3);
    assert!(late.promised() < late.now);
    let missed = late.record().promise();
    late.world = &given.world;
    let undone = late.does(&back(&given.world, 2, "decision"));
    assert_eq!(undone.record().filed.procedure_version, 1);
    assert_eq!(undone.record().promise(), missed);
    assert_eq!(undone.record().first_due(), Some(november(23, 17)));
}

#[test]
fn a_green_lane_publishes_the_earlier_of_its_date_and_the_new_one() {
    let given = Given::default();
    let here = given.at_step(2).by("leader").does(&admitting("xanh"));
    let published = here.lane();
    assert!(published > november(17, 17) && published < november(19, 17));
    for (days, lane) in [(3, published), (1, november(17, 17))] {
        let world = version(2, Some(Limit::working_days(days)));
        let mut moved = here.clone().moved(&world, "decision");
        assert_eq!(moved.lane(), lane, "{days}");
        assert_eq!(
            moved.record().published_due(),
            Some(lane.min(moved.promised()))
        );
        assert_eq!(moved.record().on_time(published), Some(true));
        moved.world = &given.world;
        let undone = moved.does(&back(&given.world, 2, "decision"));
        assert_eq!(undone.record().promise(), here.record().promise());
    }
}

#[test]
fn a_restart_after_a_shorter_limit_in_other_days_ends_no_later_than_the_first() {
    // Eight days of the calendar; then five working days, which over Tết are more.
    let given = Given {
        world: World::new(PauseMode::Restart, Some(Limit::Days(8))),
    };
    let mut working = World::new(PauseMode::Restart, Some(Limit::working_days(5)));
    working.procedure.version = 2;
    working.process.version = 2;
    let first = given.at_step(1);
    let moved = first.clone().moved(&working, "decision");
    assert!(moved.promised() < first.promised());
    let [first, moved] = [first, moved].map(|scene| {
        let waited = scene.asks(&[2]).hours_later(79 * 24);
        let supplied = waited.natural();
        waited.does(&supplied)
    });
    assert_eq!(first.promised(), date(2027, 2, 11).at(17, 0, 0, 0));
    assert_eq!(moved.promised(), first.promised());
    assert_eq!(moved.record().first_due(), Some(first.promised()));
}

#[test]
fn a_move_while_the_clock_stands_promises_as_when_it_stopped() {
    for mode in [PauseMode::Exclude, PauseMode::Restart] {
        let given = Given::under(mode);
        let shorter = version(2, Some(Limit::working_days(3)));
        let waiting = given.paused().hours_later(24 * 10);
        let moved = waiting.moved(&shorter, "decision");
        assert_eq!(moved.promised(), november(19, 17), "{mode:?}");
    }
}

#[test]
fn a_preview_says_what_would_change_and_changes_nothing() {
    let given = Given::default();
    let world = second_version(&given);
    let mut scene = given.at_step(2);
    scene.world = &world;
    let preview = scene.preview(&repin(2, 2, 2), &given.world).unwrap();
    assert_eq!(preview.new_limit, NewLimit::Shorter);
    assert_eq!(preview.due, Some(november(23, 17)));
    assert_eq!(preview.new.promise.due, Some(november(19, 17)));
    assert_eq!(
        preview.step,
        Some(("examination".to_owned(), "check".to_owned()))
    );
    assert_eq!(preview.steps.unwrap().1.len(), 7);
    assert_eq!((preview.added, preview.dropped), (vec![], vec![3]));
    let no = scene.preview(&repin(2, 2, 6), &given.world);
    assert_eq!(no, Err(Refusal::StepNotReached));
    assert_eq!(scene.dossier, given.at_step(2).dossier);
    assert!(matches!(scene.dossier, Dossier::Processing(..)));
    allowed(&scene, &repinning(2, 2, 2));
}

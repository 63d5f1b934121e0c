//! Laws of what happens beside the steps: whatever is asked, by whom and when, these hold.

use domain::deadline::{Limit, PauseMode};
use domain::dossier::{
    Command, Dossier, Event, HandedAs, LookupOutcome, Repinning, TaskKind, TaskState,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::dossier::{any_asks, any_world, events, history};
use crate::usual::repin;
use crate::world::{Scene, World, drafting};

fn any_limit() -> impl Strategy<Value = Limit> {
    let limits = ["5wd", "3wd", "2.5wd", "16h", "8d", "15d", "1mo"];
    prop::sample::select(limits.map(|limit| limit.parse().unwrap()).to_vec())
}

fn done<'w>(scene: &Scene<'w>, command: &Command) -> Option<Scene<'w>> {
    let events = scene.ask(command).ok()?;
    Some(scene.clone().after(&events))
}

/// A supplement was asked for, and came after so many hours.
fn restarted<'w>(scene: &Scene<'w>, hours: i64) -> Option<Scene<'w>> {
    let drafted = done(scene, &drafting(&[2]))?.by("leader");
    let approved = done(&drafted, &Command::ApproveSupplement)?.by("clerk");
    let asked = Command::AskSupplement {
        components: Vec::new(),
        corrections: Vec::new(),
        reason: None,
    };
    let waiting = done(&approved, &asked)?.hours_later(hours);
    done(&waiting, &waiting.natural())
}

proptest! {
    #[test]
    fn a_refusal_comes_from_a_rule_that_governs_the_command(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            if let Err(no) = &asked.said {
                let kind = asked.command.kind();
                prop_assert!(no.rule().governs().contains(&kind), "{:?} {:?}", no, kind);
                prop_assert!(!asked.before.cited(no).is_empty(), "{:?}", no);
            }
        }
    }

    #[test]
    fn only_what_is_there_on_paper_is_scanned_and_the_newest_scan_counts(
        world in any_world(),
        asks in any_asks(),
    ) {
        let mut dossier = Dossier::Absent;
        for event in events(&history(&world, &asks)) {
            if let Event::ComponentScanned(made) = &event {
                let filed = &dossier.record().unwrap().filed;
                let there = filed.handed.iter().find(|one| one.component == made.scan.component);
                prop_assert!(there.unwrap().handed.is_kept_paper());
                dossier = dossier.evolve(&event);
                let filed = &dossier.record().unwrap().filed;
                let there = filed.handed.iter().find(|one| one.component == made.scan.component);
                let counts = HandedAs::Scanned {
                    file: made.scan.file.clone(),
                    pages: made.scan.pages,
                    paper: true,
                };
                prop_assert_eq!(&there.unwrap().handed, &counts);
            } else {
                dossier = dossier.evolve(&event);
            }
        }
    }

    #[test]
    fn what_a_database_holds_is_asked_for_only_after_a_failed_lookup(
        world in any_world(),
        asks in any_asks(),
    ) {
        let mut last = None;
        for event in events(&history(&world, &asks)) {
            if let Event::LookupRecorded { lookup, .. } = &event {
                last = Some(lookup.found);
            }
            if let Event::SupplementRequested { request } = &event {
                let failed = matches!(last, Some(LookupOutcome::Failed | LookupOutcome::Wrong));
                prop_assert!(failed || !request.components.contains(&4));
            }
        }
    }

    #[test]
    fn a_lane_changes_neither_papers_nor_charge_nor_the_legal_date(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            if let (Command::AdmitToLane { .. }, Ok(_)) = (&asked.command, &asked.said) {
                let (before, after) = (asked.before.record(), asked.after.record());
                prop_assert_eq!(&before.filed, &after.filed);
                prop_assert_eq!((before.limit, before.due), (after.limit, after.due));
            }
            if let Some(record) = asked.after.dossier.record()
                && let (Some(lane), Some(legal)) = (&record.course.lane, record.due)
                && record.pauses.iter().all(|pause| pause.to.is_some())
            {
                prop_assert!(lane.due <= legal);
            }
        }
    }

    #[test]
    fn an_apology_is_made_once_and_leaves_the_first_date(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            if let (Command::Apologise(_), Ok(_)) = (&asked.command, &asked.said) {
                let (before, after) = (asked.before.record(), asked.after.record());
                prop_assert_eq!(before.due, after.due);
                prop_assert_eq!(after.course.apologies.len(), 1);
                prop_assert!(after.course.apologies[0].until > asked.after.now);
            }
        }
    }

    #[test]
    fn nothing_is_approved_over_open_work(world in any_world(), asks in any_asks()) {
        for asked in history(&world, &asks) {
            let approved = |event: &Event| matches!(event, Event::StepFinished { approved: true, .. });
            if asked.said.iter().flatten().any(approved) {
                let tasks = &asked.before.record().course.tasks;
                let open = |kind| tasks.iter().any(|t| t.sent.kind == kind && t.is_open());
                prop_assert!(!open(TaskKind::Work));
                let late = |task: &&domain::dossier::Task| task.is_overdue(asked.before.now);
                let opinions = tasks.iter().filter(|t| t.sent.kind == TaskKind::Opinion);
                prop_assert!(opinions.filter(|t| t.is_open()).all(|task| late(&task)));
            }
        }
    }

    #[test]
    fn a_task_that_is_over_stays_as_it_is(world in any_world(), asks in any_asks()) {
        for asked in history(&world, &asks) {
            let Some(before) = asked.before.dossier.record() else { continue };
            for (index, task) in before.course.tasks.iter().enumerate() {
                let after = &asked.after.record().course.tasks[index];
                match (&task.state, &after.state) {
                    (TaskState::Answered { answer, .. }, TaskState::Answered { answer: same, .. }) => {
                        prop_assert_eq!(answer, same);
                    }
                    (was, is) if !task.is_open() => prop_assert_eq!(was, is),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_move_to_another_version_is_as_previewed_and_undone_by_the_way_back(
        world in any_world(),
        asks in any_asks(),
        step in 0..6_usize,
    ) {
        let Some(last) = history(&world, &asks).pop() else { return Ok(()) };
        let before = last.after;
        let asked = repin(1, 1, step);
        let Ok(events) = before.ask(&Command::Repin(asked.clone())) else { return Ok(()) };
        let preview = before.preview(&asked, &world);
        let after = before.clone().after(&events);
        let moved = after.record().course.moves.last().cloned().unwrap();
        prop_assert_eq!(preview.map(|preview| preview.new), Ok(moved.new.clone()));
        let way_back = Repinning { undoes: Some(moved.reason), ..repin(1, 1, moved.old.step) };
        let back = after.ask(&Command::Repin(way_back)).unwrap();
        let back = after.after(&back);
        prop_assert_eq!(back.dossier.at_step(), before.dossier.at_step());
        prop_assert_eq!(back.record().promise(), before.record().promise());
        prop_assert_eq!(&back.record().filed, &before.record().filed);
        prop_assert_eq!(&back.record().course.moves, &before.record().course.moves);
    }

    #[test]
    fn a_move_to_another_version_never_promises_a_later_time(
        world in any_world(),
        asks in any_asks(),
        days in 1..12_u32,
    ) {
        let Some(last) = history(&world, &asks).pop() else { return Ok(()) };
        let mut newer = World::new(PauseMode::Exclude, Some(Limit::working_days(days)));
        newer.procedure.version = 2;
        let mut moving = last.after;
        let Some(step) = moving.dossier.at_step().map(|at| at.index) else { return Ok(()) };
        moving.world = &newer;
        let Ok(events) = moving.ask(&Command::Repin(repin(2, 1, step))) else { return Ok(()) };
        let after = moving.clone().after(&events);
        let (was, is) = (moving.record(), after.record());
        prop_assert!(was.due.is_none() || is.due <= was.due);
        prop_assert!(was.published_due().is_none() || is.published_due() <= was.published_due());
        prop_assert_eq!(is.first_due(), was.first_due().or(is.due));
        let stands = matches!(moving.dossier, Dossier::Paused(..) | Dossier::Obliged(..));
        prop_assert!(is.due == was.due || is.due > Some(moving.now) || stands);
    }

    #[test]
    fn a_restart_after_a_move_ends_no_later_than_the_first_limit(
        first in any_limit(),
        newer in any_limit(),
        begins in 0..4_000_i64,
        waits in 1..2_000_i64,
    ) {
        let old = World::new(PauseMode::Restart, Some(first));
        let mut new = World::new(PauseMode::Restart, Some(newer));
        new.procedure.version = 2;
        let mut scene = Scene::new(&old).hours_later(begins);
        while !matches!(scene.dossier, Dossier::Processing(..)) {
            scene = done(&scene, &scene.natural()).unwrap();
        }
        let mut moved = scene.clone();
        moved.world = &new;
        let Some(moved) = done(&moved, &Command::Repin(repin(2, 1, 1))) else { return Ok(()) };
        let stayed = restarted(&scene, waits);
        let moved = restarted(&moved, waits);
        let (Some(stayed), Some(moved)) = (stayed, moved) else { return Ok(()) };
        let (stayed, moved) = (stayed.record(), moved.record());
        prop_assert!(moved.due <= stayed.due, "{:?} after {:?}", moved.due, stayed.due);
        prop_assert_eq!(moved.first_due(), stayed.due);
    }

    #[test]
    fn a_hand_over_is_acknowledged_once_and_before_the_first_act(
        world in any_world(),
        asks in any_asks(),
    ) {
        let mut acknowledged = 0;
        for event in events(&history(&world, &asks)) {
            if matches!(event, Event::HandOverAcknowledged(_)) {
                acknowledged += 1;
            }
            if matches!(event, Event::StepFinished { .. } | Event::ResultDrafted { .. }) {
                prop_assert_eq!(acknowledged, 1);
            }
        }
        prop_assert!(acknowledged <= 1);
    }
}

/// Events that the laws above speak of, each of which random histories must come to.
const REACHED: [&str; 18] = [
    "dossier.answer_acknowledged.v1",
    "dossier.apologised.v1",
    "dossier.component_scanned.v1",
    "dossier.corrected.v1",
    "dossier.correction_opened.v1",
    "dossier.hand_over_acknowledged.v1",
    "dossier.lane_admitted.v1",
    "dossier.lookup_recorded.v1",
    "dossier.released.v1",
    "dossier.repinned.v1",
    "dossier.stopped.v1",
    "dossier.supplement_discarded.v1",
    "dossier.supplement_drafted.v1",
    "dossier.task_accepted.v1",
    "dossier.task_answered.v1",
    "dossier.task_lapsed.v1",
    "dossier.task_recalled.v1",
    "dossier.tasks_sent.v1",
];

#[test]
fn random_histories_come_to_every_event_beside_the_steps() {
    let mut runner = TestRunner::deterministic();
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..9_000 {
        let world = any_world().new_tree(&mut runner).unwrap().current();
        let asks = any_asks().new_tree(&mut runner).unwrap().current();
        let happened = events(&history(&world, &asks));
        reached.extend(happened.iter().map(Event::kind));
    }
    let missing: Vec<_> = REACHED
        .iter()
        .filter(|kind| !reached.contains(*kind))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

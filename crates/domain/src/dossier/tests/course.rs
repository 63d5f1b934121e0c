//! The rules of what happens beside the steps of the process: each allows a case and refuses one.

use jiff::civil::{DateTime, date};

use super::commands::{Given, asking};
use super::rules::{allowed, refused, with_basis};
use super::usual::{
    admitting, agency, apologising, correcting, correction, course, looked, lookup, repinning,
    stopping,
};
use super::world::{
    COMPLETE, Scene, World, drafting, filed, handed, hash, meeting, noticing, staff, text,
};
use crate::deadline::{Limit, PauseMode};
use crate::dossier::{
    Asking, Command, CommandKind, Correcting, Correction, CorrectionKind, Corrects, Dossier, Event,
    Filed, LookupOutcome, ObligationNotice, Outcome, Proof, Refund, Refusal, StateKind, StopGround,
    Stopping,
};
use crate::ids::DossierId;
use crate::money::Dong;
use crate::parameters::{Override, Parameters};
use crate::procedure::{FeeKind, FeeLine, RefundRule, StageRule};
use crate::rules::Rule;

fn november(day: i8, hour: i8) -> DateTime {
    date(2026, 11, day).at(hour, 0, 0, 0)
}

#[test]
fn bs_05_what_one_drafted_another_sends() {
    let given = Given::default();
    let drafted = given.at_step(1).does(&drafting(&[2]));
    assert!(drafted.dossier.record().unwrap().course.asking.is_some());
    let sent = drafted.by("clerk").does(&asking(&[2]));
    let request = sent.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.drafted_by, Some(staff("officer")));
    assert_eq!(request.sent_by, Some(staff("clerk")));
    assert_eq!((request.stage, request.components), (Some(1), vec![2]));
    assert!(sent.dossier.record().unwrap().course.asking.is_none());
}

#[test]
fn bs_05_nobody_sends_without_a_draft_or_her_own_or_another() {
    let given = Given::default();
    let rule = Rule::SupplementReviewed;
    let bare = given.at_step(1);
    assert_eq!(
        refused(&bare, &asking(&[2]), rule),
        Refusal::RequestNotDrafted
    );
    let discard = course(CommandKind::DiscardSupplement);
    assert_eq!(refused(&bare, &discard, rule), Refusal::RequestNotDrafted);
    let drafted = bare.does(&drafting(&[2]));
    assert_eq!(refused(&drafted, &asking(&[]), rule), Refusal::OwnDraft);
    let clerk = drafted.clone().by("clerk");
    assert_eq!(
        refused(&clerk, &asking(&[1, 2]), rule),
        Refusal::OtherThanDrafted
    );
    let mut stand_in = clerk.clone();
    stand_in.for_whom = Some(staff("officer"));
    assert_eq!(refused(&stand_in, &asking(&[]), rule), Refusal::OwnDraft);
    let back = clerk.does(&discard);
    assert_eq!(
        refused(&back, &asking(&[]), rule),
        Refusal::RequestNotDrafted
    );
    let moved = drafted.does(&Command::Forward).by("clerk");
    assert_eq!(
        refused(&moved, &asking(&[]), rule),
        Refusal::RequestNotDrafted
    );
}

#[test]
fn bs_06_a_second_request_of_another_stage_names_its_basis() {
    let given = Given::default();
    let supplied = given.incomplete().does(&Command::Supply {
        handed: handed(&[2]),
    });
    let received = supplied.does(&Command::Accept).does(&Command::HandOver);
    allowed(&received, &with_basis(&[2]));
}

#[test]
fn bs_06_a_second_request_without_its_basis_is_refused() {
    let given = Given::default();
    let asked = given.paused().does(&Command::Supply {
        handed: handed(&[2]),
    });
    let next = asked.does(&Command::Forward);
    let rule = Rule::SupplementSecond;
    assert_eq!(refused(&next, &drafting(&[2]), rule), Refusal::BasisMissing);
}

#[test]
fn a_correction_of_a_component_asks_for_the_component() {
    let given = Given::default();
    let wrong = Command::DraftSupplement(Asking {
        components: vec![2],
        corrections: vec![Correction {
            component: 1,
            what: text("page-2"),
        }],
        reason: Some(text("reason")),
        basis: None,
    });
    let sent = given.at_step(1).does(&wrong).by("clerk").does(&asking(&[]));
    let request = sent.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.components, vec![1, 2]);
    assert_eq!(request.corrections.len(), 1);
}

#[test]
fn a_stage_has_its_own_mode_and_its_own_times() {
    let mut given = Given::default();
    given.world.procedure.supplement.stages = vec![StageRule {
        step: 1,
        mode: Some(PauseMode::Exclude),
        within: Some(Limit::working_days(1)),
        answer: Some(Limit::Days(10)),
        basis: "luật chuyên ngành".to_owned(),
    }];
    let scene = given.at_step(1);
    let late = scene.clone().hours_later(24 + 10);
    let until = november(17, 17);
    let no = refused(&late, &drafting(&[2]), Rule::SupplementInTime);
    assert_eq!(no, Refusal::AskedTooLate { until });
    let asked = scene.asks(&[2]);
    let request = asked.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.mode, PauseMode::Exclude);
    assert_eq!(request.answer_by, november(26, 17));
}

#[test]
fn a_value_of_the_province_holds_for_what_is_received_from_its_day_on() {
    let world = World::new(PauseMode::Restart, Some(Limit::working_days(5)));
    let own = Parameters::shipped().with(&[Override {
        key: "supplement.within".to_owned(),
        value: "1wd".to_owned(),
        valid_from: date(2026, 11, 17),
        citation: "QĐ 12/2026/QĐ-UBND".to_owned(),
    }]);
    let own = own.unwrap();
    for (later, allowed) in [(0, true), (24, false)] {
        let mut scene = Scene::new(&world).hours_later(later);
        scene.parameters = &own;
        let scene = scene.does(&Command::Receive(filed(&COMPLETE)));
        let scene = scene.does(&Command::HandOver).hours_later(48);
        assert_eq!(scene.ask(&drafting(&[2])).is_ok(), allowed, "{later}");
    }
}

#[test]
fn tn_09_a_lookup_is_of_what_the_database_holds() {
    let given = Given::default();
    for scene in [given.submitted(&[1]), given.received(), given.paused()] {
        allowed(&scene, &looked(LookupOutcome::Confirmed));
    }
}

#[test]
fn tn_09_a_lookup_of_what_the_database_does_not_hold_is_refused() {
    let given = Given::default();
    let mut other = lookup(LookupOutcome::Failed);
    other.component = 2;
    let no = Refusal::NotHeldThere { component: 2 };
    let command = Command::RecordLookup(other.clone());
    assert_eq!(refused(&given.at_step(1), &command, Rule::Lookup), no);
    let receive = Command::Receive(Filed {
        lookups: vec![other],
        ..filed(&COMPLETE)
    });
    assert_eq!(refused(&given.nothing(), &receive, Rule::Lookup), no);
}

#[test]
fn tn_05_a_failed_lookup_on_record_opens_the_paper() {
    let given = Given::default();
    let failed = given.at_step(1).does(&looked(LookupOutcome::Failed));
    allowed(&failed, &drafting(&[4]));
    let no = refused(&failed, &drafting(&[2]), Rule::SupplementExact);
    assert_eq!(no, Refusal::AskedInPart { missing: vec![4] });
    let found = failed.does(&looked(LookupOutcome::Confirmed));
    refused(&found, &drafting(&[4]), Rule::HeldByDatabase);
    let with_paper = |lookups| {
        Command::Receive(Filed {
            lookups,
            ..filed(&[1, 2, 4])
        })
    };
    allowed(
        &given.nothing(),
        &with_paper(vec![lookup(LookupOutcome::Wrong)]),
    );
    for lookups in [Vec::new(), vec![lookup(LookupOutcome::Confirmed)]] {
        refused(&given.nothing(), &with_paper(lookups), Rule::HeldByDatabase);
    }
}

#[test]
fn dn_01_a_stop_with_its_document_is_allowed() {
    let given = Given::default();
    for scene in [
        given.received(),
        given.at_step(3),
        given.paused(),
        given.obliged(),
    ] {
        for ground in [StopGround::Request, StopGround::Decision] {
            let stopped = scene.clone().does(&stopping(ground));
            assert_eq!(stopped.dossier.kind(), StateKind::Stopped);
        }
    }
}

#[test]
fn dn_01_a_stop_without_its_document_is_refused() {
    let given = Given::default();
    let bare = Command::Stop(Stopping {
        ground: StopGround::Decision,
        document: None,
        reason: Some(text("reason")),
    });
    let no = refused(&given.at_step(1), &bare, Rule::StopDocument);
    assert_eq!(no, Refusal::StopDocumentMissing);
}

/// Whether the charge is given back when the dossier ends at each of these stages: declined before
/// reception, withdrawn after it, stopped during work.
fn given_back(rule: RefundRule) -> [bool; 3] {
    let mut given = Given::default();
    let line = FeeLine {
        code: None,
        kind: FeeKind::Fee,
        amount: Some(Dong(8_000)),
        note: String::new(),
        by_page: None,
        refund: rule,
    };
    for offer in &mut given.world.procedure.offers {
        offer.fees = vec![line.clone()];
    }
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    let stop = stopping(StopGround::Request);
    let ends = [
        (given.submitted(&[1]), decline),
        (given.received(), withdraw),
        (given.at_step(2), stop),
    ];
    ends.map(|(scene, command)| {
        let events = scene.ask(&command).unwrap();
        let (Event::Declined { refund, .. }
        | Event::Withdrawn { refund, .. }
        | Event::Stopped { refund, .. }) = &events[0]
        else {
            panic!("{events:?}");
        };
        let Refund { due, rule: by } = refund.unwrap();
        assert_eq!(by, rule);
        due
    })
}

#[test]
fn a_charge_is_given_back_as_its_line_says() {
    assert_eq!(given_back(RefundRule::Never), [false, false, false]);
    assert_eq!(
        given_back(RefundRule::BeforeReception),
        [true, false, false]
    );
    assert_eq!(
        given_back(RefundRule::BeforeProcessing),
        [true, true, false]
    );
    assert_eq!(given_back(RefundRule::Always), [true, true, true]);
}

#[test]
fn nv_01_a_notice_with_its_amount_is_allowed() {
    let given = Given::default();
    let obliged = given.at_step(1).does(&noticing());
    let obligation = obliged.dossier.record().unwrap().course.obligation.clone();
    assert_eq!(obligation.unwrap().amount, Some(Dong(150_000)));
}

#[test]
fn nv_01_a_notice_without_an_amount_is_refused() {
    let given = Given::default();
    for amount in [None, Some(Dong(0))] {
        let notice = Command::NoticeObligation(ObligationNotice {
            text: Some(text("tax")),
            amount,
            document: Some(hash('a')),
        });
        let no = refused(&given.at_step(1), &notice, Rule::ObligationNotice);
        assert_eq!(no, Refusal::AmountMissing);
    }
}

#[test]
fn nv_02_an_obligation_is_met_by_its_proof() {
    let given = Given::default();
    let by_file = Command::MeetObligation {
        proof: Some(Proof::File { file: hash('a') }),
    };
    allowed(&given.obliged(), &by_file);
    let met = given.obliged().does(&meeting());
    let obligation = met.dossier.record().unwrap().course.obligation.clone();
    assert!(obligation.unwrap().proof.is_some());
}

#[test]
fn nv_02_an_obligation_is_not_met_without_proof() {
    let bare = Command::MeetObligation { proof: None };
    let no = refused(&Given::default().obliged(), &bare, Rule::ObligationProof);
    assert_eq!(no, Refusal::ProofMissing);
}

#[test]
fn qh_01_an_apology_is_made_until_a_working_day_before_the_end_and_again_once_it_is_late() {
    let given = Given::default();
    let sorry = apologising(november(27, 9));
    // Due Monday 23 November 17:00: until Friday 20 at the same time.
    let last = given.at_step(1).hours_later(4 * 24 + 9);
    assert_eq!(last.now, november(20, 17));
    let early = last.does(&sorry);
    let record = early.dossier.record().unwrap();
    assert!(!record.course.apologies[0].late);
    assert_eq!(record.due, Some(november(23, 17)), "the first date stays");
    let late = given.at_step(1).hours_later(7 * 24 + 10).does(&sorry);
    assert!(late.dossier.record().unwrap().course.apologies[0].late);
}

#[test]
fn qh_01_on_the_last_day_no_apology_is_made() {
    let given = Given::default();
    let scene = given.at_step(1).hours_later(7 * 24 + 1);
    let no = refused(&scene, &apologising(november(27, 9)), Rule::ApologyInTime);
    let until = november(20, 17);
    assert_eq!(no, Refusal::ApologyTooLate { until });
}

#[test]
fn qh_02_a_first_new_date_is_given() {
    allowed(&Given::default().received(), &apologising(november(27, 9)));
}

#[test]
fn qh_02_a_second_new_date_is_refused() {
    let given = Given::default();
    let scene = given.received().does(&apologising(november(27, 9)));
    let no = refused(&scene, &apologising(november(30, 9)), Rule::ApologyOnce);
    assert_eq!(no, Refusal::AlreadyApologised { at: scene.now });
}

#[test]
fn qh_03_a_new_date_is_a_later_working_day() {
    allowed(&Given::default().at_step(1), &apologising(november(25, 9)));
}

#[test]
fn qh_03_a_new_date_on_a_day_off_or_before_the_old_one_is_refused() {
    let given = Given::default();
    let rule = Rule::NewDate;
    let off = refused(&given.received(), &apologising(november(24, 9)), rule);
    let day = date(2026, 11, 24);
    assert_eq!(off, Refusal::NewDateOff { day });
    let early = refused(&given.received(), &apologising(november(23, 17)), rule);
    let after = november(23, 17);
    assert_eq!(early, Refusal::NewDateTooEarly { after });
    let late = given.received().hours_later(10 * 24);
    let after = late.now;
    let past = refused(&late, &apologising(november(25, 9)), rule);
    assert_eq!(past, Refusal::NewDateTooEarly { after });
    let world = World::new(PauseMode::Restart, None);
    let open = Scene::new(&world).does(&Command::Receive(filed(&COMPLETE)));
    let no = refused(&open, &apologising(november(27, 9)), rule);
    assert_eq!(no, Refusal::NothingPromised);
}

#[test]
fn lx_01_a_published_lane_hastens_and_touches_nothing_else() {
    let given = Given::default();
    let before = given.at_step(1);
    for (lane, due) in [
        ("xanh", date(2026, 11, 19).at(11, 30, 0, 0)),
        ("16h", november(18, 8)),
    ] {
        let after = before.clone().does(&admitting(lane));
        let (old, new) = (
            before.dossier.record().unwrap(),
            after.dossier.record().unwrap(),
        );
        assert_eq!(new.course.lane.as_ref().unwrap().due, due);
        assert_eq!((&new.filed, new.due), (&old.filed, old.due));
    }
}

#[test]
fn lx_01_a_lane_that_nobody_published_is_refused() {
    let no = refused(
        &Given::default().at_step(1),
        &admitting("red"),
        Rule::LaneOffered,
    );
    assert_eq!(no, Refusal::NoSuchLane);
}

#[test]
fn lx_02_a_dossier_in_no_lane_is_admitted() {
    allowed(&Given::default().received(), &admitting("xanh"));
}

#[test]
fn lx_02_a_dossier_in_a_lane_is_not_admitted_to_another() {
    let given = Given::default();
    let scene = given.received().does(&admitting("xanh"));
    let no = refused(&scene, &admitting("16h"), Rule::LaneOnce);
    assert_eq!(no, Refusal::InLane);
}

#[test]
fn the_published_date_waits_with_the_legal_one() {
    let given = Given::default();
    let scene = given.at_step(1).does(&admitting("xanh")).does(&noticing());
    let scene = scene.hours_later(24).does(&meeting());
    let record = scene.dossier.record().unwrap();
    let published = date(2026, 11, 20).at(11, 30, 0, 0);
    assert_eq!(record.course.lane.as_ref().unwrap().due, published);
    assert_eq!(record.due, Some(november(25, 17)));
    let settled = date(2026, 11, 23).at(8, 0, 0, 0);
    assert_eq!(
        record.on_time(settled),
        Some(false),
        "late by the published date"
    );
    assert_eq!(record.lawful(settled), Some(true), "in time by the law");
}

#[test]
fn dc_01_the_issuing_agency_corrects_a_result_settled_or_returned() {
    let given = Given::default();
    for scene in [given.settled(), given.returned()] {
        let state = scene.dossier.kind();
        let open = scene.does(&correcting());
        assert_eq!(open.dossier.kind(), state);
        let done = open.does(&course(CommandKind::FinishCorrection));
        let linked = &done.dossier.record().unwrap().course.corrections[0];
        assert_eq!(
            (&linked.by, linked.kind),
            (&correction(), CorrectionKind::Amend)
        );
        assert_eq!(linked.done_at, Some(done.now));
        allowed(&done, &correcting());
    }
}

#[test]
fn dc_01_another_agency_or_a_second_correction_at_once_is_refused() {
    let given = Given::default();
    let rule = Rule::CorrectionOwn;
    let other = Command::OpenCorrection(Correcting {
        by: correction(),
        agency: agency("H56.02"),
        kind: CorrectionKind::Withdraw,
        reason: Some(text("reason")),
        apology: Some(text("apology")),
    });
    assert_eq!(refused(&given.returned(), &other, rule), Refusal::NotIssuer);
    let open = given.returned().does(&correcting());
    let by = correction();
    assert_eq!(
        refused(&open, &correcting(), rule),
        Refusal::CorrectionOpen { by }
    );
    let stranger = Command::FinishCorrection {
        by: DossierId::parse("other").unwrap(),
    };
    assert_eq!(refused(&open, &stranger, rule), Refusal::NoCorrectionOpen);
}

/// A dossier that corrects another, with this charge and these components.
fn correcting_dossier(fee: i64, components: &[u16]) -> Command {
    Command::Receive(Filed {
        fee: Dong(fee),
        corrects: Some(Corrects {
            dossier: DossierId::parse("original").unwrap(),
            kind: CorrectionKind::Replace,
            reason: text("reason"),
        }),
        ..filed(components)
    })
}

#[test]
fn dc_02_a_correction_is_received_without_charge_and_without_papers() {
    allowed(&Given::default().nothing(), &correcting_dossier(0, &[]));
}

#[test]
fn dc_02_a_correction_that_costs_something_or_has_no_apology_is_refused() {
    let given = Given::default();
    let rule = Rule::CorrectionFree;
    for command in [correcting_dossier(8_000, &[]), correcting_dossier(0, &[1])] {
        let no = refused(&given.nothing(), &command, rule);
        assert_eq!(no, Refusal::CorrectionNotFree);
    }
    let silent = Command::OpenCorrection(Correcting {
        by: correction(),
        agency: agency("H56.14"),
        kind: CorrectionKind::Amend,
        reason: Some(text("reason")),
        apology: None,
    });
    assert_eq!(
        refused(&given.returned(), &silent, rule),
        Refusal::ApologyMissing
    );
}

#[test]
fn xl_02_who_stands_in_for_the_holder_works_on_the_step_and_both_are_named() {
    let given = Given::default();
    let held = given.at_step(1).does(&Command::Assign {
        to: staff("officer"),
    });
    let mut deputy = held.by("deputy");
    refused(&deputy, &Command::Forward, Rule::StepHolder);
    deputy.for_whom = Some(staff("officer"));
    let events = deputy.ask(&Command::Forward).unwrap();
    let [Event::StepFinished { by, behalf, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((by, behalf), (&staff("deputy"), &Some(staff("officer"))));
    let next = deputy
        .after(&events)
        .does(&super::world::draft(Outcome::Granted));
    let draft = next.step().draft.unwrap();
    assert_eq!(
        (draft.by, draft.behalf),
        (staff("deputy"), Some(staff("officer")))
    );
}

#[test]
fn xl_02_a_step_whose_holder_left_is_anybody_s_and_one_without_a_holder_is_not_released() {
    let given = Given::default();
    let held = given.at_step(1).does(&Command::Assign {
        to: staff("officer"),
    });
    let free = held.does(&Command::Release).by("other");
    assert_eq!(free.step().holder, None);
    allowed(&free, &Command::Forward);
    let no = refused(&free, &Command::Release, Rule::StepHolder);
    assert_eq!(no, Refusal::NothingHeld);
}

#[test]
fn the_first_act_of_the_agency_acknowledges_the_hand_over_once() {
    let given = Given::default();
    let events = given.at_step(1).ask(&Command::Forward).unwrap();
    let [
        Event::HandOverAcknowledged(taken),
        Event::StepFinished { .. },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(taken.by, staff("officer"));
    let next = given.at_step(1).after(&events);
    let events = next.ask(&super::world::draft(Outcome::Granted)).unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
}

/// The same office with a second version: another limit, another check, a step more.
fn second_version(given: &Given) -> World {
    let mut world = World::new(PauseMode::Restart, Some(Limit::working_days(3)));
    world.procedure.version = 2;
    world.process.version = 2;
    let check = given.world.process.steps[1].clone();
    world.process.steps.insert(1, check);
    world.procedure.cases[0].components.remove(2);
    world
}

#[test]
fn qt_01_a_running_dossier_moves_to_another_version_and_back() {
    let given = Given::default();
    let world = second_version(&given);
    let mut moving = given.at_step(2).hours_later(5);
    moving.world = &world;
    let moved = moving.clone().does(&repinning(2, 2, 3));
    let record = moved.dossier.record().unwrap();
    assert_eq!(
        (record.filed.procedure_version, record.filed.process_version),
        (2, 2)
    );
    assert_eq!(moved.step().index, 3);
    assert_eq!(
        record.due,
        Some(november(19, 17)),
        "from the same reception"
    );
    let mut back = moved.hours_later(24);
    back.world = &given.world;
    let back = back.does(&repinning(1, 1, 2)).dossier;
    let (undone, before) = (back.record().unwrap(), moving.dossier.record().unwrap());
    assert_eq!((&undone.filed, undone.due), (&before.filed, before.due));
    assert_eq!(back.at_step(), moving.dossier.at_step());
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
fn a_preview_says_what_would_change_and_changes_nothing() {
    let given = Given::default();
    let world = second_version(&given);
    let mut scene = given.at_step(2);
    scene.world = &world;
    let preview = scene
        .preview(&super::usual::repin(2, 2, 2), &given.world)
        .unwrap();
    assert!(preview.due_changes);
    assert_eq!(
        preview.step,
        Some(("examination".to_owned(), "check".to_owned()))
    );
    assert_eq!(preview.steps.unwrap().1.len(), 7);
    assert_eq!((preview.added, preview.dropped), (vec![], vec![3]));
    let no = scene.preview(&super::usual::repin(2, 2, 6), &given.world);
    assert_eq!(no, Err(Refusal::StepNotReached));
    assert_eq!(scene.dossier, given.at_step(2).dossier);
    assert!(matches!(scene.dossier, Dossier::Processing(..)));
}

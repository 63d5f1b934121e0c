//! Ends without the result that was asked for, what becomes of the charge, and corrections of a
//! result that was issued in error.

use jiff::civil::{DateTime, date};

use super::commands::Given;
use super::course::correcting_dossier;
use super::rules::{allowed, refused, unit_of};
use super::usual::{agency, apologising, correcting, correcting_by, correction, stopping};
use super::world::{COMPLETE, Scene, draft, filed, filed_by_agent, hash, returning, staff, text};
use crate::dossier::{
    ByPost, Command, Correcting, CorrectionEnd, CorrectionKind, Event, Filed, Outcome, Payment,
    Receiver, Refund, Refusal, StopGround, book_of,
};
use crate::money::Dong;
use crate::office::{Unit, UnitKind};
use crate::procedure::{Channel, FeeKind, FeeLine, Offer, RefundRule};
use crate::rules::Rule;

fn november(day: i8, hour: i8) -> DateTime {
    date(2026, 11, day).at(hour, 0, 0, 0)
}

fn line(amount: i64, refund: RefundRule) -> FeeLine {
    FeeLine {
        code: None,
        kind: FeeKind::Fee,
        amount: Some(Dong(amount)),
        note: String::new(),
        by_page: None,
        refund,
        refund_basis: String::new(),
    }
}

/// An office that charges these lines.
fn charging(lines: &[FeeLine]) -> Given {
    let mut given = Given::default();
    let direct = given.world.procedure.offers[0].clone();
    given.world.procedure.offers.push(Offer {
        channel: Channel::Post,
        ..direct
    });
    for offer in &mut given.world.procedure.offers {
        offer.fees = lines.to_vec();
    }
    given
}

/// Filed by an agent of the post, who took so much, and never brought.
fn never_brought(given: &Given, collected: Option<i64>) -> Scene<'_> {
    let filed = Filed {
        collected: collected.map(Dong),
        ..filed_by_agent(&[1])
    };
    let scene = given.nothing().does(&Command::Submit(filed));
    scene.by("clerk").hours_later(96)
}

/// What is given back of 8.000 đ, in three lines, when the dossier ends at each of these stages:
/// declined before reception, withdrawn after it, stopped during work, refused in writing.
fn given_back(lines: &[FeeLine]) -> [i64; 4] {
    let given = charging(lines);
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    let refused = given.at_step(2).does(&draft(Outcome::Refused));
    let refused = refused.does(&Command::Forward).signs();
    let ends = [
        (never_brought(&given, Some(8_000)), decline),
        (given.received(), withdraw),
        (given.at_step(2), stopping(StopGround::Request)),
        (refused, Command::Issue),
    ];
    ends.map(|(scene, command)| {
        let events = scene.ask(&command).unwrap();
        let (Event::Declined { refund, .. }
        | Event::Withdrawn { refund, .. }
        | Event::Stopped { refund, .. }
        | Event::Settled { refund, .. }) = &events[0]
        else {
            panic!("{events:?}");
        };
        let Refund { back, kept } = refund.unwrap();
        assert_eq!(back.0 + kept.0, 8_000, "nothing is lost");
        back.0
    })
}

#[test]
fn a_charge_is_given_back_as_its_line_says() {
    let one = |rule| given_back(&[line(8_000, rule)]);
    assert_eq!(one(RefundRule::Never), [0, 0, 0, 0]);
    assert_eq!(one(RefundRule::BeforeReception), [8_000, 0, 0, 0]);
    assert_eq!(one(RefundRule::BeforeProcessing), [8_000, 8_000, 0, 0]);
    assert_eq!(one(RefundRule::Always), [8_000, 8_000, 8_000, 8_000]);
}

#[test]
fn each_line_of_a_charge_is_given_back_by_its_own_rule() {
    let lines = [
        line(1_000, RefundRule::Never),
        line(2_000, RefundRule::BeforeReception),
        line(5_000, RefundRule::Always),
    ];
    assert_eq!(given_back(&lines), [7_000, 5_000, 5_000, 5_000]);
}

#[test]
fn nothing_is_given_back_that_was_not_paid_beforehand() {
    let given = charging(&[line(8_000, RefundRule::Always)]);
    for payment in [Payment::After, Payment::Free] {
        let filed = Filed {
            payment,
            ..filed(&[1])
        };
        let scene = given.nothing().does(&Command::Submit(filed));
        let decline = Command::Decline {
            reason: Some(text("reason")),
        };
        let events = scene.ask(&decline).unwrap();
        assert!(matches!(events[0], Event::Declined { refund: None, .. }));
    }
}

/// What is given back of what an agent of the post filed, who collected so much, when it is declined.
fn declined_by_post(collected: Option<i64>) -> Option<Refund> {
    let given = charging(&[line(8_000, RefundRule::Always)]);
    let handing = Command::HandByPost(ByPost {
        record: "H56.102-261116-1".to_owned(),
        from: staff("agent"),
        collected: collected.map(Dong),
        handed: Vec::new(),
    });
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    let scene = given.by_post().does(&handing);
    let events = scene.ask(&decline).unwrap();
    let Some(Event::Declined { refund, .. }) = events.first() else {
        panic!("{events:?}")
    };
    *refund
}

#[test]
fn of_what_the_post_filed_the_money_that_its_signed_record_tells_is_given_back() {
    assert_eq!(declined_by_post(None), None);
    let back = |back| {
        Some(Refund {
            back: Dong(back),
            kept: Dong(0),
        })
    };
    assert_eq!(declined_by_post(Some(3_000)), back(3_000));
    assert_eq!(declined_by_post(Some(8_000)), back(8_000));
}

#[test]
fn what_an_agent_took_and_never_brought_is_given_back_by_her_slip() {
    let given = charging(&[line(8_000, RefundRule::Always)]);
    let declined = |collected| {
        let decline = Command::Decline {
            reason: Some(text("reason")),
        };
        let events = never_brought(&given, collected).ask(&decline).unwrap();
        let Some(Event::Declined { refund, .. }) = events.first() else {
            panic!("{events:?}")
        };
        refund.map(|refund| refund.back)
    };
    assert_eq!(declined(Some(8_000)), Some(Dong(8_000)));
    assert_eq!(declined(None), None);
}

#[test]
fn money_that_the_counter_takes_on_reception_is_not_given_back_before_it() {
    let given = charging(&[line(8_000, RefundRule::Always)]);
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    for channel in [Channel::Direct, Channel::Post] {
        let letter = Filed {
            channel,
            ..filed(&[1])
        };
        let opened = given.nothing().does(&Command::Submit(letter));
        let events = opened.ask(&decline).unwrap();
        assert!(matches!(events[0], Event::Declined { refund: None, .. }));
    }
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    let events = given.received().ask(&withdraw).unwrap();
    let Event::Withdrawn { refund, .. } = &events[0] else {
        panic!("{:?}", events[0])
    };
    assert_eq!(refund.map(|refund| refund.back), Some(Dong(8_000)));
}

#[test]
fn a_granted_result_gives_nothing_back() {
    let given = charging(&[line(8_000, RefundRule::Always)]);
    let events = given.at_step(4).ask(&Command::Issue).unwrap();
    assert!(matches!(events[0], Event::Settled { refund: None, .. }));
}

#[test]
fn an_answer_after_its_time_is_marked_late() {
    let given = Given::default();
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    for (hours, expected) in [(1, false), (24, false), (25, true)] {
        let scene = given.submitted(&[1]).hours_later(hours);
        let Event::Declined { late, .. } = scene.ask(&decline).unwrap()[0] else {
            panic!("not declined");
        };
        assert_eq!(late, expected, "after {hours} hours");
    }
    // The applicant's silence ends a request; the centre was not late.
    let silent = given.incomplete().hours_later(24 * 40);
    let events = silent.ask(&decline).unwrap();
    assert!(matches!(events[0], Event::Declined { late: false, .. }));
}

#[test]
fn papers_get_their_numbers_from_the_books_of_who_issues_them() {
    let given = Given::default();
    let numbers = |mut scene: Scene<'_>, command: &Command| {
        scene.number = 3;
        let events = scene.ask(command).unwrap();
        let (book, number, _) = events[0].paper_number().unwrap();
        let record = scene.dossier.record().unwrap();
        let units = (&record.filed.receiving, &record.filed.competent);
        let (of_command, unit) = book_of(command.kind(), units).unwrap();
        assert_eq!(book, of_command);
        (number.to_owned(), book.sequence(unit, 2026))
    };
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    let silent = given.incomplete().hours_later(24 * 40);
    for (scene, command, number, sequence) in [
        (
            given.submitted(&[1]),
            decline,
            "03/TCHS",
            "refusal:H56.112:2026",
        ),
        (
            given.received(),
            withdraw,
            "03/TB-H56.112",
            "stop:H56.112:2026",
        ),
        (
            silent,
            Command::CloseUnanswered,
            "03/TB-H56.112",
            "stop:H56.112:2026",
        ),
        (
            given.at_step(1),
            stopping(StopGround::Decision),
            "03/TB-H56.14",
            "stop:H56.14:2026",
        ),
        (
            given.at_step(1),
            apologising(november(27, 9)),
            "03/XL-H56.14",
            "apology:H56.14:2026",
        ),
    ] {
        let expected = (number.to_owned(), sequence.to_owned());
        assert_eq!(numbers(scene, &command), expected);
    }
    let mut undrawn = given.at_step(1);
    undrawn.number = 0;
    let stopped = undrawn.ask(&stopping(StopGround::Decision)).unwrap();
    assert_eq!(stopped[0].paper_number(), None);
}

#[test]
fn tt_01_nothing_is_withdrawn_before_the_centre_has_answered_nor_stopped_but_at_work() {
    let given = Given::default();
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    refused(&given.submitted(&COMPLETE), &withdraw, Rule::Transition);
    let open = [given.incomplete(), given.received(), given.at_step(2)];
    for scene in open.into_iter().chain([given.paused(), given.obliged()]) {
        allowed(&scene, &withdraw);
    }
    let stop = stopping(StopGround::Decision);
    for scene in [given.received(), given.paused(), given.obliged()] {
        refused(&scene, &stop, Rule::Transition);
    }
    allowed(&given.at_step(2), &stop);
}

/// A settled result whose correction of that kind was opened, and ended so.
fn corrected(given: &Given, kind: CorrectionKind, end: CorrectionEnd) -> Scene<'_> {
    let by = correction();
    given
        .back()
        .does(&correcting_by(kind))
        .does(&Command::FinishCorrection { by, end })
}

#[test]
fn dc_01_a_result_under_correction_withdrawn_or_replaced_is_not_returned() {
    let given = Given::default();
    let rule = Rule::CorrectionOwn;
    let by = correction();
    let open = given.settled().does(&correcting());
    let no = refused(&open, &returning(Receiver::Applicant), rule);
    assert_eq!(no, Refusal::BeingCorrected { by: by.clone() });
    for kind in [CorrectionKind::Withdraw, CorrectionKind::Replace] {
        let gone = corrected(&given, kind, CorrectionEnd::Done);
        let no = refused(&gone, &returning(Receiver::Applicant), rule);
        let by = by.clone();
        assert_eq!(no, Refusal::ResultSuperseded { by, kind });
    }
}

#[test]
fn dc_01_a_result_that_was_amended_or_stands_is_returned() {
    let given = Given::default();
    let (amend, replace) = (CorrectionKind::Amend, CorrectionKind::Replace);
    allowed(
        &corrected(&given, amend, CorrectionEnd::Done),
        &returning(Receiver::Applicant),
    );
    allowed(
        &corrected(&given, replace, CorrectionEnd::Dropped),
        &returning(Receiver::Applicant),
    );
}

#[test]
fn dc_01_a_correction_that_ends_without_effect_makes_room_for_another() {
    let given = Given::default();
    let dropped = corrected(&given, CorrectionKind::Withdraw, CorrectionEnd::Dropped);
    let course = &dropped.dossier.record().unwrap().course;
    assert_eq!(course.corrections[0].done_at, None, "it corrected nothing");
    assert_eq!(course.corrections[0].dropped_at, Some(dropped.now));
    allowed(&dropped, &correcting());
}

#[test]
fn dc_01_the_successor_of_an_agency_that_ended_answers_for_its_results() {
    let given = Given::default();
    let mut later = Given::default();
    later.world.competent = Some(unit_of(UnitKind::Commune, "H56.15", "H56"));
    let settled = Scene {
        world: &later.world,
        ..given.settled()
    };
    let by = |agency: &str| {
        let Command::OpenCorrection(asked) = correcting() else {
            unreachable!("the usual command opens a correction");
        };
        let agency = self::agency(agency);
        Command::OpenCorrection(Correcting { agency, ..asked })
    };
    allowed(&settled, &by("H56.15"));
    refused(&settled, &by("H56.14"), Rule::CorrectionOwn);
}

#[test]
fn dc_01_a_correction_is_received_under_the_versions_and_agencies_of_its_original() {
    let mut given = Given::default();
    let command = correcting_dossier(0, &[]);
    given.world.procedure.valid_to = Some(date(2026, 11, 1));
    allowed(&given.nothing(), &command);
    let ended = |unit: Option<Unit>| {
        unit.map(|unit| Unit {
            valid_to: Some(date(2026, 11, 1)),
            ..unit
        })
    };
    given.world.competent = ended(given.world.competent.take());
    given.world.receiving = ended(given.world.receiving.take());
    given.world.procedure.offers.clear();
    allowed(&given.nothing(), &command);
    let usual = Command::Receive(filed(&COMPLETE));
    refused(&given.nothing(), &usual, Rule::ProcedureReceived);
}

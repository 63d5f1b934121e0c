//! The agency of a dossier ended, or its centre: whoever took over numbers in its own books and
//! signs in its own name.

use jiff::civil::date;

use super::commands::Given;
use super::rules::{refused, sending_back, unit_of};
use super::usual::{apologising, stopping};
use super::world::{COMPLETE, Scene, draft, filed, signing, text};
use crate::dossier::{Command, CommandKind, Event, Outcome, Refusal, StopGround, book_of};
use crate::office::UnitKind;
use crate::rules::Rule;

/// The world after the ward's agency and its centre passed to another ward.
fn passed_on() -> Given {
    let mut later = Given::default();
    let heir = unit_of(UnitKind::Commune, "H56.15", "H56");
    later.world.competent = Some(heir.clone());
    later.world.receiving = Some(heir);
    later
}

fn later<'w>(scene: Scene<'_>, given: &'w Given) -> Scene<'w> {
    Scene {
        dossier: scene.dossier,
        now: scene.now,
        by: scene.by,
        number: 3,
        ..Scene::new(&given.world)
    }
}

#[test]
fn papers_and_dossiers_are_numbered_in_the_books_of_who_took_over() {
    let (given, after) = (Given::default(), passed_on());
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    for (before, command, number, sequence) in [
        (
            given.submitted(&[1]),
            decline,
            "03/TCHS",
            "refusal:H56.15:2026",
        ),
        (
            given.at_step(1),
            stopping(StopGround::Decision),
            "03/TB-H56.15",
            "stop:H56.15:2026",
        ),
        (
            given.at_step(1),
            apologising(date(2026, 11, 27).at(9, 0, 0, 0)),
            "03/XL-H56.15",
            "apology:H56.15:2026",
        ),
    ] {
        let scene = later(before, &after);
        let events = scene.ask(&command).unwrap();
        let (book, said, _) = events[0].paper_number().unwrap();
        let record = scene.dossier.record().unwrap();
        let units = (
            record.centre(after.world.receiving.as_ref()),
            record.agency(after.world.competent.as_ref()),
        );
        let (_, unit) = book_of(command.kind(), units).unwrap();
        assert_eq!(
            (said, book.sequence(unit, 2026)),
            (number, sequence.to_owned())
        );
    }
    let accepted = later(given.submitted(&COMPLETE), &after).does(&Command::Accept);
    let record = accepted.dossier.record().unwrap();
    assert_eq!(record.code.as_ref().unwrap().as_str(), "H56.15-261116-0003");
    assert_eq!(record.filed.receiving, filed(&COMPLETE).receiving);
    let Event::HandedOver(handed) = &accepted.ask(&Command::HandOver).unwrap()[0] else {
        panic!("not handed over")
    };
    assert_eq!(handed.to.as_str(), "H56.15");
    assert_eq!(book_of(CommandKind::Accept, (&handed.to, &handed.to)), None);
}

#[test]
fn kq_04_issuing_what_was_signed_in_the_name_of_who_took_over_is_allowed() {
    let (given, after) = (Given::default(), passed_on());
    let signed = later(given.at_step(3), &after).does(&signing());
    let name = signed.step().signed.unwrap().agency.unwrap();
    assert_eq!(name.as_str(), "H56.15");
    let issued = signed.does(&Command::Forward).does(&Command::Issue);
    assert_eq!(issued.dossier.issued().unwrap().number, "03/KQ-H56.15");
    // What was issued before has the number that it got.
    let before = later(given.settled(), &after);
    assert_eq!(before.dossier.issued().unwrap().number, "07/KQ-H56.14");
}

#[test]
fn kq_04_issuing_what_was_signed_in_the_name_of_who_ended_is_refused() {
    let (given, after) = (Given::default(), passed_on());
    let signed = later(given.at_step(4), &after);
    let no = refused(&signed, &Command::Issue, Rule::ResultSigned);
    assert_eq!(no, Refusal::SignedForAnother);
    let anew = signed
        .does(&sending_back())
        .does(&signing())
        .does(&Command::Forward)
        .does(&Command::Issue);
    assert_eq!(anew.dossier.issued().unwrap().number, "03/KQ-H56.15");
    // And what was signed for who took over is nothing for the agency that was there before.
    let other = later(given.at_step(2), &after)
        .does(&draft(Outcome::Granted))
        .does(&Command::Forward)
        .does(&signing())
        .does(&Command::Forward);
    let no = refused(&later(other, &given), &Command::Issue, Rule::ResultSigned);
    assert_eq!(no, Refusal::SignedForAnother);
}

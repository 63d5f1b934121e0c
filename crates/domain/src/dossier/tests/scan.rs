//! Scans: what may be digitised, and what counts afterwards.

use super::commands::{Given, asking, handing_by_post};
use super::rules::{allowed, refused};
use super::usual::{looked, scanning};
use super::world::{COMPLETE, Scene, filed, filed_online, handed, hash};
use crate::dossier::{Command, Filed, Handed, HandedAs, LookupOutcome, Refusal, Scan};
use crate::procedure::Database;
use crate::rules::Rule;

/// Filed at the counter with component 1 like this, and component 2 on paper.
fn filed_as(handed_as: HandedAs) -> Filed {
    Filed {
        handed: [vec![one(1, handed_as)], handed(&[2])].concat(),
        ..filed(&COMPLETE)
    }
}

fn one(component: u16, handed: HandedAs) -> Handed {
    Handed { component, handed }
}

fn scanned(digit: char, pages: u16, paper: bool) -> HandedAs {
    HandedAs::Scanned {
        file: hash(digit),
        pages,
        paper,
    }
}

fn better(component: u16) -> Command {
    Command::Scan(Scan {
        component,
        file: hash('6'),
        pages: 3,
    })
}

/// How component 1 is there now.
fn first(scene: &Scene<'_>) -> HandedAs {
    let record = scene.dossier.record().unwrap();
    let mut handed = record.filed.handed.iter();
    handed
        .find(|one| one.component == 1)
        .unwrap()
        .handed
        .clone()
}

#[test]
fn sh_01_a_paper_that_is_there_may_be_scanned_until_the_dossier_is_settled() {
    let given = Given::default();
    let scenes = [
        given.submitted(&COMPLETE),
        given.received(),
        given.at_step(2),
        given.paused(),
        given.by_post(),
    ];
    for scene in scenes {
        allowed(&scene, &scanning(1));
        let after = scene.clone().does(&scanning(1));
        assert_eq!(first(&after), scanned('5', 2, true));
        assert_eq!(after.dossier.kind(), scene.dossier.kind());
    }
}

#[test]
fn sh_01_a_better_scan_is_allowed_and_counts() {
    let given = Given::default();
    let twice = given.received().does(&scanning(1)).does(&better(1));
    assert_eq!(first(&twice), scanned('6', 3, true));
    let alone = Command::Receive(filed_as(scanned('4', 1, false)));
    let alone = given.nothing().does(&alone).does(&better(1));
    assert_eq!(first(&alone), scanned('6', 3, false), "no paper was kept");
}

#[test]
fn sh_01_a_component_may_come_with_its_scan() {
    let given = Given::default();
    let came = filed_as(scanned('4', 1, true));
    allowed(&given.nothing(), &Command::Receive(came.clone()));
    allowed(&given.nothing(), &Command::Submit(came));
    let supply = |component| Command::Supply {
        handed: vec![one(component, scanned('4', 1, true))],
    };
    let incomplete = given.submitted(&[1]).does(&asking(&[2]));
    allowed(&incomplete, &supply(2));
    allowed(&given.paused(), &supply(2));
}

#[test]
fn sh_01_what_was_only_shown_is_not_scanned_and_refused() {
    let given = Given::default();
    let shown = given
        .nothing()
        .does(&Command::Receive(filed_as(HandedAs::Seen)));
    let no = refused(&shown, &scanning(1), Rule::Digitised);
    assert_eq!(no, Refusal::ScanOfShown { component: 1 });
}

#[test]
fn sh_01_what_is_not_there_has_no_scan_and_is_refused() {
    let given = Given::default();
    let no = refused(&given.submitted(&[1]), &scanning(2), Rule::Digitised);
    assert_eq!(no, Refusal::ScanOfNothing { component: 2 });
    let no = refused(&given.received(), &scanning(9), Rule::PublishedList);
    assert_eq!(no, Refusal::NotPublished { component: 9 });
}

#[test]
fn sh_01_shared_data_is_not_scanned_and_refused() {
    let given = Given::default();
    let shared = Refusal::ScanOfShared { component: 4 };
    assert_eq!(
        refused(&given.received(), &scanning(4), Rule::Digitised),
        shared
    );
    for there in [
        HandedAs::Reused {
            file: hash('7'),
            from: None,
        },
        HandedAs::Read {
            from: Database::Population,
        },
    ] {
        let filed = given.nothing().does(&Command::Receive(filed_as(there)));
        let no = refused(&filed, &scanning(1), Rule::Digitised);
        assert_eq!(no, Refusal::ScanOfShared { component: 1 });
    }
    let found = given.received().does(&looked(LookupOutcome::Failed));
    let no = refused(&found, &scanning(4), Rule::Digitised);
    assert_eq!(no, Refusal::ScanOfNothing { component: 4 });
}

#[test]
fn sh_01_a_copy_is_not_scanned_and_refused_however_it_comes() {
    let mut given = Given::default();
    let copy = &mut given.world.procedure.cases[0].components[0];
    (copy.originals, copy.copies) = (0, 1);
    let no = Refusal::ScanOfCopy { component: 1 };
    assert_eq!(
        refused(&given.received(), &scanning(1), Rule::Digitised),
        no
    );
    let came = filed_as(scanned('4', 1, true));
    for command in [
        Command::Receive(came.clone()),
        Command::Submit(came.clone()),
    ] {
        assert_eq!(refused(&given.nothing(), &command, Rule::Digitised), no);
    }
    // An applicant's own file is no scan, and nobody scans it again.
    let online = Command::Submit(filed_online(&COMPLETE));
    allowed(&given.nothing(), &online);
    let usual = Given::default();
    let online = usual.nothing().does(&online);
    let no = refused(&online, &scanning(2), Rule::Digitised);
    assert_eq!(no, Refusal::ScanOfNothing { component: 2 });
    let given = {
        let copy = &mut given.world.procedure.cases[0].components[1];
        (copy.originals, copy.copies) = (0, 1);
        given
    };
    let supply = Command::Supply {
        handed: vec![one(2, scanned('4', 1, true))],
    };
    let no = refused(&given.paused(), &supply, Rule::Digitised);
    assert_eq!(no, Refusal::ScanOfCopy { component: 2 });
}

#[test]
fn a_scan_of_what_the_post_has_changes_no_clock() {
    let given = Given::default();
    let before = given.by_post();
    let after = before.clone().does(&scanning(1));
    assert_eq!(
        after.dossier.record().unwrap().answer_by,
        before.dossier.record().unwrap().answer_by
    );
    allowed(&after, &handing_by_post("agent"));
}

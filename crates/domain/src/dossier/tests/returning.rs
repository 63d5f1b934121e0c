//! How a result is handed out.

use super::commands::Given;
use super::rules::{allowed, refused};
use super::usual::scanning_receipt;
use super::world::{COMPLETE, Scene, filed, handing, hash, returning, text};
use crate::dossier::{
    Command, Compared, Delivery, Event, Filed, Handed, HandedAs, Handing, ReceiptSigned, Receiver,
    Refusal, Seen, StateKind,
};
use crate::ids::PartyId;
use crate::rules::Rule;

fn handed_so(receiver: Receiver, handing: Handing) -> Command {
    Command::Return { receiver, handing }
}

fn authorised() -> Receiver {
    Receiver::Authorised {
        party: PartyId::parse("binh").unwrap(),
        shown: true,
    }
}

fn recorded(scene: &Scene<'_>, command: &Command) -> Handing {
    let event = scene.ask(command).unwrap().remove(0);
    let Event::Returned(returned) = event else {
        panic!("{event:?}");
    };
    returned.handing
}

fn compared(compared: Compared) -> Handing {
    let seen = handing().seen.unwrap();
    Handing {
        seen: Some(Seen { compared, ..seen }),
        ..handing()
    }
}

#[test]
fn tr_02_handing_out_to_who_shows_who_that_is_is_allowed() {
    let given = Given::default();
    for receiver in [Receiver::Applicant, authorised()] {
        for how in [Compared::Same, Compared::ByName] {
            let command = handed_so(receiver.clone(), compared(how));
            allowed(&given.back(), &command);
            let seen = recorded(&given.back(), &command).seen.unwrap();
            assert_eq!(seen.compared, how);
        }
    }
    let told = Handing {
        seen: None,
        ..handing()
    };
    allowed(&given.back(), &handed_so(Receiver::Post, told));
}

#[test]
fn tr_02_who_shows_nothing_or_is_another_is_refused() {
    let given = Given::default();
    let unseen = Handing {
        seen: None,
        ..handing()
    };
    for receiver in [Receiver::Applicant, authorised()] {
        for (told, why) in [
            (unseen.clone(), Refusal::IdentityUnseen),
            (compared(Compared::Other), Refusal::IdentityOther),
        ] {
            let command = handed_so(receiver.clone(), told);
            assert_eq!(refused(&given.back(), &command, Rule::IdentitySeen), why);
        }
    }
}

/// The first paper was handed in, the second only shown.
fn back_with_one_paper(given: &Given) -> Scene<'_> {
    let mut scene = given.back();
    let mut filed = filed(&COMPLETE);
    filed.handed.truncate(2);
    filed.handed[1] = Handed {
        component: 2,
        handed: HandedAs::Seen,
    };
    scene.file_so(filed);
    scene
}

impl Scene<'_> {
    fn file_so(&mut self, filed: Filed) {
        if let crate::dossier::Dossier::Settled(record, ..) = &mut self.dossier {
            record.filed = filed;
        }
    }
}

#[test]
fn tr_03_giving_papers_back_or_keeping_them_with_a_reason_is_allowed() {
    let given = Given::default();
    let scene = back_with_one_paper(&given);
    let all = recorded(&scene, &returning(Receiver::Applicant));
    assert_eq!((all.given_back, all.kept), (vec![1], vec![]));
    let told = Handing {
        given_back: Vec::new(),
        kept_reason: Some(text("kept")),
        ..handing()
    };
    let command = handed_so(Receiver::Applicant, told);
    allowed(&scene, &command);
    let stays = recorded(&scene, &command);
    assert_eq!((stays.given_back, stays.kept), (vec![], vec![1]));
    assert_eq!(stays.kept_reason, Some(text("kept")));
}

#[test]
fn tr_03_papers_that_stay_without_a_word_are_refused() {
    let given = Given::default();
    let told = Handing {
        given_back: Vec::new(),
        ..handing()
    };
    for receiver in [Receiver::Applicant, Receiver::Post] {
        let command = handed_so(receiver, told.clone());
        let no = refused(&back_with_one_paper(&given), &command, Rule::PapersBack);
        assert_eq!(no, Refusal::PapersKept { missing: vec![1] });
    }
}

fn back_by(given: &Given, delivery: Delivery) -> Scene<'_> {
    let mut scene = given.back();
    scene.file_so(Filed {
        delivery,
        ..filed(&COMPLETE)
    });
    scene
}

fn unwished() -> Handing {
    Handing {
        wish: None,
        ..handing()
    }
}

#[test]
fn tr_04_post_and_wire_as_filed_or_as_wished_later_are_allowed() {
    let given = Given::default();
    for (delivery, receiver) in [
        (Delivery::Post, Receiver::Post),
        (Delivery::Electronic, Receiver::Electronic),
    ] {
        let scene = back_by(&given, delivery);
        let command = handed_so(receiver.clone(), unwished());
        allowed(&scene, &command);
        allowed(&scene, &handed_so(Receiver::Applicant, unwished()));
        let wished = recorded(&given.back(), &returning(receiver));
        assert_eq!(wished.wish, Some(text("wish")));
        let as_filed = recorded(&scene, &handed_so(Receiver::Applicant, handing()));
        assert_eq!(as_filed.wish, None);
        assert_eq!(as_filed.receipt, Some(ReceiptSigned::Paper));
    }
}

#[test]
fn tr_04_another_way_than_was_chosen_is_refused() {
    let given = Given::default();
    for (delivery, receiver) in [
        (Delivery::Centre, Receiver::Post),
        (Delivery::Centre, Receiver::Electronic),
        (Delivery::Electronic, Receiver::Post),
        (Delivery::Post, Receiver::Electronic),
    ] {
        let command = handed_so(receiver, unwished());
        let no = refused(&back_by(&given, delivery), &command, Rule::DeliveryChosen);
        assert_eq!(no, Refusal::OtherDelivery);
    }
}

#[test]
fn tr_05_scanning_the_receipt_that_was_signed_on_paper_is_allowed() {
    let given = Given::default();
    let returned = given.back().does(&returning(Receiver::Applicant));
    allowed(&returned, &scanning_receipt());
    let scanned = returned.does(&scanning_receipt());
    let course = |scene: &Scene<'_>| scene.dossier.record().unwrap().course.clone();
    assert_eq!(course(&scanned).receipt.unwrap().file, hash('8'));
    assert_eq!(scanned.dossier.kind(), StateKind::Returned);
    // A better scan takes its place.
    let better = Command::ScanReceipt {
        scan: Some(hash('9')),
    };
    let better = scanned.does(&better);
    assert_eq!(course(&better).receipt.unwrap().file, hash('9'));
}

#[test]
fn tr_05_a_receipt_that_nobody_signed_on_paper_or_without_its_scan_is_refused() {
    let given = Given::default();
    let no = |scene: &Scene<'_>, command: &Command| refused(scene, command, Rule::ReceiptOnFile);
    let on_screen = Handing {
        receipt: Some(ReceiptSigned::Screen { file: hash('d') }),
        ..handing()
    };
    for command in [
        handed_so(Receiver::Applicant, on_screen),
        returning(Receiver::Electronic),
    ] {
        let returned = given.back().does(&command);
        let said = no(&returned, &scanning_receipt());
        assert_eq!(said, Refusal::ReceiptNotOnPaper);
    }
    let returned = given.back().does(&returning(Receiver::Applicant));
    let without = Command::ScanReceipt { scan: None };
    assert_eq!(no(&returned, &without), Refusal::ReceiptScanMissing);
}

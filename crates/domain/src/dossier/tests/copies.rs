//! Copies of a result: on paper from the electronic original, electronic from the original on paper.

use super::commands::Given;
use super::rules::{allowed, refused};
use super::usual::{copying, correcting_by, course, digitised, digitising};
use super::world::{Scene, draft, hash, returning, staff};
use crate::dossier::{
    Book, Command, CommandKind, CorrectionKind, Digitising, Dossier, Event, Outcome, Receiver,
    Refusal, StateKind,
};
use crate::rules::Rule;

/// Issued in the days in which nobody signed: neither a signature nor a seal.
fn on_paper(given: &Given) -> Scene<'_> {
    let mut issuing = given.at_step(4);
    if let Dossier::Processing(_, at) = &mut issuing.dossier
        && let Some(signed) = &mut at.signed
    {
        signed.file.hash = hash('d');
    }
    let events = issuing.ask(&Command::Issue).unwrap();
    if let Dossier::Processing(_, at) = &mut issuing.dossier {
        at.signed = None;
    }
    issuing.after(&events)
}

/// The same, handed out long ago.
fn handed_out(given: &Given) -> Scene<'_> {
    let settled = on_paper(given);
    let sealed = settled.clone().sealed().does(&Command::AcknowledgeResult);
    let returned = sealed.ask(&returning(Receiver::Applicant)).unwrap();
    settled.after(&returned)
}

#[test]
fn sy_01_an_electronic_copy_that_the_head_decided_on_is_allowed() {
    allowed(&on_paper(&Given::default()), &digitising());
}

#[test]
fn sy_01_an_electronic_copy_that_nobody_decided_on_is_refused() {
    let given = Given::default();
    let alone = Command::DigitiseResult(Digitising {
        decided_by: None,
        ..digitised()
    });
    let no = refused(&on_paper(&given), &alone, Rule::CopyDecided);
    assert_eq!(no, Refusal::CopyUndecided);
}

#[test]
fn sy_02_copies_printed_from_the_electronic_original_are_allowed() {
    let given = Given::default();
    for scene in [given.settled(), given.back(), given.returned()] {
        let state = scene.dossier.kind();
        let events = scene.by("leader").ask(&copying()).unwrap();
        let [Event::CopiedToPaper(copy)] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!((copy.copies, &copy.by), (2, &staff("leader")));
        assert_eq!(copy.number, "07/SY-H56.14");
        let numbered = events[0].paper_number().unwrap();
        assert_eq!((numbered.0, numbered.1), (Book::Copies, "07/SY-H56.14"));
        let after = given.returned().after(&events);
        assert_eq!(after.dossier.record().unwrap().course.copies.len(), 1);
        assert!(matches!(state, StateKind::Settled | StateKind::Returned));
    }
}

#[test]
fn sy_02_copies_of_what_is_no_electronic_original_are_refused() {
    let given = Given::default();
    let no = refused(&on_paper(&given), &copying(), Rule::CopyToPaper);
    assert_eq!(no, Refusal::NoElectronicOriginal);
    let copied = on_paper(&given).does(&digitising()).sealed();
    let no = refused(&copied, &copying(), Rule::CopyToPaper);
    assert_eq!(
        no,
        Refusal::OriginalOnPaper,
        "a copy of a copy is a sao lục"
    );
    let mut without = Given::default();
    without.world.procedure.without_paper = true;
    let no = without.settled().ask(&copying()).unwrap_err();
    assert_eq!(no, Refusal::NoElectronicOriginal);
}

#[test]
fn sy_03_an_electronic_copy_of_a_compared_paper_is_allowed() {
    let given = Given::default();
    for scene in [on_paper(&given), handed_out(&given)] {
        let state = scene.dossier.kind();
        let copied = scene.by("seal").does(&digitising());
        assert_eq!(copied.dossier.kind(), state);
        let record = copied.dossier.record().unwrap();
        let digitised = record.course.digitised.as_ref().unwrap();
        assert_eq!(
            (&digitised.by, &digitised.decided_by),
            (&staff("seal"), &staff("leader"))
        );
        // Its seal makes the copy the official document.
        let sealed = copied.sealed();
        assert!(sealed.dossier.issued().unwrap().official.is_some());
    }
}

#[test]
fn sy_03_an_electronic_copy_of_what_is_electronic_or_was_not_compared_is_refused() {
    let given = Given::default();
    let no = |scene: &Scene<'_>, asked: Digitising| {
        refused(scene, &Command::DigitiseResult(asked), Rule::CopyFromPaper)
    };
    let signed = given.at_step(4);
    let signed = signed.clone().after(&signed.ask(&Command::Issue).unwrap());
    assert_eq!(no(&signed, digitised()), Refusal::HasElectronicOriginal);
    assert_eq!(
        no(&given.returned(), digitised()),
        Refusal::HasElectronicOriginal
    );
    let bare = Digitising {
        scan: None,
        ..digitised()
    };
    assert_eq!(no(&on_paper(&given), bare), Refusal::CopyScanMissing);
    let unseen = Digitising {
        compared: false,
        ..digitised()
    };
    assert_eq!(no(&on_paper(&given), unseen), Refusal::NotCompared);
    let twice = on_paper(&given).does(&digitising());
    assert_eq!(no(&twice, digitised()), Refusal::BeingDigitised);
}

#[test]
fn dc_01_a_result_under_correction_withdrawn_or_replaced_is_not_copied() {
    let given = Given::default();
    let open = given.settled().does(&course(CommandKind::OpenCorrection));
    let no = refused(&open, &copying(), Rule::CorrectionOwn);
    assert!(matches!(no, Refusal::BeingCorrected { .. }), "{no:?}");
    let gone = given
        .returned()
        .does(&correcting_by(CorrectionKind::Withdraw))
        .does(&course(CommandKind::FinishCorrection));
    let no = refused(&gone, &copying(), Rule::CorrectionOwn);
    assert!(matches!(no, Refusal::ResultSuperseded { .. }), "{no:?}");
    // Nor does a paper that holds no more become an electronic copy with its value.
    let open = on_paper(&given).does(&course(CommandKind::OpenCorrection));
    let no = refused(&open, &digitising(), Rule::CorrectionOwn);
    assert!(matches!(no, Refusal::BeingCorrected { .. }), "{no:?}");
    let gone = handed_out(&given)
        .does(&correcting_by(CorrectionKind::Withdraw))
        .does(&course(CommandKind::FinishCorrection));
    let no = refused(&gone, &digitising(), Rule::CorrectionOwn);
    assert!(matches!(no, Refusal::ResultSuperseded { .. }), "{no:?}");
}

#[test]
fn nothing_is_copied_before_it_is_issued() {
    let given = Given::default();
    let drafted = given.at_step(2).does(&draft(Outcome::Granted));
    for command in [copying(), digitising()] {
        assert_eq!(drafted.ask(&command).unwrap_err().rule(), Rule::Transition);
    }
}

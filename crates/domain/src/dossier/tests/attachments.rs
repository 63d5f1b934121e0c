//! Attachments in files of their own (KQ-07).

use super::commands::Given;
use super::rules::{allowed, refused, sending_back};
use super::world::{Scene, draft, hash, signing, text};
use crate::dossier::{Attachment, Command, Dossier, Event, File, Outcome, Refusal};
use crate::rules::Rule;

fn file(letter: char) -> File {
    File {
        hash: hash(letter),
        bytes: 9_000,
    }
}

fn attached(letter: char) -> Attachment {
    Attachment {
        title: text("title"),
        document: file(letter),
        official: None,
    }
}

fn drafting_with(attached: &[Attachment]) -> Command {
    let mut command = draft(Outcome::Granted);
    if let Command::DraftResult { attachments, .. } = &mut command {
        *attachments = attached.to_vec();
    }
    command
}

fn signing_with(letters: &[char]) -> Command {
    let mut command = signing();
    if let Command::SignResult { attachments, .. } = &mut command {
        *attachments = letters.iter().map(|letter| hash(*letter)).collect();
    }
    command
}

/// At the step of approval, with two attachments.
fn approving(given: &Given) -> Scene<'_> {
    let drafted = given
        .at_step(2)
        .does(&drafting_with(&[attached('a'), attached('b')]));
    drafted.does(&Command::Forward)
}

fn made(scene: &Scene<'_>, letters: &[char]) -> Event {
    Event::ResultMade {
        at: scene.now,
        file: file('f'),
        seal: None,
        completes: None,
        attachments: letters.iter().map(|letter| file(*letter)).collect(),
    }
}

#[test]
fn kq_07_attachments_signed_with_their_document_are_allowed() {
    let given = Given::default();
    let signed = approving(&given).does(&signing_with(&['a', 'b']));
    let approved = signed.does(&Command::Forward);
    let events = approved.ask(&Command::Issue).unwrap();
    let unsealed = approved.after(&events);
    let issued = unsealed.dossier.issued().unwrap();
    assert_eq!(issued.attachments, [attached('a'), attached('b')]);
    let sealed = unsealed.clone().after(&[made(&unsealed, &['c', 'd'])]);
    let official = sealed.dossier.issued().unwrap().attachments.clone();
    let official: Vec<_> = official.into_iter().map(|one| one.official).collect();
    assert_eq!(official, [Some(file('c')), Some(file('d'))]);
    allowed(&sealed, &Command::AcknowledgeResult);
}

#[test]
fn kq_07_attachments_other_than_those_read_are_refused() {
    let given = Given::default();
    let scene = approving(&given);
    for other in [&['a'][..], &['b', 'a'], &['a', 'b', 'c'], &['a', 'c'], &[]] {
        let no = refused(&scene, &signing_with(other), Rule::AttachmentsSigned);
        assert_eq!(no, Refusal::OtherAttachments, "{other:?}");
    }
    // A draft with another attachment in place of what was signed has no signature any more.
    let redrawn = scene
        .does(&signing_with(&['a', 'b']))
        .does(&sending_back())
        .by("officer")
        .does(&drafting_with(&[attached('a'), attached('c')]))
        .does(&Command::Forward);
    let no = refused(&redrawn, &Command::Forward, Rule::ResultSigned);
    assert_eq!(no, Refusal::NotSigned);
    // Even where the log says that an attachment changed behind the signature.
    let mut altered = approving(&given)
        .does(&signing_with(&['a', 'b']))
        .does(&Command::Forward);
    if let Dossier::Processing(_, at) = &mut altered.dossier {
        at.draft.as_mut().unwrap().attachments[1] = attached('c');
    }
    let no = refused(&altered, &Command::Issue, Rule::AttachmentsSigned);
    assert_eq!(no, Refusal::OtherAttachments);
}

#[test]
fn kq_07_an_attachment_to_no_paper_is_refused() {
    let mut given = Given::default();
    given.world.procedure.without_paper = true;
    let command = drafting_with(&[attached('a')]);
    let no = refused(&given.at_step(2), &command, Rule::AttachmentsSigned);
    assert_eq!(no, Refusal::NothingToAttachTo);
}

#[test]
fn kq_05_a_result_whose_attachment_bears_no_seal_is_refused() {
    let given = Given::default();
    let approved = approving(&given)
        .does(&signing_with(&['a', 'b']))
        .does(&Command::Forward);
    let events = approved.ask(&Command::Issue).unwrap();
    let issued = approved.after(&events);
    let half = issued.clone().after(&[made(&issued, &['c'])]);
    let no = refused(&half, &Command::AcknowledgeResult, Rule::ResultSealed);
    assert_eq!(no, Refusal::NotSealed);
}

#[test]
fn a_draft_that_is_sent_back_keeps_its_attachments() {
    let given = Given::default();
    let back = approving(&given).does(&sending_back());
    let kept = back.step().draft.unwrap().attachments;
    assert_eq!(kept, [attached('a'), attached('b')]);
}

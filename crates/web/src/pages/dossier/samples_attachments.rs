//! Samples of attachments in files of their own: on the form of a draft, on the form that signs, and on
//! the page of the dossier.

use app::forms::Typed;
use app::no::Fault;
use app::signing::ReadWith;
use askama::Template;
use domain::dossier::{Attachment, CommandKind, Dossier, Draft, File, Issued};
use domain::ids::{DossierId, FileHash, TextId};

use super::act::ActShown;
use super::files::files;
use super::form::{Making, form};
use super::samples::{EN, VI, at, draft as a_draft, issued, record, shown};
use super::samples_ends::drawn;
use super::sign::attached;
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;
use crate::words::Words;

fn file(letter: &str) -> File {
    File {
        hash: FileHash::parse(&letter.repeat(64)).unwrap(),
        bytes: 9_000,
    }
}

fn attachment(nth: u8, letter: &str, official: Option<File>) -> Attachment {
    Attachment {
        title: TextId::parse(&format!("title{nth}")).unwrap(),
        document: file(letter),
        official,
    }
}

fn with_words(mut found: app::processing::DossierPage) -> app::processing::DossierPage {
    for (id, words) in [
        ("title1", "Bản vẽ <vị trí>"),
        ("title2", "Danh sách hộ dân"),
    ] {
        found.words.insert(id.to_owned(), words.to_owned());
    }
    found
}

fn drafting(name: &str, w: Words, (typed, faults): (&Typed, &[Fault])) {
    let draft = Draft {
        uploaded: true,
        attachments: vec![attachment(1, "b", None), attachment(2, "c", None)],
        ..a_draft()
    };
    let found = with_words(shown(
        Dossier::Processing(record(), at(1, Some(draft))),
        &[],
    ));
    let making = Making {
        w,
        page: &found,
        command: CommandKind::DraftResult,
        typed,
        faults,
        saved: None,
        key: "key-0001".to_owned(),
        agencies: Vec::new(),
        readable: None,
        local_token: LocalToken::default(),
    };
    let v = form(making);
    let frame = desk(w);
    page(name, &ActShown { frame, w, v }.render().unwrap());
}

#[test]
fn the_form_of_a_draft_keeps_attachments_and_takes_more() {
    let mut typed = Typed::default();
    typed.set("same_document", "yes");
    drafting("act-draft-attachments", VI, (&typed, &[]));
    drafting("act-draft-attachments-en", EN, (&typed, &[]));
    typed.set("attachment_title3", "Bảng tính");
    let faults = [
        Fault::new("attachment3", "fault.attachment_none").with("n", &3),
        Fault::new("attachment1", "fault.attachment_signed").with("n", &1),
    ];
    drafting("act-draft-attachments-fault", VI, (&typed, &faults));
}

#[test]
fn the_page_of_a_dossier_lists_attachments_that_are_sealed_or_wait_for_it() {
    let result = Issued {
        official: Some(file("a")),
        attachments: vec![
            attachment(1, "b", Some(file("d"))),
            attachment(2, "c", None),
        ],
        ..issued()
    };
    let found = with_words(shown(Dossier::Returned(record(), result), &[]));
    for (name, w) in [("dossier-attachments", VI), ("dossier-attachments-en", EN)] {
        let html = drawn(name, w, &found);
        assert!(html.contains("/phu-luc/1"), "{name}");
    }
    let lines = files(VI, &found);
    assert!(
        lines
            .iter()
            .any(|line| line.name == "Phụ lục 2: Danh sách hộ dân")
    );
}

#[test]
fn what_is_read_with_a_document_has_its_hash_beside_it() {
    let read = [ReadWith {
        title: "Bản vẽ".to_owned(),
        file: file("b").hash,
    }];
    let dossier = DossierId::parse("0123456789abcdef0123456789abcdef").unwrap();
    let lines = attached(VI, &dossier, &read);
    assert_eq!(lines[0].name, "Phụ lục 1: Bản vẽ");
    assert!(lines[0].detail.contains(&"b".repeat(16)));
}

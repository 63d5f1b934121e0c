//! Samples of copies: the form of copies on paper, that of an electronic copy, and what the page of the
//! dossier tells of both.

use app::forms::Typed;
use app::no::Fault;
use app::processing::{Colleague, DossierPage, Told};
use askama::Template;
use domain::dossier::{CommandKind, CopyForm, Digitised, Dossier, Event, File, Issued, PaperCopy};
use domain::ids::FileHash;

use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;
use crate::words::Words;

use super::act::ActShown;
use super::form::{Making, form};
use super::page::DossierShown;
use super::samples::{EN, VI, draft, issued, received, record, shown, staff, view};

fn colleague(name: &str) -> Colleague {
    Colleague {
        staff: staff(),
        name: name.to_owned(),
        away: None,
    }
}

fn drawn(
    (w, command): (Words, CommandKind),
    found: &DossierPage,
    (fields, faults): (&[(&str, &str)], &[Fault]),
) -> String {
    let mut typed = Typed::default();
    for (name, value) in fields {
        typed.set(name, *value);
    }
    let making = Making {
        w,
        page: found,
        command,
        typed: &typed,
        faults,
        saved: None,
        agencies: Vec::new(),
        readable: None,
        local_token: LocalToken::default(),
        key: "key-0001".to_owned(),
    };
    let v = form(making);
    let frame = desk(w);
    ActShown { frame, w, v }.render().unwrap()
}

fn file(digit: &str) -> File {
    File {
        hash: FileHash::parse(&digit.repeat(64)).unwrap(),
        bytes: 4096,
    }
}

#[test]
fn how_many_copies_on_paper_and_for_whom() {
    let sealed = Issued {
        official: Some(draft().document),
        ..issued()
    };
    let found = shown(Dossier::Returned(record(), sealed), &[]);
    let asked = [("copies", "0"), ("asked", "Bà <An>, vay vốn")];
    let fault = Fault::new("copies", "fault.copy_count").with("most", &100);
    for (name, w) in [("act-copy", VI), ("act-copy-en", EN)] {
        let html = drawn((w, CommandKind::CopyResult), &found, (&[], &[]));
        assert!(html.contains(r#"name="copies""#));
        page(name, &html);
    }
    let wrong = drawn(
        (VI, CommandKind::CopyResult),
        &found,
        (&asked, std::slice::from_ref(&fault)),
    );
    page("act-copy-fault", &wrong);
}

#[test]
fn the_scan_of_a_paper_and_who_decided() {
    let mut found = shown(Dossier::Returned(record(), issued()), &[]);
    found.deciders = vec![colleague("Bùi Hữu <Nghĩa>")];
    for (name, w) in [("act-digitise", VI), ("act-digitise-en", EN)] {
        let html = drawn((w, CommandKind::DigitiseResult), &found, (&[], &[]));
        assert!(html.contains(r#"name="compared""#));
        page(name, &html);
    }
    let faults = [
        Fault::new("document", "fault.copy_unready"),
        Fault::new("decided_by", "fault.copy_decider"),
    ];
    let html = drawn(
        (VI, CommandKind::DigitiseResult),
        &found,
        (&[("compared", "yes")], &faults),
    );
    assert!(html.contains(r#"id="decided_by-e""#), "said at its place");
    page("act-digitise-fault", &html);
}

#[test]
fn the_story_tells_of_copies() {
    let digitised = Digitised {
        at: received(),
        by: staff(),
        behalf: None,
        form: CopyForm::Whole,
        decided_by: staff(),
        scan: file("7"),
    };
    let copy = PaperCopy {
        at: received(),
        by: staff(),
        behalf: None,
        form: CopyForm::Whole,
        number: "05/SY-H56.102".to_owned(),
        copies: 2,
        of: file("8").hash,
        asked: None,
    };
    let told = |event: Event, text: &str| Told {
        version: 3,
        at: event.at(),
        event,
        who: "Lê Thị Minh Thu".to_owned(),
        behalf: String::new(),
        text: text.to_owned(),
    };
    let mut record = record();
    record.course.digitised = Some(digitised.clone());
    let offered = [CommandKind::DigitiseResult, CommandKind::CopyResult];
    let mut found = shown(Dossier::Returned(record, issued()), &offered);
    found.story = vec![
        told(Event::CopiedToPaper(copy), "Bà An, vay vốn"),
        told(Event::ResultDigitised(digitised), ""),
    ];
    for (name, w) in [("dossier-copies", VI), ("dossier-copies-en", EN)] {
        let html = DossierShown {
            frame: desk(w),
            w,
            v: view(w, &found),
        }
        .render()
        .unwrap();
        assert!(html.contains("05/SY-H56.102"));
        page(name, &html);
    }
}

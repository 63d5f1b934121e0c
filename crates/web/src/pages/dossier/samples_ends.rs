//! Samples of ends without the result that was asked for, and of results that are corrected.

use app::processing::{DossierPage, Letter, Link, Side, Told};
use askama::Template;
use domain::dossier::{
    CorrectionKind, Dossier, Event, Issued, Linked, Outcome, Payment, Record, Refund,
};
use domain::ids::{DossierCode, DossierId, FileHash, TextId};
use domain::money::Dong;
use domain::slip::Form;
use jiff::civil::date;

use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::words::Words;

use super::page::DossierShown;
use super::samples::{EN, VI, issued, received, record, shown, view};

fn text(id: &str) -> TextId {
    TextId::parse(id).unwrap()
}

pub(super) fn told(event: Event, text: &str) -> Told {
    Told {
        version: 3,
        at: event.at(),
        event,
        who: "Lê Thị Minh Thu".to_owned(),
        behalf: String::new(),
        text: text.to_owned(),
    }
}

pub(super) fn drawn(name: &str, w: Words, found: &DossierPage) -> String {
    let html = DossierShown {
        frame: desk(w),
        w,
        v: view(w, found),
    }
    .render()
    .unwrap();
    page(name, &html);
    html
}

fn link(dossier: &str, order: u32, side: Side) -> Link {
    Link {
        dossier: DossierId::parse(dossier).unwrap(),
        code: Some(DossierCode::new(
            &super::samples::unit(),
            received().date(),
            order,
        )),
        kind: CorrectionKind::Replace,
        side,
        letter: None,
    }
}

/// A result that was returned, with one correction that came to nothing and one that replaced it.
fn replaced() -> DossierPage {
    let mut record = record();
    let linked = |by: &str, done: bool| Linked {
        by: DossierId::parse(by).unwrap(),
        kind: CorrectionKind::Replace,
        opened_at: received(),
        done_at: done.then(received),
        dropped_at: (!done).then(received),
    };
    record.course.corrections = vec![linked("01b", false), linked("01c", true)];
    let mut found = shown(Dossier::Returned(record, issued()), &[]);
    let at = received();
    found.links = vec![
        link("01b", 20, Side::Dropped { at }),
        link("01c", 21, Side::Done { at }),
    ];
    let by = DossierId::parse("01c").unwrap();
    found.words = [(
        "apology".to_owned(),
        "Ủy ban nhân dân phường xin lỗi.".to_owned(),
    )]
    .into();
    let opened = Event::CorrectionOpened {
        at,
        by: by.clone(),
        correction: CorrectionKind::Replace,
        reason: text("reason"),
        apology: text("apology"),
    };
    let dropped = Event::CorrectionDropped {
        at,
        by: DossierId::parse("01b").unwrap(),
    };
    let corrected = Event::Corrected {
        at,
        by,
        correction: CorrectionKind::Replace,
        number: Some("05/XL-H56.102".to_owned()),
    };
    let printed = Event::SlipIssued {
        at,
        form: Form::Mended,
        file: FileHash::parse(&"f".repeat(64)).unwrap(),
    };
    found.story = vec![
        told(printed, ""),
        told(corrected, ""),
        told(opened, "Sai tên <mẹ>."),
        told(dropped, ""),
    ];
    found
}

#[test]
fn a_corrected_result_shows_the_apology_and_what_came_to_nothing() {
    for (name, w) in [("dossier-corrected", VI), ("dossier-corrected-en", EN)] {
        drawn(name, w, &replaced());
    }
    let v = view(VI, &replaced());
    let opened = v.story.iter().find(|line| line.text.contains("Sai tên"));
    let said = &opened.unwrap().text;
    assert!(
        said.contains("Lời xin lỗi: Ủy ban nhân dân phường xin lỗi."),
        "{said}"
    );
    let printed = v.story.iter().find(|line| !line.url.is_empty()).unwrap();
    assert_eq!(printed.url, "/ho-so/01a/phieu/thu-xin-loi");
    assert_eq!(printed.what, "Đã lập: Thư xin lỗi về sai sót");
}

#[test]
fn the_apology_lies_with_the_corrected_result_to_be_handed_over() {
    let mut found = shown(Dossier::Returned(record(), issued()), &[]);
    found.links = vec![Link {
        letter: Some(Letter {
            issued_at: received(),
            copies: 0,
        }),
        ..link("01z", 7, Side::Original)
    }];
    let v = view(VI, &found);
    let letter = v
        .files
        .iter()
        .find(|file| file.url.ends_with("thu-xin-loi"));
    let letter = letter.unwrap();
    assert_eq!(letter.url, "/ho-so/01z/phieu/thu-xin-loi");
    assert_eq!(letter.print, "/ho-so/01z/phieu/thu-xin-loi/in");
    drawn("dossier-correcting", VI, &found);
}

/// Paid beforehand: 15.000 đ.
fn paid() -> Record {
    let mut record = record();
    record.filed.fee = Dong(15_000);
    record.filed.payment = Payment::Before;
    record
}

#[test]
fn a_late_answer_is_marked_and_says_what_becomes_of_the_charge() {
    for (name, w) in [("dossier-declined", VI), ("dossier-declined-en", EN)] {
        let mut found = shown(Dossier::Declined(paid()), &[]);
        let declined = Event::Declined {
            at: date(2026, 11, 24).at(15, 0, 0, 0),
            reason: text("reason"),
            refund: Some(Refund {
                back: Dong(15_000),
                kept: Dong(0),
            }),
            late: true,
            number: Some("07/TCHS".to_owned()),
        };
        found
            .story
            .insert(0, told(declined, "Không thuộc thẩm quyền."));
        let html = drawn(name, w, &found);
        let marked = if name.ends_with("-en") {
            "late, after"
        } else {
            "muộn, quá"
        };
        assert!(html.contains(marked));
        assert!(html.contains("15.000 đ"));
    }
}

#[test]
fn a_written_refusal_says_what_becomes_of_the_charge() {
    let refused = Issued {
        outcome: Outcome::Refused,
        ..issued()
    };
    let mut found = shown(Dossier::Returned(paid(), refused.clone()), &[]);
    let settled = Event::Settled {
        issued: refused,
        step_due: received(),
        refund: Some(Refund {
            back: Dong(5_000),
            kept: Dong(10_000),
        }),
    };
    found.story.insert(0, told(settled, ""));
    let html = drawn("dossier-refused", VI, &found);
    for said in ["Phải trả lại", "5.000 đ", "Không hoàn", "10.000 đ"] {
        assert!(html.contains(said), "{said}");
    }
}

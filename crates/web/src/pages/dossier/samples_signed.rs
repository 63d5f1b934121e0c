//! Samples of signatures beside the files of a dossier.

use app::processing::Issuing;
use app::verification::{Found, Signature, SignatureKind, Verdict};
use askama::Template;
use domain::dossier::{Dossier, HandedAs};
use domain::ids::FileHash;

use super::page::DossierShown;
use super::samples::{EN, VI, at, received, record, shown, staff, view};
use crate::pages::intake::samples::desk;
use crate::samples::page;

fn signature(who: &str, key: &str, since: &str) -> Signature {
    Signature {
        kind: SignatureKind::Signature,
        who: who.to_owned(),
        fingerprint: String::new(),
        issuer: "CA".to_owned(),
        root: "national".to_owned(),
        at: Some(received()),
        proven: true,
        key: key.to_owned(),
        since: since.to_owned(),
    }
}

/// Received with a scan that was changed after its first signature.
fn signed() -> app::processing::DossierPage {
    let mut record = record();
    let file = FileHash::parse(&"7".repeat(64)).unwrap();
    record.filed.handed[0].handed = HandedAs::Scanned {
        file: file.clone(),
        pages: 2,
        paper: false,
    };
    let mut found = shown(Dossier::Received(record, at(0, None)), &[]);
    let verdict = Verdict {
        key: "signature.changed".to_owned(),
        signatures: vec![
            signature(
                "Trần <Bình>",
                "signature.changed",
                "signature.since.altered",
            ),
            signature("Công ty An", "signature.valid", "signature.since.nothing"),
        ],
    };
    let at = received();
    found.signatures.insert(file, Found { verdict, at });
    found
}

#[test]
fn a_dossier_says_what_signatures_of_its_files_are_worth() {
    for (name, w) in [("dossier-signed", VI), ("dossier-signed-en", EN)] {
        let v = view(w, &signed());
        assert_eq!(v.components[0].signatures.len(), 2);
        assert!(v.components[1].signatures.is_empty());
        assert!(v.signed, "it can be checked again");
        let shown = DossierShown {
            frame: desk(w),
            w,
            v,
        };
        page(name, &shown.render().unwrap());
    }
}

/// Signed before a weekend: until when it is to be issued, and then issued too late.
#[test]
fn a_dossier_says_until_when_what_is_signed_is_issued_and_why() {
    let day = |day: i8| jiff::civil::date(2026, 11, day);
    let waits = Issuing {
        signed: day(20).at(16, 30, 0, 0),
        by: staff(),
        until: day(23).at(17, 0, 0, 0),
        off: vec![day(21), day(22)],
        issued: None,
        sealed: None,
        late: false,
    };
    let late = Issuing {
        issued: Some(day(25).at(8, 15, 0, 0)),
        sealed: Some(day(25).at(8, 16, 0, 0)),
        late: true,
        ..waits.clone()
    };
    for (name, w, issuing) in [
        ("dossier-to-issue", VI, &waits),
        ("dossier-to-issue-en", EN, &waits),
        ("dossier-issued-late", VI, &late),
        ("dossier-issued-late-en", EN, &late),
    ] {
        let mut found = signed();
        found.issuing = Some(issuing.clone());
        let v = view(w, &found);
        let sheet = v.course.iter().find(|sheet| sheet.id == "issuing").unwrap();
        assert_eq!(sheet.facts.len(), if issuing.late { 6 } else { 3 });
        let frame = desk(w);
        page(name, &DossierShown { frame, w, v }.render().unwrap());
    }
}

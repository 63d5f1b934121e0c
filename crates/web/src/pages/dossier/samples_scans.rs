//! Samples of scans: where they are taken, and how a dossier shows them.

use app::forms::Typed;
use app::no::Fault;
use askama::Template;
use domain::dossier::{CommandKind, Dossier, Event, HandedAs, Scan, ScanMade};
use domain::ids::FileHash;

use super::act::ActShown;
use super::form::{Making, form};
use super::page::DossierShown;
use super::samples::{EN, VI, at, received, record, shown, staff, view};
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;

fn scan(digit: &str, pages: u16) -> Scan {
    Scan {
        component: 1,
        file: FileHash::parse(&digit.repeat(64)).unwrap(),
        pages,
    }
}

/// Received, its first component scanned and scanned again.
fn scanned() -> app::processing::DossierPage {
    let mut record = record();
    let new = scan("6", 3);
    record.filed.handed[0].handed = HandedAs::Scanned {
        file: new.file.clone(),
        pages: new.pages,
        paper: true,
    };
    let mut found = shown(Dossier::Received(record, at(0, None)), &[CommandKind::Scan]);
    for (version, scan) in [(3, scan("5", 2)), (4, new)] {
        let mut told = found.story[0].clone();
        told.version = version;
        told.text = String::new();
        told.event = Event::ComponentScanned(ScanMade {
            at: received(),
            by: staff(),
            behalf: None,
            scan,
        });
        found.story.insert(0, told);
    }
    found
}

#[test]
fn a_dossier_shows_its_scans_and_each_opens() {
    for (name, w) in [("dossier-scanned", VI), ("dossier-scanned-en", EN)] {
        let v = view(w, &scanned());
        assert_eq!(v.components[0].url, "/ho-so/01a/ban-quet/1");
        assert!(v.components[1].url.is_empty());
        let links = v.story.iter().map(|line| line.url.as_str());
        let links: Vec<&str> = links.filter(|url| !url.is_empty()).collect();
        let lans = [4, 3].map(|lan| format!("/ho-so/01a/ban-quet/1?lan={lan}"));
        assert_eq!(links, lans);
        let shown = DossierShown {
            frame: desk(w),
            w,
            v,
        };
        page(name, &shown.render().unwrap());
    }
}

#[test]
fn a_scan_that_cannot_be_opened_is_asked_for_again() {
    let found = scanned();
    for (name, w) in [("act-scan-refused", VI), ("act-scan-refused-en", EN)] {
        let faults = [Fault::new("scan", "fault.scan_pages").with("n", &1)];
        let mut v = form(Making {
            w,
            page: &found,
            command: CommandKind::Scan,
            typed: &Typed::default(),
            faults: &faults,
            saved: None,
            key: "key-0001".to_owned(),
            agencies: Vec::new(),
            readable: None,
            local_token: LocalToken::default(),
        });
        v.rechoose = true;
        assert!(v.upload);
        let shown = ActShown {
            frame: desk(w),
            w,
            v,
        };
        page(name, &shown.render().unwrap());
    }
}

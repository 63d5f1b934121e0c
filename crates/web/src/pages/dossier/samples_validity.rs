//! Samples of how long a result is valid: on the form of its draft, and on the page of its dossier.

use std::sync::Arc;

use app::forms::Typed;
use app::no::Fault;
use askama::Template;
use domain::dossier::{CommandKind, Dossier, Draft, Event, Issued};
use domain::procedure::{Term, Validity, ValidityRule};
use jiff::civil::date;

use super::act::ActShown;
use super::draft::begun;
use super::form::{Making, form};
use super::samples::{EN, VI, at, draft as a_draft, issued, record, shown};
use super::samples_ends::{drawn, told};
use super::validity::prefilled;
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;
use crate::words::Words;

fn draft(name: &str, w: Words, (own_day, faults): (bool, &[Fault])) {
    let mut found = shown(Dossier::Processing(record(), at(1, None)), &[]);
    Arc::make_mut(&mut found.procedure).results[0].validity = Some(ValidityRule {
        months: Some(12),
        own_day,
        basis: "Luật <chuyên ngành> Điều 7".to_owned(),
    });
    let mut typed = Typed::default();
    typed.set("last_day", prefilled(&found));
    let making = Making {
        w,
        page: &found,
        command: CommandKind::DraftResult,
        typed: &typed,
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
fn the_form_of_a_draft_says_how_long_its_result_is_valid() {
    draft("act-draft-last-day", VI, (true, &[]));
    draft("act-draft-last-day-en", EN, (true, &[]));
    draft("act-draft-months", VI, (false, &[]));
    let beyond = Fault::new("last_day", "fault.last_day_beyond");
    let beyond = beyond.with("day", &"23/11/2027").with("rule", &"HL-01");
    draft("act-draft-last-day-fault", VI, (true, &[beyond]));
}

#[test]
fn the_page_of_a_dossier_says_since_when_its_result_is_valid_no_more() {
    for (name, w) in [("dossier-expired", VI), ("dossier-expired-en", EN)] {
        let over = Issued {
            validity: Some(Validity::Until(date(2026, 11, 22))),
            ..issued()
        };
        let mut found = shown(Dossier::Returned(record(), over), &[]);
        found.now = date(2026, 11, 23).at(8, 0, 0, 0);
        let drafted = Event::ResultDrafted {
            at: found.now,
            draft: a_draft(),
        };
        found.story.insert(0, told(drafted, "Đồng ý <cấp>."));
        let html = drawn(name, w, &found);
        let since = if w == EN {
            "Expired since 23/11/2026"
        } else {
            "Hết hiệu lực từ ngày 23/11/2026"
        };
        assert!(html.contains(since), "{name}");
    }
}

#[test]
fn a_new_draft_begins_with_the_last_day_of_the_one_before() {
    for (validity, expected) in [
        (Some(Term::Until(date(2027, 6, 1))), "01/06/2027"),
        (Some(Term::Months(12)), ""),
    ] {
        let before = Draft {
            validity,
            ..a_draft()
        };
        let found = shown(Dossier::Processing(record(), at(1, Some(before))), &[]);
        let mut typed = Typed::default();
        typed.set("last_day", "23/11/2027");
        begun(&mut typed, &found);
        assert_eq!(typed.get("last_day"), expected);
    }
}

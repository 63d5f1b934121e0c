//! Samples of a return: of an organisation that wants its result by post, signed on the screen; of a
//! person who wants it electronically.

use app::forms::Typed;
use app::no::Fault;
use askama::Template;
use domain::dossier::{CommandKind, Delivery, Dossier, Handed, HandedAs, Issued};
use domain::party::PartyKind;

use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;
use crate::words::Words;

use super::act::ActShown;
use super::form::{Making, form};
use super::samples::{EN, VI, at, draft, issued, received, record, shown};

fn drawn(
    w: Words,
    (delivery, kind): (Delivery, PartyKind),
    (fields, faults): (&[(&str, &str)], &[Fault]),
) -> String {
    let mut record = record();
    record.filed.delivery = delivery;
    record.filed.handed.push(Handed {
        component: 2,
        handed: HandedAs::Paper,
    });
    let issued = Issued {
        official: Some(draft().document),
        ..issued()
    };
    let mut found = shown(Dossier::Settled(record, at(4, Some(draft())), issued), &[]);
    found.applicant.kind = kind;
    let mut typed = Typed::default();
    for (name, value) in fields {
        typed.set(name, *value);
    }
    let making = Making {
        w,
        page: &found,
        command: CommandKind::Return,
        typed: &typed,
        faults,
        saved: Some(received()),
        agencies: Vec::new(),
        readable: None,
        local_token: LocalToken::default(),
        key: "key-0001".to_owned(),
    };
    let v = form(making);
    let frame = desk(w);
    ActShown { frame, w, v }.render().unwrap()
}

#[test]
fn an_organisation_s_receipt_is_signed_on_the_screen() {
    let fields = [
        ("receiver", "applicant"),
        ("seen", "chip"),
        ("digits", "17"),
        ("papers", "1"),
        ("b2", "yes"),
        ("kept_reason", "Kept on <file>"),
        ("receipt", "screen"),
        ("signature", "bGluZXM="),
    ];
    let faults = [
        Fault::new("digits", "fault.digits"),
        Fault::new("receiver_name", "fault.receiver_name"),
        Fault::new("signature", "fault.signature"),
    ];
    let of = (Delivery::Post, PartyKind::Enterprise);
    let html = drawn(EN, of, (&fields, &faults));
    page("act-return-organisation-en", &html);
    assert!(html.contains(r#"name="b2" id="b-2" value="yes" checked"#));
    assert!(!html.contains(r#"name="b1" id="b-1" value="yes" checked"#));
    assert!(html.contains(r#"name="receiver_name""#));
    assert!(html.contains(r#"value="bGluZXM=""#), "nobody signs twice");
}

#[test]
fn a_person_s_result_goes_the_way_that_was_chosen() {
    let of = (Delivery::Electronic, PartyKind::Citizen);
    let html = drawn(VI, of, (&[], &[]));
    page("act-return-electronic", &html);
    assert!(html.contains(r#"id="receiver-electronic" value="electronic" checked"#));
    assert!(!html.contains(r#"name="receiver_name""#));
    for paper in ["b-1", "b-2"] {
        let ticked = format!(r#"id="{paper}" value="yes" checked"#);
        assert!(html.contains(&ticked), "{paper}");
    }
}

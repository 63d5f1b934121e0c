//! Samples of the form that signs: with a PIN, and with a token at the person's own desk.

use app::certificates::Signer;
use app::forms::Typed;
use app::no::Fault;
use app::signing::Readable;
use askama::Template;
use domain::certificate::{Certificate, Holder, KeyAt};
use domain::dossier::{CommandKind, Dossier};
use domain::ids::{CertificateId, FileHash, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::date;

use super::act::ActShown;
use super::desk::reaching;
use super::form::{ActForm, Making, form};
use super::samples::{EN, VI, at, record, shown};
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;
use crate::words::Words;

fn readable(key: KeyAt) -> Readable {
    let certificate = Certificate {
        id: CertificateId::parse("c1").unwrap(),
        unit: UnitId::parse("H56.102").unwrap(),
        holder: Holder::Person {
            staff: StaffId::parse("lanhdao-hacthanh").unwrap(),
            role: Role::Leader,
        },
        subject: "CN=Đỗ <Văn> Bình".to_owned(),
        issuer: "Cơ quan chứng thực".to_owned(),
        serial: "0a1b".to_owned(),
        valid_from: date(2026, 1, 1).at(0, 0, 0, 0),
        valid_to: date(2028, 2, 1).at(0, 0, 0, 0),
        key,
        ended: None,
    };
    Readable {
        version: 6,
        hash: FileHash::parse(&"9f".repeat(32)).unwrap(),
        content: Vec::new(),
        signer: Ok(Signer {
            certificate,
            chain: Vec::new(),
        }),
        attachments: vec![app::signing::ReadWith {
            title: "Bản vẽ <vị trí>".to_owned(),
            file: FileHash::parse(&"b1".repeat(32)).unwrap(),
        }],
    }
}

fn signing(w: Words, key: KeyAt, faults: &[Fault]) -> ActForm {
    form(Making {
        w,
        page: &shown(Dossier::Received(record(), at(0, None)), &[]),
        command: CommandKind::SignResult,
        typed: &Typed::default(),
        faults,
        saved: None,
        key: "key-0001".to_owned(),
        agencies: Vec::new(),
        readable: Some(readable(key)),
        local_token: LocalToken::default(),
    })
}

fn drawn(name: &str, w: Words, v: ActForm) {
    let shown = ActShown {
        frame: desk(w),
        w,
        v,
    };
    page(name, &shown.render().unwrap());
}

#[test]
fn the_form_that_signs_asks_for_the_pin_or_for_the_token_at_the_desk() {
    let pin = signing(VI, KeyAt::Soft, &[]);
    assert!(!pin.upload && !pin.button.is_empty());
    drawn("act-sign-pin", VI, pin);
    for (name, w) in [("act-sign-desk", VI), ("act-sign-desk-en", EN)] {
        let v = signing(w, KeyAt::LocalToken, &[]);
        assert!(v.upload && v.button.is_empty());
        drawn(name, w, v);
    }
    let faults = [Fault::new("signed", "fault.document_not_whole")];
    let v = signing(VI, KeyAt::LocalToken, &faults);
    drawn("act-sign-desk-fault", VI, v);
}

#[test]
fn only_the_form_at_the_desk_reaches_the_program_there() {
    let policy = |key| {
        let v = signing(VI, key, &[]);
        let response = reaching(&v, axum::response::Response::default());
        let policy = response.headers().get("content-security-policy");
        policy.map(|policy| policy.to_str().unwrap().to_owned())
    };
    assert_eq!(policy(KeyAt::Soft), None);
    let reach = policy(KeyAt::LocalToken).unwrap();
    assert!(
        reach.contains("connect-src 'self' wss://127.0.0.1:8987; "),
        "{reach}"
    );
    assert!(reach.starts_with("default-src 'none'; script-src 'self';"));
}

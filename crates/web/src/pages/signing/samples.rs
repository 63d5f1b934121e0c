//! Samples of the pages of signing in batches.

use app::certificates::Signer;
use app::signing::batch::{
    BatchLine, BatchPage, SigningBatchRow, SigningItemRow, SigningRequestRow, SigningState, Stage,
    ToSignList, ToSignRow,
};
use app::signing::local::Attempt;
use app::signing::remote::Asks;
use app::words::Language;
use askama::Template;
use domain::certificate::{Certificate, Holder, KeyAt, NotSigning};
use domain::ids::{CertificateId, DossierId, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::{DateTime, date};

use super::Sent;
use super::local::AttemptPage;
use super::view::{BatchView, ListView};
use crate::error::FaultLine;
use crate::layout::{Bar, Frame};
use crate::present::Marker;
use crate::samples::page;
use crate::state::LocalToken;
use crate::words::Words;

const DUE: i64 = 1_795_600_000_000;

fn now() -> DateTime {
    date(2026, 11, 23).at(9, 30, 0, 0)
}

fn desk(w: Words) -> Frame {
    Frame {
        w,
        unit: "Phường Hạc Thành".to_owned(),
        csrf: "c5rf".to_owned(),
        here: "/ky-so".to_owned(),
        bar: Some(Bar {
            staff: "lanhdao-hacthanh".to_owned(),
            name: "Đỗ <Văn> Bình".to_owned(),
            post: w.of("role", "leader"),
            standing: String::new(),
            absence: false,
            entries: Vec::new(),
        }),
    }
}

fn waiting(order: u32) -> ToSignRow {
    ToSignRow {
        dossier: format!("d-{order}"),
        code: Some(format!("H56.102-261120-{order:04}")),
        procedure_code: "2.000815".to_owned(),
        procedure_version: 1,
        process_version: 1,
        procedure_name: "Chứng thực bản sao từ <bản chính>".to_owned(),
        owner_name: "Nguyễn <Thị> An".to_owned(),
        step: Some(2),
        holder: None,
        due_at: (order != 2).then_some(DUE),
        rank: DUE,
    }
}

fn batch_row(signed: i64, open: i64) -> SigningBatchRow {
    SigningBatchRow {
        id: "b-1".to_owned(),
        staff: "lanhdao-hacthanh".to_owned(),
        created_at: 1_795_400_000_000,
        certificate: (signed > 0).then(|| "c1".to_owned()),
        held_until: None,
        told: String::new(),
        listed: 7,
        signed,
        open,
        asked: 0,
        finishing: 0,
    }
}

fn item(place: i64, state: SigningState, (read, reason): (bool, &str)) -> SigningItemRow {
    SigningItemRow {
        place,
        attachments: String::new(),
        dossier: format!("d-{place}"),
        version: Some(6),
        document: Some("9f3c71e05b2a".repeat(6).chars().take(64).collect()),
        seen_at: read.then_some(1_795_400_100_000),
        state: state.as_str().to_owned(),
        reason: reason.to_owned(),
        done_at: None,
        code: Some(format!("H56.102-261120-{place:04}")),
        procedure_name: "Chứng thực bản sao từ <bản chính>".to_owned(),
        owner_name: "Nguyễn <Thị> An".to_owned(),
        due_at: Some(DUE),
    }
}

fn signer() -> Signer {
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
        key: KeyAt::Soft,
        ended: None,
    };
    Signer {
        certificate,
        chain: Vec::new(),
    }
}

fn batch(stage: Stage) -> BatchPage {
    use SigningState::{Failed, Left, Refused, Returned, Signed, Stale, Waiting};
    let unmade = SigningItemRow {
        version: None,
        document: None,
        ..item(3, Waiting, (false, ""))
    };
    let fresh = stage == Stage::Preparing || stage == Stage::Ready;
    let items = if fresh {
        let third = match stage {
            Stage::Preparing => unmade,
            _ => item(3, Waiting, (false, "")),
        };
        vec![
            item(1, Waiting, (true, "")),
            item(2, Waiting, (false, "")),
            third,
        ]
    } else {
        vec![
            item(1, Signed, (true, "")),
            item(2, Failed, (true, "signing.why.broken")),
            item(3, Waiting, (true, "")),
            item(4, Refused, (true, "rule.LT-03.title")),
            item(5, Stale, (true, "signing.why.moved")),
            item(6, Returned, (true, "")),
            item(7, Left, (false, "")),
        ]
    };
    BatchPage {
        row: if fresh {
            batch_row(0, 3)
        } else {
            batch_row(1, 2)
        },
        stage,
        items,
        attachments: std::collections::BTreeMap::new(),
        signer: Some(Ok(signer())),
        remote: None,
        request: None,
        now: now(),
    }
}

fn calm<'a>() -> Sent<'a> {
    Sent {
        typed: None,
        faults: Vec::new(),
        place: None,
    }
}

fn fault(field: &str, w: Words, key: &str) -> FaultLine {
    FaultLine {
        field: field.to_owned(),
        message: w.fill(key, "n", 2),
    }
}

fn listed(name: &str, w: Words, found: &ToSignList, faults: Vec<FaultLine>) {
    let marker = Marker::standing(w, found.now);
    let shown = ListView::new(desk(w), &marker, (found, "k".to_owned()), (None, faults));
    page(name, &shown.render().unwrap());
}

#[test]
fn what_waits_for_a_signature() {
    let found = |rows| ToSignList {
        rows,
        batches: vec![
            BatchLine {
                row: batch_row(1, 2),
                stage: Stage::Stopped,
            },
            BatchLine {
                row: batch_row(7, 0),
                stage: Stage::Done,
            },
        ],
        now: now(),
    };
    let full = found(vec![waiting(1), waiting(2)]);
    let (vi, en) = (Words(Language::Vi), Words(Language::En));
    listed("signing", vi, &full, Vec::new());
    listed("signing-en", en, &full, Vec::new());
    let gone = fault("dossier", vi, "fault.signing_gone");
    listed("signing-faults", vi, &full, vec![gone]);
    let none = ToSignList {
        batches: Vec::new(),
        ..found(Vec::new())
    };
    listed("signing-none", vi, &none, Vec::new());
}

fn shown(name: &str, w: Words, found: &BatchPage, sent: Sent<'_>) {
    let marker = Marker::standing(w, found.now);
    let key = (found, "k".to_owned(), LocalToken::default());
    let view = BatchView::new(desk(w), &marker, key, sent);
    page(name, &view.render().unwrap());
}

#[test]
fn a_batch_at_every_stage() {
    let (vi, en) = (Words(Language::Vi), Words(Language::En));
    let stages = [
        ("preparing", Stage::Preparing),
        ("ready", Stage::Ready),
        ("running", Stage::Running),
        ("stopped", Stage::Stopped),
        ("done", Stage::Done),
    ];
    for (name, stage) in stages {
        shown(&format!("signing-batch-{name}"), vi, &batch(stage), calm());
    }
    shown("signing-batch-en", en, &batch(Stage::Stopped), calm());
    let blocked = BatchPage {
        signer: Some(Err(NotSigning::None)),
        ..batch(Stage::Ready)
    };
    shown("signing-batch-blocked", vi, &blocked, calm());
    let mut own = signer();
    own.certificate.key = KeyAt::LocalToken;
    let at_desk = BatchPage {
        signer: Some(Ok(own)),
        ..batch(Stage::Stopped)
    };
    shown("signing-batch-desk", vi, &at_desk, calm());
    shown("signing-batch-desk-en", en, &at_desk, calm());
}

fn remote(stage: Stage, asks: Asks) -> BatchPage {
    let mut own = signer();
    own.certificate.key = KeyAt::Remote {
        service: "smartca".to_owned(),
        credential: String::new(),
    };
    BatchPage {
        signer: Some(Ok(own)),
        remote: Some(Ok(asks)),
        ..batch(stage)
    }
}

#[test]
fn a_batch_whose_key_lies_at_a_service() {
    let (vi, en) = (Words(Language::Vi), Words(Language::En));
    let request = |waiting: Option<&str>| SigningRequestRow {
        id: "r-1".to_owned(),
        batch: "b-1".to_owned(),
        staff: "lanhdao-hacthanh".to_owned(),
        certificate: "c1".to_owned(),
        service: "smartca".to_owned(),
        title: "Một Cửa: ký 2 văn bản".to_owned(),
        state: "waiting".to_owned(),
        waiting: waiting.map(str::to_owned),
        tries: 1,
        until: 1_795_400_300_000,
        documents: 2,
    };
    let asked = |waiting| BatchPage {
        request: Some(request(waiting)),
        remote: None,
        ..remote(Stage::Asked, Asks::Phone)
    };
    for (end, w) in [("", vi), ("-en", en)] {
        let phone = remote(Stage::Ready, Asks::Phone);
        shown(&format!("signing-batch-phone{end}"), w, &phone, calm());
        let waits = asked(Some("t-1"));
        shown(&format!("signing-batch-asked{end}"), w, &waits, calm());
        let sending = asked(None);
        shown(&format!("signing-batch-sending{end}"), w, &sending, calm());
        let mut refused = remote(Stage::Stopped, Asks::Phone);
        refused.row.told = "remote.rejected".to_owned();
        shown(&format!("signing-batch-refused{end}"), w, &refused, calm());
        let code = remote(Stage::Ready, Asks::PinAndCode);
        let wrong = Sent {
            faults: vec![fault("code", w, "fault.code_missing")],
            ..calm()
        };
        shown(&format!("signing-batch-code{end}"), w, &code, wrong);
    }
    let silent = BatchPage {
        remote: Some(Err("remote.no_answer")),
        ..remote(Stage::Ready, Asks::Phone)
    };
    shown("signing-batch-silent", vi, &silent, calm());
}

#[test]
fn a_batch_with_faults() {
    let vi = Words(Language::Vi);
    let typed = app::forms::Typed::new(vec![("ky".to_owned(), "1".to_owned())]);
    let sent = Sent {
        typed: Some(&typed),
        faults: vec![fault("pin", vi, "fault.pin_wrong")],
        place: None,
    };
    shown("signing-batch-pin", vi, &batch(Stage::Ready), sent);
    let sent = Sent {
        typed: Some(&typed),
        faults: vec![fault("reason", vi, "fault.reason")],
        place: Some(2),
    };
    shown("signing-batch-return", vi, &batch(Stage::Ready), sent);
}

#[test]
fn what_came_of_signing_at_the_desk() {
    let (vi, en) = (Words(Language::Vi), Words(Language::En));
    let dossier = DossierId::parse("d-1").unwrap();
    let here = || "/ho-so/d-1/ky-tai-cho/a1".to_owned();
    let refused = |reason: &str| Attempt::Refused {
        reason: reason.to_owned(),
    };
    let all = [
        ("waiting", Attempt::Waiting { until: now() }),
        ("over", Attempt::Over),
        ("refused", refused("fault.document_not_whole")),
        ("unsaid", refused("of an older version")),
    ];
    for (name, found) in all {
        for (end, w) in [("", vi), ("-en", en)] {
            let shown = AttemptPage::new(desk(w), (&dossier, here()), &found).unwrap();
            page(
                &format!("signing-desk-{name}{end}"),
                &shown.render().unwrap(),
            );
        }
    }
    let done = AttemptPage::new(desk(vi), (&dossier, here()), &Attempt::Approved);
    assert!(done.is_none(), "the dossier itself says so");
}

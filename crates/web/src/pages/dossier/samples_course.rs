//! Samples of what holds beside the steps of the process, and of every form of an act.

use std::sync::Arc;

use app::facts::Settings;
use app::forms::Typed;
use app::no::Fault;
use app::processing::{DossierPage, Told};
use askama::Template;
use domain::deadline::{Limit, Pause, PauseMode};
use domain::dossier::{
    Admitted, Apology, Approval, CommandKind, Correction, Dossier, Event, Issued, Obligation,
    Record, Refund, Request, StopGround, StopOrder, SupplementDraft,
};
use domain::ids::{FileHash, TextId};
use domain::money::Dong;
use domain::office::Role;
use domain::party::PartyKind;
use domain::procedure::{Database, Eligibility, Lane, LaneLimit, Project};
use jiff::civil::date;

use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::state::LocalToken;

use super::act::ActShown;
use super::acts::is_direct;
use super::form::{Making, form, has_form};
use super::page::DossierShown;
use super::samples::{DRAFTING, VI, at, draft, issued, received, record, shown, staff, view};

fn text(id: &str) -> TextId {
    TextId::parse(id).unwrap()
}

/// A request that an officer drafted: a paper to bring, another to put right.
fn drafted() -> Record {
    let mut record = record();
    record.course.asking = Some(SupplementDraft {
        at: received(),
        step: 1,
        components: vec![1, 2],
        corrections: vec![Correction {
            component: 1,
            what: text("wrong"),
        }],
        reason: text("reason"),
        basis: None,
        by: staff(),
        behalf: None,
        approved: None,
    });
    record
}

/// The same, sent.
fn request() -> Request {
    let draft = drafted().course.asking.unwrap();
    Request {
        at: received(),
        number: Some("12/HDHS".to_owned()),
        components: draft.components,
        corrections: draft.corrections,
        reason: draft.reason,
        answer_by: date(2026, 12, 25).at(17, 0, 0, 0),
        mode: PauseMode::Restart,
        stage: Some(1),
        basis: None,
        drafted_by: Some(staff()),
        approved: None,
        sent_by: Some(staff()),
    }
}

fn owing() -> Record {
    let mut record = record();
    record.pauses.push(Pause {
        from: received(),
        to: None,
        mode: PauseMode::Exclude,
    });
    record.course.obligation = Some(Obligation {
        notice: text("notice"),
        amount: Some(Dong(150_000)),
        pay_by: Some(date(2026, 12, 7)),
        document: None,
        proof: None,
    });
    record
}

/// In a green lane, and late all the same.
fn hastened() -> Record {
    let mut record = record();
    record.limit = Some(Limit::working_days(5));
    record.due = Some(date(2026, 11, 19).at(17, 0, 0, 0));
    record.course.lane = Some(Admitted {
        at: received(),
        lane: "xanh".to_owned(),
        ground: text("ground"),
        project: Some("CT-07".to_owned()),
        limit: Limit::Hours(16),
        due: date(2026, 11, 16).at(9, 15, 0, 0),
        by: staff(),
        behalf: None,
    });
    record.course.apologies.push(Apology {
        at: received(),
        reason: text("late"),
        until: date(2026, 11, 20).at(17, 0, 0, 0),
        signed_by: staff(),
        behalf: None,
        late: false,
        within_law: false,
        number: Some("05/XL-H56.14".to_owned()),
    });
    record
}

/// A page of a procedure that charges, has a green lane and leaves a component to a database.
fn charged(mut dossier: Dossier) -> DossierPage {
    let fee = |record: &mut Record| record.filed.fee = Dong(15_000);
    match &mut dossier {
        Dossier::Processing(record, _)
        | Dossier::Paused(record, ..)
        | Dossier::Obliged(record, _)
        | Dossier::Settled(record, ..)
        | Dossier::Stopped(record) => fee(record),
        other => panic!("{other:?} has no sample"),
    }
    let mut found = shown(dossier, &DRAFTING);
    let procedure = Arc::make_mut(&mut found.procedure);
    procedure.lanes = vec![Lane {
        code: "xanh".to_owned(),
        name: "Luồng xanh 16 giờ".to_owned(),
        limit: LaneLimit::Own {
            limit: Limit::Hours(16),
        },
        eligible: Eligibility {
            owners: vec![PartyKind::Enterprise, PartyKind::Citizen],
            projects: vec![Project {
                code: "CT-07".to_owned(),
                name: "Khu công nghiệp <Lam Sơn>".to_owned(),
            }],
        },
        decided_by: Role::CentreDirector,
        basis: "Kế hoạch của UBND tỉnh".to_owned(),
    }];
    let case = procedure.cases.first_mut().unwrap();
    let mut second = case.components[0].clone();
    second.number = 9;
    second.name = "Dữ liệu hộ tịch".to_owned();
    second.held_by = Some(Database::CivilStatus);
    case.components.push(second);
    let words = [
        ("wrong", "Họ tên mẹ ghi sai"),
        ("reason", "Thiếu <bản sao>"),
        ("notice", "Lệ phí trước bạ, nộp tại kho bạc"),
        ("late", "Chờ xác minh"),
        ("ground", "Hồ sơ của người khuyết tật"),
    ];
    found.words = words
        .map(|(id, said)| (id.to_owned(), said.to_owned()))
        .into();
    found
}

fn drawn(name: &str, found: &DossierPage) -> String {
    let v = view(VI, found);
    let shown = DossierShown {
        frame: desk(VI),
        w: VI,
        v,
    };
    let html = shown.render().unwrap();
    page(name, &html);
    html
}

#[test]
fn a_drafted_request_is_read_before_it_is_sent() {
    let found = charged(Dossier::Processing(drafted(), at(1, None)));
    let html = drawn("dossier-request-drafted", &found);
    assert!(html.contains("Sửa: Họ tên mẹ ghi sai"));
    assert!(html.contains("chờ lãnh đạo duyệt"));
    let mut record = drafted();
    if let Some(draft) = &mut record.course.asking {
        draft.approved = Some(Approval {
            at: received(),
            by: draft.by.clone(),
            behalf: None,
        });
    }
    let found = charged(Dossier::Processing(record, at(1, None)));
    let html = drawn("dossier-request-approved", &found);
    assert!(html.contains("chờ Trung tâm gửi") && html.contains("Người duyệt"));
}

#[test]
fn the_applicant_has_a_clock_of_its_own() {
    let mut found = charged(Dossier::Paused(record(), at(1, None), request()));
    assert!(drawn("dossier-paused", &found).contains("Đến Thứ Sáu 25/12/2026, 17:00"));
    found.now = date(2026, 12, 26).at(8, 0, 0, 0);
    assert!(drawn("dossier-unanswered", &found).contains("đóng hồ sơ được"));
}

#[test]
fn what_is_owed_says_since_when_the_clock_stands() {
    let found = charged(Dossier::Obliged(owing(), at(1, None)));
    let html = drawn("dossier-obliged", &found);
    assert!(html.contains("150.000 đ") && html.contains("ngày hẹn lùi bằng thời gian chờ"));
}

#[test]
fn every_date_stands_beside_the_first() {
    let mut found = charged(Dossier::Processing(hastened(), at(1, None)));
    let limit = Limit::Hours(16);
    let settings = Settings::default();
    found.deadline = domain::deadline::due(received(), limit, &[], &settings.clock()).ok();
    let html = drawn("dossier-dates", &found);
    for said in [
        "Hạn theo luật",
        "Thứ Hai 16/11/2026",
        "Thứ Năm 19/11/2026",
        "Thứ Sáu 20/11/2026",
        "Chờ xác minh",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn a_stop_says_what_becomes_of_the_charge() {
    let mut found = charged(Dossier::Stopped(record()));
    found.actions.clear();
    let order = StopOrder {
        ground: StopGround::Decision,
        document: FileHash::parse(&"c".repeat(64)).unwrap(),
        reason: text("reason"),
        by: staff(),
        behalf: None,
    };
    let stopped = Event::Stopped {
        at: received(),
        rule: "DG-01".to_owned(),
        order: Some(order),
        refund: Some(Refund {
            back: Dong(10_000),
            kept: Dong(5_000),
        }),
        number: Some("03/TB-H56.14".to_owned()),
    };
    found.story.insert(0, told(stopped));
    let html = drawn("dossier-stopped", &found);
    for said in ["Phải trả lại", "10.000 đ", "Không hoàn", "5.000 đ"] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.contains("/ho-so/01a/giay-to/stop"));
}

fn told(event: Event) -> Told {
    Told {
        version: 3,
        at: event.at(),
        event,
        who: "Hoàng Thị Ngân".to_owned(),
        behalf: String::new(),
        text: String::new(),
    }
}

#[test]
fn the_request_to_withdraw_can_be_read() {
    let mut found = shown(Dossier::Withdrawn(record()), &[]);
    assert!(view(VI, &found).files.is_empty());
    found.story.push(told(Event::Withdrawn {
        at: received(),
        request: FileHash::parse(&"b".repeat(64)).unwrap(),
        refund: None,
        number: None,
    }));
    let v = view(VI, &found);
    let file = v.files.first().unwrap();
    assert_eq!(file.url, "/ho-so/01a/don-rut");
    assert!(file.print.is_empty(), "it is no slip of ours");
    let html = DossierShown {
        frame: desk(VI),
        w: VI,
        v,
    };
    assert!(html.render().unwrap().contains("/ho-so/01a/don-rut"));
}

/// The dossier as a form of the command finds it; a result to be returned has its document.
fn asked(command: CommandKind) -> Dossier {
    let issued = Issued {
        official: Some(draft().document),
        ..issued()
    };
    match command {
        CommandKind::Return => Dossier::Settled(record(), at(4, Some(draft())), issued),
        CommandKind::AskSupplement | CommandKind::ApproveSupplement => {
            Dossier::Processing(drafted(), at(1, None))
        }
        CommandKind::MeetObligation => Dossier::Obliged(owing(), at(1, None)),
        _ => Dossier::Processing(record(), at(1, None)),
    }
}

fn fault(command: CommandKind) -> Vec<Fault> {
    match command {
        CommandKind::Return => {
            vec![Fault::new("collector_number", "fault.number_length").with("there", &11)]
        }
        CommandKind::Withdraw => vec![Fault::new("request", "fault.file_kind")],
        CommandKind::Assign => vec![Fault::new("to", "fault.colleague")],
        CommandKind::Stop => vec![Fault::new("document", "fault.file_pdf")],
        CommandKind::Apologise => vec![Fault::new("until", "fault.post_day")],
        _ => Vec::new(),
    }
}

#[test]
fn every_form_is_drawn_with_what_was_typed() {
    let mut typed = Typed::default();
    typed.set("reason", "Thiếu <trang 2>");
    typed.set("receiver", "authorised");
    typed.set("outcome", "refused");
    for command in CommandKind::ALL
        .into_iter()
        .filter(|command| !is_direct(*command))
    {
        if !has_form(command) {
            continue;
        }
        let found = charged(asked(command));
        let key = "key-0001".to_owned();
        let faults = fault(command);
        let making = Making {
            w: VI,
            page: &found,
            command,
            typed: &typed,
            faults: &faults,
            saved: Some(received()),
            agencies: Vec::new(),
            readable: None,
            local_token: LocalToken::default(),
            key,
        };
        let v = form(making);
        // What signs is drawn from a document, in samples of its own.
        assert!(
            !v.parts.is_empty() || command == CommandKind::SignResult,
            "{command:?}"
        );
        let html = ActShown {
            frame: desk(VI),
            w: VI,
            v,
        }
        .render()
        .unwrap();
        page(&format!("act-{}", command.as_str()), &html);
    }
}

//! Samples of a dossier's pages.

use std::sync::Arc;

use app::absence::Away;
use app::access::Actor;
use app::catalogue::{processes, starter};
use app::facts::Settings;
use app::people::PartyView;
use app::processing::{Colleague, DossierPage, Told};
use app::words::Language;
use askama::Template;
use domain::calendar::Calendar;
use domain::deadline::due;
use domain::dossier::{
    AtStep, CommandKind, Course, Delivery, Dossier, Draft, Event, File, Filed, Handed, HandedAs,
    Issued, Mandate, Outcome, Payment, Record, Refusal,
};
use domain::ids::{DossierCode, DossierId, FileHash, PartyId, StaffId, TextId, UnitId};
use domain::money::Dong;
use domain::office::Role;
use domain::party::PartyKind;
use domain::procedure::Channel;
use jiff::civil::{DateTime, date};

use crate::error::RefusalPanel;
use crate::pages::intake::samples::desk;
use crate::present::Mark;
use crate::samples::page;
use crate::words::Words;

use super::acts::acts;
use super::page::{DossierShown, FiledShown, filed};
use super::view::{DossierView, Reader};

pub(super) const VI: Words = Words(Language::Vi);
pub(super) const EN: Words = Words(Language::En);

pub(super) fn received() -> DateTime {
    date(2026, 11, 12).at(9, 15, 0, 0)
}

pub(super) fn unit() -> UnitId {
    UnitId::parse("H56.102").unwrap()
}

pub(super) fn staff() -> StaffId {
    StaffId::parse("thu").unwrap()
}

pub(super) fn record() -> Record {
    let procedure = &starter::procedures()[0];
    let limit = procedure
        .offer(Channel::Direct)
        .and_then(|offer| offer.limit);
    let owner = PartyId::parse("p1").unwrap();
    Record {
        filed: Filed {
            procedure: procedure.code.clone(),
            procedure_version: 1,
            process_version: 1,
            case: 1,
            channel: Channel::Direct,
            applicant: owner.clone(),
            owner,
            mandate: Mandate::Own,
            receiving: unit(),
            competent: unit(),
            handed: vec![Handed {
                component: 1,
                handed: HandedAs::Paper,
            }],
            sets: 1,
            fee: Dong(0),
            payment: Payment::Free,
            delivery: Delivery::Centre,
            certified: Vec::new(),
            help: None,
            agent: None,
            collected: None,
            lookups: Vec::new(),
            corrects: None,
        },
        submitted_at: received(),
        answer_by: None,
        code: Some(DossierCode::new(&unit(), received().date(), 18)),
        received_at: Some(received()),
        limit,
        due: limit.and_then(|limit| {
            due(received(), limit, &[], &Settings::default().clock())
                .ok()
                .map(|found| found.due)
        }),
        calendar: Calendar::national().version().to_owned(),
        pauses: Vec::new(),
        asked: None,
        course: Course::default(),
    }
}

pub(super) fn draft() -> Draft {
    Draft {
        outcome: Outcome::Granted,
        document: File {
            hash: FileHash::parse(&"a".repeat(64)).unwrap(),
            bytes: 9,
        },
        summary: TextId::parse("t1").unwrap(),
        by: staff(),
        behalf: None,
        uploaded: false,
        validity: None,
        attachments: Vec::new(),
    }
}

pub(super) fn at(index: usize, draft: Option<Draft>) -> AtStep {
    let since = received();
    AtStep {
        index,
        since,
        due: since,
        holder: Some(staff()),
        draft,
        approved_by: None,
        signed: None,
    }
}

fn person() -> PartyView {
    PartyView {
        kind: PartyKind::Citizen,
        name: "Phạm <Văn> Khánh".to_owned(),
        number: "0380****1174".to_owned(),
        birth: None,
        address: String::new(),
        phone: "0987654320".to_owned(),
        email: String::new(),
    }
}

fn notice() -> app::notices::DeliveryLine {
    app::notices::DeliveryLine {
        id: 1,
        dossier: DossierId::parse("01a").unwrap(),
        code: String::new(),
        kind: domain::notice::Kind::Received,
        channel: domain::notice::Channel::Mail,
        state: app::notices::DeliveryState::Sent,
        attempts: 1,
        reason: String::new(),
        next_try: None,
        created_at: received(),
        ended_at: Some(received()),
    }
}

/// A page of `dossier` with what may be done.
pub(super) fn shown(dossier: Dossier, actions: &[CommandKind]) -> DossierPage {
    let procedure = &starter::procedures()[0];
    let person = person();
    let limit = record().limit.unwrap();
    let told = |event: Event, text: &str| Told {
        version: 3,
        at: event.at(),
        event,
        who: "Lê Thị Minh Thu".to_owned(),
        behalf: String::new(),
        text: text.to_owned(),
    };
    let process = processes::default_process(procedure);
    DossierPage {
        issuing: None,
        id: DossierId::parse("01a").unwrap(),
        version: 4,
        dossier,
        procedure: Arc::new(procedure.clone()),
        used: process
            .steps
            .iter()
            .enumerate()
            .map(|(i, _)| (i < 2).then_some(75))
            .collect(),
        process: Arc::new(process),
        applicant: person.clone(),
        owner: person,
        deadline: due(received(), limit, &[], &Settings::default().clock()).ok(),
        actions: actions.to_vec(),
        story: vec![
            told(
                Event::ResultDrafted {
                    at: received(),
                    draft: draft(),
                },
                "Đủ điều kiện & đúng hạn",
            ),
            told(
                Event::Submitted {
                    at: received(),
                    filed: record().filed,
                    answer_by: None,
                },
                "",
            ),
        ],
        slips: Vec::new(),
        signatures: std::collections::BTreeMap::new(),
        notices: vec![notice()],
        tasks: Vec::new(),
        links: Vec::new(),
        words: std::collections::BTreeMap::new(),
        colleagues: colleagues(),
        deciders: Vec::new(),
        names: [(staff().to_string(), "Lê Thị Minh Thu".to_owned())].into(),
        holder: "Lê Thị Minh Thu".to_owned(),
        now: received(),
    }
}

/// One who is there, one who is away, and one for whom somebody stands in.
fn colleagues() -> Vec<Colleague> {
    let one = |id: &str, name: &str, away: Option<&str>| Colleague {
        staff: StaffId::parse(id).unwrap(),
        name: name.to_owned(),
        away: away.map(|deputy| Away {
            staff: StaffId::parse(id).unwrap(),
            last: date(2026, 11, 27),
            deputy: deputy.to_owned(),
        }),
    };
    vec![
        Colleague {
            staff: staff(),
            ..one("x", "Lê Thị Minh Thu", None)
        },
        one("mai", "Vũ <Thị> Mai", Some("")),
        one("binh", "Đỗ Văn Bình", Some("Lê Thị Minh Thu")),
    ]
}

pub(super) fn view(w: Words, page: &DossierPage) -> DossierView {
    let actor = Actor {
        staff: staff(),
        name: "Lê Thị Minh Thu".to_owned(),
        posts: vec![(unit(), Role::CaseOfficer)],
        standing: Vec::new(),
        language: w.0,
    };
    let mark = Mark {
        class: "due-far".to_owned(),
        words: "Còn 2 ngày".to_owned(),
    };
    let reader = Reader {
        w,
        actor: &actor,
        mark,
        marks: &|_| Mark {
            class: "due-far".to_owned(),
            words: "Còn 2 ngày".to_owned(),
        },
        once: &|| "key-0001".to_owned(),
        unit: &|_| "Phường Hạc Thành".to_owned(),
    };
    DossierView::drawn(&reader, page)
}

pub(super) const DRAFTING: [CommandKind; 4] = [
    CommandKind::Forward,
    CommandKind::DraftResult,
    CommandKind::AskSupplement,
    CommandKind::Assign,
];

#[test]
fn a_dossier_being_worked_on() {
    let found = shown(
        Dossier::Processing(record(), at(1, Some(draft()))),
        &DRAFTING,
    );
    for (name, w) in [("dossier", VI), ("dossier-en", EN)] {
        let mut v = view(w, &found);
        let refusal = Refusal::AlreadyAsked { at: received() };
        v.refusal = Some(RefusalPanel::of(w, &refusal.into(), received().date()));
        v.done = w.t("done.draft_result").to_owned();
        page(
            name,
            &DossierShown {
                frame: desk(w),
                w,
                v,
            }
            .render()
            .unwrap(),
        );
    }
}

/// A result whose official document is still in the making.
pub(super) fn issued() -> Issued {
    Issued {
        outcome: Outcome::Granted,
        document: draft().document,
        official: None,
        number: "01/KQ-H56.102".to_owned(),
        at: received(),
        approved_by: staff(),
        validity: None,
        attachments: Vec::new(),
        issue_by: None,
        sealed: None,
    }
}

#[test]
fn nothing_is_offered_to_who_may_not_act() {
    let found = shown(Dossier::Returned(record(), issued()), &[]);
    let v = view(VI, &found);
    assert_eq!(v.files[0].name, "Kết quả số 01/KQ-H56.102");
    assert_eq!(v.files[0].detail, "đang lập");
    assert!(v.acts.is_empty() && !v.no_acts.is_empty());
    assert!(v.steps.iter().all(|step| step.class == "is-done"));
    page(
        "dossier-returned",
        &DossierShown {
            frame: desk(VI),
            w: VI,
            v,
        }
        .render()
        .unwrap(),
    );
}

#[test]
fn a_result_that_waits_for_the_seal_says_so() {
    let at = at(4, Some(draft()));
    let found = shown(Dossier::Settled(record(), at, issued()), &[]);
    for (name, w) in [("dossier-unsealed", VI), ("dossier-unsealed-en", EN)] {
        let v = view(w, &found);
        assert!(v.acts.is_empty() && !v.waits.is_empty());
        let frame = desk(w);
        page(name, &DossierShown { frame, w, v }.render().unwrap());
    }
}

#[test]
fn drafting_comes_first_until_there_is_a_draft() {
    let once = || "key-0001".to_owned();
    let first = |drafted: Option<Draft>| {
        let found = shown(Dossier::Processing(record(), at(1, drafted)), &DRAFTING);
        let (acts, aside) = acts(VI, &found, &once);
        assert_eq!(aside.len(), 1);
        let mut keys: Vec<&str> = acts.iter().chain(&aside).map(|act| act.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), acts.len() + aside.len(), "no key stands twice");
        acts[0].command
    };
    assert_eq!(first(None), "draft_result");
    assert_eq!(first(Some(draft())), "forward");
}

#[test]
fn a_dossier_just_filed() {
    let found = shown(
        Dossier::Received(record(), at(0, None)),
        &[CommandKind::HandOver],
    );
    let v = filed(VI, &found, "key-0001".to_owned());
    assert_eq!(v.slip, "/ho-so/01a/phieu/01");
    page(
        "dossier-filed",
        &FiledShown {
            frame: desk(VI),
            w: VI,
            v,
        }
        .render()
        .unwrap(),
    );
}

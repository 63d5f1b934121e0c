//! Results closed in the days in which nobody signed are worked off as electronic copies of their
//! paper; electronic results are copied on paper.

use std::sync::Arc;

use domain::dossier::{Event, Issued, Outcome, Refusal};
use domain::ids::{DossierId, StaffId};
use domain::office::Role;
use domain::slip::Form;
use jiff::ToSpan as _;
use store::{Batch, NewEvents};

use super::reuse_tests::terms_of;
use super::tests::{
    counter, issued, orders, record_again, seal_clerk, sealed, somebody, to_approve,
};
use super::{Standing, one_of, seal_anew, unsealed, unsealed_count};
use crate::access::Actor;
use crate::jobs::{slip_content, work_off};
use crate::no::Denied;
use crate::people::testing::{faults, key, no_files, printing};
use crate::processing::{Act, Order, act, dossier_page};
use crate::signing::testing::certify;
use crate::verification::testing::Reader;
use crate::verification::{Archive, Ask, Bad, PaperKind, address, check_results, paper};
use crate::{App, No};

const SCAN: &[u8] = b"%PDF-1.7 the scan";

fn leader(app: &App) -> Actor {
    somebody(app, "lanhdao-hacthanh", Role::Leader)
}

/// Writes what the program of those days wrote: approved and settled, signed by nobody.
async fn closed_unsigned(app: &App, number: u32) -> DossierId {
    let dossier = to_approve(app).await;
    let loaded = app.store().load(&dossier).await.unwrap();
    let filed = &loaded.dossier.record().unwrap().filed;
    let at = app.clock().now();
    let step = loaded.dossier.at_step().unwrap();
    let by = StaffId::parse("lanhdao-hacthanh").unwrap();
    let draft = step.draft.clone().unwrap();
    let events = vec![
        Event::StepFinished {
            at,
            step: step.index,
            by: by.clone(),
            approved: true,
            step_due: at,
            behalf: None,
        },
        Event::Settled {
            issued: Issued {
                outcome: Outcome::Granted,
                document: draft.document,
                official: None,
                attachments: Vec::new(),
                number: format!("{number}/KQ-{}", filed.competent),
                at,
                approved_by: by,
                validity: None,
                issue_by: None,
                sealed: None,
            },
            step_due: at,
            refund: None,
        },
    ];
    let batch = Batch {
        dossier: dossier.clone(),
        expected: loaded.version,
        head: loaded.head,
        process: app
            .process(&filed.procedure, filed.process_version)
            .await
            .unwrap(),
        before: loaded.dossier,
        events: NewEvents::Ready(events),
        actor: "vanthu-hacthanh".to_owned(),
        behalf: None,
        now: at,
        messages: Vec::new(),
        audit: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
    };
    app.store().append(batch).await.unwrap();
    dossier
}

fn digitise(compared: bool, decided_by: Option<&str>) -> Order {
    Order::DigitiseResult {
        document: SCAN.to_vec(),
        compared,
        decided_by: decided_by.map(|who| StaffId::parse(who).unwrap()),
    }
}

async fn tried(app: &App, actor: &Actor, dossier: &DossierId, order: Order) -> Result<(), No> {
    let version = app.store().load(dossier).await.unwrap().version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order,
    };
    act(app, actor, input).await.map(drop)
}

fn refusal(no: Result<(), No>) -> Refusal {
    match no {
        Err(No::Refused(refused)) => refused.refusal,
        other => panic!("{other:?}"),
    }
}

async fn states(app: &App, actor: &Actor) -> Vec<&'static str> {
    let page = unsealed(app, actor, (None, None)).await.unwrap();
    page.rows.iter().map(super::Unsealed::state).collect()
}

#[tokio::test]
async fn a_result_that_nobody_signed_is_worked_off_as_a_copy_of_its_paper() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let dossier = Box::pin(closed_unsigned(&app, 41)).await;
    clock.set(app.clock().now().saturating_add(2.hours()));
    let seal = seal_clerk(&app);
    assert_eq!(states(&app, &seal).await, ["unsigned"]);
    let no = seal_anew(&app, &seal, &dossier).await.unwrap_err();
    assert_eq!(faults(no), [("result", "fault.seal_anew_unsigned")]);

    let whom = Some("lanhdao-hacthanh");
    let no = tried(&app, &counter(&app), &dossier, digitise(true, whom)).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
    let no = tried(&app, &seal, &dossier, digitise(false, whom)).await;
    assert_eq!(refusal(no), Refusal::NotCompared);
    let no = tried(&app, &seal, &dossier, digitise(true, None)).await;
    assert_eq!(refusal(no), Refusal::CopyUndecided);
    let clerk = Some("tiepnhan-hacthanh");
    let no = tried(&app, &seal, &dossier, digitise(true, clerk)).await;
    assert_eq!(
        faults(no.unwrap_err()),
        [("decided_by", "fault.copy_decider")]
    );

    let page = dossier_page(&app, &seal, &dossier).await.unwrap();
    assert!(
        page.deciders
            .iter()
            .any(|one| one.staff.as_str() == "lanhdao-hacthanh")
    );
    orders(&app, &seal, &dossier, digitise(true, whom)).await;
    assert_eq!(states(&app, &seal).await, ["digitised"]);
    while work_off(&app).await.unwrap() > 0 {}
    assert_eq!(unsealed_count(&app, &seal).await.unwrap(), 0);

    let loaded = app.store().load(&dossier).await.unwrap();
    let official = loaded.dossier.issued().unwrap().official.clone().unwrap();
    let content = app.files().get(&official.hash).await.unwrap();
    assert!(
        content.starts_with(SCAN),
        "what was compared is what is sealed"
    );
    let said = String::from_utf8(content).unwrap();
    assert!(said.contains(r#"Copy { form: "SAO Y""#), "{said}");
    let made = |one: &&store::Recorded| matches!(one.event, Event::ResultMade { .. });
    assert_eq!(loaded.events.iter().filter(made).count(), 1);

    let owner = loaded.dossier.record().unwrap().filed.owner.clone();
    let held = one_of(&app, &owner, &dossier).await.unwrap();
    assert_eq!(held.unwrap().standing, Standing::Valid);
    let address = address(&app, &dossier, PaperKind::Result);
    let token = address.rsplit('/').next().unwrap();
    let seen = paper(&app, token).await.unwrap().unwrap();
    assert!(seen.of_paper);
    let copy = Order::CopyResult {
        copies: 1,
        asked: String::new(),
    };
    let no = tried(&app, &leader(&app), &dossier, copy).await;
    assert_eq!(refusal(no), Refusal::OriginalOnPaper);
}

/// The document is there, without a seal.
async fn filed_unsigned(app: &App, number: u32) {
    let dossier = Box::pin(closed_unsigned(app, number)).await;
    let loaded = app.store().load(&dossier).await.unwrap();
    let issued = loaded.dossier.issued().unwrap();
    let made = Event::ResultMade {
        at: issued.at,
        file: issued.document.clone(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    };
    Box::pin(record_again(app, loaded, made)).await;
}

#[tokio::test]
async fn the_check_counts_results_that_nobody_signed_apart_from_those_without_paper() {
    let (app, _) = printing().await;
    certify(&app).await;
    let none = Box::pin(closed_unsigned(&app, 41)).await;
    Box::pin(filed_unsigned(&app, 42)).await;
    Box::pin(filed_unsigned(&app, 43)).await;
    terms_of(&app, serde_json::json!({ "without_paper": true })).await;
    Box::pin(filed_unsigned(&app, 44)).await;
    let archive = Archive {
        store: app.store().clone(),
        files: no_files(),
        validator: Arc::new(Reader),
    };
    let now = app.clock().now();
    let report = check_results(&archive, now, Ask::Nobody).await.unwrap();
    let counts = [report.issued, report.unsigned, report.without_paper];
    assert_eq!(counts, [4, 2, 1]);
    assert_eq!(report.bad, [(none, Bad::Unsealed)]);
}

#[tokio::test]
async fn copies_on_paper_are_numbered_in_the_register_of_copies_and_printed_with_their_form() {
    let (app, _) = printing().await;
    certify(&app).await;
    let first = issued(&app).await;
    let copy = |copies| Order::CopyResult {
        copies,
        asked: "Bà An, để vay vốn".to_owned(),
    };
    let unsealed = tried(&app, &leader(&app), &first, copy(2)).await;
    assert_eq!(refusal(unsealed), Refusal::NoElectronicOriginal);
    while work_off(&app).await.unwrap() > 0 {}
    let second = sealed(&app).await;
    let seal = seal_clerk(&app);
    let no = tried(&app, &seal, &first, copy(2)).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
    let no = tried(&app, &leader(&app), &first, copy(0)).await;
    assert_eq!(faults(no.unwrap_err()), [("copies", "fault.copy_count")]);
    for dossier in [&first, &second, &first] {
        orders(&app, &leader(&app), dossier, copy(2)).await;
    }
    while work_off(&app).await.unwrap() > 0 {}
    let numbers = |loaded: store::Loaded| {
        let copies = &loaded.dossier.record().unwrap().course.copies;
        let numbers = copies.iter().map(|copy| copy.number.clone());
        numbers.collect::<Vec<_>>()
    };
    let of_first = numbers(app.store().load(&first).await.unwrap());
    let unit = seal.posts[0].0.clone();
    assert_eq!(of_first, [format!("01/SY-{unit}"), format!("03/SY-{unit}")]);
    let of_second = numbers(app.store().load(&second).await.unwrap());
    assert_eq!(of_second, [format!("02/SY-{unit}")]);

    let printed = slip_content(&app, &leader(&app), &first, Form::PaperCopy).await;
    let printed = String::from_utf8(printed.unwrap().unwrap()).unwrap();
    let loaded = app.store().load(&first).await.unwrap();
    let official = loaded.dossier.issued().unwrap().official.clone().unwrap();
    let original = app.files().get(&official.hash).await.unwrap();
    assert!(printed.starts_with(&String::from_utf8(original).unwrap()));
    assert!(
        printed.contains(r#""copy_form":"SAO Y","number":"03""#),
        "{printed}"
    );
    assert_eq!(app.store().check().await.unwrap().differences, []);
}

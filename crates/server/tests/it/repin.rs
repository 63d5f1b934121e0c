//! Running dossiers move to another version of their process: previewed, as a batch, once, and back.

use app::access::Actor;
use app::catalogue::{processes, starter};
use app::intake::Ending;
use app::no::{Denied, No};
use app::repin::{self, Plan};
use domain::ids::{DossierId, ProcedureCode};
use domain::office::Role;
use domain::process::Product;
use store::{AuditLine, faults};

use crate::support::{Engine, Office, actor, file_copies, key, on_both_engines};

on_both_engines!(
    a_batch_moves_every_dossier_once_and_back,
    what_dies_half_way_is_moved_once,
    only_those_who_answer_for_it_move_dossiers,
);

const COPIES: &str = "2.000815";
const WHY: &str = "QĐ 3120/QĐ-UBND";

fn plan() -> Plan {
    Plan {
        procedure: ProcedureCode::parse(COPIES).unwrap(),
        unit: None,
        procedure_version: None,
        process_version: Some(1),
        step: None,
        to_procedure: None,
        to_process: Some(2),
        new_limit: false,
    }
}

fn controller(office: &Office) -> Actor {
    actor(Role::ProvinceController, &office.centre())
}

/// Version 2 of the process of copies: a check comes before the approval, from next month on.
pub(crate) async fn publish(office: &Office) {
    let copies = starter::procedures().iter();
    let copies = copies.clone().find(|p| p.code.as_str() == COPIES);
    let mut process = processes::default_process(copies.unwrap());
    let approval = process.steps.iter();
    let approval = approval
        .clone()
        .position(|step| step.product == Product::Approval)
        .unwrap();
    let mut check = process.steps[approval - 1].clone();
    "Kiểm tra dự thảo".clone_into(&mut check.name);
    "Check of the draft".clone_into(&mut check.name_en);
    check.product = Product::Work;
    process.steps.insert(approval, check);
    WHY.clone_into(&mut process.decision);
    process.valid_from = jiff::civil::date(2026, 12, 1);
    let line = AuditLine {
        actor: "op".to_owned(),
        action: "process.published".to_owned(),
        subject: COPIES.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    let (store, now) = (office.app.store(), office.app.clock().now());
    let new = store.publish_processes(vec![process], now, line).await;
    assert_eq!(new.unwrap().len(), 1);
}

async fn versions(office: &Office, ids: &[DossierId]) -> Vec<u32> {
    let mut versions = Vec::new();
    for id in ids {
        let loaded = office.app.store().load(id).await.unwrap();
        versions.push(loaded.dossier.record().unwrap().filed.process_version);
    }
    versions
}

async fn repins(office: &Office, id: &DossierId) -> usize {
    let loaded = office.app.store().load(id).await.unwrap();
    let kinds = loaded.events.iter().map(|recorded| recorded.event.kind());
    kinds.filter(|kind| kind.contains("repinned")).count()
}

async fn a_batch_moves_every_dossier_once_and_back(engine: Engine) {
    let office = Office::open(engine).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(file_copies(&office.app, Ending::Receive).await);
    }
    publish(&office).await;
    let who = controller(&office);
    let (app, plan) = (&office.app, plan());
    let shown = repin::preview(app, &who, &plan).await.unwrap();
    assert_eq!((shown.lines.len(), shown.to.1), (3, 2));
    for line in &shown.lines {
        let change = line.change.as_ref().unwrap();
        let (before, after) = change.steps.as_ref().unwrap();
        assert_eq!(after.len(), before.len() + 1);
        assert!(!change.due_changes);
    }
    assert_eq!(versions(&office, &ids).await, [1, 1, 1], "a dry run");
    let (ordered, chosen) = (key(), &ids[..2]);
    let order = || repin::order(app, &who, (&plan, chosen), (WHY, &ordered));
    let batch = order().await.unwrap();
    let waits = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!((waits.moved(), waits.waiting()), (0, 2));
    assert_eq!(order().await.unwrap(), batch, "the same form once more");
    office.settle_outbox().await;
    assert_eq!(versions(&office, &ids).await, [2, 2, 1]);
    let done = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!((done.moved(), done.waiting()), (2, 0));
    let back = repin::undo(app, &who, &batch, (WHY, &key())).await.unwrap();
    let again = repin::undo(app, &who, &batch, (WHY, &key())).await.unwrap();
    assert_eq!(again, back, "a batch is taken back once");
    office.settle_outbox().await;
    assert_eq!(versions(&office, &ids).await, [1, 1, 1]);
    assert_eq!(repins(&office, &ids[0]).await, 2);
    let done = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!(done.undone_by, Some(back));
    office.check().await;
}

async fn what_dies_half_way_is_moved_once(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    office.settle_outbox().await;
    publish(&office).await;
    let (app, who, plan) = (&office.app, controller(&office), plan());
    let why = (WHY, &key());
    let batch = repin::order(app, &who, (&plan, &[]), why).await.unwrap();
    // The dossier moves, and the worker dies before it says so: the message comes once more.
    faults::arm("between_claim_and_finish");
    app::jobs::work_off(app).await.unwrap_err();
    assert_eq!(versions(&office, std::slice::from_ref(&id)).await, [2]);
    office
        .clock
        .set(app.clock().now() + jiff::Span::new().minutes(5));
    office.settle_outbox().await;
    assert_eq!(repins(&office, &id).await, 1);
    let done = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!((done.moved(), done.waiting()), (1, 0));
    office.check().await;
}

async fn only_those_who_answer_for_it_move_dossiers(engine: Engine) {
    let office = Office::open(engine).await;
    file_copies(&office.app, Ending::Receive).await;
    publish(&office).await;
    let (app, plan) = (&office.app, plan());
    let clerk = actor(Role::ReceptionClerk, &office.ward());
    let no = repin::preview(app, &clerk, &plan).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
    // A director moves what her own centre received.
    let director = actor(Role::CentreDirector, &office.ward());
    let shown = repin::preview(app, &director, &plan).await.unwrap();
    assert_eq!(shown.lines.len(), 1);
    let elsewhere = actor(Role::CentreDirector, &office.centre());
    let shown = repin::preview(app, &elsewhere, &plan).await.unwrap();
    assert!(shown.lines.is_empty());
    let why = (WHY, &key());
    let none = repin::order(app, &elsewhere, (&plan, &[]), why).await;
    assert!(matches!(none, Err(No::Invalid(_))), "{none:?}");
    let bare = repin::order(app, &director, (&plan, &[]), (" ", &key())).await;
    assert!(matches!(bare, Err(No::Invalid(_))), "{bare:?}");
    office.check().await;
}

//! Running dossiers move to another version of their process: previewed, as a batch, once, and back.

use app::access::Actor;
use app::catalogue::{processes, starter};
use app::intake::Ending;
use app::no::{Denied, Fault, No};
use app::processing::dossier_page;
use app::repin::{self, Chosen, Outcome, Plan};
use domain::deadline::Limit;
use domain::dossier::{NewLimit, Record};
use domain::ids::{DossierId, ProcedureCode};
use domain::notice::Kind;
use domain::office::Role;
use domain::process::Product;
use domain::slip::Form;
use store::faults::{self, Damage};
use store::{AuditLine, NewProcedure};

use crate::support::{Engine, Office, actor, file_copies, key, on_both_engines};

on_both_engines!(
    a_batch_moves_every_dossier_once_and_back,
    what_dies_half_way_is_moved_once,
    only_those_who_answer_for_it_move_dossiers,
    batches_are_taken_back_from_the_last_one_on,
    a_batch_is_taken_back_once,
    what_waits_is_cancelled_when_the_rest_is_taken_back,
    a_batch_is_taken_back_beside_a_worker_that_moves_it,
    what_was_refused_does_not_move_when_its_message_comes_again,
    what_does_not_move_is_named_and_moves_nothing,
    another_date_is_told_and_on_a_new_receipt,
    a_longer_limit_leaves_the_date_and_tells_nobody,
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
        assert_eq!(change.new.promise.due, change.due);
        assert_eq!(change.new_limit, NewLimit::Same);
    }
    assert_eq!(versions(&office, &ids).await, [1, 1, 1], "a dry run");
    let (ordered, chosen) = (key(), &ids[..2]);
    let order = || repin::order(app, &who, (&plan, Chosen::These(chosen)), (WHY, &ordered));
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
    let batch = repin::order(app, &who, (&plan, Chosen::All), why)
        .await
        .unwrap();
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
    let none = repin::order(app, &elsewhere, (&plan, Chosen::All), why).await;
    assert!(matches!(none, Err(No::Invalid(_))), "{none:?}");
    let bare = repin::order(app, &director, (&plan, Chosen::All), (" ", &key())).await;
    assert!(matches!(bare, Err(No::Invalid(_))), "{bare:?}");
    office.check().await;
}

/// The next version of the procedure of copies, in force from next month on: another limit.
pub(crate) async fn publish_limit(office: &Office, limit: Limit) {
    let copies = starter::procedures().iter();
    let mut procedure = copies
        .clone()
        .find(|p| p.code.as_str() == COPIES)
        .unwrap()
        .clone();
    for offer in &mut procedure.offers {
        offer.limit = Some(limit);
    }
    procedure.valid_from = jiff::civil::date(2026, 12, 1);
    let line = AuditLine {
        actor: "op".to_owned(),
        action: "catalogue.published".to_owned(),
        subject: "catalogue".to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    let new = NewProcedure {
        content_hash: limit.to_string(),
        procedure,
    };
    let (store, now) = (office.app.store(), office.app.clock().now());
    let done = store
        .publish_procedures(vec![new], now, line)
        .await
        .unwrap();
    assert_eq!(done.changed.len(), 1);
}

/// To that version of the procedure, from any.
fn to(version: u32) -> Plan {
    Plan {
        process_version: None,
        to_procedure: Some(version),
        to_process: Some(1),
        ..plan()
    }
}

/// Moves all dossiers to that version of the procedure; the batch.
async fn move_to(office: &Office, version: u32) -> String {
    let (who, once) = (controller(office), key());
    let plan = to(version);
    let chosen = (&plan, Chosen::All);
    let batch = repin::order(&office.app, &who, chosen, (WHY, &once)).await;
    office.settle_outbox().await;
    batch.unwrap()
}

async fn undo(office: &Office, batch: &str) -> Result<String, No> {
    let (who, once) = (controller(office), key());
    repin::undo(&office.app, &who, batch, (WHY, &once)).await
}

async fn record(office: &Office, id: &DossierId) -> Record {
    let loaded = office.app.store().load(id).await.unwrap();
    loaded.dossier.record().unwrap().clone()
}

/// The keys of what could not be understood.
fn faults_of(no: No) -> Vec<&'static str> {
    let No::Invalid(faults) = no else {
        panic!("{no:?}");
    };
    faults.iter().map(|fault: &Fault| fault.key).collect()
}

async fn batches_are_taken_back_from_the_last_one_on(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    let before = record(&office, &id).await;
    publish_limit(&office, Limit::Hours(6)).await;
    publish_limit(&office, Limit::Hours(4)).await;
    let (first, second) = (move_to(&office, 2).await, move_to(&office, 3).await);
    let moved = record(&office, &id).await;
    assert_eq!(moved.limit, Some(Limit::Hours(4)));
    assert!(moved.due < before.due && moved.first_due() == before.due);
    let early = undo(&office, &first).await.unwrap_err();
    assert_eq!(faults_of(early), ["fault.repin_later"]);
    assert_eq!(
        record(&office, &id).await.filed,
        moved.filed,
        "nothing moved"
    );
    let last = undo(&office, &second).await.unwrap();
    let waits = undo(&office, &first).await.unwrap_err();
    assert_eq!(faults_of(waits), ["fault.repin_later"], "not done yet");
    office.settle_outbox().await;
    assert_eq!(record(&office, &id).await.limit, Some(Limit::Hours(6)));
    undo(&office, &first).await.unwrap();
    office.settle_outbox().await;
    let after = record(&office, &id).await;
    assert_eq!(
        (&after.filed, after.promise()),
        (&before.filed, before.promise())
    );
    let again = undo(&office, &last).await.unwrap_err();
    assert_eq!(faults_of(again), ["fault.repin_undoes"]);
    office.check().await;
}

/// A batch of two dossiers, the second of which cannot be read, so that its message comes for ever.
async fn what_waits_is_cancelled_when_the_rest_is_taken_back(engine: Engine) {
    let office = Office::open(engine).await;
    let (good, bad) = (
        file_copies(&office.app, Ending::Receive).await,
        file_copies(&office.app, Ending::Receive).await,
    );
    office.settle_outbox().await;
    publish(&office).await;
    let (app, who, plan) = (&office.app, controller(&office), plan());
    let batch = repin::order(app, &who, (&plan, Chosen::All), (WHY, &key())).await;
    let batch = batch.unwrap();
    let spoil = async |what| faults::damage(app.store(), what).await.unwrap();
    spoil(Damage::LastNumbered).await;
    let worked = app::jobs::work_off(app).await.unwrap();
    assert_eq!(worked, 2);
    let stands = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!((stands.moved(), stands.waiting()), (1, 1));
    assert!(stands.may_undo());
    undo(&office, &batch).await.unwrap();
    spoil(Damage::Readable).await;
    // The message that waited comes again and moves nothing.
    spoil(Damage::MessagesAtOnce).await;
    office.settle_outbox().await;
    let ids = [good, bad];
    assert_eq!(versions(&office, &ids).await, [1, 1]);
    assert_eq!(repins(&office, &ids[1]).await, 0);
    let done = repin::batch(app, &who, &batch).await.unwrap();
    let outcomes = done.dossiers.iter().map(|one| &one.outcome);
    assert!(outcomes.into_iter().any(|one| *one == Outcome::Cancelled));
    office.check().await;
}

/// A batch is taken back while the worker moves one of its dossiers after the other.
async fn a_batch_is_taken_back_beside_a_worker_that_moves_it(engine: Engine) {
    const MANY: usize = 120;
    let office = Office::open(engine).await;
    let mut ids = Vec::new();
    for _ in 0..MANY {
        ids.push(file_copies(&office.app, Ending::Receive).await);
    }
    office.settle_outbox().await;
    publish(&office).await;
    let (app, who, plan) = (&office.app, controller(&office), plan());
    let batch = repin::order(app, &who, (&plan, Chosen::All), (WHY, &key())).await;
    let batch = batch.unwrap();
    let working = async {
        let mut rounds = 0;
        while app::jobs::work_off(app).await.unwrap() > 0 {
            rounds += 1;
        }
        rounds
    };
    let taking_back = async {
        // Somewhere in the middle of it.
        while repin::batch(app, &who, &batch).await.unwrap().moved() == 0 {
            tokio::task::yield_now().await;
        }
        undo(&office, &batch).await
    };
    let (rounds, back) = tokio::join!(working, taking_back);
    assert!(rounds > 0);
    let back = back.unwrap();
    office.settle_outbox().await;
    assert_eq!(versions(&office, &ids).await, vec![1; MANY]);
    let done = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!(done.waiting(), 0);
    let cancelled = done.dossiers.iter();
    let cancelled = cancelled.filter(|one| one.outcome == Outcome::Cancelled);
    assert_eq!(done.moved() + cancelled.count(), MANY);
    let undone = repin::batch(app, &who, &back).await.unwrap();
    assert_eq!((undone.moved(), undone.waiting()), (done.moved(), 0));
    office.check().await;
}

async fn what_was_refused_does_not_move_when_its_message_comes_again(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    office.settle_outbox().await;
    publish(&office).await;
    let (app, who, plan) = (&office.app, controller(&office), plan());
    let batch = repin::order(app, &who, (&plan, Chosen::All), (WHY, &key())).await;
    let batch = batch.unwrap();
    let spoil = async |what| faults::damage(app.store(), what).await.unwrap();
    // Refused, and the worker dies before it says that the message is done.
    spoil(Damage::MoveRefused).await;
    spoil(Damage::MoveTold).await;
    office.settle_outbox().await;
    assert_eq!(versions(&office, &[id]).await, [1]);
    let done = repin::batch(app, &who, &batch).await.unwrap();
    assert_eq!((done.moved(), done.waiting()), (0, 0));
    let none = undo(&office, &batch).await.unwrap_err();
    assert_eq!(faults_of(none), ["fault.repin_unmoved"]);
    office.check().await;
}

async fn a_batch_is_taken_back_once(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    office.settle_outbox().await;
    publish(&office).await;
    let (app, who, plan) = (&office.app, controller(&office), plan());
    let (chosen, once) = ((&plan, Chosen::All), key());
    let (first, second) = tokio::join!(
        repin::order(app, &who, chosen, (WHY, &once)),
        repin::order(app, &who, chosen, (WHY, &once)),
    );
    let batch = first.unwrap();
    assert_eq!(second.unwrap(), batch, "the same form at the same time");
    office.settle_outbox().await;
    let (first, second) = tokio::join!(undo(&office, &batch), undo(&office, &batch));
    assert_eq!(
        first.unwrap(),
        second.unwrap(),
        "two directors at the same time"
    );
    office.settle_outbox().await;
    assert_eq!(repins(&office, &id).await, 2);
    let orders = app.store().audited("repin").await.unwrap();
    assert_eq!(orders.len(), 2, "{orders:?}");
    office.check().await;
}

async fn what_does_not_move_is_named_and_moves_nothing(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    publish(&office).await;
    let (app, who, plan) = (&office.app, controller(&office), plan());
    let named = [id.clone(), DossierId::parse("typo").unwrap()];
    let chosen = (&plan, Chosen::These(&named));
    let no = repin::order(app, &who, chosen, (WHY, &key())).await;
    assert_eq!(faults_of(no.unwrap_err()), ["fault.repin_not_chosen"]);
    let none = repin::order(app, &who, (&plan, Chosen::These(&[])), (WHY, &key())).await;
    assert_eq!(faults_of(none.unwrap_err()), ["fault.repin_none"]);
    office.settle_outbox().await;
    assert_eq!(versions(&office, &[id]).await, [1]);
    office.check().await;
}

/// How many receipts were made, and how often the applicant was told of another date.
async fn told(office: &Office, id: &DossierId) -> (usize, usize) {
    let clerk = actor(Role::ReceptionClerk, &office.ward());
    let page = dossier_page(&office.app, &clerk, id).await.unwrap();
    let receipts = page
        .slips
        .iter()
        .filter(|slip| slip.key.form == Form::Receipt);
    let notices = page
        .notices
        .iter()
        .filter(|line| line.kind == Kind::DateMoved);
    assert_eq!(
        page.deadline.map(|deadline| deadline.due),
        page.dossier.record().unwrap().due
    );
    (receipts.count(), notices.count())
}

async fn another_date_is_told_and_on_a_new_receipt(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    office.settle_outbox().await;
    assert_eq!(told(&office, &id).await, (1, 0));
    publish_limit(&office, Limit::Hours(4)).await;
    let batch = move_to(&office, 2).await;
    assert_eq!(told(&office, &id).await, (2, 1));
    undo(&office, &batch).await.unwrap();
    office.settle_outbox().await;
    assert_eq!(told(&office, &id).await, (3, 2));
    office.check().await;
}

async fn a_longer_limit_leaves_the_date_and_tells_nobody(engine: Engine) {
    let office = Office::open(engine).await;
    let id = file_copies(&office.app, Ending::Receive).await;
    office.settle_outbox().await;
    let before = record(&office, &id).await;
    publish_limit(&office, Limit::working_days(15)).await;
    // The dossier is late, and stays so.
    let late = office.app.clock().now() + jiff::Span::new().days(14);
    office.clock.set(late);
    let plan = to(2);
    let shown = repin::preview(&office.app, &controller(&office), &plan).await;
    let change = shown.unwrap().lines.remove(0).change.unwrap();
    assert_eq!(change.new_limit, NewLimit::Longer);
    assert_eq!(change.offered, Some(Limit::working_days(15)));
    let batch = move_to(&office, 2).await;
    let done = repin::batch(&office.app, &controller(&office), &batch)
        .await
        .unwrap();
    assert!(matches!(done.dossiers[0].outcome, Outcome::Moved { .. }));
    let after = record(&office, &id).await;
    assert_eq!(
        (after.filed.procedure_version, after.promise()),
        (2, before.promise())
    );
    assert_eq!(after.lawful(late), Some(false));
    assert_eq!(told(&office, &id).await, (1, 0));
    office.check().await;
}

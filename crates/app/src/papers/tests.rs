//! The register through its use cases.

use std::sync::Arc;

use domain::dossier::CommandKind;
use domain::ids::StaffId;
use domain::notice::Kind;
use domain::office::Role;
use jiff::civil::date;

use super::*;
use crate::App;
use crate::clock::ManualClock;
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::work_off;
use crate::no::Denied;
use crate::people::testing::{clerk, faults, key, printing, typed};
use crate::processing::{Act, Attached, Order, act, dossier_page};
use crate::signing::testing::{certify, sign};

async fn office() -> (App, Arc<ManualClock>) {
    printing().await
}

async fn received(app: &App, actor: &Actor, name: &str) -> domain::ids::DossierId {
    let sum: u32 = name.bytes().map(u32::from).sum();
    let number = format!("03819900{sum:04}");
    let form = [
        ("name", name),
        ("number", &number),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
    ];
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: typed(&form),
        draft: None,
        key: key(),
    };
    receive(app, actor, input).await.unwrap().dossier
}

fn director(app: &App) -> Actor {
    let clerk = clerk(app, "Phường Hạc Thành");
    let unit = clerk.posts[0].0.clone();
    Actor {
        staff: StaffId::parse("giamdoc-hacthanh").unwrap(),
        posts: vec![(unit, Role::CentreDirector)],
        ..clerk
    }
}

#[tokio::test]
async fn a_book_lists_its_centre_s_receptions_and_no_others() {
    let (app, _) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let theirs = clerk(&app, "Phường Nguyệt Viên");
    for name in ["Nguyễn Thị An", "Trần Văn Ba"] {
        received(&app, &ours, name).await;
    }
    received(&app, &theirs, "Lê Thị Cúc").await;
    let asked = RegisterAsked::default();
    let page = register_page(&app, &ours, &asked).await.unwrap();
    assert_eq!((page.year, page.volume, page.volumes), (2026, 1, 1));
    let numbers: Vec<i64> = page.entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2]);
    let like = RegisterAsked {
        like: "tran van".to_owned(),
        ..RegisterAsked::default()
    };
    let found = register_page(&app, &ours, &like).await.unwrap();
    assert_eq!(found.entries.len(), 1);
    let day = |day| RegisterAsked {
        day: Some(day),
        ..RegisterAsked::default()
    };
    let today = register_page(&app, &ours, &day(date(2026, 11, 23))).await;
    assert_eq!(today.unwrap().entries.len(), 2);
    let before = register_page(&app, &ours, &day(date(2026, 11, 22))).await;
    assert_eq!(before.unwrap().entries.len(), 0);
    let named = RegisterAsked {
        unit: Some(ours.posts[0].0.clone()),
        ..RegisterAsked::default()
    };
    let no = register_page(&app, &theirs, &named).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
}

#[tokio::test]
async fn a_book_is_closed_by_the_head_once_its_year_is_over() {
    let (app, clock) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let unit = ours.posts[0].0.clone();
    received(&app, &ours, "Nguyễn Thị An").await;
    let head = director(&app);
    let no = close_book(&app, &head, &unit, 2026).await.unwrap_err();
    assert_eq!(faults(no), [("nam", "fault.book_running")]);
    clock.set(date(2027, 1, 4).at(8, 0, 0, 0));
    let no = close_book(&app, &ours, &unit, 2026).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
    close_book(&app, &head, &unit, 2026).await.unwrap();
    let no = close_book(&app, &head, &unit, 2026).await.unwrap_err();
    assert_eq!(faults(no), [("nam", "fault.book_closing")]);
    worked_off(&app).await;
    let no = close_book(&app, &head, &unit, 2026).await.unwrap_err();
    assert_eq!(faults(no), [("nam", "fault.book_closed")]);
    let no = close_book(&app, &head, &unit, 2025).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
    // The next year counts from 1 again, and the closed book stays as long as it was.
    received(&app, &ours, "Trần Văn Ba").await;
    let page = register_page(&app, &head, &RegisterAsked::default()).await;
    let page = page.unwrap();
    assert_eq!((page.year, page.entries[0].number), (2027, 1));
    let books: Vec<(i16, u32, bool)> = page
        .books
        .iter()
        .map(|line| (line.book.year, line.book.entries, line.book.is_closed))
        .collect();
    assert_eq!(books, [(2027, 1, false), (2026, 1, true)]);
    // On the screen a closed book names the print that was kept, and leads to it; nothing of today.
    let closed = RegisterAsked {
        year: Some(2026),
        ..RegisterAsked::default()
    };
    let page = register_page(&app, &head, &closed).await.unwrap();
    let kept = app.store().kept_volume(&unit, (2026, 1)).await.unwrap();
    assert!(kept.is_some() && page.frozen == kept);
    let [entry] = page.entries.as_slice() else {
        panic!("{:?}", page.entries);
    };
    assert_eq!((entry.number, volume_of(entry)), (1, 1));
    assert_eq!((entry.state.as_str(), entry.due_at), ("", None));
    assert_eq!(entry.owner_name, "");
    let named = RegisterAsked {
        like: "1".to_owned(),
        ..closed
    };
    let found = register_page(&app, &head, &named).await.unwrap();
    assert_eq!((found.frozen, found.entries[0].state.as_str()), (None, ""));
}

/// Everything that waits in the outbox, as the worker does it.
async fn worked_off(app: &App) {
    while work_off(app).await.unwrap() > 0 {}
}

#[tokio::test]
async fn a_book_of_many_volumes_is_closed_by_the_worker_as_it_was_when_that_was_ordered() {
    let (app, clock) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let unit = ours.posts[0].0.clone();
    let mut last = received(&app, &ours, "Nguyễn Thị An").await;
    for _ in 1..301 {
        last = received(&app, &ours, "Nguyễn Thị An").await;
    }
    worked_off(&app).await;
    clock.set(date(2027, 1, 4).at(8, 0, 0, 0));
    let head = director(&app);
    close_book(&app, &head, &unit, 2026).await.unwrap();
    // What happens before the worker comes to a volume is not in it.
    clock.set(date(2027, 1, 4).at(9, 0, 0, 0));
    orders(&app, &ours, &last, Order::HandOver).await;
    let stand = async || {
        let book = app.store().books(&unit).await.unwrap().remove(0);
        (book.kept, book.volumes(), book.is_closed)
    };
    assert_eq!(stand().await, (0, 4, false));
    let mut seen = vec![stand().await];
    while work_off(&app).await.unwrap() > 0 {
        if seen.last() != Some(&stand().await) {
            seen.push(stand().await);
        }
    }
    let kept: Vec<u32> = seen.iter().map(|(kept, ..)| *kept).collect();
    assert_eq!(kept, [0, 1, 2, 3, 4], "one message keeps one volume");
    assert_eq!(stand().await, (4, 4, true));
    let page = register_page(&app, &head, &RegisterAsked::default()).await;
    assert!(page.unwrap().frozen.is_some());
    let pdf = register_volume(&app, &head, &unit, (2026, 4))
        .await
        .unwrap();
    let print: serde_json::Value = serde_json::from_slice(&pdf).unwrap();
    assert_eq!(print["rows"].as_array().unwrap().len(), 1);
    assert_eq!(print["closed"], "2027-01-04T08:00:00");
    assert!(print["rows"][0]["forwarded"].is_null(), "{print:#}");
    assert!(app.store().check().await.unwrap().is_clean());
    let audit = app.store().audited(unit.as_str()).await.unwrap();
    let said = audit.iter().map(|one| one.line.action.as_str());
    let said: Vec<&str> = said.filter(|one| one.contains("close")).collect();
    assert_eq!(said, ["register.close_ordered", "register.closed"]);
}

#[tokio::test]
async fn nothing_and_too_much_is_not_printed() {
    let (app, _) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let dossier = received(&app, &ours, "Nguyễn Thị An").await;
    let form = domain::slip::Form::Receipt;
    let none = print_slips(&app, &ours, &[], form).await.unwrap_err();
    assert_eq!(faults(none), [("ho-so", "fault.print_none")]);
    let many = vec![dossier.clone(); MOST + 1];
    let no = print_slips(&app, &ours, &many, form).await.unwrap_err();
    assert_eq!(faults(no), [("ho-so", "fault.print_many")]);
    let one = [dossier];
    let no = print_slips(&app, &ours, &one, form).await.unwrap_err();
    assert_eq!(faults(no), [("ho-so", "fault.print_missing")]);
    let results = domain::slip::HandoverKind::Results;
    let no = handover_list(&app, &ours, &one, results).await.unwrap_err();
    assert_eq!(faults(no), [("ho-so", "fault.list_unfit")]);
    let theirs = clerk(&app, "Phường Nguyệt Viên");
    let no = print_slips(&app, &theirs, &one, form).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
}

/// The rows of a volume, of a printer that prints JSON.
async fn volume(app: &App, actor: &Actor, unit: &domain::ids::UnitId) -> serde_json::Value {
    let pdf = register_volume(app, actor, unit, (2026, 1)).await.unwrap();
    serde_json::from_slice(&pdf).unwrap()
}

/// Erases whoever owns the dossier.
async fn erase(app: &App, dossier: &domain::ids::DossierId) {
    let loaded = app.store().load(dossier).await.unwrap();
    let owner = loaded.dossier.record().unwrap().filed.owner.clone();
    let line = AuditLine {
        actor: "op".to_owned(),
        action: "party.erased".to_owned(),
        subject: owner.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let now = app.clock().now();
    let erased = app.store().erase_party(owner, now, line).await.unwrap();
    assert!(erased);
}

#[tokio::test]
async fn a_closed_book_is_printed_as_it_was_kept_whatever_happens_to_its_persons() {
    let (app, clock) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let unit = ours.posts[0].0.clone();
    let dossier = received(&app, &ours, "Nguyễn Thị An").await;
    clock.set(date(2027, 1, 4).at(8, 0, 0, 0));
    close_book(&app, &director(&app), &unit, 2026)
        .await
        .unwrap();
    worked_off(&app).await;
    let before = volume(&app, &ours, &unit).await;
    assert_eq!(before["rows"][0]["owner"], "Nguyễn Thị An");
    assert!(before["closed"].is_string());
    erase(&app, &dossier).await;
    assert_eq!(volume(&app, &ours, &unit).await, before);
}

#[tokio::test]
async fn an_erased_person_is_printed_as_such_in_an_open_book() {
    let (app, _) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let unit = ours.posts[0].0.clone();
    let dossier = received(&app, &ours, "Nguyễn Thị An").await;
    received(&app, &ours, "Trần Văn Ba").await;
    erase(&app, &dossier).await;
    let book = volume(&app, &ours, &unit).await;
    assert_eq!(book["rows"][0]["owner"], "(Dữ liệu cá nhân đã xóa)");
    assert_eq!(book["rows"][0]["address"], "");
    assert_eq!(book["rows"][1]["owner"], "Trần Văn Ba");
}

/// Somebody of the demonstration's staff in a role at a unit.
fn somebody(app: &App, staff: &str, unit: &domain::ids::UnitId, role: Role) -> Actor {
    Actor {
        staff: StaffId::parse(staff).unwrap(),
        posts: vec![(unit.clone(), role)],
        ..clerk(app, "Phường Hạc Thành")
    }
}

async fn orders(app: &App, actor: &Actor, dossier: &domain::ids::DossierId, order: Order) {
    let version = app.store().load(dossier).await.unwrap().version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order,
    };
    act(app, actor, input).await.unwrap();
}

/// The last slip of that form, of a printer that prints JSON.
async fn slip(
    app: &App,
    actor: &Actor,
    dossier: &domain::ids::DossierId,
    form: domain::slip::Form,
) -> serde_json::Value {
    while work_off(app).await.unwrap() > 0 {}
    let printed = print_slips(app, actor, std::slice::from_ref(dossier), form).await;
    serde_json::from_slice(&printed.unwrap().pdf).unwrap()
}

/// How often the applicant was told that the result is ready.
async fn told_ready(app: &App, actor: &Actor, dossier: &domain::ids::DossierId) -> usize {
    worked_off(app).await;
    let page = dossier_page(app, actor, dossier).await.unwrap();
    let ready = [Kind::ResultReady, Kind::ResultEarly];
    let told = page
        .notices
        .iter()
        .filter(|line| ready.contains(&line.kind));
    told.count()
}

/// Whether the page offers to acknowledge the result, and to return it.
async fn offered_now(app: &App, actor: &Actor, dossier: &domain::ids::DossierId) -> [bool; 2] {
    let page = dossier_page(app, actor, dossier).await.unwrap();
    [CommandKind::AcknowledgeResult, CommandKind::Return].map(|one| page.actions.contains(&one))
}

#[tokio::test]
async fn what_goes_to_another_agency_and_back_is_acknowledged_on_both_sides() {
    let (app, clock) = office().await;
    let there = clerk(&app, "Phường Hạc Thành").posts[0].0.clone();
    let here = clerk(&app, "Phường Nguyệt Viên").posts[0].0.clone();
    let counter = somebody(&app, "tiepnhan-hacthanh", &here, Role::ReceptionClerk);
    let officer = somebody(&app, "chuyenvien-hacthanh", &there, Role::CaseOfficer);
    let leader = somebody(&app, "lanhdao-hacthanh", &there, Role::Leader);
    let seal = somebody(&app, "vanthu-hacthanh", &there, Role::SealClerk);
    let form = typed(&[
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
        ("competent", "Phường Hạc Thành"),
    ]);
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: form,
        draft: None,
        key: key(),
    };
    let dossier = receive(&app, &counter, input).await.unwrap().dossier;
    orders(&app, &counter, &dossier, Order::HandOver).await;
    let hour = |hour| date(2026, 11, 23).at(hour, 0, 0, 0);
    clock.set(hour(9));
    let drafting = Order::DraftResult {
        last_day: None,
        outcome: domain::dossier::Outcome::Granted,
        summary: "Chứng thực bản sao từ bản chính".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    orders(&app, &officer, &dossier, drafting).await;
    orders(&app, &officer, &dossier, Order::Forward).await;
    certify(&app).await;
    sign(&app, &leader, &dossier).await.unwrap();
    clock.set(hour(14));
    orders(&app, &seal, &dossier, Order::Issue).await;
    let book = volume(&app, &counter, &here).await;
    assert!(book["rows"][0]["settled"].is_null(), "it is on its way");
    assert_eq!(told_ready(&app, &counter, &dossier).await, 0);
    let offered = offered_now(&app, &counter, &dossier).await;
    assert_eq!(offered, [true, false], "first it is here");
    clock.set(hour(16));
    orders(&app, &counter, &dossier, Order::AcknowledgeResult).await;
    let control = slip(&app, &counter, &dossier, domain::slip::Form::Control).await;
    assert_eq!(told_ready(&app, &counter, &dossier).await, 1, "it is here");
    assert!(offered_now(&app, &counter, &dossier).await[1]);
    let [gone, back] = control["handovers"].as_array().unwrap().as_slice() else {
        panic!("{control:#}");
    };
    assert_eq!(gone["received"], "2026-11-23T09:00:00", "the agency has it");
    assert_ne!(gone["receiver"], "");
    assert_eq!(back["at"], "2026-11-23T14:00:00");
    assert_eq!(back["received"], "2026-11-23T16:00:00", "the centre has it");
    let book = volume(&app, &counter, &here).await;
    assert_eq!(book["rows"][0]["settled"], "2026-11-23T16:00:00");
}

#[tokio::test]
async fn a_volume_that_cannot_be_drawn_is_said_on_the_page_and_closes_the_book_once_mended() {
    let (app, clock) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let unit = ours.posts[0].0.clone();
    let mut last = received(&app, &ours, "Nguyễn Thị An").await;
    for _ in 1..101 {
        last = received(&app, &ours, "Nguyễn Thị An").await;
    }
    worked_off(&app).await;
    clock.set(date(2027, 1, 4).at(8, 0, 0, 0));
    let head = director(&app);
    let damage = async |what| store::faults::damage(app.store(), what).await.unwrap();
    damage(store::faults::Damage::LastNumbered).await;
    close_book(&app, &head, &unit, 2026).await.unwrap();
    worked_off(&app).await;
    let shown = async || {
        let page = register_page(&app, &head, &RegisterAsked::default()).await;
        page.unwrap()
    };
    let page = shown().await;
    assert!(page.books[0].book.is_closing());
    assert_eq!(page.books[0].book.kept, 1, "the other one is there");
    let [stuck] = page.stuck.as_slice() else {
        panic!("{:?}", page.stuck);
    };
    assert_eq!((stuck.volume, stuck.number), (2, 101));
    assert_eq!(stuck.dossier, last.as_str());
    assert!(!app.store().check().await.unwrap().is_clean());
    damage(store::faults::Damage::Readable).await;
    damage(store::faults::Damage::MessagesAtOnce).await;
    worked_off(&app).await;
    let page = shown().await;
    assert!(page.books[0].book.is_closed);
    assert_eq!(page.stuck, []);
}

#[tokio::test]
async fn the_books_of_a_centre_that_ended_are_offered_to_its_successor_and_closed_there() {
    let (app, clock) = office().await;
    let ours = clerk(&app, "Phường Hạc Thành");
    let ended = ours.posts[0].0.clone();
    received(&app, &ours, "Nguyễn Thị An").await;
    let heir = clerk(&app, "Phường Nguyệt Viên").posts[0].0.clone();
    let somebody = director(&app);
    let ending = crate::office::Ending {
        unit: ended.clone(),
        successor: heir.clone(),
        from: date(2026, 12, 1),
        basis: "Nghị quyết 1".to_owned(),
    };
    let now = app.clock().now();
    crate::office::end_unit(app.store(), ending, now, "operator")
        .await
        .unwrap();
    app.reload().await.unwrap();
    clock.set(date(2027, 1, 4).at(8, 0, 0, 0));
    let posts = vec![(heir.clone(), Role::CentreDirector)];
    let head = Actor {
        posts: app.posts_with_forerunners(posts),
        ..somebody.clone()
    };
    let page = register_page(&app, &head, &RegisterAsked::default()).await;
    let page = page.unwrap();
    assert_eq!(page.unit, heir);
    assert_eq!(
        (page.units, page.ended),
        (vec![heir.clone(), ended.clone()], vec![ended.clone()])
    );
    let theirs = RegisterAsked {
        unit: Some(ended.clone()),
        ..RegisterAsked::default()
    };
    let page = register_page(&app, &head, &theirs).await.unwrap();
    assert!(page.books[0].may_close);
    close_book(&app, &head, &ended, 2026).await.unwrap();
    worked_off(&app).await;
    let page = register_page(&app, &head, &theirs).await.unwrap();
    assert!(page.books[0].book.is_closed);
    // Who watches the province chooses among all, those that ended among them.
    let control = Actor {
        posts: vec![(heir.clone(), Role::ProvinceController)],
        ..somebody.clone()
    };
    let page = register_page(&app, &control, &RegisterAsked::default()).await;
    let page = page.unwrap();
    assert!(page.units.len() > 2 && page.units.contains(&ended));
    assert!(page.ended.contains(&ended));
}

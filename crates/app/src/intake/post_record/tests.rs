use domain::dossier::{Dossier, StateKind};
use domain::ids::{DossierId, StaffId};
use domain::money::Dong;
use domain::office::Role;
use serde_json::Value;

use super::*;
use crate::access::StandIn;
use crate::intake::{AtCounter, Ending, receive};
use crate::people::testing::{clerk, faults, key, printing, typed};
use crate::processing::{Act, Order, act};

const WARD: &str = "Phường Hạc Thành";
/// A procedure that is served by post.
const PROCEDURE: &str = "1.013313";
/// One of those that cost something.
const CHARGED: &str = "1.001612";

/// The clerk of the ward, and the agent of the post there.
fn both(app: &App) -> (Actor, Actor) {
    let clerk = Actor {
        staff: StaffId::parse("tiepnhan-hacthanh").unwrap(),
        ..clerk(app, WARD)
    };
    let agent = Actor {
        staff: StaffId::parse("buudien-hacthanh").unwrap(),
        posts: vec![(clerk.counter().unwrap().clone(), Role::PostAgent)],
        ..clerk.clone()
    };
    (clerk, agent)
}

/// A colleague of the agent at the same post office.
fn colleague(agent: &Actor, standing: Vec<StandIn>) -> Actor {
    Actor {
        staff: StaffId::parse("tinhnguyen-hacthanh").unwrap(),
        standing,
        ..agent.clone()
    }
}

async fn file(app: &App, agent: &Actor) -> DossierId {
    file_with(app, agent, &[]).await.unwrap()
}

async fn file_with(app: &App, agent: &Actor, more: &[(&str, &str)]) -> Result<DossierId, No> {
    let mut fields = vec![
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("c1", "paper"),
    ];
    if more.iter().all(|(name, _)| *name != "procedure") {
        fields.push(("procedure", PROCEDURE));
    }
    fields.extend_from_slice(more);
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Submit,
        typed: typed(&fields),
        draft: None,
        key: key(),
    };
    Ok(receive(app, agent, input).await?.dossier)
}

fn declining() -> Order {
    Order::Decline {
        reason: "Bưu chính không đưa hồ sơ đến".to_owned(),
    }
}

/// The rule behind a refusal.
fn rule(done: Result<(), No>) -> String {
    let Err(No::Refused(refused)) = done else {
        panic!("{done:?}");
    };
    refused.refusal.key().to_owned()
}

fn plain(dossier: &DossierId) -> HandingOver {
    HandingOver {
        dossier: dossier.clone(),
        collected: None,
        supplied: Vec::new(),
    }
}

/// Makes a record, with a key of its own.
async fn make(app: &App, actor: &Actor, handing: Vec<HandingOver>) -> Result<String, No> {
    make_post_record(app, actor, None, (&key(), handing)).await
}

async fn loaded(app: &App, dossier: &DossierId) -> Dossier {
    app.store().load(dossier).await.unwrap().dossier
}

/// Orders something of the dossier as it is now.
async fn order(app: &App, actor: &Actor, dossier: &DossierId, order: Order) -> Result<(), No> {
    let version = app.store().load(dossier).await.unwrap().version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order,
    };
    act(app, actor, input).await.map(drop)
}

/// What a paper says, of a printer that prints JSON.
fn said(pdf: &[u8]) -> Value {
    serde_json::from_slice(pdf).unwrap()
}

#[tokio::test]
async fn one_signature_submits_everything_on_the_record_at_one_time() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let dossiers = vec![file(&app, &agent).await, file(&app, &agent).await];
    let filed_at = app.clock().now();
    let all = || dossiers.iter().map(plain).collect();
    let id = make(&app, &agent, all()).await.unwrap();
    let again = make(&app, &agent, all()).await;
    assert_eq!(
        faults(again.unwrap_err()),
        [("ho-so", "fault.post_not_own")]
    );
    clock.set(filed_at.date().at(15, 0, 0, 0));
    let signing = sign_post_record(&app, &agent, &id).await;
    assert!(
        matches!(signing, Err(No::Denied(Denied::Seen))),
        "{signing:?}"
    );
    // Killed before the end: neither the record nor any dossier is signed.
    for point in ["after_rows", "before_commit"] {
        store::faults::arm(point);
        assert!(sign_post_record(&app, &clerk, &id).await.is_err());
        let record = app.store().post_record(&id).await.unwrap().unwrap();
        assert_eq!(record.signed_at, None, "{point}");
        let first = loaded(&app, &dossiers[0]).await;
        assert_eq!(first.record().unwrap().course.posts, [], "{point}");
    }
    // Killed after it, it is done, and signed once.
    store::faults::arm("after_commit");
    assert!(sign_post_record(&app, &clerk, &id).await.is_err());
    let number = sign_post_record(&app, &clerk, &id).await.unwrap();
    let signed = app.store().post_record(&id).await.unwrap().unwrap();
    let at = local_time(signed.signed_at.unwrap());
    for dossier in &dossiers {
        let one = app.store().load(dossier).await.unwrap();
        let record = one.dossier.record().unwrap();
        assert_eq!((record.submitted_at, record.legal_at()), (filed_at, at));
        assert!(record.answer_by > Some(at));
        assert_eq!(record.course.posts[0].record, number);
        assert_eq!(one.version, 2);
    }
    let page = post_records(&app, &clerk, None).await.unwrap();
    assert!(!page.agent && page.records[0].signed_at.is_some());
    let taken = take_back_post_record(&app, &agent, &id).await;
    assert_eq!(faults(taken.unwrap_err()), [("id", "fault.post_signed")]);
    assert!(app.store().check().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_clerk_s_clock_that_is_behind_gives_all_of_the_record_one_later_moment() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let first = file(&app, &agent).await;
    let later = app.clock().now().date().at(11, 0, 0, 0);
    clock.set(later);
    let second = file(&app, &agent).await;
    let both = vec![plain(&first), plain(&second)];
    let id = make(&app, &agent, both).await.unwrap();
    clock.set(later.date().at(10, 0, 0, 0));
    sign_post_record(&app, &clerk, &id).await.unwrap();
    for dossier in [&first, &second] {
        let dossier = loaded(&app, dossier).await;
        assert_eq!(dossier.record().unwrap().legal_at(), later);
    }
}

#[tokio::test]
async fn nothing_of_the_post_is_received_before_its_record_is_signed() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let no = order(&app, &clerk, &dossier, Order::Accept).await;
    let Err(No::Refused(refusal)) = no else {
        panic!("{no:?}");
    };
    assert_eq!(refusal.refusal.rule().id(), "BC-01");
    let id = make(&app, &agent, vec![plain(&dossier)]).await;
    sign_post_record(&app, &clerk, &id.unwrap()).await.unwrap();
    order(&app, &clerk, &dossier, Order::Accept).await.unwrap();
    assert_eq!(loaded(&app, &dossier).await.kind(), StateKind::Received);
}

#[tokio::test]
async fn an_agent_lists_her_own_filings_alone_and_may_take_a_list_back() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    give_post(&app, &agent).await;
    let dossier = file(&app, &agent).await;
    let other = colleague(&agent, Vec::new());
    let no = make(&app, &other, vec![plain(&dossier)]).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_not_own")]);
    let no = make(&app, &agent, Vec::new()).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_none")]);
    let no = make(&app, &clerk, vec![plain(&dossier)]).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
    let id = make(&app, &agent, vec![plain(&dossier)]).await;
    let id = id.unwrap();
    let unseen = take_back_post_record(&app, &other, &id).await;
    assert!(
        matches!(unseen, Err(No::Denied(Denied::Unseen))),
        "{unseen:?}"
    );
    take_back_post_record(&app, &agent, &id).await.unwrap();
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!((page.unhanded.len(), page.records.len()), (1, 0));
}

/// The agent holds her post in the register of posts, as the demonstration has it.
async fn give_post(app: &App, agent: &Actor) {
    let today = app.clock().now().date();
    let held = app.store().posts_of(&agent.staff, today).await.unwrap();
    assert!(held.iter().any(|one| one.post.role == Role::PostAgent));
}

#[tokio::test]
async fn a_colleague_who_stands_in_hands_over_what_an_absent_agent_filed() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let stand_in = StandIn {
        unit: clerk.counter().unwrap().clone(),
        role: Role::PostAgent,
        whom: agent.staff.clone(),
        name: agent.name.clone(),
        last: app.clock().now().date(),
        signing: false,
    };
    let colleague = colleague(&agent, vec![stand_in]);
    let page = post_records(&app, &colleague, None).await.unwrap();
    assert_eq!(page.unhanded.len(), 1);
    let id = make(&app, &colleague, vec![plain(&dossier)]).await;
    sign_post_record(&app, &clerk, &id.unwrap()).await.unwrap();
    let dossier = loaded(&app, &dossier).await;
    let post = &dossier.record().unwrap().course.posts[0];
    assert_eq!(post.from, colleague.staff, "who hands over is named");
}

#[tokio::test]
async fn what_an_agent_who_left_had_filed_is_handed_over_by_whoever_is_there() {
    let (app, _) = printing().await;
    let (_, agent) = both(&app);
    let gone = Actor {
        staff: StaffId::parse("canbo-hacthanh").unwrap(),
        ..agent.clone()
    };
    let dossier = file(&app, &gone).await;
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!(page.unhanded[0].line.id, dossier.as_str());
    let made = make(&app, &agent, vec![plain(&dossier)]).await;
    assert!(made.is_ok(), "{made:?}");
}

#[tokio::test]
async fn of_what_an_agent_who_left_had_filed_nothing_is_seen_once_the_centre_has_it() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let gone = Actor {
        staff: StaffId::parse("tinhnguyen-hacthanh").unwrap(),
        ..agent.clone()
    };
    let (first, second) = (file(&app, &gone).await, file(&app, &gone).await);
    let id = make(&app, &gone, vec![plain(&first)]).await.unwrap();
    post_slip(&app, &agent, &first).await.unwrap();
    post_record_paper(&app, &agent, &id).await.unwrap();
    sign_post_record(&app, &clerk, &id).await.unwrap();
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!((page.unhanded.len(), page.records.len()), (1, 0));
    assert_eq!(page.unhanded[0].line.id, second.as_str());
    let no = post_slip(&app, &agent, &first).await;
    assert!(matches!(no, Err(No::Denied(Denied::Unseen))), "{no:?}");
    let no = post_record_paper(&app, &agent, &id).await;
    assert!(matches!(no, Err(No::Denied(Denied::Unseen))), "{no:?}");
    post_slip(&app, &gone, &first).await.unwrap();
}

/// A letter that came by post, opened at the counter.
async fn open_letter(app: &App, clerk: &Actor) -> DossierId {
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Submit,
        typed: typed(&[
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("procedure", PROCEDURE),
            ("channel", "post"),
        ]),
        draft: None,
        key: key(),
    };
    receive(app, clerk, input).await.unwrap().dossier
}

#[tokio::test]
async fn a_letter_that_a_clerk_opened_is_seen_by_no_agent_and_answered_in_time() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = open_letter(&app, &clerk).await;
    let letter = loaded(&app, &dossier).await;
    assert!(letter.record().unwrap().answer_by.is_some());
    let seen = || async {
        let page = post_records(&app, &agent, None).await.unwrap();
        let no = post_slip(&app, &agent, &dossier).await;
        assert!(matches!(no, Err(No::Denied(Denied::Unseen))), "{no:?}");
        page.unhanded.len() + page.awaiting.len() + page.records.len()
    };
    assert_eq!(seen().await, 0);
    let no = make(&app, &agent, vec![plain(&dossier)]).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_not_own")]);
    let asking = Order::AskSupplement {
        components: vec![1],
        corrections: Vec::new(),
        reason: "Chưa có tờ khai".to_owned(),
    };
    order(&app, &clerk, &dossier, asking).await.unwrap();
    assert_eq!(seen().await, 0, "nor while it waits for a supplement");
}

#[tokio::test]
async fn a_record_that_is_made_by_a_button_pressed_twice_is_made_once() {
    let (app, _) = printing().await;
    let (_, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let once = key();
    let press = || make_post_record(&app, &agent, None, (&once, vec![plain(&dossier)]));
    let (first, second) = tokio::join!(press(), press());
    let first = first.unwrap();
    assert_eq!(second.unwrap(), first);
    assert_eq!(press().await.unwrap(), first);
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!((page.unhanded.len(), page.records.len()), (0, 1));
    let other = make(&app, &agent, vec![plain(&dossier)]).await;
    assert!(other.is_err(), "another press finds it listed");
}

#[tokio::test]
async fn a_paper_that_the_worker_records_meanwhile_stops_no_signature() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    for _ in 0..8 {
        let dossiers = [file(&app, &agent).await, file(&app, &agent).await];
        let all = dossiers.iter().map(plain).collect();
        let id = make(&app, &agent, all).await.unwrap();
        let signing = sign_post_record(&app, &clerk, &id);
        let (signed, ()) = tokio::join!(signing, goes_on(&app, &dossiers[1]));
        signed.unwrap();
        let handed = loaded(&app, &dossiers[1]).await;
        assert_eq!(handed.record().unwrap().course.posts.len(), 1);
    }
}

/// Something is recorded of the dossier that nobody at the counter decides on.
async fn goes_on(app: &App, dossier: &DossierId) {
    let found = app.store().load(dossier).await.unwrap();
    let filed = found.dossier.record().unwrap().filed.clone();
    let process = app.process(&filed.procedure, filed.process_version).await;
    let now = app.clock().now();
    let made = domain::dossier::Event::SlipIssued {
        at: now,
        form: domain::slip::Form::Supplement,
        file: domain::ids::FileHash::parse(&"1".repeat(64)).unwrap(),
    };
    let batch = store::Batch {
        dossier: found.id,
        expected: found.version,
        head: found.head,
        before: found.dossier,
        events: store::NewEvents::Ready(vec![made]),
        actor: "system".to_owned(),
        behalf: None,
        now,
        messages: Vec::new(),
        audit: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: process.unwrap(),
    };
    // The signature may have come first.
    drop(app.store().append(batch).await);
}

#[tokio::test]
async fn what_the_law_refuses_on_a_record_is_named_by_its_slip() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let id = make(&app, &agent, vec![plain(&dossier)]).await.unwrap();
    let own_hands = Actor {
        posts: clerk.posts.clone(),
        ..agent.clone()
    };
    let Err(No::Invalid(faults)) = sign_post_record(&app, &own_hands, &id).await else {
        panic!("who hands over does not take over");
    };
    let slip = crate::jobs::post_slip_number(&dossier);
    let values = vec![("slip", slip), ("rule", "BC-01".to_owned())];
    assert_eq!(
        (faults[0].key, &faults[0].values),
        ("fault.post_line", &values)
    );
}

#[tokio::test]
async fn what_the_post_filed_at_a_centre_that_ended_is_handed_over_at_its_successor() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let (listed, unlisted) = (file(&app, &agent).await, file(&app, &agent).await);
    let id = make(&app, &agent, vec![plain(&listed)]).await.unwrap();
    let heir = crate::people::testing::clerk(&app, "Phường Nguyệt Viên");
    let to = heir.counter().unwrap().clone();
    let ending = crate::office::Ending {
        unit: clerk.counter().unwrap().clone(),
        successor: to.clone(),
        from: jiff::civil::date(2026, 12, 1),
        basis: "Nghị quyết 1".to_owned(),
    };
    let store = app.store();
    crate::office::end_unit(store, ending, app.clock().now(), "operator")
        .await
        .unwrap();
    app.reload().await.unwrap();
    clock.set(jiff::civil::date(2026, 12, 1).at(8, 0, 0, 0));
    let signed_in = |actor: Actor| Actor {
        posts: app.posts_with_forerunners(actor.posts),
        ..actor
    };
    let clerk = signed_in(Actor {
        staff: clerk.staff,
        ..heir.clone()
    });
    let filer = agent.staff.clone();
    let agent = signed_in(Actor {
        staff: StaffId::parse("tinhnguyen-hacthanh").unwrap(),
        posts: vec![(to, Role::PostAgent)],
        ..heir
    });
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!((page.unhanded.len(), page.records.len()), (1, 1));
    let filer = Actor {
        staff: filer,
        ..agent.clone()
    };
    let filings = crate::intake::submissions(&app, &filer).await.unwrap();
    assert_eq!(filings.len(), 2);
    assert!(filings.iter().all(|filing| filing.to_scan.is_some()));
    sign_post_record(&app, &clerk, &id).await.unwrap();
    let made = make(&app, &agent, vec![plain(&unlisted)]).await.unwrap();
    assert_eq!(
        post_records(&app, &clerk, None)
            .await
            .unwrap()
            .records
            .len(),
        2
    );
    sign_post_record(&app, &clerk, &made).await.unwrap();
    for dossier in [&listed, &unlisted] {
        order(&app, &clerk, dossier, Order::Accept).await.unwrap();
    }
}

#[tokio::test]
async fn money_that_was_collected_goes_with_the_papers_and_never_beyond_the_charge() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let page = post_records(&app, &agent, None).await.unwrap();
    let fee = page.unhanded[0].fee;
    let too_much = HandingOver {
        collected: Some(Dong(fee.0 + 1)),
        ..plain(&dossier)
    };
    let no = make(&app, &agent, vec![too_much]).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_fee")]);
    let collected = HandingOver {
        collected: Some(fee),
        ..plain(&dossier)
    };
    let id = make(&app, &agent, vec![collected]).await;
    let id = id.unwrap();
    let number = sign_post_record(&app, &clerk, &id).await.unwrap();
    let there = loaded(&app, &dossier).await;
    let post = &there.record().unwrap().course.posts[0];
    assert_eq!(post.collected, Some(fee).filter(|fee| fee.0 > 0));
    let paper = said(&post_record_paper(&app, &agent, &id).await.unwrap());
    assert_eq!(paper["number"], number);
    assert!(paper["signed"].is_string() && paper["receiver"] != "");
    let slip = said(&post_slip(&app, &agent, &dossier).await.unwrap());
    assert_eq!(slip["record"], number);
    assert_eq!(slip["number"], paper["rows"][0]["slip"]);
    assert_eq!(slip["sender"]["name"], "Nguyễn Thị An");
}

#[tokio::test]
async fn papers_of_the_post_are_for_its_agent_and_the_centre_alone() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let id = make(&app, &agent, vec![plain(&dossier)]).await;
    let id = id.unwrap();
    let elsewhere = crate::people::testing::clerk(&app, "Phường Nguyệt Viên");
    let other = colleague(&agent, Vec::new());
    for stranger in [&elsewhere, &other] {
        let no = post_record_paper(&app, stranger, &id).await;
        assert!(matches!(no, Err(No::Denied(Denied::Unseen))), "{no:?}");
        let no = post_slip(&app, stranger, &dossier).await;
        assert!(matches!(no, Err(No::Denied(Denied::Unseen))), "{no:?}");
    }
    for person in [&clerk, &agent] {
        post_record_paper(&app, person, &id).await.unwrap();
        post_slip(&app, person, &dossier).await.unwrap();
    }
    let unsigned = said(&post_record_paper(&app, &agent, &id).await.unwrap());
    assert!(unsigned["signed"].is_null());
    let printed = crate::people::testing::audited(&app, &id).await;
    assert!(printed.contains(&"post_record.printed".to_owned()));
}

#[tokio::test]
async fn a_supplement_that_came_to_the_agent_came_when_the_record_is_signed() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let id = make(&app, &agent, vec![plain(&dossier)]).await;
    sign_post_record(&app, &clerk, &id.unwrap()).await.unwrap();
    let asking = Order::AskSupplement {
        components: vec![1],
        corrections: vec![(1, "Tờ khai thiếu chữ ký của người yêu cầu".to_owned())],
        reason: "Tờ khai chưa có chữ ký".to_owned(),
    };
    order(&app, &clerk, &dossier, asking).await.unwrap();
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!(page.awaiting[0].asked.len(), 1);
    let no = make(&app, &agent, vec![plain(&dossier)]).await;
    assert_eq!(
        faults(no.unwrap_err()),
        [("ho-so", "fault.post_supplement")]
    );
    let whole = HandingOver {
        supplied: vec![1],
        ..plain(&dossier)
    };
    let id = make(&app, &agent, vec![whole]).await.unwrap();
    let at = app.clock().now().date().at(16, 0, 0, 0);
    clock.set(at);
    sign_post_record(&app, &clerk, &id).await.unwrap();
    let supplied = loaded(&app, &dossier).await;
    assert_eq!(supplied.kind(), StateKind::Submitted);
    let record = supplied.record().unwrap();
    assert_eq!(record.answer_began(), at, "the centre answers from then on");
    assert_eq!(record.course.posts.len(), 2);
    assert_eq!(record.legal_at(), record.course.posts[0].at);
    let paper = said(&post_record_paper(&app, &clerk, &id).await.unwrap());
    let what = paper["rows"][0]["what"].as_str().unwrap();
    assert!(what.contains("Bổ sung"), "{what}");
}

#[tokio::test]
async fn bc_01_what_a_record_lists_is_not_declined_while_it_lies_on_the_desk() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let id = make(&app, &agent, vec![plain(&dossier)]).await.unwrap();
    let later = app
        .clock()
        .now()
        .date()
        .saturating_add(jiff::Span::new().days(14));
    clock.set(later.at(10, 0, 0, 0));
    let no = order(&app, &clerk, &dossier, declining()).await;
    assert_eq!(rule(no), "post_record_waits");
    take_back_post_record(&app, &agent, &id).await.unwrap();
    order(&app, &clerk, &dossier, declining()).await.unwrap();
    assert_eq!(loaded(&app, &dossier).await.kind(), StateKind::Declined);
}

#[tokio::test]
async fn a_signed_record_lists_what_was_handed_over_and_says_what_was_struck() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let (ended, brought) = (file(&app, &agent).await, file(&app, &agent).await);
    let later = app
        .clock()
        .now()
        .date()
        .saturating_add(jiff::Span::new().days(14));
    clock.set(later.at(10, 0, 0, 0));
    // Ended in the moment before the record was made: its list was on the screen already.
    let shown = vec![plain(&ended), plain(&brought)];
    order(&app, &clerk, &ended, declining()).await.unwrap();
    let new = NewPostRecord {
        id: "r-1".to_owned(),
        unit: clerk.counter().unwrap().clone(),
        agent: agent.staff.clone(),
        lines: shown
            .into_iter()
            .map(|one| store::NewPostLine {
                dossier: one.dossier,
                part: 0,
                collected: Some(Dong(15_000)),
                handed: Vec::new(),
            })
            .collect(),
    };
    let when = (
        app.clock().now(),
        audited(&agent, "post_record.made", "r-1"),
    );
    assert!(app.store().add_post_record(new, when).await.unwrap());
    sign_post_record(&app, &clerk, "r-1").await.unwrap();
    let paper = said(&post_record_paper(&app, &clerk, "r-1").await.unwrap());
    let handed_over = paper["rows"].as_array().unwrap();
    assert_eq!(handed_over.len(), 1, "{paper}");
    let slip = crate::jobs::post_slip_number;
    assert_eq!(handed_over[0]["slip"], slip(&brought));
    assert_eq!(paper["struck"], serde_json::json!([slip(&ended)]));
    let page = post_records(&app, &clerk, None).await.unwrap();
    let struck = page.records[0].lines.iter().filter(|line| line.is_struck());
    let struck: Vec<&str> = struck.map(|line| line.id.as_str()).collect();
    assert_eq!(struck, [ended.as_str()]);
}

#[tokio::test]
async fn an_agent_of_two_posts_hands_over_at_each_and_a_clerk_of_two_centres_signs_at_each() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let elsewhere = crate::people::testing::clerk(&app, "Phường Nguyệt Viên");
    let (first, second) = (
        clerk.counter().unwrap().clone(),
        elsewhere.counter().unwrap().clone(),
    );
    let of_two = |actor: &Actor, role: Role| Actor {
        posts: vec![(first.clone(), role), (second.clone(), role)],
        ..actor.clone()
    };
    let agent = of_two(&agent, Role::PostAgent);
    let clerk = of_two(&clerk, Role::ReceptionClerk);
    let at_second = [("receiving", second.as_str())];
    let here = file(&app, &agent).await;
    let there = file_with(&app, &agent, &at_second).await.unwrap();
    let page = post_records(&app, &agent, None).await.unwrap();
    assert_eq!(
        (page.unhanded[0].line.id.as_str(), page.others.len()),
        (here.as_str(), 1)
    );
    let page = post_records(&app, &agent, Some(&second)).await.unwrap();
    assert_eq!(page.unhanded[0].line.id, there.as_str());
    let handing = vec![plain(&there)];
    let id = make_post_record(&app, &agent, Some(&second), (&key(), handing)).await;
    let id = id.unwrap();
    let number = sign_post_record(&app, &clerk, &id).await.unwrap();
    assert!(number.starts_with(second.as_str()), "{number}");
    assert!(!loaded(&app, &there).await.record().unwrap().is_with_agent());
    let filings = crate::intake::submissions(&app, &agent).await.unwrap();
    assert_eq!(filings.len(), 2);
    // Who takes over at one centre hands over at another.
    let mixed = Actor {
        posts: vec![
            (first.clone(), Role::ReceptionClerk),
            (second.clone(), Role::PostAgent),
        ],
        ..agent.clone()
    };
    let takes = post_records(&app, &mixed, None).await.unwrap();
    let hands = post_records(&app, &mixed, Some(&second)).await.unwrap();
    assert_eq!((takes.agent, hands.agent), (false, true));
    let stranger = crate::people::testing::clerk(&app, "Phường Hàm Rồng");
    let no = post_records(&app, &stranger, Some(&second)).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
}

#[tokio::test]
async fn what_an_agent_took_is_on_her_slip_and_goes_with_the_papers() {
    let (app, clock) = printing().await;
    let (clerk, agent) = both(&app);
    let fee = {
        let dossier = file_with(&app, &agent, &[("procedure", CHARGED)]).await;
        let there = loaded(&app, &dossier.unwrap()).await;
        there.record().unwrap().filed.fee
    };
    assert!(fee > Dong(0), "the procedure is charged");
    let sum = fee.0.to_string();
    let taken = |sum: &str| {
        let sum = sum.to_owned();
        let (app, agent) = (app.clone(), agent.clone());
        async move {
            let fields = [("procedure", CHARGED), ("collected", sum.as_str())];
            file_with(&app, &agent, &fields).await
        }
    };
    let no = taken(&(fee.0 + 1).to_string()).await.unwrap_err();
    assert_eq!(faults(no), [("collected", "fault.post_fee")]);
    let no = taken("mười lăm nghìn").await.unwrap_err();
    assert_eq!(faults(no), [("collected", "fault.post_sum")]);
    let dossier = taken(&sum).await.unwrap();
    let slip = said(&post_slip(&app, &agent, &dossier).await.unwrap());
    assert_eq!(slip["collected"], fee.0, "the receipt, before any record");
    let less = HandingOver {
        collected: Some(Dong(fee.0 - 1)),
        ..plain(&dossier)
    };
    let no = make(&app, &agent, vec![less]).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_less")]);
    // Handed over without another word, it goes with the papers.
    let id = make(&app, &agent, vec![plain(&dossier)]).await.unwrap();
    sign_post_record(&app, &clerk, &id).await.unwrap();
    let there = loaded(&app, &dossier).await;
    assert_eq!(there.record().unwrap().course.posts[0].collected, Some(fee));
    // Never brought, it is given back by the slip.
    let kept = taken(&sum).await.unwrap();
    let later = app
        .clock()
        .now()
        .date()
        .saturating_add(jiff::Span::new().days(14));
    clock.set(later.at(10, 0, 0, 0));
    order(&app, &clerk, &kept, declining()).await.unwrap();
    let declined = app.store().load(&kept).await.unwrap();
    let refund = declined.events.iter().find_map(|one| match &one.event {
        domain::dossier::Event::Declined { refund, .. } => Some(*refund),
        _ => None,
    });
    assert!(refund.flatten().is_some(), "{refund:?}");
}

#[tokio::test]
async fn a_colleague_scans_what_she_hands_over_and_nobody_else_does() {
    let (app, _) = printing().await;
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let sees = |actor: Actor| {
        let (app, dossier) = (app.clone(), dossier.clone());
        async move { crate::processing::scan_page(&app, &actor, &dossier).await }
    };
    let idle = colleague(&agent, Vec::new());
    let no = sees(idle.clone()).await;
    assert!(matches!(no, Err(No::Denied(Denied::Unseen))), "{no:?}");
    let stand_in = StandIn {
        unit: clerk.counter().unwrap().clone(),
        role: Role::PostAgent,
        whom: agent.staff.clone(),
        name: agent.name.clone(),
        last: app.clock().now().date(),
        signing: false,
    };
    let colleague = Actor {
        standing: vec![stand_in],
        ..idle
    };
    let page = sees(colleague).await.unwrap();
    assert_eq!(page.papers.len(), 1);
    // What one who left had filed is scanned by whoever is there.
    let gone = Actor {
        staff: StaffId::parse("canbo-hacthanh").unwrap(),
        ..agent.clone()
    };
    let left = file(&app, &gone).await;
    let page = crate::processing::scan_page(&app, &agent, &left).await;
    assert_eq!(page.unwrap().papers.len(), 1);
}

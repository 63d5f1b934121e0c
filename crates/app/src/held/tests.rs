use domain::certificate::{EndReason, Ended, Holder, KeyAt};
use domain::dossier::{Event, Outcome};
use domain::ids::{DossierId, PartyId};
use domain::notice::Kind;
use domain::office::Role;
use jiff::ToSpan as _;
use store::{AuditLine, Batch, CertificatesOf, Loaded, NewEvents};

use super::{SealOrder, seal_anew, sees_unsealed, unsealed, unsealed_count};
use crate::access::Actor;
use crate::certificates::{NewCertificate, register};
use crate::forms::Typed;
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::work_off;
use crate::no::Denied;
use crate::people::testing::{clerk, key, printing, typed};
use crate::processing::{Act, Attached, Order, act, dossier_page};
use crate::signing::testing::{certify, sign};
use crate::{App, No};

/// Gives a `Giấy xác nhận khuyết tật`.
const GIVES: &str = "1.001699";
/// The fields of everybody's form.
const PERSON: [(&str, &str); 2] = [("name", "Nguyễn Thị An"), ("number", "038199000017")];

pub(super) fn somebody(app: &App, login: &str, role: Role) -> Actor {
    let clerk = clerk(app, "Phường Hạc Thành");
    Actor {
        staff: domain::ids::StaffId::parse(login).unwrap(),
        posts: vec![(clerk.posts[0].0.clone(), role)],
        ..clerk
    }
}

pub(super) fn counter(app: &App) -> Actor {
    somebody(app, "tiepnhan-hacthanh", Role::ReceptionClerk)
}

pub(super) fn seal_clerk(app: &App) -> Actor {
    somebody(app, "vanthu-hacthanh", Role::SealClerk)
}

pub(super) fn form(fields: &[(&str, &str)]) -> Typed {
    let mut all = PERSON.to_vec();
    all.extend(fields);
    typed(&all)
}

pub(super) async fn file(app: &App, ending: Ending, typed: Typed) -> Result<DossierId, No> {
    let input = AtCounter {
        scans: Vec::new(),
        ending,
        typed,
        draft: None,
        key: key(),
    };
    Ok(receive(app, &counter(app), input).await?.dossier)
}

pub(super) async fn orders(app: &App, actor: &Actor, dossier: &DossierId, order: Order) {
    let version = app.store().load(dossier).await.unwrap().version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order,
    };
    act(app, actor, input).await.unwrap();
}

/// A dossier whose draft waits to be approved.
pub(super) async fn to_approve(app: &App) -> DossierId {
    let fields = [("procedure", GIVES), ("c1", "paper"), ("c2", "paper")];
    let dossier = file(app, Ending::Receive, form(&fields)).await.unwrap();
    let officer = somebody(app, "chuyenvien-hacthanh", Role::CaseOfficer);
    orders(app, &counter(app), &dossier, Order::HandOver).await;
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Giấy xác nhận khuyết tật".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    orders(app, &officer, &dossier, draft).await;
    orders(app, &officer, &dossier, Order::Forward).await;
    dossier
}

/// A dossier that was issued; its document is not made yet.
pub(super) async fn issued(app: &App) -> DossierId {
    let dossier = to_approve(app).await;
    issue(app, &dossier).await;
    dossier
}

/// The leader signs what was drafted, and it is issued.
pub(super) async fn issue(app: &App, dossier: &DossierId) {
    let leader = somebody(app, "lanhdao-hacthanh", Role::Leader);
    sign(app, &leader, dossier).await.unwrap();
    orders(app, &seal_clerk(app), dossier, Order::Issue).await;
}

pub(super) async fn owner_of(app: &App, dossier: &DossierId) -> PartyId {
    let loaded = app.store().load(dossier).await.unwrap();
    loaded.dossier.record().unwrap().filed.owner.clone()
}

/// A dossier whose result is in the store.
pub(super) async fn sealed(app: &App) -> DossierId {
    let dossier = issued(app).await;
    while work_off(app).await.unwrap() > 0 {}
    dossier
}

#[tokio::test]
async fn results_without_a_seal_are_listed_with_their_figure_and_sealed_anew() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let given = issued(&app).await;
    let seal = seal_clerk(&app);
    assert_eq!(
        unsealed_count(&app, &seal).await.unwrap(),
        0,
        "the worker has its time"
    );
    clock.set(app.clock().now().saturating_add(2.hours()));
    assert_eq!(unsealed_count(&app, &seal).await.unwrap(), 1);
    let page = unsealed(&app, &seal, (None, None)).await.unwrap();
    let listed: Vec<_> = page
        .rows
        .iter()
        .map(|row| (&row.dossier, row.may_seal))
        .collect();
    assert_eq!(listed, [(&given, true)]);
    let leader = somebody(&app, "lanhdao-hacthanh", Role::Leader);
    let page = unsealed(&app, &leader, (None, None)).await.unwrap();
    assert!(page.rows.iter().all(|row| !row.may_seal));
    let no = seal_anew(&app, &leader, &given).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
    assert!(!sees_unsealed(&counter(&app)));
    seal_anew(&app, &seal, &given).await.unwrap();
    while work_off(&app).await.unwrap() > 0 {}
    assert_eq!(unsealed_count(&app, &seal).await.unwrap(), 0);
    let loaded = app.store().load(&given).await.unwrap();
    let made = |one: &&store::Recorded| one.event.kind() == "dossier.result_made.v1";
    assert_eq!(loaded.events.iter().filter(made).count(), 1);
    let again = seal_anew(&app, &seal, &given).await.unwrap();
    assert_eq!(again, SealOrder::Needless);
}

/// How often the applicant was told that the result is ready.
#[tokio::test]
async fn two_workers_seal_a_result_once() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = issued(&app).await;
    let seal = seal_clerk(&app);
    let ordered = async {
        seal_anew(&app, &seal, &given).await.unwrap();
        work_off(&app).await.unwrap()
    };
    let (first, second) = tokio::join!(work_off(&app), ordered);
    first.unwrap();
    assert!(second > 0);
    while work_off(&app).await.unwrap() > 0 {}
    let loaded = app.store().load(&given).await.unwrap();
    let made = |one: &&store::Recorded| matches!(one.event, Event::ResultMade { .. });
    assert_eq!(loaded.events.iter().filter(made).count(), 1);
}

async fn told_ready(app: &App, dossier: &DossierId) -> usize {
    let page = dossier_page(app, &counter(app), dossier).await.unwrap();
    let ready = [Kind::ResultReady, Kind::ResultEarly];
    let told = page.notices.iter();
    told.filter(|line| ready.contains(&line.kind)).count()
}

#[tokio::test]
async fn nobody_is_called_for_a_result_before_its_seal_and_once_after_it() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let given = issued(&app).await;
    let today = app.clock().now().date();
    let all = app.store().certificates(CertificatesOf::Everybody, today);
    let seals = all.await.unwrap().into_iter();
    let seals = seals.map(|one| one.row.certificate);
    let seals: Vec<_> = seals.filter(|one| one.holder == Holder::Agency).collect();
    let lost = Ended {
        from: app.clock().now(),
        why: EndReason::KeyLost,
    };
    for seal in &seals {
        let line = AuditLine {
            actor: "system".to_owned(),
            action: "certificate.ended".to_owned(),
            subject: seal.id.to_string(),
            purpose: String::new(),
            detail: String::new(),
        };
        app.store()
            .end_certificate(&seal.id, lost, (app.clock().now(), line))
            .await
            .unwrap();
    }
    while work_off(&app).await.unwrap() > 0 {}
    assert_eq!(told_ready(&app, &given).await, 0, "the seal failed");
    clock.set(app.clock().now().saturating_add(2.hours()));
    let new = NewCertificate {
        unit: seal_clerk(&app).posts[0].0.clone(),
        holder: Holder::Agency,
        key: KeyAt::Soft,
        file: b"new seal;038076004321;2026-01-02;2028-01-01;signs".to_vec(),
    };
    register(&app, "system", new).await.unwrap();
    seal_anew(&app, &seal_clerk(&app), &given).await.unwrap();
    while work_off(&app).await.unwrap() > 0 {}
    assert_eq!(told_ready(&app, &given).await, 1, "it can be handed out");
    let loaded = app.store().load(&given).await.unwrap();
    let made = loaded.events.iter().rev();
    let made = made.map(|one| &one.event);
    let mut made = made.filter(|event| matches!(event, Event::ResultMade { .. }));
    let made = made.next().unwrap().clone();
    Box::pin(record_again(&app, loaded, made)).await;
    while work_off(&app).await.unwrap() > 0 {}
    assert_eq!(told_ready(&app, &given).await, 1, "made anew, told once");
}

/// A document that was made elsewhere or earlier: one more under another seal, as two workers at once may
/// have made it, or one without any.
pub(super) async fn record_again(app: &App, loaded: Loaded, made: Event) {
    let filed = &loaded.dossier.record().unwrap().filed;
    let process = app.process(&filed.procedure, filed.process_version).await;
    let told = crate::jobs::messages_of(&loaded.id, loaded.version, std::slice::from_ref(&made));
    let batch = Batch {
        dossier: loaded.id,
        expected: loaded.version,
        head: loaded.head,
        before: loaded.dossier,
        events: NewEvents::Ready(vec![made]),
        actor: crate::jobs::SYSTEM.to_owned(),
        behalf: None,
        now: app.clock().now(),
        messages: told,
        audit: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: process.unwrap(),
    };
    app.store().append(batch).await.unwrap();
}

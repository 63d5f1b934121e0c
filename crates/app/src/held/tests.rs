use domain::certificate::{EndReason, Ended, Holder, KeyAt};
use domain::dossier::{Event, HandedAs, Outcome};
use domain::ids::{DossierId, FileHash, PartyId};
use domain::notice::Kind;
use domain::office::Role;
use jiff::ToSpan as _;
use store::views::Standing;
use store::{AuditLine, Batch, CertificatesOf, Loaded, NewEvents};

use super::{SealOrder, held_page, of_owner, seal_anew, sees_unsealed, unsealed, unsealed_count};
use crate::access::Actor;
use crate::certificates::{NewCertificate, register};
use crate::forms::Typed;
use crate::intake::{AtCounter, CONSENT, Ending, offered, preview, receive, reuse_value};
use crate::jobs::work_off;
use crate::no::Denied;
use crate::people::testing::{audited, clerk, faults, key, printing, typed};
use crate::processing::{Act, Order, act, component_scan, dossier_page};
use crate::signing::testing::{certify, sign};
use crate::{App, No};

/// Gives a `Giấy xác nhận khuyết tật`.
const GIVES: &str = "1.001699";
/// Asks for one, as its second paper.
const TAKES: &str = "1.001776";
/// The fields of everybody's form.
const PERSON: [(&str, &str); 2] = [("name", "Nguyễn Thị An"), ("number", "038199000017")];

fn somebody(app: &App, login: &str, role: Role) -> Actor {
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

fn seal_clerk(app: &App) -> Actor {
    somebody(app, "vanthu-hacthanh", Role::SealClerk)
}

fn form(fields: &[(&str, &str)]) -> Typed {
    let mut all = PERSON.to_vec();
    all.extend(fields);
    typed(&all)
}

async fn file(app: &App, ending: Ending, typed: Typed) -> Result<DossierId, No> {
    let input = AtCounter {
        scans: Vec::new(),
        ending,
        typed,
        draft: None,
        key: key(),
    };
    Ok(receive(app, &counter(app), input).await?.dossier)
}

async fn orders(app: &App, actor: &Actor, dossier: &DossierId, order: Order) {
    let version = app.store().load(dossier).await.unwrap().version;
    let input = Act {
        dossier: dossier.clone(),
        version,
        key: key(),
        order,
    };
    act(app, actor, input).await.unwrap();
}

/// A dossier that was issued; its document is not made yet.
async fn issued(app: &App) -> DossierId {
    let fields = [("procedure", GIVES), ("c1", "paper"), ("c2", "paper")];
    let dossier = file(app, Ending::Receive, form(&fields)).await.unwrap();
    let officer = somebody(app, "chuyenvien-hacthanh", Role::CaseOfficer);
    let leader = somebody(app, "lanhdao-hacthanh", Role::Leader);
    orders(app, &counter(app), &dossier, Order::HandOver).await;
    let draft = Order::DraftResult {
        outcome: Outcome::Granted,
        summary: "Giấy xác nhận khuyết tật".to_owned(),
        document: Vec::new(),
    };
    orders(app, &officer, &dossier, draft).await;
    orders(app, &officer, &dossier, Order::Forward).await;
    sign(app, &leader, &dossier).await.unwrap();
    orders(app, &seal_clerk(app), &dossier, Order::Issue).await;
    dossier
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

async fn offers(app: &App, actor: &Actor, typed: &Typed) -> Vec<(u16, DossierId)> {
    let unit = &actor.posts[0].0;
    let seen = preview(app, actor, (unit, typed)).await.unwrap().unwrap();
    let found = offered(app, actor, (unit, typed), &seen).await.unwrap();
    let line = |(number, one): (u16, super::Held)| (number, one.dossier);
    found.into_iter().map(line).collect()
}

#[tokio::test]
async fn a_granted_result_is_offered_to_its_owner_and_used_with_consent_in_place_of_a_paper() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    let asks = [("procedure", TAKES), ("c1", "paper")];
    let there = vec![(2, given.clone())];
    assert_eq!(offers(&app, &counter(&app), &form(&asks)).await, there);
    assert!(
        audited(&app, owner.as_str())
            .await
            .contains(&"held.offered".to_owned())
    );
    let somebody_else = typed(&[asks[0], ("number", "038199000018")]);
    assert_eq!(offers(&app, &counter(&app), &somebody_else).await, []);

    let value = reuse_value(&given);
    let mut fields = asks.to_vec();
    fields.push(("c2", &value));
    let no = file(&app, Ending::Receive, form(&fields))
        .await
        .unwrap_err();
    assert_eq!(faults(no), [(CONSENT, "fault.reuse_consent")]);
    fields.push((CONSENT, "on"));
    let dossier = file(&app, Ending::Receive, form(&fields)).await.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let handed = &loaded.dossier.record().unwrap().filed.handed;
    let made = app.store().load(&given).await.unwrap();
    let official = made.dossier.issued().unwrap().official.clone().unwrap();
    let reused = HandedAs::Reused {
        file: official.hash.clone(),
    };
    assert!(
        handed
            .iter()
            .any(|one| one.component == 2 && one.handed == reused)
    );
    assert!(
        audited(&app, owner.as_str())
            .await
            .contains(&"held.reused".to_owned())
    );
    opened(&app, (&given, &dossier), &official.hash).await;
}

/// The document is opened from the dossier that uses it, by whoever sees that one.
async fn opened(app: &App, (given, dossier): (&DossierId, &DossierId), file: &FileHash) {
    let owner = owner_of(app, dossier).await;
    let counter = counter(app);
    let read = component_scan(app, &counter, dossier, (2, None)).await;
    assert_eq!(read.unwrap(), Some(app.files().get(file).await.unwrap()));
    let page = held_page(app, &counter, dossier).await.unwrap();
    let shown: Vec<_> = page
        .documents
        .iter()
        .map(|(one, used)| (one.dossier.clone(), one.standing, *used))
        .collect();
    assert_eq!(shown, [(given.clone(), Standing::Valid, Some(2))]);
    assert!(
        audited(app, owner.as_str())
            .await
            .contains(&"held.read".to_owned())
    );
    let elsewhere = clerk(app, "Phường Đông Sơn");
    let unseen = held_page(app, &elsewhere, dossier).await;
    assert!(
        matches!(unseen, Err(No::Denied(Denied::Unseen))),
        "{unseen:?}"
    );
}

#[tokio::test]
async fn what_lies_in_the_store_is_not_asked_for_once_the_applicant_agreed() {
    let (app, _) = printing().await;
    certify(&app).await;
    sealed(&app).await;
    let asks = [("procedure", TAKES), ("ask", "2"), ("reason", "Thiếu")];
    let mut agreed = asks.to_vec();
    agreed.push((CONSENT, "on"));
    let no = file(&app, Ending::AskSupplement, form(&agreed)).await;
    assert_eq!(faults(no.unwrap_err()), [(CONSENT, "fault.reuse_held")]);
}

#[tokio::test]
async fn an_agent_of_the_post_is_offered_documents_once_the_applicant_agreed() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let agent = somebody(&app, "buuta-hacthanh", Role::PostAgent);
    let asks = [("procedure", TAKES)];
    assert_eq!(offers(&app, &agent, &form(&asks)).await, []);
    let agreed = [asks[0], (CONSENT, "on")];
    assert_eq!(offers(&app, &agent, &form(&agreed)).await, [(2, given)]);
}

#[tokio::test]
async fn an_erased_person_has_no_store() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    assert_eq!(of_owner(&app, &owner).await.unwrap().len(), 1);
    let line = AuditLine {
        actor: "root".to_owned(),
        action: "party.erased".to_owned(),
        subject: owner.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let now = app.clock().now();
    assert!(
        app.store()
            .erase_party(owner.clone(), now, line)
            .await
            .unwrap()
    );
    assert!(of_owner(&app, &owner).await.unwrap().is_empty());
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

/// A second document under another seal, as two workers at once may have made it.
async fn record_again(app: &App, loaded: Loaded, made: Event) {
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

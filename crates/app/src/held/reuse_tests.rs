//! Documents of a person's store in place of papers: what is offered and taken, and what is valid no more.

use domain::dossier::{HandedAs, Outcome};
use domain::ids::{DossierId, FileHash};
use domain::office::Role;
use domain::procedure::Validity;
use jiff::ToSpan as _;
use jiff::civil::date;
use serde_json::json;
use store::AuditLine;

use super::tests::{counter, file, form, issue, orders, owner_of, sealed, somebody};
use super::{Standing, held_page, one_of};
use crate::access::Actor;
use crate::catalogue::terms;
use crate::forms::Typed;
use crate::intake::{CONSENT, Ending, Offered, offered, preview, reuse_value};
use crate::jobs::work_off;
use crate::no::Denied;
use crate::people::testing::{audited, clerk, faults, printing, typed};
use crate::processing::{Attached, Order, component_scan};
use crate::signing::testing::certify;
use crate::{App, No};

/// Gives a `Giấy xác nhận khuyết tật`.
const GIVES: &str = "1.001699";
/// Asks for one, as its second paper.
pub(super) const TAKES: &str = "1.001776";

/// What an intake offers, under a draft of that name.
pub(super) async fn offering(app: &App, actor: &Actor, (draft, typed): (&str, &Typed)) -> Offered {
    let unit = &actor.posts[0].0;
    let seen = preview(app, actor, (unit, typed)).await.unwrap().unwrap();
    let at = (unit, draft, typed);
    offered(app, actor, at, &seen).await.unwrap()
}

fn named(found: Vec<(u16, super::Held)>) -> Vec<(u16, DossierId)> {
    let line = |(number, one): (u16, super::Held)| (number, one.dossier);
    found.into_iter().map(line).collect()
}

async fn offers(app: &App, actor: &Actor, typed: &Typed) -> Vec<(u16, DossierId)> {
    named(offering(app, actor, ("w-1", typed)).await.documents.valid)
}

/// Agreed, with these fields.
pub(super) fn agreed(fields: &[(&str, &str)]) -> Typed {
    form(
        &[
            &[("procedure", TAKES), ("c1", "paper"), (CONSENT, "on")],
            fields,
        ]
        .concat(),
    )
}

/// From today on results of [`GIVES`] are valid so long.
async fn valid_for(app: &App, validity: serde_json::Value) {
    terms_of(app, json!({ "validity": [validity] })).await;
}

/// From today on these terms hold for [`GIVES`].
pub(super) async fn terms_of(app: &App, said: serde_json::Value) {
    let now = app.clock().now();
    let entry = json!({
        "procedure": GIVES,
        "decision": "9/QĐ-UBND",
        "decided": now.date().to_string(),
        "valid_from": now.date().to_string(),
        "terms": said
    });
    let judged = terms::judge(app.store(), vec![entry], now.date()).await;
    let judged = judged.unwrap();
    assert!(judged.refused.is_empty(), "{:?}", judged.refused);
    terms::publish(app.store(), judged.sound, now, "operator")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_granted_result_is_offered_to_its_owner_and_used_with_consent_in_place_of_a_paper() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    let there = vec![(2, given.clone())];
    assert_eq!(offers(&app, &counter(&app), &agreed(&[])).await, there);
    let stranger = [
        ("procedure", TAKES),
        ("number", "038199000018"),
        (CONSENT, "on"),
    ];
    assert_eq!(offers(&app, &counter(&app), &typed(&stranger)).await, []);

    let value = reuse_value(&given);
    let fields = [("procedure", TAKES), ("c1", "paper"), ("c2", &value)];
    let no = file(&app, Ending::Receive, form(&fields)).await;
    let no = faults(no.unwrap_err());
    assert_eq!(no, [(CONSENT, "fault.reuse_consent")]);
    let dossier = file(&app, Ending::Receive, agreed(&[("c2", &value)])).await;
    let dossier = dossier.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let handed = &loaded.dossier.record().unwrap().filed.handed;
    let made = app.store().load(&given).await.unwrap();
    let official = made.dossier.issued().unwrap().official.clone().unwrap();
    let reused = HandedAs::Reused {
        file: official.hash.clone(),
        from: Some(given.clone()),
    };
    let mut handed = handed.iter();
    assert!(handed.any(|one| one.component == 2 && one.handed == reused));
    let logged = audited(&app, owner.as_str()).await;
    assert!(logged.contains(&"held.reused".to_owned()));
    opened(&app, (&given, &dossier), &official.hash).await;
}

/// The document is opened from the dossier that uses it, by whoever sees that one.
async fn opened(app: &App, (given, dossier): (&DossierId, &DossierId), file: &FileHash) {
    let owner = owner_of(app, dossier).await;
    let counter = counter(app);
    let read = component_scan(app, &counter, dossier, (2, None)).await;
    assert_eq!(read.unwrap(), Some(app.files().get(file).await.unwrap()));
    let page = held_page(app, &counter, dossier, None).await.unwrap();
    let shown = page.documents.iter();
    let shown = shown.map(|one| {
        (
            one.document.dossier.clone(),
            one.document.standing,
            one.used,
        )
    });
    let shown: Vec<_> = shown.collect();
    assert_eq!(shown, [(given.clone(), Standing::Valid, Some(2))]);
    assert!(page.next.is_none());
    let logged = audited(app, owner.as_str()).await;
    assert!(logged.contains(&"held.read".to_owned()));
    let elsewhere = clerk(app, "Phường Đông Sơn");
    let unseen = held_page(app, &elsewhere, dossier, None).await;
    assert!(
        matches!(unseen, Err(No::Denied(Denied::Unseen))),
        "{unseen:?}"
    );
}

#[tokio::test]
async fn what_is_valid_in_the_store_is_not_asked_for_once_the_applicant_agreed() {
    let (app, _) = printing().await;
    certify(&app).await;
    let asks = [("ask", "2"), ("reason", "Thiếu")];
    let ask = || file(&app, Ending::AskSupplement, agreed(&asks));
    sealed(&app).await;
    ask().await.unwrap();
    valid_for(&app, json!({ "basis": "luật" })).await;
    sealed(&app).await;
    let no = faults(ask().await.unwrap_err());
    assert_eq!(no, [(CONSENT, "fault.reuse_held")]);
}

#[tokio::test]
async fn an_expired_result_is_shown_not_offered_not_taken_and_may_be_asked_for() {
    let (app, clock) = printing().await;
    certify(&app).await;
    valid_for(&app, json!({ "months": 6, "basis": "luật" })).await;
    let given = sealed(&app).await;
    let until = date(2027, 5, 23);
    let owner = owner_of(&app, &given).await;
    let one = one_of(&app, &owner, &given).await.unwrap().unwrap();
    assert_eq!(one.validity, Some(Validity::Until(until)));
    let at_counter = counter(&app);
    clock.set(until.at(16, 0, 0, 0));
    let there = vec![(2, given.clone())];
    assert_eq!(
        offers(&app, &at_counter, &agreed(&[])).await,
        there,
        "its last day"
    );
    clock.set(until.at(8, 0, 0, 0).saturating_add(1.day()));
    let found = offering(&app, &at_counter, ("w-1", &agreed(&[]))).await;
    assert_eq!(named(found.documents.valid), []);
    assert_eq!(named(found.documents.expired), there);
    let value = reuse_value(&given);
    let no = file(&app, Ending::Submit, agreed(&[("c2", &value)])).await;
    assert_eq!(faults(no.unwrap_err()), [(CONSENT, "fault.reuse_expired")]);
    let asks = [("ask", "2"), ("reason", "Hết hiệu lực")];
    let asked = file(&app, Ending::AskSupplement, agreed(&asks)).await;
    asked.unwrap();
}

#[tokio::test]
async fn who_drafts_names_a_last_day_only_where_the_law_leaves_it_and_within_its_months() {
    let (app, _) = printing().await;
    certify(&app).await;
    valid_for(
        &app,
        json!({ "months": 12, "own_day": true, "basis": "luật" }),
    )
    .await;
    let fields = [("procedure", GIVES), ("c1", "paper"), ("c2", "paper")];
    let dossier = file(&app, Ending::Receive, form(&fields)).await.unwrap();
    orders(&app, &counter(&app), &dossier, Order::HandOver).await;
    let officer = somebody(&app, "chuyenvien-hacthanh", Role::CaseOfficer);
    let until = |day| Order::DraftResult {
        last_day: Some(day),
        outcome: Outcome::Granted,
        summary: "Giấy xác nhận khuyết tật".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    let version = app.store().load(&dossier).await.unwrap().version;
    for (day, key) in [
        (date(2026, 11, 22), "fault.last_day_past"),
        (date(2027, 11, 24), "fault.last_day_beyond"),
    ] {
        let act = crate::processing::Act {
            dossier: dossier.clone(),
            version,
            key: crate::people::testing::key(),
            order: until(day),
        };
        let no = crate::processing::act(&app, &officer, act).await;
        assert_eq!(faults(no.unwrap_err()), [("last_day", key)]);
    }
    let last = date(2027, 3, 31);
    orders(&app, &officer, &dossier, until(last)).await;
    let drafted = app.store().load(&dossier).await.unwrap();
    let draft = drafted.dossier.at_step().unwrap().draft.clone().unwrap();
    let printed = app.files().get(&draft.document.hash).await.unwrap();
    let printed = String::from_utf8(printed).unwrap();
    assert!(
        printed.contains("có giá trị đến hết ngày 31/03/2027"),
        "{printed}"
    );
    orders(&app, &officer, &dossier, Order::Forward).await;
    issue(&app, &dossier).await;
    while work_off(&app).await.unwrap() > 0 {}
    let row = app.store().views().result_row(&dossier).await.unwrap();
    let row = row.unwrap();
    assert_eq!(row.validity().unwrap(), Some(Validity::Until(last)));
}

#[tokio::test]
async fn an_agent_of_the_post_is_offered_documents_once_the_applicant_agreed() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let agent = somebody(&app, "buuta-hacthanh", Role::PostAgent);
    let silent = form(&[("procedure", TAKES)]);
    assert_eq!(offers(&app, &agent, &silent).await, []);
    assert_eq!(offers(&app, &agent, &agreed(&[])).await, [(2, given)]);
}

#[tokio::test]
async fn an_erased_person_has_no_store() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    let kinds = app.store().views().kinds_of(&owner).await.unwrap();
    assert_eq!(kinds.len(), 1);
    let line = AuditLine {
        actor: "root".to_owned(),
        action: "party.erased".to_owned(),
        subject: owner.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let now = app.clock().now();
    let erased = app.store().erase_party(owner.clone(), now, line).await;
    assert!(erased.unwrap());
    let kinds = app.store().views().kinds_of(&owner).await.unwrap();
    assert_eq!(kinds, []);
    assert_eq!(offers(&app, &counter(&app), &agreed(&[])).await, []);
}

//! Who looks into a person's store: with her consent, under her name, logged once, and not without end.

use domain::ids::PartyId;
use domain::parameters::{Dates, Key};
use jiff::ToSpan as _;
use store::{AuditLine, Noted, StoreLook};

use super::reuse_tests::{TAKES, agreed, offering};
use super::tests::{counter, file, form, owner_of, sealed};
use crate::App;
use crate::intake::{CONSENT, Ending, reuse_value};
use crate::people::testing::{faults, printing, typed};
use crate::signing::testing::certify;

/// What the log says of looks into the store: purposes.
pub(super) async fn looks(app: &App, owner: &PartyId) -> Vec<String> {
    let lines = app.store().audited(owner.as_str()).await.unwrap();
    let looks = lines.into_iter();
    let looks = looks.filter(|one| one.line.action == "held.offered");
    looks.map(|one| one.line.purpose).collect()
}

#[tokio::test]
async fn nobody_learns_of_documents_before_the_owner_agreed_or_under_another_name() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    let at_counter = counter(&app);
    let silent = form(&[("procedure", TAKES)]);
    let found = offering(&app, &at_counter, ("w-1", &silent)).await;
    assert!(!found.looked && found.documents.valid.is_empty());
    let fields = [
        ("name", "Trần Thị Bình"),
        ("number", "038199000017"),
        ("procedure", TAKES),
        ("c1", "paper"),
        (CONSENT, "on"),
    ];
    let found = offering(&app, &at_counter, ("w-1", &typed(&fields))).await;
    assert!(!found.looked && found.documents.valid.is_empty());
    assert_eq!(looks(&app, &owner).await, [""; 0]);
    let value = reuse_value(&given);
    let renamed = [&fields[..], &[("c2", &value)]].concat();
    let no = file(&app, Ending::Submit, typed(&renamed)).await;
    assert_eq!(faults(no.unwrap_err()), [("number", "fault.number_name")]);
}

#[tokio::test]
async fn a_look_is_logged_once_for_its_intake_with_its_draft_also_where_nothing_is_found() {
    let (app, _) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    let at_counter = counter(&app);
    for _ in 0..3 {
        offering(&app, &at_counter, ("w-1", &agreed(&[]))).await;
    }
    assert_eq!(looks(&app, &owner).await, ["intake w-1"]);
    let elsewhere = form(&[("procedure", "2.000815"), (CONSENT, "on")]);
    let found = offering(&app, &at_counter, ("w-2", &elsewhere)).await;
    assert!(found.looked && found.documents.valid.is_empty());
    assert_eq!(looks(&app, &owner).await, ["intake w-1", "intake w-2"]);
}

#[tokio::test]
async fn who_looked_into_too_many_stores_within_an_hour_waits() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let at_counter = counter(&app);
    let settings = app.settings();
    let today = Dates::all(app.clock().now().date());
    let most = settings.parameters().number(Key::StoreLooks, today);
    for number in 2..most {
        let look = StoreLook {
            intake: format!("other-{number}"),
            owner: PartyId::parse("p-other").unwrap(),
            staff: at_counter.staff.clone(),
            at: app.clock().now(),
        };
        let line = AuditLine {
            actor: at_counter.staff.to_string(),
            action: "held.offered".to_owned(),
            subject: "p-other".to_owned(),
            purpose: String::new(),
            detail: String::new(),
        };
        let within = (app.clock().now().saturating_sub(1.hour()), most);
        let noted = app.store().note_look(look, within, line).await.unwrap();
        assert_eq!(noted, Noted::New);
    }
    let look = async |draft| {
        let found = offering(&app, &at_counter, (draft, &agreed(&[]))).await;
        found.refused.map(|fault| fault.key)
    };
    assert_eq!(look("w-1").await, None);
    assert_eq!(look("w-2").await, None);
    assert_eq!(look("w-3").await, Some("fault.store_looks"));
    assert_eq!(look("w-1").await, None, "one that was noted is no new look");
    let value = reuse_value(&given);
    let no = file(&app, Ending::Receive, agreed(&[("c2", &value)])).await;
    assert_eq!(faults(no.unwrap_err()), [(CONSENT, "fault.store_looks")]);
    clock.set(app.clock().now().saturating_add(61.minutes()));
    assert_eq!(look("w-3").await, None, "an hour later");
}

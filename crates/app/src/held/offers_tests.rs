//! What a program is offered of a person's store before it files: the same as the page of an intake.

use domain::parameters::{Dates, Key};
use jiff::ToSpan as _;

use super::looking_tests::looks;
use super::reuse_tests::{TAKES, agreed};
use super::tests::{counter, form, owner_of, sealed};
use crate::intake::{AtCounter, CONSENT, Ending, offered_to_file, receive, reuse_value};
use crate::no::Denied;
use crate::people::testing::{clerk, faults, key, printing};
use crate::signing::testing::certify;
use crate::{App, No};

#[tokio::test]
async fn a_program_is_offered_the_same_under_the_key_with_which_it_files() {
    let (app, clock) = printing().await;
    certify(&app).await;
    let given = sealed(&app).await;
    let owner = owner_of(&app, &given).await;
    let at_counter = counter(&app);
    let first = key();
    let silent = form(&[("procedure", TAKES)]);
    let no = offered_to_file(&app, &at_counter, (&first, &silent)).await;
    assert_eq!(faults(no.unwrap_err()), [(CONSENT, "fault.reuse_consent")]);
    let unknown = form(&[("procedure", "9.999999"), (CONSENT, "on")]);
    let no = offered_to_file(&app, &at_counter, (&first, &unknown)).await;
    let no = faults(no.unwrap_err());
    assert_eq!(no, [("procedure", "fault.procedure_unknown")]);
    assert_eq!(looks(&app, &owner).await, [""; 0], "nobody looked");
    for _ in 0..2 {
        let found = offered_to_file(&app, &at_counter, (&first, &agreed(&[]))).await;
        let found = found.unwrap().documents.valid;
        let found: Vec<_> = found.into_iter().map(|(n, one)| (n, one.dossier)).collect();
        assert_eq!(found, [(2, given.clone())]);
    }
    let once = looks(&app, &owner).await;
    assert_eq!(once.len(), 1, "{once:?}");

    let taken = agreed(&[("c2", &reuse_value(&given))]);
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: taken,
        draft: None,
        key: first,
    };
    receive(&app, &at_counter, input).await.unwrap();
    assert_eq!(looks(&app, &owner).await, once, "filing is no second look");

    let elsewhere = agreed(&[("receiving", "H56.102")]);
    let stranger = clerk(&app, "Phường Đông Sơn");
    let denied = offered_to_file(&app, &stranger, (&key(), &elsewhere)).await;
    assert!(
        matches!(denied, Err(No::Denied(Denied::Seen))),
        "{denied:?}"
    );
    for _ in 0..most(&app) {
        let look = offered_to_file(&app, &at_counter, (&key(), &agreed(&[]))).await;
        if let Err(no) = look {
            assert_eq!(faults(no), [(CONSENT, "fault.store_looks")]);
            clock.set(app.clock().now().saturating_add(61.minutes()));
            let later = offered_to_file(&app, &at_counter, (&key(), &agreed(&[]))).await;
            assert!(later.is_ok(), "an hour later");
            return;
        }
    }
    panic!("looks without end");
}

/// How many looks one person has in an hour.
fn most(app: &App) -> u32 {
    let today = Dates::all(app.clock().now().date());
    app.settings().parameters().number(Key::StoreLooks, today)
}

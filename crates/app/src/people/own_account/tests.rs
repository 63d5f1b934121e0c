//! Passwords and one-time codes of a clerk, by the clerk.

use std::sync::Arc;

use domain::ids::StaffId;
use jiff::ToSpan as _;

use super::*;
use crate::clock::ManualClock;
use crate::people::testing::{audited, empty, faults};
use crate::people::{Credentials, NewStaff, NotSignedIn, Opened, enrol, session, sign_in};
use crate::words::Language;

const LOGIN: &str = "ngan";
const OLD: &str = "motcua-2026";
const NEW: &str = "một cửa, một dấu";

async fn office() -> (App, Arc<ManualClock>) {
    let (app, clock) = empty().await;
    let ngan = NewStaff {
        staff: StaffId::parse(LOGIN).unwrap(),
        name: "Hoàng Thị Ngân".to_owned(),
        login: LOGIN.to_owned(),
        password: OLD.to_owned(),
        totp: false,
        posts: Vec::new(),
        title: None,
    };
    enrol(&app, ngan, "test").await.unwrap();
    (app, clock)
}

async fn enter(app: &App, password: &str, code: &str) -> Result<Opened, NotSignedIn> {
    let given = Credentials {
        login: LOGIN.to_owned(),
        password: password.to_owned(),
        code: code.to_owned(),
        language: Language::Vi,
    };
    sign_in(app, given).await
}

async fn actor_of(app: &App, opened: &Opened) -> Actor {
    session(app, &opened.token).await.unwrap().unwrap().actor
}

fn typed(old: &str, new: &str, again: &str) -> PasswordChange {
    PasswordChange {
        old: old.to_owned(),
        new: new.to_owned(),
        again: again.to_owned(),
    }
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let (app, _) = office().await;
    let here = enter(&app, OLD, "").await.unwrap();
    let there = enter(&app, OLD, "").await.unwrap();
    let actor = actor_of(&app, &here).await;
    let change = change_password(&app, &actor, &here.token, typed(OLD, NEW, NEW));
    change.await.unwrap();
    assert!(session(&app, &here.token).await.unwrap().is_some());
    assert!(session(&app, &there.token).await.unwrap().is_none());
    let old = enter(&app, OLD, "").await;
    assert!(matches!(old, Err(NotSignedIn::Wrong)), "{old:?}");
    enter(&app, NEW, "").await.unwrap();
    let logged = audited(&app, LOGIN).await;
    assert!(logged.contains(&"account.password_changed".to_owned()));
}

#[tokio::test]
async fn a_password_that_will_not_do_changes_nothing() {
    let (app, _) = office().await;
    let here = enter(&app, OLD, "").await.unwrap();
    let actor = actor_of(&app, &here).await;
    let long = "a".repeat(LONGEST_PASSWORD + 1);
    let same = "same password";
    for (typed, expected) in [
        (
            typed("sai", NEW, NEW),
            ("old_password", "fault.password_wrong"),
        ),
        (
            typed(OLD, "11 letters.", "11 letters."),
            ("new_password", "fault.password_short"),
        ),
        (
            typed(OLD, &long, &long),
            ("new_password", "fault.password_long"),
        ),
        (
            typed(same, same, same),
            ("new_password", "fault.password_same"),
        ),
        (
            typed(OLD, NEW, same),
            ("again_password", "fault.password_again"),
        ),
    ] {
        let no = change_password(&app, &actor, &here.token, typed).await;
        assert_eq!(faults(no.unwrap_err()), [expected]);
    }
    enter(&app, OLD, "").await.unwrap();
}

#[tokio::test]
async fn guessing_the_old_password_locks_the_account() {
    let (app, _) = office().await;
    let here = enter(&app, OLD, "").await.unwrap();
    let actor = actor_of(&app, &here).await;
    let mut said = Vec::new();
    for _ in 0..6 {
        let no = change_password(&app, &actor, &here.token, typed("sai", NEW, NEW)).await;
        said.extend(faults(no.unwrap_err()).into_iter().map(|(_, key)| key));
    }
    assert_eq!(
        said[3..],
        [
            "fault.password_wrong",
            "fault.account_locked",
            "fault.account_locked"
        ]
    );
}

#[tokio::test]
async fn one_time_codes_count_once_a_code_was_shown() {
    let (app, clock) = office().await;
    let here = enter(&app, OLD, "").await.unwrap();
    let actor = actor_of(&app, &here).await;
    let offer = offer_totp(&app, &actor).await.unwrap();
    assert!(offer.address.starts_with("otpauth://totp/"));
    assert_eq!(offer.secret.split(' ').count(), 8, "{}", offer.secret);
    let secret = opened(&app, LOGIN, &offer.sealed).unwrap();
    let totp = totp_from(secret, LOGIN).unwrap();
    let code = totp.generate(seconds(app.clock().now())).to_string();
    let proof = |sealed: &str, code: &str, password: &str| TotpProof {
        sealed: sealed.to_owned(),
        code: code.to_owned(),
        password: password.to_owned(),
    };
    let wrong_code = if code == "000000" { "000001" } else { "000000" };
    for (proof, expected) in [
        (
            proof(&offer.sealed, wrong_code, OLD),
            ("code", "fault.totp_code"),
        ),
        (proof("00", &code, OLD), ("code", "fault.totp_code")),
        (
            proof(&offer.sealed, &code, "sai"),
            ("totp_password", "fault.password_wrong"),
        ),
    ] {
        let no = enrol_totp(&app, &actor, &here.token, proof).await;
        assert_eq!(faults(no.unwrap_err()), [expected]);
    }
    enter(&app, OLD, "").await.unwrap();
    let good = proof(&offer.sealed, &code, OLD);
    enrol_totp(&app, &actor, &here.token, good).await.unwrap();
    assert!(own_account(&app, &actor).await.unwrap().has_totp);
    let bare = enter(&app, OLD, "").await;
    assert!(matches!(bare, Err(NotSignedIn::CodeNeeded)), "{bare:?}");
    let replayed = enter(&app, OLD, &code).await;
    assert!(matches!(replayed, Err(NotSignedIn::Wrong)), "{replayed:?}");
    clock.set(app.clock().now().saturating_add(30.seconds()));
    let next = totp.generate(seconds(app.clock().now())).to_string();
    enter(&app, OLD, &next).await.unwrap();
}

#[tokio::test]
async fn an_offer_is_the_same_when_asked_for_again_and_nobody_else_s() {
    let (app, _) = office().await;
    let here = enter(&app, OLD, "").await.unwrap();
    let actor = actor_of(&app, &here).await;
    let offer = offer_totp(&app, &actor).await.unwrap();
    let again = offered_totp(&app, &actor, &offer.sealed).await.unwrap();
    assert_eq!(again, Some(offer));
    let foreign = app.keys().seal("totp-offer:khac", &vec![1_u8; SECRET]);
    let foreign = offered_totp(&app, &actor, &hex::encode(foreign)).await;
    assert_eq!(foreign.unwrap(), None);
}

//! The demonstration province: its administrator keeps the whole tree.

use domain::ids::{StaffId, UnitId};
use domain::office::Role;

use super::*;
use crate::App;
use crate::access::Actor;
use crate::demo;
use crate::forms::Typed;
use crate::no::{Denied, No};
use crate::people::testing::{audited, clerk, faults, office, typed};
use crate::people::{Credentials, NotSignedIn, session, sign_in};
use crate::words::Language;

fn id(text: &str) -> StaffId {
    StaffId::parse(text).unwrap()
}

/// Somebody in these posts.
fn actor(name: &str, posts: &[(&str, Role)]) -> Actor {
    let post = |(unit, role): &(&str, Role)| (UnitId::parse(unit).unwrap(), *role);
    Actor {
        staff: id(name),
        name: name.to_owned(),
        posts: posts.iter().map(post).collect(),
        standing: Vec::new(),
        language: Language::Vi,
    }
}

fn administrator() -> Actor {
    actor("quantri", &[("H56", Role::Administrator)])
}

/// The ward of Hạc Thành, and an administrator of it alone.
fn ward(app: &App) -> (UnitId, Actor) {
    let unit = clerk(app, "Phường Hạc Thành").posts.remove(0).0;
    let own = actor("quantri-hacthanh", &[(unit.as_str(), Role::Administrator)]);
    (unit, own)
}

async fn enter(app: &App) -> Result<crate::people::Opened, NotSignedIn> {
    let given = Credentials {
        login: "tiepnhan.hacthanh".to_owned(),
        password: demo::PASSWORD.to_owned(),
        code: String::new(),
        language: Language::Vi,
    };
    sign_in(app, given).await
}

const CLERK: &str = "tiepnhan-hacthanh";

#[tokio::test]
async fn an_administrator_lists_the_units_kept_and_no_other() {
    let app = office().await;
    let (unit, own) = ward(&app);
    let all = staff_list(&app, &administrator(), None).await.unwrap();
    assert_eq!(all.unit.id.as_str(), "H56");
    assert!(all.units.len() > 166 && all.units.len() < 300);
    let here = staff_list(&app, &administrator(), Some(&unit))
        .await
        .unwrap();
    let names: Vec<&str> = here.people.iter().map(|line| line.id.as_str()).collect();
    assert!(names.contains(&CLERK) && names.len() == 8, "{names:?}");
    let ours = staff_list(&app, &own, None).await.unwrap();
    assert_eq!((&ours.people, ours.units.len()), (&here.people, 1));
    let above = staff_list(&app, &own, Some(&UnitId::parse("H56").unwrap())).await;
    assert!(
        matches!(above, Err(No::Denied(Denied::Unseen))),
        "{above:?}"
    );
    let none = staff_list(&app, &clerk(&app, "Phường Hạc Thành"), None).await;
    assert!(matches!(none, Err(No::Denied(Denied::Seen))), "{none:?}");
}

#[tokio::test]
async fn a_locked_account_is_out_at_once_and_in_again_once_unlocked() {
    let app = office().await;
    let (_, own) = ward(&app);
    let opened = enter(&app).await.unwrap();
    lock_account(&app, &own, &id(CLERK)).await.unwrap();
    assert!(session(&app, &opened.token).await.unwrap().is_none());
    let locked = enter(&app).await;
    assert!(matches!(locked, Err(NotSignedIn::Locked(_))), "{locked:?}");
    let page = staff_page(&app, &own, &id(CLERK)).await.unwrap();
    assert_eq!(page.line.account, AccountState::Locked);
    unlock_account(&app, &own, &id(CLERK)).await.unwrap();
    enter(&app).await.unwrap();
    let logged = audited(&app, CLERK).await;
    let about = logged.iter().filter(|action| action.contains("locked"));
    assert_eq!(
        about.collect::<Vec<_>>(),
        ["account.locked", "account.unlocked"]
    );
}

#[tokio::test]
async fn nobody_manages_the_own_account_or_who_works_above() {
    let app = office().await;
    let (unit, own) = ward(&app);
    let myself = lock_account(&app, &administrator(), &id("quantri")).await;
    assert!(
        matches!(myself, Err(No::Denied(Denied::Seen))),
        "{myself:?}"
    );
    let unseen = lock_account(&app, &own, &id("kiemsoat")).await;
    assert!(
        matches!(unseen, Err(No::Denied(Denied::Unseen))),
        "{unseen:?}"
    );
    // Once the controller holds a post in the ward as well, the ward sees but does not manage.
    let fields = [
        ("unit", unit.as_str()),
        ("role", "leader"),
        ("valid_from", "23/11/2026"),
    ];
    let (control, fields) = (id("kiemsoat"), typed(&fields));
    let both = give_post(&app, &administrator(), &control, &fields).await;
    both.unwrap();
    let page = staff_page(&app, &own, &id("kiemsoat")).await.unwrap();
    assert!(!page.may_manage);
    let ends: Vec<bool> = page.posts.iter().map(|post| post.may_end).collect();
    assert_eq!(ends.iter().filter(|may| **may).count(), 1);
    let seen = reset_totp(&app, &own, &id("kiemsoat")).await;
    assert!(matches!(seen, Err(No::Denied(Denied::Seen))), "{seen:?}");
    reset_totp(&app, &administrator(), &id("kiemsoat"))
        .await
        .unwrap();
    let page = staff_page(&app, &own, &id("kiemsoat")).await.unwrap();
    assert!(!page.line.totp);
}

async fn given(app: &App, who: &Actor, fields: &[(&str, &str)]) -> Result<(), No> {
    give_post(app, who, &id(CLERK), &typed(fields)).await
}

#[tokio::test]
async fn a_post_is_given_and_ended_on_its_days() {
    let app = office().await;
    let (unit, own) = ward(&app);
    let fields = [
        ("unit", unit.as_str()),
        ("role", "case_officer"),
        ("valid_from", "01/12/2026"),
        ("valid_to", "2026-12-31"),
    ];
    given(&app, &own, &fields).await.unwrap();
    // Sent twice it is one post.
    given(&app, &own, &fields).await.unwrap();
    let overlapping = [
        ("unit", unit.as_str()),
        ("role", "case_officer"),
        ("valid_from", "15/12/2026"),
    ];
    let no = given(&app, &own, &overlapping).await.unwrap_err();
    assert_eq!(faults(no), [("valid_from", "fault.post_held")]);
    let ending = |last: &'static str| {
        Typed::new(vec![
            ("unit".to_owned(), unit.to_string()),
            ("role".to_owned(), "case_officer".to_owned()),
            ("valid_from".to_owned(), "2026-12-01".to_owned()),
            ("valid_to".to_owned(), last.to_owned()),
        ])
    };
    for early in ["22/11/2026", "30/11/2026", "hôm nay"] {
        let no = end_post(&app, &own, &id(CLERK), &ending(early)).await;
        assert_eq!(faults(no.unwrap_err()), [("last_day", "fault.post_end")]);
    }
    let ended = end_post(&app, &own, &id(CLERK), &ending("05/12/2026")).await;
    ended.unwrap();
    // It is not prolonged by being ended once more.
    let no = end_post(&app, &own, &id(CLERK), &ending("06/12/2026")).await;
    assert_eq!(faults(no.unwrap_err()), [("last_day", "fault.post_end")]);
    let page = staff_page(&app, &own, &id(CLERK)).await.unwrap();
    let last: Vec<Option<String>> = page
        .posts
        .iter()
        .map(|held| held.post.valid_to.map(|day| day.to_string()))
        .collect();
    assert_eq!(last, [Some("2026-12-05".to_owned()), None]);
}

#[tokio::test]
async fn a_post_that_cannot_be_is_named_at_its_field() {
    let app = office().await;
    let (unit, own) = ward(&app);
    let unit = unit.as_str();
    let nothing = given(&app, &own, &[]).await.unwrap_err();
    assert_eq!(
        faults(nothing),
        [
            ("unit", "fault.post_unit"),
            ("role", "fault.post_role"),
            ("valid_from", "fault.post_day"),
        ]
    );
    for (place, role, from, to, expected) in [
        (
            "H56",
            "leader",
            "01/12/2026",
            "",
            ("unit", "fault.post_unit"),
        ),
        (
            unit,
            "province_controller",
            "01/12/2026",
            "",
            ("role", "fault.post_not_here"),
        ),
        (
            unit,
            "leader",
            "01/12/2026",
            "30/11/2026",
            ("valid_to", "fault.post_last"),
        ),
        (
            unit,
            "leader",
            "22/11/2026",
            "",
            ("valid_from", "fault.post_past"),
        ),
    ] {
        let fields = [
            ("unit", place),
            ("role", role),
            ("valid_from", from),
            ("valid_to", to),
        ];
        let no = given(&app, &own, &fields).await.unwrap_err();
        assert_eq!(faults(no), [expected]);
    }
    let mine = [
        ("unit", "H56"),
        ("role", "province_controller"),
        ("valid_from", "01/12/2026"),
    ];
    let no = give_post(&app, &administrator(), &id("quantri"), &typed(&mine)).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
}

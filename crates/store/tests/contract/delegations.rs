//! Who stands in for whom.

use domain::delegation::{Delegation, NotDelegated};
use domain::ids::DelegationId;
use domain::office::{Role, UnitKind};
use jiff::civil::{Date, date};
use store::{JudgeDelegation, NewDelegation, NewSession, NotGiven, Store, TokenHash};

use crate::samples::{at, audit, office, post, staff_id, today, unit, unit_id};
use crate::world::{DECIDES, assigned, go_on, handed_over, receive};

/// Bình, who leads the ward, is away from the day before to the day after; An stands in.
fn leave() -> Delegation {
    Delegation {
        from: staff_id("binh"),
        to: Some(staff_id("an")),
        unit: unit_id("H56.112"),
        role: Role::Leader,
        first: date(2026, 11, 23),
        last: date(2026, 11, 25),
        signing: true,
    }
}

fn new(id: &str, delegation: Delegation) -> NewDelegation {
    NewDelegation {
        id: DelegationId::parse(id).unwrap(),
        delegation,
        by: staff_id("binh"),
        at: at(0),
    }
}

fn any() -> JudgeDelegation {
    Box::new(|_| Ok(()))
}

/// As the law has it: nobody stands in twice for one post on one day.
fn none_there() -> JudgeDelegation {
    Box::new(|others| match others.first() {
        None => Ok(()),
        Some(other) => Err(NotDelegated::Taken { last: other.last }),
    })
}

async fn ward(store: &Store) {
    office(store).await;
    for (who, role) in [("binh", Role::Leader), ("an", Role::CentreDirector)] {
        let new = post(who, "H56.112", role);
        store
            .give_post(new, at(0), audit("post.given"))
            .await
            .unwrap();
    }
    let session = NewSession {
        token: TokenHash([1; 32]),
        staff: staff_id("an"),
        csrf: "csrf".to_owned(),
        language: "vi".to_owned(),
        at: at(0),
        expires_at: at(10_000),
    };
    store
        .open_session(session, audit("session.opened"))
        .await
        .unwrap();
}

async fn give(store: &Store, id: &str, one: Delegation) -> Result<(), NotGiven> {
    let line = vec![audit("delegation.given")];
    store.give_delegation(new(id, one), any(), line).await
}

/// For whom An stands in on a day, and whether she signs.
async fn standing(store: &Store, day: Date) -> Vec<(String, bool)> {
    let now = day.at(9, 0, 0, 0);
    let found = store.session(TokenHash([1; 32]), now).await.unwrap();
    let found = found.unwrap();
    assert_eq!(found.posts.len(), 1, "her own post is no delegation");
    let one = |one: store::StandsIn| (one.from_name, one.delegation.signing);
    found.standing.into_iter().map(one).collect()
}

pub(crate) async fn a_delegate_stands_in_on_its_days_alone(store: &Store) {
    ward(store).await;
    give(store, "d1", leave()).await.unwrap();
    let other = Delegation {
        from: staff_id("chi"),
        ..leave()
    };
    // Chi holds no such post: nothing is stood in for.
    give(store, "d2", other).await.unwrap();
    let bình = ("Đỗ Văn Bình".to_owned(), true);
    assert_eq!(
        standing(store, date(2026, 11, 24)).await,
        std::slice::from_ref(&bình)
    );
    assert_eq!(standing(store, date(2026, 11, 25)).await, [bình]);
    assert_eq!(standing(store, date(2026, 11, 26)).await, []);
}

pub(crate) async fn a_delegation_ends_with_the_post_it_is_of(store: &Store) {
    ward(store).await;
    give(store, "d1", leave()).await.unwrap();
    let mut ended = post("binh", "H56.112", Role::Leader);
    ended.post.valid_to = Some(date(2026, 11, 24));
    store
        .give_post(ended, at(1), audit("post.given"))
        .await
        .unwrap();
    assert_eq!(standing(store, date(2026, 11, 24)).await.len(), 1);
    assert_eq!(standing(store, date(2026, 11, 25)).await, []);
}

pub(crate) async fn an_ended_delegation_is_kept_and_gives_nothing(store: &Store) {
    ward(store).await;
    give(store, "d1", leave()).await.unwrap();
    let id = DelegationId::parse("d1").unwrap();
    let line = || vec![audit("delegation.ended")];
    assert!(store.end_delegation(&id, at(5), line()).await.unwrap());
    assert!(!store.end_delegation(&id, at(6), line()).await.unwrap());
    assert_eq!(standing(store, today()).await, []);
    let kept = store.delegation(&id).await.unwrap().unwrap();
    assert_eq!((kept.delegation, kept.ended_at), (leave(), Some(at(5))));
    let line = vec![audit("delegation.given")];
    let again = store.give_delegation(new("d2", leave()), none_there(), line);
    again.await.unwrap();
}

pub(crate) async fn delegations_are_listed_by_person_and_by_unit(store: &Store) {
    ward(store).await;
    give(store, "d1", leave()).await.unwrap();
    let later = Delegation {
        first: date(2026, 12, 1),
        last: date(2026, 12, 2),
        signing: false,
        ..leave()
    };
    give(store, "d2", later).await.unwrap();
    let since = date(2026, 11, 25);
    for who in ["binh", "an"] {
        let found = store.delegations_of(&staff_id(who), since).await.unwrap();
        let ids: Vec<&str> = found.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["d2", "d1"], "{who}");
    }
    let nobody = store.delegations_of(&staff_id("chi"), since).await.unwrap();
    assert!(nobody.is_empty());
    let unit = unit_id("H56.112");
    let found = store.delegations_at(&unit, since).await.unwrap();
    let names = found
        .iter()
        .map(|one| (one.from_name.as_str(), one.to_name.as_str()));
    let pair = ("Đỗ Văn Bình", "Lê Thị An");
    assert_eq!(names.collect::<Vec<_>>(), [pair, pair]);
    let after = store.delegations_at(&unit, date(2026, 11, 26)).await;
    assert_eq!(after.unwrap().len(), 1, "the first is over");
}

pub(crate) async fn who_is_away_with_nobody_in_her_place_is_listed_and_gives_nothing(
    store: &Store,
) {
    ward(store).await;
    let alone = Delegation {
        to: None,
        signing: false,
        ..leave()
    };
    give(store, "d1", alone.clone()).await.unwrap();
    assert_eq!(standing(store, date(2026, 11, 24)).await, []);
    let unit = unit_id("H56.112");
    let found = store.delegations_at(&unit, date(2026, 11, 24)).await;
    let found = found.unwrap();
    let said = (&found[0].delegation, found[0].to_name.as_str());
    assert_eq!(said, (&alone, ""));
    let judged = store.give_delegation(
        new("d2", leave()),
        Box::new(move |others| {
            assert_eq!(others, [alone]);
            Ok(())
        }),
        vec![audit("delegation.given")],
    );
    judged.await.unwrap();
}

pub(crate) async fn of_two_delegations_at_once_the_second_sees_the_first(store: &Store) {
    ward(store).await;
    let give = |id| {
        let line = vec![audit("delegation.given")];
        store.give_delegation(new(id, leave()), none_there(), line)
    };
    let (one, other) = tokio::join!(give("d1"), give("d2"));
    let refused = [one, other].into_iter().filter_map(Result::err);
    let refused: Vec<NotGiven> = refused.collect();
    assert_eq!(refused.len(), 1);
    assert!(matches!(
        refused[0],
        NotGiven::Refused(NotDelegated::Taken { .. })
    ));
    let lines = store.audited("register").await.unwrap();
    let given = |line: &&store::Audited| line.line.action == "delegation.given";
    assert_eq!(lines.iter().filter(given).count(), 1);
}

pub(crate) async fn a_step_is_found_once_its_holder_s_post_has_ended(store: &Store) {
    let member = |id: &str| store::StaffMember {
        id: staff_id(id),
        name: id.to_owned(),
    };
    let parent = unit(DECIDES, None, UnitKind::Department, "Sở Tư pháp");
    let units = vec![parent];
    store
        .save_units(units, at(0), audit("units.saved"))
        .await
        .unwrap();
    for (who, last) in [("leaving", Some(date(2026, 11, 24))), ("staying", None)] {
        store.save_staff(member(who)).await.unwrap();
        let mut held = post(who, DECIDES, Role::CaseOfficer);
        held.post.valid_to = last;
        let line = audit("post.given");
        store.give_post(held, at(0), line).await.unwrap();
    }
    for (dossier, who) in [("d-1", "leaving"), ("d-2", "staying"), ("d-3", "leaving")] {
        receive(store, dossier, "An").await;
        let events = vec![handed_over(), assigned(who)];
        go_on(store, dossier, events).await.unwrap();
    }
    receive(store, "d-4", "An").await;
    let found = async |day: Date, after: &str| {
        let found = store.views().held_without_post(day, after, 10).await;
        let found = found.unwrap().into_iter().map(String::from);
        found.collect::<Vec<String>>()
    };
    let last = date(2026, 11, 24);
    assert!(found(last, "").await.is_empty());
    let next = date(2026, 11, 25);
    assert_eq!(found(next, "").await, ["d-1", "d-3"]);
    assert_eq!(found(next, "d-1").await, ["d-3"]);

    // The agency ends; who has the same post at its successor holds what she takes over.
    let heir = unit("H56.77", None, UnitKind::Department, "Sở Nội vụ");
    let line = audit("units.saved");
    store.save_units(vec![heir], at(0), line).await.unwrap();
    let post = post("leaving", "H56.77", Role::CaseOfficer);
    store
        .give_post(post, at(0), audit("post.given"))
        .await
        .unwrap();
    let end = store::UnitEnd {
        unit: unit_id(DECIDES),
        last,
        successor: unit_id("H56.77"),
    };
    store
        .end_unit(end, at(0), audit("unit.ended"))
        .await
        .unwrap();
    assert_eq!(found(next, "").await, ["d-2"]);
}

//! Units, points, counters, staff and posts.

use domain::ids::{CounterId, PointId};
use domain::office::{Role, UnitKind};
use jiff::civil::date;
use store::{Counter, ReceptionPoint, Store};

use crate::samples::{at, audit, office, post, staff_id, today, unit, unit_id};

pub(crate) async fn units_are_a_tree_with_days_of_validity(store: &Store) {
    office(store).await;
    let mut gone = unit("H56.200", Some("H56"), UnitKind::Commune, "Phường Ba Đình");
    gone.valid_to = Some(date(2026, 6, 30));
    let centre = unit(
        "H56.50",
        Some("H56"),
        UnitKind::ProvincialCentre,
        "Trung tâm",
    );
    let desk = unit("H56.50.1", Some("H56.50"), UnitKind::Department, "Ban");
    let far = unit("H26", None, UnitKind::Province, "Thành phố Hà Nội");
    let more = vec![gone.clone(), centre, desk, far];
    store
        .save_units(more, at(0), audit("units.saved"))
        .await
        .unwrap();

    assert_eq!(store.unit(&unit_id("H56.200")).await.unwrap(), Some(gone));
    assert_eq!(store.unit(&unit_id("H56.999")).await.unwrap(), None);
    let ids = |units: Vec<domain::office::Unit>| -> Vec<String> {
        units.into_iter().map(|unit| unit.id.to_string()).collect()
    };
    let children = store.child_units(&unit_id("H56"), today()).await.unwrap();
    assert_eq!(
        ids(children),
        ["H56.113", "H56.112", "H56.50"],
        "Đông sorts as dong"
    );
    let then = store
        .child_units(&unit_id("H56"), date(2026, 6, 30))
        .await
        .unwrap();
    assert_eq!(ids(then), ["H56.200", "H56.113", "H56.112", "H56.50"]);
    let under = store.units_under(&unit_id("H56"), today()).await.unwrap();
    assert_eq!(
        ids(under),
        ["H56.50.1", "H56.113", "H56.112", "H56", "H56.50"]
    );
    assert_eq!(store.units(today()).await.unwrap().len(), 6);
}

pub(crate) async fn saving_a_unit_again_replaces_it(store: &Store) {
    office(store).await;
    let renamed = unit("H56.112", Some("H56"), UnitKind::Commune, "Phường Mới");
    store
        .save_units(vec![renamed.clone()], at(1), audit("units.saved"))
        .await
        .unwrap();
    assert_eq!(store.unit(&renamed.id).await.unwrap(), Some(renamed));
    assert_eq!(store.units(today()).await.unwrap().len(), 3);
    store
        .save_units(Vec::new(), at(2), audit("units.saved"))
        .await
        .unwrap();
}

pub(crate) async fn a_whole_country_of_units_is_saved_at_once(store: &Store) {
    let all = (0..3_355).map(|n| unit(&format!("H{n}"), None, UnitKind::Commune, "Xã Ví Dụ"));
    store
        .save_units(all.collect(), at(0), audit("units.saved"))
        .await
        .unwrap();
    assert_eq!(store.units(today()).await.unwrap().len(), 3_355);
}

pub(crate) async fn a_loop_in_the_tree_ends(store: &Store) {
    let pair = vec![
        unit("H1", Some("H2"), UnitKind::Commune, "Một"),
        unit("H2", Some("H1"), UnitKind::Commune, "Hai"),
    ];
    store
        .save_units(pair, at(0), audit("units.saved"))
        .await
        .unwrap();
    assert_eq!(
        store
            .units_under(&unit_id("H1"), today())
            .await
            .unwrap()
            .len(),
        2
    );
}

pub(crate) async fn a_centre_has_points_and_counters(store: &Store) {
    office(store).await;
    let point = |id: &str, name: &str| ReceptionPoint {
        id: PointId::parse(id).unwrap(),
        unit: unit_id("H56.112"),
        name: name.to_owned(),
    };
    let counter = |id: &str, at: &str, name: &str| Counter {
        id: CounterId::parse(id).unwrap(),
        point: PointId::parse(at).unwrap(),
        name: name.to_owned(),
    };
    store.save_point(point("p1", "Trụ sở")).await.unwrap();
    store.save_point(point("p2", "Điểm Nam")).await.unwrap();
    for (id, at, name) in [
        ("q2", "p1", "Quầy 2"),
        ("q1", "p1", "Quầy 1"),
        ("q3", "p2", "Quầy 3"),
    ] {
        store.save_counter(counter(id, at, name)).await.unwrap();
    }
    store.save_point(point("p2", "Điểm Bắc")).await.unwrap();
    store
        .save_counter(counter("q3", "p2", "Quầy ưu tiên"))
        .await
        .unwrap();
    let points = store.points_of(&unit_id("H56.112")).await.unwrap();
    assert_eq!(points, [point("p1", "Trụ sở"), point("p2", "Điểm Bắc")]);
    let counters = store.counters_of(&unit_id("H56.112")).await.unwrap();
    assert_eq!(
        counters,
        [
            counter("q1", "p1", "Quầy 1"),
            counter("q2", "p1", "Quầy 2"),
            counter("q3", "p2", "Quầy ưu tiên")
        ]
    );
    assert!(
        store
            .counters_of(&unit_id("H56.113"))
            .await
            .unwrap()
            .is_empty()
    );
    let nowhere = counter("q9", "p9", "Quầy 9");
    assert!(
        store.save_counter(nowhere).await.is_err(),
        "a counter stands at a point"
    );
}

pub(crate) async fn posts_are_held_for_a_time(store: &Store) {
    office(store).await;
    let mut ended = post("an", "H56.112", Role::ReceptionClerk);
    ended.post.valid_to = Some(date(2026, 6, 30));
    let officer = post("an", "H56.112", Role::CaseOfficer);
    for new in [
        ended,
        officer.clone(),
        post("chi", "H56.112", Role::CaseOfficer),
    ] {
        store
            .give_post(new, at(0), audit("post.given"))
            .await
            .unwrap();
    }
    let held = store.posts_of(&staff_id("an"), today()).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(
        (held[0].name.as_str(), &held[0].post),
        ("Lê Thị An", &officer.post)
    );
    let then = store
        .posts_of(&staff_id("an"), date(2026, 6, 30))
        .await
        .unwrap();
    assert_eq!(then.len(), 2);
    assert!(
        store
            .posts_of(&staff_id("an"), date(2025, 12, 31))
            .await
            .unwrap()
            .is_empty()
    );

    let mut ending = post("an", "H56.112", Role::CaseOfficer);
    ending.post.valid_to = Some(date(2026, 11, 23));
    store
        .give_post(ending, at(1), audit("post.ended"))
        .await
        .unwrap();
    assert!(
        store
            .posts_of(&staff_id("an"), today())
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn a_role_at_a_unit_is_held_by_name(store: &Store) {
    office(store).await;
    for (staff, unit, role) in [
        ("an", "H56.112", Role::CaseOfficer),
        ("chi", "H56.112", Role::CaseOfficer),
        ("binh", "H56.112", Role::CaseOfficer),
        ("binh", "H56.112", Role::Leader),
        ("binh", "H56.113", Role::CaseOfficer),
    ] {
        let new = post(staff, unit, role);
        store
            .give_post(new, at(0), audit("post.given"))
            .await
            .unwrap();
    }
    let role = Some(Role::CaseOfficer);
    let officers = store
        .staff_of(&unit_id("H56.112"), role, today())
        .await
        .unwrap();
    let names: Vec<&str> = officers.iter().map(|held| held.name.as_str()).collect();
    assert_eq!(
        names,
        ["Đỗ Văn Bình", "Dương Kim Chi", "Lê Thị An"],
        "đ sorts as d"
    );
    let all = store
        .staff_of(&unit_id("H56.112"), None, today())
        .await
        .unwrap();
    assert_eq!(all.len(), 4);
}

pub(crate) async fn staff_are_found_by_id(store: &Store) {
    office(store).await;
    let ids: Vec<_> = ["chi", "nobody", "an", "an"].map(staff_id).into();
    let staff = store.staff(&ids).await.unwrap();
    let names: Vec<&str> = staff.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Lê Thị An", "Dương Kim Chi"]);
    assert!(store.staff(&[]).await.unwrap().is_empty());
}

pub(crate) async fn a_unit_that_ends_ends_the_posts_there(store: &Store) {
    office(store).await;
    let last = date(2026, 11, 30);
    let give = async |who: &str, until: Option<jiff::civil::Date>| {
        let mut new = post(who, "H56.112", Role::CaseOfficer);
        new.post.valid_to = until;
        store
            .give_post(new, at(0), audit("post.given"))
            .await
            .unwrap();
    };
    give("chi", None).await;
    give("binh", Some(date(2026, 11, 25))).await;
    give("an", Some(date(2027, 11, 25))).await;
    let end = store::UnitEnd {
        unit: unit_id("H56.112"),
        last,
        successor: unit_id("H56.113"),
    };
    let ended = store
        .end_unit(end, at(1), audit("unit.ended"))
        .await
        .unwrap();
    assert_eq!(ended, 2, "one ends before");
    let gone = store.unit(&unit_id("H56.112")).await.unwrap().unwrap();
    assert_eq!(gone.valid_to, Some(last));
    assert_eq!(gone.successor, Some(unit_id("H56.113")));
    let first = date(2026, 12, 1);
    assert_eq!(store.staff_of(&gone.id, None, first).await.unwrap(), []);
    assert!(
        !store
            .staff_of(&gone.id, None, last)
            .await
            .unwrap()
            .is_empty()
    );
    let all = store.all_units().await.unwrap();
    assert!(all.contains(&gone) && all.is_sorted_by_key(|unit| unit.id.clone()));
}

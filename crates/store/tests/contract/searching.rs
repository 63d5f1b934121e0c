//! Search, and the names that lists show.

use domain::dossier::Event;
use domain::ids::DossierCode;
use domain::procedure::Channel;
use store::views::{Filter, Found, PartyKey, Scope, SearchScope};
use store::{Batch, KeyedHash, Loaded, PartyRow, Store, faults};

use crate::world::{
    CENTRE, DECIDES, after, batch, code, correct, go_on, id, names, noon, party, publish, receive,
    reception, returned, staff, submitted, to_settled, unit,
};

fn names_of(found: &Found) -> Vec<&str> {
    found
        .by_owner
        .iter()
        .map(|row| row.owner_name.as_str())
        .collect()
}

pub(crate) async fn search_folds_accents_and_case_alike(store: &Store) {
    let owners = [
        "Đặng Thị Ngọc",
        "Dang Thi Ngoc",
        "ĐẶNG THỊ NGỌC QUỲNH",
        "Đặng Thái",
        "Nguyễn Hòa",
        "Nguyễn Hoà",
    ];
    for (n, owner) in owners.iter().enumerate() {
        receive(store, &format!("d-{n}"), owner).await;
    }
    for text in ["dang thi ngoc", "ĐẶNG THỊ NGỌC", "  đặng   thị ngọc"] {
        let found = store
            .views()
            .search(text, &SearchScope::All, 9)
            .await
            .unwrap();
        assert_eq!(names_of(&found), owners[..3], "{text}");
    }
    let found = store
        .views()
        .search("nguyen hoa", &SearchScope::All, 9)
        .await
        .unwrap();
    assert_eq!(names_of(&found), owners[4..]);
    for nothing in ["thi ngoc", "ngoc", "%", "", "…"] {
        let found = store
            .views()
            .search(nothing, &SearchScope::All, 9)
            .await
            .unwrap();
        assert_eq!(found, Found::default(), "{nothing}");
    }
}

pub(crate) async fn search_keeps_to_its_units(store: &Store) {
    for name in ["d-1", "d-2", "d-3"] {
        receive(store, name, "An").await;
    }
    let scope = |units: &[&str]| SearchScope::Units(units.iter().map(|name| unit(name)).collect());
    for (units, count) in [
        (&[CENTRE][..], 3),
        (&[DECIDES], 3),
        (&[CENTRE, DECIDES], 3),
        (&["H56.99"], 0),
        (&[], 0),
    ] {
        let found = store.views().search("an", &scope(units), 9).await.unwrap();
        assert_eq!(found.by_owner.len(), count, "{units:?}");
        let found = store
            .views()
            .search(code(2).as_str(), &scope(units), 9)
            .await
            .unwrap();
        assert_eq!(found.exact.is_some(), count > 0, "{units:?}");
    }
    let found = store
        .views()
        .search("an", &scope(&[CENTRE]), 2)
        .await
        .unwrap();
    assert_eq!(found.by_owner.len(), 2);
}

pub(crate) async fn a_number_is_found_by_its_end(store: &Store) {
    for name in ["d-1", "d-2"] {
        receive(store, name, "An").await;
    }
    for text in ["0002", "2", " 02 "] {
        let found = store
            .views()
            .search(text, &SearchScope::All, 9)
            .await
            .unwrap();
        let codes: Vec<_> = found
            .by_order
            .iter()
            .map(|row| row.code.clone().unwrap())
            .collect();
        assert_eq!(codes, [code(2).as_str()], "{text}");
    }
    let lower = code(1).as_str().to_lowercase();
    let found = store
        .views()
        .search(&lower, &SearchScope::All, 9)
        .await
        .unwrap();
    assert_eq!(found.exact.unwrap().id, "d-1");
}

/// Every day has a dossier with the order 1; a centre may decide what it received itself.
pub(crate) async fn the_newest_of_an_order_are_found_once_each(store: &Store) {
    for day in 0..12_i64 {
        let at = after(24 * day);
        let Event::Submitted { mut filed, .. } = submitted("An", at) else {
            panic!("a dossier begins by being filed");
        };
        if day % 2 == 0 {
            filed.competent = unit(CENTRE);
        }
        let received = Event::Received {
            at,
            code: DossierCode::new(&unit(CENTRE), at.date(), 1),
            limit: None,
            due: None,
            calendar: "2026".to_owned(),
            step_due: at,
        };
        let submitted = Event::Submitted {
            at,
            filed,
            answer_by: None,
        };
        let events = vec![submitted, received];
        let batch = Batch {
            events: store::NewEvents::Ready(events),
            ..reception(&format!("d-{day:02}"), "An", None)
        };
        store.append(batch).await.unwrap();
    }
    let scope = |units: &[&str]| SearchScope::Units(units.iter().map(|name| unit(name)).collect());
    for (scope, all, expected) in [
        (SearchScope::All, 12, ["d-11", "d-10", "d-09"]),
        (scope(&[CENTRE]), 12, ["d-11", "d-10", "d-09"]),
        (scope(&[DECIDES]), 6, ["d-11", "d-09", "d-07"]),
        (scope(&[DECIDES, CENTRE]), 12, ["d-11", "d-10", "d-09"]),
    ] {
        let found = store.views().search("1", &scope, 3).await.unwrap();
        let ids: Vec<_> = found.by_order.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, expected, "{scope:?}");
        let found = store.views().search("an", &scope, 12).await.unwrap();
        let mut ids: Vec<_> = found.by_owner.iter().map(|row| &row.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), all, "{scope:?}");
    }
}

pub(crate) async fn public_progress_names_nobody(store: &Store) {
    let Some(code) = receive(store, "d-1", "Đặng Thị Ngọc").await.code else {
        panic!("a received dossier has a number");
    };
    let progress = store.views().public_progress(&code).await.unwrap().unwrap();
    assert_eq!(
        (progress.state.as_str(), progress.step_name.as_str()),
        ("received", "Tiếp nhận")
    );
    let shown = format!("{progress:?}");
    assert!(
        !shown.contains("Ngọc") && !shown.contains(party("Đặng Thị Ngọc").id.as_str()),
        "{shown}"
    );
    let unknown = DossierCode::parse("H56.14-261122-9999").unwrap();
    assert_eq!(store.views().public_progress(&unknown).await.unwrap(), None);
}

pub(crate) async fn a_corrected_name_reaches_the_lists(store: &Store) {
    receive(store, "d-1", "An").await;
    let corrected = PartyRow {
        name: "Ân".to_owned(),
        ..party("An")
    };
    correct(store, "d-1", corrected).await;
    let row = store
        .views()
        .dossier_row(&id("d-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.owner_name, "Ân");
    let work = store
        .views()
        .work(&Filter::new(Scope::Unit(unit(DECIDES))))
        .await
        .unwrap();
    assert_eq!(work[0].owner_name, "Ân");
    store
        .erase_party(party("An").id, noon(), crate::world::line("root", "p-an"))
        .await
        .unwrap();
    let row = store
        .views()
        .dossier_row(&id("d-1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.owner_name.as_str(), row.owner_folded.as_str()),
        ("", "")
    );
}

async fn owner_of(store: &Store, name: &str) -> String {
    let row = store.views().dossier_row(&id(name)).await.unwrap();
    row.unwrap().owner_name
}

pub(crate) async fn a_closed_dossier_keeps_the_name_it_closed_with(store: &Store) {
    publish(store).await;
    for name in ["open", "shut"] {
        receive(store, name, "An").await;
    }
    go_on(store, "shut", to_settled()).await.unwrap();
    go_on(store, "shut", vec![returned()]).await.unwrap();
    let corrected = PartyRow {
        name: "Ân".to_owned(),
        ..party("An")
    };
    correct(store, "open", corrected.clone()).await;
    assert_eq!(owner_of(store, "open").await, "Ân");
    assert_eq!(owner_of(store, "shut").await, "An");
    assert_eq!(store.check().await.unwrap().differences, []);
    assert_eq!(store.rebuild_views().await.unwrap(), 2);
    assert_eq!(owner_of(store, "shut").await, "An");
    assert_eq!(store.check().await.unwrap().differences, []);

    // The same name again writes to no dossier.
    faults::spoil(
        store,
        "UPDATE dossier SET owner_name = 'x' WHERE id = 'open'",
    )
    .await
    .unwrap();
    correct(store, "open", corrected).await;
    assert_eq!(owner_of(store, "open").await, "x");
    let found = store.check().await.unwrap().differences;
    assert_eq!((found.len(), found[0].column), (1, "owner_name"));

    let line = crate::world::line("root", "p-an");
    assert!(
        store
            .erase_party(party("An").id, noon(), line)
            .await
            .unwrap()
    );
    for name in ["open", "shut"] {
        assert_eq!(owner_of(store, name).await, "", "{name}");
    }
    assert_eq!(store.check().await.unwrap().differences, []);
    faults::spoil(
        store,
        "UPDATE dossier SET owner_name = 'An' WHERE id = 'shut'",
    )
    .await
    .unwrap();
    assert!(!store.check().await.unwrap().is_clean(), "erased is erased");
}

pub(crate) async fn a_person_s_dossiers_are_found_by_number_and_by_telephone(store: &Store) {
    for (name, owner) in [("d-1", "An"), ("d-2", "An"), ("d-3", "Bình")] {
        receive(store, name, owner).await;
    }
    for (name, owner, digit) in [("d-1", "An", 1), ("d-3", "Bình", 2)] {
        let known = PartyRow {
            number_hash: Some(KeyedHash([digit; 32])),
            phone_hash: Some(KeyedHash([9; 32])),
            ..party(owner)
        };
        correct(store, name, known).await;
    }
    let found = async |keys: &[PartyKey], scope: &SearchScope, limit| -> Vec<String> {
        let rows = store.views().dossiers_of(keys, scope, limit).await.unwrap();
        rows.into_iter().map(|row| row.id).collect()
    };
    let number = |digit| PartyKey::Number(KeyedHash([digit; 32]));
    let phone = |digit| PartyKey::Phone(KeyedHash([digit; 32]));
    let scope = |units: &[&str]| SearchScope::Units(units.iter().map(|name| unit(name)).collect());
    let all = SearchScope::All;
    assert_eq!(found(&[number(1)], &all, 9).await, ["d-1", "d-2"]);
    assert_eq!(found(&[number(2)], &all, 9).await, ["d-3"]);
    assert_eq!(found(&[phone(9)], &all, 9).await, ["d-1", "d-2", "d-3"]);
    assert_eq!(found(&[phone(9)], &all, 2).await.len(), 2);
    assert_eq!(found(&[number(1), phone(9)], &all, 9).await.len(), 3);
    for nothing in [&[][..], &[number(9)], &[phone(1)]] {
        assert!(found(nothing, &all, 9).await.is_empty(), "{nothing:?}");
    }
    for units in [&[CENTRE][..], &[DECIDES], &[DECIDES, CENTRE]] {
        assert_eq!(found(&[number(1)], &scope(units), 9).await.len(), 2);
    }
    assert!(found(&[phone(9)], &scope(&["H56.99"]), 9).await.is_empty());
}

/// Files a dossier of `owner` for somebody who applies for her, by post, so many minutes after noon.
async fn file(store: &Store, name: &str, who: (&str, &str, &str), minute: i64) {
    let (filer, applicant, owner) = who;
    let mut event = submitted(owner, after(minute));
    if let Event::Submitted { filed, .. } = &mut event {
        filed.applicant = party(applicant).id;
        filed.channel = Channel::Post;
        filed.agent = Some(staff(filer));
    }
    let known = PartyRow {
        number_hash: Some(KeyedHash([1; 32])),
        ..party("An")
    };
    let batch = Batch {
        actor: filer.to_owned(),
        names: Some(names(owner)),
        parties: vec![known, party("Bình")],
        ..batch(Loaded::absent(id(name)), vec![event])
    };
    store.append(batch).await.unwrap();
}

/// Whoever stands at the counter may have applied for a relative, by post and a minute ago. What is
/// not received yet has its place among the rest, on every engine the same.
pub(crate) async fn a_person_s_dossiers_are_found_before_they_are_received_and_as_applicant(
    store: &Store,
) {
    publish(store).await;
    receive(store, "received", "An").await;
    file(store, "own", ("agent", "An", "An"), 1).await;
    file(store, "other", ("agent", "An", "Bình"), 2).await;
    file(store, "elsewhere", ("agent", "Bình", "Bình"), 3).await;
    let key = [PartyKey::Number(KeyedHash([1; 32]))];
    for (limit, ids) in [
        (9, &["other", "own", "received"][..]),
        (2, &["other", "own"]),
    ] {
        let views = store.views();
        let rows = views.dossiers_of(&key, &SearchScope::All, limit).await;
        let rows = rows.unwrap();
        let found: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(found, ids);
    }
    assert_eq!(store.check().await.unwrap().differences, []);
}

pub(crate) async fn an_agent_of_the_post_lists_her_own_filings(store: &Store) {
    publish(store).await;
    file(store, "d-1", ("agent", "An", "An"), 1).await;
    file(store, "d-2", ("other", "An", "An"), 2).await;
    file(store, "d-3", ("agent", "An", "An"), 3).await;
    receive(store, "d-4", "An").await;
    // A row says who filed, whoever acts on the dossier later.
    go_on(store, "d-1", vec![crate::world::received(9, None)])
        .await
        .unwrap();
    let listed = async |who, centre| -> Vec<String> {
        let (who, centre) = (staff(who), unit(centre));
        let rows = store.views().filed_by(&who, &centre, 9).await.unwrap();
        rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(listed("agent", CENTRE).await, ["d-3", "d-1"]);
    assert_eq!(listed("other", CENTRE).await, ["d-2"]);
    assert!(listed("clerk", CENTRE).await.is_empty());
    assert!(listed("agent", DECIDES).await.is_empty());
}

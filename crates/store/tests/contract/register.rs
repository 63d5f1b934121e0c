//! The register: one number for each reception, continuous in the year of its centre.

use domain::dossier::File;
use domain::ids::FileHash;
use store::faults::spoil;
use store::{BookAsked, Store};

use crate::world::{
    CENTRE, after, batch, id, line, names, noon, publish, receive, staff, submitted, unit,
};

fn numbers(entries: &[store::Entry]) -> Vec<(i64, &str)> {
    let each = entries.iter();
    each.map(|entry| (entry.number, entry.dossier.as_str()))
        .collect()
}

pub(crate) async fn receptions_are_numbered_in_their_order(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2", "d-3"] {
        receive(store, name, "Nguyễn Thị Ánh").await;
    }
    let centre = unit(CENTRE);
    let books = store.books(&centre).await.unwrap();
    assert_eq!(books.len(), 1);
    assert_eq!((books[0].year, books[0].entries), (2026, 3));
    assert_eq!(books[0].closed, None);
    let all = BookAsked::Between(1, 100);
    let entries = store.entries(&centre, 2026, &all).await.unwrap();
    assert_eq!(numbers(&entries), [(1, "d-1"), (2, "d-2"), (3, "d-3")]);
    for (asked, found) in [("2", 1), ("0003", 1), ("nguyen thi", 3), ("Trần", 0)] {
        let like = BookAsked::Like(asked.to_owned());
        let entries = store.entries(&centre, 2026, &like).await.unwrap();
        assert_eq!(entries.len(), found, "{asked}");
    }
    for (hours, found) in [(0, 3), (1, 0)] {
        let day = BookAsked::Received((after(hours), after(hours + 1)));
        let entries = store.entries(&centre, 2026, &day).await.unwrap();
        assert_eq!(entries.len(), found);
    }
    let entry = store.entry_of(&id("d-2")).await.unwrap();
    assert_eq!(entry, Some((2026, 2)));
    assert!(store.check().await.unwrap().is_clean());
    let filed = batch(
        store::Loaded::absent(id("waits")),
        vec![submitted("Ba", noon())],
    );
    let filed = store::Batch {
        names: Some(names("Ba")),
        ..filed
    };
    store.append(filed).await.unwrap();
    assert_eq!(store.entry_of(&id("waits")).await.unwrap(), None);
}

pub(crate) async fn fifty_receptions_at_once_leave_no_gap_in_the_book(store: &Store) {
    publish(store).await;
    let racing = (0..50).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { receive(&store, &format!("d-{n}"), "An").await })
    });
    for one in racing.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let all = BookAsked::Between(1, 100);
    let entries = store.entries(&unit(CENTRE), 2026, &all).await.unwrap();
    let found: Vec<i64> = entries.iter().map(|entry| entry.number).collect();
    assert_eq!(found, (1..=50).collect::<Vec<i64>>());
    // The order of the book is the order of the day.
    let codes = entries.iter().filter_map(|entry| entry.code.as_deref());
    assert!(codes.is_sorted());
    assert!(store.check().await.unwrap().is_clean());
}

pub(crate) async fn a_book_is_closed_once(store: &Store) {
    crate::samples::office(store).await;
    receive(store, "d-1", "An").await;
    let centre = unit(CENTRE);
    let (first, second) = (staff("an"), staff("binh"));
    let volume = |digit: &str| File {
        hash: FileHash::parse(&digit.repeat(64)).unwrap(),
        bytes: 9,
    };
    let close = |who, hours, volumes| {
        let by = (who, after(hours));
        store.close_book((&centre, 2026), by, volumes, line("clerk", "book"))
    };
    let kept = vec![volume("a"), volume("b")];
    assert!(close(first.clone(), 1, kept).await.unwrap());
    assert!(!close(second, 2, vec![volume("c")]).await.unwrap());
    let frozen = async |n| store.frozen_volume(&centre, (2026, n)).await.unwrap();
    assert_eq!(frozen(1).await, Some(volume("a").hash));
    assert_eq!(frozen(2).await, Some(volume("b").hash));
    assert_eq!(frozen(3).await, None);
    let books = store.books(&centre).await.unwrap();
    assert_eq!(books[0].closed, Some((after(1), first)));
}

pub(crate) async fn a_number_that_is_missing_is_named(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2", "d-3"] {
        receive(store, name, "An").await;
    }
    let sql = "DELETE FROM register_entry WHERE dossier = 'd-2'";
    assert_eq!(spoil(store, sql).await.unwrap(), 1);
    let report = store.check().await.unwrap();
    let found: Vec<String> = report.differences.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("register_entry H56.14/2026, number"));
    assert!(found[1].starts_with("register_entry d-2, row"));
}

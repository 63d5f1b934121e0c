//! The register: one number for each reception, continuous in the year of its centre.

use domain::dossier::File;
use domain::ids::{DossierId, FileHash, UnitId};
use store::faults::spoil;
use store::{BookAsked, NewMessage, Store, Stuck};

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
    assert_eq!(books[0].ordered, None);
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

fn volume(digit: &str) -> File {
    File {
        hash: FileHash::parse(&digit.repeat(64)).unwrap(),
        bytes: 9,
    }
}

fn message(body: &str) -> (DossierId, NewMessage) {
    let body = body.to_owned();
    (id("d-1"), NewMessage { kind: "keep", body })
}

/// A book of so many receptions whose close was ordered.
async fn closing_of(store: &Store, entries: usize) -> (UnitId, i16) {
    crate::samples::office(store).await;
    publish(store).await;
    for n in 1..=entries {
        receive(store, &format!("d-{n}"), "An").await;
    }
    let of = (unit(CENTRE), 2026);
    let by = (staff("an"), after(1));
    let ordered = store.order_close(of.clone(), by, message("1"), line("clerk", "book"));
    assert!(ordered.await.unwrap());
    of
}

async fn said(store: &Store) -> Vec<String> {
    let report = store.check().await.unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

pub(crate) async fn a_book_is_closed_once_with_its_last_volume(store: &Store) {
    let of = closing_of(store, 101).await;
    let by = (staff("binh"), after(2));
    let again = store.order_close(of.clone(), by, message("1"), line("clerk", "book"));
    assert!(!again.await.unwrap());
    let waiting = store.messages_left().await.unwrap();
    let book = async || store.books(&of.0).await.unwrap().remove(0);
    let ordered = book().await;
    assert_eq!(ordered.ordered, Some((after(1), staff("an"))));
    assert_eq!((ordered.entries, ordered.volumes()), (101, 2));
    assert!(ordered.is_closing() && ordered.closed().is_none());
    assert_eq!(said(store).await, [""; 0]);
    let keep = |n, digit: &str, next| {
        let closed = line("clerk", "book");
        store.keep_volume((of.clone(), n), volume(digit), after(3), (next, closed))
    };
    let next = || Some(message(r#"{"volume":2}"#));
    assert!(keep(1, "a", next()).await.unwrap());
    // The same message again keeps nothing and sends nothing.
    assert!(!keep(1, "c", next()).await.unwrap());
    assert_eq!(store.messages_left().await.unwrap(), waiting + 1);
    assert_eq!(book().await.kept, 1);
    assert!(book().await.is_closing());
    assert!(keep(2, "b", None).await.unwrap());
    assert!(!keep(2, "c", None).await.unwrap());
    assert_eq!(store.messages_left().await.unwrap(), waiting + 1);
    let kept = async |n| store.kept_volume(&of.0, (2026, n)).await.unwrap();
    assert_eq!(kept(1).await, Some(volume("a").hash));
    assert_eq!(kept(2).await, Some(volume("b").hash));
    assert_eq!(kept(3).await, None);
    assert_eq!(book().await.closed(), Some(&(after(1), staff("an"))));
    assert_eq!(said(store).await, [""; 0]);
    // One volume too many is named.
    assert!(keep(3, "d", None).await.unwrap());
    let many = "register_volume H56.14/2026, volumes: expected 2, found 3";
    assert!(said(store).await.iter().any(|one| one == many));
}

pub(crate) async fn a_volume_that_cannot_be_drawn_keeps_no_other_from_being_kept(store: &Store) {
    let of = closing_of(store, 101).await;
    let waiting = store.messages_left().await.unwrap();
    let stuck = |why: &str, hours| Stuck {
        volume: 1,
        number: 7,
        dossier: "d-7".to_owned(),
        why: why.to_owned(),
        since: after(hours),
    };
    let stop_at = |why: &str, hours| {
        let next = Some(message(r#"{"volume":2}"#));
        store.stick_volume((of.clone(), stuck(why, hours)), next)
    };
    stop_at("damaged", 2).await.unwrap();
    stop_at("still damaged", 3).await.unwrap();
    assert_eq!(
        store.messages_left().await.unwrap(),
        waiting + 1,
        "sent once"
    );
    let found = store.stuck_volumes(&of.0, of.1).await.unwrap();
    let since = Stuck {
        since: after(2),
        ..stuck("still damaged", 3)
    };
    assert_eq!(found, [since]);
    let named = "register_stuck H56.14/2026/1, volume: expected drawn, \
                 found entry 7, dossier d-7: still damaged";
    assert_eq!(said(store).await, [named]);
    let keep = |n, next| {
        let closed = line("clerk", "book");
        store.keep_volume((of.clone(), n), volume("a"), after(4), (next, closed))
    };
    assert!(keep(2, None).await.unwrap());
    let book = async || store.books(&of.0).await.unwrap().remove(0);
    assert!(book().await.is_closing(), "the first one is missing");
    // Mended, it is kept, and the next one is not sent for again.
    let next = Some(message(r#"{"volume":2}"#));
    assert!(keep(1, next).await.unwrap());
    assert_eq!(store.messages_left().await.unwrap(), waiting + 1);
    assert!(book().await.is_closed);
    assert_eq!(store.stuck_volumes(&of.0, of.1).await.unwrap(), []);
    assert_eq!(said(store).await, [""; 0]);
}

pub(crate) async fn a_volume_of_a_closed_book_that_is_missing_is_named(store: &Store) {
    let of = closing_of(store, 1).await;
    let last = (None, line("clerk", "book"));
    let kept = store.keep_volume((of, 1), volume("a"), after(3), last);
    assert!(kept.await.unwrap());
    assert!(store.check().await.unwrap().is_clean());
    let sql = "UPDATE register_volume SET volume = 2";
    assert_eq!(spoil(store, sql).await.unwrap(), 1);
    let named = async || {
        let report = store.check().await.unwrap();
        let found = report.differences.iter().map(ToString::to_string);
        found.collect::<Vec<String>>()
    };
    let said = "register_volume H56.14/2026, volume: expected 1, found 2";
    assert_eq!(named().await, [said]);
    spoil(store, "DELETE FROM register_volume").await.unwrap();
    let said = "register_volume H56.14/2026, volumes: expected 1, found 0";
    assert_eq!(named().await, [said]);
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

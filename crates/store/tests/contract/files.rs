//! Which files are referred to, what remains of removed ones, and who may rewrite them.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::dossier::{Draft, Event, File};
use domain::ids::FileHash;
use domain::slip::Form;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{
    AuditLine, FileDeletion, HeldFiles, NewSlip, Position, SealedColumn, SealedRow, Store,
};

use store::time::from_millis;

use crate::world::{
    after, drafted, finished, go_on, handed_over, id, made, noon, publish, receive, returned,
    settled,
};

fn hash(digit: char) -> FileHash {
    FileHash::parse(&digit.to_string().repeat(64)).unwrap()
}

/// A draft of the result with another document.
fn draft(digit: char) -> Event {
    let Event::ResultDrafted { at, draft } = drafted() else {
        panic!("a draft")
    };
    let document = File {
        hash: hash(digit),
        bytes: 9,
    };
    let draft = Draft { document, ..draft };
    Event::ResultDrafted { at, draft }
}

fn ended() -> Vec<Event> {
    vec![finished(1), finished(2), settled(), made(), returned()]
}

pub(crate) async fn every_file_that_something_refers_to_is_held(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2"] {
        receive(store, name, "Nguyễn An").await;
    }
    let worked = vec![handed_over(), draft('1'), draft('2')];
    go_on(store, "d-1", worked).await.unwrap();
    let slip = NewSlip {
        message: 1,
        dossier: id("d-1"),
        form: Form::Receipt,
        file: hash('3'),
        issued_at: noon(),
    };
    store.record_slip(slip).await.unwrap();
    let held = store.held_files().await.unwrap();
    assert_eq!(
        held.iter().collect::<Vec<_>>(),
        [hash('1'), hash('2'), hash('3')]
    );
    assert_eq!(held.replaced().count(), 0, "the dossier is not closed");

    go_on(store, "d-1", ended()).await.unwrap();
    let held = store.held_files().await.unwrap();
    assert!(
        held.iter().any(|file| file == hash('a')),
        "the document made"
    );
    let replaced: Vec<(FileHash, DateTime)> = held.replaced().collect();
    assert_eq!(replaced, [(hash('1'), noon())], "the last draft stays");

    // Another dossier that still needs the same draft holds it.
    let worked = vec![handed_over(), draft('1')];
    go_on(store, "d-2", worked).await.unwrap();
    let held = store.held_files().await.unwrap();
    assert_eq!((held.replaced().count(), held.len()), (0, 4));
}

fn line() -> AuditLine {
    AuditLine {
        actor: "operator".to_owned(),
        action: "file.deleted".to_owned(),
        subject: hash('a').to_string(),
        purpose: String::new(),
        detail: "QĐ 1, 60d".to_owned(),
    }
}

/// The end of the log. What is younger than a write that runs is not settled yet, also where that is the
/// write of another test, in a database of its own on the same server.
async fn after_all(store: &Store, asked: &[FileHash]) -> Position {
    for _ in 0..1_500 {
        let end = store.settled().await.unwrap();
        if store.held_since(end, asked).await.unwrap().is_empty() {
            return end;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the log does not settle");
}

pub(crate) async fn what_came_since_is_held_too(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "Nguyễn An").await;
    go_on(store, "d-1", vec![handed_over(), draft('1')])
        .await
        .unwrap();
    let asked = ['1', '2', '3', '4'].map(hash);
    let since = after_all(store, &asked).await;
    go_on(store, "d-1", vec![draft('2')]).await.unwrap();
    let slip = NewSlip {
        message: 1,
        dossier: id("d-1"),
        form: Form::Receipt,
        file: hash('3'),
        issued_at: noon(),
    };
    store.record_slip(slip).await.unwrap();
    let held = store.held_since(since, &asked).await.unwrap();
    assert_eq!(held, [hash('2'), hash('3')].into());
}

#[expect(
    clippy::disallowed_methods,
    reason = "the database is on this machine and has its clock"
)]
pub(crate) async fn the_database_has_a_clock(store: &Store) {
    let one = store.clock().await.unwrap();
    let two = store.clock().await.unwrap();
    let here = from_millis(jiff::Timestamp::now().as_millisecond());
    assert!(one <= two && two.saturating_sub(1.minute()) < here);
    assert!(here < one.saturating_add(1.minute()));
}

pub(crate) async fn the_record_of_a_removed_file_stays(store: &Store) {
    let begun = FileDeletion {
        file: hash('a'),
        object: "b".repeat(64),
        bytes: 5,
        kind: "unreferenced".to_owned(),
        rule: "QĐ 1, 60d".to_owned(),
        decided_by: "operator".to_owned(),
        decided_at: noon(),
        deleted_at: None,
    };
    assert_eq!(store.file_deletion(&hash('a')).await.unwrap(), None);
    let removals = async || {
        let known = store.file_removals(&hash('a')).await.unwrap();
        (known.under_way, known.ended)
    };
    assert_eq!(removals().await, (false, 0));
    store.begin_file_deletion(begun.clone()).await.unwrap();
    assert_eq!(removals().await, (true, 0));
    let under_way = store.file_deletions_under_way().await.unwrap();
    assert_eq!(under_way, std::slice::from_ref(&begun));
    store.take_back_file_deletion(&begun).await.unwrap();
    assert_eq!(store.file_deletion(&hash('a')).await.unwrap(), None);

    store.begin_file_deletion(begun.clone()).await.unwrap();
    store
        .finish_file_deletion(&begun, after(1), line())
        .await
        .unwrap();
    // What was carried out is neither taken back nor dated anew.
    store.take_back_file_deletion(&begun).await.unwrap();
    store
        .finish_file_deletion(&begun, after(2), line())
        .await
        .unwrap();
    let lines = store.audited(hash('a').as_str()).await.unwrap();
    assert_eq!(lines.len(), 1, "the line comes with the removal, once");
    let ended = FileDeletion {
        deleted_at: Some(after(1)),
        ..begun.clone()
    };
    let found = store.file_deletion(&hash('a')).await.unwrap();
    assert_eq!(found, Some(ended));
    assert_eq!(store.file_deletions_under_way().await.unwrap(), []);

    assert_eq!(removals().await, (false, 1));
    a_clock_that_is_behind_hides_nothing(store, begun).await;
}

async fn a_clock_that_is_behind_hides_nothing(store: &Store, begun: FileDeletion) {
    let behind = FileDeletion {
        decided_at: noon().saturating_sub(1.hour()),
        ..begun.clone()
    };
    store.begin_file_deletion(behind.clone()).await.unwrap();
    let known = store.file_removals(&hash('a')).await.unwrap();
    assert_eq!((known.under_way, known.ended), (true, 1));
    store.take_back_file_deletion(&behind).await.unwrap();
    let again = FileDeletion {
        decided_at: after(5),
        ..begun
    };
    store.begin_file_deletion(again.clone()).await.unwrap();
    assert_eq!(
        store.file_deletion(&hash('a')).await.unwrap(),
        Some(again),
        "the last one is told"
    );
}

pub(crate) async fn one_at_a_time_has_the_turn_at_the_files(store: &Store) {
    let until = |minutes: i64| noon().saturating_add(minutes.minutes());
    let take = async |who: &str, now: i64, to: i64| {
        let times = (until(now), until(to));
        store.take_files_turn(who, times).await.unwrap()
    };
    assert!(take("one", 0, 5).await);
    assert!(take("one", 1, 6).await, "it is kept");
    assert!(!take("two", 5, 10).await);
    assert!(take("two", 6, 10).await, "who died has it no longer");
    assert!(!take("one", 7, 12).await);
    store.end_files_turn("one").await.unwrap();
    assert!(!take("one", 8, 13).await);
    store.end_files_turn("two").await.unwrap();
    assert!(take("one", 8, 13).await);
}

pub(crate) async fn what_is_sealed_is_replaced_unless_it_changed_meanwhile(store: &Store) {
    publish(store).await;
    receive(store, "d-1", "Nguyễn An").await;
    let rows = store.sealed_rows(SealedColumn::Party, "", 10).await;
    let rows = rows.unwrap();
    let row = rows[0].clone();
    let changed = SealedRow {
        sealed: b"other".to_vec(),
        ..row.clone()
    };
    let replace = async |row: &SealedRow| {
        let pairs = vec![(row.clone(), b"anew".to_vec())];
        store
            .replace_sealed(SealedColumn::Party, pairs)
            .await
            .unwrap()
    };
    assert_eq!(replace(&changed).await, 0);
    assert_eq!(replace(&row).await, 1);
    assert_eq!(replace(&row).await, 0);
    let after = store.sealed_rows(SealedColumn::Party, "", 10).await;
    assert_eq!(after.unwrap()[0].sealed, b"anew");
    for column in SealedColumn::ALL {
        let beyond = store.sealed_rows(column, &row.key, 10).await.unwrap();
        assert!(beyond.iter().all(|one| one.key > row.key), "{column:?}");
        let pairs = vec![(changed.clone(), Vec::new())];
        assert_eq!(store.replace_sealed(column, pairs).await.unwrap(), 0);
    }
}

/// Columns of the tables as the migrations make them, `table.column`, whose line ends as asked.
fn columns(wanted: impl Fn(&str, &str) -> bool) -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let sql = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut table = "";
        for line in sql.lines() {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                table = rest.trim_end_matches(" (");
            }
            let added = line
                .strip_prefix("ALTER TABLE ")
                .and_then(|line| line.split_once(" ADD COLUMN "));
            let column = match added {
                Some((to, column)) => {
                    table = to;
                    Some(column)
                }
                None => line.strip_prefix("    "),
            };
            let column = column.and_then(|column| column.split_once(' '));
            if let Some((column, kind)) = column
                && wanted(column, kind)
            {
                found.insert(format!("{table}.{column}"));
            }
        }
    }
    found
}

/// Ranges of dossiers are read from the log and cleared in tables of their rows: all sort alike. The
/// databases of tests sort by bytes anyway, those of others may not.
#[test]
fn every_text_sorts_by_bytes_on_postgres_too() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let sql = std::fs::read_to_string(&path).unwrap();
        for line in sql
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
        {
            for after in line.split(" TEXT").skip(1) {
                let sorted = after.starts_with(" COLLATE \"C\"");
                assert!(sorted, "{}: {line}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn no_column_that_refers_to_files_and_no_sealed_one_is_forgotten() {
    // A removal's own record keeps no file.
    let names = ["file", "document"];
    let mut files = columns(|column, _| names.contains(&column) || column.ends_with("_file"));
    assert!(files.remove("file_deletion.file"));
    // Nor does what was found in one.
    assert!(files.remove("validation.file"));
    // Digests of documents that are made anew each time they are read, and stored nowhere.
    assert!(files.remove("signing_item.document"));
    assert!(files.remove("local_signing.document"));
    assert_eq!(files, HeldFiles::columns().map(str::to_owned).collect());
    let sealed = columns(|_, kind| kind.starts_with("BLOB"));
    let known = SealedColumn::ALL.map(|column| column.name().to_owned());
    assert_eq!(sealed, known.into_iter().collect());
}

//! What only a database on disk can show: sudden death, a full disk, backup and restore.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};

use store::faults::{POINTS, spoil};
use store::{AppendError, Batch, Database, Store, StoreError};

use crate::engines::{self, Kind};
use crate::world::{after, go_on, handed_over, id, noon, once, publish, receive, reception};

/// Dossiers of the scripted day.
const DAY: u32 = 5;

/// Works through the day in a process that may be killed; run by [`survives`] alone.
#[tokio::test]
#[ignore = "run in a process of its own by the tests that kill it"]
async fn a_scripted_day() {
    let address = std::env::var("MOTCUA_TEST_DAY").unwrap();
    let store = Store::open(&Database::parse(&address).unwrap())
        .await
        .unwrap();
    for n in 1..=DAY {
        let (name, key) = (format!("d-{n}"), format!("form-000{n}"));
        let batch = Batch {
            once: Some(once(&key)),
            ..reception(&name, "An", None)
        };
        let (Ok(done) | Err(AppendError::Repeated(done))) = store.append(batch).await else {
            panic!("a reception neither happened nor had happened");
        };
        writeln!(
            std::io::stdout(),
            "\nreceived {name} {}",
            done.code.unwrap()
        )
        .unwrap();
        if store.load(&id(&name)).await.unwrap().version == 2 {
            go_on(&store, &name, vec![handed_over()]).await.unwrap();
        }
        for message in store.claim(noon(), 1_000, 9).await.unwrap() {
            store.finish(message.id).await.unwrap();
        }
    }
}

/// Runs the day, with or without a fault, and gives what was acknowledged.
fn run_the_day(address: &str, fault: Option<&str>) -> (ExitStatus, Vec<(String, String)>) {
    let mut day = Command::new(std::env::current_exe().unwrap());
    day.args([
        "--exact",
        "surviving::a_scripted_day",
        "--ignored",
        "--nocapture",
    ]);
    day.env("MOTCUA_TEST_DAY", address);
    if let Some(fault) = fault {
        day.env("MOTCUA_FAULT", fault);
    }
    let output = day.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let acknowledged = said.lines().filter_map(|line| {
        let (name, code) = line.strip_prefix("received ")?.split_once(' ')?;
        Some((name.to_owned(), code.to_owned()))
    });
    (output.status, acknowledged.collect())
}

async fn survives(kind: Kind, point: &str, nth: u32) {
    let Some(bench) = engines::open(kind).await else {
        return;
    };
    publish(&bench.store).await;
    let (ended, before) = run_the_day(&bench.address, Some(&format!("{point}:{nth}")));
    assert_eq!(
        ended.signal(),
        Some(9),
        "{point}:{nth} did not kill: {ended}"
    );
    assert_eq!(
        bench.store.check().await.unwrap().differences,
        [],
        "after {point}:{nth}"
    );
    let (ended, all) = run_the_day(&bench.address, None);
    assert!(ended.success(), "{ended}");
    assert_eq!(
        all[..before.len()],
        before,
        "an acknowledged reception changed"
    );
    let mut codes: Vec<&str> = all.iter().map(|(_, code)| code.as_str()).collect();
    codes.sort_unstable();
    let expected: Vec<String> = (1..=DAY)
        .map(|n| crate::world::code(n).to_string())
        .collect();
    assert_eq!(codes, expected);
    for message in bench.store.claim(after(1), 1_000, 9).await.unwrap() {
        bench.store.finish(message.id).await.unwrap();
    }
    assert_eq!(bench.store.messages_left().await.unwrap(), 0);
    assert_eq!(bench.store.check().await.unwrap().differences, []);
    bench.clear().await;
}

#[tokio::test]
async fn sudden_death_at_any_point_loses_nothing_on_sqlite() {
    for point in POINTS {
        survives(Kind::SqliteFile, point, 2).await;
        survives(Kind::SqliteFile, point, 3).await;
    }
}

#[tokio::test]
async fn sudden_death_at_any_point_loses_nothing_on_postgres() {
    for point in POINTS {
        survives(Kind::Postgres, point, 2).await;
        survives(Kind::Postgres, point, 3).await;
    }
}

#[tokio::test]
async fn a_full_disk_keeps_the_database_intact() {
    let folder = engines::folder();
    let database = Database::SqliteFile(folder.join("motcua.db"));
    let store = Store::open(&database).await.unwrap();
    store.migrate().await.unwrap();
    publish(&store).await;
    receive(&store, "d-0", "An").await;
    spoil(&store, "PRAGMA max_page_count = 1").await.unwrap();
    let mut failed = None;
    for n in 1..2_000 {
        let name = format!("d-{n}");
        if let Err(error) = store.append(reception(&name, "An", None)).await {
            failed = Some((name, error));
            break;
        }
    }
    let (name, error) = failed.unwrap();
    assert!(
        matches!(error, AppendError::Broken(StoreError::Database(_))),
        "{error:?}"
    );
    assert_eq!(store.load(&id(&name)).await.unwrap().version, 0);
    spoil(&store, "PRAGMA max_page_count = 100000")
        .await
        .unwrap();
    receive(&store, &name, "An").await;
    assert_eq!(store.check().await.unwrap().differences, []);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    let folder = engines::folder();
    let database = Database::SqliteFile(folder.join("motcua.db"));
    let store = Store::open(&database).await.unwrap();
    store.migrate().await.unwrap();
    receive(&store, "d-1", "An").await;
    store.close().await;
    assert!(store.load(&id("d-1")).await.is_err());
    let store = Store::open(&database).await.unwrap();
    store.prepared().await.unwrap();
    assert_eq!(store.load(&id("d-1")).await.unwrap().version, 2);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_backup_is_restored_and_clean() {
    let folder = engines::folder();
    let (live, copy, restored) = (
        folder.join("live.db"),
        folder.join("copy.db"),
        folder.join("restored.db"),
    );
    let store = Store::open(&Database::SqliteFile(live.clone()))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    publish(&store).await;
    receive(&store, "d-1", "An").await;
    store.backup(&copy).await.unwrap();
    assert!(matches!(
        store.backup(&copy).await,
        Err(StoreError::File { .. })
    ));
    receive(&store, "d-2", "An").await;
    assert!(matches!(
        store::restore(&copy, &live).await,
        Err(StoreError::File { .. })
    ));
    store::restore(&copy, &restored).await.unwrap();
    let store = Store::open(&Database::SqliteFile(restored)).await.unwrap();
    assert_eq!(store.load(&id("d-1")).await.unwrap().version, 2);
    assert_eq!(store.load(&id("d-2")).await.unwrap().version, 0);
    assert_eq!(store.check().await.unwrap().differences, []);
    std::fs::write(
        &copy,
        "not a database at all, but long enough to be looked at",
    )
    .unwrap();
    let end = store::restore(&copy, &folder.join("other.db")).await;
    assert!(matches!(end, Err(StoreError::File { .. })));
    assert!(!folder.join("other.db").exists());
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn nothing_is_restored_beside_the_remains_of_another_database() {
    let folder = engines::folder();
    let (live, copy) = (folder.join("live.db"), folder.join("copy.db"));
    let store = Store::open(&Database::SqliteFile(live)).await.unwrap();
    store.migrate().await.unwrap();
    store.backup(&copy).await.unwrap();
    store.close().await;
    let target = folder.join("restored.db");
    for left in ["restored.db-wal", "restored.db-shm", "restored.db-journal"] {
        std::fs::write(folder.join(left), "pages of before").unwrap();
        let Err(StoreError::File { file, why }) = store::restore(&copy, &target).await else {
            panic!("restored beside {left}");
        };
        assert!(
            file.ends_with(left) && why.contains("move it away"),
            "{file}: {why}"
        );
        assert!(!target.exists());
        std::fs::remove_file(folder.join(left)).unwrap();
    }
    store::restore(&copy, &target).await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

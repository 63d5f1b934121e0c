//! What only a SQLite file can show: a full disk, durable files, backup and restore.

use store::faults::spoil;
use store::{AppendError, Database, Store, StoreError};

use crate::engines;
use crate::world::{id, publish, receive, reception};

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

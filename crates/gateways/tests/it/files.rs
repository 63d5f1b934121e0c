//! The store of files on a real disk.

use std::fs;
use std::path::{Path, PathBuf};

use app::ports::{Files, PortError};
use domain::ids::FileHash;
use gateways::files::{FilesError, LocalFiles};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

fn place(root: &Path) -> PathBuf {
    root.join("2c").join("f2").join(HELLO)
}

#[tokio::test]
async fn what_was_stored_is_read_again_and_twice_is_once() {
    let root = folder("round-trip");
    let files = LocalFiles::open(&root).unwrap();
    let (hash, size) = files.put(b"hello".to_vec()).await.unwrap();
    assert_eq!((hash.as_str(), size), (HELLO, 5));
    let written = fs::metadata(place(&root)).unwrap().modified().unwrap();

    assert_eq!(
        files.put(b"hello".to_vec()).await.unwrap(),
        (hash.clone(), 5)
    );
    assert_eq!(
        fs::metadata(place(&root)).unwrap().modified().unwrap(),
        written
    );
    let reopened = LocalFiles::open(&root).unwrap();
    assert_eq!(reopened.get(&hash).await.unwrap(), b"hello");
    assert_eq!(fs::read_dir(root.join("incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_altered_file_is_never_an_answer_and_storing_again_mends_it() {
    let root = folder("altered");
    let files = LocalFiles::open(&root).unwrap();
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    fs::write(place(&root), b"hellO").unwrap();
    assert!(matches!(files.get(&hash).await, Err(FilesError::Altered(h)) if h == hash));

    files.put(b"hello".to_vec()).await.unwrap();
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
}

#[tokio::test]
async fn a_file_over_the_limit_leaves_nothing_behind() {
    let root = folder("limit");
    let files = LocalFiles::open_with_limit(&root, 4).unwrap();
    let refused = files.put(b"hello".to_vec()).await;
    assert!(matches!(
        refused,
        Err(FilesError::TooLarge { size: 5, limit: 4 })
    ));
    files.put(b"hell".to_vec()).await.unwrap();
    assert!(!place(&root).exists());
}

#[tokio::test]
async fn through_the_port_a_missing_file_fails_and_a_broken_disk_may_be_tried_again() {
    let root = folder("port");
    let files = LocalFiles::open(&root).unwrap();
    let port: &dyn Files = &files;
    let hash = FileHash::parse(HELLO).unwrap();
    assert_eq!(
        port.get(&hash).await,
        Err(PortError::Fail(format!("no file {HELLO} in the store")))
    );

    fs::remove_dir_all(root.join("incoming")).unwrap();
    assert!(matches!(
        port.put(b"hello".to_vec()).await,
        Err(PortError::Retry(_))
    ));
    assert!(!place(&root).exists());
}

#[tokio::test]
async fn twenty_writers_of_one_content_store_it_once() {
    let root = folder("race");
    let files = LocalFiles::open(&root).unwrap();
    let content = vec![7_u8; 50_000];
    let writers: Vec<_> = (0..20)
        .map(|_| {
            let (files, content) = (files.clone(), content.clone());
            tokio::spawn(async move { files.put(content).await.unwrap() })
        })
        .collect();
    let mut answers = Vec::new();
    for writer in writers {
        answers.push(writer.await.unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_eq!(files.get(&answers[0].0).await.unwrap(), content);
}

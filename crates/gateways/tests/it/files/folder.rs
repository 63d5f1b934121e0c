//! On a real disk.

use std::fs;
use std::path::Path;

use app::ports::{Condition, FileKeeping, Files, PortError};
use gateways::FileStore;
use gateways::files::{FilesError, Place};

use super::{HELLO, empty, hello, in_folder, keys, next_keys, noise, object};

/// Every file below a folder.
fn below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn what_was_stored_is_read_again_and_twice_is_once() {
    let root = empty("round-trip");
    let files = in_folder(&root, keys());
    let (hash, size) = files.put(b"hello".to_vec()).await.unwrap();
    assert_eq!((hash.as_str(), size), (HELLO, 5));
    let stored = fs::read(object(&root, &hash)).unwrap();

    assert_eq!(
        files.put(b"hello".to_vec()).await.unwrap(),
        (hash.clone(), 5)
    );
    assert_eq!(fs::read(object(&root, &hash)).unwrap(), stored);
    let reopened = in_folder(&root, keys());
    assert_eq!(reopened.get(&hash).await.unwrap(), b"hello");
    assert_eq!(below(&root).len(), 1);
}

#[test]
fn parts_of_a_file_are_named_as_they_would_be_alone() {
    let files = in_folder(&empty("parts"), keys());
    let content = b"hello, and more";
    let names = files.names(content, &[0, 5, 5, content.len()]);
    let alone = [&b""[..], b"hello", b"hello", content].map(|part| files.name(part));
    assert_eq!(names, alone);
    assert_eq!(names[1].as_str(), HELLO);
}

#[tokio::test]
async fn neither_content_nor_its_hash_can_be_read_in_the_store() {
    let root = empty("sealed");
    let files = in_folder(&root, keys());
    let content = b"%PDF-1.7 Nguyen Thi Hoa 038199000017".repeat(40);
    let (hash, _) = files.put(content).await.unwrap();
    let found = below(&root);
    let [path] = &found[..] else {
        panic!("{found:?}")
    };
    assert!(!path.to_str().unwrap().contains(&hash.as_str()[..8]));
    let stored = fs::read(path).unwrap();
    for secret in [&b"%PDF"[..], b"Hoa", b"0381"] {
        assert!(!stored.windows(secret.len()).any(|part| part == secret));
    }
    // The same content elsewhere, under the same key, is sealed otherwise.
    let again = in_folder(&empty("sealed-again"), keys());
    again.put(b"hello".to_vec()).await.unwrap();
    files.put(b"hello".to_vec()).await.unwrap();
    let other = object(root.with_file_name("sealed-again").as_path(), &hello());
    assert_ne!(
        fs::read(object(&root, &hello())).unwrap(),
        fs::read(other).unwrap()
    );
}

#[tokio::test]
async fn an_altered_file_is_never_an_answer_and_storing_again_mends_it() {
    let root = empty("altered");
    let files = in_folder(&root, keys());
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    let place = object(&root, &hash);
    let whole = fs::read(&place).unwrap();
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        fs::write(&place, &altered).unwrap();
        let answer = files.get(&hash).await;
        // A changed name of the key names a key that nobody has.
        let of_key = (4..12).contains(&at);
        match answer {
            Err(FilesError::Altered(h)) if !of_key => assert_eq!(h, hash),
            Err(FilesError::Key(_)) if of_key => {}
            other => panic!("{at}: {other:?}"),
        }
    }
    for length in [0, 5, whole.len() - 1] {
        fs::write(&place, &whole[..length]).unwrap();
        let answer = files.get(&hash).await;
        assert!(matches!(answer, Err(FilesError::Altered(_))), "{answer:?}");
    }
    let name = keys().file_name(hash.as_str());
    assert_eq!(files.condition(&name).await, Ok(Condition::Altered));
    files.put(b"hello".to_vec()).await.unwrap();
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
}

#[tokio::test]
async fn an_object_moved_to_another_name_does_not_open() {
    let root = empty("moved");
    let files = in_folder(&root, keys());
    let (one, _) = files.put(b"one".to_vec()).await.unwrap();
    let (two, _) = files.put(b"two".to_vec()).await.unwrap();
    fs::copy(object(&root, &one), object(&root, &two)).unwrap();
    assert!(matches!(files.get(&two).await, Err(FilesError::Altered(h)) if h == two));
    assert_eq!(files.get(&one).await.unwrap(), b"one");
}

#[tokio::test]
async fn a_file_over_the_limit_leaves_nothing_behind() {
    let root = empty("limit");
    let place = Place::Folder(root.clone());
    let files = FileStore::open_with_limit(&place, keys(), 4).unwrap();
    let refused = files.put(b"hello".to_vec()).await;
    assert!(matches!(
        refused,
        Err(FilesError::TooLarge { size: 5, limit: 4 })
    ));
    files.put(b"hell".to_vec()).await.unwrap();
    assert!(!object(&root, &hello()).exists());
}

#[tokio::test]
async fn through_the_port_a_missing_file_fails_and_a_broken_disk_may_be_tried_again() {
    let root = empty("port");
    let files = in_folder(&root, keys());
    let port: &dyn Files = &files;
    assert_eq!(
        port.get(&hello()).await,
        Err(PortError::Fail(format!("no file {HELLO} in the store")))
    );

    // A file stands where the shard's folder should.
    let shard = object(&root, &hello());
    fs::write(shard.ancestors().nth(2).unwrap(), "in the way").unwrap();
    assert!(matches!(
        port.put(b"hello".to_vec()).await,
        Err(PortError::Retry(_))
    ));
    assert!(!object(&root, &hello()).exists());
}

#[tokio::test]
async fn twenty_writers_of_one_content_store_it_once() {
    let root = empty("race");
    let files = in_folder(&root, keys());
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
    assert_eq!(below(&root).len(), 1);
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_comes_back_whole() {
    let root = empty("large");
    let files = in_folder(&root, keys());
    for length in [(8 << 20) - 1, 8 << 20, (8 << 20) + 1, 20_000_001] {
        let content = noise(length);
        let (hash, size) = files.put(content.clone()).await.unwrap();
        assert_eq!(size, length as u64);
        assert!(files.get(&hash).await.unwrap() == content, "{length}");
        let mut largest = 0;
        let read = files.read(&hash, |piece| largest = largest.max(piece.len()));
        assert_eq!(read.await.unwrap(), size);
        assert_eq!(largest, 64 << 10, "it passes in pieces");
    }
    let name = keys().file_name(hello().as_str());
    assert_eq!(files.condition(&name).await, Ok(Condition::Missing));
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_no_object() {
    let root = empty("half");
    let files = in_folder(&root, keys());
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    let place = object(&root, &hash);
    // As the store of objects names what it is still writing.
    let half = format!("{}#1", place.display());
    fs::write(half, &fs::read(&place).unwrap()[..9]).unwrap();
    fs::write(place.with_file_name("somebody-else"), "x").unwrap();
    let name = keys().file_name(hash.as_str());
    let shard = u8::from_str_radix(&name[..2], 16).unwrap();
    let listed = files.shard(shard).await.unwrap();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0].object, name);
    assert_eq!(files.kept(&name).await.unwrap().as_ref(), listed.first());
    files.remove(&name).await.unwrap();
    files.remove(&name).await.unwrap();
    assert_eq!(files.kept(&name).await, Ok(None));
    assert!(matches!(
        files.get(&hash).await,
        Err(FilesError::Missing(_))
    ));
}

#[tokio::test]
async fn from_one_master_key_to_the_next_every_file_opens_all_the_time() {
    let root = empty("rotated");
    let old = in_folder(&root, keys());
    let (both, alone) = next_keys();
    let (hash, _) = old.put(b"hello".to_vec()).await.unwrap();
    let (large, _) = old.put(noise(9 << 20)).await.unwrap();
    let files = in_folder(&root, both);
    let (new, _) = files.put(b"new".to_vec()).await.unwrap();
    let newest = in_folder(&root, alone);
    let unknown = newest.get(&hash).await;
    assert!(matches!(unknown, Err(FilesError::Key(_))), "{unknown:?}");
    for (file, anew) in [(&hash, true), (&large, true), (&new, false)] {
        let name = files.object(file);
        assert!(files.get(file).await.is_ok());
        assert_eq!(files.rewrap(&name).await, Ok(anew));
        assert_eq!(files.rewrap(&name).await, Ok(false));
        assert!(files.get(file).await.is_ok() && newest.get(file).await.is_ok());
    }
    assert!(matches!(old.get(&hash).await, Err(FilesError::Key(_))));
    assert!(newest.get(&large).await.unwrap() == noise(9 << 20));
    assert_eq!(below(&root).len(), 3);
}

#[tokio::test]
async fn an_altered_object_is_not_put_under_a_new_key() {
    let root = empty("rotated-altered");
    let (hash, _) = in_folder(&root, keys())
        .put(b"hello".to_vec())
        .await
        .unwrap();
    let place = object(&root, &hash);
    let mut altered = fs::read(&place).unwrap();
    *altered.last_mut().unwrap() ^= 1;
    fs::write(&place, &altered).unwrap();
    let files = in_folder(&root, next_keys().0);
    let refused = files.rewrap(&files.object(&hash)).await;
    assert!(matches!(refused, Err(PortError::Fail(_))), "{refused:?}");
    assert_eq!(fs::read(&place).unwrap(), altered);
}

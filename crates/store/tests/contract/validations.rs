//! What was found of the signatures of files.

use domain::ids::FileHash;
use jiff::ToSpan as _;
use store::{AuditLine, FileDeletion, Store, Validation};

use crate::world::noon;

fn found(digit: char, said: &[u8], minutes: i64) -> Validation {
    Validation {
        file: FileHash::parse(&digit.to_string().repeat(64)).unwrap(),
        sealed: said.to_vec(),
        at: noon().saturating_add(minutes.minutes()),
    }
}

pub(crate) async fn what_was_found_last_of_a_file_is_kept(store: &Store) {
    let files: Vec<FileHash> = "abc"
        .chars()
        .map(|digit| found(digit, b"", 0).file)
        .collect();
    assert_eq!(store.validations(&files).await.unwrap(), []);
    for one in [
        found('a', b"1", 0),
        found('b', b"2", 0),
        found('a', b"3", 5),
    ] {
        store.keep_validation(one).await.unwrap();
    }
    // Who began earlier and came later knows less.
    store.keep_validation(found('a', b"4", 1)).await.unwrap();
    let mut known = store.validations(&files).await.unwrap();
    known.sort_by(|a, b| a.file.cmp(&b.file));
    assert_eq!(known, [found('a', b"3", 5), found('b', b"2", 0)]);

    let removed = FileDeletion {
        file: found('a', b"", 0).file,
        object: "b".repeat(64),
        bytes: 5,
        kind: "draft".to_owned(),
        rule: "a rule".to_owned(),
        decided_by: "operator".to_owned(),
        decided_at: noon(),
        deleted_at: None,
    };
    store.begin_file_deletion(removed.clone()).await.unwrap();
    let line = AuditLine {
        actor: "operator".to_owned(),
        action: "file.deleted".to_owned(),
        subject: removed.file.to_string(),
        purpose: String::new(),
        detail: "a rule".to_owned(),
    };
    let finished = store.finish_file_deletion(&removed, noon(), line);
    finished.await.unwrap();
    let left = store.validations(&files).await.unwrap();
    assert_eq!(left, [found('b', b"2", 0)], "it goes with its file");
}

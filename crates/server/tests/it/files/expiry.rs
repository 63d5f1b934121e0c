//! Removal under retention rules, with sudden deaths.

use app::ports::PortError;

use super::{age, busy};
use crate::support::{Engine, on_both_engines};

on_both_engines!(
    what_nothing_refers_to_is_removed_after_its_time_and_its_record_stays,
    what_an_upload_left_that_never_ended_is_seen_and_removed,
);

#[expect(clippy::too_many_lines, reason = "one life of a file, from end to end")]
async fn what_nothing_refers_to_is_removed_after_its_time_and_its_record_stays(engine: Engine) {
    let at = busy(engine, 2).await;
    let contents = at.contents().await;
    let files = at.file_store();
    let mut left = Vec::new();
    for nth in 0..3_u8 {
        left.push(files.put(vec![nth; 9]).await.unwrap().0);
    }
    let (young, _) = files.put(b"young".to_vec()).await.unwrap();
    for file in left.iter().chain(contents.keys()) {
        age(&at.object(file), 61);
    }
    age(&at.object(&young), 59);
    let listed = at.run(&["files", "expire", "--dry-run"]);
    let said = listed.succeeds().out();
    assert!(said.contains("3 files is over; 0 were removed"), "{said}");
    assert!(
        left.iter().all(|file| said.contains(file.as_str())),
        "{said}"
    );

    // Before one is removed, and after it is removed and before that is recorded.
    let expire = ["files", "expire", "--by", "Lê Văn Tú"];
    at.dies(&expire, "in_expiry:1");
    at.dies(&expire, "in_expiry:2");
    // One of those decided upon is stored anew meanwhile.
    let app = at.app().await;
    let under_way = app.store().file_deletions_under_way().await.unwrap();
    assert_eq!(under_way.len(), 3);
    let again = left
        .iter()
        .position(|file| *file == under_way[2].file)
        .unwrap();
    files
        .put(vec![u8::try_from(again).unwrap(); 9])
        .await
        .unwrap();
    let removed = at.run(&expire);
    assert!(
        removed.succeeds().out().contains("; 2 were removed"),
        "{}",
        removed.out()
    );
    assert_eq!(app.store().file_deletions_under_way().await.unwrap(), []);

    for (nth, file) in left.iter().enumerate() {
        let record = app.store().file_deletion(file).await.unwrap();
        if nth == again {
            assert_eq!(record, None);
            assert_eq!(
                app.files().get(file).await.unwrap(),
                vec![u8::try_from(nth).unwrap(); 9]
            );
            continue;
        }
        let record = record.unwrap();
        assert_eq!((record.bytes, record.kind.as_str()), (9, "unreferenced"));
        assert_eq!(record.decided_by, "Lê Văn Tú");
        let (at, rule) = (record.deleted_at.unwrap(), record.rule);
        assert_eq!(app.store().audited(file.as_str()).await.unwrap().len(), 1);
        assert_eq!(
            app.files().get(file).await,
            Err(PortError::Deleted { at, rule })
        );
    }
    assert_eq!(app.files().get(&young).await.unwrap(), b"young");
    assert_eq!(at.contents().await, contents);
    assert!(
        at.run(&["check"])
            .succeeds()
            .out()
            .contains(" 0 are missing")
    );
    let nothing = at.run(&expire);
    assert!(nothing.succeeds().out().contains("0 files is over; 0 were"));

    // What was removed may come again.
    let gone = usize::from(again == 0);
    let content = vec![u8::try_from(gone).unwrap(); 9];
    app.files().put(content.clone()).await.unwrap();
    assert_eq!(app.files().get(&left[gone]).await.unwrap(), content);
}

async fn what_an_upload_left_that_never_ended_is_seen_and_removed(engine: Engine) {
    let at = busy(engine, 1).await;
    let contents = at.contents().await;
    let whole = at.object(contents.keys().next().unwrap());
    let beside = |end: &str| {
        let mut name = whole.clone().into_os_string();
        name.push(end);
        std::path::PathBuf::from(name)
    };
    let (old, young, other) = (beside("#1"), beside("#2"), beside("#x"));
    for (path, days) in [(&old, 3), (&young, 1), (&other, 30)] {
        std::fs::write(path, b"begun").unwrap();
        age(path, days);
    }
    let checked = at.run(&["check"]);
    let said = checked.succeeds().out();
    assert!(said.contains("; 2 uploads never ended"), "{said}");
    let listed = at.run(&["files", "expire", "--dry-run"]);
    let said = listed.succeeds().out();
    assert!(said.contains("1 beginnings of files are over"), "{said}");
    assert!(old.exists());
    let removed = at.run(&["files", "expire", "--by", "Lê Văn Tú"]);
    let said = removed.succeeds().out();
    assert!(
        said.contains("1 beginnings of files were removed"),
        "{said}"
    );
    assert!(!old.exists() && young.exists() && other.exists());
    let name = old.file_name().unwrap().to_str().unwrap();
    let app = at.app().await;
    let lines = app.store().audited(name).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].line.actor, "Lê Văn Tú");
    assert_eq!(at.contents().await, contents);
}

//! From one master key to the next, with sudden deaths.

use store::SealedColumn;

use super::busy;
use crate::program::Installation;
use crate::support::{Engine, on_both_engines};

on_both_engines!(a_rotation_that_dies_at_any_point_loses_nothing_and_goes_on);

/// What is known of every person, opened.
async fn persons(at: &Installation) -> Vec<serde_json::Value> {
    let store = at.store().await;
    let rows = store.sealed_rows(SealedColumn::Party, "", 1000).await;
    let keys = at.keys();
    let open = |row: store::SealedRow| keys.open(&format!("party:{}", row.key), &row.sealed);
    let persons: Result<Vec<_>, _> = rows.unwrap().into_iter().map(open).collect();
    store.close().await;
    persons.unwrap()
}

async fn a_rotation_that_dies_at_any_point_loses_nothing_and_goes_on(engine: Engine) {
    let at = busy(engine, 6).await;
    let (contents, known) = (at.contents().await, persons(&at).await);
    assert!(contents.len() > 5 && !known.is_empty());
    let old = std::fs::read_to_string(at.file("motcua.key")).unwrap();
    at.run(&["keys", "add"]).succeeds();
    assert_eq!(at.contents().await, contents);
    for fault in ["in_rotation_of_rows:2", "in_rotation:2", "in_rotation:5"] {
        at.dies(&["keys", "rotate"], fault);
        assert_eq!(at.contents().await, contents, "{fault}");
        assert_eq!(persons(&at).await, known, "{fault}");
        at.run(&["check"]).succeeds();
    }
    let turned = at.run(&["keys", "rotate"]);
    let said = turned.succeeds().out();
    let all = format!(
        "of {} files were put under the newest key, 0",
        contents.len()
    );
    assert!(said.lines().count() > 2 && said.contains(&all), "{said}");
    let again = at.run(&["keys", "rotate"]);
    let nothing = format!("and 0 of {} files", contents.len());
    assert!(again.succeeds().out().contains(&nothing), "{}", again.out());

    at.run(&["keys", "retire"]).succeeds();
    assert_eq!(at.keys().ids().len(), 1);
    assert_eq!(at.contents().await, contents);
    assert_eq!(persons(&at).await, known);
    at.run(&["check"]).succeeds();
    // The first key opens nothing any more, and every file is named.
    std::fs::write(at.file("motcua.key"), old).unwrap();
    let locked = at.run(&["check"]);
    locked.fails_with("");
    for file in contents.keys() {
        let said = format!("file {file} does not open: ");
        assert!(locked.out().contains(&said), "{}", locked.out());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_retired_while_something_is_under_it() {
    let at = busy(Engine::Sqlite, 1).await;
    at.run(&["keys", "add"]).succeeds();
    let file = at.contents().await.into_keys().next().unwrap();
    let path = at.object(&file);
    let whole = std::fs::read(&path).unwrap();
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    std::fs::write(&path, altered).unwrap();
    at.run(&["keys", "rotate"]).fails_with("");
    at.run(&["keys", "retire"]).fails_with("older key");
    std::fs::write(&path, whole).unwrap();
    at.run(&["keys", "retire"]).succeeds();
    assert!(at.contents().await.contains_key(&file));
}

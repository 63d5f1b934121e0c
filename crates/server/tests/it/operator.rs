//! What an operator does with the program besides serving: prepare, check, back up, restore.

use std::os::unix::fs::PermissionsExt as _;

use app::intake::Ending;
use app::keys::Keyring;
use server::wiring;
use store::faults::spoil_states;

use crate::program::{Installation, Server};
use crate::support::{Engine, file_copies, on_both_engines};

on_both_engines!(
    an_unprepared_database_is_not_served,
    an_altered_row_is_named_and_fails_the_check,
    a_second_start_of_the_demonstration_keeps_its_data,
);

async fn an_unprepared_database_is_not_served(engine: Engine) {
    let at = Installation::new(engine);
    at.run(&["serve", "--address", "127.0.0.1:0"])
        .fails_with("motcua migrate");
    at.run(&["check"]).fails_with("motcua migrate");
    at.run(&["migrate"]).succeeds();
    at.run(&["migrate"]).succeeds();
    at.run(&["serve", "--address", "127.0.0.1:0"])
        .fails_with("motcua new-key");
    let key = at.file("motcua.key");
    at.run(&["new-key", key.to_str().unwrap()]).succeeds();
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // A key is never overwritten: what it sealed would be lost.
    at.run(&["new-key", key.to_str().unwrap()])
        .fails_with("cannot make");
    assert!(Server::start(&at, "serve", None).stop().success());
    std::fs::write(&key, "no key").unwrap();
    at.run(&["serve", "--address", "127.0.0.1:0"])
        .fails_with("holds no master key");
}

/// An installation with one dossier in it.
async fn with_a_dossier(engine: Engine) -> Installation {
    let at = Installation::new(engine);
    assert!(Server::start(&at, "demo", None).stop().success());
    let keys = std::fs::read_to_string(at.file("motcua.key")).unwrap();
    let keys = Keyring::parse(&keys).unwrap();
    let store = at.store().await;
    let app = wiring::app(store, keys, &at.file("files"), "http://motcua.test")
        .await
        .unwrap();
    file_copies(&app, Ending::Receive).await;
    while app::jobs::work_off(&app).await.unwrap() > 0 {}
    app.store().close().await;
    at
}

async fn an_altered_row_is_named_and_fails_the_check(engine: Engine) {
    let at = with_a_dossier(engine).await;
    assert!(
        at.run(&["check"])
            .succeeds()
            .out()
            .contains("0 differences.")
    );
    let store = at.store().await;
    let changed = spoil_states(&store).await.unwrap();
    assert_eq!(changed, 1);
    store.close().await;
    let ran = at.run(&["check"]);
    ran.fails_with("");
    assert!(
        ran.out().contains("state: found \"returned\""),
        "{}",
        ran.out()
    );
    let made = at.run(&["rebuild"]);
    assert!(made.succeeds().out().contains("1 dossiers"));
    let checked = at.run(&["check"]);
    assert!(checked.succeeds().out().contains("0 differences."));
}

async fn a_second_start_of_the_demonstration_keeps_its_data(engine: Engine) {
    let at = with_a_dossier(engine).await;
    assert!(Server::start(&at, "demo", None).stop().success());
    assert!(
        at.run(&["check"])
            .succeeds()
            .out()
            .starts_with("1 dossiers")
    );
}

#[tokio::test]
async fn a_backup_is_restored_whole() {
    let at = with_a_dossier(Engine::Sqlite).await;
    at.run(&["backup", "copy.db"]).succeeds();
    at.run(&["backup", "copy.db"]).fails_with("copy.db");
    at.run(&["restore", "copy.db"])
        .fails_with("nothing was restored");
    let elsewhere = ["--database", "sqlite:restored.db"];
    at.run(&[&["restore", "copy.db"][..], &elsewhere].concat())
        .succeeds();
    let checked = at.run(&[&["check"][..], &elsewhere].concat());
    assert_eq!(checked.succeeds().out(), at.run(&["check"]).out());
    std::fs::write(at.file("broken.db"), "no database").unwrap();
    let target = ["--database", "sqlite:other.db"];
    at.run(&[&["restore", "broken.db"][..], &target].concat())
        .fails_with("nothing was restored");
    assert!(!at.file("other.db").exists());
}

#[test]
fn a_database_of_no_known_engine_is_named() {
    let at = Installation::new(Engine::Sqlite);
    at.run(&["check", "--database", "mysql://x"])
        .fails_with("mysql://x");
    at.run(&["no-such-command"]).fails_with("no-such-command");
}

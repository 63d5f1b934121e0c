//! A demonstration province with everybody signed in, copied for each death.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

use server::demonstration::folder_beside;
use store::Database;

use crate::http::browser::{Browser, Site};
use crate::program::{Installation, Phoenix, Server};
use crate::support::Engine;

/// The cookies of each person.
pub(super) type People = BTreeMap<&'static str, BTreeMap<String, String>>;

/// The province, at rest.
pub(super) struct Template {
    engine: Engine,
    at: Installation,
    pub(super) people: People,
}

const LOGINS: [&str; 5] = [
    "tiepnhan.hacthanh",
    "giamdoc.hacthanh",
    "chuyenvien.hacthanh",
    "lanhdao.hacthanh",
    "vanthu.hacthanh",
];

/// Fills a province through the binary, and signs everybody in.
pub(super) async fn make(engine: Engine) -> Template {
    let at = Installation::new(engine);
    let demo = Server::start(&at, "demo", None);
    assert!(demo.stop().success());
    let server = Arc::new(Phoenix::start(at, None));
    let mut people = People::new();
    for login in LOGINS {
        let mut browser = Browser::new(Site::Process(Arc::clone(&server)));
        let code = async || {
            server
                .at
                .run(&["totp", login])
                .succeeds()
                .out()
                .trim()
                .to_owned()
        };
        browser.sign_in(login, code).await.is(200);
        people.insert(login, browser.cookies);
    }
    server.stop().await;
    let at = Arc::into_inner(server).unwrap().at;
    Template { engine, at, people }
}

impl Template {
    /// The same province in a place of its own.
    pub(super) fn copy(&self) -> Installation {
        let mut copy = Installation::new(self.engine);
        for name in ["motcua.db", "motcua.db-wal", "motcua.key"] {
            if self.at.file(name).exists() {
                std::fs::copy(self.at.file(name), copy.file(name)).unwrap();
            }
        }
        let keys = [&self.at, &copy].map(|at| folder_beside(&at.file("files")));
        std::fs::create_dir_all(&keys[1]).unwrap();
        for key in std::fs::read_dir(&keys[0]).unwrap() {
            let key = key.unwrap();
            std::fs::copy(key.path(), keys[1].join(key.file_name())).unwrap();
        }
        if let (Database::Postgres(from), Database::Postgres(to)) =
            (&self.at.database, &mut copy.database)
        {
            fill(from, to);
        }
        copy
    }
}

/// PostgreSQL copies a database that nobody is connected to.
fn fill(from: &str, to: &str) {
    let cluster = std::env::var("MOTCUA_TEST_POSTGRES").unwrap();
    let (from, to) = (name(from), name(to));
    let tool = |tool: &str| {
        let mut command = Command::new(tool);
        command.args(["--maintenance-db", &cluster]);
        command
    };
    assert!(tool("dropdb").arg(to).status().unwrap().success());
    let made = tool("createdb").args(["--template", from, to]).status();
    assert!(made.unwrap().success());
}

fn name(url: &str) -> &str {
    let address = url.split('?').next().unwrap();
    address.rsplit('/').next().unwrap()
}

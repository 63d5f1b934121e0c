//! Stored files as an operator looks after them, through the binary: check, change of keys, retention.

mod bucket;
mod expiry;
mod rotation;

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use app::files::Keeping;
use app::intake::Ending;
use app::keys::Keyring;
use app::ports::FileKeeping as _;
use domain::ids::FileHash;
use gateways::FileStore;
use gateways::files::Place;

use crate::program::{Installation, Server};
use crate::support::{Engine, file_copies, on_both_engines};

on_both_engines!(what_is_missing_altered_or_left_over_is_found);

impl Installation {
    fn keys(&self) -> Keyring {
        Keyring::parse(&std::fs::read_to_string(self.file("motcua.key")).unwrap()).unwrap()
    }

    fn file_store(&self) -> FileStore {
        FileStore::open(&Place::Folder(self.file("files")), self.keys()).unwrap()
    }

    async fn keeping(&self) -> Keeping {
        Keeping {
            store: self.store().await,
            files: Arc::new(self.file_store()),
            keys: self.keys(),
        }
    }

    /// Where the object of a file stands.
    fn object(&self, file: &FileHash) -> PathBuf {
        let name = self.file_store().object(file);
        let folder = self.file("files").join(&name[..2]).join(&name[2..4]);
        folder.join(name)
    }

    /// Runs a command that must die at a point.
    fn dies(&self, arguments: &[&str], fault: &str) {
        let mut command = self.motcua(arguments);
        let ran = command.env("MOTCUA_FAULT", fault).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.signal(), Some(9), "{fault}: {said}");
    }

    /// Every file that something refers to, read.
    async fn contents(&self) -> BTreeMap<FileHash, Vec<u8>> {
        let app = self.app().await;
        let mut contents = BTreeMap::new();
        for file in app.store().held_files().await.unwrap().iter() {
            let content = app.files().get(&file).await.unwrap();
            contents.insert(file, content);
        }
        app.store().close().await;
        contents
    }
}

/// An installation with some dossiers, their slips and persons.
async fn busy(engine: Engine, dossiers: usize) -> Installation {
    let at = Installation::new(engine);
    assert!(Server::start(&at, "demo", None).stop().success());
    let app = at.app().await;
    for _ in 0..dossiers {
        file_copies(&app, Ending::Receive).await;
    }
    while app::jobs::work_off(&app).await.unwrap() > 0 {}
    app.store().close().await;
    at
}

/// Makes an object as old as that.
#[expect(
    clippy::disallowed_methods,
    reason = "the disk dates its files by the machine's clock"
)]
fn age(path: &PathBuf, days: u64) {
    let at = SystemTime::now() - Duration::from_hours(24 * days);
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(at).unwrap();
}

async fn what_is_missing_altered_or_left_over_is_found(engine: Engine) {
    let at = busy(engine, 4).await;
    let files: Vec<FileHash> = at.contents().await.into_keys().collect();
    let orphan = at.file_store().put(b"left over".to_vec()).await.unwrap().0;
    let checked = at.run(&["check"]);
    let clean = format!(
        "{} files were read, 0 are missing, altered or locked",
        files.len()
    );
    assert!(
        checked.succeeds().out().contains(&clean),
        "{}",
        checked.out()
    );
    assert!(checked.out().contains("nothing refers to 0 objects"));
    age(&at.object(&orphan), 2);
    assert!(
        at.run(&["check"])
            .succeeds()
            .out()
            .contains("refers to 1 objects")
    );

    std::fs::remove_file(at.object(&files[0])).unwrap();
    let path = at.object(&files[1]);
    let mut content = std::fs::read(&path).unwrap();
    content[100] ^= 1;
    std::fs::write(path, content).unwrap();
    // One bit in the name of its key: nobody has that key, and what lies behind it is read all the same.
    let path = at.object(&files[2]);
    let mut content = std::fs::read(&path).unwrap();
    content[5] ^= 1;
    std::fs::write(path, content).unwrap();
    let checked = at.run(&["check"]);
    checked.fails_with("");
    for said in [
        format!("file {} is missing", files[0]),
        format!("file {} was altered", files[1]),
        format!("file {} does not open: ", files[2]),
        "3 are missing, altered or locked".to_owned(),
        "0 differences.".to_owned(),
    ] {
        assert!(checked.out().contains(&said), "{}", checked.out());
    }
    at.run(&["check", "--no-files"]).succeeds();
    let report = app::files::check(&at.keeping().await).await.unwrap();
    assert_eq!((report.missing.len(), report.altered.len()), (1, 1));
    assert_eq!(report.unopened.len(), 1);
}

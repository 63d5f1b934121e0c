//! A demonstration office for a test: its own database, folder and clock.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use app::access::Actor;
use app::clock::{Ids, ManualClock};
use app::forms::Typed;
use app::intake::{AtCounter, Ending};
use app::keys::Keyring;
use app::processing::Acted;
use app::signing::{Approval, Pin, approve, readable, unlock};
use app::words::Language;
use app::{App, No};
use domain::ids::{DossierId, StaffId, UnitId};
use domain::office::{Role, UnitKind};
use gateways::files::Place;
use gateways::{FileStore, SigningParts};
use jiff::civil::DateTime;
use server::{demonstration, wiring};
use store::{Database, OnceKey, Store};

use crate::authorities::Authorities;

/// The engines that every whole-system test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Instantiates a test on both engines. Without a PostgreSQL the test fails in CI and says that it
/// was skipped elsewhere.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::support::Engine::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if $crate::support::has_postgres() {
                    super::$name($crate::support::Engine::Postgres).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_engines;

/// A document of one empty page.
pub(crate) const PDF: &str = "\
     %PDF-1.4\n\
     1 0 obj\n\
     <</Type/Catalog/Pages 2 0 R>>\n\
     endobj\n\
     2 0 obj\n\
     <</Type/Pages/Kids[3 0 R]/Count 1>>\n\
     endobj\n\
     3 0 obj\n\
     <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>\n\
     endobj\n\
     xref\n\
     0 4\n\
     0000000000 65535 f \n\
     0000000009 00000 n \n\
     0000000054 00000 n \n\
     0000000105 00000 n \n\
     trailer <</Size 4/Root 1 0 R>>\n\
     startxref\n\
     184\n\
     %%EOF\n\
     ";
/// The same, as base64.
pub(crate) const PDF_BASE64: &str = "\
     JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvUGFnZXMgMiAwIFI+PgplbmRvYmoKMiAwIG9iago8PC9U\
     eXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0NvdW50IDE+PgplbmRvYmoKMyAwIG9iago8PC9UeXBlL1BhZ2UvUGFyZW50\
     IDIgMCBSL01lZGlhQm94WzAgMCA1OTUgODQyXS9SZXNvdXJjZXM8PD4+Pj4KZW5kb2JqCnhyZWYKMCA0CjAwMDAw\
     MDAwMDAgNjU1MzUgZiAKMDAwMDAwMDAwOSAwMDAwMCBuIAowMDAwMDAwMDU0IDAwMDAwIG4gCjAwMDAwMDAxMDUg\
     MDAwMDAgbiAKdHJhaWxlciA8PC9TaXplIDQvUm9vdCAxIDAgUj4+CnN0YXJ0eHJlZgoxODQKJSVFT0YK";

/// Whether a PostgreSQL was given; missing in CI is a failure.
pub(crate) fn has_postgres() -> bool {
    let there = std::env::var_os("MOTCUA_TEST_POSTGRES").is_some();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "CI needs MOTCUA_TEST_POSTGRES"
    );
    if !there {
        eprintln!("skipped: MOTCUA_TEST_POSTGRES is not set");
    }
    there
}

/// A folder of the test's own, gone with it.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let name = format!("motcua-it-{}", &Ids::default().token()[..16]);
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A database of the test's own on the engine asked for.
pub(crate) fn database(engine: Engine, folder: &Folder) -> Database {
    if engine == Engine::Sqlite {
        return Database::SqliteFile(folder.0.join("motcua.db"));
    }
    let cluster = std::env::var("MOTCUA_TEST_POSTGRES").unwrap();
    let name = format!("it_{}", &Ids::default().token()[..16]);
    let made = Command::new("createdb")
        .arg("--maintenance-db")
        .arg(&cluster)
        .arg(&name)
        .status();
    assert!(made.unwrap().success(), "createdb failed");
    let (base, options) = cluster
        .split_once('?')
        .map_or((cluster.as_str(), ""), |(b, o)| (b, o));
    let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
    let options = if options.is_empty() {
        String::new()
    } else {
        format!("?{options}")
    };
    Database::Postgres(format!("{server}/{name}{options}"))
}

/// The office.
pub(crate) struct Office {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    folder: Folder,
    /// Where certificates say that they can be asked about.
    told: Option<String>,
}

/// Monday 23 November 2026, 08:00: the day before a holiday.
pub(crate) fn monday() -> DateTime {
    jiff::civil::date(2026, 11, 23).at(8, 0, 0, 0)
}

impl Office {
    pub(crate) async fn open(engine: Engine) -> Self {
        Self::opened(engine, Folder::new(), None).await
    }

    /// An office whose signatures are stamped, and whose certificates can be asked about.
    pub(crate) async fn with_authorities(engine: Engine) -> (Self, Authorities) {
        let folder = Folder::new();
        let signers = demonstration::folder_beside(&folder.0.join("files"));
        let authorities = Authorities::open(&signers).await;
        let office = Self::opened(engine, folder, Some(&authorities)).await;
        (office, authorities)
    }

    /// An office that has other keys beside those in files.
    pub(crate) async fn with_keys(engine: Engine, keys: SigningParts) -> Self {
        Self::signing_with(engine, (Folder::new(), keys), None).await
    }

    async fn opened(engine: Engine, folder: Folder, authorities: Option<&Authorities>) -> Self {
        let signing = SigningParts {
            stamps: authorities.map(Authorities::stamps),
            ..SigningParts::default()
        };
        Self::signing_with(engine, (folder, signing), authorities).await
    }

    async fn signing_with(
        engine: Engine,
        (folder, mut signing): (Folder, SigningParts),
        authorities: Option<&Authorities>,
    ) -> Self {
        let store = Store::open(&database(engine, &folder)).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::new(monday()));
        let keys = Keyring::parse(&"5a".repeat(32)).unwrap();
        let files = folder.0.join("files");
        let keys_of_signers = demonstration::folder_beside(&files);
        signing.soft = Some(demonstration::soft_keys(&keys_of_signers));
        let outside = wiring::Outside {
            public_address: "http://motcua.test".to_owned(),
            clock: Arc::clone(&clock) as Arc<_>,
            notifiers: Vec::new(),
            signing,
            authorities: authorities.map_or_else(wiring::Asks::nobody, Authorities::asks),
        };
        let app = wiring::app_with(store, keys, &files, outside)
            .await
            .unwrap();
        app::demo::seed(&app).await.unwrap();
        let office = Self {
            app,
            clock,
            folder,
            told: authorities.map(Authorities::address),
        };
        office.certify().await;
        office
    }

    /// Everybody whose post signs, and every agency, has a certificate.
    pub(crate) async fn certify(&self) {
        demonstration::certify(&self.app, &self.signers(), self.told.as_deref())
            .await
            .unwrap();
    }

    /// The folder with the keys of the demonstration and its authority.
    pub(crate) fn signers(&self) -> PathBuf {
        demonstration::folder_beside(&self.file_folder())
    }

    /// Reads what is to be signed and signs it.
    pub(crate) async fn sign(
        &self,
        actor: &Actor,
        dossier: &DossierId,
        pin: &str,
    ) -> Result<Acted, No> {
        let read = readable(&self.app, actor, dossier).await?;
        let approval = Approval {
            dossier: dossier.clone(),
            version: read.version,
            key: key(),
            document: read.hash,
        };
        let pin = Pin::new(pin);
        let open = async |signer| unlock(&self.app, signer, &pin).await;
        approve(&self.app, actor, approval, open).await
    }

    pub(crate) fn unit(&self, name: &str) -> UnitId {
        unit_named(&self.app, name)
    }

    pub(crate) fn ward(&self) -> UnitId {
        self.unit("Phường Hạc Thành")
    }

    pub(crate) fn centre(&self) -> UnitId {
        let units = self.app.units();
        units
            .iter()
            .find(|unit| unit.kind == UnitKind::ProvincialCentre)
            .unwrap()
            .id
            .clone()
    }

    /// Handles all messages and insists that none is left or stuck.
    pub(crate) async fn settle_outbox(&self) {
        while app::jobs::work_off(&self.app).await.unwrap() > 0 {}
        let late = self.app.clock().now().saturating_add(jiff::ToSpan::days(1));
        assert_eq!(
            self.app.store().claim(late, 0, 5).await.unwrap(),
            Vec::new()
        );
        assert_eq!(self.app.store().stuck().await.unwrap(), Vec::new());
    }

    /// How many events there are. The log's reader by position may lag behind the newest while any
    /// transaction of the cluster is open; a check counts every row.
    pub(crate) async fn written(&self) -> u64 {
        self.app.store().check().await.unwrap().events
    }

    /// The folder of stored files.
    pub(crate) fn file_folder(&self) -> PathBuf {
        self.folder.0.join("files")
    }

    /// The store of files, opened once more.
    pub(crate) fn file_store(&self) -> FileStore {
        let keys = Keyring::parse(&"5a".repeat(32)).unwrap();
        FileStore::open(&Place::Folder(self.file_folder()), keys).unwrap()
    }

    /// How many files are stored.
    pub(crate) fn files(&self) -> usize {
        count(&self.file_folder())
    }

    /// Insists that the log replays to the tables and every chain holds.
    pub(crate) async fn check(&self) {
        let report = self.app.store().check().await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences);
    }
}

/// A unit of the demonstration province.
pub(crate) fn unit_named(app: &App, name: &str) -> UnitId {
    let units = app.units();
    let found = units
        .iter()
        .find(|unit| unit.name == name && unit.id.as_str().starts_with("H56"));
    found.unwrap_or_else(|| panic!("no unit {name}")).id.clone()
}

/// Files Nguyễn Thị An's certified copies at the ward of Hạc Thành, every paper being there.
pub(crate) async fn file_copies(app: &App, ending: Ending) -> DossierId {
    let typed = typed(&[
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("birth", "31/12/1999"),
        ("address", "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa"),
        ("phone", "0912 345 678"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
    ]);
    let input = AtCounter {
        scans: Vec::new(),
        ending,
        typed,
        draft: None,
        key: key(),
    };
    let who = actor(Role::ReceptionClerk, &unit_named(app, "Phường Hạc Thành"));
    let filed = app::intake::receive(app, &who, input).await;
    filed.unwrap().dossier
}

/// Somebody in one post.
pub(crate) fn actor(role: Role, unit: &UnitId) -> Actor {
    Actor {
        staff: StaffId::parse(&format!("{}-test", role.as_str().replace('_', "-"))).unwrap(),
        name: "Người thử".to_owned(),
        posts: vec![(unit.clone(), role)],
        standing: Vec::new(),
        language: Language::Vi,
    }
}

pub(crate) fn key() -> OnceKey {
    OnceKey::parse(&Ids::default().token()).unwrap()
}

pub(crate) fn typed(fields: &[(&str, &str)]) -> Typed {
    Typed::new(
        fields
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
    )
}

/// Compares with the golden file; `UPDATE_GOLDEN=1` writes it.
pub(crate) fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        agreed == text,
        "{file} differs; look at the change, then run with UPDATE_GOLDEN=1"
    );
}

/// The text of a PDF as one line, as a reader's program copies it.
pub(crate) fn pdf_text(pdf: &[u8]) -> String {
    read_pdf(pdf, "-raw")
}

/// The text of a PDF as one line, line by line of the page with what was filled in.
pub(crate) fn pdf_lines(pdf: &[u8]) -> String {
    read_pdf(pdf, "-layout")
}

fn read_pdf(pdf: &[u8], order: &str) -> String {
    let folder = Folder::new();
    let path = folder.0.join("document.pdf");
    std::fs::write(&path, pdf).unwrap();
    let read = Command::new("pdftotext")
        .args([order, path.to_str().unwrap(), "-"])
        .output()
        .expect("the tests need poppler's pdftotext");
    assert!(read.status.success(), "{read:?}");
    let text = String::from_utf8(read.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn count(folder: &Path) -> usize {
    let inside = std::fs::read_dir(folder).unwrap();
    let paths = inside.map(|entry| entry.unwrap().path());
    paths
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

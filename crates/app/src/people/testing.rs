//! An office in memory, for tests of use cases.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::ids::{FileHash, StaffId, UnitId};
use domain::office::Role;
use domain::slip::Slip;
use jiff::civil::{Date, date};
use store::{Audited, Database, OnceKey, Store};

use crate::access::Actor;
use crate::clock::{Ids, ManualClock};
use crate::demo;
use crate::forms::Typed;
use crate::keys::Keyring;
use crate::no::Fault;
use crate::ports::{CertificateFacts, Certificates, Files, Notifier, OnToken, PortError, Slips};
use crate::words::Language;
use crate::{App, No, Parts};

/// The world outside, which these tests do not ask.
struct Outside;

#[async_trait]
impl Slips for Outside {
    async fn render(&self, _: Slip) -> Result<Vec<u8>, PortError> {
        Err(PortError::Fail("no printer".to_owned()))
    }

    async fn join(&self, _: Vec<Vec<u8>>) -> Result<Vec<u8>, PortError> {
        Err(PortError::Fail("no printer".to_owned()))
    }

    async fn copy(&self, _: Vec<u8>, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
        Err(PortError::Fail("no printer".to_owned()))
    }

    async fn pages(&self, _: Vec<u8>) -> Result<u16, PortError> {
        Err(PortError::Fail("no printer".to_owned()))
    }

    async fn drawing(&self, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
        Err(PortError::Fail("no printer".to_owned()))
    }
}

#[async_trait]
impl Files for Outside {
    fn name(&self, _: &[u8]) -> FileHash {
        FileHash::parse(&"0".repeat(64)).unwrap()
    }

    async fn put(&self, _: Vec<u8>) -> Result<(FileHash, u64), PortError> {
        Err(PortError::Fail("no files".to_owned()))
    }

    async fn get(&self, _: &FileHash) -> Result<Vec<u8>, PortError> {
        Err(PortError::Fail("no files".to_owned()))
    }
}

/// Certificates as lines `name;number;first day;last day;what`, where `what` is `signs`, `authority`
/// or anything else. One of them lies on a token.
struct Papers;

/// The certificate on the token.
pub(crate) const ON_TOKEN: &str = "Nguyễn Văn Bình;038076004321;2026-01-01;2028-01-01;signs";

#[async_trait]
impl Certificates for Papers {
    fn read(&self, file: &[u8]) -> Result<Vec<CertificateFacts>, PortError> {
        let text = std::str::from_utf8(file).unwrap();
        let broken = || PortError::Fail("this is no certificate".to_owned());
        let read = text
            .lines()
            .map(|line| certificate(line).ok_or_else(broken));
        read.collect()
    }

    async fn on_token(&self) -> Result<Vec<OnToken>, PortError> {
        let facts = certificate(ON_TOKEN).unwrap();
        let (token, key) = ("motcua".to_owned(), "0a1b".to_owned());
        Ok(vec![OnToken { token, key, facts }])
    }
}

fn certificate(line: &str) -> Option<CertificateFacts> {
    let [name, number, from, to, what] = line.split(';').collect::<Vec<_>>().try_into().ok()?;
    let day = |text: &str| text.parse::<Date>().ok().map(|day| day.at(9, 0, 0, 0));
    let pair = |label: &str, text: &str| (label.to_owned(), text.to_owned());
    Some(CertificateFacts {
        content: line.as_bytes().to_vec(),
        name: name.to_owned(),
        subject: vec![pair("CN", name), pair("UID", &format!("CCCD:{number}"))],
        issuer: "Cơ quan chứng thực".to_owned(),
        serial: "0a".to_owned(),
        fingerprint: hex::encode(line),
        algorithm: "RSA 2048".to_owned(),
        valid_from: day(from)?,
        valid_to: day(to)?,
        signs: what == "signs",
        authority: what == "authority",
    })
}

/// A printer that prints what a slip says as JSON, and a shelf.
#[derive(Default)]
struct Desk(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl Slips for Desk {
    async fn render(&self, slip: Slip) -> Result<Vec<u8>, PortError> {
        Ok(serde_json::to_vec(&slip).unwrap())
    }

    async fn join(&self, papers: Vec<Vec<u8>>) -> Result<Vec<u8>, PortError> {
        Ok(papers.concat())
    }

    async fn copy(&self, document: Vec<u8>, form: Vec<u8>) -> Result<Vec<u8>, PortError> {
        Ok([document, form].concat())
    }

    async fn pages(&self, document: Vec<u8>) -> Result<u16, PortError> {
        // A form feed ends a page here.
        let pages = document
            .split(|byte| *byte == 0x0c)
            .count()
            .saturating_sub(1);
        u16::try_from(pages).map_err(|_| PortError::Fail("too long".to_owned()))
    }

    async fn drawing(&self, picture: Vec<u8>) -> Result<Vec<u8>, PortError> {
        if picture.starts_with(b"lines") {
            return Ok(picture);
        }
        Err(PortError::Fail("no lines".to_owned()))
    }
}

#[async_trait]
impl Files for Desk {
    fn name(&self, content: &[u8]) -> FileHash {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        FileHash::parse(&format!("{:064x}", hasher.finish())).unwrap()
    }

    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError> {
        let (hash, bytes) = (self.name(&content), content.len() as u64);
        self.0.lock().unwrap().insert(hash.to_string(), content);
        Ok((hash, bytes))
    }

    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError> {
        let kept = self.0.lock().unwrap().get(hash.as_str()).cloned();
        kept.ok_or_else(|| PortError::Fail("no such file".to_owned()))
    }
}

/// The demonstration province without anything filed, which prints and keeps files.
pub(crate) async fn printing() -> (App, Arc<ManualClock>) {
    let desk = Arc::new(Desk::default());
    let (app, clock) = opened(Vec::new(), (Arc::clone(&desk) as Arc<_>, desk)).await;
    demo::seed(&app).await.unwrap();
    (app, clock)
}

/// A store that holds no file.
pub(crate) fn no_files() -> Arc<dyn Files> {
    Arc::new(Outside)
}

/// An empty installation on Monday 23 November 2026, 08:00.
pub(crate) async fn empty() -> (App, Arc<ManualClock>) {
    empty_with(Vec::new()).await
}

/// The same, with channels to people.
pub(crate) async fn empty_with(notifiers: Vec<Arc<dyn Notifier>>) -> (App, Arc<ManualClock>) {
    opened(notifiers, (Arc::new(Outside), Arc::new(Outside))).await
}

async fn opened(
    notifiers: Vec<Arc<dyn Notifier>>,
    (slips, files): (Arc<dyn Slips>, Arc<dyn Files>),
) -> (App, Arc<ManualClock>) {
    let store = Store::open(&Database::SqliteMemory).await.unwrap();
    store.migrate().await.unwrap();
    let clock = Arc::new(ManualClock::new(date(2026, 11, 23).at(8, 0, 0, 0)));
    let parts = Parts {
        store,
        clock: Arc::clone(&clock) as Arc<_>,
        keys: Keyring::parse(&"5a".repeat(32)).unwrap(),
        slips,
        files,
        certificates: Arc::new(Papers),
        signatures: Arc::new(crate::signing::testing::Words),
        validator: Arc::new(crate::verification::testing::Reader),
        notifiers,
        public_address: "http://motcua.test".to_owned(),
    };
    (App::open(parts).await.unwrap(), clock)
}

/// The demonstration province without anything filed.
pub(crate) async fn office() -> App {
    let (app, _) = empty().await;
    demo::seed(&app).await.unwrap();
    app
}

/// A clerk at the counter of the ward of that name.
pub(crate) fn clerk(app: &App, ward: &str) -> Actor {
    let units = app.units();
    let is = |name: &str, id: &UnitId| name == ward && id.as_str().starts_with(demo::PROVINCE);
    let unit = units.iter().find(|unit| is(&unit.name, &unit.id)).unwrap();
    Actor {
        staff: StaffId::parse("clerk").unwrap(),
        name: "Người thử".to_owned(),
        posts: vec![(unit.id.clone(), Role::ReceptionClerk)],
        standing: Vec::new(),
        language: Language::Vi,
    }
}

pub(crate) fn key() -> OnceKey {
    OnceKey::parse(&Ids::default().token()).unwrap()
}

pub(crate) fn typed(fields: &[(&str, &str)]) -> Typed {
    let field = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Typed::new(fields.iter().map(field).collect())
}

/// Keys of the faults with their fields.
#[track_caller]
pub(crate) fn faults(no: No) -> Vec<(&'static str, &'static str)> {
    let No::Invalid(faults) = no else {
        panic!("{no:?} names no fault");
    };
    let pair = |fault: Fault| (fault.field, fault.key);
    faults.into_iter().map(pair).collect()
}

/// The actions in the audit log about `subject`.
pub(crate) async fn audited(app: &App, subject: &str) -> Vec<String> {
    let lines = app.store().audited(subject).await.unwrap();
    let action = |audited: Audited| audited.line.action;
    lines.into_iter().map(action).collect()
}

/// A whole picture of one point.
pub(crate) const PNG_PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\
    \x3a\x7e\x9b\x55\0\0\0\x0aIDAT\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0\xb1\x38\xf6\x14\0\0\0\0IEND\
    \xae\x42\x60\x82";
/// The same as a camera writes it.
pub(crate) const JPEG_PICTURE: &[u8] = b"\xff\xd8\xff\xdb\0\x43\0\x03\x02\x02\x02\x02\x02\x03\x02\x02\x02\x03\
    \x03\x03\x03\x04\x06\x04\x04\x04\x04\x04\x08\x06\x06\x05\x06\x09\x08\x0a\x0a\x09\x08\x09\x09\x0a\x0c\
    \x0f\x0c\x0a\x0b\x0e\x0b\x09\x09\x0d\x11\x0d\x0e\x0f\x10\x10\x11\x10\x0a\x0c\x12\x13\x12\x10\x13\x0f\
    \x10\x10\x10\xff\xc9\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0\xff\xcc\0\x06\0\x10\x10\x05\xff\xda\0\x08\
    \x01\x01\0\0\x3f\0\xd2\xcf\x20\xff\xd9";

//! Seals on tokens of SoftHSM2, each with a PIN of its own in the configuration: one that is wrong is
//! tried once, whoever waits. In a process of its own, because the folder of tokens is the process's.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use app::access::Actor;
use app::certificates::{NewCertificate, register};
use app::clock::VIET_NAM;
use app::no::No;
use app::processing::Order;
use app::signing::{PinState, StoppedSeal, order_try, stopped_seals};
use domain::certificate::{Holder, KeyAt};
use domain::ids::DossierId;
use domain::office::Role;
use gateways::sign::{KeyFault, KeyName, Locator, SignFault, TokenModule, Try};
use gateways::{SealPins, SigningParts};
use jiff::ToSpan as _;
use server::demonstration::PIN;
use simulators::authority::{Authority, KeyKind, Purpose, Subject, rsa_key};

use crate::seal_at_service::forget_the_seal;
use crate::signing::{give, issue, leader, staff, to_approve};
use crate::support::{Engine, Folder, Office, monday, on_both_engines};

on_both_engines!(a_wrong_pin_of_a_seal_is_tried_once_and_somebody_is_told);

const DRIVER: &str = "/usr/lib/softhsm/libsofthsm2.so";
const LABEL: &str = "Dấu Hạc Thành";
const SEAL_PIN: &str = "97531086";
const ID: &str = "5ea1";

async fn a_wrong_pin_of_a_seal_is_tried_once_and_somebody_is_told(engine: Engine) {
    let folder = Folder::new();
    let tokens = folder.0.join("tokens");
    std::fs::create_dir_all(&tokens).unwrap();
    let settings = folder.0.join("softhsm2.conf");
    let text = format!("directories.tokendir = {}\n", tokens.display());
    std::fs::write(&settings, text).unwrap();
    let name = match engine {
        Engine::Sqlite => "seal_pins::inside_on_sqlite",
        Engine::Postgres => "seal_pins::inside_on_postgres",
    };
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", name])
        .env("SOFTHSM2_CONF", settings)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let wrong = String::from_utf8_lossy(&ran.stderr);
    let passed = ran.status.success() && said.contains("1 passed");
    assert!(passed, "{said}\n{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_on_sqlite() {
    inside(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a process of its own, from the test above"]
async fn inside_on_postgres() {
    inside(Engine::Postgres).await;
}

/// An office whose ward's seal is on a token.
struct House {
    office: Office,
    driver: TokenModule,
    pins: PathBuf,
    _folder: Folder,
}

impl House {
    async fn open(engine: Engine) -> Self {
        let folder = Folder::new();
        let certificate = token(&folder.0).await;
        let driver = TokenModule::load(Path::new(DRIVER)).unwrap();
        let pins = folder.0.join("pins");
        configure(&pins, &format!("111111 another\n000000 {LABEL}\n"), 0o600);
        let keys = SigningParts {
            tokens: Some(driver.clone()),
            seal_pins: Some(SealPins::at(&pins).unwrap()),
            ..SigningParts::default()
        };
        let office = Office::with_keys(engine, keys).await;
        forget_the_seal(&office).await;
        let new = NewCertificate {
            unit: office.ward(),
            holder: Holder::Agency,
            key: KeyAt::Token {
                token: LABEL.to_owned(),
                key: ID.to_owned(),
            },
            file: certificate,
        };
        register(&office.app, "system", new).await.unwrap();
        Self {
            office,
            driver,
            pins,
            _folder: folder,
        }
    }

    async fn signed(&self) -> DossierId {
        let id = to_approve(&self.office).await;
        let leader = leader(&self.office);
        self.office.sign(&leader, &id, PIN).await.unwrap();
        id
    }

    fn clerk(&self) -> Actor {
        staff(&self.office, "vanthu-hacthanh", Role::SealClerk)
    }

    async fn told(&self, actor: &Actor) -> Vec<StoppedSeal> {
        stopped_seals(&self.office.app, actor).await.unwrap()
    }

    /// The worker looks at everything that is to be done, so much later.
    async fn later(&self, span: jiff::Span) {
        let now = self.office.app.clock().now();
        self.office.clock.set(now.checked_add(span).unwrap());
        while app::jobs::work_off(&self.office.app).await.unwrap() > 0 {}
    }

    async fn is_sealed(&self, id: &DossierId) -> bool {
        let loaded = self.office.app.store().load(id).await.unwrap();
        loaded.dossier.issued().unwrap().official.is_some()
    }

    /// What the token says to a right PIN that nobody is sure of: whether it counts a wrong one.
    fn counts_a_wrong_one(&self) -> bool {
        let key = Locator {
            token: LABEL.to_owned(),
            key: KeyName::Id(hex::decode(ID).unwrap()),
        };
        match self.driver.unlock_as(&key, (SEAL_PIN, Try::Unsure)) {
            Ok(_) => false,
            Err(SignFault::Key(KeyFault::WrongBefore)) => {
                // The right one, which has it forget.
                self.driver.unlock(&key, SEAL_PIN).unwrap();
                true
            }
            Err(other) => panic!("{other}"),
        }
    }
}

fn configure(pins: &Path, text: &str, mode: u32) {
    std::fs::write(pins, text).unwrap();
    std::fs::set_permissions(pins, Permissions::from_mode(mode)).unwrap();
}

/// Makes a token with a key on it; answers its certificate.
async fn token(folder: &Path) -> Vec<u8> {
    let authority = Authority::generate("Seals", None).unwrap();
    let pem = rsa_key().await.unwrap();
    let now = std::time::SystemTime::from(VIET_NAM.to_timestamp(monday()).unwrap());
    let day = Duration::from_hours(24);
    let subject = Subject {
        from: now - day,
        until: now + day * 300,
        ..Subject::new("Phường Hạc Thành", Purpose::Signature)
    };
    let identity = authority.issue(&subject, &KeyKind::Given(pem.clone()));
    identity.unwrap().save(folder, "seal").unwrap();
    let key = folder.join("key.pem");
    std::fs::write(&key, pem).unwrap();
    let utility = |arguments: &[&str]| {
        let done = Command::new("softhsm2-util").args(arguments).output();
        let done = done.expect("the tests need softhsm2-util");
        assert!(done.status.success(), "{done:?}");
    };
    utility(&[
        "--init-token",
        "--free",
        "--label",
        LABEL,
        "--pin",
        SEAL_PIN,
        "--so-pin",
        "13579135",
    ]);
    let key = key.to_str().unwrap();
    utility(&[
        "--import", key, "--token", LABEL, "--label", "seal", "--id", ID, "--pin", SEAL_PIN,
    ]);
    std::fs::read(folder.join("seal.pem")).unwrap()
}

async fn inside(engine: Engine) {
    let house = House::open(engine).await;
    let (first, second) = (house.signed().await, house.signed().await);
    let third = house.signed().await;
    issue(&house.office, &first).await;
    issue(&house.office, &second).await;
    house.later(0.seconds()).await;
    assert!(house.counts_a_wrong_one(), "the PIN was tried");
    stopped_and_told(&house, [&first, &second]).await;

    // Days go by, and it is not tried again; nothing more is issued.
    for hours in [1, 8, 48] {
        house.later(hours.hours()).await;
    }
    assert!(!house.counts_a_wrong_one(), "it was tried once");
    let refused = give(&house.office, &house.clerk(), &third, Order::Issue).await;
    let Err(No::Invalid(faults)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(faults[0].key, "fault.seal_stopped");

    // Whoever keeps the seal has it tried, once.
    let told = house.told(&house.clerk()).await[0].clone();
    let (place, stop) = (told.place.clone(), (told.place.as_str(), told.since));
    let app = &house.office.app;
    assert!(order_try(app, &leader(&house.office), stop).await.is_err());
    order_try(app, &house.clerk(), stop).await.unwrap();
    assert_eq!(app.store().audited(&place).await.unwrap().len(), 1);
    for _ in 0..3 {
        house.later(2.minutes()).await;
    }
    assert!(house.counts_a_wrong_one());
    house.later(1.hour()).await;
    assert!(!house.counts_a_wrong_one());
    assert_eq!(house.told(&house.clerk()).await[0].state, PinState::Wrong);

    // The second of two presses comes when it was tried already.
    order_try(app, &house.clerk(), stop).await.unwrap();
    house.later(2.minutes()).await;
    assert!(!house.counts_a_wrong_one());
    assert_eq!(app.store().audited(&place).await.unwrap().len(), 1);

    // The PIN is mended, and everything goes on by itself.
    configure(&house.pins, &format!("{SEAL_PIN} {LABEL}\n"), 0o600);
    house.later(2.minutes()).await;
    for id in [&first, &second] {
        assert!(house.is_sealed(id).await);
    }
    assert_eq!(house.told(&house.clerk()).await, []);
    issue(&house.office, &third).await;
    configure(&house.pins, &format!("{SEAL_PIN} {LABEL}\n"), 0o640);
    house.later(0.seconds()).await;
    let told = house.told(&house.clerk()).await;
    assert_eq!(told[0].state, PinState::Missing, "others could read it");
    configure(&house.pins, &format!("{SEAL_PIN} {LABEL}\n"), 0o400);
    house.later(2.minutes()).await;
    assert!(house.is_sealed(&third).await);
    assert_eq!(house.told(&house.clerk()).await, []);
    house.office.settle_outbox().await;
    house.office.check().await;
}

/// Who keeps the seal is told with the dossiers, the administrator without.
async fn stopped_and_told(house: &House, waiting: [&DossierId; 2]) {
    for id in waiting {
        assert!(!house.is_sealed(id).await);
    }
    let told = house.told(&house.clerk()).await;
    let [stop] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((stop.state, stop.name.as_str()), (PinState::Wrong, LABEL));
    assert_eq!((stop.waiting, &stop.unit), (2, &house.office.ward()));
    let mut named: Vec<&DossierId> = stop.named.iter().flat_map(|(_, id)| id).collect();
    named.sort();
    let mut all = waiting.to_vec();
    all.sort();
    assert_eq!(named, all);
    let administrator = staff(&house.office, "quantri", Role::Administrator);
    let told = house.told(&administrator).await;
    assert_eq!(told[0].waiting, 2);
    assert!(
        told[0]
            .named
            .iter()
            .all(|(number, id)| !number.is_empty() && id.is_none())
    );
    assert_eq!(house.told(&leader(&house.office)).await, []);
}

//! Results approved with keys at remote services: the simulators of each speak its protocol on the
//! wire, and the worker looks after what was asked.

use std::path::Path;
use std::sync::Arc;

use app::App;
use app::access::Actor;
use app::certificates::{NewCertificate, register};
use app::clock::{Clock as _, ManualClock};
use app::intake::Ending;
use app::jobs::work_requests;
use app::keys::Keyring;
use app::processing::{Act, Attached, Order, act};
use app::signing::Pin;
use app::signing::batch::{
    self, Chosen, SigningItemRow, SigningState, Stage, batch_document, make_batch, prepare_batch,
};
use app::signing::remote::{Typed, sign};
use domain::certificate::{Holder, KeyAt};
use domain::dossier::{Event, Outcome};
use domain::ids::{DossierId, StaffId};
use domain::office::Role;
use gateways::remote::parse;
use gateways::verify::{Anchor, Conclusion, Evidence, Overall, Root, Trust, validate};
use gateways::{SigningParts, SoftKeys};
use jiff::ToSpan as _;
use serde_json::json;
use server::{demonstration, wiring};
use simulators::Running;
use simulators::authority::{Authority, KeyKind, Purpose, Subject};
use simulators::control::Desk;
use simulators::people::Person;
use simulators::{csc, my_sign, public_gateway, smart_ca, tsa};
use store::{Database, Store};

use crate::support::{
    Engine, Folder, actor, database, file_copies, key, monday, on_both_engines, unit_named,
};

on_both_engines!(
    every_service_signs_what_was_read_and_the_seal_follows,
    who_rejects_or_lets_it_expire_signs_nothing_and_may_sign_again,
    a_service_that_is_down_and_a_worker_that_is_killed_lose_nothing,
    a_spoilt_answer_is_not_used,
);

const USER: &str = "038080000011";
const SERVICES: [&str; 4] = ["smart_ca", "my_sign", "csc", "gateway"];

/// An office whose leader's key lies at one service, and the service.
struct House {
    app: App,
    clock: Arc<ManualClock>,
    desk: Arc<Desk>,
    root: Vec<u8>,
    database: Database,
    services: String,
    folder: Folder,
    _running: Running,
}

fn signing(services: &str, soft: SoftKeys) -> SigningParts {
    SigningParts {
        soft: Some(soft),
        remote: parse(services).unwrap().into(),
        ..SigningParts::default()
    }
}

async fn opened(database: &Database, folder: &Path, services: &str) -> (App, Arc<ManualClock>) {
    let store = Store::open(database).await.unwrap();
    store.migrate().await.unwrap();
    let clock = Arc::new(ManualClock::new(monday()));
    let keys = Keyring::parse(&"5a".repeat(32)).unwrap();
    let files = folder.join("files");
    let soft = demonstration::soft_keys(&demonstration::folder_beside(&files));
    let parts = (
        "http://motcua.test",
        Arc::clone(&clock) as Arc<_>,
        signing(services, soft),
    );
    let app = wiring::app_with_clock(store, keys, &files, parts).await;
    (app.unwrap(), clock)
}

/// The service of that name with one person's key, where it listens, and what its file says of it.
pub(crate) async fn service(name: &str, people: Vec<Person>) -> (Running, Arc<Desk>, String) {
    let (site, desk, path, more) = match name {
        "smart_ca" => {
            let service = Arc::new(smart_ca::SmartCa::new(people, 1));
            let more = json!({"sp_id": "motcua", "sp_password": "demo"});
            (
                smart_ca::site(&service),
                service.desk.clone(),
                "/sca/sp769/v1",
                more,
            )
        }
        "my_sign" => {
            let people = people.into_iter().map(|one| Person {
                user: format!("CMT_{}", one.user),
                ..one
            });
            let service = Arc::new(my_sign::MySign::new(people.collect(), 1));
            let more = json!({"client_id": "motcua", "client_secret": "demo"});
            (
                my_sign::site(&service),
                service.desk.clone(),
                "/vtss/service",
                more,
            )
        }
        "csc" => {
            let authority = Authority::generate("Stamps", None).unwrap();
            let stamps = Subject::new("Stamps", Purpose::TimeStamps);
            let stamps = authority.issue(&stamps, &KeyKind::P256).unwrap();
            let stamps = Arc::new(tsa::TimeStamps::new(stamps));
            let service = Arc::new(csc::Csc::new(people, stamps));
            let more = json!({"login": "motcua", "password": "demo"});
            (csc::site(&service), service.desk.clone(), "/csc/v1", more)
        }
        _ => {
            let service = Arc::new(public_gateway::PublicGateway::new(people));
            let more = json!({"token": "demo", "ca_name": "SIM"});
            (
                public_gateway::site(&service),
                service.desk.clone(),
                "/gateway",
                more,
            )
        }
    };
    let running = Running::start(site, 0).await.unwrap();
    let mut entry = json!({
        "name": name, "service": name, "url": format!("http://{}{path}", running.address),
        "asked": {"patience_seconds": 2, "every_seconds": 1, "times": 4},
    });
    let entry = entry.as_object_mut().unwrap();
    entry.extend(more.as_object().unwrap().clone());
    (running, desk, json!({"services": [entry]}).to_string())
}

impl House {
    async fn open(engine: Engine, name: &str) -> Self {
        let folder = Folder::new();
        let database = database(engine, &folder);
        let authority = Authority::generate("Signers", None).unwrap();
        let mut subject = Subject::new("Nguyễn Văn Bình", Purpose::Signature);
        let now = app::clock::VIET_NAM.to_timestamp(monday()).unwrap();
        let now = std::time::SystemTime::from(now);
        let day = std::time::Duration::from_hours(24);
        (subject.from, subject.until) = (now - day, now + day * 300);
        let identity = Arc::new(authority.issue(&subject, &KeyKind::P256).unwrap());
        let people = vec![Person::new(USER, "key-1", Arc::clone(&identity))];
        let (running, desk, services) = service(name, people).await;
        let (app, clock) = opened(&database, &folder.0, &services).await;
        app::demo::seed(&app).await.unwrap();
        identity.save(&folder.0, "leader").unwrap();
        let new = NewCertificate {
            unit: unit_named(&app, "Phường Hạc Thành"),
            holder: Holder::Person {
                staff: StaffId::parse("lanhdao-hacthanh").unwrap(),
                role: Role::Leader,
            },
            key: KeyAt::Remote {
                service: name.to_owned(),
                credential: USER.to_owned(),
            },
            file: std::fs::read(folder.0.join("leader.pem")).unwrap(),
        };
        register(&app, "system", new).await.unwrap();
        let soft = demonstration::folder_beside(&folder.0.join("files"));
        demonstration::certify(&app, &soft, None).await.unwrap();
        Self {
            root: authority.root().to_vec(),
            app,
            clock,
            desk,
            database,
            services,
            folder,
            _running: running,
        }
    }

    /// The same office after its processes died.
    async fn restarted(&mut self) {
        let now = self.clock.now();
        let again = opened(&self.database, &self.folder.0, &self.services).await;
        (self.app, self.clock) = again;
        self.clock.set(now);
    }

    async fn ask(&self, made: &str) {
        self.ask_with(made, "12345678").await;
    }

    async fn ask_with(&self, made: &str, pin: &str) {
        let typed = Typed {
            pin: Pin::new(pin),
            code: Pin::new(""),
        };
        let leader = leader(&self.app);
        sign(&self.app, &leader, (made, &Chosen::All), typed)
            .await
            .unwrap();
        loop {
            let row = self.app.store().signing_batch(made).await.unwrap();
            if row.unwrap().held_until.is_none() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The worker looks once, two seconds later.
    async fn later(&self) -> usize {
        self.clock.set(self.clock.now().saturating_add(2.seconds()));
        work_requests(&self.app).await.unwrap()
    }

    /// The worker looks until nothing is under way.
    async fn settled(&self, made: &str) -> (Stage, String, Vec<SigningState>) {
        for _ in 0..60 {
            self.later().await;
            let live = self.app.store().signing_request_of(made).await.unwrap();
            if live.is_none() {
                break;
            }
        }
        let page = batch::batch(&self.app, &leader(&self.app), made)
            .await
            .unwrap();
        let states = page.items.iter().map(SigningItemRow::state).collect();
        (page.stage, page.row.told, states)
    }

    /// The document under the only signature of a dossier, and that there is one.
    async fn signed(&self, dossier: &DossierId) -> Vec<u8> {
        let loaded = self.app.store().load(dossier).await.unwrap();
        let mut signed = loaded
            .events
            .iter()
            .filter_map(|recorded| match &recorded.event {
                Event::ResultSigned(signature) => Some(signature.file.hash.clone()),
                _ => None,
            });
        let hash = signed.next().unwrap();
        assert_eq!(signed.next(), None, "signed once");
        self.app.files().get(&hash).await.unwrap()
    }
}

fn staff(app: &App, login: &str, role: Role) -> Actor {
    Actor {
        staff: StaffId::parse(login).unwrap(),
        ..actor(role, &unit_named(app, "Phường Hạc Thành"))
    }
}

fn leader(app: &App) -> Actor {
    staff(app, "lanhdao-hacthanh", Role::Leader)
}

async fn give(app: &App, who: &Actor, id: &DossierId, order: Order) {
    let input = Act {
        dossier: id.clone(),
        version: app.store().load(id).await.unwrap().version,
        key: key(),
        order,
    };
    act(app, who, input).await.unwrap();
}

/// A batch of so many documents, each of which was read.
async fn read(app: &App, many: usize) -> (String, Vec<DossierId>) {
    let (leader, mut dossiers) = (leader(app), Vec::new());
    for _ in 0..many {
        let id = file_copies(app, Ending::Receive).await;
        let clerk = staff(app, "tiepnhan-hacthanh", Role::ReceptionClerk);
        give(app, &clerk, &id, Order::HandOver).await;
        let officer = staff(app, "chuyenvien-hacthanh", Role::CaseOfficer);
        let draft = Order::DraftResult {
            last_day: None,
            outcome: Outcome::Granted,
            summary: "Chứng thực bản sao từ bản chính".to_owned(),
            document: Vec::new(),
            attached: Attached::default(),
        };
        give(app, &officer, &id, draft).await;
        give(app, &officer, &id, Order::Forward).await;
        dossiers.push(id);
    }
    let made = make_batch(app, &leader, (&key(), dossiers)).await.unwrap();
    prepare_batch(app, &leader, &made).await.unwrap();
    let page = batch::batch(app, &leader, &made).await.unwrap();
    let mut dossiers = Vec::new();
    for item in &page.items {
        batch_document(app, &leader, (&made, item.place))
            .await
            .unwrap();
        dossiers.push(DossierId::parse(&item.dossier).unwrap());
    }
    (made, dossiers)
}

async fn every_service_signs_what_was_read_and_the_seal_follows(engine: Engine) {
    for name in SERVICES {
        let house = House::open(engine, name).await;
        let (made, dossiers) = read(&house.app, 3).await;
        house.ask(&made).await;
        let (stage, told, states) = house.settled(&made).await;
        assert_eq!((stage, told.as_str()), (Stage::Done, ""), "{name}");
        assert_eq!(states, [SigningState::Signed; 3], "{name}");
        let anchor = Anchor {
            name: "Signers".to_owned(),
            root: Root::Other,
            certificate: house.root.clone(),
        };
        let trust = Trust {
            anchors: vec![anchor],
        };
        let at = app::clock::VIET_NAM
            .to_timestamp(house.clock.now())
            .unwrap();
        for dossier in &dossiers {
            let document = house.signed(dossier).await;
            let verdict = validate(&document, &trust, at, &Evidence::default());
            let known = Overall::Signed(Conclusion::RevocationUnknown);
            assert_eq!(verdict.overall, known, "{name}: {verdict:#?}");
            assert_eq!(verdict.signatures.len(), 1);
        }
        let seal = staff(&house.app, "vanthu-hacthanh", Role::SealClerk);
        give(&house.app, &seal, &dossiers[0], Order::Issue).await;
        while app::jobs::work_off(&house.app).await.unwrap() > 0 {}
        let loaded = house.app.store().load(&dossiers[0]).await.unwrap();
        let official = loaded.dossier.issued().unwrap().official.clone();
        let official = house
            .app
            .files()
            .get(&official.unwrap().hash)
            .await
            .unwrap();
        let verdict = validate(&official, &trust, at, &Evidence::default());
        let whole = |one: &gateways::verify::Signature| one.intact && one.genuine && one.permitted;
        assert!(verdict.signatures.iter().all(whole), "{name}: {verdict:#?}");
        assert_eq!(verdict.signatures.len(), 2, "{name}");
    }
}

async fn who_rejects_or_lets_it_expire_signs_nothing_and_may_sign_again(engine: Engine) {
    for name in SERVICES {
        let house = House::open(engine, name).await;
        let (made, dossiers) = read(&house.app, 2).await;
        let faults: &[(&str, &str)] = match name {
            // Nothing waits for a phone there: the PIN is wrong.
            "csc" => &[("", "remote.pin")],
            _ => &[
                ("rejected", "remote.rejected"),
                ("expired", "remote.expired"),
            ],
        };
        for (fault, expected) in faults {
            if fault.is_empty() {
                house.ask_with(&made, "87654321").await;
            } else {
                house.desk.plan(fault);
                house.ask(&made).await;
            }
            let (stage, told, states) = house.settled(&made).await;
            assert_eq!(stage, Stage::Stopped, "{name} {fault}");
            assert_eq!(&told, expected, "{name} {fault}");
            assert_eq!(states, [SigningState::Failed; 2], "{name} {fault}");
        }
        house.ask(&made).await;
        let (stage, told, _) = house.settled(&made).await;
        assert_eq!((stage, told.as_str()), (Stage::Done, ""), "{name}");
        for dossier in &dossiers {
            house.signed(dossier).await;
        }
    }
}

async fn a_service_that_is_down_and_a_worker_that_is_killed_lose_nothing(engine: Engine) {
    for name in ["smart_ca", "my_sign"] {
        let mut house = House::open(engine, name).await;
        let (made, dossiers) = read(&house.app, 2).await;
        for fault in ["dead", "broken", "garbage"] {
            house.desk.plan(fault);
        }
        house.ask(&made).await;
        // Down before it takes the request; then killed once the service has it.
        let request = loop {
            house.later().await;
            let found = house.app.store().signing_request_of(&made).await.unwrap();
            let found = found.unwrap();
            if found.state == "waiting" {
                break found;
            }
        };
        house.restarted().await;
        // Down while the person decides; then killed between its answer and the approval.
        house.desk.plan("dead");
        loop {
            house.later().await;
            let found = house.app.store().signing_request_of(&made).await.unwrap();
            let found = found.unwrap();
            assert_eq!(found.id, request.id, "the same request");
            if found.state == "signed" {
                break;
            }
        }
        house.restarted().await;
        let (stage, told, states) = house.settled(&made).await;
        assert_eq!((stage, told.as_str()), (Stage::Done, ""), "{name}");
        assert_eq!(states, [SigningState::Signed; 2], "{name}");
        for dossier in &dossiers {
            house.signed(dossier).await;
        }
    }
}

async fn a_spoilt_answer_is_not_used(engine: Engine) {
    for (name, fault, expected) in [
        ("smart_ca", "signature", "remote.signature"),
        ("my_sign", "fewer", "remote.count"),
        ("csc", "swapped", "remote.signature"),
        ("gateway", "altered", "remote.changed"),
    ] {
        let house = House::open(engine, name).await;
        let (made, dossiers) = read(&house.app, 2).await;
        house.desk.plan(fault);
        house.ask(&made).await;
        let (stage, told, states) = house.settled(&made).await;
        assert_eq!((stage, told.as_str()), (Stage::Stopped, expected), "{name}");
        assert_eq!(states, [SigningState::Failed; 2], "{name}");
        let loaded = house.app.store().load(&dossiers[0]).await.unwrap();
        assert!(loaded.dossier.at_step().unwrap().signed.is_none());
    }
}

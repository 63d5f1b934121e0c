//! The seal of an agency whose key lies at a remote service: the worker seals with the PIN of the
//! configuration; a service that is down or slow holds nothing else up, and one that asks a person
//! seals nothing.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::certificates::{CertificatesOf, NewCertificate, every_certificate, register};
use app::clock::VIET_NAM;
use app::no::No;
use app::processing::Order;
use domain::certificate::{EndReason, Ended, Holder, KeyAt};
use domain::dossier::Event;
use domain::ids::DossierId;
use domain::office::Role;
use gateways::remote::parse;
use gateways::verify::Signature;
use gateways::{SealPins, SigningParts};
use jiff::ToSpan as _;
use server::demonstration::PIN;
use simulators::Running;
use simulators::authority::{Authority, KeyKind, Purpose, Subject};
use simulators::control::Desk;
use simulators::people::Person;
use store::AuditLine;

use crate::remote_signing::service;
use crate::signing::{give, issue, judged, leader, staff, to_approve};
use crate::support::{Engine, Folder, Office, monday, on_both_engines};

on_both_engines!(
    the_service_seals_what_was_issued,
    a_service_that_is_down_or_spoils_its_answer_seals_later_and_once,
    a_slow_service_keeps_nobody_else_waiting,
    a_service_that_asks_somebody_seals_nothing_and_the_clerk_is_told,
);

const AGENCY: &str = "H56-HACTHANH";
/// The PIN of every key at the simulated services.
const SEAL_PIN: &str = "12345678";

/// An office whose ward's seal lies at that service.
struct House {
    office: Office,
    desk: Arc<Desk>,
    _folder: Folder,
    _running: Running,
}

impl House {
    async fn open(engine: Engine, name: &str, otp: Option<&str>) -> Self {
        let authority = Authority::generate("Seals", None).unwrap();
        let mut subject = Subject::new("Phường Hạc Thành", Purpose::Signature);
        let now = std::time::SystemTime::from(VIET_NAM.to_timestamp(monday()).unwrap());
        let day = Duration::from_hours(24);
        (subject.from, subject.until) = (now - day, now + day * 300);
        let identity = Arc::new(authority.issue(&subject, &KeyKind::P256).unwrap());
        let mut person = Person::new(AGENCY, "seal-1", Arc::clone(&identity));
        person.otp = otp.map(str::to_owned);
        let (running, desk, services) = service(name, vec![person]).await;
        let folder = Folder::new();
        let pins = folder.0.join("pins");
        std::fs::write(&pins, format!("{SEAL_PIN} {name}\n")).unwrap();
        std::fs::set_permissions(&pins, Permissions::from_mode(0o600)).unwrap();
        let keys = SigningParts {
            remote: parse(&services).unwrap().into(),
            seal_pins: Some(SealPins::at(&pins).unwrap()),
            ..SigningParts::default()
        };
        let office = Office::with_keys(engine, keys).await;
        forget_the_seal(&office).await;
        identity.save(&folder.0, "seal").unwrap();
        let new = NewCertificate {
            unit: office.ward(),
            holder: Holder::Agency,
            key: KeyAt::Remote {
                service: name.to_owned(),
                credential: AGENCY.to_owned(),
            },
            file: std::fs::read(folder.0.join("seal.pem")).unwrap(),
        };
        register(&office.app, "system", new).await.unwrap();
        Self {
            office,
            desk,
            _folder: folder,
            _running: running,
        }
    }

    /// A result that its leader has signed.
    async fn signed(&self) -> DossierId {
        let id = to_approve(&self.office).await;
        let leader = leader(&self.office);
        self.office.sign(&leader, &id, PIN).await.unwrap();
        id
    }

    async fn issued(&self) -> DossierId {
        let id = self.signed().await;
        issue(&self.office, &id).await;
        id
    }

    /// The worker looks at everything that is to be done, so much later.
    async fn later(&self, span: jiff::Span) {
        let now = self.office.app.clock().now();
        self.office.clock.set(now.checked_add(span).unwrap());
        while app::jobs::work_off(&self.office.app).await.unwrap() > 0 {}
    }

    /// How often the official document was recorded.
    async fn made(&self, id: &DossierId) -> usize {
        let loaded = self.office.app.store().load(id).await.unwrap();
        let made = loaded.events.iter();
        made.filter(|one| matches!(one.event, Event::ResultMade { .. }))
            .count()
    }

    /// It was sealed once, with two whole signatures.
    async fn is_sealed(&self, id: &DossierId) {
        assert_eq!(self.made(id).await, 1);
        let app = &self.office.app;
        let loaded = app.store().load(id).await.unwrap();
        let official = loaded.dossier.issued().unwrap().official.clone().unwrap();
        let document = app.files().get(&official.hash).await.unwrap();
        let verdict = judged(&self.office, &document);
        assert_eq!(verdict.signatures.len(), 2, "{verdict:#?}");
        let whole = |one: &Signature| one.intact && one.genuine && one.permitted;
        assert!(verdict.signatures.iter().all(whole), "{verdict:#?}");
        let seal = verdict.signatures[1].signer.as_ref().unwrap();
        let own = every_certificate(app, CertificatesOf::Unit(&self.office.ward())).await;
        let own = own.unwrap().into_iter();
        let mut own = own.map(|line| line.registered.row.certificate);
        let own = own.find(|one| one.holder == Holder::Agency && one.ended.is_none());
        let serial = own.unwrap().serial;
        assert!(
            !serial.is_empty() && format!("{seal:?}").contains(&serial),
            "{seal:?}"
        );
    }
}

/// The seal whose key lies in a file is ended.
pub(crate) async fn forget_the_seal(office: &Office) {
    let ward = office.ward();
    let all = every_certificate(&office.app, CertificatesOf::Unit(&ward)).await;
    let mut all = all.unwrap().into_iter();
    let old = all.find(|line| line.registered.row.certificate.holder == Holder::Agency);
    let old = old.unwrap().registered.row.certificate.id;
    let now = office.app.clock().now();
    let ended = Ended {
        from: now,
        why: EndReason::Replaced,
    };
    let line = AuditLine {
        actor: "test".to_owned(),
        action: "certificate.ended".to_owned(),
        subject: old.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let done = office.app.store().end_certificate(&old, ended, (now, line));
    assert!(done.await.unwrap());
}

async fn the_service_seals_what_was_issued(engine: Engine) {
    let house = House::open(engine, "csc", None).await;
    let (first, second) = (house.issued().await, house.issued().await);
    house.office.settle_outbox().await;
    house.is_sealed(&first).await;
    house.is_sealed(&second).await;
    house.office.check().await;
}

async fn a_service_that_is_down_or_spoils_its_answer_seals_later_and_once(engine: Engine) {
    let house = House::open(engine, "csc", None).await;
    for fault in ["dead", "broken", "garbage", "signature@signHash"] {
        let id = house.signed().await;
        // More often than anything asks before the worker's next look.
        for _ in 0..6 {
            house.desk.plan(fault);
        }
        issue(&house.office, &id).await;
        house.later(0.seconds()).await;
        assert_eq!(house.made(&id).await, 0, "{fault}");
        let clerk = staff(&house.office, "tiepnhan-hacthanh", Role::ReceptionClerk);
        let handed = Order::Return {
            collector: app::processing::Collector::Applicant,
            told: crate::walk::handed_out(),
        };
        let no = give(&house.office, &clerk, &id, handed).await;
        assert!(matches!(no, Err(No::Refused(_))), "{fault}: {no:?}");
        house.desk.forget();
        house.later(1.hour()).await;
        house.is_sealed(&id).await;
    }
    house.office.settle_outbox().await;
    house.office.check().await;
}

async fn a_slow_service_keeps_nobody_else_waiting(engine: Engine) {
    let house = House::open(engine, "csc", None).await;
    let mut waiting = Vec::new();
    for _ in 0..4 {
        waiting.push(house.signed().await);
    }
    for id in &waiting {
        issue(&house.office, id).await;
    }
    for _ in 0..20 {
        house.desk.plan("slow");
    }
    let begun = Instant::now();
    house.later(0.seconds()).await;
    // The first one waited for an answer, and the others not at all.
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(8), "{waited:?}");
    for id in &waiting {
        assert_eq!(house.made(id).await, 0);
    }
    house.desk.forget();
    // Left alone three times as long as it was silent.
    tokio::time::sleep(waited * 3).await;
    house.later(1.hour()).await;
    for id in &waiting {
        house.is_sealed(id).await;
    }
    house.office.settle_outbox().await;
    house.office.check().await;
}

async fn a_service_that_asks_somebody_seals_nothing_and_the_clerk_is_told(engine: Engine) {
    // On the phone; and with a PIN and a code that is sent to a phone.
    for (name, otp) in [("smart_ca", None), ("csc", Some("424242"))] {
        let house = House::open(engine, name, otp).await;
        let id = house.signed().await;
        let events = house.office.written().await;
        let keeper = staff(&house.office, "vanthu-hacthanh", Role::SealClerk);
        let no = give(&house.office, &keeper, &id, Order::Issue).await;
        let Err(No::Invalid(faults)) = no else {
            panic!("{name}: {no:?}")
        };
        assert_eq!(faults[0].key, "fault.seal_asks", "{name}");
        assert_eq!(house.office.written().await, events, "no number was taken");
        house.office.settle_outbox().await;
        house.office.check().await;
    }
}

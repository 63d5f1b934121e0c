//! Services of remote signing, as the simulators speak for them on the wire.

mod faults;
mod gateway;
mod services;
mod whole;

use std::sync::{Arc, LazyLock};

use app::ports::PortError;
use gateways::remote::{
    Approval, Asks, Begun, Identity, Named, Progress, RemoteCertificate, RemoteSigning, Request,
    Secret, Services, parse,
};
use gateways::slips::Press;
use serde_json::json;
use simulators::Running;
use simulators::authority::{self, Authority, KeyKind, Purpose, Subject};
use simulators::control::Desk;
use simulators::csc::{self, Csc};
use simulators::my_sign::{self, MySign};
use simulators::people::Person;
use simulators::public_gateway::{self, PublicGateway};
use simulators::smart_ca::{self, SmartCa};
use simulators::tsa::TimeStamps;
use tokio::sync::OnceCell;

/// A paper as the typesetter makes it.
static PAPER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_, slip) = crate::samples::all().into_iter().next().unwrap();
    Press::new().render(&slip).unwrap()
});

/// A person's number, as she types it.
const USER: &str = "038080000011";
const PIN: &str = "12345678";
const CODE: &str = "246810";

/// Which key a person has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Rsa,
    P256,
}

/// One of every service, each in a process of its own line.
struct House {
    authority: Authority,
    desks: [(&'static str, Arc<Desk>); 4],
    running: Vec<Running>,
    services: Services,
    /// The same, for whoever never answers.
    impatient: Services,
}

impl House {
    /// Services that know one person with such a key, and with a code where she wants one.
    async fn open(key: Key, code: Option<&str>) -> Self {
        let authority = Authority::generate("Signers", None).unwrap();
        let kind = match key {
            Key::P256 => KeyKind::P256,
            Key::Rsa => KeyKind::Given(rsa().await),
        };
        let subject = Subject::new("Nguyễn Thị Ký", Purpose::Signature);
        let identity = Arc::new(authority.issue(&subject, &kind).unwrap());
        let stamps = Subject::new("Stamps", Purpose::TimeStamps);
        let stamps = authority.issue(&stamps, &KeyKind::P256).unwrap();
        let person = |user: &str| Person {
            otp: code.map(str::to_owned),
            ..Person::new(user, "key-1", identity.clone())
        };
        let people = vec![person(USER)];
        let csc = Arc::new(Csc::new(people.clone(), Arc::new(TimeStamps::new(stamps))));
        let smart_ca = Arc::new(SmartCa::new(people.clone(), 1));
        let my_sign = Arc::new(MySign::new(vec![person(&format!("CMT_{USER}"))], 1));
        let gateway = Arc::new(PublicGateway::new(people));
        let running = vec![
            Running::start(csc::site(&csc), 0).await.unwrap(),
            Running::start(smart_ca::site(&smart_ca), 0).await.unwrap(),
            Running::start(my_sign::site(&my_sign), 0).await.unwrap(),
            Running::start(public_gateway::site(&gateway), 0)
                .await
                .unwrap(),
        ];
        let services = configured(&running, "demo");
        let impatient = configured_within(&running, "demo", 2);
        let desks = [
            ("csc", csc.desk.clone()),
            ("smart_ca", smart_ca.desk.clone()),
            ("my_sign", my_sign.desk.clone()),
            ("gateway", gateway.desk.clone()),
        ];
        Self {
            authority,
            desks,
            running,
            services,
            impatient,
        }
    }

    fn desk(&self, name: &str) -> &Desk {
        let found = self.desks.iter().find(|(known, _)| *known == name);
        &found.unwrap().1
    }

    fn service(&self, name: &str) -> &Arc<dyn RemoteSigning> {
        &self.services.signing[name]
    }

    async fn certificate(&self, name: &str) -> RemoteCertificate {
        let found = self.service(name).certificates(USER).await.unwrap();
        assert_eq!(found.len(), 1, "{name}");
        found.into_iter().next().unwrap()
    }

    /// Two documents for the person's key at a service.
    async fn request(&self, name: &str, reference: &str) -> Request {
        let documents = ["Giấy phép xây dựng", "Quyết định"].map(|name| Named {
            name: name.to_owned(),
            attributes: format!("attributes of {name}").into_bytes(),
        });
        request(self.certificate(name).await, reference, documents.into())
    }

    /// What it takes to have the request signed, with as much patience as needed.
    async fn signed(&self, name: &str, request: &Request) -> Result<Vec<Vec<u8>>, String> {
        self.signed_by(self.service(name), request).await
    }

    async fn signed_by(
        &self,
        service: &Arc<dyn RemoteSigning>,
        request: &Request,
    ) -> Result<Vec<Vec<u8>>, String> {
        let approval = approval(request.certificate.asks);
        let begun = service.begin(request, &approval).await.map_err(reason)?;
        let waiting = match begun {
            Begun::Signed(signatures) => return Ok(signatures),
            Begun::Waiting(waiting) => waiting,
        };
        for _ in 0..4 {
            match service.poll(request, &waiting).await.map_err(reason)? {
                Progress::Pending => {}
                Progress::Signed(signatures) => return Ok(signatures),
                Progress::Rejected { reason } => return Err(reason),
                Progress::Expired => return Err("expired".to_owned()),
            }
        }
        Err("pending".to_owned())
    }
}

fn reason(error: PortError) -> String {
    match error {
        PortError::Retry(reason) => format!("later: {reason}"),
        PortError::Fail(reason) => reason,
        deleted @ PortError::Deleted { .. } => deleted.to_string(),
    }
}

fn request(certificate: RemoteCertificate, reference: &str, documents: Vec<Named>) -> Request {
    Request {
        who: Identity {
            user: USER.to_owned(),
            credential: certificate.credential.clone(),
        },
        certificate,
        documents,
        reference: reference.to_owned(),
        title: "Kết quả của H56.12-261122-0001".to_owned(),
    }
}

/// What the person gives.
fn approval(asks: Asks) -> Approval {
    match asks {
        Asks::Phone => Approval::OnPhone,
        Asks::Pin => typed(PIN, None),
        Asks::PinAndCode => typed(PIN, Some(CODE)),
    }
}

fn typed(pin: &str, code: Option<&str>) -> Approval {
    Approval::Typed {
        pin: Secret::new(pin),
        code: code.map(Secret::new),
    }
}

/// The services at these addresses, with that password of ours.
fn configured(running: &[Running], password: &str) -> Services {
    configured_within(running, password, 30)
}

fn configured_within(running: &[Running], password: &str, patience: u64) -> Services {
    let at = |n: usize, path: &str| format!("http://{}{path}", running[n].address);
    let asked = json!({"patience_seconds": patience, "every_seconds": 1, "times": 4});
    let file = json!({"services": [
        {"name": "csc", "service": "csc", "url": at(0, "/csc/v1"), "login": "motcua",
         "password": password, "asked": asked},
        {"name": "smart_ca", "service": "smart_ca", "url": at(1, "/sca/sp769/v1"),
         "sp_id": "motcua", "sp_password": password, "asked": asked},
        {"name": "my_sign", "service": "my_sign", "url": at(2, "/vtss/service"),
         "client_id": "motcua", "client_secret": password, "asked": asked},
        {"name": "gateway", "service": "gateway", "url": at(3, "/gateway"), "token": password,
         "ca_name": "SIM", "asked": asked},
    ]});
    parse(&file.to_string()).unwrap()
}

/// One RSA key for all tests: making one takes long.
async fn rsa() -> String {
    static KEY: OnceCell<String> = OnceCell::const_new();
    let key = KEY.get_or_init(async || authority::rsa_key().await.unwrap());
    key.await.clone()
}

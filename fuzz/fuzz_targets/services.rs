//! Answers of remote signing services: signatures that are handed on are by the key and over what was
//! asked, documents begin as they were given, and what is refused has words.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::ports::PortError;
use der::Decode;
use fuzz::network::{Answer, answered};
use fuzz::remote::{
    Approval, Begun, GatewayCertificate, Identity, Named, Progress, RemoteCertificate, Request,
    Secret, Services, ToSign, parse,
};
use fuzz::sign::Algorithm;
use fuzz::{secure, seeds};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use x509_cert::Certificate;

const STATUS: [u16; 8] = [200, 201, 302, 400, 401, 403, 429, 500];
const SERVICES: &str = r#"{"services": [
    {"name": "csc", "service": "csc", "url": "https://a.test", "login": "a", "password": "b"},
    {"name": "smart", "service": "smart_ca", "sp_id": "a", "sp_password": "b"},
    {"name": "my", "service": "my_sign", "url": "https://a.test", "client_id": "a",
     "client_secret": "b"},
    {"name": "gate", "service": "gateway", "url": "https://a.test", "token": "a", "ca_name": "b"}
]}"#;

/// The key of the seeds that signs, and its words.
struct Known {
    certificate: Vec<u8>,
    key: Vec<u8>,
    words: BTreeSet<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let certificate = seeds::read("known/leader.der");
    let read = Certificate::from_der(&certificate).expect("it is one");
    let key = read
        .tbs_certificate
        .subject_public_key_info
        .subject_public_key;
    let messages = include_str!("../../crates/app/messages.toml").lines();
    let heads = messages.filter_map(|line| Some(line.strip_prefix('"')?.split_once('"')?.0));
    Known {
        certificate,
        key: key.raw_bytes().to_vec(),
        words: heads.map(str::to_owned).collect(),
    }
});

fn request() -> Request {
    let documents = ["one", "two"].map(|name| Named {
        name: name.to_owned(),
        attributes: format!("attributes of {name}").into_bytes(),
    });
    Request {
        who: Identity {
            user: "038080000011".to_owned(),
            credential: "key".to_owned(),
        },
        certificate: RemoteCertificate {
            credential: "key".to_owned(),
            serial: "01".to_owned(),
            chain: vec![KNOWN.certificate.clone()],
            algorithm: Algorithm::EcdsaP256Sha256,
            methods: Vec::new(),
            valid: true,
            most: 2,
            asks: fuzz::remote::Asks::Phone,
        },
        documents: documents.into(),
        reference: "reference".to_owned(),
        title: "title".to_owned(),
    }
}

fn check_signed(signatures: &[Vec<u8>], request: &Request) {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &KNOWN.key);
    assert_eq!(signatures.len(), request.documents.len());
    for (signature, document) in signatures.iter().zip(&request.documents) {
        assert!(key.verify(&document.attributes, signature).is_ok());
    }
}

fn taken<T>(outcome: Result<T, PortError>) -> Option<T> {
    let key = match outcome {
        Ok(taken) => return Some(taken),
        Err(PortError::Fail(key) | PortError::Retry(key)) => key,
        Err(other) => panic!("{other}"),
    };
    assert!(KNOWN.words.contains(&key), "`{key}` has no words");
    None
}

/// Asks a service that signs digests.
fn digests(services: &Services, name: &str, what: u8, answers: Vec<Answer>) {
    let (service, request) = (&services.signing[name], request());
    let approval = if service.is_typed() {
        Approval::Typed {
            pin: Secret::new("1"),
            code: (what >= 128).then(|| Secret::new("2")),
        }
    } else {
        Approval::OnPhone
    };
    match what % 4 {
        0 => match taken(answered(answers, service.begin(&request, &approval))) {
            Some(Begun::Signed(signatures)) => check_signed(&signatures, &request),
            Some(Begun::Waiting(waiting)) => assert!(!waiting.is_empty()),
            None => {}
        },
        1 => match taken(answered(answers, service.poll(&request, "waiting"))) {
            Some(Progress::Signed(signatures)) => check_signed(&signatures, &request),
            Some(Progress::Rejected { reason }) => assert!(KNOWN.words.contains(&reason)),
            Some(Progress::Pending | Progress::Expired) | None => {}
        },
        2 => drop(taken(answered(answers, service.send_code(&request.who)))),
        _ => {
            let found = answered(answers, service.certificates(&request.who.user));
            for one in taken(found).unwrap_or_default() {
                let own = Certificate::from_der(&one.chain[0]).expect("it was read");
                let point = own
                    .tbs_certificate
                    .subject_public_key_info
                    .subject_public_key;
                if one.algorithm == Algorithm::EcdsaP256Sha256 {
                    assert!(point.raw_bytes().len() <= 1 << 16);
                }
            }
        }
    }
}

fn documents(services: &Services, what: u8, answers: Vec<Answer>) {
    let gateway = &services.gateways["gate"];
    if what % 2 == 0 {
        drop(taken(answered(answers, gateway.certificates("1"))));
        return;
    }
    let given = ["%PDF-1", "%PDF-2"].map(|document| ToSign {
        name: "a".to_owned(),
        document: document.into(),
    });
    let with = GatewayCertificate {
        credential: "key".to_owned(),
        serial: "01".to_owned(),
        certificate: Vec::new(),
    };
    let signed = answered(answers, gateway.sign("1", &with, "reference", &given));
    for (signed, given) in taken(signed).iter().flatten().zip(&given) {
        assert!(signed.len() > given.document.len() && signed.starts_with(&given.document));
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = parse(text);
        if let Some(address) = secure(text) {
            let read: http::Uri = address.parse().expect("it was read");
            let host = read.host().unwrap_or_default();
            let here = ["127.0.0.1", "localhost"].contains(&host);
            assert!(
                read.scheme_str() == Some("https") || here,
                "{address} leads to {host}"
            );
        }
    }
    // Whom, and for what; then answers with a byte between them that no text has, each after its status.
    let [whom, what, rest @ ..] = bytes else {
        return;
    };
    let answers = rest.split(|byte| *byte == 0xFF).take(16).map(|answer| {
        let (status, body) = answer.split_first().unwrap_or((&b'0', &[]));
        (STATUS[usize::from(*status) % STATUS.len()], body.to_vec())
    });
    let answers: Vec<Answer> = answers.collect();
    let services = parse(SERVICES).expect("services are configured rightly");
    match whom % 4 {
        0 => digests(&services, "csc", *what, answers),
        1 => digests(&services, "smart", *what, answers),
        2 => digests(&services, "my", *what, answers),
        _ => documents(&services, *what, answers),
    }
});

//! Each service does what it is for, and says who it does not know.

use std::time::Duration;

use gateways::remote::{Asks, parse};
use gateways::sign::Algorithm;
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::json;

use super::{CODE, House, Key, PIN, USER, approval, configured, reason, typed};

const ALL: [&str; 3] = ["csc", "smart_ca", "my_sign"];

#[tokio::test]
async fn every_service_signs_with_both_kinds_of_keys() {
    for key in [Key::Rsa, Key::P256] {
        let house = House::open(key, None).await;
        for name in ALL {
            let request = house.request(name, "r-1").await;
            let certificate = &request.certificate;
            assert!(certificate.valid && certificate.chain.len() == 3, "{name}");
            assert_eq!(certificate.chain[2], house.authority.root(), "{name}");
            let (algorithm, verification): (_, &dyn ring::signature::VerificationAlgorithm) =
                match key {
                    Key::Rsa => (Algorithm::RsaSha256, &RSA_PKCS1_2048_8192_SHA256),
                    Key::P256 => (Algorithm::EcdsaP256Sha256, &ECDSA_P256_SHA256_ASN1),
                };
            assert_eq!(certificate.algorithm, algorithm, "{name}");
            let signatures = house.signed(name, &request).await.unwrap();
            let own: x509_cert::Certificate = der::Decode::from_der(&certificate.chain[0]).unwrap();
            let public = own
                .tbs_certificate
                .subject_public_key_info
                .subject_public_key;
            let public = UnparsedPublicKey::new(verification, public.raw_bytes());
            for (document, signature) in request.documents.iter().zip(&signatures) {
                assert!(
                    public.verify(&document.attributes, signature).is_ok(),
                    "{name}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_person_reads_on_her_phone_what_she_signs() {
    let house = House::open(Key::P256, None).await;
    for name in ["smart_ca", "my_sign"] {
        let request = house.request(name, "r-1").await;
        house.signed(name, &request).await.unwrap();
        let log = json!(house.desk(name).log()).to_string();
        assert!(
            log.contains("Giấy phép xây dựng") && log.contains("Quyết định"),
            "{log}"
        );
    }
    let log = json!(house.desk("smart_ca").log()).to_string();
    assert!(log.contains("Kết quả của H56.12-261122-0001"), "{log}");
}

#[tokio::test]
async fn a_key_with_a_code_has_it_sent_and_asks_for_it() {
    let house = House::open(Key::P256, Some(CODE)).await;
    let request = house.request("csc", "r-1").await;
    assert_eq!(request.certificate.asks, Asks::PinAndCode);
    let csc = house.service("csc");
    csc.send_code(&request.who).await.unwrap();
    let log = json!(house.desk("csc").log()).to_string();
    assert!(log.contains("sendOTP"), "{log}");
    for (given, said) in [
        (typed(PIN, None), "remote.code"),
        (typed(PIN, Some("000000")), "remote.code"),
        (typed("0000", Some(CODE)), "remote.pin"),
    ] {
        let refused = csc.begin(&request, &given).await.map_err(reason);
        assert_eq!(refused, Err(said.to_owned()));
    }
    assert!(house.signed("csc", &request).await.is_ok());
}

#[tokio::test]
async fn strangers_and_foreign_accounts_are_refused() {
    let house = House::open(Key::P256, None).await;
    let foreign = configured(&house.running, "wrong");
    for name in ALL {
        let unknown = house.service(name).certificates("038080999999").await;
        assert_eq!(
            unknown.map_err(reason),
            Err("remote.no_credential".to_owned()),
            "{name}"
        );
        let refused = foreign.signing[name].certificates(USER).await;
        assert_eq!(
            refused.map_err(reason),
            Err("remote.account".to_owned()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn signing_in_is_not_repeated_while_the_token_is_good() {
    let house = House::open(Key::P256, None).await;
    for name in ["csc", "my_sign"] {
        let request = house.request(name, "r-1").await;
        house.signed(name, &request).await.unwrap();
        let log = house.desk(name).log();
        let logins = log.iter().filter(|one| one["call"] == "login").count();
        assert_eq!(logins, 1, "{name}");
    }
}

#[tokio::test]
async fn no_more_documents_than_one_approval_may_be_for() {
    let house = House::open(Key::P256, None).await;
    for name in ALL {
        let mut request = house.request(name, "r-1").await;
        let one = request.documents[0].clone();
        request.documents = vec![one; request.certificate.most + 1];
        let service = house.service(name);
        let given = approval(request.certificate.asks);
        let refused = service.begin(&request, &given).await.map_err(reason);
        assert_eq!(refused, Err("remote.too_many".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn neither_pins_nor_people_are_shown_by_debug() {
    let house = House::open(Key::P256, Some(CODE)).await;
    let request = house.request("csc", "r-1").await;
    let shown = format!(
        "{:?} {:?} {:?}",
        request,
        typed(PIN, Some(CODE)),
        house.services
    );
    for secret in [PIN, CODE, USER, "demo"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

#[test]
fn services_are_configured_by_a_file_and_asked_every_ten_seconds() {
    let file = json!({"services": [
        {"name": "a", "service": "smart_ca", "sp_id": "x", "sp_password": "y"},
    ]});
    let services = parse(&file.to_string()).unwrap();
    let polling = services.signing["a"].polling();
    assert_eq!(
        (polling.every, polling.times),
        (Duration::from_secs(10), 24)
    );
    for bad in [
        json!({"services": [{"name": "a", "service": "nobody"}]}),
        json!({"services": [{"name": "a", "service": "smart_ca", "sp_id": "x"}]}),
        json!({"services": [{"name": "a", "service": "smart_ca", "sp_id": "x", "sp_password": "y",
                             "url": "http://elsewhere.test"}]}),
        json!({"services": [{"name": "a", "service": "smart_ca", "sp_id": "x", "sp_password": "y",
                             "strange": 1}]}),
        json!({"services": [{"name": "a", "service": "smart_ca", "sp_id": "x", "sp_password": "y",
                             "asked": {"times": 0}}]}),
    ] {
        assert!(parse(&bad.to_string()).is_err(), "{bad}");
    }
}

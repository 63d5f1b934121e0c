//! Certificates, time stamps, answers and lists of the test authority, as `openssl` judges them.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::json;
use simulators::Running;
use simulators::authority::{Authority, Identity, KeyKind, Purpose, Subject, rsa_key};
use simulators::revocation::{self, Responder};
use simulators::tsa::{self, TimeStamps};

use crate::tools::{folder, get, post, said};

#[expect(clippy::disallowed_methods, reason = "a simulator has its own clock")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn authority() -> Authority {
    Authority::generate("Test authority", Some("http://127.0.0.1:1")).unwrap()
}

fn signer(authority: &Authority, key: &KeyKind) -> Identity {
    let subject = Subject::new("Nguyễn Văn An", Purpose::Signature);
    authority.issue(&subject, key).unwrap()
}

/// The root as `root/root.pem`, everybody else's chain under their names.
fn written(folder: &Path, all: &[(&str, &Identity)]) {
    for (name, identity) in all {
        identity.save(folder, name).unwrap();
        let chain = std::fs::read_to_string(folder.join(format!("{name}.pem"))).unwrap();
        let mut parts = chain.split_inclusive("-----END CERTIFICATE-----\n");
        let own = parts.next().unwrap();
        let between = parts.next().unwrap();
        std::fs::write(folder.join(format!("{name}.own.pem")), own).unwrap();
        std::fs::write(folder.join("between.pem"), between).unwrap();
        std::fs::write(folder.join("root.pem"), parts.next().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn certificates_lead_to_the_root_for_both_kinds_of_keys() {
    let folder = folder("chains");
    let authority = authority();
    let rsa = KeyKind::Given(rsa_key().await.unwrap());
    for (name, key) in [("p256", KeyKind::P256), ("rsa", rsa)] {
        let person = signer(&authority, &key);
        assert_eq!(person.is_rsa(), name == "rsa");
        written(&folder, &[(name, &person)]);
        let line = format!(
            "openssl verify -x509_strict -CAfile root.pem -untrusted between.pem {name}.own.pem"
        );
        assert_eq!(
            said(&folder, &line),
            (true, format!("{name}.own.pem: OK\n"))
        );
        let digest = ring::digest::digest(&ring::digest::SHA256, b"a document");
        let signature = person.sign_digest(digest.as_ref()).await.unwrap();
        std::fs::write(folder.join("document"), b"a document").unwrap();
        std::fs::write(folder.join("signature"), signature).unwrap();
        let (_, key) = said(
            &folder,
            &format!("openssl x509 -in {name}.own.pem -noout -pubkey"),
        );
        std::fs::write(folder.join("public.pem"), key).unwrap();
        let line = "openssl dgst -sha256 -verify public.pem -signature signature document";
        assert_eq!(said(&folder, line), (true, "Verified OK\n".to_owned()));
    }
}

#[test]
fn an_authority_that_is_opened_again_is_the_same() {
    let folder = folder("kept");
    let first = Authority::open(&folder, "Kept", None).unwrap();
    let subject = Subject::new("Con dấu", Purpose::Signature);
    let seal = first.kept(&folder, "seal", &subject).unwrap();
    let again = Authority::open(&folder, "Another name", None).unwrap();
    assert_eq!(again.root(), first.root());
    assert_eq!(
        again.kept(&folder, "seal", &subject).unwrap().chain,
        seal.chain
    );
    let late = signer(&again, &KeyKind::P256);
    written(&folder, &[("late", &late)]);
    let line = "openssl verify -CAfile root.pem -untrusted between.pem late.own.pem";
    assert!(said(&folder, line).0);
}

#[tokio::test]
async fn a_time_stamp_is_good_and_every_bad_one_is_known_as_bad() {
    let folder = folder("stamps");
    let authority = authority();
    let subject = Subject::new("Dấu thời gian", Purpose::TimeStamps);
    let key = authority.issue(&subject, &KeyKind::P256).unwrap();
    written(&folder, &[("tsa", &key)]);
    let site = tsa::site(&Arc::new(TimeStamps::new(key)));
    let running = Running::start(site, 0).await.unwrap();
    let at = format!("http://{}", running.address);
    std::fs::write(folder.join("document"), b"a document").unwrap();
    assert!(
        said(
            &folder,
            "openssl ts -query -data document -sha256 -cert -out request"
        )
        .0
    );
    let stamp = async || {
        let request = std::fs::read(folder.join("request")).unwrap();
        let kind = "application/timestamp-query";
        let (status, answer) = post(&format!("{at}/tsa"), kind, request).await;
        std::fs::write(folder.join("answer"), answer).unwrap();
        let line = "openssl ts -verify -queryfile request -in answer -CAfile root.pem -untrusted between.pem";
        (status, said(&folder, line))
    };
    let (status, (good, words)) = stamp().await;
    assert!(
        status == 200 && good && words.contains("Verification: OK"),
        "{words}"
    );
    let faults = json!(["refused", "nonce", "imprint"]).to_string();
    post(
        &format!("{at}/_sim/tsa/faults"),
        "application/json",
        faults.into(),
    )
    .await;
    for (fault, told) in [
        ("refused", "rejection"),
        ("nonce", "nonce"),
        ("imprint", "imprint"),
    ] {
        let (_, (good, words)) = stamp().await;
        assert!(
            !good && words.to_lowercase().contains(told),
            "{fault}: {words}"
        );
    }
    assert!(stamp().await.1.0);
    let faults = json!(["dead", "broken", "garbage"]).to_string();
    post(
        &format!("{at}/_sim/tsa/faults"),
        "application/json",
        faults.into(),
    )
    .await;
    for status in [503, 500, 200] {
        let told = stamp().await;
        assert!(told.0 == status && !told.1.0, "{told:?}");
    }
}

/// A responder to an authority that certified An, and Binh, whom it revoked.
async fn responder(folder: &Path) -> (Arc<Authority>, Running) {
    let authority = Arc::new(authority());
    let an = signer(&authority, &KeyKind::P256);
    let binh = signer(&authority, &KeyKind::P256);
    let subject = Subject::new("Trả lời trạng thái", Purpose::Revocation);
    let key = authority.issue(&subject, &KeyKind::P256).unwrap();
    written(folder, &[("an", &an), ("binh", &binh)]);
    authority.revoke(&binh.serial().unwrap(), now());
    let site = revocation::site(&Arc::new(Responder::new(authority.clone(), key)));
    (authority, Running::start(site, 0).await.unwrap())
}

#[tokio::test]
async fn answers_say_who_is_revoked() {
    let folder = folder("answers");
    let (_authority, running) = responder(&folder).await;
    let at = format!("http://{}", running.address);
    let ask = async |who: &str| {
        let line = format!(
            "openssl ocsp -issuer between.pem -cert {who}.own.pem -url {at}/ocsp -CAfile root.pem -verify_other between.pem"
        );
        let folder = folder.clone();
        let asked = tokio::task::spawn_blocking(move || said(&folder, &line));
        asked.await.unwrap().1
    };
    let good = ask("an").await;
    assert!(good.contains("Response verify OK"), "{good}");
    assert!(good.contains("an.own.pem: good"), "{good}");
    assert!(ask("binh").await.contains("binh.own.pem: revoked"));
    let faults = json!(["revoked", "unknown", "try_later", "signature", "expired"]);
    let control = format!("{at}/_sim/revocation/faults");
    post(&control, "application/json", faults.to_string().into()).await;
    let told = [
        "revoked",
        "unknown",
        "trylater",
        "Verify Failure",
        "expired",
    ];
    for told in told {
        let words = ask("an").await;
        assert!(words.contains(told), "{told}: {words}");
    }
}

#[tokio::test]
async fn lists_say_who_is_revoked() {
    let folder = folder("lists");
    let (authority, running) = responder(&folder).await;
    let at = format!("http://{}", running.address);
    let mut lists = Vec::new();
    for name in ["intermediate", "root"] {
        let list = get(&format!("{at}/crl/{name}.crl")).await;
        std::fs::write(folder.join(format!("{name}.der")), list).unwrap();
        let line = format!("openssl crl -inform DER -in {name}.der -out {name}.crl");
        assert!(said(&folder, &line).0);
        lists.push(std::fs::read(folder.join(format!("{name}.crl"))).unwrap());
    }
    std::fs::write(folder.join("lists.pem"), lists.concat()).unwrap();
    let line =
        "openssl verify -crl_check_all -CAfile root.pem -untrusted between.pem -CRLfile lists.pem";
    assert!(said(&folder, &format!("{line} an.own.pem")).0);
    let (good, words) = said(&folder, &format!("{line} binh.own.pem"));
    assert!(!good && words.contains("certificate revoked"), "{words}");
    let issuer = get(&format!("{at}/ca/intermediate.cer")).await;
    assert_eq!(issuer, authority.intermediate());
}

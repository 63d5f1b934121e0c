//! Certificates of a test authority, made by openssl, and on a token of SoftHSM2.

use std::path::{Path, PathBuf};
use std::process::Command;

use app::ports::{CertificateFacts, Certificates as _};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use gateways::X509Certificates;
use gateways::certificates::read;
use gateways::tokens::TokenPlace;
use jiff::civil::date;

const LEADER: &[u8] = include_bytes!("certificates/leader.pem");
const SEAL: &[u8] = include_bytes!("certificates/seal.cer");
const LATER: &[u8] = include_bytes!("certificates/later.p7b");
const AUTHORITY: &[u8] = include_bytes!("certificates/authority.pem");
const ENCRYPTION: &[u8] = include_bytes!("certificates/encryption.pem");
/// Where Debian keeps the library of SoftHSM2.
const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";

fn only(file: &[u8]) -> CertificateFacts {
    let found = read(file).unwrap();
    let [one] = &found[..] else {
        panic!("{} certificates", found.len());
    };
    one.clone()
}

#[test]
fn a_certificate_says_whose_it_is_from_when_to_when_and_what_for() {
    let one = only(LEADER);
    assert_eq!(one.name, "Nguyễn Văn Bình");
    assert_eq!(one.issuer, "Cơ quan chứng thực thử nghiệm");
    let number = ("UID".to_owned(), "CCCD:038076004321".to_owned());
    assert!(one.subject.contains(&number), "{:?}", one.subject);
    assert_eq!(one.algorithm, "RSA 2048");
    // The times in the certificate are those of Greenwich.
    assert_eq!(one.valid_from, date(2024, 12, 8).at(9, 0, 0, 0));
    assert_eq!(one.valid_to, date(2026, 12, 8).at(9, 0, 0, 0));
    assert!(one.signs && !one.authority);
    assert!(!format!("{one:?}").contains("038076"), "it may be logged");
    let seal = only(SEAL);
    assert_eq!(seal.name, "ỦY BAN NHÂN DÂN PHƯỜNG HẠC THÀNH");
    assert_eq!(seal.algorithm, "ECDSA P-256");
    assert!(only(AUTHORITY).authority);
    assert!(!only(ENCRYPTION).signs);
}

#[test]
fn each_usual_kind_of_file_is_read() {
    let chain = read(LATER).unwrap();
    let names: Vec<&str> = chain.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"Nguyễn Văn Bình"), "{names:?}");
    let both = [LEADER, AUTHORITY].concat();
    assert_eq!(read(&both).unwrap().len(), 2);
    let text = std::str::from_utf8(LEADER).unwrap();
    let bare: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("-----"))
        .collect();
    let bare = bare.join("\r\n");
    assert_eq!(only(bare.as_bytes()), only(LEADER));
    assert_eq!(only(&only(LEADER).content), only(LEADER));
}

#[test]
fn what_is_no_certificate_is_refused() {
    let many = LEADER.repeat(17);
    let (cut, _) = SEAL.split_at(SEAL.len() - 1);
    let key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let bad: [&[u8]; 7] = [
        b"",
        b"%PDF-1.7",
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        cut,
        &many,
        key,
        b"-----BEGIN CERTIFICATE-----",
    ];
    for file in bad {
        assert!(read(file).is_err(), "{:?}", file.get(..20));
    }
}

/// openssl's own reading of the fingerprint.
#[test]
fn openssl_counts_the_same_fingerprint() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/certificates/leader.pem");
    let said = Command::new("openssl")
        .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
        .arg(file)
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let said = said.trim().rsplit('=').next().unwrap().replace(':', "");
    assert_eq!(said.to_lowercase(), only(LEADER).fingerprint);
}

/// Programs of this test that run beside it share the library; it reads its folder once, so the test
/// runs in a process of its own.
#[tokio::test]
async fn certificates_on_a_token_are_listed_with_their_keys() {
    const INSIDE: &str = "MOTCUA_TEST_TOKEN_INSIDE";
    if std::env::var_os(INSIDE).is_none() {
        let folder = std::env::temp_dir().join(format!("motcua-token-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("tokens")).unwrap();
        let conf = folder.join("softhsm2.conf");
        let tokens = folder.join("tokens");
        std::fs::write(
            &conf,
            format!("directories.tokendir = {}\n", tokens.display()),
        )
        .unwrap();
        let done = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "certificates::certificates_on_a_token_are_listed_with_their_keys",
            ])
            .env("SOFTHSM2_CONF", &conf)
            .env(INSIDE, "1")
            .output()
            .unwrap();
        std::fs::remove_dir_all(&folder).ok();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stdout)
        );
        return;
    }
    put_on_token();
    let place = |label: &str| TokenPlace {
        module: PathBuf::from(SOFTHSM),
        label: label.to_owned(),
    };
    let listed = async |label: &str| {
        let certificates = X509Certificates::with_tokens(place(label));
        certificates.on_token().await.unwrap()
    };
    let found = listed("motcua test").await;
    let [one] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        (one.token.as_str(), one.key.as_str()),
        ("motcua test", "0a1b")
    );
    assert_eq!(one.facts, only(LEADER));
    assert_eq!(listed("").await, found, "no label is every token");
    assert!(listed("another").await.is_empty());
    let nowhere = TokenPlace {
        module: PathBuf::from("/nowhere.so"),
        label: String::new(),
    };
    let no = X509Certificates::with_tokens(nowhere).on_token().await;
    assert!(no.is_err());
    let without = X509Certificates::default().on_token().await;
    assert_eq!(without.unwrap(), []);
}

/// A fresh token with the leader's certificate, as an operator writes it.
fn put_on_token() {
    let module = Pkcs11::new(SOFTHSM).unwrap();
    module
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .unwrap();
    let slot = module.get_slots_with_token().unwrap().remove(0);
    let pin = || AuthPin::new("123456".into());
    module.init_token(slot, &pin(), "motcua test").unwrap();
    let slot = module.get_slots_with_initialized_token().unwrap().remove(0);
    let session = module.open_rw_session(slot).unwrap();
    session.login(UserType::So, Some(&pin())).unwrap();
    session.init_pin(&pin()).unwrap();
    session.logout().unwrap();
    session.login(UserType::User, Some(&pin())).unwrap();
    let certificate = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Id(vec![0x0a, 0x1b]),
        Attribute::Subject(vec![0x30, 0]),
        Attribute::Value(only(LEADER).content),
    ];
    session.create_object(&certificate).unwrap();
}
